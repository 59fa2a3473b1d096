"""Rates that fall when the loss does not."""

from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from course_lib import schedules
from course_lib.torch_nn.schedules.driver import check_optimizer

__all__ = ["ReduceOnPlateau"]


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
    check_optimizer(optimizer)
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
