"""Parts that change the gradients and leave the parameters alone, and the chain that holds them."""

from collections.abc import Iterable, Sequence

import torch

from course_lib.core import non_negative, positive
from course_lib.torch_nn.optimizers.rule import with_gradient

__all__ = ["Chain", "ClipByNorm", "ClipByValue", "WeightDecay"]


class ClipByValue(torch.optim.Optimizer):
    """Move every entry of the gradients into [−limit, limit]; the parameters stay where they are.

    Args:
        params: the tensors whose gradients are clipped.
        limit: a positive number.

    Raises:
        TypeError, ValueError: the limit is not a positive number.

    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> w.square().sum().backward()
    >>> ClipByValue([w], limit=1.0).step()
    >>> w.grad
    tensor([1.])

    ``torch.nn.utils.clip_grad_value_`` is the same.
    """

    def __init__(self, params: Iterable[torch.Tensor], limit: float) -> None:
        super().__init__(params, {"limit": positive("limit", limit, "1 is usual")})

    @torch.no_grad()
    def step(self) -> None:
        """Clip every gradient in place."""
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is not None:
                    w.grad.clamp_(-group["limit"], group["limit"])


class ClipByNorm(torch.optim.Optimizer):
    """Scale the gradient of all parameters together down to a length; the parameters stay where they are.

    Args:
        params: the tensors whose gradients are clipped.
        limit: a positive number.

    Raises:
        TypeError, ValueError: the limit is not a positive number.

    >>> w = torch.tensor([3.0, 4.0], requires_grad=True)
    >>> (w.square().sum() / 2).backward()
    >>> ClipByNorm([w], limit=1.0).step()
    >>> w.grad
    tensor([0.6000, 0.8000])

    ``torch.nn.utils.clip_grad_norm_`` is the same.
    """

    def __init__(self, params: Iterable[torch.Tensor], limit: float) -> None:
        super().__init__(params, {"limit": positive("limit", limit, "1 is usual")})

    @torch.no_grad()
    def step(self) -> None:
        """Clip the gradients in place."""
        for group in self.param_groups:
            grads = [w.grad for w in group["params"] if w.grad is not None]
            norm = torch.sqrt(sum(g.square().sum() for g in grads))
            scale = (group["limit"] / (norm + 1e-6)).clamp(max=1)
            for g in grads:
                g *= scale


class WeightDecay(torch.optim.Optimizer):
    """Add the gradient of ½λ‖w‖² to the gradients: g ← g + λ w; the parameters stay where they are.

    Args:
        params: the tensors to be decayed; leave biases out by not giving them.
        weight_decay: λ, zero or a positive number.

    Raises:
        TypeError, ValueError: λ is not such a number.

    >>> w = torch.tensor([5.0], requires_grad=True)
    >>> w.sum().backward()
    >>> WeightDecay([w], weight_decay=0.1).step()
    >>> w.grad
    tensor([1.5000])

    In PyTorch it is the argument ``weight_decay`` of the optimizer (but for AdamW).
    """

    def __init__(self, params: Iterable[torch.Tensor], weight_decay: float) -> None:
        super().__init__(
            params, {"weight_decay": non_negative("weight_decay", weight_decay, "0.01 is usual")}
        )

    @torch.no_grad()
    def step(self) -> None:
        """Add to every gradient in place."""
        for group, w, _ in with_gradient(self):
            w.grad += group["weight_decay"] * w


class Chain:
    """Take the steps of several optimizers one after the other: clip the gradients, then move.

    Args:
        ops: the optimizers, each made with the same parameters.

    Raises:
        TypeError: something in the list has no ``step``.

    >>> from course_lib.torch_nn.optimizers import SGD
    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> chain = Chain([ClipByValue([w], limit=1.0), SGD([w], lr=0.5)])
    >>> w.square().sum().backward()
    >>> chain.step()
    >>> w.detach()
    tensor([1.5000])

    In PyTorch one writes the clip between ``backward`` and ``step``. A schedule takes the optimizer itself:
    ``chain.ops[-1]``.
    """

    def __init__(self, ops: Sequence[torch.optim.Optimizer]) -> None:
        for op in ops:
            if not hasattr(op, "step"):
                raise TypeError(f"ops must hold optimizers, got {op!r}")
        self.ops = list(ops)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for op in self.ops:
            op.zero_grad()

    def step(self) -> None:
        """Let each take its step."""
        for op in self.ops:
            op.step()
