"""Models: modules of modules."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import nn
from torch.nn import Sequential

from course_lib.torch_nn.activations import tanh
from course_lib.torch_nn.initializers import Initializer, he_normal
from course_lib.torch_nn.layers.dense import Activate, Dense

__all__ = ["Residual", "Sequential", "mlp"]


class Residual(nn.Module):
    """Add what goes in to what a layer makes of it: y = x + F(x).

    Args:
        layer: F, a module whose output has the shape of its input.

    Raises:
        TypeError: it is not a module.

    >>> Residual(Dense(3, 3))(torch.ones(4, 3, dtype=torch.float64)).shape
    torch.Size([4, 3])

    PyTorch has no such module: it is written ``x + layer(x)`` where it is needed.
    """

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        if not isinstance(layer, nn.Module):
            raise TypeError(f"layer must be a module such as Dense(3, 3), got {layer!r}")
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x + F(x)."""
        y = self.layer(x)
        if y.shape != x.shape:
            raise ValueError(f"layer must keep the shape of x, got {tuple(x.shape)} -> {tuple(y.shape)}")
        return x + y


def mlp(
    sizes: Sequence[int],
    activation: Callable[[torch.Tensor], torch.Tensor] = tanh,
    init: Initializer = he_normal,
    *,
    dtype: torch.dtype = torch.float64,
    generator: torch.Generator | None = None,
) -> Sequential:
    """Make a multilayer perceptron: Dense layers with an activation between them, and none after the last.

    Args:
        sizes: inputs, hidden units of each layer, outputs.
        activation: applied after every Dense layer but the last, whose outputs are predictions or logits.
        init: the initializer of every W.
        dtype: of the parameters.
        generator: draws every W; PyTorch's global one where None.

    Raises:
        TypeError, ValueError: there are fewer than two sizes, or one is not a whole number from 1 up.

    >>> [type(layer).__name__ for layer in mlp([2, 8, 1])]
    ['Dense', 'Activate', 'Dense']
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes must name the inputs and the outputs at least, as in [2, 1], got {sizes!r}")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [Dense(n_in, n_out, init, dtype=dtype, generator=generator), Activate(activation)]
    return Sequential(*layers[:-1])
