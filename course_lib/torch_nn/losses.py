"""Losses: functions (pred, target) -> scalar tensor; the gradient is autograd's work.

The loss must be a scalar, because ``backward`` computes the gradient of one number.
"""

import torch

__all__ = ["mse"]


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
    if pred.shape != target.shape:
        raise ValueError(
            f"pred and target must have the same shape, got {tuple(pred.shape)} and {tuple(target.shape)}"
        )
    return (pred - target).square().mean()
