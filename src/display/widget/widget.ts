import { randomUUID } from "node:crypto";
import { type Displayable, displayIdSymbol, displaySymbol, type MimeBundle } from "../bundle.js";
import { currentCell } from "../cell.js";
import { type Comm, type CommData, onComm, openComm, type Received } from "../comm.js";
import { atCellEnd } from "../display.js";
import { escapeHtml } from "../escapeHtml.js";
import { inspectLine } from "../inspect.js";
import { type BufferPath, joinBuffers, splitBuffers } from "./buffers.js";
import { listenToFrontEnd, noteOwnViews, usesWidgetManager, widgetTarget } from "./frontEnd.js";
import { widgetHtml } from "./widgetHtml.js";

/** Values that a widget shares with the front end: JSON, and typed arrays. */
export type WidgetState = Record<string, unknown>;

/** Options of {@link widget}. */
export interface WidgetOptions<State extends WidgetState> {
  /** What the kernel and the views share, as it is at first. */
  readonly state: State;
  /** Browser code: an ES module in anywidget's form, `export default { initialize?({ model }), render({ model, el }) }`. */
  readonly esm: string;
  /** Style sheet of the views. */
  readonly css?: string;
  /** How it looks where no script runs (GitHub, untrusted notebooks, PDF); default: a list of its state. */
  readonly fallback?: (state: State) => MimeBundle;
  /** Whether pages without a kernel draw it, too, as it was saved; default true. */
  readonly offline?: boolean;
}

/** Called with the new value of a part of the state, or with a message of a view. */
type Listener = (value: unknown, received: Received) => void;

/** Least time between two pictures of a widget that no view is connected to, ms. */
const pictureInterval = 250;
/** The newest front end of anywidget whose protocol this is. */
const anywidgetVersion = "~0.9.*";

/**
 * A live view: state that the kernel and any number of views in the front end share. Showing it again shows another view
 * of the same state. Views work in Notebook 6, in JupyterLab and Notebook 7 with the extension that `kontrast install`
 * brings, and through anywidget where Jupyter's widgets are (VS Code); elsewhere the fallback is shown and kept up to date.
 */
export class Widget<State extends WidgetState = WidgetState> implements Displayable {
  readonly id: string = randomUUID();
  readonly #options: WidgetOptions<State>;
  readonly #state: State;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #views = new Set<Comm>();
  readonly #displayId: string = randomUUID();
  #model: Comm | undefined;
  #isShown = false;
  #isStale = false;
  #timer: NodeJS.Timeout | undefined;
  #pending: Partial<State> | undefined;

  /** Use {@link widget}. */
  constructor(options: WidgetOptions<State>) {
    this.#options = options;
    this.#state = { ...options.state };
    widgets().set(this.id, this as unknown as Widget);
    listen();
  }

  /** The present value of a part of the state. */
  get<Name extends keyof State & string>(name: Name): State[Name] {
    return this.#state[name];
  }

  /** Changes parts of the state, here and in all views; changes made in one go are sent in one message. */
  set(changes: Partial<State>): void {
    this.#change(changes, { metadata: {}, buffers: [] }, undefined);
  }

  /** Calls back when a part of the state changes (`change:name`), or a view sends something (`msg:custom`). */
  on(event: `change:${keyof State & string}` | "msg:custom", listener: Listener): this {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(currentCell()?.bind(listener) ?? listener));
    return this;
  }

  /** Sends something to all views that is no part of the state. */
  send(content: CommData, buffers: readonly Uint8Array[] = []): void {
    this.#sendAll({ method: "custom", content }, buffers);
  }

  /** Ends the connection to all views; they stay as they are. */
  close(): void {
    this.settle();
    for (const comm of this.#allComms()) comm.close();
    widgets().delete(this.id);
  }

  /** Sends what waits, and has the notebook keep the present state: what was stored is of an earlier one. */
  settle(): void {
    this.#flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isShown && this.#isStale) this.#showPicture();
  }

  /** Whether a view is connected. */
  get isLive(): boolean {
    return this.#views.size > 0 || this.#model !== undefined;
  }

  [displayIdSymbol](): string {
    return this.#displayId;
  }

  [displaySymbol](): MimeBundle {
    this.#isShown = true;
    this.#isStale = false;
    atCellEnd(this.id, () => this.settle());
    if (usesWidgetManager()) this.#model ??= this.#openModel();
    return this.#bundle();
  }

  /** A view of ours has appeared. */
  attach(comm: Comm): void {
    this.#views.add(comm);
    comm.onMessage((data, received) => this.#take(data, received, comm));
    comm.onClose(() => this.#views.delete(comm));
    const { state, bufferPaths, buffers } = splitBuffers(this.#state);
    comm.send({ method: "update", state, buffer_paths: bufferPaths }, { buffers });
  }

  /** The state in the terms of Jupyter's widgets; `undefined` while no manager knows it. */
  modelState() {
    return this.#model && splitBuffers(this.#modelFields());
  }

  #bundle(): MimeBundle {
    const fallback = this.#fallback();
    const { "text/html": given, "text/plain": text } = fallback;
    const picture = {
      id: this.id,
      elementId: `kontrast-${randomUUID()}`,
      esm: this.#options.esm,
      css: this.#options.css ?? "",
      state: this.#state,
      offline: this.#options.offline ?? true,
      fallback: typeof given === "string" ? given : `<pre>${escapeHtml(String(text ?? ""))}</pre>`,
    };
    const needsScript = picture.offline || currentCell()?.hasFrontEnd === true;
    const view = { version_major: 2, version_minor: 1, model_id: this.#model?.id };
    return {
      ...(this.#model && { "application/vnd.jupyter.widget-view+json": view }),
      ...fallback,
      "text/html": needsScript ? widgetHtml(picture) : picture.fallback,
    };
  }

  #fallback(): MimeBundle {
    const { fallback } = this.#options;
    if (fallback) return fallback({ ...this.#state });
    const lines = Object.entries(this.#state).map(([name, value]) => `${name}: ${inspectLine(value)}`);
    return { "text/plain": `widget\n${lines.join("\n")}` };
  }

  #openModel(): Comm {
    const { state, bufferPaths, buffers } = splitBuffers(this.#modelFields());
    const data = { state, buffer_paths: bufferPaths };
    const comm = openComm("jupyter.widget", { id: this.id, data, buffers, metadata: { version: "2.1.0" } });
    comm.onMessage((message, received) => this.#take(message, received, comm));
    comm.onClose(() => {
      this.#model = undefined;
    });
    return comm;
  }

  #modelFields(): WidgetState {
    const anywidget = { _model_module: "anywidget", _model_module_version: anywidgetVersion, _model_name: "AnyModel" };
    const view = { _view_module: "anywidget", _view_module_version: anywidgetVersion, _view_name: "AnyView" };
    const code = { _esm: this.#options.esm, _css: this.#options.css ?? "", _anywidget_id: `kontrast.${this.id}` };
    return { ...anywidget, ...view, _view_count: null, ...code, ...this.#state };
  }

  #take(data: CommData, received: Received, from: Comm): void {
    if (data["method"] === "update") {
      const paths = (data["buffer_paths"] ?? []) as readonly BufferPath[];
      const changes = joinBuffers((data["state"] ?? {}) as WidgetState, paths, received.buffers);
      // Names that are not part of the state are the manager's own, such as `_view_count`.
      const known = Object.entries(changes).filter(([name]) => Object.hasOwn(this.#state, name));
      this.#change(Object.fromEntries(known) as Partial<State>, received, from);
    } else if (data["method"] === "request_state" && this.#model) {
      const { state, bufferPaths, buffers } = splitBuffers(this.#modelFields());
      from.send({ method: "update", state, buffer_paths: bufferPaths }, { buffers });
    } else if (data["method"] === "custom") this.#emit("msg:custom", data["content"], received);
  }

  #change(changes: Partial<State>, received: Received, from: Comm | undefined): void {
    Object.assign(this.#state, changes);
    this.#isStale = true;
    if (from) {
      const { state, bufferPaths, buffers } = splitBuffers(changes);
      const others = this.#allComms().filter((comm) => comm !== from);
      for (const comm of others) comm.send({ method: "update", state, buffer_paths: bufferPaths }, { buffers });
    } else if (this.#pending) Object.assign(this.#pending, changes);
    else {
      this.#pending = { ...changes };
      queueMicrotask(() => this.#flush());
    }
    for (const [name, value] of Object.entries(changes)) this.#emit(`change:${name}`, value, received);
  }

  #flush(): void {
    const changes = this.#pending;
    this.#pending = undefined;
    if (!changes) return;
    const { state, bufferPaths, buffers } = splitBuffers(changes);
    this.#sendAll({ method: "update", state, buffer_paths: bufferPaths }, buffers);
    if (this.#isShown && !this.isLive) this.#timer ??= setTimeout(() => this.settle(), pictureInterval).unref();
  }

  #showPicture(): void {
    this.#isStale = false;
    currentCell()?.sink.updateDisplayData(this.#bundle(), this.#displayId);
  }

  #sendAll(data: CommData, buffers: readonly Uint8Array[]): void {
    for (const comm of this.#allComms()) comm.send(data, { buffers });
  }

  #allComms(): Comm[] {
    return [...this.#views, ...(this.#model ? [this.#model] : [])];
  }

  #emit(event: string, value: unknown, received: Received): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value, received);
  }
}

/**
 * Makes a live view, to be shown like any other value.
 *
 *     const slider = widget({
 *       state: { value: 0.5 },
 *       esm: `export default { render({ model, el }) {
 *         const input = Object.assign(document.createElement("input"), { type: "range", max: 1, step: 0.01 });
 *         input.value = model.get("value");
 *         input.oninput = () => { model.set("value", Number(input.value)); model.save_changes(); };
 *         el.append(input);
 *       } }`,
 *     });
 *     slider.on("change:value", (value) => console.log(value));
 */
export function widget<State extends WidgetState>(options: WidgetOptions<State>): Widget<State> {
  return new Widget(options);
}

/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.widgets");

function widgets(): Map<string, Widget> {
  const globals = globalThis as { [slot]?: Map<string, Widget> };
  globals[slot] ??= new Map();
  return globals[slot];
}

let isListening = false;

function listen(): void {
  if (isListening) return;
  isListening = true;
  onComm(widgetTarget, (comm, { id }) => {
    noteOwnViews();
    const found = widgets().get(String(id));
    if (found) found.attach(comm);
    else comm.close();
  });
}

/** Lets front ends say what they can, and restore widgets that they have lost. The kernel calls it before the first cell. */
export function startWidgets(): void {
  listen();
  listenToFrontEnd(() => {
    const states: CommData = {};
    const bufferPaths: unknown[] = [];
    const buffers: Uint8Array[] = [];
    for (const [id, shown] of widgets()) {
      const split = shown.modelState();
      if (!split) continue;
      const { _model_name: name, _model_module: module, _model_module_version: version } = split.state;
      states[id] = { model_name: name, model_module: module, model_module_version: version, state: split.state };
      bufferPaths.push(...split.bufferPaths.map((path) => [id, "state", ...path]));
      buffers.push(...split.buffers);
    }
    return { states, bufferPaths, buffers };
  });
}
