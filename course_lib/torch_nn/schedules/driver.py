"""The link between a schedule of ``course_lib.schedules`` and the optimizer that it drives."""

from collections.abc import Callable

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

__all__ = ["drive"]


def drive(optimizer: Optimizer, make: Callable[[float], Callable[[int], float]]) -> LambdaLR:
    """Let a schedule write the learning rate of every group of an optimizer.

    Args:
        optimizer: what to drive.
        make: takes the rate of a group and returns its schedule.

    >>> import torch
    >>> from course_lib import schedules
    >>> optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.5)
    >>> scheduler = drive(optimizer, lambda lr: schedules.linear_warmup(lr, n_updates=10))
    >>> scheduler.get_last_lr()
    [0.0]
    """

    check_optimizer(optimizer)

    def factor(lr: float) -> Callable[[int], float]:
        schedule = make(lr)
        return lambda t: schedule(t) / lr  # LambdaLR multiplies the group's first rate

    return LambdaLR(optimizer, [factor(g.get("initial_lr", g["lr"])) for g in optimizer.param_groups])


def check_optimizer(optimizer: Optimizer) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer must be a torch.optim.Optimizer (of a Chain: its last op), got {optimizer!r}"
        )
