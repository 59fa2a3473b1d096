"""Optimizers: in order of increasing complexity, each a ``torch.optim.Optimizer`` written out.

PyTorch's optimizers change the parameters in place and keep their memory in ``self.state``.
"""

from collections.abc import Iterable, Sequence

import torch

from course_lib.validation import positive

__all__ = ["SGD", "Chain", "ClipByNorm", "ClipByValue"]


class SGD(torch.optim.Optimizer):
    """Step against the gradient: w ← w − η g.

    Args:
        params: the tensors to train, most often ``model.parameters()``.
        lr: the learning rate η, a positive number; a schedule is ``torch.optim.lr_scheduler``'s work.

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


class Chain:
    """Take the steps of several optimizers one after the other: clip the gradients, then move.

    Args:
        ops: the optimizers, each made with the same parameters.

    Raises:
        TypeError: something in the list has no ``step``.

    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> chain = Chain([ClipByValue([w], limit=1.0), SGD([w], lr=0.5)])
    >>> w.square().sum().backward()
    >>> chain.step()
    >>> w.detach()
    tensor([1.5000])

    In PyTorch one writes the clip between ``backward`` and ``step``.
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
