"""Hints of an exercise, one at a time, and at last its solution."""

from __future__ import annotations

import difflib
import json
import re

from course_lib.teaching.desk import progress
from course_lib.teaching.desk.files import COURSE

_SOLUTION = r"<summary>Solution: <code>{name}</code></summary>\s*(```python\n.*?```)"
_given: dict[str, int] = {}  # how many were asked for in this kernel


class Hint:
    """What a notebook shows of the hints that were asked for."""

    def __init__(self, markdown: str):
        self.markdown = markdown

    def __repr__(self) -> str:
        return re.sub(r"^\*\*(.*?)\*\*", r"\1", self.markdown, flags=re.MULTILINE)  # in code, ** is a power

    def _repr_markdown_(self) -> str:
        return self.markdown


def hint(name: str) -> Hint:
    """The next hint for an exercise: the first, then the second, then the solution.

    Each call in one session of a kernel gives one more; those before are shown again. The desk remembers how
    many you needed.

    Args:
        name: the exercise, as in `check.name(…)`.

    Raises:
        ValueError: there is no such exercise.

    Example:
        >>> hint("gradient_step")  # doctest: +SKIP
        Hint 1 of 2. ...
    """
    from course_lib.teaching.check import by_name  # late: it hands on this function

    name = getattr(name, "name", name)  # check.hint(check.adam_update) is meant as well
    name = name.strip().lower() if isinstance(name, str) else name
    known = by_name()
    if not isinstance(name, str) or name not in known:
        near = difflib.get_close_matches(str(name), known, n=3) or list(known)[:3]
        raise ValueError(f"there is no exercise {name!r}; there is {', '.join(map(repr, near))}")
    chapter, exercise = known[name]
    steps = [f"**Hint {at} of {len(exercise.hints)}.** {said}" for at, said in enumerate(exercise.hints, 1)]
    steps += (
        [_solution(chapter, name)] if steps else ["There is no hint for this one.", _solution(chapter, name)]
    )
    _given[name] = number = min(_given.get(name, 0) + 1, len(steps))
    note = progress.change(lambda record: progress.keep_hint(record, name, number))
    more = ["Run this cell again for more."] if number < len(steps) - 1 else []
    more += ["Run this cell again for the solution."] if number == len(steps) - 1 else []
    return Hint("\n\n".join([*steps[:number], *more, *filter(None, [note])]))


def _solution(chapter: str, name: str) -> str:
    """The solution that is folded in the chapter."""
    file = COURSE / "notebooks" / f"{chapter}.ipynb"
    if not file.exists():
        return "The solution is folded below the exercise."
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return "**Solution.**\n\n" + re.search(_SOLUTION.format(name=name), text, re.DOTALL)[1]
