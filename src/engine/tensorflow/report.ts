import type { EngineReport } from "../report.js";
import { findTensorflow } from "./findTensorflow.js";

/** What TensorFlow for Node offers, if the user has installed it; starts nothing. */
export async function report(): Promise<EngineReport> {
  const found = await findTensorflow();
  if ("reason" in found) return { name: "tensorflow", available: false, ...found };
  const { version, device, details } = found;
  return { name: "tensorflow", available: true, device, version, ...(Object.keys(details).length > 0 && { details }) };
}
