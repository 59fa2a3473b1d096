"""Argument checks: each returns the value, or raises an error that says what would do.

Every message has the same parts: the argument's name, what is allowed, a hint where one helps, and the value
it got. The wrong kind of value is a TypeError, the right kind out of range a ValueError.
"""

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, NoReturn

import numpy as np

__all__ = [
    "finite_array",
    "flag",
    "generator",
    "in_interval",
    "interval",
    "natural",
    "non_negative",
    "one_of",
    "positive",
    "same_shape",
]


def positive(name: str, value: Any, hint: str = "", *, array: bool = False) -> float | np.ndarray:
    """Check that a number is finite and above zero.

    Args:
        name: the argument's name, for the message.
        value: a number.
        hint: a few words on what is usual, put in brackets in the message.
        array: whether an array of such numbers will do too.

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
    wanted = "a positive number"
    number = _numbers(name, value, wanted, hint, array)
    if not np.all(np.isfinite(number) & np.greater(number, 0)):
        _fail(ValueError, name, wanted, value, hint)
    return number


def non_negative(name: str, value: Any, hint: str = "", *, array: bool = False) -> float | np.ndarray:
    """Check that a number is finite and not below zero; the arguments are those of ``positive``.

    >>> non_negative("noise", -1)
    Traceback (most recent call last):
    ValueError: noise must be zero or a positive number, got -1
    """
    wanted = "zero or a positive number"
    number = _numbers(name, value, wanted, hint, array)
    if not np.all(np.isfinite(number) & np.greater_equal(number, 0)):
        _fail(ValueError, name, wanted, value, hint)
    return number


def in_interval(
    name: str, value: Any, low: float, high: float, closed: str = "both", *, array: bool = False
) -> float | np.ndarray:
    """Check that a number lies in an interval.

    Args:
        name: the argument's name, for the message.
        value: a number.
        low: the lower end.
        high: the upper end.
        closed: which ends belong to the interval: ``both``, ``left``, ``right`` or ``neither``.
        array: whether an array of such numbers will do too.

    >>> in_interval("momentum", 0.9, 0, 1, closed="left")
    0.9
    >>> in_interval("momentum", 1, 0, 1, closed="left")
    Traceback (most recent call last):
    ValueError: momentum must be a number in [0, 1), got 1
    """
    left, right = closed in ("both", "left"), closed in ("both", "right")
    wanted = f"a number in {'[' if left else '('}{low:g}, {high:g}{']' if right else ')'}"
    number = _numbers(name, value, wanted, "", array)
    above = np.greater_equal(number, low) if left else np.greater(number, low)
    below = np.less_equal(number, high) if right else np.less(number, high)
    if not np.all(above & below):
        _fail(ValueError, name, wanted, value)
    return number


def natural(name: str, value: Any, *, minimum: int = 1, maximum: int | None = None) -> int:
    """Check that a value is a whole number of at least ``minimum`` and at most ``maximum``.

    >>> natural("batch_size", 32, maximum=100)
    32
    >>> natural("batch_size", 2.5, maximum=100)
    Traceback (most recent call last):
    TypeError: batch_size must be a whole number from 1 to 100, got 2.5
    """
    wanted = f"a whole number from {minimum} {'up' if maximum is None else f'to {maximum}'}"
    if not isinstance(value, Integral) or isinstance(value, bool):
        _fail(TypeError, name, wanted, value)
    if value < minimum or (maximum is not None and value > maximum):
        _fail(ValueError, name, wanted, value)
    return int(value)


def flag(name: str, value: Any) -> bool:
    """Check that a value is True or False.

    >>> flag("centered", "yes")
    Traceback (most recent call last):
    TypeError: centered must be True or False, got 'yes'
    """
    if not isinstance(value, (bool, np.bool_)):
        _fail(TypeError, name, "True or False", value)
    return bool(value)


def one_of(name: str, value: Any, choices: Iterable[str]) -> str:
    """Check that a value is one of the known names.

    >>> one_of("method", "middle", ["forward", "central"])
    Traceback (most recent call last):
    ValueError: method must be one of 'forward', 'central', got 'middle'
    """
    choices = list(choices)
    if value not in choices:
        _fail(ValueError, name, "one of " + ", ".join(map(repr, choices)), value)
    return value


def finite_array(name: str, value: Any, shape: tuple[int | None, ...] | None = None) -> np.ndarray:
    """Check that a value is an array of finite numbers, and make it floating point.

    Args:
        name: the argument's name, for the message.
        value: an array or a nested sequence of numbers; float32 stays float32.
        shape: the shape it must have, None standing for an axis of any length.

    >>> finite_array("weights", [1, 2, 3], shape=(3,))
    array([1., 2., 3.])
    >>> finite_array("weights", [1, float("nan")])
    Traceback (most recent call last):
    ValueError: weights must be an array of finite numbers, got [1, nan]
    """
    wanted = "an array of finite numbers"
    array = np.asarray(_numbers(name, value, wanted, "", array=True))
    if not np.isfinite(array).all():
        _fail(ValueError, name, wanted, value)
    if shape is not None and not _has_shape(array, shape):
        axes = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} must have shape ({axes}), got {array.shape}: {value!r}")
    return array


def interval(name: str, value: Any) -> tuple[float, float]:
    """Check that a value is a pair (low, high) of finite numbers, the lower one first.

    >>> interval("x_range", (2, -2))
    Traceback (most recent call last):
    ValueError: x_range must be a pair (low, high) with low < high, got (2, -2)
    """
    low, high = finite_array(name, value, shape=(2,))
    if low >= high:
        _fail(ValueError, name, "a pair (low, high) with low < high", value)
    return float(low), float(high)


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


def _fail(kind: type[Exception], name: str, wanted: str, value: Any, hint: str = "") -> NoReturn:
    raise kind(f"{name} must be {wanted}{f' ({hint})' if hint else ''}, got {value!r}")


def _numbers(name: str, value: Any, wanted: str, hint: str, array: bool) -> float | np.ndarray:
    """Turn a real number into a float and, where arrays will do, an array of numbers into a float array."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value)
    try:
        numbers = np.asarray(value)
    except ValueError:  # lists of unequal length
        _fail(TypeError, name, wanted, value, hint)
    if numbers.dtype.kind not in "iuf" or numbers.size == 0 or (numbers.ndim > 0 and not array):
        _fail(TypeError, name, wanted, value, hint)
    if numbers.dtype.kind != "f":
        numbers = numbers.astype(float)
    return numbers if numbers.ndim else float(numbers)


def _has_shape(array: np.ndarray, shape: tuple[int | None, ...]) -> bool:
    return array.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, array.shape, strict=True))
