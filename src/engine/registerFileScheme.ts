import { fileModel } from "./fileModel.js";
import { findBackend, io } from "./tensor.js";

let registered = false;

/**
 * Lets tfjs save to and load from `file://PATH` (`model.save("file://runs/a")`), which tfjs can do in Node only with
 * tfjs-node. As there, what follows `file://` is the path as it stands.
 */
export function registerFileScheme(): void {
  if (registered) return;
  registered = true;
  io.registerSaveRouter(route as never);
  io.registerLoadRouter(route as never);
}

/** Leaves the scheme to tfjs-node where that is loaded: tfjs refuses an address that two answer for. */
function route(address: string | string[]): io.IOHandler | null {
  const [only] = typeof address === "string" ? [address] : [];
  if (!only?.startsWith("file://") || findBackend("tensorflow")) return null;
  return fileModel(only.slice("file://".length));
}
