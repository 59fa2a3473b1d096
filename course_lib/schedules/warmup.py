"""Warmup: begin with small rates, then go on with any schedule."""

from collections.abc import Callable
from math import cos, pi
from typing import Any

import numpy as np

from course_lib.core import in_interval, natural, non_negative
from course_lib.schedules.decay import constant
from course_lib.schedules.schedule import Schedule, made

__all__ = ["cosine_warmup", "linear_warmup"]

Rate = float | np.ndarray | Callable[[int], float | np.ndarray]


def linear_warmup(schedule: Rate, n_updates: int, start_factor: float | np.ndarray = 0.0) -> Schedule:
    """Rise to a rate along a line, then follow a schedule.

    η(t) = η₀ (a + (1 − a) t/T) for t < T, then schedule(t − T), where η₀ = schedule(0)

    Args:
        schedule: what follows, counted from the end of the warmup; a number, or an array of
            shape runs, is kept.
        n_updates: T, the updates until η₀ is reached.
        start_factor: a in [0, 1], or an array likewise. With 0 the first update moves nothing, though an
            optimizer such as Adam remembers its gradient.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> from course_lib.schedules import cosine_annealing
    >>> schedule = linear_warmup(cosine_annealing(0.1, 100), n_updates=10)
    >>> [round(schedule(t), 6) for t in (0, 1, 5, 10, 60, 110)]
    [0.0, 0.01, 0.05, 0.1, 0.05, 0.0]

    Source: Goyal and others, Accurate, large minibatch SGD, 2017. Equals LinearLR of
    torch.optim.lr_scheduler, in a SequentialLR. Others count from 1: their first rate is η₀/T.
    """
    return _warmup("linear_warmup", schedule, n_updates, start_factor, lambda part: part)


def cosine_warmup(schedule: Rate, n_updates: int, start_factor: float | np.ndarray = 0.0) -> Schedule:
    """Rise to a rate along half a wave of a cosine, then follow a schedule.

    η(t) = η₀ (a + (1 − a) ½ (1 − cos(π t/T))) for t < T, then schedule(t − T), where η₀ = schedule(0)

    Args:
        schedule: what follows, counted from the end of the warmup; a number, or an array of
            shape runs, is kept.
        n_updates: T, the updates until η₀ is reached.
        start_factor: a in [0, 1], or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = cosine_warmup(0.1, n_updates=10)
    >>> [round(schedule(t), 6) for t in (0, 1, 5, 10, 60)]
    [0.0, 0.002447, 0.05, 0.1, 0.1]

    Elsewhere the name often means a linear warmup before a cosine: ``linear_warmup(cosine_annealing(…), …)``.
    """
    return _warmup("cosine_warmup", schedule, n_updates, start_factor, lambda part: (1 - cos(pi * part)) / 2)


def _warmup(
    name: str, schedule: Any, n_updates: int, start_factor: Any, shape: Callable[[float], float]
) -> Schedule:
    after = schedule if callable(schedule) else constant(schedule)
    peak = non_negative("schedule", after(0), "its first value", array=True)
    n = natural("n_updates", n_updates)
    a = in_interval("start_factor", start_factor, 0, 1, array=True)

    def rate(t: int) -> float | np.ndarray:
        return peak * (a + (1 - a) * shape(t / n)) if t < n else after(t - n)

    return made(name, rate, schedule=after, n_updates=n, start_factor=a)
