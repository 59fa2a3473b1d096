"""How fast momentum converges on a quadratic: in closed form, and as a path shows it.

Along an eigenvector of curvature λ, momentum is a linear map from two successive positions to the next two.
Its largest eigenvalue in size, the spectral radius, is the factor by which the distance shrinks in the long
run.
"""

from typing import NamedTuple

import numpy as np

from course_lib.core import Trajectory, finite_array, flag, in_interval, non_negative, positive

__all__ = ["BestMomentum", "best_momentum", "largest_stable_rate", "measured_rate", "momentum_rate"]


def momentum_rate(
    lr: float | np.ndarray,
    momentum: float | np.ndarray,
    curvature: float | np.ndarray,
    *,
    nesterov: bool = False,
) -> float | np.ndarray:
    """Compute the factor per step of momentum on a quadratic: the spectral radius of its 2×2 matrix.

    (w_{t+1}, w_t) = M (w_t, w_{t−1}),   M = [[s, −p], [1, 0]]

    heavy ball: s = 1 + β − ηλ, p = β.   Nesterov: s = (1 + β)(1 − ηλ), p = β (1 − ηλ)

    The eigenvalues r solve r² − s r + p = 0. Where s² < 4p they are complex, and of size √p: a damped swing.
    Otherwise the larger one has size (|s| + √(s² − 4p)) / 2.

    Args:
        lr: η, zero or a positive number, or an array.
        momentum: β, in [0, 1), or an array.
        curvature: λ, a number of any sign, or an array. The three broadcast.
        nesterov: whether the gradient is taken ahead.

    Returns:
        The spectral radius, of the shape they span. Below 1 it converges.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> momentum_rate(0.1, 0.0, 1.0)  # without momentum: |1 − ηλ|
    np.float64(0.9)
    >>> momentum_rate(0.1, 0.81, [1.0, 10.0]).round(6)  # both swing, and shrink by √β
    array([0.9, 0.9])

    Source: Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
    """
    pull = non_negative("lr", lr, array=True) * finite_array("curvature", curvature)
    b = in_interval("momentum", momentum, 0, 1, closed="left", array=True)
    ahead = 1 - pull if flag("nesterov", nesterov) else 1.0
    s, p = (1 + b) * ahead if nesterov else 1 + b - pull, b * ahead
    gap = s * s - 4 * p  # of r² − s r + p = 0
    return np.where(gap < 0, np.sqrt(np.abs(p)), (np.abs(s) + np.sqrt(np.maximum(gap, 0))) / 2)[()]


def largest_stable_rate(
    momentum: float | np.ndarray, curvature: float | np.ndarray, *, nesterov: bool = False
) -> float | np.ndarray:
    """Compute the learning rate up to which momentum converges on a quadratic.

    heavy ball: 2 (1 + β) / λ.   Nesterov: 2 (1 + β) / ((1 + 2β) λ)

    Args:
        momentum: β, in [0, 1), or an array.
        curvature: λ, positive, the largest there is; or an array.
        nesterov: whether the gradient is taken ahead.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> largest_stable_rate(0.9, 10.0)
    0.38
    """
    b = in_interval("momentum", momentum, 0, 1, closed="left", array=True)
    limit = 2 * (1 + b) / positive("curvature", curvature, array=True)
    return limit / (1 + 2 * b) if flag("nesterov", nesterov) else limit


class BestMomentum(NamedTuple):
    """The best constants for a quadratic, and the factor per step that they reach.

    >>> best_momentum(1.0, 1.0)
    BestMomentum(lr=1.0, momentum=0.0, rate=0.0)
    """

    lr: float
    momentum: float
    rate: float


def best_momentum(lowest: float, highest: float) -> BestMomentum:
    """Find the learning rate and the momentum that converge fastest on all curvatures between two.

    η = (2 / (√λ₁ + √λₙ))²,   β = ((√λₙ − √λ₁) / (√λₙ + √λ₁))²,   factor √β = (√κ − 1) / (√κ + 1)

    Args:
        lowest: λ₁, positive.
        highest: λₙ, not below λ₁.

    Raises:
        TypeError, ValueError: the curvatures are not positive, or not in order.

    >>> best_momentum(1.0, 9.0)
    BestMomentum(lr=0.25, momentum=0.25, rate=0.5)

    Source: Polyak, 1964; for plain descent (κ − 1) / (κ + 1) is the best.
    """
    low, high = np.sqrt([positive("lowest", lowest), positive("highest", highest)])
    if low > high:
        raise ValueError(f"highest must not be below lowest = {lowest!r}, got {highest!r}")
    rate = (high - low) / (high + low)
    return BestMomentum(float((2 / (low + high)) ** 2), float(rate**2), float(rate))


def measured_rate(path: Trajectory, minimum: np.ndarray) -> np.ndarray:
    """Measure the factor per step by which a path came nearer, over the second half of its steps.

    (d_T / d_S)^(1/(T−S)),   d_t² = |w_t − w*|² + |w_{t−1} − w*|²,   S = ⌊(T + 1)/2⌋

    Two positions count, because a swing may pass the minimum at any one of them. Where a run diverged, T is
    the last step before.

    Args:
        path: of ``training.descend``, at least two steps long.
        minimum: w*, shape (d,).

    Returns:
        The factor of each run, shape runs; 0 where the minimum was reached exactly.

    Raises:
        TypeError, ValueError: the minimum does not have d finite coordinates, or there are too few steps.

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> from course_lib.numpy_nn.training import descend
    >>> from course_lib.surfaces import quadratic
    >>> path = descend(quadratic((1.0,)), SGD(lr=np.array([0.1, 1.5])), [1.0], n_steps=20)
    >>> measured_rate(path, [0.0]).round(6)
    array([0.9, 0.5])
    """
    w, minimum = path.points, finite_array("minimum", minimum, shape=(path.points.shape[-1],))
    if len(w) < 3:
        raise ValueError(f"path must be at least two steps long, got {len(w) - 1}")
    square = np.sum(np.square(w - minimum), axis=-1)
    distance = np.sqrt(square[1:] + square[:-1])  # entry i belongs to step i + 1
    last = np.where(path.diverged_at < 0, len(w) - 1, path.diverged_at - 1)
    seen = np.sum(distance > 1e-140, axis=0)  # steps before the squares run out of numbers
    last = np.maximum(np.minimum(last, seen), 2)
    first = (last + 1) // 2
    end, begin = (np.take_along_axis(distance, (t - 1)[None], axis=0)[0] for t in (last, first))
    quotient = end / np.where(begin > 0, begin, 1)
    return np.where(seen < 3, 0.0, quotient ** (1 / np.maximum(last - first, 1)))
