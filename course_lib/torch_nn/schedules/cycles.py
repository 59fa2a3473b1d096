"""Rates that go round: cosines and triangles."""

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from course_lib import schedules
from course_lib.torch_nn.schedules.driver import drive

__all__ = ["cosine_annealing", "cosine_restarts", "cyclic", "one_cycle"]


def cosine_annealing(optimizer: Optimizer, n_updates: int, lr_min: float = 0.0) -> LambdaLR:
    """Fall along half a wave of a cosine, and stay.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.cosine_annealing``.

    >>> import torch
    >>> scheduler = cosine_annealing(torch.optim.SGD([torch.zeros(1)], lr=0.5), n_updates=6)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]

    ``torch.optim.lr_scheduler.CosineAnnealingLR`` gives the same rates until it has arrived.
    """
    return drive(optimizer, lambda lr: schedules.cosine_annealing(lr, n_updates, lr_min))


def cosine_restarts(
    optimizer: Optimizer, n_updates: int, multiplier: int = 1, lr_min: float = 0.0
) -> LambdaLR:
    """Fall along half a wave of a cosine, jump back up, and again.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.cosine_restarts``.

    >>> import torch
    >>> scheduler = cosine_restarts(torch.optim.SGD([torch.zeros(1)], lr=0.5), n_updates=3)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]

    ``torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`` gives the same rates.
    """
    return drive(optimizer, lambda lr: schedules.cosine_restarts(lr, n_updates, multiplier, lr_min))


def cyclic(
    optimizer: Optimizer,
    lr_min: float,
    lr_max: float,
    n_up: int,
    n_down: int | None = None,
    mode: str = "triangular",
    factor: float = 1.0,
) -> LambdaLR:
    """Rise along a line and fall along a line, over and over, whatever the rate of the optimizer.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.cyclic``.

    >>> import torch
    >>> scheduler = cyclic(torch.optim.SGD([torch.zeros(1)], lr=0.5), 0.25, 1.0, n_up=3)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [1.0]

    ``torch.optim.lr_scheduler.CyclicLR`` gives the same rates.
    """
    return drive(optimizer, lambda lr: schedules.cyclic(lr_min, lr_max, n_up, n_down, mode, factor))


def one_cycle(
    optimizer: Optimizer,
    lr_max: float,
    n_updates: int,
    warmup: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    anneal: str = "cosine",
    three_phase: bool = False,
) -> LambdaLR:
    """Rise once to a high rate, then fall far below the start, whatever the rate of the optimizer.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.one_cycle``.

    >>> import torch
    >>> scheduler = one_cycle(torch.optim.SGD([torch.zeros(1)], lr=0.5), 1.0, n_updates=8, warmup=0.5)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [1.0]

    ``torch.optim.lr_scheduler.OneCycleLR`` gives the same rates.
    """
    return drive(
        optimizer,
        lambda lr: schedules.one_cycle(
            lr_max, n_updates, warmup, div_factor, final_div_factor, anneal, three_phase
        ),
    )
