import { escapeHtml } from "../../display/index.js";

interface Style {
  bold: boolean;
  faint: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  /** CSS colour, or `undefined` for the page's own. */
  foreground: string | undefined;
  background: string | undefined;
}

const plain: Style = {
  bold: false,
  faint: false,
  italic: false,
  underline: false,
  inverse: false,
  foreground: undefined,
  background: undefined,
};

/** Terminal text as HTML: colours and weights (SGR sequences) become styled spans, other sequences are left out. */
export function ansiToHtml(text: string): string {
  let style = plain;
  let html = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
  const sequence = /\u001b\[([0-9;:]*)([@-~])|\u001b\][^\u0007]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;
  let end = 0;
  const emit = (part: string) => {
    if (part === "") return;
    const css = toCss(style);
    html += css === "" ? escapeHtml(part) : `<span style="${css}">${escapeHtml(part)}</span>`;
  };
  for (const match of text.matchAll(sequence)) {
    emit(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[2] === "m") style = applied(style, match[1] ?? "");
  }
  emit(text.slice(end));
  return html;
}

function toCss({ bold, faint, italic, underline, inverse, foreground, background }: Style): string {
  const [front, back] = inverse ? [background ?? "var(--page)", foreground ?? "var(--text)"] : [foreground, background];
  return [
    bold ? "font-weight:600" : "",
    faint ? "opacity:.7" : "",
    italic ? "font-style:italic" : "",
    underline ? "text-decoration:underline" : "",
    front ? `color:${front}` : "",
    back ? `background:${back}` : "",
  ]
    .filter(Boolean)
    .join(";");
}

function applied(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  const next = { ...style };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(at + 1));
      next[code === 38 ? "foreground" : "background"] = color;
      at += used;
    } else Object.assign(next, change(code));
  }
  return next;
}

/** What one SGR code changes; codes we do not show change nothing. */
function change(code: number): Partial<Style> {
  if (code >= 30 && code <= 37) return { foreground: named(code - 30) };
  if (code >= 40 && code <= 47) return { background: named(code - 40) };
  if (code >= 90 && code <= 97) return { foreground: named(code - 90 + 8) };
  if (code >= 100 && code <= 107) return { background: named(code - 100 + 8) };
  return changes[code] ?? {};
}

const changes: Record<number, Partial<Style>> = {
  0: plain,
  1: { bold: true },
  2: { faint: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  22: { bold: false, faint: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { foreground: undefined },
  49: { background: undefined },
};

/** The page's style sheet says what the 16 colours are, light and dark. */
const named = (index: number) => `var(--ansi-${index})`;

/** `5;n` (256 colours) or `2;r;g;b`. */
function extendedColor(codes: readonly number[]): { color: string | undefined; used: number } {
  const [kind, first = 0, green = 0, blue = 0] = codes;
  if (kind === 2) return { color: `rgb(${first},${green},${blue})`, used: 4 };
  if (kind !== 5) return { color: undefined, used: 0 };
  if (first < 16) return { color: named(first), used: 2 };
  if (first >= 232) {
    const gray = 8 + (first - 232) * 10;
    return { color: `rgb(${gray},${gray},${gray})`, used: 2 };
  }
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = first - 16;
  const parts = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return { color: `rgb(${parts.join(",")})`, used: 2 };
}
