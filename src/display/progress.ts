import { beginningOf } from "./beginningOf.js";
import { displayIdSymbol, displaySymbol, type MimeBundle } from "./bundle.js";
import { currentCell } from "./cell.js";
import { holdPlaces } from "./display.js";
import { escapeHtml } from "./escapeHtml.js";
import { type Widget, widget } from "./widget/widget.js";

export interface ProgressOptions {
  /** How much there is to do. */
  total: number;
  /** What is being done, such as `SimCLR`. */
  label: string;
  /** What is counted, for the rate; default `step`. */
  unit?: string;
}

/** A view of work under way. */
export interface Progress {
  /** Says how much is done, with a free note such as the loss; may be called as often as one likes. */
  update(done: number, note?: string): void;
  /** Shows the last state and lets go of the place; call it also when the work was cut short. */
  finish(note?: string): void;
}

/**
 * Shows how far a loop is: in a notebook one live output, renewed at most ten times a second; in a terminal a bar;
 * elsewhere (a log file) a line on standard error now and then. The last state is always shown.
 *
 * @throws RangeError `progress: total must be > 0, got 0`
 */
export function progress(options: ProgressOptions): Progress {
  const { total, label, unit = "step" } = options;
  if (!(total > 0)) throw new RangeError(`progress: total must be > 0, got ${total}`);
  const view = notebookView() ?? (process.stderr.isTTY ? terminalView() : logView());
  const meter = rateMeter();
  let state: State = { label, unit, total, done: 0, note: "", seconds: 0, rate: Number.NaN, finished: false };
  let shownAt = Number.NEGATIVE_INFINITY;
  let pending: NodeJS.Timeout | undefined;

  function show(): void {
    clearTimeout(pending);
    pending = undefined;
    shownAt = performance.now();
    view.show(state);
  }

  function change(done: number, note: string | undefined, finished: boolean): void {
    if (state.finished) return;
    state = { ...state, done, note: note ?? state.note, ...meter(done, finished), finished };
    const wait = shownAt + view.interval - performance.now();
    if (wait <= 0 || finished) show();
    else pending ??= setTimeout(show, wait).unref();
  }

  show();
  return {
    update: (done, note) => change(done, note, false),
    finish: (note) => change(state.done, note, true),
  };
}

interface State extends Required<ProgressOptions> {
  readonly done: number;
  readonly note: string;
  readonly seconds: number;
  readonly rate: number;
  readonly finished: boolean;
}

interface View {
  /** Least time between two showings, in milliseconds. */
  readonly interval: number;
  show(state: State): void;
}

/** A live view: where the front end connects to it the bar moves by itself, elsewhere the output is replaced. */
function notebookView(): View | undefined {
  const sink = currentCell()?.sink;
  if (!sink) return undefined;
  let view: Widget<ProgressState> | undefined;
  return {
    get interval() {
      return view?.isLive ? 100 : 250;
    },
    show(state) {
      const shared = {
        label: state.label,
        done: Math.min(state.done, state.total),
        total: state.total,
        facts: facts(state),
      };
      if (view) {
        view.set(shared);
        if (!view.isLive || state.finished) view.settle();
      } else {
        view = widget({ state: shared, esm, fallback: asBundle, offline: false });
        holdPlaces();
        sink.displayData(view[displaySymbol](), { displayId: view[displayIdSymbol]() });
      }
      if (state.finished) view.close();
    },
  };
}

/** What the kernel and the views of a bar share. */
interface ProgressState extends Record<string, unknown> {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Rate, time left, note. */
  readonly facts: string;
}

const rowStyle = "display:flex;flex-wrap:wrap;gap:.75em;align-items:center;font-variant-numeric:tabular-nums";

/** Browser code: the same elements as {@link asBundle}, kept up to date. */
const esm = `export default {
  render({ model, el }) {
    el.style.cssText = ${JSON.stringify(rowStyle)};
    const [label, bar, facts] = ["strong", "progress", "span"].map((name) => el.appendChild(document.createElement(name)));
    bar.style.width = "16em";
    const draw = () => {
      label.textContent = model.get("label");
      bar.max = model.get("total");
      bar.value = model.get("done");
      facts.textContent = model.get("facts");
    };
    model.on("change", draw);
    draw();
  },
};`;

function terminalView(): View {
  return {
    interval: 100,
    show(state) {
      const width = 24;
      const filled = Math.round(fraction(state) * width);
      const bar = "█".repeat(filled) + "░".repeat(width - filled);
      const line = beginningOf(
        `${state.label} ${bar} ${facts(state)}`,
        Math.max(20, (process.stderr.columns ?? 80) - 1),
      );
      process.stderr.write(`\r${line}\x1b[K${state.finished ? "\n" : ""}`);
    },
  };
}

function logView(): View {
  return { interval: 5000, show: (state) => void process.stderr.write(`${asLine(state)}\n`) };
}

function asBundle({ label, done, total, facts: text }: ProgressState): MimeBundle {
  const html =
    `<div style="${rowStyle}"><strong>${escapeHtml(label)}</strong>` +
    `<progress value="${done}" max="${total}" style="width:16em"></progress>` +
    `<span>${escapeHtml(text)}</span></div>`;
  return { "text/html": html, "text/plain": `${label}: ${text}` };
}

function asLine(state: State): string {
  return `${state.label}: ${facts(state)}`;
}

function facts(state: State): string {
  const { done, total, unit, rate, seconds, note, finished } = state;
  const known = Number.isFinite(rate) && rate > 0;
  const parts = [
    `${done}/${total}`,
    ...(known ? [`${Number(rate.toPrecision(3))} ${unit}/s`] : []),
    finished ? `took ${duration(seconds)}` : known ? `${duration((total - done) / rate)} left` : "",
    note,
  ];
  return parts.filter(Boolean).join(" · ");
}

const fraction = ({ done, total }: State) => Math.min(1, Math.max(0, done / total));

function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The rate of the last ten seconds, so that a slow first step does not spoil the time left; of the whole at the end. */
function rateMeter() {
  const start = performance.now();
  const samples = [{ at: start, done: 0 }];
  return (done: number, finished: boolean) => {
    const at = performance.now();
    const seconds = (at - start) / 1000;
    if (at - (samples.at(-1)?.at ?? 0) >= 250) samples.push({ at, done });
    while (samples.length > 2 && at - (samples[1]?.at ?? at) > 10_000) samples.shift();
    const from = finished ? { at: start, done: 0 } : (samples[0] as { at: number; done: number });
    return { seconds, rate: at > from.at ? ((done - from.done) * 1000) / (at - from.at) : Number.NaN };
  };
}
