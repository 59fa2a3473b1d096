"""Penalties on large weights: functions of a model, added to the loss; autograd finds their gradients.

A penalty sees the parameters whose names begin with W. PyTorch's own ``weight_decay`` sees every parameter it
is given, biases too, unless they stand in a parameter group of their own.
"""

from collections.abc import Iterable

import torch
from torch import nn

from course_lib.core import non_negative, positive

__all__ = ["L1", "L2", "ElasticNet", "ProximalL1", "soft_threshold", "weights"]


def weights(params: nn.Module) -> list[torch.Tensor]:
    """List what a penalty sees: the parameters of a model whose names begin with W.

    >>> from course_lib.torch_nn.layers import Dense
    >>> [tuple(w.shape) for w in weights(Dense(3, 2))]
    [(3, 2)]
    """
    return [p for name, p in params.named_parameters() if name.rsplit(".", 1)[-1].startswith("W")]


class L2:
    """Half the sum of the squared weights: λ/2 Σ w².

    Args:
        lam: λ, zero or a positive number.

    Raises:
        TypeError, ValueError: λ is not such a number.

    >>> from course_lib.torch_nn.layers import Dense
    >>> model = Dense(2, 1)
    >>> bool(L2(0.1)(model) == 0.05 * model.W.square().sum())
    True

    ``torch.optim.SGD(weights(model), lr, weight_decay=λ)`` does the same without the penalty.
    """

    def __init__(self, lam: float) -> None:
        self.lam = non_negative("lam", lam, "0.01 is a usual start")

    def __call__(self, model: nn.Module) -> torch.Tensor:
        """Return the penalty, a scalar tensor."""
        return self.lam / 2 * sum(w.square().sum() for w in weights(model))


class L1:
    """The sum of the absolute weights: λ Σ |w|. Autograd takes the slope 0 at the kink.

    Args:
        lam: λ, zero or a positive number.

    Raises:
        TypeError, ValueError: λ is not such a number.

    >>> from course_lib.torch_nn.layers import Dense
    >>> model = Dense(2, 1)
    >>> bool(L1(0.1)(model) == 0.1 * model.W.abs().sum())
    True
    """

    def __init__(self, lam: float) -> None:
        self.lam = non_negative("lam", lam, "0.01 is a usual start")

    def __call__(self, model: nn.Module) -> torch.Tensor:
        """Return the penalty, a scalar tensor."""
        return self.lam * sum(w.abs().sum() for w in weights(model))


class ElasticNet:
    """Both penalties at once: λ₁ Σ |w| + λ₂/2 Σ w².

    Args:
        l1: λ₁, zero or a positive number.
        l2: λ₂, likewise.

    Raises:
        TypeError, ValueError: one of them is not such a number.

    >>> from course_lib.torch_nn.layers import Dense
    >>> model = Dense(2, 1)
    >>> bool(ElasticNet(0.1, 0.2)(model) == L1(0.1)(model) + L2(0.2)(model))
    True
    """

    def __init__(self, l1: float, l2: float) -> None:
        self.l1 = non_negative("l1", l1, "0.01 is a usual start")
        self.l2 = non_negative("l2", l2, "0.01 is a usual start")

    def __call__(self, model: nn.Module) -> torch.Tensor:
        """Return the penalty, a scalar tensor."""
        return L1(self.l1)(model) + L2(self.l2)(model)


def soft_threshold(w: torch.Tensor, t: float) -> torch.Tensor:
    """Move every entry towards zero by t, and those within t of zero onto it.

    >>> soft_threshold(torch.tensor([-3.0, 0.5, 2.0]), 1.0)
    tensor([-2.,  0.,  1.])

    ``torch.nn.functional.softshrink`` is the same.
    """
    return w - w.clamp(-t, t)


class ProximalL1(torch.optim.Optimizer):
    """Shrink the weights by soft thresholding, after the optimizer's step: w ← soft_threshold(w, η λ).

    Args:
        params: the weights to shrink, most often ``weights(model)``: without the biases.
        lam: λ, zero or a positive number.
        lr: η, that of the optimizer.

    Raises:
        TypeError, ValueError: λ or η is not such a number.

    >>> w = torch.tensor([0.05, -2.0], requires_grad=True)
    >>> ProximalL1([w], lam=1.0, lr=0.1).step()
    >>> w.detach()
    tensor([ 0.0000, -1.9000])
    """

    def __init__(self, params: Iterable[torch.Tensor], lam: float, lr: float) -> None:
        lam = non_negative("lam", lam, "0.01 is a usual start")
        super().__init__(params, {"lam": lam, "lr": positive("lr", lr, "that of the optimizer")})

    @torch.no_grad()
    def step(self) -> None:
        """Shrink every weight."""
        for group in self.param_groups:
            for w in group["params"]:
                w.copy_(soft_threshold(w, group["lr"] * group["lam"]))
