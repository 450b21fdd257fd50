/**
 * Text as a terminal would leave it: a carriage return goes back to the start of the line, what follows overwrites it,
 * so that a progress bar drawn a thousand times is one line.
 */
export class TerminalText {
  #finished = "";
  #line = "";
  #column = 0;

  /** Takes the next part of the stream; a part may end anywhere. */
  push(text: string): void {
    const parts = text.split("\n");
    parts.forEach((part, index) => {
      this.#pushToLine(part);
      if (index === parts.length - 1) return;
      this.#finished += `${this.#line}\n`;
      this.#line = "";
      this.#column = 0;
    });
  }

  /** The text so far. */
  toString(): string {
    return this.#finished + this.#line;
  }

  #pushToLine(text: string): void {
    const parts = text.split("\r");
    parts.forEach((part, index) => {
      if (index > 0) this.#column = 0;
      if (part === "") return;
      // Columns of a line with escape sequences (colours) cannot be counted in characters: it is replaced as a whole.
      const escaped = part.includes("\u001b") || (this.#column === 0 && this.#line.includes("\u001b"));
      const rest = escaped && this.#column === 0 ? "" : this.#line.slice(this.#column + part.length);
      this.#line = this.#line.slice(0, this.#column) + part + rest;
      this.#column += part.length;
    });
  }
}
