"""Small chapters, written and read by nbformat, which the desk does without."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def text(name: str, source: str, **metadata) -> NotebookNode:
    return new_markdown_cell(source, id=name, metadata=metadata)


def code(name: str, source: str, printed: str = "", **metadata) -> NotebookNode:
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    return new_code_cell(source, id=name, outputs=outputs, execution_count=1, metadata=metadata)


def notebook(*cells: NotebookNode) -> NotebookNode:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernel})


def read(path: Path) -> NotebookNode:
    """The notebook in a file, which must be a valid one with unique ids."""
    found = nbformat.read(path, as_version=4)
    nbformat.validate(found)
    ids = [cell.id for cell in found.cells]
    assert len(set(ids)) == len(ids)
    return found


def write(path: Path, content: NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(content, path)


def sources(content: NotebookNode) -> list[str]:
    return [cell.source for cell in content.cells]


def by_id(content: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in content.cells}
