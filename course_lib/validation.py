"""Argument checks: each returns the value, or raises an error that says what would do.

Every message has the same three parts: the argument's name, what is allowed, and the value it got.
"""

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np

__all__ = [
    "finite_array",
    "generator",
    "in_interval",
    "natural",
    "non_negative",
    "one_of",
    "positive",
    "same_shape",
]


def _fail(kind: type[Exception], name: str, wanted: str, value: Any, hint: str = "") -> None:
    """Raise ``kind`` with the message ``name must be wanted (hint), got value``."""
    hint = f" ({hint})" if hint else ""
    raise kind(f"{name} must be {wanted}{hint}, got {value!r}")


def _number(name: str, value: Any, wanted: str, hint: str) -> float | np.ndarray:
    """Turn a real number into a float and a nested sequence of numbers into a float array."""
    if isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
        return float(value)
    try:
        array = np.asarray(value)
    except ValueError:  # ragged lists
        _fail(TypeError, name, wanted, value, hint)
    if array.dtype.kind not in "iuf" or array.size == 0:
        _fail(TypeError, name, wanted, value, hint)
    array = array.astype(np.result_type(array, np.float32) if array.dtype.kind == "f" else float)
    return array if array.ndim else float(array)


def positive(name: str, value: Any, hint: str = "") -> float | np.ndarray:
    """Check that a number, or every entry of an array, is finite and above zero.

    Args:
        name: the argument's name, for the message.
        value: a number or an array of numbers.
        hint: a few words on what is usual, put in brackets in the message.

    Returns:
        A float, or a float array of the same shape.

    Raises:
        TypeError: the value is not a number.
        ValueError: it is zero, negative or not finite.

    >>> positive("lr", 1)
    1.0
    >>> positive("lr", "fast", "0.1 is a usual start")
    Traceback (most recent call last):
    TypeError: lr must be a positive number (0.1 is a usual start), got 'fast'
    """
    number = _number(name, value, "a positive number", hint)
    if not np.all(np.isfinite(number) & (np.asarray(number) > 0)):
        _fail(ValueError, name, "a positive number", value, hint)
    return number


def non_negative(name: str, value: Any, hint: str = "") -> float | np.ndarray:
    """Check that a number, or every entry of an array, is finite and not below zero.

    >>> non_negative("noise", -1)
    Traceback (most recent call last):
    ValueError: noise must be zero or a positive number, got -1
    """
    wanted = "zero or a positive number"
    number = _number(name, value, wanted, hint)
    if not np.all(np.isfinite(number) & (np.asarray(number) >= 0)):
        _fail(ValueError, name, wanted, value, hint)
    return number


def natural(name: str, value: Any, hint: str = "", *, minimum: int = 1, maximum: int | None = None) -> int:
    """Check that a value is a whole number of at least ``minimum`` and at most ``maximum``.

    >>> natural("batch_size", 32, maximum=100)
    32
    >>> natural("batch_size", 2.5, maximum=100)
    Traceback (most recent call last):
    TypeError: batch_size must be a whole number from 1 to 100, got 2.5
    """
    top = "up" if maximum is None else f"to {maximum}"
    wanted = f"a whole number from {minimum} {top}"
    if not isinstance(value, Integral) or isinstance(value, (bool, np.bool_)):
        _fail(TypeError, name, wanted, value, hint)
    if value < minimum or (maximum is not None and value > maximum):
        _fail(ValueError, name, wanted, value, hint)
    return int(value)


def in_interval(
    name: str, value: Any, low: float, high: float, closed: str = "both", hint: str = ""
) -> float | np.ndarray:
    """Check that a number, or every entry of an array, lies in an interval.

    Args:
        name: the argument's name, for the message.
        value: a number or an array of numbers.
        low: the lower end.
        high: the upper end.
        closed: which ends belong to the interval: ``both``, ``left``, ``right`` or ``neither``.
        hint: a few words on what is usual.

    >>> in_interval("momentum", 0.9, 0, 1, closed="left")
    0.9
    >>> in_interval("momentum", 1, 0, 1, closed="left")
    Traceback (most recent call last):
    ValueError: momentum must be a number in [0, 1), got 1
    """
    left, right = closed in ("both", "left"), closed in ("both", "right")
    wanted = f"a number in {'[' if left else '('}{low:g}, {high:g}{']' if right else ')'}"
    number = _number(name, value, wanted, hint)
    above = np.greater_equal(number, low) if left else np.greater(number, low)
    below = np.less_equal(number, high) if right else np.less(number, high)
    if not np.all(above & below):
        _fail(ValueError, name, wanted, value, hint)
    return number


def one_of(name: str, value: Any, choices: Iterable[str]) -> str:
    """Check that a value is one of the known names.

    >>> one_of("method", "middle", ["forward", "central"])
    Traceback (most recent call last):
    ValueError: method must be one of 'forward', 'central', got 'middle'
    """
    choices = list(choices)
    if not isinstance(value, str) or value not in choices:
        _fail(ValueError, name, "one of " + ", ".join(map(repr, choices)), value)
    return value


def finite_array(name: str, value: Any, *, min_ndim: int = 0, ndim: int | None = None) -> np.ndarray:
    """Check that a value is an array of finite numbers, and make it floating point.

    Args:
        name: the argument's name, for the message.
        value: an array or a nested sequence of numbers; float32 stays float32.
        min_ndim: the least number of axes.
        ndim: the exact number of axes, where it matters.

    >>> finite_array("start", [1, 2])
    array([1., 2.])
    >>> finite_array("start", [1, float("nan")])
    Traceback (most recent call last):
    ValueError: start must be an array of finite numbers, got [1, nan]
    """
    wanted = "an array of finite numbers"
    array = np.asarray(_number(name, value, wanted, ""))
    if not np.isfinite(array).all():
        _fail(ValueError, name, wanted, value)
    if ndim is not None and array.ndim != ndim:
        _fail(ValueError, name, f"an array of {ndim} axes", f"shape {array.shape}")
    if array.ndim < min_ndim:
        _fail(ValueError, name, f"an array of at least {min_ndim} axes", f"shape {array.shape}")
    return array


def generator(name: str, value: Any) -> np.random.Generator:
    """Check that a value is an explicit source of randomness.

    >>> generator("rng", 0)
    Traceback (most recent call last):
    TypeError: rng must be a numpy.random.Generator (np.random.default_rng(0) makes one), got 0
    """
    if not isinstance(value, np.random.Generator):
        _fail(TypeError, name, "a numpy.random.Generator", value, "np.random.default_rng(0) makes one")
    return value


def same_shape(name: str, value: np.ndarray, other_name: str, other: np.ndarray) -> None:
    """Refuse two arrays that NumPy would broadcast where an equal shape is meant.

    >>> same_shape("pred", np.zeros((3, 1)), "target", np.zeros(3))
    Traceback (most recent call last):
    ValueError: pred and target must have the same shape, got (3, 1) and (3,)
    """
    if np.shape(value) != np.shape(other):
        shapes = f"{np.shape(value)} and {np.shape(other)}"
        raise ValueError(f"{name} and {other_name} must have the same shape, got {shapes}")
