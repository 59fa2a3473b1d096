"""Bowls: losses whose Hessian is the same everywhere, on which everything about descent can be worked out."""

from collections.abc import Sequence

import numpy as np

from course_lib.core import finite_array, in_interval
from course_lib.surfaces.surface import Surface

__all__ = ["least_squares", "quadratic", "ravine"]


def quadratic(curvatures: Sequence[float] = (1.0, 10.0)) -> Surface:
    """Build the bowl whose curvature along axis i is c_i, in as many dimensions as there are curvatures.

    f(w) = ½ Σ c_i w_i²,   ∇f = c ⊙ w,   Hessian = diag(c).

    Args:
        curvatures: d numbers, the eigenvalues of the Hessian. A negative one makes a saddle.

    Raises:
        ValueError: there is no curvature, or one is not finite.

    >>> quadratic((1, 10)).grad([2.0, 3.0])
    array([ 2., 30.])
    """
    c = finite_array("curvatures", curvatures, shape=(None,))
    d = len(c)
    return Surface(
        name="quadratic",
        tex=_quadratic_tex(c),
        f=lambda w: np.vecdot(w, c * w) / 2,
        grad=lambda w: c * w,
        hessian=lambda w: np.broadcast_to(np.diag(c), np.shape(w)[:-1] + (d, d)),
        bounds=((-3.0, 3.0),) * d,
        minima=np.zeros((1 if np.all(c > 0) else 0, d)),
    )


def _quadratic_tex(c: np.ndarray) -> str:
    if len(c) == 1:
        return rf"\tfrac{{1}}{{2}} \cdot {c[0]:g}\,w^2"
    terms = " + ".join(rf"{c_i:g}\,w_{{{i}}}^2" for i, c_i in enumerate(c, start=1))
    return rf"\tfrac{{1}}{{2}}\left({terms}\right)".replace("+ -", "- ")


def ravine(curvatures: tuple[float, float] = (1.0, 50.0), angle: float = 30.0) -> Surface:
    """Build a long, narrow bowl that lies at an angle to the axes.

    f(w) = ½ wᵀ A w,   A = R diag(c₁, c₂) Rᵀ,   R the rotation by the angle; so ∇f = A w, Hessian = A

    At 0 degrees each weight has a curvature of its own, and a learning rate for each weight evens them out.
    At 45 degrees both weights have the same curvature, and such rates are of no use.

    Args:
        curvatures: along the ravine and across it.
        angle: from the first axis to the floor of the ravine, in degrees, between −90 and 90.

    Raises:
        TypeError, ValueError: there are not two finite curvatures, or the angle is out of range.

    >>> ravine((1.0, 9.0), angle=45.0).hessian([0.0, 0.0]).round(6)
    array([[ 5., -4.],
           [-4.,  5.]])
    """
    c = finite_array("curvatures", curvatures, shape=(2,))
    angle = in_interval("angle", angle, -90, 90)
    t = np.deg2rad(angle)
    R = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    A = R @ np.diag(c) @ R.T
    A = (A + A.T) / 2  # symmetric to the last digit
    return Surface(
        name="ravine",
        tex=rf"\tfrac{{1}}{{2}}({c[0]:g}\,u^2 + {c[1]:g}\,v^2), \; "
        rf"(u, v) \text{{ turned by }} {angle:g}^\circ",
        f=lambda w: np.vecdot(w, np.matvec(A, w)) / 2,
        grad=lambda w: np.matvec(A, w),
        hessian=lambda w: np.broadcast_to(A, np.shape(w)[:-1] + (2, 2)),
        bounds=((-3.0, 3.0),) * 2,
        minima=np.zeros((1 if np.all(c > 0) else 0, 2)),
    )


def least_squares(features: np.ndarray, targets: np.ndarray) -> Surface:
    """Build the mean squared error of a linear model, as a surface over its weights.

    f(w) = 1/N |Xw − y|²,   ∇f = 2/N Xᵀ(Xw − y),   Hessian = 2/N XᵀX.

    Args:
        features: X, shape (N, k): one row a sample; a column of ones stands for the bias.
        targets: y, shape (N,).

    Returns:
        A surface over k weights; its bounds reach 3 to both sides of the minimum.

    Raises:
        ValueError: the shapes do not belong together.

    >>> X = np.array([[1.0, 1], [2, 1], [3, 1]])     # x and 1, for y = w x + b
    >>> least_squares(X, [2.5, 4.5, 6.5]).minima.round(6)
    array([[2. , 0.5]])
    """
    X = finite_array("features", features, shape=(None, None))
    y = finite_array("targets", targets, shape=(len(X),))
    N, k = X.shape
    best = np.linalg.lstsq(X, y)[0]
    flat = np.linalg.matrix_rank(X) < k  # then the minima form a line or more, and none is isolated
    return Surface(
        name="least squares",
        tex=r"\tfrac{1}{N}\,\lVert Xw - y \rVert^2",
        f=lambda w: np.mean(np.square(np.matvec(X, w) - y), axis=-1),
        grad=lambda w: 2 / N * np.matvec(X.T, np.matvec(X, w) - y),
        hessian=lambda w: np.broadcast_to(2 / N * (X.T @ X), np.shape(w)[:-1] + (k, k)),
        bounds=tuple((float(b) - 3, float(b) + 3) for b in best),
        minima=best[None][: 0 if flat else 1],
    )
