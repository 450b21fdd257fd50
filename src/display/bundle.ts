/** One value in several representations: MIME type to text, base64 (images) or JSON. Front ends show the richest. */
export type MimeBundle = Record<string, unknown>;

/** A bundle as it is shown, with what Jupyter calls metadata: per MIME type, such as the width of an image. */
export interface Shown {
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
  /** Name under which it can be replaced later. */
  readonly displayId?: string;
}

/** Method name, shared with Deno's kernel, under which a value says how it wants to be shown. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** Method name under which a value adds metadata to its bundle. */
export const metadataSymbol: unique symbol = Symbol.for("kontrast.displayMetadata") as never;

/** Method name under which a value that replaces what it has shown says the name of its place. */
export const displayIdSymbol: unique symbol = Symbol.for("kontrast.displayId") as never;

/** A value that knows how it wants to be shown in a notebook. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
  [metadataSymbol]?(): Record<string, unknown>;
  [displayIdSymbol]?(): string;
}
