"""What an error usually comes from, in a sentence: read from its text, its line and the values there."""

from __future__ import annotations

import re
from types import FrameType
from typing import Any

import numpy as np

_ENTRYWISE_FAILED = re.compile(r"broadcast|size of tensor|must match the size", re.IGNORECASE)
_PRODUCT_FAILED = re.compile(r"matmul|gufunc|not aligned|cannot be multiplied|inconsistent tensor size")
_TRANSPOSED = "An array with one dimension has no transpose: `.T` leaves it as it is. Is np.outer meant?"
_FLAT = "Of two arrays with one dimension, a product is one number. Is np.outer meant, for a table?"
_PRODUCT = "In A @ B, rows of A meet columns of B. Is a transpose missing, or the order turned?"
_ENTRYWISE = "Entry by entry, shapes are held together from the right: equal lengths, or a length of 1."

_ONE_NUMBER = re.compile(
    r"object of type '(numpy\.)?(float|int)\d*' has no len|"
    r"'(numpy\.)?(float|int)\d*' object (is not iterable|is not subscriptable|"
    r"has no attribute|does not support item)|"
    r"len\(\) of unsized|iteration over a 0-d|invalid index to scalar|array is 0-dimensional"
)
_NOT_CALLABLE = re.compile(r"'(float|int|list|tuple|Tensor|numpy\.\w+)' object is not callable")


def cause(error: BaseException, said: str, frame: FrameType | None, line: str) -> str:
    """The usual cause of an error, or "".

    Args:
        error: what was raised.
        said: its text.
        frame: where in the learner's code, and the line there.
        line: the source of that line.

    Example:
        >>> cause(TypeError(), "'float' object is not callable", None, "return 0.5(1 + z)")
        'Is a `*` missing before a parenthesis?'
        >>> cause(NameError(), "name 'cos' is not defined", None, "return cos(z)")
        'Is np.cos meant?'
    """
    if isinstance(error, NameError):
        return _unknown_name(error, said)
    if "ambiguous" in said:
        return _asked_once(line)
    if re.search(r"only \S+ arrays can be converted", said):
        return _one_number_taken(line)
    if "bitwise_xor" in said or "for ^" in said:
        return "The power is `**` in Python; `^` is another operation, on bits."
    if _NOT_CALLABLE.search(said):
        return "Is a `*` missing before a parenthesis?"
    if _ONE_NUMBER.search(said):
        return f"{_number_on(frame, line)} is one number here; NumPy functions take both, numbers and arrays."
    return _lengths(frame, line) if isinstance(error, IndexError) else ""


def cause_of_shapes(said: str, frame: FrameType | None, line: str) -> str:
    """Which operation could not bring two shapes together, and what is usually wrong then.

    Example:
        >>> cause_of_shapes("operands could not be broadcast together", None, "return d * (W @ x)")
        'Entry by entry, shapes are held together from the right: equal lengths, or a length of 1.'
        >>> cause_of_shapes("shapes (2,) and (3,) not aligned", None, "return np.dot(x, d)")
        'Of two arrays with one dimension, a product is one number. Is np.outer meant, for a table?'
    """
    dimensions = {name: len(shape) for name, shape in shapes_on(frame, line).items()}
    if any(f"{name}.T" in line for name, count in dimensions.items() if count == 1):
        return _TRANSPOSED
    written = re.search(r"@|\bdot\(|matmul\(", line)
    if _ENTRYWISE_FAILED.search(said) or not (written or _PRODUCT_FAILED.search(said)):
        return _ENTRYWISE
    both_flat = re.search(r"\(\d+,\) and \(\d+,\) not aligned|inconsistent tensor size", said)
    return _FLAT if both_flat or set(dimensions.values()) == {1} else _PRODUCT


def shapes_on(frame: FrameType | None, line: str) -> dict[str, tuple]:
    """The shapes of the arrays that a line names."""
    shapes = {name: getattr(value, "shape", None) for name, value in _values_on(frame, line).items()}
    return {name: tuple(shape) for name, shape in shapes.items() if isinstance(shape, tuple)}


def _values_on(frame: FrameType | None, line: str) -> dict[str, Any]:
    known = frame.f_locals if frame else {}
    return {name: known[name] for name in dict.fromkeys(re.findall(r"[^\W\d]\w*", line)) if name in known}


def _unknown_name(error: NameError, said: str) -> str:
    found = re.search(r"'(\w+)'", said)  # some have no `error.name`
    name = found[1] if found else ""
    if isinstance(error, UnboundLocalError):
        return f"On the way to this line, {name or 'it'} has got no value yet."
    if name in ("np", "math"):
        return f"`import {'numpy as np' if name == 'np' else name}` has to run before."
    if name and not name.startswith("_") and hasattr(np, name):
        return f"Is np.{name} meant?"
    return f"Define {name or 'it'} in this cell or in one above, and run that."


def _asked_once(line: str) -> str:
    if found := re.search(r"(?<![\w.])(max|min)\(", line):
        name = found[1]
        return f"Python's {name} compares whole arrays; np.{name}imum goes entry by entry."
    if re.search(r"\b(if|while)\b", line):
        return "An `if` asks once for the whole array; np.where or a mask decides entry by entry."
    return "`and`, `or` and `not` ask once for the whole array; np.where or a mask decides entry by entry."


def _one_number_taken(line: str) -> str:
    found = re.search(r"\bmath\.(\w+)", line)
    if not found:
        return "One number is taken here, and this is an array."
    on_arrays = f"np.{found[1]}" if hasattr(np, found[1]) else "a function of NumPy"
    return f"math.{found[1]} takes one number; {on_arrays} takes arrays too."


def _number_on(frame: FrameType | None, line: str) -> str:
    """The name of the one number on the line, if there is only one."""
    names = [
        name
        for name, value in _values_on(frame, line).items()
        if type(value) in (int, float) or isinstance(value, np.generic) or getattr(value, "shape", 0) == ()
    ]
    return names[0] if len(names) == 1 else "Something"


def _lengths(frame: FrameType | None, line: str) -> str:
    """Of each list or array that a line looks into: its length, and the index where it is a sum."""
    values = _values_on(frame, line)
    for name, index in re.findall(r"([^\W\d]\w*)\[([\w\s+-]+)\]", line):
        try:
            length, place = len(values[name]), _sum(index, values)
        except (KeyError, TypeError, ValueError):
            continue
        if not -length <= place < length:
            last = f"its entries are {name}[0] to {name}[{length - 1}]" if length else "it has no entries"
            return f"The index is {place}, and {name} has length {length}: {last}."
    return ""


def _sum(text: str, values: dict[str, Any]) -> int:
    """The value of `i + 1` and the like.

    Example:
        >>> _sum("i - 1", {"i": 3})
        2
    """
    parts = re.findall(r"([+-]?)\s*(\w+)", text)
    numbers = (int(values.get(word, word)) for _, word in parts)
    return sum(-number if sign == "-" else number for (sign, _), number in zip(parts, numbers))
