"""Values in words: short, and never failing, whatever a learner hands in."""

from __future__ import annotations

from typing import Any

import numpy as np

_DIGITS = (4, 6, 8, 10, 12, 14, 17)  # 17 tell any two floats apart
SHOWN = 12  # arrays up to so many entries are written out
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def ordinal(number: int) -> str:
    """Counted from 0.

    Example:
        >>> ordinal(1)
        'second'
    """
    return _ORDINALS[number] if number < len(_ORDINALS) else f"{number + 1}th"


def described(value: Any) -> str:
    """What a thing is: its value where that is short, its type otherwise.

    Example:
        >>> described("two"), described(print), described({})
        ("the text 'two'", 'a function', 'a dict')
    """
    kind = type(value)
    if kind is str:
        return f"the text {value[:40]!r}"
    if kind in (bool, int, float, complex):
        return f"{value!r:.40}"
    if issubclass(kind, type):  # of the type alone: a thing may raise when it is looked at
        return "a class"
    if kind.__name__ in ("function", "method", "builtin_function_or_method"):
        return "a function"
    if kind is np.ndarray:
        return {"U": "an array of texts", "S": "an array of texts", "M": "an array of dates"}.get(
            value.dtype.kind, "an array of things that are no numbers"
        )
    return {
        "generator": "a generator: `yield` makes one; use `return`",
        "coroutine": "a coroutine: leave out `async`",
        "map": "a map: make it a list",
        "zip": "a zip: make it a list",
        "set": "a set, which has no order",
        "dict": "a dict",
    }.get(kind.__name__, f"an object of type {kind.__name__:.40}")


def brief(value: Any, digits: int = 4) -> str:
    """Numbers with a few digits; large arrays by their shape; a function that is handed in as what it is.

    Example:
        >>> brief([1.0, 0.123456]), brief(np.zeros((5, 5))), brief(np.mean)
        ('[1, 0.1235]', 'an array of shape (5, 5)', 'a function')
    """
    if callable(value):
        return "a function"
    value = np.asarray(value)
    if value.size > SHOWN:
        return f"an array of shape {value.shape}"
    return _entries(value.tolist(), digits)


def _entries(value: Any, digits: int) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_entries(part, digits) for part in value)}]"
    if isinstance(value, int):
        return str(value)
    if digits == 17:
        return repr(value + 0.0)
    return f"{value + 0.0:.{digits}g}"  # and -0 is 0


def digits_that_differ(got: float, right: float) -> int:
    """How many digits it takes to see that two numbers are not the same.

    Example:
        >>> digits_that_differ(0.3333, 0.33331), digits_that_differ(1, 2)
        (6, 4)
    """
    return next((digits for digits in _DIGITS if brief(got, digits) != brief(right, digits)), 17)


def listed(names: tuple[str, ...]) -> str:
    """Names in the parentheses of a call.

    Example:
        >>> listed(("w", "lr"))
        '(w, lr)'
    """
    return f"({', '.join(names)})"
