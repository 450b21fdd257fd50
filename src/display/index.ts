export { type Displayable, displaySymbol, type MimeBundle, metadataSymbol, type Shown } from "./bundle.js";
export { type CellContext, currentCell, type DisplaySink, type MessageExtras, setCurrentCell } from "./cell.js";
export {
  broadcast,
  Comm,
  type CommData,
  type CommMessage,
  type OpenCommOptions,
  onComm,
  openComm,
  type Received,
  receiveComm,
} from "./comm.js";
export {
  clearOutput,
  type DisplayHandle,
  type DisplayOptions,
  display,
  displaysSettled,
  forgetDisplays,
  holdPlaces,
} from "./display.js";
export { escapeHtml } from "./escapeHtml.js";
export { type ImageOptions, image } from "./image.js";
export type { TensorDrawing } from "./imageOfTensor.js";
export { input, password } from "./input.js";
export { inspectLine, inspectText } from "./inspect.js";
export { interruptSignal } from "./interruptSignal.js";
export { html, type Markup, md, svg } from "./markup.js";
export { pixelPng } from "./pixelPng.js";
export { type Progress, type ProgressOptions, progress } from "./progress.js";
export { row } from "./row.js";
export { scriptJson } from "./scriptJson.js";
export { repairAfterStop, whenStopped } from "./stops.js";
export { type ColumnTable, type Row, type TableOptions, table } from "./table.js";
export type { TensorLike } from "./tensor.js";
export { isThenable } from "./thenable.js";
export { bundleNow, toMimeBundle, toShown } from "./toMimeBundle.js";
export { startWidgets, Widget, type WidgetOptions, type WidgetState, widget } from "./widget/widget.js";
export { withoutTags } from "./withoutTags.js";
