"""An answer that is a path or a curve, drawn beside the right one."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Curve:
    """How an answer becomes a curve.

    Args:
        points: answer -> x and y of its points.
        xlabel, ylabel: what stands at the axes.
    """

    points: Callable[[Any], tuple]
    xlabel: str
    ylabel: str

    def of(self, answer: Any) -> np.ndarray:
        """The points, of shape (2, n), as floats."""
        x, y = self.points(answer)
        return np.stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])


@dataclass(frozen=True)
class Drawing:
    """Two curves to be drawn; nothing is drawn before `png` is asked for."""

    curve: Curve
    yours: np.ndarray
    right: np.ndarray

    def tells(self) -> bool:
        """Whether one can see a difference: two equal curves would say that the answer is right."""
        span = np.ptp(self.right, axis=1, keepdims=True)
        return not np.all(np.abs(self.yours - self.right) <= 0.01 * span)

    def png(self) -> bytes:
        """Both curves over each other; the axes are those of the right one, with some room around it."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # pictures are only needed for an error
        from matplotlib.figure import Figure

        from course_lib.live import course_style
        from course_lib.plots import BLUE, VERMILION, frames

        with course_style():
            figure = Figure(figsize=(5.2, 3.1), dpi=110, layout="constrained")
            FigureCanvasAgg(figure)
            ax = figure.add_subplot()
            ax.plot(*self.right, color=BLUE, linewidth=4, alpha=0.45, label="right")
            ax.plot(*self.yours, color=VERMILION, linestyle="--", label="yours")
            (x_low, x_high), (y_low, y_high) = map(_limits, self.right, self.yours)
            ax.set(xlabel=self.curve.xlabel, ylabel=self.curve.ylabel)
            ax.set(xlim=(x_low, x_high), ylim=(y_low, y_high))
            frames.legend(ax)
            figure.savefig(out := io.BytesIO(), format="png")
        return out.getvalue()


def over(values: np.ndarray, call: Callable, xlabel: str, ylabel: str) -> Curve:
    """The curve of a function: all values at once, or one at a time where it takes one number.

    Example:
        >>> curve = over(np.arange(3), lambda f, x: f(x, 0.1), "x", "f(x)")
        >>> curve.of(lambda x, slope: slope * x)
        array([[0. , 1. , 2. ],
               [0. , 0.1, 0.2]])
    """
    return Curve(lambda answer: (values, call(answer, values)), xlabel, ylabel)


def _limits(right: np.ndarray, yours: np.ndarray) -> tuple[float, float]:
    """Around the right curve, and as far to yours as leaves the right one a third of the height."""
    low, high = np.min(right), np.max(right)
    span = (high - low) or 1.0
    finite = np.append(yours[np.isfinite(yours)], [low, high])
    low, high = max(finite.min(), low - span), min(finite.max(), high + span)
    return low - 0.06 * span, high + 0.06 * span
