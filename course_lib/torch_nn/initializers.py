"""Where weights start: each a function (weight, generator) that fills a weight of shape (in, out) in place.

``torch.nn.init`` has all of them. It reads sizes off a weight of shape (out, in), so it gets the transpose,
which is a view of the same memory.
"""

from collections.abc import Callable

import torch
from torch.nn import init

__all__ = ["Initializer", "he_normal", "he_uniform", "normal", "xavier_normal", "xavier_uniform", "zeros"]

Initializer = Callable[..., torch.Tensor]


def zeros(weight: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
    """Start every weight at 0.

    >>> zeros(torch.ones(1, 2))
    tensor([[0., 0.]])
    """
    return init.zeros_(weight)


def normal(std: float = 0.01) -> Initializer:
    """Make an initializer that draws from N(0, std²), whatever the size of the layer.

    >>> normal(std=0.01)(torch.empty(2, 3)).shape
    torch.Size([2, 3])
    """

    def fill(weight: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        return init.normal_(weight, std=std, generator=generator)

    return fill


def xavier_uniform(weight: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw from U(−a, a) with a = √(6 / (n_in + n_out)).

    >>> bool(xavier_uniform(torch.empty(2, 4)).abs().max() < 1)
    True
    """
    return init.xavier_uniform_(weight.T, generator=generator).T


def xavier_normal(weight: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw from a normal distribution of variance 2 / (n_in + n_out).

    >>> xavier_normal(torch.empty(2, 4)).shape
    torch.Size([2, 4])
    """
    return init.xavier_normal_(weight.T, generator=generator).T


def he_uniform(weight: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw from U(−a, a) with a = √(6 / n_in); PyTorch names the scheme after Kaiming He.

    >>> bool(he_uniform(torch.empty(6, 4)).abs().max() < 1)
    True
    """
    return init.kaiming_uniform_(weight.T, nonlinearity="relu", generator=generator).T


def he_normal(weight: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw from a normal distribution of variance 2 / n_in.

    >>> he_normal(torch.empty(6, 4)).shape
    torch.Size([6, 4])
    """
    return init.kaiming_normal_(weight.T, nonlinearity="relu", generator=generator).T
