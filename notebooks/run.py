"""Run notebooks and write each with its outputs, and as a page: run.py NOTEBOOK... FOLDER."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

_FETCHED = (
    "mathjax_url",
    "require_js_url",
    "jquery_url",
    "mermaid_js_url",
    "mermaid_layout_elk_js_url",
)


def run(source: Path, folder: Path) -> None:
    """Execute `source` in its own folder; raises CellExecutionError when a cell fails.

    The page asks no host for anything: what it would fetch has no address.
    """
    notebook = nbformat.read(source, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": source.parent}}).execute()
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / source.name)
    exporter = HTMLExporter(**dict.fromkeys(_FETCHED, ""))
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": source.stem}})
    (folder / source.with_suffix(".html").name).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    *sources, target = map(Path, sys.argv[1:])
    for source in sources:
        run(source, target)
