"""A learning rate for every parameter: divided by the size of the gradients it has had."""

from collections.abc import Iterable

import torch

from course_lib.core import flag, in_interval, non_negative, positive
from course_lib.torch_nn.optimizers.rule import with_gradient

__all__ = ["AdaGrad", "RMSProp"]


class AdaGrad(torch.optim.Optimizer):
    """Divide each rate by the root of the sum of all squared gradients: s ← s + g², w ← w − η g / (√s + ε).

    Args:
        params: the tensors to train.
        lr: the learning rate η.
        eps: ε, zero or a positive number.
        lr_decay: γ: the rate of the update that follows t others is η / (1 + γt).
        initial_accumulator: s before the first update.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> w = torch.tensor([2.0, 2.0], requires_grad=True)
    >>> (w * torch.tensor([0.1, 100.0])).sum().backward()
    >>> AdaGrad([w], lr=0.5).step()
    >>> w.detach()
    tensor([1.5000, 1.5000])

    ``torch.optim.Adagrad`` is the same.
    """

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.01,
        eps: float = 1e-10,
        *,
        lr_decay: float = 0.0,
        initial_accumulator: float = 0.0,
    ) -> None:
        defaults = {
            "lr": positive("lr", lr, "0.01 is a usual start"),
            "eps": non_negative("eps", eps, "1e-10 is usual"),
            "lr_decay": non_negative("lr_decay", lr_decay),
            "initial_accumulator": non_negative("initial_accumulator", initial_accumulator),
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group, w, state in with_gradient(self):
            if not state:
                state.update(s=torch.full_like(w, group["initial_accumulator"]), t=0)
            lr = group["lr"] / (1 + group["lr_decay"] * state["t"])
            state["t"] += 1
            s = state["s"].addcmul_(w.grad, w.grad)
            w -= lr * w.grad / (s.sqrt() + group["eps"])


class RMSProp(torch.optim.Optimizer):
    """Divide each rate by the root of the mean of recent squared gradients.

    v ← ρ v + (1 − ρ) g², w ← w − η g / (√v + ε)

    Args:
        params: the tensors to train.
        lr: the learning rate η.
        decay: ρ, in [0, 1); PyTorch's ``alpha``.
        eps: ε, zero or a positive number.
        centered: divide by √(v − m²) instead, where m ← ρ m + (1 − ρ) g.
        momentum: μ, in [0, 1): with u ← μ u + g / (√v + ε), the step is −η u.

    Raises:
        TypeError, ValueError: a hyperparameter is out of range.

    >>> w = torch.tensor([2.0, 2.0], requires_grad=True)
    >>> (w * torch.tensor([0.1, 100.0])).sum().backward()
    >>> RMSProp([w], lr=0.5, decay=0.75).step()
    >>> w.detach()
    tensor([1.0000, 1.0000])

    ``torch.optim.RMSprop`` is the same.
    """

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 0.01,
        decay: float = 0.99,
        eps: float = 1e-8,
        *,
        centered: bool = False,
        momentum: float = 0.0,
    ) -> None:
        defaults = {
            "lr": positive("lr", lr, "0.01 is a usual start"),
            "decay": in_interval("decay", decay, 0, 1, closed="left"),
            "eps": non_negative("eps", eps, "1e-8 is usual"),
            "centered": flag("centered", centered),
            "momentum": in_interval("momentum", momentum, 0, 1, closed="left"),
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group, w, state in with_gradient(self):
            if not state:
                state.update({name: torch.zeros_like(w) for name in self._memory(group)})
            g, decay = w.grad, group["decay"]
            variance = state["v"].mul_(decay).addcmul_(g, g, value=1 - decay)
            if group["centered"]:
                m = state["m"].mul_(decay).add_(g, alpha=1 - decay)
                variance = (variance - m.square()).clamp(min=0)  # rounding may take it below 0
            step = g / (variance.sqrt() + group["eps"])
            if group["momentum"]:
                step = state["u"].mul_(group["momentum"]).add_(step)
            w -= group["lr"] * step

    @staticmethod
    def _memory(group: dict) -> list[str]:
        return ["v"] + ["m"] * group["centered"] + ["u"] * (group["momentum"] > 0)
