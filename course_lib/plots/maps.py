"""A map: one colored cell for each pair of settings, a cell that is chosen, and cells that are lost.

Axes count cells, so that settings on any grid, powers of two or equal factors, get cells of one size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from course_lib.plots import frames
from course_lib.plots.cells import Heatmap
from course_lib.plots.style import VERMILION


def map_panel(
    figure: Figure,
    ax: Axes,
    columns: Sequence[float],
    rows: Sequence[float],
    *,
    low: float,
    high: float,
    log: bool = True,
    column_ticks: Sequence[float] | None = None,
    row_ticks: Sequence[float] | None = None,
    cmap: str = "cividis",
    lost: str = "diverged",
) -> dict[str, Artist]:
    """Prepare axes for a map, with a color bar beside them.

    Args:
        figure, ax: where.
        columns, rows: the settings along both axes, each in rising order, all positive.
        low, high: the values at the ends of the color bar.
        log: a logarithmic color scale.
        column_ticks, row_ticks: the settings that get a number; all of them if None.
        cmap: a Matplotlib colormap that color-blind readers can use.
        lost: what the gray cells with crosses are called in the legend.

    Returns:
        The artists that move: ``map``, ``crosses`` and ``cell``, for ``show_map``.
    """
    shape = (len(rows), len(columns))
    ax.set(xlim=(-0.5, shape[1] - 0.5), ylim=(-0.5, shape[0] - 0.5))
    for set_ticks, all_, wanted in (
        (ax.set_xticks, columns, column_ticks),
        (ax.set_yticks, rows, row_ticks),
    ):
        wanted = all_ if wanted is None else wanted
        set_ticks([place(value, all_) for value in wanted], [f"{value:g}" for value in wanted])
    norm = LogNorm(low, high, clip=True) if log else Normalize(low, high, clip=True)
    heatmap = Heatmap(ax, norm, cmap)
    bar = figure.colorbar(heatmap.scale, ax=ax, pad=0.02)
    bar.ax.tick_params(labelsize=8)
    return {
        "map": heatmap,
        "crosses": frames.moving_line(
            ax, "x", color=VERMILION, markersize=3, markeredgewidth=0.7, label=lost
        ),
        "cell": frames.moving_line(
            ax,
            "s",
            color=VERMILION,
            markersize=10,
            markerfacecolor="none",
            markeredgewidth=2.2,
            clip_on=False,
        ),
    }


def show_map(
    artists: Mapping[str, Artist], values: np.ndarray, lost: np.ndarray, column: int, row: int
) -> None:
    """Move the artists of a map.

    Args:
        artists: those of ``map_panel``.
        values: shape (rows, columns); what is not finite stays white.
        lost: true where a cell is gray and crossed out, of the same shape.
        column, row: the chosen cell.
    """
    artists["map"].set_values(values, gray=lost)
    there, across = np.nonzero(lost)
    artists["crosses"].set_data(across, there)
    artists["cell"].set_data([column], [row])


def place(value: float, settings: Sequence[float]) -> float:
    """Where a value lies on an axis that counts cells, between its neighbors by equal factors.

    >>> float(place(2.0, (1, 4, 16)))
    0.5
    """
    return np.interp(np.log(value), np.log(settings), np.arange(len(settings)))


def nearest(value: float, settings: Sequence[float]) -> int:
    """The number of the setting that is nearest to a value, by factor.

    >>> nearest(5.0, (1, 4, 16))
    1
    """
    return int(np.argmin(np.abs(np.log(np.asarray(settings, dtype=float) / value))))


def cell_at(x: float, y: float, columns: Sequence[float], rows: Sequence[float]) -> tuple[float, float]:
    """The settings, along both axes, of the cell at a point of the map.

    >>> cell_at(0.2, 7.0, columns=(1, 2, 4), rows=(0.1, 0.2))
    (1, 0.2)
    """
    column, row = (int(np.clip(round(at), 0, len(all_) - 1)) for at, all_ in ((x, columns), (y, rows)))
    return columns[column], rows[row]
