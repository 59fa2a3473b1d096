"""Losses: functions (pred, target) -> scalar tensor; the gradient is autograd's work.

The loss must be a scalar, because ``backward`` computes the gradient of one number.
"""

from collections.abc import Callable

import torch

from course_lib.core import natural, non_negative

__all__ = ["binary_cross_entropy", "cross_entropy", "mse", "multiclass_hinge", "one_hot", "ranking_hinge"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def mse(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average the squared errors over samples and outputs: 1/(nk) Σ (ŷ − y)².

    Args:
        pred: ŷ, shape (n, k).
        target: y, shape (n, k).

    Returns:
        A tensor of shape ().

    Raises:
        ValueError: the shapes differ; ``torch.nn.functional.mse_loss`` warns and broadcasts (n, 1) with (n,).

    >>> float(mse(torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0], [4.0]])))
    2.0
    """
    _check_shapes(pred, target)
    return (pred - target).square().mean()


def binary_cross_entropy(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average −y ln σ(z) − (1 − y) ln(1 − σ(z)) over samples and outputs.

    Args:
        pred: logits z, shape (n, k); no sigmoid before.
        target: y, between 0 and 1, shape (n, k).

    Raises:
        ValueError: the shapes differ, or a target is out of range, which PyTorch does not check.

    >>> binary_cross_entropy(torch.tensor([[0.0]]), torch.tensor([[1.0]]))
    tensor(0.6931)

    ``torch.nn.BCEWithLogitsLoss`` is the same; ``torch.nn.BCELoss`` takes probabilities.
    """
    _check_shapes(pred, target)
    if not bool(((target >= 0) & (target <= 1)).all()):
        raise ValueError(f"target must lie between 0 and 1, got {target.min()} to {target.max()}")
    # −ln σ(z) = ln(e^0 + e^−z), and −ln(1 − σ(z)) is z more
    return ((1 - target) * pred + torch.logaddexp(torch.zeros_like(pred), -pred)).mean()


def cross_entropy(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Average −ln softmax(z)_y over the samples.

    Args:
        pred: logits z, shape (n, C); no softmax before.
        target: integer labels y, shape (n,).

    Raises:
        TypeError, ValueError: the shapes do not belong together, or the labels are no labels.

    >>> cross_entropy(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
    tensor(0.6931)

    ``torch.nn.CrossEntropyLoss`` is the same.
    """
    _check_labels(pred, target)
    log_p = pred - pred.logsumexp(dim=1, keepdim=True)
    return -log_p[torch.arange(len(target)), target].mean()


def ranking_hinge(margin: float = 1.0) -> Loss:
    """Make the loss 1/(nk) Σ max(0, Δ + s_c − s) of true scores s and corrupt scores s_c.

    >>> s = torch.tensor([[0.5]], requires_grad=True)
    >>> ranking_hinge(margin=1.0)(s, torch.tensor([[0.0]])).backward()
    >>> s.grad
    tensor([[-1.]])

    ``torch.nn.MarginRankingLoss(margin)(s, s_c, y)`` with y = 1 is the same.
    """
    margin = non_negative("margin", margin, "1 is usual")

    def loss(s: torch.Tensor, s_c: torch.Tensor) -> torch.Tensor:
        _check_shapes(s, s_c)
        return (margin + s_c - s).clamp(min=0).mean()

    return loss


def multiclass_hinge(margin: float = 1.0) -> Loss:
    """Make the loss 1/(nC) Σ over j ≠ y of max(0, Δ + z_j − z_y), of scores (n, C) and labels (n,).

    >>> multiclass_hinge(margin=1.0)(torch.tensor([[2.0, 0.0]]), torch.tensor([1]))
    tensor(1.5000)

    ``torch.nn.MultiMarginLoss(margin=margin)`` is the same.
    """
    margin = non_negative("margin", margin, "1 is usual")

    def loss(pred: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        _check_labels(pred, target)
        slack = margin + pred - pred.gather(1, target[:, None])
        others = ~one_hot(target, pred.shape[1]).bool()
        return torch.relu(slack * others).mean()

    return loss


def one_hot(labels: torch.Tensor, n_classes: int) -> torch.Tensor:
    """Write each label as a row with a 1 in its column, in float64.

    Args:
        labels: whole numbers from 0 to n_classes − 1, shape (...).
        n_classes: the number of classes C.

    Raises:
        TypeError, ValueError: a label is not a whole number, or out of range.

    >>> one_hot(torch.tensor([0, 2]), n_classes=3)
    tensor([[1., 0., 0.],
            [0., 0., 1.]], dtype=torch.float64)

    ``torch.nn.functional.one_hot`` gives whole numbers.
    """
    n_classes = natural("n_classes", n_classes)
    _check_range("labels", labels, n_classes)
    return torch.eye(n_classes, dtype=torch.float64)[labels]


def _check_shapes(pred: torch.Tensor, target: torch.Tensor) -> None:
    if pred.shape != target.shape:
        raise ValueError(
            f"pred and target must have the same shape, got {tuple(pred.shape)} and {tuple(target.shape)}"
        )


def _check_labels(pred: torch.Tensor, target: torch.Tensor) -> None:
    if pred.ndim != 2 or target.shape != pred.shape[:1]:
        raise ValueError(
            "pred must have shape (n, C) and target shape (n,), "
            f"got pred {tuple(pred.shape)} and target {tuple(target.shape)}"
        )
    _check_range("target", target, pred.shape[1])


def _check_range(name: str, labels: torch.Tensor, n_classes: int) -> None:
    wanted = f"{name} must hold whole numbers from 0 to {n_classes - 1}, the labels of {n_classes} classes"
    if labels.is_floating_point() or labels.dtype == torch.bool:
        raise TypeError(f"{wanted}, got {labels.dtype}")
    strange = labels[(labels < 0) | (labels >= n_classes)]  # an index of −1 would be the last class
    if strange.numel():
        raise ValueError(f"{wanted}, got {strange[0]}")
