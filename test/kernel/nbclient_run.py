"""Runs a small notebook through stock nbclient and prints, as JSON, the outputs of its code cells and their seconds.

Run by nbclient.test.ts with JUPYTER_PATH set; the argument is the notebook's folder.
"""
import json
import sys
from datetime import datetime

import nbformat
from nbclient import NotebookClient

CELLS = [
    'interface Point { x: number; y: number }\nconst points: Point[] = [{ x: 1, y: 2 }, { x: 3, y: 4 }];',
    "points.map(({ x, y }) => x * y)",
    "async function* rows() { yield* points }\nlet sum = 0;\nfor await (const { x } of rows()) sum += x;\nconsole.log(`sum ${sum}`);",
    'const wrong: string = sum;',
    'function fail(): never {\n  throw new RangeError("no such point");\n}\n\nfail();',
    'import { display, html } from "kontrast";\ndisplay(html`<b>${sum}</b>`);',
    "sum + 1",
]


def seconds(cell):
    times = cell.metadata.execution
    stamps = [datetime.fromisoformat(times[key].replace("Z", "+00:00")) for key in ("iopub.execute_input", "iopub.status.idle")]
    return (stamps[1] - stamps[0]).total_seconds()


notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS])
notebook.metadata.kernelspec = {"name": "kontrast", "display_name": "TypeScript (Kontrast)", "language": "typescript"}
client = NotebookClient(notebook, timeout=60, kernel_name="kontrast", allow_errors=True, resources={"metadata": {"path": sys.argv[1]}})
client.execute()
nbformat.validate(notebook)
print(json.dumps([{"outputs": cell.outputs, "seconds": seconds(cell)} for cell in notebook.cells]))
