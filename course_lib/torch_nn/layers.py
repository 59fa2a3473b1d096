"""Layers: modules that own their parameters; autograd finds the way back."""

import torch
from torch import nn
from torch.nn import Sequential

from course_lib.torch_nn.initializers import Initializer, he_normal
from course_lib.validation import natural

__all__ = ["Dense", "Sequential"]


class Dense(nn.Module):
    """Connect every input to every output: y = x W + b.

    Args:
        n_in: inputs.
        n_out: outputs.
        init: the initializer of W, which has shape (n_in, n_out); b starts at 0.
        dtype: float64 by default, to compare with NumPy; PyTorch's own layers have float32.
        generator: draws W; PyTorch's global one where None.

    Raises:
        TypeError, ValueError: a size is not a whole number from 1 up.

    >>> Dense(2, 3)(torch.ones(4, 2, dtype=torch.float64)).shape
    torch.Size([4, 3])

    ``torch.nn.Linear`` is the same layer with its weight transposed, (out, in), and other starting values.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        init: Initializer = he_normal,
        *,
        dtype: torch.dtype = torch.float64,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        n_in, n_out = natural("n_in", n_in), natural("n_out", n_out)
        self.W = nn.Parameter(init(torch.empty(n_in, n_out, dtype=dtype), generator=generator))
        self.b = nn.Parameter(torch.zeros(n_out, dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map x of shape (n, n_in) to y of shape (n, n_out)."""
        return x @ self.W + self.b

    def extra_repr(self) -> str:
        return ", ".join(map(str, self.W.shape))
