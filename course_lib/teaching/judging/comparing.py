"""Whether two results are the same numbers, within what their precision allows."""

from __future__ import annotations

import numpy as np

from course_lib.teaching.judging.reading import Refused, leaves

# float32 keeps 7 digits, and a few operations in a row cost some of them.
SINGLE_RTOL, SINGLE_SHARE = 1e-4, 1e-6


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

    float32 results are held to what float32 can do: a relative distance, and a share of the largest entry.
    """
    atol = 1e-12
    if got.dtype == np.float32:
        finite = np.abs(expected[np.isfinite(expected)])
        rtol, atol = max(rtol, SINGLE_RTOL), max(atol, SINGLE_SHARE * finite.max(initial=0.0))
    return np.isclose(np.asarray(got, dtype=np.float64), expected, rtol=rtol, atol=atol, equal_nan=True)


def nearly(got: np.ndarray, expected: np.ndarray) -> bool:
    """Whether float64 numbers agree as well as float32 numbers would: something was rounded."""
    return same(got.astype(np.float32), expected, 0.0)
