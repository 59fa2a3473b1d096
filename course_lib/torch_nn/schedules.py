"""Learning-rate schedules that drive a PyTorch optimizer: ``course_lib.schedules`` in a LambdaLR.

Each takes the optimizer first. The rate at the start, η, is that of the optimizer, for each of its
groups. Call the scheduler's ``step()`` after every ``optimizer.step()``.
"""

from collections.abc import Callable, Sequence

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from course_lib import schedules

__all__ = [
    "ReduceOnPlateau",
    "constant",
    "cosine_annealing",
    "cosine_restarts",
    "cosine_warmup",
    "cyclic",
    "drive",
    "exponential_decay",
    "exponential_range",
    "inverse_time_decay",
    "linear_warmup",
    "multi_step",
    "one_cycle",
    "polynomial_decay",
    "step_decay",
]


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

    _check_optimizer(optimizer)

    def factor(lr: float) -> Callable[[int], float]:
        schedule = make(lr)
        return lambda t: schedule(t) / lr  # LambdaLR multiplies the group's first rate

    return LambdaLR(optimizer, [factor(g.get("initial_lr", g["lr"])) for g in optimizer.param_groups])


def _check_optimizer(optimizer: Optimizer) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer must be a torch.optim.Optimizer (of a Chain: its last op), got {optimizer!r}"
        )


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


def ReduceOnPlateau(
    optimizer: Optimizer,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    min_scale: float = 0.0,
    mode: str = "min",
    threshold_mode: str = "rel",
) -> ReduceLROnPlateau:
    """Lower the rate when a loss has not improved for some time.

    Args:
        optimizer: what to drive. The other arguments: ``course_lib.schedules.ReduceOnPlateau``.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.5)
    >>> scheduler = ReduceOnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     scheduler.step(loss)
    >>> scheduler.get_last_lr()
    [0.25]
    """
    _check_optimizer(optimizer)
    rule = schedules.ReduceOnPlateau(factor, patience, threshold, cooldown, min_scale, mode, threshold_mode)
    return ReduceLROnPlateau(
        optimizer,
        mode=rule.mode,
        factor=rule.factor,
        patience=rule.patience,
        threshold=rule.threshold,
        threshold_mode=rule.threshold_mode,
        cooldown=rule.cooldown,
        min_lr=[rule.min_scale * group["lr"] for group in optimizer.param_groups],
        eps=0.0,
    )
