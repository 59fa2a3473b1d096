"""Dropout: noise while training, nothing afterwards."""

import torch
from torch import nn

from course_lib.core import in_interval

__all__ = ["Dropout"]


class Dropout(nn.Module):
    """Set each entry to 0 with probability p while training, and scale the others up by 1 / (1 − p).

    Args:
        p: the probability to drop an entry, from 0 up to but not including 1.
        generator: draws the mask; PyTorch's global one where None.

    Raises:
        TypeError, ValueError: p is not such a number.

    >>> dropout = Dropout(0.5, generator=torch.Generator().manual_seed(0))
    >>> dropout(torch.ones(6))
    tensor([0., 2., 0., 0., 0., 2.])
    >>> dropout.eval()(torch.ones(6))
    tensor([1., 1., 1., 1., 1., 1.])

    ``torch.nn.Dropout`` is the same, without a generator.
    """

    def __init__(self, p: float, *, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.p = in_interval("p", p, 0, 1, closed="left")
        self.generator = generator

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x, with entries dropped while training."""
        if not self.training:
            return x
        kept = torch.rand(x.shape, generator=self.generator, dtype=x.dtype) >= self.p
        return x * kept / (1 - self.p)

    def extra_repr(self) -> str:
        return f"{self.p:g}"
