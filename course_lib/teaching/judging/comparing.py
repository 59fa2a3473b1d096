"""Whether two results are the same numbers, within what their precision allows."""

from __future__ import annotations

# By name: an answer may have put something else into their places in numpy.
from numpy import asarray, float32, float64, isclose, isfinite, ndarray

from course_lib.teaching.judging.reading import Refused, leaves

# float32 keeps 7 digits, float64 16, and a few operations in a row cost some of them.
SINGLE_RTOL, SINGLE_SHARE, SHARE = 1e-4, 1e-6, 1e-12
ROUNDING = 1e-14  # what is smaller may be what was left of a 0


def matches(got: list, expected: list, rtol: float) -> bool:
    """Whether the results of all cases agree, in structure, shape and content."""
    try:
        return all(same(g, e, rtol) for one, other in zip(got, expected) for _, g, e in leaves(one, other))
    except Refused:
        return False


def alike(got: list, expected: list) -> bool:
    """Whether the results of all cases agree in structure and shape."""
    try:
        return all(g.shape == e.shape for one, other in zip(got, expected) for _, g, e in leaves(one, other))
    except Refused:
        return False


def same(got: ndarray, expected: ndarray, rtol: float) -> bool:
    """Whether two arrays have one shape and close entries.

    Example:
        >>> import numpy as np
        >>> third = np.array([1 / 3])
        >>> same(third.astype(np.float32), third, 1e-9), same(third + 1e-7, third, 1e-9)
        (True, False)
    """
    return got.shape == expected.shape and bool(close(got, expected, rtol).all())


def close(got: ndarray, expected: ndarray, rtol: float) -> ndarray:
    """Where the entries are close; an overflow is the same as another overflow in its place.

    A relative distance is allowed, and a small share of the largest entry: where entries cancel, one cannot
    ask for more. float32 results are held to what float32 can do.
    """
    single = got.dtype == float32
    largest = abs(expected[isfinite(expected)]).max(initial=0.0)
    atol = (SINGLE_SHARE if single else SHARE) * (largest if largest > ROUNDING else 1.0)
    rtol = max(rtol, SINGLE_RTOL) if single else rtol
    return isclose(asarray(got, dtype=float64), expected, rtol=rtol, atol=atol, equal_nan=True)


def nearly(got: ndarray, expected: ndarray) -> bool:
    """Whether float64 numbers agree as well as float32 numbers would: something was rounded."""
    return same(got.astype(float32), expected, 0.0)
