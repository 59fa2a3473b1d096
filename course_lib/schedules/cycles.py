"""Schedules shaped by a cosine, and schedules that rise again."""

from math import cos, pi

import numpy as np

from course_lib.core import flag, in_interval, natural, non_negative, one_of, positive
from course_lib.schedules.schedule import Schedule, made, usual_rate

__all__ = ["cosine_annealing", "cosine_restarts", "cyclic", "one_cycle"]


def _between(start: float | np.ndarray, end: float | np.ndarray, part: float) -> float | np.ndarray:
    """Half a wave of a cosine, from the start (part 0) to the end (part 1)."""
    return end + (start - end) * (1 + cos(pi * part)) / 2


def cosine_annealing(lr: float | np.ndarray, n_updates: int, lr_min: float | np.ndarray = 0.0) -> Schedule:
    """Fall along half a wave of a cosine: slowly at first, fastest in the middle, slowly at the end.

    η(t) = η_min + ½ (η − η_min) (1 + cos(π t/T)), and η_min from T on

    Args:
        lr: η at first, a positive number or an array of shape runs.
        n_updates: T, the updates until the least rate is reached.
        lr_min: η_min, zero or a positive number, or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = cosine_annealing(0.1, n_updates=100)
    >>> [round(schedule(t), 6) for t in (0, 25, 50, 100)]
    [0.1, 0.085355, 0.05, 0.0]

    Source: Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017. Equals
    torch.optim.lr_scheduler.CosineAnnealingLR up to T; after that PyTorch's rises again along the wave.
    """
    lr, n = usual_rate("lr", lr), natural("n_updates", n_updates)
    lr_min = non_negative("lr_min", lr_min, array=True)
    return made(
        "cosine_annealing", lambda t: _between(lr, lr_min, min(t, n) / n), lr=lr, n_updates=n, lr_min=lr_min
    )


def cosine_restarts(
    lr: float | np.ndarray, n_updates: int, multiplier: int = 1, lr_min: float | np.ndarray = 0.0
) -> Schedule:
    """Fall along half a wave of a cosine, jump back up, and again, each time over a longer stretch.

    η(t) = η_min + ½ (η − η_min) (1 + cos(π s/Tᵢ)), s updates after a restart, where Tᵢ₊₁ = multiplier · Tᵢ

    Args:
        lr: η after each restart, a positive number or an array of shape runs.
        n_updates: T₀, the length of the first stretch.
        multiplier: a positive whole number; with 1 all stretches are of one length.
        lr_min: η_min, zero or a positive number, or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = cosine_restarts(0.1, n_updates=10, multiplier=2)
    >>> [round(schedule(t), 6) for t in (0, 5, 10, 20, 30)]  # 10 updates, then 20, then 40
    [0.1, 0.05, 0.1, 0.05, 0.1]

    Source: Loshchilov and Hutter, SGDR, 2017. Equals torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
    """
    lr, first = usual_rate("lr", lr), natural("n_updates", n_updates)
    multiplier, lr_min = natural("multiplier", multiplier), non_negative("lr_min", lr_min, array=True)

    def rate(t: int) -> float | np.ndarray:
        length = first
        while multiplier > 1 and t >= length:
            t, length = t - length, length * multiplier
        return _between(lr, lr_min, t % length / length)

    return made("cosine_restarts", rate, lr=lr, n_updates=first, multiplier=multiplier, lr_min=lr_min)


def cyclic(
    lr_min: float | np.ndarray,
    lr_max: float | np.ndarray,
    n_up: int,
    n_down: int | None = None,
    mode: str = "triangular",
    factor: float | np.ndarray = 1.0,
) -> Schedule:
    """Rise along a line and fall along a line, over and over.

    η(t) = η_min + (η_max − η_min) · height · scale, where height goes from 0 to 1 in n_up updates and back in
    n_down, and scale is 1 (``triangular``), ½ to the number of past cycles (``triangular2``), or factorᵗ
    (``exp_range``)

    Args:
        lr_min: η_min, a positive number or an array of shape runs.
        lr_max: η_max, likewise.
        n_up: the updates from η_min to η_max.
        n_down: the updates back; as many as up where None.
        mode: ``triangular``, ``triangular2`` or ``exp_range``.
        factor: for ``exp_range``, in (0, 1], or an array likewise.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> schedule = cyclic(0.1, 0.5, n_up=4, mode="triangular2")
    >>> [round(schedule(t), 6) for t in (0, 2, 4, 8, 12)]
    [0.1, 0.3, 0.5, 0.1, 0.3]

    Source: Smith, Cyclical learning rates for training neural networks, 2017. Equals
    torch.optim.lr_scheduler.CyclicLR, which calls the factor gamma.
    """
    lr_min, lr_max = usual_rate("lr_min", lr_min), usual_rate("lr_max", lr_max)
    n_up = natural("n_up", n_up)
    n_down = n_up if n_down is None else natural("n_down", n_down)
    one_of("mode", mode, ["triangular", "triangular2", "exp_range"])
    factor = in_interval("factor", factor, 0, 1, closed="right", array=True)

    def rate(t: int) -> float | np.ndarray:
        cycle, position = divmod(t, n_up + n_down)
        height = position / n_up if position <= n_up else (n_up + n_down - position) / n_down
        scale = {"triangular": 1.0, "triangular2": 0.5**cycle, "exp_range": factor**t}[mode]
        return lr_min + (lr_max - lr_min) * height * scale

    settings = {"lr_min": lr_min, "lr_max": lr_max, "n_up": n_up, "n_down": n_down, "mode": mode}
    return made("cyclic", rate, **settings, factor=factor)


def one_cycle(
    lr_max: float | np.ndarray,
    n_updates: int,
    warmup: float = 0.3,
    div_factor: float | np.ndarray = 25.0,
    final_div_factor: float | np.ndarray = 1e4,
    anneal: str = "cosine",
    three_phase: bool = False,
) -> Schedule:
    """Rise once to a high rate, then fall far below the rate at the start.

    From η_max / div_factor up to η_max, then down to η_max / (div_factor · final_div_factor)

    Args:
        lr_max: η_max, a positive number or an array of shape runs.
        n_updates: T, the number of all updates; the last one has the least rate, and so have later ones.
        warmup: the part of the updates in which the rate rises, in (0, 1), or in (0, ½) with three phases.
        div_factor: a positive number, or an array likewise.
        final_div_factor: likewise.
        anneal: ``cosine`` or ``linear``, the shape of each phase.
        three_phase: fall as far as it rose in as many updates, and only then to the least rate.

    Raises:
        TypeError, ValueError: an argument is out of range, or there is no update to rise in.

    >>> schedule = one_cycle(1.0, n_updates=101, warmup=31 / 101)
    >>> [round(schedule(t), 6) for t in (0, 15, 30, 65, 100)]
    [0.04, 0.52, 1.0, 0.500002, 4e-06]

    Source: Smith and Topin, Super-convergence, 2018, whose cycle has three phases along lines. Equals
    torch.optim.lr_scheduler.OneCycleLR, which by default also moves the momentum the other way.
    """
    lr_max, n = usual_rate("lr_max", lr_max), natural("n_updates", n_updates, minimum=2)
    warmup = in_interval(
        "warmup", warmup, 0, 0.5 if flag("three_phase", three_phase) else 1, closed="neither"
    )
    div_factor = positive("div_factor", div_factor, "25 is usual", array=True)
    final_div_factor = positive("final_div_factor", final_div_factor, "10000 is usual", array=True)
    one_of("anneal", anneal, ["cosine", "linear"])
    if warmup * n <= 1:
        raise ValueError(f"warmup must leave more than one update to rise in, got {warmup} of {n} updates")
    start = lr_max / div_factor
    turns = [(0.0, start), (warmup * n - 1, lr_max)]
    if three_phase:
        turns.append((2 * warmup * n - 2, start))
    turns.append((n - 1.0, start / final_div_factor))

    def rate(t: int) -> float | np.ndarray:
        for (begin, before), (end, after) in zip(turns, turns[1:]):
            if t <= end:
                part = (t - begin) / (end - begin)
                return (
                    before + (after - before) * part if anneal == "linear" else _between(before, after, part)
                )
        return turns[-1][1]

    settings = {"warmup": warmup, "div_factor": div_factor, "final_div_factor": final_div_factor}
    settings |= {"anneal": anneal, "three_phase": three_phase}
    return made("one_cycle", rate, lr_max=lr_max, n_updates=n, **settings)
