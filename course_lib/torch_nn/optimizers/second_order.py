"""Descent by curvature: Newton's method, BFGS and L-BFGS, with gradients and Hessians by ``torch.func``.

Each descends a function of one vector, from one start, and returns what its NumPy twin returns.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.func import grad, grad_and_value, jacrev

from course_lib.core import Trajectory, finite_array, first_bad, hold_from, is_good, natural, non_negative
from course_lib.surfaces import LineSearch, fixed, strong_wolfe

__all__ = ["bfgs", "bfgs_update", "lbfgs", "lbfgs_direction", "newton"]

Function = Callable[[torch.Tensor], torch.Tensor]
Pairs = list[tuple[torch.Tensor, torch.Tensor]]


def newton(
    f: Function,
    start: np.ndarray,
    n_steps: int,
    *,
    damping: float = 0.0,
    modified: bool = False,
    tolerance: float = 1e-10,
) -> Trajectory:
    """Step to the critical point of the parabola that touches the function: w ← w − (H + δI)⁻¹ g.

    H is the Jacobian of the gradient; ``torch.func.hessian`` is the same, and warns in PyTorch 2.13.

    Args:
        f: maps a tensor of shape (d,) to a scalar tensor.
        start: the starting point, shape (d,).
        n_steps: the number of steps T.
        damping: δ, zero or a positive number.
        modified: put |λ| in the place of each eigenvalue λ of H.
        tolerance: where the gradient is nowhere larger, w stays.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> newton(lambda w: (w**4).sum(), [3.0], n_steps=1).points[:, 0]  # each step takes a third off
    array([3., 2.])
    """
    damping, tolerance = non_negative("damping", damping), non_negative("tolerance", tolerance)
    w, slope = _start(start), grad_and_value(f)
    points, losses = [w], [f(w).item()]
    for _ in range(natural("n_steps", n_steps, minimum=0)):
        g, _ = slope(w)
        if g.abs().max() > tolerance:
            w = w + _newton_step(g, jacrev(grad(f))(w), damping, modified)
        points.append(w)
        losses.append(f(w).item())
        if not is_good(losses[-1]):
            break
    return _trajectory(points, losses, n_steps)


def _newton_step(g: torch.Tensor, H: torch.Tensor, damping: float, modified: bool) -> torch.Tensor:
    eigenvalues, Q = torch.linalg.eigh(torch.nan_to_num(H, 0, 0, 0))
    curvature = (eigenvalues.abs() if modified else eigenvalues) + damping
    along = Q.T @ g
    return -Q @ torch.where(along == 0, 0, along / curvature)


def bfgs(
    f: Function,
    start: np.ndarray,
    n_steps: int,
    *,
    line_search: LineSearch | float = strong_wolfe,
    tolerance: float = 1e-10,
) -> Trajectory:
    """Learn the inverse Hessian from how the gradient changes, and step by it.

    Args:
        f: maps a tensor of shape (d,) to a scalar tensor.
        start: the starting point, shape (d,).
        n_steps: the number of steps T.
        line_search: one of the line searches of ``course_lib.surfaces``; a number is a fixed step.
        tolerance: where the gradient is nowhere larger, w stays.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> bfgs(lambda w: (w - 3).square().sum(), [0.0, 1.0], n_steps=5).points[-1].round(6)
    array([3., 3.])
    """

    def direction(B: torch.Tensor | None, g: torch.Tensor) -> torch.Tensor:
        return -g if B is None else -B @ g

    def learn(B: torch.Tensor | None, s: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return bfgs_update(torch.eye(len(s), dtype=s.dtype) * (s @ y) / (y @ y) if B is None else B, s, y)

    return _quasi_newton(f, start, n_steps, line_search, tolerance, direction, learn)


def bfgs_update(B: torch.Tensor, s: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Change an inverse Hessian as little as need be for it to explain a step: B y = s afterwards.

    >>> bfgs_update(torch.eye(2), s=torch.tensor([1.0, 0.0]), y=torch.tensor([4.0, 0.0]))
    tensor([[0.2500, 0.0000],
            [0.0000, 1.0000]])
    """
    rho = 1 / (s @ y)
    V = torch.eye(len(s), dtype=s.dtype) - rho * torch.outer(y, s)
    return V.T @ B @ V + rho * torch.outer(s, s)


def lbfgs(
    f: Function,
    start: np.ndarray,
    n_steps: int,
    *,
    memory: int = 10,
    line_search: LineSearch | float = strong_wolfe,
    tolerance: float = 1e-10,
) -> Trajectory:
    """Do as BFGS does, with the last ``memory`` steps remembered in place of a matrix.

    The other arguments are those of ``bfgs``.

    >>> lbfgs(lambda w: (w - 3).square().sum(), [0.0, 1.0], n_steps=5).points[-1].round(6)
    array([3., 3.])

    ``torch.optim.LBFGS(line_search_fn="strong_wolfe")`` is the same method with a line search of its own.
    """
    memory = natural("memory", memory)

    def direction(pairs: Pairs | None, g: torch.Tensor) -> torch.Tensor:
        return -g if pairs is None else lbfgs_direction(g, pairs)

    def learn(pairs: Pairs | None, s: torch.Tensor, y: torch.Tensor) -> Pairs:
        return [*(pairs or []), (s, y)][-memory:]

    return _quasi_newton(f, start, n_steps, line_search, tolerance, direction, learn)


def lbfgs_direction(g: torch.Tensor, pairs: Pairs) -> torch.Tensor:
    """Compute −B g, where B is what ``bfgs_update`` makes of γI and the pairs (s, y), without B.

    >>> lbfgs_direction(torch.tensor([4.0, 4.0]), [(torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0]))])
    tensor([-1., -1.])
    """
    q, alphas = g, []
    for s, y in reversed(pairs):
        alphas.append((s @ q) / (s @ y))
        q = q - alphas[-1] * y
    s, y = pairs[-1]
    r = (s @ y) / (y @ y) * q
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        r = r + s * (alpha - (y @ r) / (s @ y))
    return -r


def _quasi_newton(
    f: Function,
    start: np.ndarray,
    n_steps: int,
    line_search: LineSearch | float,
    tolerance: float,
    direction: Callable,
    learn: Callable,
) -> Trajectory:
    w, slope, memory = _start(start), grad_and_value(f), None
    tolerance = non_negative("tolerance", tolerance)
    line_search = line_search if callable(line_search) else fixed(line_search)
    g, loss = slope(w)
    points, losses = [w], [loss.item()]

    def along(alpha: float) -> tuple[float, float]:
        g_there, loss_there = slope(w + alpha * p)
        return loss_there.item(), (g_there @ p).item()

    for _ in range(natural("n_steps", n_steps, minimum=0)):
        if g.abs().max() <= tolerance or not is_good(losses[-1]):
            break
        p = direction(memory, g)
        first = min(1.0, 1 / g.abs().sum().item()) if memory is None else 1.0
        s = line_search(along, first) * p
        g_new, loss = slope(w + s)
        y = g_new - g
        if s @ y > 1e-10 * torch.sqrt((s @ s) * (y @ y)):
            memory = learn(memory, s, y)
        w, g = w + s, g_new
        points.append(w)
        losses.append(loss.item())
    return _trajectory(points, losses, n_steps)


def _start(start: Any) -> torch.Tensor:
    return torch.tensor(finite_array("start", start, shape=(None,)), dtype=torch.float64)


def _trajectory(points: list[torch.Tensor], losses: list[float], n_steps: int) -> Trajectory:
    """Hold a run that diverged at its last good point, and one that arrived at its end."""
    step, missing = first_bad(losses), n_steps + 1 - len(points)
    held = hold_from(step, torch.stack(points).numpy()), hold_from(step, np.array(losses))
    return Trajectory(*(np.concatenate([part, *[part[-1:]] * missing]) for part in held), np.array(step))
