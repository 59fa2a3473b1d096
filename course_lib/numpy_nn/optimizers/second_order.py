"""Descent by curvature: Newton's method, which asks for it, and BFGS and L-BFGS, which learn it on the way.

They follow exact gradients of a surface. A run stays where it is once the largest entry of its gradient is
within the tolerance.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course_lib.core import (
    Guard,
    Trajectory,
    broadcast_runs,
    finite_array,
    is_good,
    lead,
    natural,
    non_negative,
)
from course_lib.surfaces import LineSearch, Surface, fixed, strong_wolfe

__all__ = ["bfgs", "bfgs_update", "lbfgs", "lbfgs_direction", "newton"]


def newton(
    surface: Surface,
    start: np.ndarray,
    n_steps: int,
    *,
    damping: float | np.ndarray = 0.0,
    modified: bool = False,
    tolerance: float = 1e-10,
) -> Trajectory:
    """Step to the critical point of the parabola that touches the surface.

    w ← w − (H + δ I)⁻¹ g

    On a quadratic surface one step arrives. Near a minimum the number of right digits doubles with each step.
    Where an eigenvalue of H is negative, the critical point is a saddle or a maximum, and pure Newton goes
    *there*, uphill along that eigenvector.

    Args:
        surface: over d weights.
        start: starting points, shape (..., d).
        n_steps: the number of steps T.
        damping: δ, zero or a positive number, or an array that broadcasts with the runs: shorter steps, that
            turn towards −g/δ as it grows.
        modified: put |λ| in the place of each eigenvalue λ of H. Every step then points downhill, and leaves
            saddles.
        tolerance: a run whose gradient is nowhere larger stays.

    Returns:
        The points (T+1, *runs, d), their losses (T+1, *runs), and where each run diverged.

    Raises:
        TypeError, ValueError: the start does not have d coordinates, or another argument is out of range.

    >>> from course_lib.surfaces import quadratic
    >>> newton(quadratic((1, 10)), [3.0, -2.0], n_steps=1).points[1]
    array([0., 0.])

    Source: Nocedal and Wright, Numerical optimization, 2006, chapter 3; the damping is Levenberg's, 1944; the
    modified form is the saddle-free Newton of Dauphin et al., 2014. "Damped" means a shorter step along the
    same line in other texts.
    """
    damping = non_negative("damping", damping, array=True)
    w = _starts(surface, start, np.shape(damping))
    n_steps, tolerance = natural("n_steps", n_steps, minimum=0), non_negative("tolerance", tolerance)
    runs = w.shape[:-1]
    points, losses, guard = np.empty((n_steps + 1, *w.shape)), np.empty((n_steps + 1, *runs)), Guard(w, runs)
    with np.errstate(all="ignore"):  # a run that overflows is found by the guard
        for t in range(n_steps + 1):
            if t > 0:
                g = surface.grad(w)
                going = np.max(np.abs(g), axis=-1, keepdims=True) > tolerance
                w = np.where(going, w + _newton_step(g, surface.hessian(w), damping, modified), w)
            loss = surface.f(w)
            w = guard.check(w, loss, t)
            points[t], losses[t] = w, guard.hold(loss, losses[t - 1] if t else loss)
    return Trajectory(points, losses, guard.diverged_at)


def _newton_step(g: np.ndarray, H: np.ndarray, damping: float | np.ndarray, modified: bool) -> np.ndarray:
    """−(H + δI)⁻¹ g by eigenvalues, H = Q diag(λ) Qᵀ; endless where an eigenvalue is 0."""
    eigenvalues, Q = np.linalg.eigh(np.where(np.isfinite(H), H, 0))
    curvature = (np.abs(eigenvalues) if modified else eigenvalues) + lead(damping, eigenvalues)
    slope = np.matvec(Q.mT, g)  # of the loss along each eigenvector
    return -np.matvec(Q, np.where(slope == 0, 0, slope / curvature))


def bfgs(
    surface: Surface,
    start: np.ndarray,
    n_steps: int,
    *,
    line_search: LineSearch | float = strong_wolfe,
    tolerance: float = 1e-10,
) -> Trajectory:
    """Learn the inverse Hessian from how the gradient changes, and step by it.

    p = −B g,   w ← w + α p with α from a line search,   B ← bfgs_update(B, s, y)

    with s the step and y the change of the gradient. B starts as the identity; after the first step it is
    scaled by s·y / y·y, the curvature found along it. B costs d² numbers.

    Args:
        surface: over d weights.
        start: starting points, shape (..., d). The runs go one after the other: each searches its own line.
        n_steps: the number of steps T.
        line_search: one of the line searches of ``course_lib.surfaces``; a number is a fixed α.
        tolerance: a run whose gradient is nowhere larger stays.

    Returns:
        The points (T+1, *runs, d), their losses (T+1, *runs), and where each run diverged.

    Raises:
        TypeError, ValueError: the start does not have d coordinates, or another argument is out of range.

    >>> from course_lib.surfaces import rosenbrock
    >>> bfgs(rosenbrock, [-1.2, 1.0], n_steps=50).points[-1].round(9)
    array([1., 1.])

    Source: Broyden; Fletcher; Goldfarb; Shanno, all 1970; here as in Nocedal and Wright, Numerical
    optimization, 2006, algorithm 6.1.
    """

    def direction(B: np.ndarray | None, g: np.ndarray) -> np.ndarray:
        return -g if B is None else -B @ g

    def learn(B: np.ndarray | None, s: np.ndarray, y: np.ndarray) -> np.ndarray:
        return bfgs_update(np.eye(len(s)) * (s @ y) / (y @ y) if B is None else B, s, y)

    return _quasi_newton(surface, start, n_steps, line_search, tolerance, direction, learn)


def bfgs_update(B: np.ndarray, s: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Change an inverse Hessian as little as need be for it to explain a step: B y = s afterwards.

    B ← (I − ρ s yᵀ) B (I − ρ y sᵀ) + ρ s sᵀ,   ρ = 1 / (s·y)

    Args:
        B: the inverse Hessian so far, shape (d, d), symmetric.
        s: the step, shape (d,).
        y: the change of the gradient over it, shape (d,); s·y must be above 0.

    >>> bfgs_update(np.eye(2), s=np.array([1.0, 0.0]), y=np.array([4.0, 0.0]))
    array([[0.25, 0.  ],
           [0.  , 1.  ]])
    """
    rho = 1 / (s @ y)
    V = np.eye(len(s)) - rho * np.outer(y, s)
    return V.T @ B @ V + rho * np.outer(s, s)


def lbfgs(
    surface: Surface,
    start: np.ndarray,
    n_steps: int,
    *,
    memory: int = 10,
    line_search: LineSearch | float = strong_wolfe,
    tolerance: float = 1e-10,
) -> Trajectory:
    """Do as BFGS does, with the last few steps remembered in place of a matrix.

    The arguments are those of ``bfgs``, and one more.

    Args:
        memory: how many steps are remembered; 2·memory·d numbers are kept where BFGS keeps d².

    >>> from course_lib.surfaces import rosenbrock
    >>> lbfgs(rosenbrock, [-1.2, 1.0], n_steps=50).points[-1].round(9)
    array([1., 1.])

    Source: Nocedal, Updating quasi-Newton matrices with limited storage, 1980; Nocedal and Wright, 2006,
    algorithm 7.5.
    """
    memory = natural("memory", memory)

    def direction(pairs: list | None, g: np.ndarray) -> np.ndarray:
        return -g if pairs is None else lbfgs_direction(g, pairs)

    def learn(pairs: list | None, s: np.ndarray, y: np.ndarray) -> list:
        return [*(pairs or []), (s, y)][-memory:]

    return _quasi_newton(surface, start, n_steps, line_search, tolerance, direction, learn)


def lbfgs_direction(g: np.ndarray, pairs: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Compute −B g, where B is what ``bfgs_update`` makes of γI and the pairs (s, y), without B.

    Two loops: back through the pairs, and forth again; γ = s·y / y·y of the last pair.

    Args:
        g: the gradient, shape (d,).
        pairs: steps and changes of the gradient, oldest first; at least one.

    >>> lbfgs_direction(np.array([4.0, 4.0]), [(np.array([1.0, 0.0]), np.array([4.0, 0.0]))])
    array([-1., -1.])

    Source: Nocedal and Wright, Numerical optimization, 2006, algorithm 7.4.
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
    surface: Surface,
    start: np.ndarray,
    n_steps: int,
    line_search: LineSearch | float,
    tolerance: float,
    direction: Callable,
    learn: Callable,
) -> Trajectory:
    """Descend from every start in turn, and put the paths side by side."""
    w = _starts(surface, start, ())
    n_steps, tolerance = natural("n_steps", n_steps, minimum=0), non_negative("tolerance", tolerance)
    line_search = line_search if callable(line_search) else fixed(line_search)
    settings = n_steps, line_search, tolerance, direction, learn
    with np.errstate(all="ignore"):  # a step that overflows is one that diverged
        paths = [_one_run(surface, one, *settings) for one in w.reshape(-1, surface.dim)]
    points, losses, diverged_at = (np.stack(part, axis=-1) for part in zip(*paths))
    runs = w.shape[:-1]
    return Trajectory(
        np.moveaxis(points, -1, 1).reshape(-1, *runs, surface.dim),
        losses.reshape(-1, *runs),
        diverged_at.reshape(runs),
    )


def _one_run(
    surface: Surface,
    w: np.ndarray,
    n_steps: int,
    line_search: LineSearch,
    tolerance: float,
    direction: Callable,
    learn: Callable,
) -> tuple[np.ndarray, np.ndarray, int]:
    loss, g, memory = surface.f(w), surface.grad(w), None
    points, losses = np.tile(w, (n_steps + 1, 1)), np.full(n_steps + 1, loss)
    if not is_good(loss):
        return points, losses, 0
    for t in range(1, n_steps + 1):
        if np.max(np.abs(g)) <= tolerance:
            break
        p = direction(memory, g)
        first = min(1.0, 1 / np.sum(np.abs(g))) if memory is None else 1.0  # at first, no scale is known
        s = line_search(partial(_along, surface, w, p), first) * p
        new, new_loss = w + s, surface.f(w + s)
        if not is_good(new_loss):
            return points, losses, t
        y = surface.grad(new) - g
        if s @ y > 1e-10 * np.sqrt((s @ s) * (y @ y)):  # curvature was found, and it is positive
            memory = learn(memory, s, y)
        w, g = new, g + y
        points[t:], losses[t:] = w, new_loss  # where the run stays if this is its last step
    return points, losses, -1


def _along(surface: Surface, w: np.ndarray, p: np.ndarray, alpha: float) -> tuple[float, float]:
    """φ(α) and φ′(α)."""
    at = w + alpha * p
    return float(surface.f(at)), float(surface.grad(at) @ p)


def _starts(surface: Surface, start: Any, runs: tuple[int, ...]) -> np.ndarray:
    """Broadcast the starting points to all runs, shape runs + (d,)."""
    start = finite_array("start", start).astype(float)
    if start.ndim == 0 or start.shape[-1] != surface.dim:
        raise ValueError(
            f"start must have {surface.dim} coordinates in its last axis for {surface!r}, "
            f"got shape {start.shape}"
        )
    return np.broadcast_to(start, (*broadcast_runs(start.shape[:-1], runs), surface.dim)).copy()
