"""Descend a function, as one writes it in PyTorch: one run at a time."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch.optim import Optimizer

from course_lib.core import Trajectory, finite_array, first_bad, hold_from, natural

__all__ = ["descend"]


def descend(
    f: Callable[[torch.Tensor], torch.Tensor],
    make_optimizer: Callable[[Iterable[torch.Tensor]], Optimizer],
    start: np.ndarray,
    n_steps: int,
) -> Trajectory:
    """Follow an optimizer down a function; autograd supplies the gradient.

    Args:
        f: maps a tensor of shape (d,) to a scalar tensor, by PyTorch operations.
        make_optimizer: takes the list of parameters: ``lambda params: SGD(params, lr=0.1)``.
        start: the starting point, shape (d,).
        n_steps: the number of steps T.

    Returns:
        The points (T+1, d), their losses (T+1,), and where the run diverged, or -1.

    Raises:
        TypeError, ValueError: the start is not a finite vector, or n_steps not a whole number.

    >>> from course_lib.torch_nn.optimizers import SGD
    >>> bowl = lambda w: 5 * w.square().sum()
    >>> descend(bowl, lambda params: SGD(params, lr=0.05), start=[1.0], n_steps=3).points[:, 0]
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    w = torch.tensor(finite_array("start", start, shape=(None,)), dtype=torch.float64, requires_grad=True)
    n_steps = natural("n_steps", n_steps, minimum=0)
    optimizer = make_optimizer([w])
    points, losses = [w.detach().clone()], [f(w).item()]
    for _ in range(n_steps):
        optimizer.zero_grad()
        f(w).backward()
        optimizer.step()
        points.append(w.detach().clone())
        losses.append(f(w).item())
    step = first_bad(losses)
    return Trajectory(
        hold_from(step, torch.stack(points).numpy()), hold_from(step, np.array(losses)), np.array(step)
    )
