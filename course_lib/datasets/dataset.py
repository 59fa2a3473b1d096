"""What every training takes: samples to learn from, and others to judge by."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Dataset"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Samples to train on, and others to test on.

    Attributes:
        name: what it is called in tables and titles.
        x_train: inputs, shape (N, d): samples first.
        y_train: targets, shape (N, k) floats for regression, (N,) integer labels for classification.
        x_test: inputs of the test part, shape (M, d).
        y_test: targets of the test part.

    Raises:
        ValueError: a part is empty, or has not as many targets as inputs.

    >>> Dataset("two points", np.zeros((2, 1)), np.zeros((2, 1)), np.ones((1, 1)), np.ones((1, 1)))
    Dataset('two points', 2 to train on, 1 to test on, x (1,) -> y (1,))
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    def __post_init__(self) -> None:
        for part in ("train", "test"):
            n_x, n_y = len(getattr(self, f"x_{part}")), len(getattr(self, f"y_{part}"))
            if n_x != n_y or n_x == 0:
                raise ValueError(
                    f"x_{part} and y_{part} must hold equally many samples, at least one; got {n_x} and {n_y}"
                )

    def __repr__(self) -> str:
        return (
            f"Dataset({self.name!r}, {len(self.x_train)} to train on, {len(self.x_test)} to test on, "
            f"x {self.x_train.shape[1:]} -> y {self.y_train.shape[1:]})"
        )
