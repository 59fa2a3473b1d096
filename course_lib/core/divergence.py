"""What becomes of a run that diverges: it is stopped, reported, and disturbs nobody.

A run diverges at the first step whose loss is not finite or exceeds LIMIT in size. From there on it is held
at its last good values. The loops that use this silence NumPy's warnings, because overflow is an expected
result there, found and labeled by this check.
"""

import numpy as np

from course_lib.core.runs import lead
from course_lib.core.trees import Tree, tree_map

__all__ = ["LIMIT", "Guard", "first_bad", "hold_from", "is_good"]

LIMIT = 1e12  # far above any loss of the course, far below overflow: float64 reaches 1e308, float32 1e38


def is_good(loss: np.ndarray) -> np.ndarray:
    """Tell for each run whether its loss is finite and within LIMIT.

    >>> is_good(np.array([0.5, 1e13, np.nan]))
    array([ True, False, False])
    """
    return np.abs(loss) <= LIMIT  # comparing with NaN is False


class Guard:
    """Watch runs while they go on, and hold each that diverges at its last good parameters.

    Args:
        params: parameters, each of shape runs + (...).
        runs: the shape of the runs.

    >>> guard = Guard(np.zeros((2, 1)), runs=(2,))
    >>> guard.check(np.array([[1.0], [9.0]]), loss=np.array([0.5, np.inf]), n_updates=7)
    array([[1.],
           [0.]])
    >>> guard.diverged_at
    array([-1,  7])
    """

    def __init__(self, params: Tree, runs: tuple[int, ...]) -> None:
        self.last_good = params
        self.going = np.full(runs, True)
        self.all_going = True
        self.diverged_at = np.full(runs, -1)

    def check(self, params: Tree, loss: np.ndarray, n_updates: int) -> Tree:
        """Return the parameters, with the last good ones where the loss they gave is not good."""
        good = is_good(loss)
        if self.all_going and good.all():  # the usual case costs next to nothing
            self.last_good = params
            return params
        good = self.going & good
        self.diverged_at[self.going & ~good] = n_updates
        self.going, self.all_going = good, False
        self.last_good = self.hold(params, self.last_good)
        return self.last_good

    def stop(self, which: np.ndarray, params: Tree) -> Tree:
        """Stop some of the runs, which is no divergence; return the last good parameters, there the given.

        >>> guard = Guard(np.zeros((2, 1)), runs=(2,))
        >>> guard.stop(np.array([True, False]), np.full((2, 1), 5.0))
        array([[5.],
               [0.]])
        """
        self.going, self.all_going = self.going & ~which, False
        self.last_good = tree_map(lambda n, o: np.where(lead(which, n), n, o), params, self.last_good)
        return self.last_good

    def hold(self, new: Tree, old: Tree) -> Tree:
        """Return the new values for the runs that are going, the old ones for the others."""
        if self.all_going:
            return new
        return tree_map(lambda n, o: np.where(lead(self.going, n), n, o), new, old)


def first_bad(losses: np.ndarray) -> np.ndarray:
    """Find for each run the first step whose loss is not good, or -1: (steps, *runs) -> runs.

    >>> first_bad([3.0, 2.0, float("nan")])
    array(2)
    >>> first_bad(np.array([[3.0, 3.0], [np.inf, 2.0]]))
    array([ 1, -1])
    """
    bad = ~is_good(losses)
    return np.asarray(np.where(bad.any(axis=0), np.argmax(bad, axis=0), -1))


def hold_from(step: int | np.ndarray, series: np.ndarray) -> np.ndarray:
    """Repeat the last entry before a step from that step on; -1 stands for never, and changes nothing.

    Args:
        step: a number, or an array of shape runs.
        series: of shape (steps, *runs, ...).

    >>> hold_from(2, np.array([3.0, 2.0, np.inf, np.nan]))
    array([3., 2., 2., 2.])
    """
    step = np.asarray(step)
    if not len(series) or (step < 0).all():
        return series
    t = np.arange(len(series)).reshape(-1, *[1] * step.ndim)
    kept = np.where(step < 0, t, np.minimum(t, np.maximum(step - 1, 0)))
    return np.take_along_axis(series, kept.reshape(kept.shape + (1,) * (series.ndim - kept.ndim)), axis=0)
