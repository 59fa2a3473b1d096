"""How a training goes: the arguments of ``train`` that a Trainer keeps, and what they must offer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from course_lib.core import Tree, natural
from course_lib.schedules import EarlyStopping

__all__ = ["BatchSize", "Plateau", "Regularizer", "Settings"]

BatchSize = int | Callable[[int], int]  # a number, or a function of the epoch, counted from 0


class Regularizer(Protocol):
    """What every regularizer offers, such as those of ``regularizers``."""

    def value(self, params: Tree) -> np.ndarray:
        """Return the penalty, one number a run."""

    def grad(self, params: Tree) -> Tree:
        """Return its gradient, a tree like the parameters."""


class Plateau(Protocol):
    """What a rule that shrinks the steps offers, such as ``schedules.ReduceOnPlateau``."""

    def init(self, runs: tuple[int, ...]) -> Any:
        """Return the state before the first epoch; its ``scale``, of shape runs, multiplies the steps."""

    def update(self, loss: np.ndarray, state: Any) -> Any:
        """Return the state after an epoch with this loss."""


@dataclass(frozen=True)
class Settings:
    """How a training goes; ``train`` says what each means.

    Raises:
        TypeError, ValueError: an argument is out of range.
    """

    batch_size: BatchSize
    shuffle: bool = True
    regularizer: Regularizer | None = None
    early_stopping: EarlyStopping | None = None
    plateau: Plateau | None = None
    accumulate: int = 1
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None

    def __post_init__(self) -> None:
        natural("accumulate", self.accumulate)
        _check_methods("regularizer", self.regularizer, ("value", "grad"), "L2(0.01)")
        _check_methods("early_stopping", self.early_stopping, ("init", "update"), "EarlyStopping(10)")
        _check_methods("plateau", self.plateau, ("init", "update"), "ReduceOnPlateau()")
        if not (self.augment is None or callable(self.augment)):
            raise TypeError(f"augment must be a function (x, rng) -> x, got {self.augment!r}")

    @property
    def rules(self) -> tuple:
        """What may have hyperparameters of its own for each run."""
        return self.regularizer, self.early_stopping, self.plateau


def _check_methods(name: str, value: Any, methods: tuple[str, ...], example: str) -> None:
    if isinstance(value, type) or not (value is None or all(hasattr(value, method) for method in methods)):
        raise TypeError(f"{name} must be None or an object such as {example}, got {value!r}")
