import { currentCell } from "../cell.js";
import { type CommData, onComm } from "../comm.js";

/** Targets of comms that front ends open to us. */
export const widgetTarget = "kontrast.widget";
const frontEndTarget = "kontrast.front-end";
const managerTarget = "jupyter.widget.control";

/** What is known of the front end. */
interface FrontEnd {
  /** It runs our own views: Notebook 6 by itself, JupyterLab with our extension. */
  hasOwnViews: boolean;
  /** It has a manager of Jupyter widgets. */
  hasManager: boolean;
}

/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.frontEnd");
const globals = globalThis as { [slot]?: FrontEnd };

function frontEnd(): FrontEnd {
  globals[slot] ??= { hasOwnViews: false, hasManager: false };
  return globals[slot];
}

/** Listens to what front ends say of themselves. The kernel calls it before the first cell. */
export function listenToFrontEnd(
  statesOf: () => { states: CommData; bufferPaths: unknown[]; buffers: Uint8Array[] },
): void {
  onComm(frontEndTarget, () => {
    frontEnd().hasOwnViews = true;
  });
  onComm(managerTarget, (comm) => {
    frontEnd().hasManager = true;
    comm.onMessage(({ method }) => {
      if (method !== "request_states") return;
      const { states, bufferPaths, buffers } = statesOf();
      comm.send({ method: "update_states", states, buffer_paths: bufferPaths }, { buffers });
    });
  });
}

/** Our own views have been seen at work. */
export function noteOwnViews(): void {
  frontEnd().hasOwnViews = true;
}

/**
 * Whether widgets should go through Jupyter's manager of widgets and anywidget. Not where our own views work; else where
 * a manager has shown itself, in VS Code, or where KONTRAST_WIDGETS is `jupyter`; never where nobody looks on.
 */
export function usesWidgetManager(env: NodeJS.ProcessEnv = process.env): boolean {
  const wish = env["KONTRAST_WIDGETS"];
  if (wish === "jupyter") return true;
  const { hasOwnViews, hasManager } = frontEnd();
  if (wish === "own" || hasOwnViews || !currentCell()?.hasFrontEnd) return false;
  return hasManager || env["VSCODE_PID"] !== undefined || env["VSCODE_CWD"] !== undefined;
}
