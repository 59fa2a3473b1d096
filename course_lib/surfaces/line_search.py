"""Line searches: how far to step along a direction in which the loss falls.

The loss along the line is φ(α) = f(w + α p), its slope φ′(α) = ∇f(w + α p)·p, with φ′(0) < 0. A line search
takes ``along``, which maps α to the pair (φ(α), φ′(α)), and the α to try first; it returns the α to step by.
It works on plain numbers, so that NumPy and PyTorch share it.
"""

import math
from collections.abc import Callable

from course_lib.core import positive

__all__ = ["LineSearch", "fixed", "secant", "strong_wolfe"]

Along = Callable[[float], tuple[float, float]]
LineSearch = Callable[[Along, float], float]

_C1, _C2 = 1e-4, 0.9  # how much of the fall the slope promised, and how much of the slope may be left
_ROUNDING = 4e-16  # differences of φ below this part of φ are rounding: there the slope decides
_MOST_TRIES = 40


def fixed(alpha: float) -> LineSearch:
    """Make the line search that does not search: it returns the same step always.

    Args:
        alpha: a positive number.

    Raises:
        TypeError, ValueError: it is not one.

    >>> fixed(0.5)(lambda a: (a * a - a, 2 * a - 1), 1.0)
    0.5
    """
    alpha = positive("alpha", alpha, "1 is the full step")
    return lambda along, first: alpha


def secant(along: Along, first: float = 1.0) -> float:
    """Step to where the line through φ′(0) and φ′(first) is zero: exact where φ is a parabola.

    α = first · φ′(0) / (φ′(0) − φ′(first))

    >>> secant(lambda a: (a * a - a, 2 * a - 1))
    0.5
    """
    slope_0, slope = along(0.0)[1], along(first)[1]
    return first * slope_0 / (slope_0 - slope) if slope > slope_0 else first


def strong_wolfe(along: Along, first: float = 1.0) -> float:
    """Find a step that satisfies the strong Wolfe conditions.

    φ(α) ≤ φ(0) + c₁ α φ′(0)       it falls enough for its length; c₁ = 10⁻⁴
    |φ′(α)| ≤ c₂ |φ′(0)|           it does not stop where it still falls steeply; c₂ = 0.9

    The step is doubled until a good one lies between two that were tried; ``_zoom`` then closes in on it.

    Args:
        along: α -> (φ(α), φ′(α)).
        first: the α to try first, above 0.

    Returns:
        α; where φ falls without end, the longest that was tried; 0.0 where no step falls.

    >>> alpha = strong_wolfe(lambda a: ((a - 3) ** 2, 2 * (a - 3)), first=0.01)
    >>> 0.3 <= alpha <= 5.7  # |φ′| ≤ 0.9 · 6
    True

    Source: Nocedal and Wright, Numerical optimization, 2006, algorithms 3.5 and 3.6.
    """
    phi_0, slope_0 = along(0.0)
    if not slope_0 < 0:
        return 0.0
    enough = _falls_enough(phi_0, slope_0)
    before, phi_before, slope_before = 0.0, phi_0, slope_0
    alpha = first
    for k in range(_MOST_TRIES):
        phi, slope = along(alpha)
        here, there = (before, phi_before, slope_before), (alpha, phi, slope)
        if not enough(alpha, phi) or (k > 0 and phi > phi_before):
            return _zoom(along, enough, slope_0, here, there)
        if abs(slope) <= -_C2 * slope_0:
            return alpha
        if slope >= 0:
            return _zoom(along, enough, slope_0, there, here)
        before, phi_before, slope_before = there
        alpha = 2 * alpha
    return before


Tried = tuple[float, float, float]  # α, φ(α), φ′(α)


def _zoom(
    along: Along, enough: Callable[[float, float], bool], slope_0: float, low: Tried, high: Tried
) -> float:
    """Close in on a good step between two: low falls enough, and φ falls from it towards high."""
    for _ in range(_MOST_TRIES):
        alpha = _cubic_minimum(low, high)
        phi, slope = along(alpha)
        if not enough(alpha, phi) or phi > low[1] + _ROUNDING * abs(low[1]):
            high = (alpha, phi, slope)
            continue
        if abs(slope) <= -_C2 * slope_0:
            return alpha
        if slope * (high[0] - low[0]) >= 0:
            high = low
        low = (alpha, phi, slope)
    return low[0]


def _falls_enough(phi_0: float, slope_0: float) -> Callable[[float, float], bool]:
    """The first Wolfe condition, not spoiled by the rounding of φ near a minimum."""
    return lambda alpha, phi: phi <= phi_0 + _C1 * alpha * slope_0 + _ROUNDING * abs(phi_0)


def _cubic_minimum(low: Tried, high: Tried) -> float:
    """The minimum of the cubic with these two values and slopes, kept off the ends; else the middle.

    Nocedal and Wright, equation 3.59.
    """
    (a, phi_a, slope_a), (b, phi_b, slope_b) = low, high
    middle, margin = (a + b) / 2, 0.1 * abs(b - a)
    if not (math.isfinite(phi_b) and math.isfinite(slope_b)):
        return middle
    d1 = slope_a + slope_b - 3 * (phi_a - phi_b) / (a - b)
    under_root = d1 * d1 - slope_a * slope_b
    if not 0 <= under_root < math.inf:
        return middle
    d2 = math.copysign(math.sqrt(under_root), b - a)
    denominator = slope_b - slope_a + 2 * d2
    if denominator == 0:
        return middle
    alpha = b - (b - a) * (slope_b + d2 - d1) / denominator
    return min(max(alpha, min(a, b) + margin), max(a, b) - margin)
