"""Optimizers: in order of increasing complexity, each a ``torch.optim.Optimizer`` written out.

PyTorch's optimizers change the parameters in place and keep their memory in ``self.state``.
"""

from collections.abc import Iterable

import torch

from course_lib.validation import positive

__all__ = ["SGD"]


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
