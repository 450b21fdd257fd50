import { tf } from "kontrast";
import type { Prepared } from "./case.js";

/** What one call makes; all of it is disposed of. */
type Made = tf.Tensor | readonly tf.Tensor[];

/**
 * One operation of the engine, ready to be measured.
 *
 * @param call does it once
 * @param options.inputs disposed of at the release
 * @param options.checked which of its results is summed up for the comparison with the peer; default the first
 */
export async function operation(
  call: () => Made,
  options: { inputs: readonly tf.Tensor[]; checked?: (made: readonly tf.Tensor[]) => tf.Tensor },
): Promise<Prepared> {
  const { inputs, checked = ([first]) => first as tf.Tensor } = options;
  const made = tensorsOf(call());
  const check = await meanSquare(checked(made));
  tf.dispose([...made]);
  return {
    check,
    async run(calls) {
      await deviceDone();
      const start = performance.now();
      for (let index = 0; index < calls; index++) tf.dispose([...tensorsOf(call())]);
      await deviceDone();
      return (performance.now() - start) / 1000;
    },
    async release() {
      tf.dispose([...inputs]);
    },
  };
}

function tensorsOf(made: Made): readonly tf.Tensor[] {
  return made instanceof tf.Tensor ? [made] : made;
}

async function meanSquare(x: tf.Tensor): Promise<number> {
  const mean = tf.tidy(() => x.square().mean());
  const [value = Number.NaN] = await mean.data();
  mean.dispose();
  return value;
}

/** A device works through its queue in order: when the value of a new tensor is here, all before it is done. */
export async function deviceDone(): Promise<void> {
  const one = tf.tidy(() => tf.scalar(0).add(1));
  await one.data();
  one.dispose();
}
