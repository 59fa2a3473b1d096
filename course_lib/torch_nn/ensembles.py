"""Ensembles: the mean of several predictions is better than they are on average."""

from typing import NamedTuple

import torch
from torch import nn

from course_lib.core import natural
from course_lib.torch_nn.layers import Dropout

__all__ = ["Ambiguity", "ambiguity", "mc_dropout", "mean_prediction", "mean_probability"]


def mean_prediction(preds: torch.Tensor) -> torch.Tensor:
    """Average the members' predictions, for regression: shape (M, n, k) becomes (n, k).

    >>> mean_prediction(torch.tensor([[[1.0]], [[3.0]]]))
    tensor([[2.]])
    """
    return _members("preds", preds).mean(dim=0)


def mean_probability(logits: torch.Tensor) -> torch.Tensor:
    """Average the members' probabilities, for classification: shape (M, n, C) becomes (n, C).

    >>> mean_probability(torch.zeros(3, 1, 2))
    tensor([[0.5000, 0.5000]])
    """
    return _members("logits", logits).softmax(dim=-1).mean(dim=0)


class Ambiguity(NamedTuple):
    """The parts of an ensemble's squared error: ensemble = members − ambiguity."""

    ensemble: torch.Tensor
    members: torch.Tensor
    ambiguity: torch.Tensor


def ambiguity(preds: torch.Tensor, target: torch.Tensor) -> Ambiguity:
    """Part the squared error of an ensemble in that of its members and their disagreement.

    Args:
        preds: shape (M, n, k).
        target: shape (n, k).

    Raises:
        ValueError: the shapes do not belong together.

    >>> [part.item() for part in ambiguity(torch.tensor([[[1.0]], [[3.0]]]), torch.tensor([[1.5]]))]
    [0.25, 1.25, 1.0]
    """
    preds = _members("preds", preds)
    if preds.shape[1:] != target.shape:
        shapes = f"{tuple(target.shape)} for {tuple(preds.shape)}"
        raise ValueError(f"target must have the shape of one prediction, got {shapes}")
    mean = preds.mean(dim=0)
    return Ambiguity(
        (mean - target).square().mean(),
        (preds - target).square().mean(),
        preds.var(dim=0, correction=0).mean(),
    )


@torch.no_grad()
def mc_dropout(model: nn.Module, x: torch.Tensor, n_passes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Predict many times with dropout left on; only the Dropout modules are put in training mode.

    Args:
        model: a module with dropout in it; its modes are put back as they were.
        x: inputs, shape (n, d).
        n_passes: T, forward passes.

    Returns:
        The mean and the standard deviation (with 1/T) over the passes.

    Raises:
        TypeError, ValueError: n_passes is not a whole number from 1 up.

    >>> drop = Dropout(0.5, generator=torch.Generator().manual_seed(0))
    >>> mean, std = mc_dropout(drop, torch.ones(1, 1), n_passes=2000)
    >>> round(mean.item(), 1), round(std.item(), 1)
    (1.0, 1.0)
    """
    n_passes = natural("n_passes", n_passes)
    modes = {module: module.training for module in model.modules()}
    for module in modes:
        module.training = isinstance(module, (Dropout, nn.Dropout))
    passes = torch.stack([model(x) for _ in range(n_passes)])
    for module, mode in modes.items():
        module.training = mode
    return passes.mean(dim=0), passes.std(dim=0, correction=0)


def _members(name: str, value: torch.Tensor) -> torch.Tensor:
    if value.ndim < 2 or len(value) == 0:
        raise ValueError(f"{name} must hold one prediction a member, (M, n, k), got {tuple(value.shape)}")
    return value
