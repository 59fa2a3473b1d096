"""Losses: the value beside its gradient with respect to the predictions.

Shapes: pred and target are (..., n, k), for n samples of k outputs; leading axes are runs. The value is a
mean over n *and* k, as in PyTorch, so the gradient carries 1/(n k). Papers often have 1/2 or a sum instead.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Loss", "mse"]


@dataclass(frozen=True)
class Loss:
    """A scalar measure of how wrong predictions are, and its derivative.

    Attributes:
        name: the usual name.
        tex: the formula, in TeX.
        value: (pred, target) -> (...), one number a run.
        grad: (pred, target) -> the shape of pred.

    >>> pred, target = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> mse.value(pred, target)
    np.float64(2.0)
    >>> mse.grad(pred, target)
    array([[ 0.],
           [-2.]])
    """

    name: str
    tex: str
    value: Callable[[np.ndarray, np.ndarray], np.ndarray]
    grad: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def __repr__(self) -> str:
        return f"Loss({self.name!r})"


def _residual(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    """pred - target, where NumPy would also subtract (n,) from (n, 1) and give an (n, n) table.

    The last two axes must agree exactly; only the runs before them may be missing in the target.
    """
    pred, target = np.asarray(pred), np.asarray(target)
    runs = pred.ndim - target.ndim
    if pred.ndim < 2 or runs < 0 or target.ndim < 2 or pred.shape[runs:] != target.shape:
        raise ValueError(
            "pred must have shape (..., n, k) and target the same, with or without the leading runs; "
            f"got pred {pred.shape} and target {target.shape}"
        )
    return pred - target.astype(np.result_type(pred, np.float32), copy=False)


def _mse(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    return np.mean(np.square(_residual(pred, target)), axis=(-2, -1))


def _mse_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    residual = _residual(pred, target)
    n, k = residual.shape[-2:]
    return residual * (2 / (n * k))


mse = Loss("mean squared error", r"\tfrac{1}{nk} \sum (\hat y - y)^2", _mse, _mse_grad)
