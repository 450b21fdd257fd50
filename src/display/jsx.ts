import { createRequire } from "node:module";
import { join } from "node:path";

/** React marks its elements, by another symbol since version 19. */
const reactElements = [Symbol.for("react.element"), Symbol.for("react.transitional.element")];

/** Renders an element to markup that needs no script. */
type Render = (element: object) => string;

/** The markup of a JSX element of Preact or React; `undefined` for all else. */
export function jsxMarkup(value: object): string | undefined {
  if (isPreactElement(value)) {
    const { renderToString } = (rendererOf("preact-render-to-string") ?? ours("preact-render-to-string")) as {
      renderToString: Render;
    };
    return renderToString(value);
  }
  if (!reactElements.includes((value as { $$typeof?: symbol }).$$typeof as symbol)) return undefined;
  // React is never ours: it is the one in the notebook's folder, which has made the element.
  return (rendererOf("react-dom/server") as { renderToStaticMarkup: Render } | undefined)?.renderToStaticMarkup(value);
}

/** Preact's elements have fields for its own use, and a constructor that JSON cannot make up: none, or a symbol. */
function isPreactElement(value: object): boolean {
  const made: unknown = value.constructor;
  const cannotBeJson = made === undefined || typeof made === "symbol";
  return cannotBeJson && ["type", "props", "__k", "__v"].every((name) => name in value);
}

const ours = createRequire(import.meta.url);

/** What renders elements, from the notebook's folder; loaded when the first element is shown. */
function rendererOf(name: string): unknown {
  const requireThere = createRequire(join(process.cwd(), "notebook.cjs"));
  try {
    return requireThere(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
