"""Gradient descent, and the two kinds of momentum."""

from collections.abc import Iterable

import torch

from course_lib.core import in_interval, positive
from course_lib.torch_nn.optimizers.rule import with_gradient

__all__ = ["SGD", "Momentum", "Nesterov"]


class SGD(torch.optim.Optimizer):
    """Step against the gradient: w ← w − η g.

    Args:
        params: the tensors to train, most often ``model.parameters()``.
        lr: the learning rate η, a positive number; a schedule is a matter of ``torch_nn.schedules``.

    Raises:
        TypeError, ValueError: lr is not a positive number.

    >>> w = torch.tensor([2.0, 3.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.5)
    >>> w.sum().backward()
    >>> optimizer.step()
    >>> w.detach()
    tensor([1.5000, 2.5000])

    ``torch.optim.SGD`` does the same, and more.
    """

    def __init__(self, params: Iterable[torch.Tensor], lr: float) -> None:
        super().__init__(params, {"lr": positive("lr", lr, "0.1 is a usual start")})

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is not None:
                    w -= group["lr"] * w.grad


class Momentum(torch.optim.Optimizer):
    """Step along a velocity: v ← μ v + g, w ← w − η v.

    Args:
        params: the tensors to train.
        lr: the learning rate η.
        momentum: μ, in [0, 1).
        dampening: τ in [0, 1]: v ← μ v + (1 − τ) g from the second update on.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> optimizer = Momentum([w], lr=0.5, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     w.sum().backward()
    ...     optimizer.step()
    >>> w.detach()
    tensor([0.7500])

    ``torch.optim.SGD`` with ``momentum`` is the same.
    """

    def __init__(
        self, params: Iterable[torch.Tensor], lr: float, momentum: float = 0.9, *, dampening: float = 0.0
    ) -> None:
        defaults = {
            "lr": positive("lr", lr, "0.1 is a usual start"),
            "momentum": in_interval("momentum", momentum, 0, 1, closed="left"),
            "dampening": in_interval("dampening", dampening, 0, 1),
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group, w, state in with_gradient(self):
            if not state:
                v = state["v"] = w.grad.clone()
            else:
                v = state["v"].mul_(group["momentum"]).add_(w.grad, alpha=1 - group["dampening"])
            w -= group["lr"] * v


class Nesterov(torch.optim.Optimizer):
    """Step along the velocity as it will be after one more such gradient: v ← μ v + g, w ← w − η (g + μ v).

    Args:
        params: the tensors to train.
        lr: the learning rate η.
        momentum: μ, in [0, 1).

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> optimizer = Nesterov([w], lr=0.5, momentum=0.5)
    >>> w.sum().backward()
    >>> optimizer.step()
    >>> w.detach()
    tensor([1.2500])

    ``torch.optim.SGD`` with ``momentum`` and ``nesterov=True`` is the same.
    """

    def __init__(self, params: Iterable[torch.Tensor], lr: float, momentum: float = 0.9) -> None:
        defaults = {
            "lr": positive("lr", lr, "0.1 is a usual start"),
            "momentum": in_interval("momentum", momentum, 0, 1, closed="left"),
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group, w, state in with_gradient(self):
            if not state:
                state["v"] = torch.zeros_like(w)
            v = state["v"].mul_(group["momentum"]).add_(w.grad)
            w -= group["lr"] * (w.grad + group["momentum"] * v)
