"""Descend a surface, all runs at once."""

import numpy as np

from course_lib.core import (
    Trajectory,
    broadcast_runs,
    finite_array,
    first_bad,
    hold_from,
    natural,
    runs_shape,
)
from course_lib.numpy_nn.optimizers import Optimizer, for_each_run
from course_lib.surfaces import Surface

__all__ = ["descend"]

_POINTS_AT_ONCE = 8192  # numbers, so that what a surface makes of them fits the cache


def descend(surface: Surface, optimizer: Optimizer, start: np.ndarray, n_steps: int) -> Trajectory:
    """Follow an optimizer down a surface, from one starting point or from many at once.

    w ← w + step(∇f(w)), T times

    Args:
        surface: what to descend, over d weights.
        optimizer: the rule; its hyperparameters may be arrays.
        start: starting points, shape (..., d). The runs are the broadcast of its leading axes with the shape
            of the hyperparameters: one start and 50 learning rates give 50 runs.
        n_steps: the number of steps T.

    Returns:
        The points (T+1, *runs, d), their losses (T+1, *runs), and where each run diverged.

    Raises:
        ValueError: the start does not have d coordinates, or is not finite.

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> from course_lib.surfaces import quadratic
    >>> descend(quadratic((10.0,)), SGD(lr=0.05), start=[1.0], n_steps=3).points[:, 0]
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    w = _starts(surface, optimizer, start)
    n_steps = natural("n_steps", n_steps, minimum=0)
    optimizer = for_each_run(optimizer, w.shape[:-1])
    points, state = np.empty((n_steps + 1, *w.shape)), optimizer.init(w)
    points[0] = w
    with np.errstate(all="ignore"):  # a run that overflows is found below
        for t in range(n_steps):
            step, state = optimizer.update(surface.grad(w), state, w)
            points[t + 1] = w = w + step
        losses = _losses(surface, points)
    diverged_at = first_bad(losses)
    return Trajectory(hold_from(diverged_at, points), hold_from(diverged_at, losses), diverged_at)


def _losses(surface: Surface, points: np.ndarray) -> np.ndarray:
    """The loss at every point: of many steps at once, but not of more points than fit the cache."""
    n = max(_POINTS_AT_ONCE // max(points[0].size, 1), 1)
    return np.concatenate([surface.f(points[t : t + n]) for t in range(0, len(points), n)])


def _starts(surface: Surface, optimizer: Optimizer, start: np.ndarray) -> np.ndarray:
    """Broadcast the starting points to all runs, shape runs + (d,)."""
    start = finite_array("start", start).astype(float)
    if start.ndim == 0 or start.shape[-1] != surface.dim:
        raise ValueError(
            f"start must have {surface.dim} coordinates in its last axis for {surface!r}, "
            f"got shape {start.shape}"
        )
    runs = broadcast_runs(start.shape[:-1], runs_shape(optimizer))
    return np.broadcast_to(start, (*runs, surface.dim)).copy()
