/**
 * Kontrast's extension of JupyterLab 4 and Notebook 7. Outputs cannot reach their kernel there by themselves; this tells
 * them which it is, and tells the kernel that they can. It needs nothing of the page's modules, so that it is this file
 * alone: a module federation container as the page expects one.
 */
(() => {
  const plugin = {
    id: "kontrast:front-end",
    autoStart: true,
    activate(app) {
      globalThis.kontrastFrontEnd = { kernelOf: (element) => kernelOf(contextOf(app, element)) };
      const look = () => {
        for (const widget of app.shell.widgets("main")) watch(contextOfWidget(widget));
      };
      app.shell.currentChanged?.connect(look);
      app.restored.then(look);
    },
  };

  function contextOfWidget(widget) {
    return widget.sessionContext ?? widget.context?.sessionContext;
  }

  /** The kernel of a session, once it is there: a notebook shows its outputs before it has one. */
  async function kernelOf(context) {
    await context?.ready;
    return context?.session?.kernel ?? undefined;
  }

  /** The session of the notebook or console that an element is in. */
  function contextOf(app, element) {
    for (const widget of app.shell.widgets("main")) {
      if (widget.node.contains(element)) return contextOfWidget(widget);
    }
    return undefined;
  }

  const watched = new WeakSet();

  /** Announces us to every kernel that a session gets, also after it was started again. */
  function watch(context) {
    if (!context || watched.has(context)) return;
    watched.add(context);
    let isRestarting = false;
    context.kernelChanged.connect((_sender, { newValue }) => void announce(newValue));
    context.statusChanged.connect((_sender, status) => {
      if (status === "restarting" || status === "autorestarting") isRestarting = true;
      else if (status === "idle" && isRestarting) {
        isRestarting = false;
        void announce(context.session?.kernel);
      }
    });
    void announce(context.session?.kernel);
  }

  async function announce(kernel) {
    if (!kernel?.handleComms) return;
    const { implementation } = await kernel.info;
    if (implementation === "kontrast") kernel.createComm("kontrast.front-end").open({ name: "jupyterlab" });
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB.kontrast = {
    init: async () => undefined,
    get: async (name) => {
      if (name !== "./extension") throw new Error(`kontrast: has "./extension" alone, got ${name}`);
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
