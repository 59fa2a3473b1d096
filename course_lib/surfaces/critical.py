"""Critical points: where the gradient is zero, and what the Hessian says about them."""

import functools
from typing import NamedTuple

import numpy as np

from course_lib.core import finite_array, positive
from course_lib.surfaces.surface import Surface

__all__ = ["CriticalPoints", "classify", "critical_points", "second_order_taylor"]

_KINDS = np.array(["degenerate", "minimum", "maximum", "saddle"])


def classify(hessian: np.ndarray, tolerance: float = 1e-8) -> str | np.ndarray:
    """Name the kind of a critical point by the signs of its Hessian's eigenvalues.

    all positive: minimum.   all negative: maximum.   some of each: saddle.   otherwise: degenerate

    A degenerate point has an eigenvalue of zero and no two of different signs. There the second derivatives
    do not decide; third or higher ones do.

    Args:
        hessian: second derivatives, shape (..., d, d).
        tolerance: an eigenvalue within this part of the largest in size counts as zero; so does one of an all
            but zero matrix, below the tolerance itself.

    Returns:
        A word, or an array of words of shape (...).

    Raises:
        TypeError, ValueError: the Hessians are not finite square matrices.

    >>> classify([[2.0, 0.0], [0.0, -1.0]])
    'saddle'
    >>> classify([[[2.0]], [[-3.0]], [[0.0]]]).tolist()
    ['minimum', 'maximum', 'degenerate']
    """
    H, tolerance = finite_array("hessian", hessian), positive("tolerance", tolerance)
    if H.ndim < 2 or H.shape[-1] != H.shape[-2]:
        raise ValueError(f"hessian must have shape (..., d, d), got {H.shape}")
    eigenvalues = np.linalg.eigvalsh(H)
    zero = tolerance * np.maximum(np.abs(eigenvalues).max(axis=-1, keepdims=True), 1)
    up, down = eigenvalues > zero, eigenvalues < -zero
    kind = np.select(
        [up.all(axis=-1), down.all(axis=-1), up.any(axis=-1) & down.any(axis=-1)], [1, 2, 3], default=0
    )
    words = _KINDS[kind]
    return str(words) if H.ndim == 2 else words


class CriticalPoints(NamedTuple):
    """The critical points of a surface, lowest first.

    >>> from course_lib.surfaces import double_well
    >>> critical_points(double_well).kinds
    ('minimum', 'minimum', 'maximum')
    """

    points: np.ndarray  # (m, d)
    values: np.ndarray  # (m,)
    kinds: tuple[str, ...]


@functools.lru_cache(maxsize=32)
def critical_points(surface: Surface) -> CriticalPoints:
    """Find where the gradient of a surface is zero, within its bounds, and tell of what kind each place is.

    Newton's method, w ← w − H⁻¹∇f, goes to any critical point, of whatever kind. It starts from a grid of at
    least 1,000 places. The points must be isolated: a flat valley has a line of them.

    Args:
        surface: over a few weights.

    >>> from course_lib.surfaces import himmelblau
    >>> found = critical_points(himmelblau)
    >>> [found.kinds.count(kind) for kind in ("minimum", "saddle", "maximum")]
    [4, 4, 1]
    """
    low, high = np.transpose(surface.bounds)
    n = max(int(np.ceil(1000 ** (1 / surface.dim))), 62 if surface.dim == 2 else 3)
    axes = [np.linspace(lo, hi, n) for lo, hi in surface.bounds]
    w = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, surface.dim)
    with np.errstate(all="ignore"):  # a walk that leaves the picture is dropped
        for _ in range(60):
            w = w - _newton_step(surface, w)
            w = w[np.all((w > 3 * low - 2 * high) & (w < 3 * high - 2 * low), axis=-1)]  # within five widths
        w = w[np.all((w >= low - 1e-9) & (w <= high + 1e-9), axis=-1)]
        w = w[np.max(np.abs(surface.grad(w)), axis=-1, initial=0) < 1e-8]
    w = _distinct(w)
    w = w[np.argsort(surface.f(w), kind="stable")] + 0.0  # and no −0
    return CriticalPoints(w, surface.f(w), tuple(map(str, classify(surface.hessian(w)))) if len(w) else ())


def _newton_step(surface: Surface, w: np.ndarray) -> np.ndarray:
    """H⁻¹∇f by eigenvalues; 0 along a direction in which gradient and curvature both vanish."""
    eigenvalues, Q = np.linalg.eigh(surface.hessian(w))
    slope = np.matvec(Q.mT, surface.grad(w))
    return np.matvec(Q, np.where(slope == 0, 0, slope / eigenvalues))


def _distinct(w: np.ndarray, apart: float = 1e-5) -> np.ndarray:
    """Keep one point of each cluster."""
    kept: list[np.ndarray] = []
    for point in w[np.lexsort(np.round(w, 4).T)]:
        if not kept or np.min(np.linalg.norm(np.array(kept) - point, axis=-1)) > apart:
            kept.append(point)
    return np.array(kept).reshape(-1, w.shape[-1])


def second_order_taylor(surface: Surface, point: np.ndarray) -> Surface:
    """Build the parabola that touches a surface at a point: same value, same gradient, same Hessian there.

    f(a + δ) ≈ f(a) + gᵀδ + ½ δᵀHδ

    Its critical point is at δ = −H⁻¹g, which is where Newton's method steps to.

    Args:
        surface: over d weights.
        point: a, shape (d,).

    Returns:
        A surface with the same bounds.

    Raises:
        TypeError, ValueError: the point is not finite, or does not have d coordinates.

    >>> from course_lib.surfaces import rosenbrock
    >>> parabola = second_order_taylor(rosenbrock, [0.0, 0.0])
    >>> parabola.f([0.1, 0.2]), rosenbrock.f([0.1, 0.2])
    (np.float64(4.8100000000000005), np.float64(4.42))
    """
    a = finite_array("point", point, shape=(surface.dim,)).astype(float)
    value, g, H = surface.f(a), surface.grad(a), np.array(surface.hessian(a))
    is_bowl = classify(H) == "minimum"
    minimum = a - np.linalg.solve(H, g) if is_bowl else a
    return Surface(
        name=f"second-order Taylor of {surface.name}",
        tex=r"f(a) + g^\top (w - a) + \tfrac{1}{2} (w - a)^\top H (w - a)",
        f=lambda w: value + np.vecdot(w - a, g + np.matvec(H, w - a) / 2),
        grad=lambda w: g + np.matvec(H, w - a),
        hessian=lambda w: np.broadcast_to(H, np.shape(w)[:-1] + H.shape),
        bounds=surface.bounds,
        minima=minimum[None][: int(is_bowl)],
    )
