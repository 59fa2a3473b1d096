"""Numerical gradients, and the check of an analytic gradient against them."""

from collections.abc import Callable

import numpy as np

from course_lib.validation import finite_array, one_of, positive

__all__ = ["numerical_gradient"]


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5, method: str = "central"
) -> np.ndarray:
    """Estimate the gradient of a function by differences, one entry of x at a time.

    forward:  df/dx_i ~ (f(x + h e_i) - f(x)) / h              off by order h
    central:  df/dx_i ~ (f(x + h e_i) - f(x - h e_i)) / (2h)   off by order h^2

    Args:
        f: maps an array like x to a number.
        x: where; any shape.
        h: the step; rounding spoils small ones, best are about 1e-8 (forward) and 1e-5 (central).
        method: ``central`` or ``forward``.

    Returns:
        An array of the shape of x.

    Raises:
        TypeError, ValueError: h is not a positive number, or the method is unknown.

    >>> numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1.0, 3.0])).round(6)
    array([2., 6.])
    """
    h = positive("h", h, "1e-5 is usual")
    one_of("method", method, ["central", "forward"])
    x = finite_array("x", x).astype(float)
    grad = np.empty_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h if method == "central" else 0.0
        grad[i] = (f(up) - f(down)) / (2 * h if method == "central" else h)
    return grad
