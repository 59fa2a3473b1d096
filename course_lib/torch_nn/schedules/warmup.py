"""Rates that begin small."""

from collections.abc import Callable

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from course_lib import schedules
from course_lib.torch_nn.schedules.driver import drive

__all__ = ["cosine_warmup", "linear_warmup"]


def linear_warmup(
    optimizer: Optimizer,
    n_updates: int,
    start_factor: float = 0.0,
    schedule: Callable[[int], float] | None = None,
) -> LambdaLR:
    """Rise along a line to the optimizer's rate and keep it, or follow a schedule.

    Args:
        optimizer: what to drive.
        n_updates: the updates until the rate is reached.
        start_factor: the part of the rate to begin with.
        schedule: one of ``course_lib.schedules``, which then sets the rate, during the warmup too.

    >>> import torch
    >>> scheduler = linear_warmup(torch.optim.SGD([torch.zeros(1)], lr=0.5), n_updates=4)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.375]
    """
    return drive(optimizer, lambda lr: schedules.linear_warmup(schedule or lr, n_updates, start_factor))


def cosine_warmup(
    optimizer: Optimizer,
    n_updates: int,
    start_factor: float = 0.0,
    schedule: Callable[[int], float] | None = None,
) -> LambdaLR:
    """Rise along half a wave of a cosine to the optimizer's rate and keep it, or follow a schedule.

    Args:
        optimizer: what to drive.
        n_updates: the updates until the rate is reached.
        start_factor: the part of the rate to begin with.
        schedule: one of ``course_lib.schedules``, which then sets the rate, during the warmup too.

    >>> import torch
    >>> scheduler = cosine_warmup(torch.optim.SGD([torch.zeros(1)], lr=0.5), n_updates=4)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> [round(lr, 4) for lr in scheduler.get_last_lr()]
    [0.4268]
    """
    return drive(optimizer, lambda lr: schedules.cosine_warmup(schedule or lr, n_updates, start_factor))
