"""What a schedule is: a learning rate for each update."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib.core import natural, non_negative, positive, runs_shape

__all__ = ["Schedule", "rates"]


@dataclass(frozen=True)
class Schedule:
    """A learning rate that depends on the number of updates made so far.

    Attributes:
        name: the function that made it.
        settings: the arguments of that function, checked, as pairs.
        rate: maps t, the number of updates made so far, to the learning rate: a number, or an array of shape
            runs where a setting is such an array.

    >>> from course_lib.schedules import step_decay
    >>> schedule = step_decay(0.1, every=30, factor=0.5)
    >>> schedule
    step_decay(lr=0.1, every=30, factor=0.5)
    >>> schedule(0), schedule(30)
    (0.1, 0.05)
    """

    name: str
    settings: tuple[tuple[str, Any], ...]
    rate: Callable[[int], float | np.ndarray] = field(compare=False)

    def __call__(self, t: int) -> float | np.ndarray:
        return self.rate(t)

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.settings)})"


def made(name: str, rate: Callable[[int], float | np.ndarray], **settings: Any) -> Schedule:
    """Put a schedule together; if a setting is an array of shape runs, so is every rate."""
    runs = runs_shape(list(settings.values()))
    by_run = (lambda t: np.broadcast_to(rate(t), runs)) if runs else rate
    return Schedule(name, tuple(settings.items()), by_run)


def usual_rate(name: str, lr: Any) -> float | np.ndarray:
    """Check a learning rate, which may be an array."""
    return positive(name, lr, "0.1 is a usual start", array=True)


def rates(schedule: Callable[[int], float | np.ndarray], n_updates: int) -> np.ndarray:
    """List the learning rates of the first updates, as a figure needs them.

    Args:
        schedule: a Schedule, or any function of the number of updates made so far.
        n_updates: how many updates.

    Returns:
        Their rates, shape (n_updates, *runs).

    Raises:
        TypeError, ValueError: n_updates is not a positive whole number, or a rate not a number from 0 up.

    >>> from course_lib.schedules import exponential_decay
    >>> rates(exponential_decay(0.8, factor=0.5), 4)
    array([0.8, 0.4, 0.2, 0.1])
    """
    n_updates = natural("n_updates", n_updates)
    return np.array([non_negative("schedule", schedule(t), array=True) for t in range(n_updates)])
