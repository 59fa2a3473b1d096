"""Three notebooks become one: what the course gave, what the learner made of it, what the course gives now.

Cells are known by their ids, which the chapters keep for good. (nbdime pairs them by their looks: a note that
a learner puts before a paragraph which the course then rewrites makes a conflict there, and resolved for the
learner it drops the new paragraph. So nbdime merges what it is good at, the lines of one cell.) A cell is
never marked up: where the two sides do not fit, the learner's stays and a note below it shows the course's.

A notebook here is what `json.loads` makes of its file, with each source as one string.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
import uuid
from collections import Counter

Cell = dict
Notebook = dict

OURS = "course_lib"  # the key of what the course keeps in the metadata of a notebook or a cell
_ID = re.compile(r"(?!clash-)[A-Za-z0-9_-]{1,64}")  # as the format allows, and not a note's
_BOTH = "The course has changed the cell above too. Yours stays as it is; this is the course's new version:"
_GONE = "The course no longer has the cell above. It stays because you changed it."
_DELETED = "The course has changed a cell that you deleted here. This is its new version:"
_DONE = "Delete this note when you have no use for it."


def merge(base: Notebook, mine: Notebook, course: Notebook) -> tuple[Notebook, int]:
    """What the learner wrote and what the course changed, in one notebook.

    A cell that the learner did not touch becomes the course's, with its outputs. A cell that only the learner
    touched stays. Where both changed different lines, both changes are in; where they clash, the learner's
    cell stays and a note follows it.

    Args:
        base: the edition the learner began with; one without cells if it is lost.
        mine: the learner's working copy.
        course: the new edition.

    Returns:
        The merged notebook, and how many clashes are new in it.

    Example:
        >>> def notebook(source):
        ...     cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": source}
        ...     return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        >>> merged, clashes = merge(notebook("one\\ntwo"), notebook("one\\ntwo\\nmine"), notebook("1\\ntwo"))
        >>> merged["cells"][0]["source"], clashes
        ('1\\ntwo\\nmine', 0)
    """
    was = {cell["id"]: cell for cell in base["cells"]}
    now = {cell["id"]: cell for cell in course["cells"]}
    own, notes = _by_id(mine["cells"], course["cells"] + base["cells"])
    cells, clashes = [], 0
    for name in _order(list(was), list(own), list(now)):
        cell, note = _merged_cell(was.get(name), own.get(name), now.get(name))
        clashes += note is not None
        if not _same(cell, now.get(name)):  # else the two agree, and an earlier note has done its work
            note = note or notes.get(name)
        cells += [part for part in (cell, note) if part]
    metadata = _three_ways(*(one.get("metadata", {}) for one in (base, mine, course)))
    minor = max(one["nbformat_minor"] for one in (mine, course))
    merged = {**course, "cells": cells, "metadata": metadata, "nbformat_minor": minor}
    return copy.deepcopy(merged), clashes


# -- which cell is which -------------------------------------------------------------------------


def _by_id(cells: list[Cell], ours: list[Cell]) -> tuple[dict[str, Cell], dict[str, Cell]]:
    """The learner's cells by id, and by the id they speak of the notes that an earlier update left.

    An editor may have dropped the ids: a cell that says what one of ours says is that one.
    """
    notes = {cell["metadata"][OURS]["clash"]: cell for cell in cells if _is_note(cell)}
    cells = [cell for cell in cells if not _is_note(cell)]
    known = {cell["id"] for cell in ours}
    missing = known - {cell.get("id") for cell in cells}
    lost = {_content(cell): cell["id"] for cell in ours if cell["id"] in missing}
    named = {}
    for cell in cells:
        name = cell.get("id")
        if name not in known or name in named:
            name = lost.pop(_content(cell), name)
        if name in named or not isinstance(name, str) or not _ID.fullmatch(name):
            name = uuid.uuid4().hex[:8]
        named[name] = _tidy(cell, name)
    return named, notes


def _tidy(cell: Cell, name: str) -> Cell:
    """The cell with all that the format demands; a note that the learner wrote in is no longer ours."""
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key != OURS}
    needed = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return {**needed, **cell, "id": name, "metadata": metadata}


def _order(was: list[str], own: list[str], now: list[str]) -> list[str]:
    """All cells in the course's order, or, if the learner moved some, in the learner's."""
    moved = [name for name in own if name in was] != [name for name in was if name in own]
    return _woven(own, now) if moved else _woven(now, own)


def _woven(order: list[str], others: list[str]) -> list[str]:
    """The others brought into an order, each behind the one that it follows among its own."""
    order, place = list(order), 0
    for name in others:
        if name not in order:
            order.insert(place, name)
        place = order.index(name) + 1
    return order


# -- one cell ------------------------------------------------------------------------------------


def _merged_cell(was: Cell | None, own: Cell | None, now: Cell | None) -> tuple[Cell | None, Cell | None]:
    """What a cell becomes, and a note if the two sides clash."""
    if own is None:
        new = now if was is None else None
        return new, None if new or _same(was, now) else _note(now, _DELETED, now)
    if now is None:
        if _same(was, own):
            return None, None
        return own, _note(was, _GONE) if was else None
    kept = {"metadata": _three_ways(*(cell["metadata"] if cell else {} for cell in (was, own, now)))}
    if _same(own, was) or _same(own, now):
        return now | kept, None
    if _same(was, now):
        return own | kept, None
    source = _joined(was, own, now) if was else None
    if source is None:
        return own, _note(now, _BOTH, now)
    if own.get("attachments") or now.get("attachments"):
        kept["attachments"] = {**now.get("attachments", {}), **own.get("attachments", {})}
    return own | kept | {"source": source}, None


def _content(cell: Cell) -> tuple[str, str]:
    return cell["cell_type"], cell["source"]


def _same(one: Cell | None, other: Cell | None) -> bool:
    return one is other or bool(one and other and _content(one) == _content(other))


def _three_ways(was: dict, own: dict, now: dict) -> dict:
    """Metadata: the course's, but what the learner set (folded, tagged) stays as the learner set it."""
    merged = {key: own.get(key) if own.get(key) != was.get(key) else now.get(key) for key in {**now, **own}}
    return {key: value for key, value in merged.items() if value is not None}


def _joined(was: Cell, own: Cell, now: Cell) -> str | None:
    """The source with the lines that either side changed, or None if the two do not fit."""
    from nbdime.merging.decisions import apply_decisions  # late: a second, and seldom needed
    from nbdime.merging.generic import decide_merge

    if len({cell["cell_type"] for cell in (was, own, now)}) > 1:
        return None
    before, mine, new = (cell["source"].split("\n") for cell in (was, own, now))
    decisions = decide_merge(before, mine, new)
    if any(decision.conflict for decision in decisions):
        return None
    lines = apply_decisions(before, decisions)
    written = (Counter(mine) - Counter(before)) | (Counter(new) - Counter(before))
    source = "\n".join(lines)
    fits = not written - Counter(lines) and (own["cell_type"] != "code" or _fits_as_code(was, now, source))
    return source if fits else None


def _fits_as_code(was: Cell, now: Cell, source: str) -> bool:
    """Whether lines of two hands can run as one: a body written for other arguments cannot."""
    try:
        ast.parse(source)
        return _arguments(was["source"]) == _arguments(now["source"])
    except SyntaxError:
        return False


def _arguments(source: str) -> list[tuple[str, str]]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (node.name, ast.unparse(node.args))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, functions)
    ]


# -- notes on a clash ----------------------------------------------------------------------------


def _note(about: Cell, says: str, shown: Cell | None = None) -> Cell:
    """A Markdown cell that tells of a clash, and shows the course's version if there is one."""
    text = f"**{says}**"
    if shown:
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", shown["source"])), default=0))
        language = {"code": "python", "markdown": "markdown"}.get(shown["cell_type"], "")
        text += f"\n\n{fence}{language}\n{shown['source']}\n{fence}"
    text += f"\n\n{_DONE}"
    metadata = {OURS: {"clash": about["id"], "text": _digest(text)}}
    return {"cell_type": "markdown", "id": f"clash-{about['id']}"[:64], "metadata": metadata, "source": text}


def _is_note(cell: Cell) -> bool:
    """Whether this is a note of ours in which nobody has written."""
    ours = cell.get("metadata", {}).get(OURS)
    return isinstance(ours, dict) and "clash" in ours and ours.get("text") == _digest(cell["source"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
