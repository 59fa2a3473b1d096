"""What a learner has guessed, tried and solved: `progress.json`, or the kernel's memory without a desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from course_lib.teaching.desk.files import desk_folder, locked, set_aside, write_atomically

NAME = "progress.json"
VERSION = 1

Record = dict[str, Any]
"""{"version": 1,
 "guesses": {name: {"guess": text, "right": bool, "when": time}},
 "exercises": {name: {"tries": int, "hints": int, "right": time or None, "last": text}}}"""


def _empty() -> Record:
    return {"version": VERSION, "guesses": {}, "exercises": {}}


_of_this_kernel: Record = _empty()


def change(edit: Callable[[Record], None]) -> str:
    """Change the record, alone and at once.

    Args:
        edit: changes the record that it is given, in place.

    Returns:
        What the learner should know of it, such as that it cannot be kept; most times nothing.

    Example:
        >>> change(lambda record: keep_guess(record, "01-mirror", "0.2", right=True))
        ''
        >>> read()[0]["guesses"]["01-mirror"]["guess"]
        '0.2'
    """
    desk = desk_folder()
    if desk is None:
        edit(_of_this_kernel)
        return ""
    try:
        with locked(desk):
            record, note = _stored(desk)
            edit(record)
            write_atomically(desk / NAME, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:  # a full or read-only disk, or another process that does not let go
        edit(_of_this_kernel)
        return f"This lasts only as long as the kernel: {desk / NAME} cannot be written ({_brief(error)})."
    return note


def read() -> tuple[Record, str]:
    """The record, and what the learner should know of it."""
    desk = desk_folder()
    if desk is None:
        return _of_this_kernel, ""
    try:
        with locked(desk):
            return _stored(desk)
    except OSError as error:
        return _of_this_kernel, f"{desk / NAME} cannot be read ({_brief(error)})."


def keep_guess(record: Record, name: str, guess: str, *, right: bool) -> None:
    """The first guess counts; later ones are not written down."""
    record["guesses"].setdefault(name, {"guess": guess, "right": right, "when": _now()})


def keep_try(record: Record, name: str, *, right: bool, said: str) -> None:
    """Count a try. The same answer checked again, as by running all cells, is not another try."""
    entry = _entry(record, name)
    if entry["right"]:
        return
    entry["tries"] += said != entry["last"]
    entry["last"] = said
    if right:
        entry["right"] = _now()


def keep_hint(record: Record, name: str, number: int) -> None:
    """Note that so many hints were shown."""
    entry = _entry(record, name)
    entry["hints"] = max(entry["hints"], number)


def _entry(record: Record, name: str) -> dict[str, Any]:
    return record["exercises"].setdefault(name, {"tries": 0, "hints": 0, "right": None, "last": ""})


# -- the file ------------------------------------------------------------------------------------


def _stored(desk: Path) -> tuple[Record, str]:
    """What the file holds. One that is damaged, or of another version, is set aside."""
    file = desk / NAME
    if not file.exists():
        return _empty(), ""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        fault = _fault(record)
    except ValueError as error:
        fault = f"it is damaged: {_brief(error)}"
    if not fault:
        return record, ""
    aside = set_aside(desk, file)
    return _empty(), f"{NAME} could not be used ({fault}). It is kept as {aside}, and a new one was begun."


def _fault(record: Any) -> str:
    """What keeps a record from being used, or nothing."""
    if not isinstance(record, dict) or not isinstance(record.get("version"), int):
        return "it is not a record of this course"
    if record["version"] != VERSION:
        return f"it is of version {record['version']}, and this course writes version {VERSION}"
    fields = {
        "guesses": {"guess": str, "right": bool, "when": str},
        "exercises": {"tries": int, "hints": int, "right": (str, type(None)), "last": str},
    }
    for part, kinds in fields.items():
        entries = record.get(part)
        if not isinstance(entries, dict):
            return f"it has no {part}"
        for name, entry in entries.items():
            if not isinstance(entry, dict) or not all(isinstance(entry.get(f), k) for f, k in kinds.items()):
                return f"its entry {name!r} is not whole"
    return ""


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _brief(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
