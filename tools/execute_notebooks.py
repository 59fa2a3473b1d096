"""Runs chapters from top to bottom and stores their outputs.

    make notebooks                       # all chapters
    make notebooks CHAPTERS="00 01"      # those whose names begin so

A chapter is replaced only when all of its cells ran, without a word on stderr. What changes from run to run
although nothing has changed (the random names of widgets, how printed text is cut into pieces) is made the
same every time, so that a diff shows what is new.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

CHAPTERS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_PER_CELL = 300
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
REFERENCE = "IPY_MODEL_"  # how one widget names another in its state


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
        extra_arguments=["--IPKernelApp.log_level=40"],  # errors only, not a word on encryption per chapter
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"  {_place(notebook)} failed: {error.ename}: {error.evalue}")
        return False
    tidy(notebook, path.stem)
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


def tidy(notebook: NotebookNode, name: str) -> None:
    """Leave nothing in a notebook that differs between two runs of the same code."""
    widgets = notebook.metadata.get("widgets")
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
    if widgets:
        notebook.metadata.widgets = widgets
        _rename_widgets(notebook, name)


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


def _rename_widgets(notebook: NotebookNode, name: str) -> None:
    """Number the widgets in the order in which outputs show them and they hold one another; drop the rest."""
    state = notebook.metadata.widgets[STATE]["state"]
    views = [output.data[VIEW] for output in _displayed(notebook)]
    order: dict[str, str] = {}  # old name -> new name

    def visit(old: str) -> None:
        if old in state and old not in order:
            order[old] = hashlib.md5(f"{name} {len(order)}".encode()).hexdigest()
            for other in _references(state[old]):
                visit(other)

    def content(old: str) -> str:
        return _renamed(json.dumps(state[old], sort_keys=True), order)

    for view in views:
        visit(view["model_id"])
    # A link holds two widgets, and nothing holds the link: these come last, ordered by what they link.
    links = [old for old in state.keys() - order.keys() if state[old]["model_name"].endswith("LinkModel")]
    for old in sorted(links, key=content):
        visit(old)
    notebook.metadata.widgets[STATE]["state"] = {new: json.loads(content(old)) for old, new in order.items()}
    for view in views:
        view["model_id"] = order[view["model_id"]]


def _displayed(notebook: NotebookNode) -> list[NotebookNode]:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return [output for output in outputs if VIEW in output.get("data", {})]


def _references(value) -> list[str]:
    """The widgets that a state names, in a fixed order."""
    if isinstance(value, str):
        return [value.removeprefix(REFERENCE)] if value.startswith(REFERENCE) else []
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]
    return [name for part in value for name in _references(part)] if isinstance(value, list) else []


def _renamed(text: str, order: dict[str, str]) -> str:
    for old, new in order.items():
        text = text.replace(REFERENCE + old, REFERENCE + new)
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
