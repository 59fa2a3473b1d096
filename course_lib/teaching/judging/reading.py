"""What an answer gives, read as arrays: numbers, lists, tensors and fractions, and tuples of them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.teaching.judging.words import described, ordinal


class NotTried(Exception):
    """Somewhere a `...` is left."""


class Refused(Exception):
    """This cannot be an answer; the text says why.

    Args:
        text: what is said.
        place: where in the answer, if it is one of several values.
    """

    def __init__(self, text: str, place: tuple = ()):
        super().__init__(text)
        self.place = place


def read(value: Any, name: str = "") -> Any:
    """A copy of a value as arrays of float64, or of float32 where it is that; tuples become lists.

    Args:
        value: what a learner's code gave.
        name: what to call it, should it be refused.

    Raises:
        NotTried: there is a `...` in it.
        Refused: it is, or contains, something else than real numbers.

    Example:
        >>> read((1, [2.5, 3]))
        [array(1.), array([2.5, 3. ])]
        >>> read({"w": 1j})
        Traceback (most recent call last):
        course_lib.teaching.judging.reading.Refused: These are complex numbers. Real ones are asked for.
    """
    if value is ...:
        raise NotTried
    if value is None:
        raise Refused(f"{name} is None." if name else "Your function returns nothing: is `return` missing?")
    value = _out_of_torch(value)
    if isinstance(value, dict):
        return {key: read(part, f"The entry {key!r}") for key, part in value.items()}
    plain = isinstance(value, list) and all(type(part) in (int, float) for part in value)
    if isinstance(value, (list, tuple)) and not plain:
        return [read(part, f"The {ordinal(i)} value") for i, part in enumerate(value)]
    if inspect.iscoroutine(value):
        value.close()  # or Python warns that nobody waited for it
    array = np.asarray(value)
    if array.dtype.kind in "biuf":
        return array.astype(np.float32 if array.dtype == np.float32 else np.float64)
    if array.dtype.kind == "c":
        raise Refused("These are complex numbers. Real ones are asked for.")
    if array.dtype.kind == "O" and array.ndim:
        return [read(part, name) for part in array.tolist()]
    return np.array(_number(value if array.ndim else array.item()))


def _number(value: Any) -> float:
    """Fractions and the like; a text is no number, though Python would read one."""
    try:
        if not isinstance(value, (str, bytes, np.ndarray)):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Refused(f"Numbers are asked for, and this is {described(value)}.")


def _out_of_torch(value: Any) -> Any:
    torch = sys.modules.get("torch")  # a tensor can only be there if somebody else has imported it
    if not (hasattr(torch, "Tensor") and isinstance(value, torch.Tensor)):
        return value
    value = value.detach().cpu()
    return (value.float() if value.dtype in (torch.bfloat16, torch.float16) else value).numpy()


def leaves(got: Any, expected: Any, place: tuple = ()) -> Iterator[tuple[tuple, np.ndarray, np.ndarray]]:
    """Walk two read values side by side: where we are, the array got, the array expected.

    A tuple and an array are alike where their parts are; so are a number and an array of one entry.

    Raises:
        Refused: they are built differently.

    Example:
        >>> [where for where, *_ in leaves(read([[1, 2], [3, 4]]), read((np.zeros(2), np.zeros(2))))]
        [(0,), (1,)]
    """
    if isinstance(expected, dict):
        if not isinstance(got, dict) or set(got) != set(expected):
            raise Refused(f"A dict with the entries {', '.join(map(repr, expected))} is asked for.", place)
        for key in expected:
            yield from leaves(got[key], expected[key], (*place, key))
    elif isinstance(expected, list):
        many = isinstance(got, list) or np.ndim(got) > 0
        if not many or len(got) != len(expected):
            yours = f"yours has {len(got)}" if many else f"yours is {built(got)}"
            raise Refused(f"{len(expected)} values are asked for; {yours}.", place)
        for number, (g, e) in enumerate(zip(got, expected)):
            yield from leaves(g, e, (*place, number))
    else:
        got = _joined(got, place)
        yield place, got.reshape(()) if expected.ndim == 0 and got.size == 1 else got, expected


def _joined(got: Any, place: tuple) -> np.ndarray:
    try:
        array = np.array(got)
    except ValueError:  # rows of several lengths
        array = None
    if array is None or array.dtype == object:
        raise Refused(f"One array is asked for, and this is {built(got)}.", place)
    return array


def built(value: Any) -> str:
    """How a read value is built, in words.

    Example:
        >>> built(read((1.0, [1, 2])))
        '2 values (one number, an array of shape (2,))'
    """
    if isinstance(value, dict):
        return "a dict"
    if isinstance(value, list):
        return f"{len(value)} values ({', '.join(map(built, value))})"
    return f"an array of shape {value.shape}" if value.ndim else "one number"
