"""Why an answer stopped, in a line or two: what, where in the learner's code, and the usual cause."""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
from collections.abc import Callable
from types import FrameType, FunctionType
from typing import Any

from course_lib.teaching.judging.reading import Refused
from course_lib.teaching.judging.running import TimeIsUp
from course_lib.teaching.judging.words import listed

_SHAPES = re.compile(
    r"gufunc|broadcast|not aligned|cannot be multiplied|size of tensor|must match the size|mismatch|"
    r"inconsistent tensor size|need at least \w+ dimension",
    re.IGNORECASE,
)
_TRANSPOSED = "An array with one dimension has no transpose: `.T` leaves it as it is. Is np.outer meant?"
_PRODUCT = "In A @ B, rows of A meet columns of B. Is a transpose missing, or the order turned?"
_ENTRYWISE = "Entry by entry, shapes are held together from the right: equal lengths, or a length of 1."


def why_it_stopped(error: BaseException, answer: Any, seconds: float) -> str:
    """What is said of code that raised, and never a whole traceback.

    Args:
        error: what it raised.
        answer: the learner's function, whose cells are the code that is meant by a line.
        seconds: how long it was allowed to run.
    """
    frame, number = _last_line(error, answer)
    line = linecache.getline(frame.f_code.co_filename, number).strip() if frame else ""
    where = f" at line {number}, `{line}`" if line else ""
    if isinstance(error, TimeIsUp):
        return f"It was stopped after {seconds:g} seconds{where}. Does a loop never end?"
    if isinstance(error, RecursionError):
        return f"It calls itself again and again, without an end{where}."
    if isinstance(error, SystemExit):
        return f"It ends Python itself{where}: leave out exit() and quit(), and use `return`."
    said = _message(error)
    if isinstance(error, (ValueError, RuntimeError, IndexError)) and _SHAPES.search(said):
        return f"The shapes do not fit{where}{_shapes(frame, line)}. {_cause(frame, line)}"
    return f"It stopped{where} with {type(error).__name__}{': ' if said else ''}{said}"


def arguments_fit(answer: Callable, names: tuple[str, ...]) -> None:
    """Nothing, if a function takes arguments of this number, whatever it calls them.

    Raises:
        Refused: it takes others; the text names both.

    Example:
        >>> arguments_fit(lambda w, lr: w, ("w", "b", "lr"))
        Traceback (most recent call last):
        course_lib.teaching.judging.reading.Refused: Your function takes (w, lr), and (w, b, lr) is asked for.
    """
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some built-in functions do not tell
        return
    try:
        signature.bind(*names)
    except TypeError:
        stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
        taken = tuple(stars.get(p.kind, "") + p.name for p in signature.parameters.values())
        raise Refused(f"Your function takes {listed(taken)}, and {listed(names)} is asked for.") from None


def _last_line(error: BaseException, answer: Any) -> tuple[FrameType | None, int]:
    """The innermost frame that runs code of the learner's notebook, and the line it has come to."""
    is_plain = type(answer) is FunctionType  # other things may raise when they are looked at
    function = inspect.unwrap(answer) if is_plain else vars(type(answer)).get("__call__")
    own = getattr(function, "__globals__", None)
    walked = [(f, n) for f, n in traceback.walk_tb(error.__traceback__) if f.f_globals is own]
    return walked[-1] if walked else (None, 0)


def _message(error: BaseException) -> str:
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # a learner's own exception class
        return ""
    return lines[0][:200] if lines else ""


def _arrays(frame: FrameType | None, line: str) -> dict[str, tuple]:
    """The shapes of the arrays that a line names."""
    known = frame.f_locals if frame else {}
    named = dict.fromkeys(re.findall(r"[^\W\d]\w*", line))
    shapes = {name: getattr(known[name], "shape", None) for name in named if name in known}
    return {name: tuple(shape) for name, shape in shapes.items() if isinstance(shape, tuple)}


def _shapes(frame: FrameType | None, line: str) -> str:
    shapes = [f"{name} has shape {shape}" for name, shape in _arrays(frame, line).items()]
    return f": {', '.join(shapes)}" if shapes else ""


def _cause(frame: FrameType | None, line: str) -> str:
    flat = any(f"{name}.T" in line for name, shape in _arrays(frame, line).items() if len(shape) == 1)
    if flat:
        return _TRANSPOSED
    return _PRODUCT if re.search(r"@|\bdot\(|matmul\(", line) else _ENTRYWISE
