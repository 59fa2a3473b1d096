"""Runs chapters, and the glossary, from top to bottom and stores their outputs.

    make notebooks                       # all of them
    make notebooks CHAPTERS="00 01"      # those whose names begin so

A chapter is replaced only when all of its cells ran, without a word on stderr. What changes from run to run
although nothing has changed (how printed text is cut into pieces) is made the same every time, so that a diff
shows what is new. An explorer is stored as its picture.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from course_lib.live.stored import keep_pictures

CHAPTERS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_PER_CELL = 300


def main(beginnings: list[str]) -> int:
    paths = [
        path for path in sorted(CHAPTERS.glob("*.ipynb")) if path.name.startswith(tuple(beginnings or [""]))
    ]
    if not paths:
        print(f"no chapter begins with {' or '.join(beginnings) or 'anything'}")
    failed = [path for path in paths if not execute(path)]
    return 1 if failed or not paths else 0


def execute(path: Path) -> bool:
    """Run one chapter and store it; say which cell failed if one did."""
    print(path.name, flush=True)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=40"],  # errors only, not a word on encryption per chapter
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"  {_place(notebook)} failed: {error.ename}: {error.evalue}")
        return False
    tidy(notebook)
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                print(f"  cell {number} wrote to stderr: {output.text}")
                return False
    temporary = path.with_suffix(".tmp")
    nbformat.validate(notebook)
    nbformat.write(notebook, temporary)
    os.replace(temporary, path)
    return True


def _place(notebook: NotebookNode) -> str:
    """The cell that holds the error."""
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return f"cell {number} ({cell.source.strip().splitlines()[0]})"
    return "a cell"


# -- the same each time --------------------------------------------------------------------------


def tidy(notebook: NotebookNode) -> None:
    """Leave nothing in a notebook that differs between two runs of the same code."""
    keep_pictures(notebook)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Printed text in one piece."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
