import type { KernelOutput } from "../kernel/client/index.js";
import type { CodeCell, DisplayOutput, Output, ResultOutput, StreamOutput } from "./format.js";
import { TerminalText } from "./terminalText.js";

type Shown = DisplayOutput | ResultOutput;

/** All outputs of a notebook that carry a display id, in whichever cell: an update replaces each of them. */
export class Displays {
  readonly #byId = new Map<string, Set<Shown>>();

  add(id: string, output: Shown): void {
    const known = this.#byId.get(id);
    if (known) known.add(output);
    else this.#byId.set(id, new Set([output]));
  }

  /** Replaces what is shown under an id; an id that nothing is shown under is no error, as in every front end. */
  update(id: string, data: Readonly<Record<string, unknown>>, metadata: Record<string, unknown>): void {
    for (const output of this.#byId.get(id) ?? []) {
      output.data = { ...data };
      output.metadata = metadata;
    }
  }
}

/** Puts a cell's outputs, as they come from the kernel, into the cell in the form of the notebook format. */
export class CellOutputs {
  readonly #cell: CodeCell;
  readonly #displays: Displays;
  #open: { output: StreamOutput; text: TerminalText } | undefined;
  #clearNext = false;

  /** Empties the cell. */
  constructor(cell: CodeCell, displays: Displays) {
    this.#cell = cell;
    this.#displays = displays;
    cell.outputs = [];
  }

  receive(output: KernelOutput): void {
    switch (output.type) {
      case "clear_output":
        // `wait`: the old output stays until there is something new, so that an animation does not flicker.
        if (output.wait) this.#clearNext = true;
        else this.#cell.outputs = [];
        return;
      case "update_display_data":
        this.#displays.update(output.displayId, output.data, output.metadata);
        return;
      case "stream":
        this.#stream(output.name, output.text);
        return;
      case "error":
        this.#add({
          output_type: "error",
          ename: output.name,
          evalue: output.message,
          traceback: [...output.traceback],
        });
        return;
      case "display_data":
        this.#show({ output_type: "display_data", data: output.data, metadata: output.metadata }, output.displayId);
        return;
      case "execute_result": {
        const { data, metadata, executionCount } = output;
        this.#show(
          { output_type: "execute_result", data, metadata, execution_count: executionCount },
          output.displayId,
        );
      }
    }
  }

  #add(output: Output): void {
    if (this.#clearNext) this.#cell.outputs = [];
    this.#clearNext = false;
    this.#cell.outputs.push(output);
  }

  #show(output: Shown, displayId: string | undefined): void {
    this.#add(output);
    if (displayId !== undefined) this.#displays.add(displayId, output);
  }

  /** Text of one stream in a row is one output. */
  #stream(name: StreamOutput["name"], text: string): void {
    const continues = this.#open?.output === this.#cell.outputs.at(-1) && this.#open?.output.name === name;
    if (!this.#open || !continues || this.#clearNext) {
      this.#open = { output: { output_type: "stream", name, text: "" }, text: new TerminalText() };
      this.#add(this.#open.output);
    }
    this.#open.text.push(text);
    this.#open.output.text = this.#open.text.toString();
  }
}
