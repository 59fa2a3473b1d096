"""Right answers become the learner's own library, `my_nn.py`: one section an exercise, in their own words."""

from __future__ import annotations

import ast
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course_lib.teaching.desk.cells import defined, import_of, missing, needed, words
from course_lib.teaching.desk.files import MARK, desk_folder, locked, set_aside, write_atomically
from course_lib.teaching.judging.running import TimeIsUp, attempt

NAME = "my_nn.py"
_HEAD = '''"""Your own library: every right answer of yours, with what it needs.

The course puts a section here when a check says "Right". What you write above the first section stays.
"""

import math

import numpy as np
'''
_SECONDS = 5  # an import may take; a loop at the top of a cell would never end
_SECTION = "# %% "  # editors show a cell there
_TOGETHER = "Put all that it needs into one cell."

_of_this_kernel: dict[str, Any] = {}  # exercise -> a right answer, for where there is no desk

Sections = dict[str, tuple[str, str]]  # exercise -> (what its answer is called, its code)
Fault = Callable[[str, Any], str]  # an exercise's name and an answer -> what is wrong with it, if anything


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class _Stops(Exception):
    """The learner's own code does not come to its end; the text says why."""


def keep(exercise: str, variable: str, cell: str, fault: Fault, known: Mapping[str, Any] = _NOTHING) -> str:
    """Put a right answer into `my_nn.py`, if it is right there as well, by itself.

    Args:
        exercise: its name.
        variable: what the learner's cell calls the answer.
        cell: the source of the cell that defines it.
        fault: what is wrong with an answer to an exercise; nothing if it is right.
        known: what the names of other cells stand for; what is imported there is imported here as well.

    Returns:
        What the learner should know of it; nothing when there is no desk or nothing has changed.
    """
    desk = desk_folder()
    if desk is None:
        return ""
    try:
        with locked(desk):
            return _put(desk, exercise, variable, needed(cell, variable), fault, known)
    except OSError as error:
        return f"It could not be put into {NAME}: {error.strerror or error}."


def remember(exercise: str, answer: Any) -> None:
    """Keep a right answer for as long as the kernel lasts."""
    _of_this_kernel[exercise] = answer


def library() -> tuple[dict[str, Any], str]:
    """The answers of the learner by exercise, and what the learner should know of the file they come from."""
    desk = desk_folder()
    if desk is None or not (desk / NAME).exists():
        return _of_this_kernel, ""
    try:
        with locked(desk):
            _, sections, note = _sections(desk)
            found = _imported(desk / NAME) if sections else {}
    except (_Stops, OSError) as error:
        return _of_this_kernel, f"{NAME} cannot be used: it {error}."
    return {name: found[variable] for name, (variable, _) in sections.items() if variable in found}, note


def _put(desk: Path, exercise: str, variable: str, code: str, fault: Fault, known: Mapping[str, Any]) -> str:
    head, sections, note = _sections(desk)
    code, helpers, foreign = _complete(exercise, code, sections, known)
    if sections.get(exercise) == (variable, code):
        return note
    alone = helpers | {exercise: (variable, code)}
    try:
        said = fault(exercise, _run(desk, _text(_HEAD, alone)).get(variable))
    except _Stops as error:
        said = f"It {error}"
    if said:
        names = " and ".join(f"`{name}`" for name in sorted(foreign))
        comes = f"{names} comes from another cell: define it in this one, too." if names else _TOGETHER
        return f"{note}It was not put into {NAME}. By itself: {said.rstrip('.')}. {comes}"
    library = sections | {exercise: (variable, code)}
    try:
        spoiled = _spoiled(desk, head, sections, library, fault)
    except _Stops as error:
        return f"{NAME} cannot be used: it {error}. Mend it, and check again."
    if spoiled:
        return f"{note}It was not put into {NAME}: {_clash(exercise, code, sections, spoiled)}"
    write_atomically(desk / NAME, _text(head, library))
    return f"{note}It is in your {NAME} now."


def _complete(
    exercise: str, code: str, sections: Sections, known: Mapping[str, Any]
) -> tuple[str, Sections, set[str]]:
    """Code with the imports it takes from other cells; the answers that it uses; what is foreign to it."""
    names = missing(code) - defined(_HEAD)
    lines = {name: line for name in names if name in known and (line := import_of(name, known[name]))}
    own = {variable: name for name, (variable, _) in sections.items() if name != exercise}
    helpers = {own[name]: sections[own[name]] for name in names & set(own)}
    imports = "".join(f"{line}\n" for line in sorted(lines.values()))
    return imports + "\n" * (2 * bool(imports)) + code, helpers, names - set(lines) - set(own)


def _clash(exercise: str, code: str, sections: Sections, spoiled: list[str]) -> str:
    """Which names of two cells mean different things."""
    others = {name: sections[name][1] for name in sections if name != exercise}
    used = words(ast.parse(code))
    shared = {
        word
        for other in others.values()
        for word in (defined(code) & words(ast.parse(other))) | (defined(other) & used)
    }
    names = " and ".join(f"`{word}`" for word in sorted(shared - defined(_HEAD)))
    wrong = " and ".join(spoiled)
    because = f"because two cells use {names} for different things"
    return f"{wrong} would be wrong there, {because}. Choose another name."


def _spoiled(desk: Path, head: str, before: Sections, after: Sections, fault: Fault) -> list[str]:
    """The answers that are right in one library, or new, and wrong in the other."""
    found = _run(desk, _text(head, after))
    wrong = [name for name, (variable, _) in after.items() if fault(name, found.get(variable))]
    if not wrong:
        return []
    found = _run(desk, _text(head, before))
    changed = [name for name in wrong if before.get(name) != after[name]]
    return changed + [
        name for name in wrong if name not in changed and not fault(name, found.get(before[name][0]))
    ]


def _run(desk: Path, text: str) -> dict[str, Any]:
    """Import a library, and return what it defines; what it prints is not of interest."""
    candidate = desk / MARK / "my_nn_candidate.py"
    write_atomically(candidate, text)
    try:
        return _imported(candidate)
    finally:
        candidate.unlink()


def _imported(file: Path) -> dict[str, Any]:
    tried = attempt(lambda: runpy.run_path(str(file)), _SECONDS)
    if isinstance(tried.error, TimeIsUp):
        raise _Stops(f"takes longer than {_SECONDS} s to import")
    if tried.error:
        raise _Stops(f"stops with {type(tried.error).__name__}: {tried.error}") from tried.error
    return tried.value


# -- the file ------------------------------------------------------------------------------------


def _sections(desk: Path) -> tuple[str, Sections, str]:
    """What stands above the sections, the sections, and what the learner should know of the file."""
    file = desk / NAME
    if not file.exists():
        return _HEAD, {}, ""
    try:
        text = file.read_text(encoding="utf-8")
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        aside = set_aside(desk, file)
        return _HEAD, {}, f"{NAME} was no Python any more ({error}). It is kept as {aside}. "
    head, *parts = ("\n" + text).split("\n" + _SECTION)
    sections = {}
    for part in parts:
        title, _, code = part.partition("\n")
        exercise, _, variable = title.partition(": ")
        sections[exercise] = (variable, code.strip("\n"))
    return head.strip("\n") + "\n", sections, ""


def _text(head: str, sections: Sections) -> str:
    parts = [f"{_SECTION}{exercise}: {name}\n\n{code}\n" for exercise, (name, code) in sections.items()]
    return "\n\n".join([head, *parts])
