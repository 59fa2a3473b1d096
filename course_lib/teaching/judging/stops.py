"""Why an answer stopped, in a line or two: what, where in the learner's code, and the usual cause."""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
from collections.abc import Callable
from types import FrameType, FunctionType
from typing import Any

from course_lib.teaching.judging.causes import cause, cause_of_shapes, shapes_on
from course_lib.teaching.judging.reading import Refused
from course_lib.teaching.judging.running import Attempt, TimeIsUp
from course_lib.teaching.judging.words import listed

_SHAPES = re.compile(
    r"gufunc|broadcast|not aligned|cannot be multiplied|size of tensor|must match the size|mismatch|"
    r"inconsistent tensor size|need at least \w+ dimension",
    re.IGNORECASE,
)
_UNHELPFUL = r" Use a\.any|, and the inputs could not be"  # what NumPy says after it is no help here
_LOOP = "Is there a loop that never ends, or one very large computation?"


def why_it_stopped(tried: Attempt, answer: Any, seconds: float, given: str) -> str:
    """What is said of code that raised, and never a whole traceback.

    Args:
        tried: the attempt, with what it raised and how long it took.
        answer: the learner's function, whose cells are the code that is meant by a line.
        seconds: how long it was allowed to run.
        given: the words " for z = 1.5", or "".
    """
    error = tried.error
    frame, number = _last_line(error, answer)
    line = linecache.getline(frame.f_code.co_filename, number).strip() if frame else ""
    where = _where(number, line)
    if isinstance(error, TimeIsUp):
        return f"It was stopped after {_after(tried.took, seconds)}{where}{given}. {_LOOP}"
    if isinstance(error, RecursionError):
        return f"It calls itself again and again, without an end{where}{given}."
    if isinstance(error, SystemExit):
        return f"It ends Python itself{where}: leave out exit() and quit(), and use `return`."
    said = _message(error)
    if isinstance(error, (ValueError, RuntimeError, IndexError)) and _SHAPES.search(said):
        return f"The shapes do not fit{where}{_shapes(frame, line)}. {cause_of_shapes(said, frame, line)}"
    usual = cause(error, said, frame, line)
    text = f"It stopped{where}{given} with {type(error).__name__}{': ' if said else ''}{said}"
    return f"{text.rstrip('.')}. {usual}" if usual else text


def left_empty(error: BaseException, answer: Any) -> str | None:
    """What is said of code that computes with a `...` that is still there; nothing of other errors."""
    if not isinstance(error, (TypeError, AttributeError)) or "ellipsis" not in _message(error).lower():
        return None
    frame, number = _last_line(error, answer)
    line = linecache.getline(frame.f_code.co_filename, number).strip() if frame else ""
    return f"Not tried yet: a `...` is left{_where(number, line)}."


def _where(number: int, line: str) -> str:
    return f" at line {number}, `{line}`" if line else ""


def _after(took: float, seconds: float) -> str:
    if took < seconds + 1:
        return f"{seconds:g} seconds"
    return f"{took:.0f} seconds ({seconds:g} are allowed; it could not be stopped sooner)"


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
        if by_name := _by_name_only(signature):
            them = "it" if len(by_name) == 1 else "them"
            raise Refused(
                f"Your function takes {', '.join(by_name)} by name only, and gets {them} by place: "
                "leave out the `*` before."
            ) from None
        stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
        taken = tuple(stars.get(p.kind, "") + p.name for p in signature.parameters.values())
        raise Refused(f"Your function takes {listed(taken)}, and {listed(names)} is asked for.") from None


def _by_name_only(signature: inspect.Signature) -> list[str]:
    needed = [p for p in signature.parameters.values() if p.default is p.empty]
    return [p.name for p in needed if p.kind is p.KEYWORD_ONLY]


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
    return re.split(_UNHELPFUL, lines[0])[0][:200] if lines else ""


def _shapes(frame: FrameType | None, line: str) -> str:
    shapes = [f"{name} has shape {shape}" for name, shape in shapes_on(frame, line).items()]
    return f": {', '.join(shapes)}" if shapes else ""
