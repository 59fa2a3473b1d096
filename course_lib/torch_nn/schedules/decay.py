"""Rates that only fall."""

from collections.abc import Sequence

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from course_lib import schedules
from course_lib.torch_nn.schedules.driver import drive

__all__ = [
    "constant",
    "exponential_decay",
    "exponential_range",
    "inverse_time_decay",
    "multi_step",
    "polynomial_decay",
    "step_decay",
]


def constant(optimizer: Optimizer) -> LambdaLR:
    """Keep the rate.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.constant``.

    >>> import torch
    >>> scheduler = constant(torch.optim.SGD([torch.zeros(1)], lr=0.5))
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]

    ``torch.optim.lr_scheduler.ConstantLR`` with ``factor=1`` gives the same rates.
    """
    return drive(optimizer, schedules.constant)


def step_decay(optimizer: Optimizer, every: int, factor: float = 0.1) -> LambdaLR:
    """Multiply the rate by a factor once in so many updates.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.step_decay``.

    >>> import torch
    >>> scheduler = step_decay(torch.optim.SGD([torch.zeros(1)], lr=0.5), every=2, factor=0.5)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]

    ``torch.optim.lr_scheduler.StepLR`` gives the same rates.
    """
    return drive(optimizer, lambda lr: schedules.step_decay(lr, every, factor))


def multi_step(optimizer: Optimizer, milestones: Sequence[int], factor: float = 0.1) -> LambdaLR:
    """Multiply the rate by a factor at named updates.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.multi_step``.

    >>> import torch
    >>> scheduler = multi_step(torch.optim.SGD([torch.zeros(1)], lr=0.5), milestones=[1, 3], factor=0.5)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.125]

    ``torch.optim.lr_scheduler.MultiStepLR`` gives the same rates.
    """
    return drive(optimizer, lambda lr: schedules.multi_step(lr, milestones, factor))


def exponential_decay(optimizer: Optimizer, factor: float) -> LambdaLR:
    """Multiply the rate by a factor at every update.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.exponential_decay``.

    >>> import torch
    >>> scheduler = exponential_decay(torch.optim.SGD([torch.zeros(1)], lr=0.5), factor=0.5)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.0625]

    ``torch.optim.lr_scheduler.ExponentialLR`` gives the same rates.
    """
    return drive(optimizer, lambda lr: schedules.exponential_decay(lr, factor))


def inverse_time_decay(optimizer: Optimizer, decay: float) -> LambdaLR:
    """Divide the rate by 1 + decay · t.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.inverse_time_decay``.

    >>> import torch
    >>> scheduler = inverse_time_decay(torch.optim.SGD([torch.zeros(1)], lr=0.5), decay=1.0)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.125]
    """
    return drive(optimizer, lambda lr: schedules.inverse_time_decay(lr, decay))


def polynomial_decay(
    optimizer: Optimizer, n_updates: int, power: float = 1.0, lr_end: float = 0.0
) -> LambdaLR:
    """Fall to an end value along a power of the time left.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.polynomial_decay``.

    >>> import torch
    >>> scheduler = polynomial_decay(torch.optim.SGD([torch.zeros(1)], lr=0.5), n_updates=6)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]

    ``torch.optim.lr_scheduler.PolynomialLR`` gives the same rates.
    """
    return drive(optimizer, lambda lr: schedules.polynomial_decay(lr, n_updates, power, lr_end))


def exponential_range(optimizer: Optimizer, low: float, high: float, n_updates: int) -> LambdaLR:
    """Rise from a low rate to a high one by equal factors, whatever the rate of the optimizer.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.exponential_range``.

    >>> import torch
    >>> scheduler = exponential_range(torch.optim.SGD([torch.zeros(1)], lr=0.5), 0.25, 2.0, n_updates=4)
    >>> for _ in range(3):
    ...     scheduler.optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [2.0]
    """
    return drive(optimizer, lambda lr: schedules.exponential_range(low, high, n_updates))
