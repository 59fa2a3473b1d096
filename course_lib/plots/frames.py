"""The empty panels that pictures are drawn in, and their moving lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Polygon

from course_lib.plots.labels import Label
from course_lib.plots.style import BLUE, GRAY, GREEN, VERMILION


def panels(figure: Figure, labels: Sequence[str], widths: Sequence[float] | None = None) -> list[Axes]:
    """Split a wide figure into axes side by side; each is found again by its label."""
    grid = figure.add_gridspec(
        1,
        len(labels),
        width_ratios=widths,
        left=0.08,
        right=0.97,
        bottom=0.145,
        top=0.825,
        wspace=0.27,
    )
    axes = [figure.add_subplot(cell) for cell in grid]
    for ax, label in zip(axes, labels, strict=True):
        ax.set_label(label)
    return axes


def factor_panel(ax: Axes, low: float, high: float) -> None:
    """Prepare axes for the factor |1 - lr * curvature| of one step against the learning rate."""
    ax.set_xscale("log")
    ax.set(xlim=(low, high), ylim=(0, 2), xlabel="learning rate η", title="Factor per step |1 − ηλ|")
    ax.axhspan(1, 2, color="#FBE9DF", zorder=0)
    for height, word, color in ((0.75, "grows", VERMILION), (0.25, "shrinks", GREEN)):
        ax.text(1.04, height, word, transform=ax.transAxes, rotation=90, va="center", color=color)


def legend(ax: Axes, handles: Sequence | None = None) -> None:
    """Put the legend in one row between the title and the axes, where no data can come."""
    handles = ax.get_legend_handles_labels()[0] if handles is None else handles
    many = len(handles) > 3
    ax.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.975),
        ncols=len(handles),
        columnspacing=0.6 if many else 1.1,
        handletextpad=0.3 if many else 0.4,
        handlelength=1.0 if many else 1.5,
    )


def moving_arrow(ax: Axes, **style) -> FancyArrowPatch:
    """An arrow that `set_positions` moves."""
    arrow = FancyArrowPatch(
        (0, 0), (1, 1), arrowstyle="-|>", mutation_scale=14, shrinkA=0, shrinkB=0, **style
    )
    return ax.add_patch(arrow)


def moving_line(ax: Axes, fmt: str = "", **style) -> Line2D:
    """An empty line that takes no part in the limits of its axes."""
    (line,) = ax.plot([], [], *([fmt] if fmt else []), **style)
    return line


class Band(Polygon):
    """The area between two curves over the same x; `moving_band` makes one.

    It is one polygon: `fill_between` would take twice as long to move and draw.
    """

    def __init__(self, steps: bool, **style):
        super().__init__(np.empty((0, 2)), **style)
        self._steps = steps

    def set_data(self, x: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> None:
        """Move it; it is left out where a curve is not a number."""
        x, low, high = np.broadcast_arrays(x, low, high)
        there = ~np.isnan(low + high)
        x, low, high = x[there], low[there], high[there]
        if self._steps:
            middles = np.repeat((x[1:] + x[:-1]) / 2, 2)
            x, low, high = np.concatenate([x[:1], middles, x[-1:]]), np.repeat(low, 2), np.repeat(high, 2)
        corners = np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])
        self.set_xy(np.stack(corners, axis=-1) if len(x) else np.empty((0, 2)))


def moving_band(ax: Axes, *, steps: bool = False, **style) -> Band:
    """An empty band that takes no part in the limits of its axes; with `steps` it has bars, as a histogram.

    Example:
        >>> from matplotlib.figure import Figure
        >>> band = moving_band(Figure().add_subplot(), color="gray")
        >>> band.set_data([0, 1], np.array([1, 2]), np.array([3, 4]))
        >>> band.get_xy()[:4].tolist()
        [[0.0, 1.0], [1.0, 2.0], [1.0, 4.0], [0.0, 3.0]]
    """
    return ax.add_artist(Band(steps, **{"linewidth": 0} | style))


def moving_text(ax: Axes, x: float, y: float, **style) -> Label:
    """An empty text at a place given in fractions of the axes."""
    return Label(ax, x, y, transform=ax.transAxes, box="white", alpha=0.85, pad=1.5, zorder=7, **style)


def loss_panel(
    ax: Axes, n_steps: int, low: float, high: float, xlabel: str = "step t", ylabel: str = "loss"
) -> None:
    """Prepare axes for the loss against the step, on a logarithmic scale."""
    ax.set_yscale("log")
    ax.set(xlim=(0, n_steps), ylim=(low, high), xlabel=xlabel, ylabel=ylabel)
    ax.grid(color="#EBEBEB", linewidth=0.8)


def within(ax: Axes, y: np.ndarray) -> np.ndarray:
    """Values kept within reach of a logarithmic axis: a line to 0 leaves the picture at its lower edge."""
    low, high = ax.get_ylim()
    return np.clip(np.nan_to_num(y, nan=high, posinf=high), low / 1e3, high * 1e3)


def path_style(color: str = BLUE) -> dict:
    return {"color": color, "marker": "o", "markersize": 4, "linewidth": 1.2}


def separate_lines(x: np.ndarray, curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Several curves over the same x, shape (curves, points), as one line: the pen is lifted between them."""
    lifted = np.concatenate([curves, np.full((len(curves), 1), np.nan)], axis=1)
    return np.tile(np.append(x, np.nan), len(curves)), lifted.ravel()


def start_style() -> dict:
    """The point a learner can take hold of: open, larger than the points of a path."""
    return {
        "marker": "o",
        "markersize": 11,
        "markerfacecolor": "none",
        "markeredgecolor": "black",
        "markeredgewidth": 1.6,
        "linestyle": "none",
    }


def minimum_style() -> dict:
    return {"marker": "+", "markersize": 12, "markeredgewidth": 2, "color": GRAY, "linestyle": "none"}
