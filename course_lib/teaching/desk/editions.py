"""Chapters as files: what is a notebook, what an edition of one is called, and what a desk keeps of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from course_lib.teaching.desk.files import MARK, write_atomically
from course_lib.teaching.desk.merge import OURS, Notebook

_KINDS = ("code", "markdown", "raw")


def parsed(data: bytes) -> Notebook:
    """The notebook that a file holds, each source as one string.

    Args:
        data: the bytes of the file.

    Raises:
        ValueError: that is no notebook, or one of another format than the chapters'.

    Example:
        >>> parsed(b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')["cells"]
        []
    """
    notebook = json.loads(data.decode("utf-8-sig"))
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise ValueError("it is not a notebook of format 4")
    try:
        cells = [_cell(cell) for cell in notebook["cells"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"it is not a notebook: {error!r}") from error
    return {"nbformat_minor": 5, **notebook, "cells": cells, "metadata": dict(notebook.get("metadata", {}))}


def _cell(cell: dict) -> dict:
    if cell["cell_type"] not in _KINDS:
        raise ValueError(f"it is not a notebook: no cell is {cell['cell_type']!r}")
    return {**cell, "source": "".join(cell["source"]), "metadata": dict(cell.get("metadata", {}))}


def written(notebook: Notebook, edition: str, **more: str) -> str:
    """The text of its file, laid out as by JupyterLab, naming the edition it holds or was merged with."""
    metadata = {**notebook["metadata"], OURS: {"edition": edition, **more}}
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    content = {**notebook, "metadata": metadata, "cells": cells}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def digest(data: bytes) -> str:
    """A short name for these bytes. That of a chapter's file is the name of its edition."""
    return hashlib.sha256(data).hexdigest()[:16]


def marks(notebook: Notebook) -> dict[str, str]:
    """What `written` has put into the metadata; empty if an editor has dropped it."""
    found = notebook["metadata"].get(OURS)
    return found if isinstance(found, dict) else {}


def keep(desk: Path, notebook: Notebook, edition: str) -> None:
    """Keep an edition in the desk, without its outputs, for the merge with a later one.

    The digest of a fresh copy stands in it: a working copy that has it still was never saved by anybody.
    """
    if kept(desk, edition):
        return
    file = _kept(desk, edition)
    file.parent.mkdir(parents=True, exist_ok=True)
    empty = {"outputs": [], "execution_count": None}
    cells = [cell | empty if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    fresh = digest(written(notebook, edition).encode())
    write_atomically(file, written({**notebook, "cells": cells}, edition, fresh=fresh))


def kept(desk: Path, edition: str) -> Notebook | None:
    """The edition as the desk keeps it, or None if somebody has removed or damaged it."""
    try:
        return parsed(_kept(desk, edition).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _kept(desk: Path, edition: str) -> Path:
    return desk / MARK / "base" / f"{edition}.ipynb"
