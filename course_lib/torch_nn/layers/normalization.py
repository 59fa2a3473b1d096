"""Normalization: shift and scale to mean 0 and variance 1, over a batch or within a sample."""

import torch
from torch import nn

from course_lib.core import in_interval, natural, positive

__all__ = ["BatchNorm", "LayerNorm"]


class BatchNorm(nn.Module):
    """Normalize each feature over the samples of the batch, and remember a running mean for later.

    y = γ x̂ + β,   x̂ = (x − μ) / √(σ² + ε)

    Args:
        n: features.
        momentum: the weight of the newest batch in the running statistics, which are used after training.
        eps: ε.
        dtype: of the parameters and the statistics.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> layer = BatchNorm(1)
    >>> layer(torch.tensor([[1.0], [3.0]], dtype=torch.float64)).detach().round(decimals=4).ravel()
    tensor([-1.,  1.], dtype=torch.float64)
    >>> layer.running_mean
    tensor([0.2000], dtype=torch.float64)

    ``torch.nn.BatchNorm1d`` is the same.
    """

    def __init__(
        self, n: int, momentum: float = 0.1, eps: float = 1e-5, *, dtype: torch.dtype = torch.float64
    ) -> None:
        super().__init__()
        n = natural("n", n)
        self.momentum = in_interval("momentum", momentum, 0, 1)
        self.eps = positive("eps", eps, "1e-5 is usual")
        self.gamma = nn.Parameter(torch.ones(n, dtype=dtype))
        self.beta = nn.Parameter(torch.zeros(n, dtype=dtype))
        # buffers: saved with the module, not seen by the optimizer
        self.register_buffer("running_mean", torch.zeros(n, dtype=dtype))
        self.register_buffer("running_var", torch.ones(n, dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map x of shape (B, n) to y of shape (B, n)."""
        if self.training:
            if len(x) < 2:
                raise ValueError(f"x must hold at least 2 samples, got shape {tuple(x.shape)}")
            mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=0), self.momentum)  # with 1/(B − 1)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta

    def extra_repr(self) -> str:
        return f"{len(self.gamma)}"


class LayerNorm(nn.Module):
    """Normalize the features of each sample on their own, whatever else is in the batch.

    y = γ x̂ + β,   x̂ = (x − μ) / √(σ² + ε), with μ and σ² over the last axis

    Args:
        n: features.
        eps: ε.
        dtype: of the parameters.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> x = torch.tensor([[1.0, 3.0], [50.0, 40.0]], dtype=torch.float64)
    >>> LayerNorm(2)(x).detach().round(decimals=4)
    tensor([[-1.,  1.],
            [ 1., -1.]], dtype=torch.float64)

    ``torch.nn.LayerNorm`` is the same.
    """

    def __init__(self, n: int, eps: float = 1e-5, *, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        n = natural("n", n)
        self.eps = positive("eps", eps, "1e-5 is usual")
        self.gamma = nn.Parameter(torch.ones(n, dtype=dtype))
        self.beta = nn.Parameter(torch.zeros(n, dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map x of shape (..., n) to y of shape (..., n)."""
        mean, var = x.mean(dim=-1, keepdim=True), x.var(dim=-1, correction=0, keepdim=True)
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta

    def extra_repr(self) -> str:
        return f"{len(self.gamma)}"
