import { ascent, descent, textWidth } from "./font.js";
import { type Box, mapBox, multiply, parseTransform, union } from "./matrix.js";

/** What measuring needs of an element; the real ones are jsdom's. */
export interface SvgElement {
  readonly nodeName: string;
  readonly parentNode: unknown;
  readonly childNodes: ArrayLike<unknown>;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
}

/** The box of an SVG element in its own coordinates, as `getBBox` gives it in a browser. */
export function boxOf(element: SvgElement): Box | undefined {
  const number = (name: string) => Number.parseFloat(element.getAttribute(name) ?? "0") || 0;
  switch (element.nodeName) {
    case "text":
      return textBox(element);
    case "rect":
    case "image":
      return sized(number("x"), number("y"), number("width"), number("height"));
    case "circle":
      return sized(number("cx") - number("r"), number("cy") - number("r"), 2 * number("r"), 2 * number("r"));
    case "path":
      return pathBox(element.getAttribute("d") ?? "");
    case "g":
    case "svg":
    case "a":
      return union(
        elements(element).map((child) => {
          const box = boxOf(child);
          return box && mapBox(parseTransform(child.getAttribute("transform")), box);
        }),
      );
    default:
      return undefined;
  }
}

/** The box of an SVG element in the coordinates of the outermost `<svg>`, as `getBoundingClientRect` gives it. */
export function screenBoxOf(element: SvgElement): Box | undefined {
  const box = boxOf(element);
  let map = parseTransform(element.getAttribute("transform"));
  for (let above = element.parentNode; isElement(above); above = above.parentNode) {
    map = multiply(parseTransform(above.getAttribute("transform")), map);
  }
  return box && mapBox(map, box);
}

function isElement(node: unknown): node is SvgElement {
  return typeof (node as Partial<SvgElement> | null)?.getAttribute === "function";
}

function elements({ childNodes }: SvgElement): SvgElement[] {
  return Array.from(childNodes).filter(isElement);
}

const sized = (left: number, top: number, width: number, height: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

interface Style {
  size: number;
  bold: boolean;
  anchor: string;
}

interface Line {
  left: number;
  top: number;
  bottom: number;
  width: number;
}

/** Text with plotly's line, subscript and bold tspans. */
function textBox(text: SvgElement): Box | undefined {
  const style = styleOf(text, { size: 12, bold: false, anchor: "start" });
  const pen = { y: coordinate(text, "y", style.size) ?? 0 };
  const lines: Line[] = [];
  function walk(node: unknown, inherited: Style): void {
    if (!isElement(node)) {
      const characters = (node as { nodeValue?: string | null }).nodeValue ?? "";
      if (characters) write(characters, inherited);
      return;
    }
    const own = styleOf(node, inherited);
    const x = coordinate(node, "x", own.size);
    const y = coordinate(node, "y", own.size);
    if (y !== undefined) pen.y = y;
    if (node.nodeName === "tspan") pen.y += coordinate(node, "dy", own.size) ?? 0;
    if (x !== undefined || lines.length === 0) lines.push({ left: x ?? 0, top: Infinity, bottom: -Infinity, width: 0 });
    for (const child of Array.from(node.childNodes)) walk(child, own);
  }
  function write(characters: string, { size, bold }: Style): void {
    const line = lines.at(-1) as Line;
    line.width += textWidth(characters.replaceAll("\u200b", ""), size, bold);
    line.top = Math.min(line.top, pen.y - ascent * size);
    line.bottom = Math.max(line.bottom, pen.y + descent * size);
  }
  walk(text, style);
  return union(
    lines
      .filter(({ top, bottom }) => bottom > top)
      .map(({ left, top, bottom, width }) => {
        const start = style.anchor === "middle" ? left - width / 2 : style.anchor === "end" ? left - width : left;
        return { left: start, right: start + width, top, bottom };
      }),
  );
}

function coordinate(element: SvgElement, name: string, size: number): number | undefined {
  const value = element.getAttribute(name);
  if (value === null) return undefined;
  return Number.parseFloat(value) * (value.endsWith("em") ? size : 1);
}

function styleOf(element: SvgElement, inherited: Style): Style {
  const style = element.getAttribute("style") ?? "";
  const property = (name: string) =>
    style.match(new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`))?.[1]?.trim() ?? element.getAttribute(name);
  const size = property("font-size");
  const weight = property("font-weight");
  return {
    size: size ? Number.parseFloat(size) * (size.endsWith("%") ? inherited.size / 100 : 1) : inherited.size,
    bold: weight ? weight === "bold" || Number.parseFloat(weight) >= 600 : inherited.bold,
    anchor: property("text-anchor") ?? inherited.anchor,
  };
}

/** The box of a path's points; of a curve its control points, which is never too small. */
function pathBox(path: string): Box | undefined {
  const xs: number[] = [];
  const ys: number[] = [];
  let [x, y] = [0, 0];
  for (const [, command = "", list = ""] of path.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (list.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g) ?? []).map(Number);
    const relative = command === command.toLowerCase();
    const kind = command.toUpperCase();
    const stride = { H: 1, V: 1, C: 6, S: 4, Q: 4, A: 7 }[kind] ?? 2;
    for (let at = 0; at + stride <= numbers.length; at += stride) {
      const part = numbers.slice(at, at + stride);
      const [fromX, fromY] = relative ? [x, y] : [0, 0];
      if (kind === "H") x = fromX + (part[0] as number);
      else if (kind === "V") y = fromY + (part[0] as number);
      else {
        for (let point = kind === "A" ? 5 : 0; point < stride; point += 2) {
          x = fromX + (part[point] as number);
          y = fromY + (part[point + 1] as number);
          xs.push(x);
          ys.push(y);
        }
      }
      xs.push(x);
      ys.push(y);
    }
  }
  if (xs.length === 0) return undefined;
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}
