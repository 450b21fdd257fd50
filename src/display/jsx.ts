import { createRequire } from "node:module";
import { join } from "node:path";

/** React marks its elements, by another symbol since version 19. */
const reactElements = [Symbol.for("react.element"), Symbol.for("react.transitional.element")];

/** Renders an element to markup that needs no script. */
type Render = (element: object) => string;

/** The markup of a JSX element of Preact or React; `undefined` for all else. */
export async function jsxMarkup(value: object): Promise<string | undefined> {
  if (isPreactElement(value)) {
    // Loaded when the first element is shown: most notebooks have none.
    const { render } = await import("preact-render-to-string");
    return (render as unknown as Render)(value);
  }
  if (!reactElements.includes((value as { $$typeof?: symbol }).$$typeof as symbol)) return undefined;
  return renderReact()?.(value);
}

/** Preact's elements have no constructor, so that none can be made up in JSON, and fields for its own use. */
function isPreactElement(value: object): boolean {
  return "type" in value && "props" in value && "__k" in value && "__v" in value && value.constructor === undefined;
}

/** React is never ours: it is the one in the notebook's folder, which has made the element. */
function renderReact(): Render | undefined {
  const requireThere = createRequire(join(process.cwd(), "notebook.cjs"));
  try {
    return (requireThere("react-dom/server") as { renderToStaticMarkup: Render }).renderToStaticMarkup;
  } catch (error) {
    // Without react-dom the element is shown as the object that it is.
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
