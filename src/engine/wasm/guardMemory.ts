import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** WebAssembly's addresses have 32 bits, whatever the machine has. */
const limit = 4096;

/** What the backend's type declarations leave out. */
interface Module {
  asm: { readonly malloc: (bytes: number) => number };
  HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
}

/**
 * Makes a tensor that does not fit an error. Without this, tfjs-backend-wasm writes it to address 0, over its own code's
 * data, and a later kernel fails with `memory access out of bounds`.
 */
export function guardMemory(backend: BackendWasm): void {
  const module = backend.wasm as unknown as Module;
  const { malloc } = module.asm;
  module._malloc = (bytes) => {
    const address = malloc(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new Error(
      `wasm: out of memory: ${mebibytes(bytes)} MiB were asked for, and the heap holds ${mebibytes(module.HEAPU8.length)} of at ` +
        `most ${limit} MiB; take smaller batches, or the torch engine: npx kontrast setup`,
    );
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : 0);
}
