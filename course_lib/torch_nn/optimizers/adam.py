"""Adam, which joins momentum with a rate for every parameter, and AdamW, which decays weights beside it."""

from collections.abc import Iterable
from typing import Any

import torch

from course_lib.core import flag, in_interval, non_negative, positive
from course_lib.torch_nn.optimizers.rule import with_gradient

__all__ = ["Adam", "AdamW"]


class Adam(torch.optim.Optimizer):
    """Step along the mean of recent gradients, divided by the root of their mean square.

    m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − η m̂ / (√v̂ + ε),
    where m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)

    Args:
        params: the tensors to train.
        lr: the learning rate η.
        b1: β₁, in [0, 1).
        b2: β₂, in [0, 1).
        eps: ε, zero or a positive number.
        amsgrad: divide by the root of the largest v so far.
        bias_correction: without it, m and v are used as they are.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> w = torch.tensor([2.0, 2.0], requires_grad=True)
    >>> (w * torch.tensor([0.1, -100.0])).sum().backward()
    >>> Adam([w], lr=0.5).step()
    >>> w.detach()
    tensor([1.5000, 2.5000])

    ``torch.optim.Adam`` is the same; it takes ``betas=(b1, b2)``.
    """

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.001,
        b1: float = 0.9,
        b2: float = 0.999,
        eps: float = 1e-8,
        *,
        amsgrad: bool = False,
        bias_correction: bool = True,
    ) -> None:
        defaults = {
            "lr": positive("lr", lr, "0.001 is a usual start"),
            "b1": in_interval("b1", b1, 0, 1, closed="left"),
            "b2": in_interval("b2", b2, 0, 1, closed="left"),
            "eps": non_negative("eps", eps, "1e-8 is usual"),
            "amsgrad": flag("amsgrad", amsgrad),
            "bias_correction": flag("bias_correction", bias_correction),
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group, w, state in with_gradient(self):
            self._update(group, w, state)

    def _update(self, group: dict[str, Any], w: torch.Tensor, state: dict[str, Any]) -> None:
        if not state:
            names = ["m", "v"] + ["v_max"] * group["amsgrad"]
            state.update(t=0, **{name: torch.zeros_like(w) for name in names})
        state["t"] += 1
        g, b1, b2 = w.grad, group["b1"], group["b2"]
        m = state["m"].mul_(b1).add_(g, alpha=1 - b1)
        v = state["v"].mul_(b2).addcmul_(g, g, value=1 - b2)
        if group["amsgrad"]:
            v = torch.maximum(state["v_max"], v, out=state["v_max"])
        if group["bias_correction"]:
            m, v = m / (1 - b1 ** state["t"]), v / (1 - b2 ** state["t"])
        w -= group["lr"] * m / (v.sqrt() + group["eps"])


class AdamW(Adam):
    """Take Adam's step, and beside it shrink every weight: w ← w − η m̂ / (√v̂ + ε) − η λ w.

    Args:
        params, lr, b1, b2, eps, amsgrad, bias_correction: those of Adam.
        weight_decay: λ, zero or a positive number.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> w.sum().backward()
    >>> AdamW([w], lr=0.5, weight_decay=0.25).step()
    >>> w.detach()
    tensor([1.2500])

    ``torch.optim.AdamW`` is the same.
    """

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.001,
        b1: float = 0.9,
        b2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        *,
        amsgrad: bool = False,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(params, lr, b1, b2, eps, amsgrad=amsgrad, bias_correction=bias_correction)
        self.defaults["weight_decay"] = non_negative("weight_decay", weight_decay, "0.01 is usual")
        for group in self.param_groups:
            group.setdefault("weight_decay", self.defaults["weight_decay"])

    def _update(self, group: dict[str, Any], w: torch.Tensor, state: dict[str, Any]) -> None:
        w *= 1 - group["lr"] * group["weight_decay"]
        super()._update(group, w, state)
