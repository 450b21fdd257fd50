"""Executes notebooks/quickstart.ipynb, unchanged, with stock nbclient and writes the result.

Run by quickstart.test.ts with JUPYTER_PATH set; the argument is the file to write.
"""
import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read("notebooks/quickstart.ipynb", as_version=4)
NotebookClient(notebook, timeout=900, resources={"metadata": {"path": "notebooks"}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, sys.argv[1])
