"""Whether two results are the same numbers, within what their precision allows."""

from __future__ import annotations

import numpy as np

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


def same(got: np.ndarray, expected: np.ndarray, rtol: float) -> bool:
    """Whether two arrays have one shape and close entries.

    Example:
        >>> third = np.array([1 / 3])
        >>> same(third.astype(np.float32), third, 1e-9), same(third + 1e-7, third, 1e-9)
        (True, False)
    """
    return got.shape == expected.shape and bool(np.all(close(got, expected, rtol)))


def close(got: np.ndarray, expected: np.ndarray, rtol: float) -> np.ndarray:
    """Where the entries are close; an overflow is the same as another overflow in its place.

    A relative distance is allowed, and a small share of the largest entry: where entries cancel, one cannot
    ask for more. float32 results are held to what float32 can do.
    """
    single = got.dtype == np.float32
    largest = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0)
    atol = (SINGLE_SHARE if single else SHARE) * (largest if largest > ROUNDING else 1.0)
    rtol = max(rtol, SINGLE_RTOL) if single else rtol
    return np.isclose(np.asarray(got, dtype=np.float64), expected, rtol=rtol, atol=atol, equal_nan=True)


def nearly(got: np.ndarray, expected: np.ndarray) -> bool:
    """Whether float64 numbers agree as well as float32 numbers would: something was rounded."""
    return same(got.astype(np.float32), expected, 0.0)
