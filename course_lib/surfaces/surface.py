"""What a loss surface is: a function of d weights with its gradient and Hessian written out beside it.

Every function takes points of shape (..., d): the leading axes are runs, or the rows and columns of a grid to
be drawn, so that ten thousand points cost one call.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Surface", "coordinates", "gradient_of", "hessian_of"]


@dataclass(frozen=True, eq=False)
class Surface:
    """A function of d weights, with what is needed to descend it and to draw it.

    Attributes:
        name: its usual name.
        tex: its formula, in TeX.
        f: points (..., d) -> values (...).
        grad: points (..., d) -> gradients (..., d).
        hessian: points (..., d) -> second derivatives (..., d, d).
        bounds: the part worth drawing, one (low, high) for each of the d coordinates.
        minima: the local minima, shape (m, d), lowest first; m is 0 where there is none.

    >>> from course_lib.surfaces import rosenbrock
    >>> rosenbrock
    Surface('Rosenbrock', dim=2)
    """

    name: str
    tex: str
    f: Callable[[np.ndarray], np.ndarray]
    grad: Callable[[np.ndarray], np.ndarray]
    hessian: Callable[[np.ndarray], np.ndarray]
    bounds: tuple[tuple[float, float], ...]
    minima: np.ndarray

    @property
    def dim(self) -> int:
        """The number d of weights."""
        return len(self.bounds)

    def __repr__(self) -> str:
        return f"Surface({self.name!r}, dim={self.dim})"


def coordinates(w: np.ndarray) -> tuple[np.ndarray, ...]:
    """Take points of shape (..., d) apart into d coordinates of shape (...).

    >>> x, y = coordinates([[1.0, 2.0], [3.0, 4.0]])
    >>> y
    array([2., 4.])
    """
    return tuple(np.moveaxis(np.asarray(w), -1, 0))


def gradient_of(*partials: np.ndarray) -> np.ndarray:
    """Put d partial derivatives of shape (...) together into gradients of shape (..., d).

    >>> gradient_of(np.array([1.0, 2.0]), 0.0)
    array([[1., 0.],
           [2., 0.]])
    """
    return np.stack(np.broadcast_arrays(*partials), axis=-1)


def hessian_of(f_xx: np.ndarray, f_xy: np.ndarray, f_yy: np.ndarray) -> np.ndarray:
    """Put second derivatives of shape (...) together into symmetric Hessians of shape (..., 2, 2).

    >>> hessian_of(1.0, 2.0, 3.0)
    array([[1., 2.],
           [2., 3.]])
    """
    f_xx, f_xy, f_yy = np.broadcast_arrays(f_xx, f_xy, f_yy)
    return np.stack([gradient_of(f_xx, f_xy), gradient_of(f_xy, f_yy)], axis=-2)
