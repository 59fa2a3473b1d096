"""Classic test functions of optimization: curved valleys, saddles, several minima.

Products are written x * x: x**3 costs five times as much, and rounds differently for one point and for many.
"""

import numpy as np

from course_lib.surfaces.surface import Surface, coordinates, gradient_of, hessian_of

__all__ = [
    "beale",
    "double_well",
    "himmelblau",
    "monkey_saddle",
    "rastrigin",
    "rosenbrock",
    "saddle",
    "styblinski_tang",
]


def _double_well(w: np.ndarray) -> np.ndarray:
    w = np.asarray(w)[..., 0]
    return np.square(w * w - 4) / 2 + 1.5 * w + 4


# f′(w) = 2w³ − 8w + 1.5 has three roots: the left well, the hill between, the right well
_left, _, _right = sorted(np.roots([2, 0, -8, 1.5]))

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
    x, y = coordinates(w)
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


def _monkey_saddle(w: np.ndarray) -> np.ndarray:
    x, y = coordinates(w)
    return x * (x * x - 3 * y * y)


def _monkey_saddle_grad(w: np.ndarray) -> np.ndarray:
    x, y = coordinates(w)
    return gradient_of(3 * (x * x - y * y), -6 * x * y)


def _monkey_saddle_hessian(w: np.ndarray) -> np.ndarray:
    x, y = coordinates(w)
    return hessian_of(6 * x, -6 * y, -6 * x)


monkey_saddle = Surface(  # three ways down, for two legs and a tail; at 0 the Hessian is 0 and says nothing
    name="monkey saddle",
    tex=r"x^3 - 3 x y^2",
    f=_monkey_saddle,
    grad=_monkey_saddle_grad,
    hessian=_monkey_saddle_hessian,
    bounds=((-2.0, 2.0), (-2.0, 2.0)),
    minima=np.zeros((0, 2)),
)


def _rosenbrock(w: np.ndarray) -> np.ndarray:
    x, y = coordinates(w)
    return np.square(1 - x) + 100 * np.square(y - x * x)


def _rosenbrock_grad(w: np.ndarray) -> np.ndarray:
    x, y = coordinates(w)
    r = y - x * x
    return gradient_of(-2 * (1 - x) - 400 * x * r, 200 * r)


def _rosenbrock_hessian(w: np.ndarray) -> np.ndarray:
    x, y = coordinates(w)
    return hessian_of(2 - 400 * (y - 3 * x * x), -400 * x, 200.0)


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
    """The three residuals r = c_i − x + x y^i, each with p = y^i and its derivatives p′ and p″."""
    x, y = coordinates(w)
    powers = (y, 1.0, 0.0), (y * y, 2 * y, 2.0), (y * y * y, 3 * y * y, 6 * y)
    return [(c - x + x * p, p, dp, ddp) for c, (p, dp, ddp) in zip((1.5, 2.25, 2.625), powers, strict=True)]


def _beale(w: np.ndarray) -> np.ndarray:
    return sum(r * r for r, _, _, _ in _beale_terms(w))


def _beale_grad(w: np.ndarray) -> np.ndarray:
    x, _ = coordinates(w)
    f_x = f_y = 0.0
    for r, p, dp, _ in _beale_terms(w):
        f_x = f_x + 2 * r * (p - 1)
        f_y = f_y + 2 * r * x * dp
    return gradient_of(f_x, f_y)


def _beale_hessian(w: np.ndarray) -> np.ndarray:
    x, _ = coordinates(w)
    f_xx = f_xy = f_yy = 0.0
    for r, p, dp, ddp in _beale_terms(w):
        f_xx = f_xx + 2 * (p - 1) * (p - 1)
        f_xy = f_xy + 2 * dp * (r + x * (p - 1))
        f_yy = f_yy + 2 * x * (x * dp * dp + r * ddp)
    return hessian_of(f_xx, f_xy, f_yy)


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
    x, y = coordinates(w)
    return x, y, x * x + y - 11, x + y * y - 7


def _himmelblau(w: np.ndarray) -> np.ndarray:
    _, _, p, q = _himmelblau_terms(w)
    return p * p + q * q


def _himmelblau_grad(w: np.ndarray) -> np.ndarray:
    x, y, p, q = _himmelblau_terms(w)
    return gradient_of(4 * x * p + 2 * q, 2 * p + 4 * y * q)


def _himmelblau_hessian(w: np.ndarray) -> np.ndarray:
    x, y, p, q = _himmelblau_terms(w)
    return hessian_of(8 * x * x + 4 * p + 2, 4 * (x + y), 8 * y * y + 4 * q + 2)


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


_low, _, _high = sorted(np.roots([4, 0, -32, 5]))  # 2 f′ = 4w³ − 32w + 5, for each coordinate

styblinski_tang = Surface(
    name="Styblinski-Tang",
    tex=r"\tfrac{1}{2} \sum_i (w_i^4 - 16 w_i^2 + 5 w_i)",
    f=_styblinski_tang,
    grad=lambda w: (4 * np.asarray(w) * (np.square(w) - 8) + 5) / 2,
    hessian=lambda w: (6 * np.square(w) - 16)[..., None] * np.eye(2),
    bounds=((-5.0, 5.0), (-5.0, 5.0)),
    minima=np.array([[_low, _low], [_low, _high], [_high, _low], [_high, _high]]),
)


def _rastrigin(w: np.ndarray) -> np.ndarray:
    w = np.asarray(w)
    return np.sum(w * w + 10 * (1 - np.cos(2 * np.pi * w)), axis=-1)


def _rastrigin_minima() -> np.ndarray:
    """Every pair of coordinates at which 2w + 20π sin 2πw = 0 near a whole number, lowest first."""
    w = np.arange(-5.0, 6.0)
    for _ in range(20):  # Newton's method, from the whole numbers
        slope = 2 * w + 20 * np.pi * np.sin(2 * np.pi * w)
        w = w - slope / (2 + 40 * np.pi**2 * np.cos(2 * np.pi * w))
    pairs = np.stack(np.meshgrid(w, w, indexing="ij"), axis=-1).reshape(-1, 2)
    return pairs[np.argsort(_rastrigin(pairs), kind="stable")]


rastrigin = Surface(
    name="Rastrigin",
    tex=r"\sum_i \left( w_i^2 + 10 - 10 \cos 2 \pi w_i \right)",
    f=_rastrigin,
    grad=lambda w: 2 * np.asarray(w) + 20 * np.pi * np.sin(2 * np.pi * np.asarray(w)),
    hessian=lambda w: (2 + 40 * np.pi**2 * np.cos(2 * np.pi * np.asarray(w)))[..., None] * np.eye(2),
    bounds=((-5.12, 5.12), (-5.12, 5.12)),
    minima=_rastrigin_minima(),
)
