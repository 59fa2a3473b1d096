"""Schedules that fall from the first update to the last, and one that rises: the range test."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from course_lib.core import in_interval, natural, non_negative, positive
from course_lib.schedules.schedule import Schedule, made, usual_rate

__all__ = [
    "constant",
    "exponential_decay",
    "exponential_range",
    "inverse_time_decay",
    "multi_step",
    "polynomial_decay",
    "step_decay",
]


def constant(lr: float | np.ndarray) -> Schedule:
    """Keep the rate: η(t) = η.

    Args:
        lr: η, a positive number or an array of shape runs.

    >>> constant(0.1)(1000)
    0.1
    """
    lr = usual_rate("lr", lr)
    return made("constant", lambda t: lr, lr=lr)


def step_decay(lr: float | np.ndarray, every: int, factor: float | np.ndarray = 0.1) -> Schedule:
    """Multiply the rate by a factor once in so many updates: η(t) = η · factor^⌊t / every⌋.

    Args:
        lr: η at first, a positive number or an array of shape runs.
        every: the number of updates between two changes.
        factor: in (0, 1], or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = step_decay(0.1, every=10, factor=0.5)
    >>> schedule(9), schedule(10), schedule(20)
    (0.1, 0.05, 0.025)

    Equals torch.optim.lr_scheduler.StepLR, which counts the calls of its ``step``: updates or epochs.
    """
    lr, every = usual_rate("lr", lr), natural("every", every)
    factor = in_interval("factor", factor, 0, 1, closed="right", array=True)
    return made("step_decay", lambda t: lr * factor ** (t // every), lr=lr, every=every, factor=factor)


def multi_step(
    lr: float | np.ndarray, milestones: Sequence[int], factor: float | np.ndarray = 0.1
) -> Schedule:
    """Multiply the rate by a factor at named updates: η(t) = η · factor^(number of milestones ≤ t).

    Args:
        lr: η at first, a positive number or an array of shape runs.
        milestones: the numbers of updates after which it changes, in any order; one given twice counts twice.
        factor: in (0, 1], or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = multi_step(0.1, milestones=[10, 15], factor=0.5)
    >>> schedule(9), schedule(10), schedule(15)
    (0.1, 0.05, 0.025)

    Equals torch.optim.lr_scheduler.MultiStepLR.
    """
    lr, milestones = usual_rate("lr", lr), sorted(natural("milestones", m) for m in milestones)
    factor = in_interval("factor", factor, 0, 1, closed="right", array=True)

    def rate(t: int) -> float | np.ndarray:
        return lr * factor ** bisect_right(milestones, t)

    return made("multi_step", rate, lr=lr, milestones=tuple(milestones), factor=factor)


def exponential_decay(lr: float | np.ndarray, factor: float | np.ndarray) -> Schedule:
    """Multiply the rate by a factor at every update: η(t) = η · factorᵗ.

    Args:
        lr: η at first, a positive number or an array of shape runs.
        factor: in (0, 1], or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> exponential_decay(0.8, factor=0.5)(3)
    0.1

    Equals torch.optim.lr_scheduler.ExponentialLR. Others write η e^(−kt), which is the same with factor e⁻ᵏ.
    """
    lr = usual_rate("lr", lr)
    factor = in_interval("factor", factor, 0, 1, closed="right", array=True)
    return made("exponential_decay", lambda t: lr * factor**t, lr=lr, factor=factor)


def inverse_time_decay(lr: float | np.ndarray, decay: float | np.ndarray) -> Schedule:
    """Divide the rate by a number that grows with time: η(t) = η / (1 + k t).

    Args:
        lr: η at first, a positive number or an array of shape runs.
        decay: k, zero or a positive number, or an array likewise; after 1/k updates the rate is halved.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> inverse_time_decay(0.1, decay=0.01)(100)
    0.05

    Its rates have an infinite sum, their squares a finite one: the conditions of Robbins and Monro, 1951. The
    ``lr_decay`` of AdaGrad is the same.
    """
    lr, decay = usual_rate("lr", lr), non_negative("decay", decay, array=True)
    return made("inverse_time_decay", lambda t: lr / (1 + decay * t), lr=lr, decay=decay)


def polynomial_decay(
    lr: float | np.ndarray, n_updates: int, power: float | np.ndarray = 1.0, lr_end: float | np.ndarray = 0.0
) -> Schedule:
    """Fall to an end value along a power of the time left; a power of 1 is a straight line.

    η(t) = η_end + (η − η_end) (1 − t/T)^power, and η_end from T on

    Args:
        lr: η at first, a positive number or an array of shape runs.
        n_updates: T, the updates until the end value is reached.
        power: a positive number, or an array likewise.
        lr_end: η_end, zero or a positive number, or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = polynomial_decay(0.1, n_updates=100)
    >>> schedule(0), schedule(50), schedule(100)
    (0.1, 0.05, 0.0)

    Equals torch.optim.lr_scheduler.PolynomialLR, whose end value is 0, and with power 1 LinearLR.
    """
    lr, n = usual_rate("lr", lr), natural("n_updates", n_updates)
    power = positive("power", power, "1 is a straight line", array=True)
    lr_end = non_negative("lr_end", lr_end, array=True)

    def rate(t: int) -> float | np.ndarray:
        return lr_end + (lr - lr_end) * (1 - min(t, n) / n) ** power

    return made("polynomial_decay", rate, lr=lr, n_updates=n, power=power, lr_end=lr_end)


def exponential_range(low: float | np.ndarray, high: float | np.ndarray, n_updates: int) -> Schedule:
    """Rise from a low rate to a high one by equal factors: the rates of a range test.

    η(t) = low · (high / low)^(t / (T − 1)), so that the last of T updates is made with the high rate

    Args:
        low: the rate of the first update, a positive number or an array of shape runs.
        high: the rate of the last, likewise.
        n_updates: T, at least 2; later updates keep the high rate.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = exponential_range(0.001, 10.0, n_updates=5)
    >>> [round(schedule(t), 6) for t in range(5)]
    [0.001, 0.01, 0.1, 1.0, 10.0]

    Source: Smith, Cyclical learning rates for training neural networks, 2017, whose test rises along a line.
    """
    low, high, n = (
        usual_rate("low", low),
        usual_rate("high", high),
        natural("n_updates", n_updates, minimum=2),
    )

    def rate(t: int) -> float | np.ndarray:
        return low * (high / low) ** (min(t, n - 1) / (n - 1))

    return made("exponential_range", rate, low=low, high=high, n_updates=n)
