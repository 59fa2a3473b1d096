"""What a fully connected net is made of: Dense, an activation after it, and Flatten before it."""

from collections.abc import Callable

import torch
from torch import nn

from course_lib.core import natural
from course_lib.torch_nn.initializers import Initializer, he_normal

__all__ = ["Activate", "Dense", "Flatten"]


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


class Activate(nn.Module):
    """Apply an activation to every entry.

    Args:
        activation: a function of a tensor, one of ``activations``.

    Raises:
        TypeError: it cannot be called.

    >>> from course_lib.torch_nn.activations import relu
    >>> Activate(relu)(torch.tensor([[-2.0, 3.0]]))
    tensor([[0., 3.]])

    PyTorch has a module for each: ``torch.nn.ReLU()``.
    """

    def __init__(self, activation: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        if not callable(activation):
            raise TypeError(f"activation must be a function such as activations.relu, got {activation!r}")
        self.activation = activation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return f(x)."""
        return self.activation(x)

    def extra_repr(self) -> str:
        return getattr(self.activation, "__name__", "")


class Flatten(nn.Module):
    """Make one axis of the last few: (n, channels, height, width) becomes (n, features).

    Args:
        n_axes: how many to join; 2 for images without channels.

    Raises:
        TypeError, ValueError: n_axes is not a whole number from 1 up.

    >>> Flatten()(torch.ones(5, 1, 8, 8)).shape
    torch.Size([5, 64])

    ``torch.nn.Flatten(start_dim=-n_axes)`` is the same.
    """

    def __init__(self, n_axes: int = 3) -> None:
        super().__init__()
        self.n_axes = natural("n_axes", n_axes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x with its last axes joined."""
        if x.ndim <= self.n_axes:
            raise ValueError(
                f"x must have {self.n_axes} axes after that of its samples, got {tuple(x.shape)}"
            )
        return x.flatten(-self.n_axes)

    def extra_repr(self) -> str:
        return f"{self.n_axes}"
