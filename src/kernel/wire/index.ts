export {
  address,
  type ConnectionInfo,
  channels,
  connectionFileRisk,
  curveClient,
  readConnectionFile,
  writeConnectionFile,
} from "./connection.js";
export {
  decodeMessage,
  encodeMessage,
  type Header,
  type JsonObject,
  type Message,
  makeHeader,
  protocolVersion,
} from "./message.js";
export { SendQueue } from "./sendQueue.js";
export { KernelSockets, type RequestChannel } from "./sockets.js";
