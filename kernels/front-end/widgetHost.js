/**
 * Draws a widget where its output is: an ES module of anywidget's form, `export default { initialize?, render }`. Where the
 * page knows the kernel (Notebook 6, or JupyterLab with Kontrast's extension) the widget's model is connected to it.
 */
// biome-ignore lint/correctness/noUnusedVariables: the output that this file is part of calls it
async function showWidget(spec) {
  const root = document.getElementById(spec.elementId);
  if (!root) return;
  const channel = await connect(root, spec.id);
  if (!channel && !spec.offline) return;
  const model = createModel(spec, channel);
  if (channel) await model.received;
  const url = URL.createObjectURL(new Blob([spec.esm], { type: "text/javascript" }));
  const module = await import(url);
  URL.revokeObjectURL(url);
  const widget = typeof module.default === "function" ? await module.default() : (module.default ?? module);
  await widget.initialize?.({ model: model.api, experimental: {} });
  const element = document.createElement("div");
  if (spec.css) {
    const style = document.createElement("style");
    style.textContent = spec.css;
    root.replaceChildren(style, element);
  } else root.replaceChildren(element);
  await widget.render?.({ model: model.api, el: element, experimental: {} });
}

/** A channel to the widget's model in the kernel; undefined where there is none. */
async function connect(root, id) {
  const classic = await classicKernel();
  if (classic) return classicChannel(classic, id);
  const kernel = await globalThis.kontrastFrontEnd?.kernelOf(root);
  return kernel && labChannel(kernel, id);
}

/** Notebook 6's kernel, once it is there: a notebook shows its outputs before it has one. */
async function classicKernel() {
  const notebook = globalThis.Jupyter?.notebook;
  if (!notebook) return undefined;
  if (!notebook.kernel?.comm_manager) {
    await new Promise((resolve) => {
      globalThis.Jupyter.notebook.events.one("kernel_ready.Kernel", resolve);
      setTimeout(resolve, 10_000);
    });
  }
  return notebook.kernel?.comm_manager && notebook.kernel;
}

const target = "kontrast.widget";

function classicChannel(kernel, id) {
  const comm = kernel.comm_manager.new_comm(target, { id });
  return {
    send: (data, buffers) => comm.send(data, undefined, undefined, buffers),
    close: () => comm.close(),
    onMessage: (take) => comm.on_msg(({ content, buffers }) => take(content.data, buffers ?? [])),
    onClose: (closed) => comm.on_close(closed),
  };
}

function labChannel(kernel, id) {
  const comm = kernel.createComm(target);
  comm.open({ id });
  return {
    send: (data, buffers) => comm.send(data, undefined, buffers),
    close: () => comm.close(),
    onMessage: (take) => {
      comm.onMsg = ({ content, buffers }) => take(content.data, buffers ?? []);
    },
    onClose: (closed) => {
      comm.onClose = closed;
    },
  };
}

/** The model as anywidget's modules know it, and the promise that the kernel has sent its state, or will not. */
function createModel(spec, channel) {
  const state = joinBuffers(spec.state, spec.bufferPaths, spec.buffers.map(decode));
  const listeners = new Map();
  let changed = {};
  let isReceived;
  const received = new Promise((resolve) => {
    isReceived = resolve;
  });
  const emit = (event, ...given) => {
    for (const callback of [...(listeners.get(event) ?? [])]) callback(...given);
  };
  const assign = (changes) => {
    for (const [name, value] of Object.entries(changes)) {
      state[name] = value;
      emit(`change:${name}`, api, value);
    }
    emit("change", api);
  };
  const api = {
    get: (name) => state[name],
    set(name, value) {
      const changes = typeof name === "string" ? { [name]: value } : name;
      Object.assign(changed, changes);
      assign(changes);
    },
    save_changes() {
      const { json, paths, buffers } = splitBuffers(changed);
      changed = {};
      channel?.send({ method: "update", state: json, buffer_paths: paths }, buffers);
    },
    on(event, callback) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event).add(callback);
    },
    off(event, callback) {
      if (event === undefined || event === null) listeners.clear();
      else if (callback) listeners.get(event)?.delete(callback);
      else listeners.delete(event);
    },
    send: (content, _callbacks, buffers = []) => channel?.send({ method: "custom", content }, buffers),
  };
  // A page that is left tells nobody; the kernel would go on sending to it.
  if (channel) globalThis.addEventListener("pagehide", () => channel.close(), { once: true });
  channel?.onMessage((data, buffers) => {
    const root = document.getElementById(spec.elementId);
    // The output was replaced or deleted; whoever takes its place has a channel of its own.
    if (!root) {
      channel.close();
      return;
    }
    if (data.method === "update") assign(joinBuffers(data.state, data.buffer_paths ?? [], buffers));
    else if (data.method === "custom") emit("msg:custom", data.content, buffers);
    isReceived();
  });
  // The kernel does not know it any more: it is shown as it was when the notebook was saved.
  channel?.onClose(() => isReceived());
  return { api, received };
}

function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new DataView(bytes.buffer);
}

function joinBuffers(state, paths, buffers) {
  const joined = structuredClone(state);
  paths.forEach((path, index) => {
    const place = path.slice(0, -1).reduce((at, key) => at[key], joined);
    place[path.at(-1)] = buffers[index];
  });
  return joined;
}

/** As the kernel does it: in arrays null keeps the place of what is binary, in objects nothing does. */
function splitBuffers(state) {
  const paths = [];
  const buffers = [];
  const take = (value, path) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      paths.push(path);
      buffers.push(
        ArrayBuffer.isView(value) ? value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) : value,
      );
      return undefined;
    }
    if (Array.isArray(value)) return value.map((element, index) => take(element, [...path, index]) ?? null);
    if (typeof value !== "object" || value === null || value.toJSON) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, take(member, [...path, key])]));
  };
  return { json: take(state, []), paths, buffers };
}
