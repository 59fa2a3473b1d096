"""Loss surfaces to descend: each function with its gradient and Hessian written out beside it.

Every function takes points of shape (..., d): the leading axes are runs, so that ten thousand points cost one
call. Products are written x * x, which costs a fifth of x**3 and rounds alike for one point and for many.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.validation import finite_array, one_of

__all__ = [
    "SURFACES",
    "Surface",
    "beale",
    "double_well",
    "get_surface",
    "himmelblau",
    "least_squares",
    "quadratic",
    "rosenbrock",
    "saddle",
    "styblinski_tang",
]


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
        """The number d of coordinates.

        >>> rosenbrock.dim
        2
        """
        return len(self.bounds)

    def __repr__(self) -> str:
        return f"Surface({self.name!r}, dim={self.dim})"


def _vector(*parts: np.ndarray) -> np.ndarray:
    """Stack partial derivatives of shape (...) into gradients of shape (..., d)."""
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def _symmetric(f_xx: np.ndarray, f_xy: np.ndarray, f_yy: np.ndarray) -> np.ndarray:
    """Stack second derivatives of shape (...) into Hessians of shape (..., 2, 2)."""
    f_xx, f_xy, f_yy = np.broadcast_arrays(f_xx, f_xy, f_yy)
    return np.stack([_vector(f_xx, f_xy), _vector(f_xy, f_yy)], axis=-2)


def _xy(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    w = np.asarray(w)
    return w[..., 0], w[..., 1]


def quadratic(curvatures: Sequence[float] = (1.0, 10.0)) -> Surface:
    """Build the bowl whose curvature along axis i is c_i, in as many dimensions as there are curvatures.

    f(w) = 1/2 sum_i c_i w_i^2,   grad f = c * w,   Hessian = diag(c).

    Args:
        curvatures: d numbers, the eigenvalues of the Hessian. A negative one makes a saddle.

    Raises:
        ValueError: there is no curvature, or one is not finite.

    >>> quadratic((1, 10)).grad([2.0, 3.0])
    array([ 2., 30.])
    """
    c = finite_array("curvatures", curvatures, ndim=1)
    d = len(c)
    names = ["w"] if d == 1 else [f"w_{{{i}}}" for i in range(1, d + 1)]
    terms = " + ".join(rf"{c_i:g}\,{name}^2" for c_i, name in zip(c, names, strict=True))
    return Surface(
        name="quadratic",
        tex=rf"\tfrac{{1}}{{2}}\left({terms}\right)".replace("+ -", "- "),
        f=lambda w: np.sum(c * np.square(w), axis=-1) / 2,
        grad=lambda w: c * w,
        hessian=lambda w: np.broadcast_to(np.diag(c), np.shape(w)[:-1] + (d, d)),
        bounds=((-3.0, 3.0),) * d,
        minima=np.zeros((1 if np.all(c > 0) else 0, d)),
    )


def least_squares(features: np.ndarray, targets: np.ndarray) -> Surface:
    """Build the mean squared error of a linear model, as a surface over its weights.

    f(w) = 1/N |Xw - y|^2,   grad f = 2/N X^T (Xw - y),   Hessian = 2/N X^T X.

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
    X, y = finite_array("features", features, ndim=2), finite_array("targets", targets, ndim=1)
    N, k = X.shape
    if len(y) != N:
        raise ValueError(f"targets must have one entry for each of the {N} rows of features, got {len(y)}")
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


def _double_well(w: np.ndarray) -> np.ndarray:
    w = np.asarray(w)[..., 0]
    return np.square(w * w - 4) / 2 + 1.5 * w + 4


# f'(w) = 2w^3 - 8w + 1.5 has three roots: the left well, the hill between, the right well
_left, _hill, _right = sorted(np.roots([2, 0, -8, 1.5]))

double_well = Surface(
    name="double well",
    tex=r"\tfrac{1}{2}(w^2 - 4)^2 + \tfrac{3}{2}w + 4",
    f=_double_well,
    grad=lambda w: 2 * np.asarray(w) * (np.square(w) - 4) + 1.5,
    hessian=lambda w: (6 * np.square(w) - 8)[..., None],
    bounds=((-3.0, 3.0),),
    minima=np.array([[_left], [_right]]),
)


def _saddle(w: np.ndarray) -> np.ndarray:
    x, y = _xy(w)
    return x * x - y * y


saddle = Surface(
    name="saddle",
    tex=r"x^2 - y^2",
    f=_saddle,
    grad=lambda w: np.array([2.0, -2.0]) * w,
    hessian=lambda w: np.broadcast_to(np.diag([2.0, -2.0]), np.shape(w)[:-1] + (2, 2)),
    bounds=((-2.0, 2.0), (-2.0, 2.0)),
    minima=np.zeros((0, 2)),
)


def _rosenbrock(w: np.ndarray) -> np.ndarray:
    x, y = _xy(w)
    return np.square(1 - x) + 100 * np.square(y - x * x)


def _rosenbrock_grad(w: np.ndarray) -> np.ndarray:
    x, y = _xy(w)
    r = y - x * x
    return _vector(-2 * (1 - x) - 400 * x * r, 200 * r)


def _rosenbrock_hessian(w: np.ndarray) -> np.ndarray:
    x, y = _xy(w)
    return _symmetric(2 - 400 * (y - 3 * x * x), -400 * x, 200.0)


rosenbrock = Surface(
    name="Rosenbrock",
    tex=r"(1 - x)^2 + 100\,(y - x^2)^2",
    f=_rosenbrock,
    grad=_rosenbrock_grad,
    hessian=_rosenbrock_hessian,
    bounds=((-2.0, 2.0), (-1.0, 3.0)),
    minima=np.array([[1.0, 1.0]]),
)


def _beale_terms(w: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """The three residuals r_i = c_i - x + x y^i, each with y^i, its slope i y^(i-1) and that one's slope."""
    x, y = _xy(w)
    powers = (y, 1.0, 0.0), (y * y, 2 * y, 2.0), (y * y * y, 3 * y * y, 6 * y)
    return [(c - x + x * p, p, dp, ddp) for c, (p, dp, ddp) in zip((1.5, 2.25, 2.625), powers, strict=True)]


def _beale(w: np.ndarray) -> np.ndarray:
    return sum(r * r for r, *_ in _beale_terms(w))


def _beale_grad(w: np.ndarray) -> np.ndarray:
    x, _ = _xy(w)
    terms = _beale_terms(w)
    return _vector(sum(2 * r * (p - 1) for r, p, *_ in terms), sum(2 * r * x * dp for r, _, dp, _ in terms))


def _beale_hessian(w: np.ndarray) -> np.ndarray:
    x, _ = _xy(w)
    terms = _beale_terms(w)
    return _symmetric(
        sum(2 * (p - 1) * (p - 1) for _, p, *_ in terms),
        sum(2 * dp * (r + x * (p - 1)) for r, p, dp, _ in terms),
        sum(2 * x * (x * dp * dp + r * ddp) for r, _, dp, ddp in terms),
    )


beale = Surface(
    name="Beale",
    tex=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    f=_beale,
    grad=_beale_grad,
    hessian=_beale_hessian,
    bounds=((-4.5, 4.5), (-4.5, 4.5)),
    minima=np.array([[3.0, 0.5]]),
)


def _himmelblau_terms(w: np.ndarray) -> tuple[np.ndarray, ...]:
    x, y = _xy(w)
    return x, y, x * x + y - 11, x + y * y - 7


def _himmelblau(w: np.ndarray) -> np.ndarray:
    _, _, p, q = _himmelblau_terms(w)
    return p * p + q * q


def _himmelblau_grad(w: np.ndarray) -> np.ndarray:
    x, y, p, q = _himmelblau_terms(w)
    return _vector(4 * x * p + 2 * q, 2 * p + 4 * y * q)


def _himmelblau_hessian(w: np.ndarray) -> np.ndarray:
    x, y, p, q = _himmelblau_terms(w)
    return _symmetric(8 * x * x + 4 * p + 2, 4 * (x + y), 8 * y * y + 4 * q + 2)


himmelblau = Surface(
    name="Himmelblau",
    tex=r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    f=_himmelblau,
    grad=_himmelblau_grad,
    hessian=_himmelblau_hessian,
    bounds=((-5.0, 5.0), (-5.0, 5.0)),
    minima=np.array(
        [
            [3.0, 2.0],
            [-2.805118086952745, 3.131312518250573],
            [-3.779310253377747, -3.283185991286169],
            [3.584428340330492, -1.848126526964404],
        ]
    ),
)


def _styblinski_tang(w: np.ndarray) -> np.ndarray:
    w = np.asarray(w)
    s = w * w
    return np.sum(s * s - 16 * s + 5 * w, axis=-1) / 2


_low, _, _high = sorted(np.roots([4, 0, -32, 5]))

styblinski_tang = Surface(
    name="Styblinski-Tang",
    tex=r"\tfrac{1}{2} \sum_i (w_i^4 - 16 w_i^2 + 5 w_i)",
    f=_styblinski_tang,
    grad=lambda w: (4 * np.asarray(w) * (np.square(w) - 8) + 5) / 2,
    hessian=lambda w: (6 * np.square(w) - 16)[..., None] * np.eye(2),
    bounds=((-5.0, 5.0), (-5.0, 5.0)),
    minima=np.array([[_low, _low], [_low, _high], [_high, _low], [_high, _high]]),
)

SURFACES: dict[str, Surface] = {
    "quadratic": quadratic(),
    "double_well": double_well,
    "saddle": saddle,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "himmelblau": himmelblau,
    "styblinski_tang": styblinski_tang,
}


def get_surface(name: str) -> Surface:
    """Look a surface up by name.

    Raises:
        ValueError: there is none of that name; the message lists those there are.

    >>> get_surface("beale").minima
    array([[3. , 0.5]])
    """
    return SURFACES[one_of("name", name, SURFACES)]
