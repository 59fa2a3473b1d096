"""How long noisy descent stays in a well: the probability that it has left by a given step."""

import functools

import numpy as np
from scipy.special import ndtr

from course_lib.core import natural, positive

__all__ = ["escape_probability"]

_NODES = 96
_FAR = 7.0  # standard deviations: beyond them nothing is left to integrate


def escape_probability(
    lr: float, curvature: float, distance: float, std: float | np.ndarray, n_steps: int
) -> np.ndarray:
    """Compute how likely noisy descent is to have left a parabolic well.

    w ← (1 − ηλ) w − η σ ξ,   ξ ~ N(0, 1),   from the minimum w = 0; it leaves at its first step to w > d

    What has stayed is a density that each step smears out and cuts off:
    p₊(w′) = ∫ p(w) N(w′; (1 − ηλ) w, η²σ²) dw over w ≤ d, here a sum over 96 Gauss-Legendre nodes. Where
    ηλ > 2 the well cannot hold anything, noise or not, and what swings far out to the left has left too.

    Args:
        lr: η, the learning rate.
        curvature: λ, of the well.
        distance: d, from the minimum to the edge of the well.
        std: σ, the noise of the gradient, a positive number or an array of shape runs: s/√B for batches of B
            samples whose single gradients scatter by s.
        n_steps: T.

    Returns:
        The probability of having left after 0, 1, …, T steps, shape (T + 1, *runs).

    Raises:
        TypeError, ValueError: an argument is not a positive number, or T not a whole one.

    >>> one_step = escape_probability(lr=0.1, curvature=10.0, distance=1.0, std=10.0, n_steps=1)[1]
    >>> one_step.round(4)  # ηλ = 1, w = N(0, 1) at once: one number in six lies above 1
    np.float64(0.1587)

    Source: Kramers, 1940, for slow escape in continuous time. Here steps are long, and every one is counted.
    """
    lr, curvature = positive("lr", lr), positive("curvature", curvature)
    distance, std = positive("distance", distance), np.asarray(positive("std", std, array=True))
    n_steps, keep = natural("n_steps", n_steps, minimum=0), 1 - lr * curvature
    step = lr * std.reshape(-1)  # standard deviation of the noise in one step, (R,)
    steady = step / np.sqrt(max(1 - keep**2, 0.1))  # of w after many steps, where there is such a thing
    low, high = -_FAR * steady, np.minimum(distance, _FAR * steady)
    nodes, weights = _nodes_and_weights()
    w = low[:, None] + (high - low)[:, None] * (nodes + 1) / 2  # (R, 96)
    weights = (high - low)[:, None] / 2 * weights
    at = (w[:, :, None] - keep * w[:, None, :]) / step[:, None, None]  # (R, to, from)
    smear = np.exp(-(at**2) / 2) / (np.sqrt(2 * np.pi) * step[:, None, None]) * weights[:, None, :]
    density = np.exp(-((w / step[:, None]) ** 2) / 2) / (np.sqrt(2 * np.pi) * step[:, None])  # after 1 step
    left = np.zeros((n_steps + 1, step.size))
    for t in range(1, n_steps + 1):
        left[t] = 1 - np.sum(weights * density, axis=-1)
        density = (smear @ density[:, :, None])[:, :, 0]
    left[1:2] = 1 - ndtr(distance / step)
    return np.clip(np.maximum.accumulate(left), 0, 1).reshape(n_steps + 1, *std.shape)


@functools.cache
def _nodes_and_weights() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(_NODES)
