"""Losses: the value beside its gradient with respect to the predictions.

Shapes: pred and target are (..., n, k), for n samples of k outputs; leading axes are runs. The value is a
mean over n *and* k, as in PyTorch, so the gradient carries 1/(n k). Papers often have 1/2 or a sum instead.
For a classification into C classes, pred holds logits (..., n, C) and target integer labels (..., n).
No loss wants a sigmoid or a softmax before it: on logits of ±1000 probabilities would give infinity.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.core import natural, non_negative
from course_lib.numpy_nn.activations import sigmoid, softmax

__all__ = [
    "Loss",
    "binary_cross_entropy",
    "cross_entropy",
    "mse",
    "multiclass_hinge",
    "one_hot",
    "ranking_hinge",
]


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

    def __post_init__(self) -> None:
        # A probability of e⁻¹⁰⁰⁰ counts as 0, whatever the process makes of underflow.
        for name in ("value", "grad"):
            object.__setattr__(self, name, np.errstate(under="ignore")(getattr(self, name)))

    def __repr__(self) -> str:
        return f"Loss({self.name!r})"


def _pair(pred: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Check the shapes, where NumPy would also subtract (n,) from (n, 1) and give an (n, n) table.

    The last two axes must agree exactly; only the runs before them may be missing in the target.
    """
    pred, target = np.asarray(pred), np.asarray(target)
    runs = pred.ndim - target.ndim
    if pred.ndim < 2 or runs < 0 or target.ndim < 2 or pred.shape[runs:] != target.shape:
        raise ValueError(
            "pred must have shape (..., n, k) and target the same, with or without the leading runs; "
            f"got pred {pred.shape} and target {target.shape}"
        )
    if target.dtype != pred.dtype or pred.dtype.kind != "f":
        target = target.astype(np.result_type(pred, np.float32))
    return pred, target


def _residual(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    pred, target = _pair(pred, target)
    return pred - target


def _mse(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    return np.mean(np.square(_residual(pred, target)), axis=(-2, -1))


def _mse_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    residual = _residual(pred, target)
    n, k = residual.shape[-2:]
    return residual * (2 / (n * k))


mse = Loss("mean squared error", r"\tfrac{1}{nk} \sum (\hat y - y)^2", _mse, _mse_grad)


def _binary_pair(logits: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    logits, target = _pair(logits, target)
    if not ((target >= 0) & (target <= 1)).all():
        raise ValueError(f"target must lie between 0 and 1, got {target.min()} to {target.max()}")
    return logits, target


def _binary_cross_entropy(logits: np.ndarray, target: np.ndarray) -> np.ndarray:
    z, y = _binary_pair(logits, target)
    # −y ln σ(z) − (1 − y) ln(1 − σ(z)), where ln σ(z) = −ln(1 + e^−z)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))), axis=(-2, -1))


def _binary_cross_entropy_grad(logits: np.ndarray, target: np.ndarray) -> np.ndarray:
    z, y = _binary_pair(logits, target)
    n, k = z.shape[-2:]
    return (sigmoid(z) - y) / (n * k)


binary_cross_entropy = Loss(
    "binary cross-entropy",
    r"-\tfrac{1}{nk} \sum [y \ln \sigma(z) + (1 - y) \ln(1 - \sigma(z))]",
    _binary_cross_entropy,
    _binary_cross_entropy_grad,
)


def _is_label(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the logits and, in their shape (..., n, C), where the column is the sample's label."""
    logits, labels = np.asarray(logits), np.asarray(labels)
    runs = logits.ndim - 1 - labels.ndim
    if logits.ndim < 2 or runs < 0 or labels.ndim < 1 or logits.shape[runs:-1] != labels.shape:
        raise ValueError(
            "pred must have shape (..., n, C) and target shape (..., n), with or without the leading runs; "
            f"got pred {logits.shape} and target {labels.shape}"
        )
    classes = np.arange(logits.shape[-1])
    return logits, _checked_labels("target", labels, len(classes))[..., None] == classes


def _checked_labels(name: str, labels: np.ndarray, n_classes: int) -> np.ndarray:
    wanted = f"{name} must hold whole numbers from 0 to {n_classes - 1}, the labels of {n_classes} classes"
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{wanted}, got {labels.dtype}")
    strange = labels[(labels < 0) | (labels >= n_classes)]  # an index of −1 would be the last class
    if strange.size:
        raise ValueError(f"{wanted}, got {strange[0]}")
    return labels


def _cross_entropy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    z, is_label = _is_label(logits, labels)
    z = z - z.max(axis=-1, keepdims=True)  # the largest is 0 now, and no exponential overflows
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -np.sum(log_p * is_label, axis=(-2, -1)) / z.shape[-2]


def _cross_entropy_grad(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    z, is_label = _is_label(logits, labels)
    return (softmax(z) - is_label) / z.shape[-2]


cross_entropy = Loss(
    "cross-entropy",
    r"-\tfrac{1}{n} \sum \ln \mathrm{softmax}(z)_y",
    _cross_entropy,
    _cross_entropy_grad,
)


def ranking_hinge(margin: float = 1.0) -> Loss:
    """Make the loss that wants each true score to exceed its corrupt partner by a margin.

    L = 1/(nk) Σ max(0, Δ + s_c − s)        ∂L/∂s = −1/(nk) where active, and ∂L/∂s_c = −∂L/∂s

    Here pred holds the scores s of the true samples, and target the scores s_c of the corrupt ones, each of
    shape (..., n, k). A pair is active while its hinge is open, Δ + s_c − s ≥ 0.

    Args:
        margin: Δ, zero or a positive number.

    Raises:
        TypeError, ValueError: the margin is not such a number.

    >>> s, s_c = np.array([[3.0], [0.5]]), np.array([[0.0], [0.0]])
    >>> ranking_hinge(margin=1.0).value(s, s_c)
    np.float64(0.25)
    >>> ranking_hinge(margin=1.0).grad(s, s_c)
    array([[ 0. ],
           [-0.5]])

    Source: Collobert et al., Natural language processing (almost) from scratch, 2011, with a sum in place of
    the mean. Equals torch.nn.MarginRankingLoss, whose margin is 0 if none is given.
    """
    margin = non_negative("margin", margin, "1 is usual")

    def value(s: np.ndarray, s_c: np.ndarray) -> np.ndarray:
        return np.mean(np.maximum(margin - _residual(s, s_c), 0), axis=(-2, -1))

    def grad(s: np.ndarray, s_c: np.ndarray) -> np.ndarray:
        gap = _residual(s, s_c)
        n, k = gap.shape[-2:]
        return np.where(gap <= margin, -1 / (n * k), 0).astype(gap.dtype, copy=False)

    return Loss("ranking hinge", rf"\tfrac{{1}}{{nk}} \sum \max(0, {margin:g} + s_c - s)", value, grad)


def multiclass_hinge(margin: float = 1.0) -> Loss:
    """Make the loss that wants the score of the right class to exceed every other by a margin.

    L = 1/(nC) Σ over samples and over classes j ≠ y of max(0, Δ + z_j − z_y)

    The value and the gradient take scores (..., n, C) and integer labels (..., n).

    Args:
        margin: Δ, zero or a positive number.

    Raises:
        TypeError, ValueError: the margin is not such a number.

    >>> scores, labels = np.array([[2.0, 0.0, 1.5]]), np.array([0])
    >>> (3 * multiclass_hinge(margin=1.0).value(scores, labels)).round(3)  # only 1 + 1.5 - 2 is above 0
    np.float64(0.5)
    >>> 3 * multiclass_hinge(margin=1.0).grad(scores, labels)
    array([[-1.,  0.,  1.]])

    Source: Weston and Watkins, Support vector machines for multi-class pattern recognition, 1999. They sum
    over the classes; torch.nn.MultiMarginLoss divides by their number C, and so does this.
    """
    margin = non_negative("margin", margin, "1 is usual")

    def slack(scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        z, is_label = _is_label(scores, labels)
        own = np.sum(z * is_label, axis=-1, keepdims=True)  # z_y
        return np.where(is_label, 0, margin + z - own), is_label

    def value(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
        return np.mean(np.maximum(slack(scores, labels)[0], 0), axis=(-2, -1))

    def grad(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
        gap, is_label = slack(scores, labels)
        n, n_classes = gap.shape[-2:]
        active = (gap > 0).astype(gap.dtype)
        return (active - is_label * active.sum(axis=-1, keepdims=True)) / (n * n_classes)

    tex = rf"\tfrac{{1}}{{nC}} \sum \sum_{{j \ne y}} \max(0, {margin:g} + z_j - z_y)"
    return Loss("multiclass hinge", tex, value, grad)


def one_hot(labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Write each label as a row with a 1 in its column, so that no two classes are nearer than others.

    Args:
        labels: whole numbers from 0 to n_classes − 1, shape (...).
        n_classes: the number of classes C.

    Returns:
        An array of shape (..., C).

    Raises:
        TypeError, ValueError: a label is not a whole number, or out of range.

    >>> one_hot([0, 2], n_classes=3)
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    n_classes = natural("n_classes", n_classes)
    labels = _checked_labels("labels", np.asarray(labels), n_classes)
    return np.eye(n_classes)[labels]
