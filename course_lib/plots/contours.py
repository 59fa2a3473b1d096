"""Level lines of a surface, as segments that a LineCollection can be moved to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from course_lib.plots.style import GRAY

_CIRCLE = np.stack([np.cos(t := np.linspace(0, 2 * np.pi, 121)), np.sin(t)], axis=-1)


def moving_contours(ax: Axes, color: str = GRAY) -> LineCollection:
    """A collection of level lines, still empty."""
    collection = LineCollection([], colors=color, linewidths=0.9, zorder=1)
    ax.add_collection(collection, autolim=False)
    return collection


def ellipses(center: Sequence[float], hessian: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """The lines (w - c) H (w - c) / 2 = level: shape (len(levels), 121, 2).

    A circle is stretched by sqrt(2 level / eigenvalue) along each eigenvector of H (2, 2).
    """
    values, vectors = np.linalg.eigh(hessian)
    stretch = vectors / np.sqrt(values)  # columns: axes of the ellipse at level 1/2
    return np.asarray(center) + np.sqrt(2 * np.asarray(levels))[:, None, None] * (_CIRCLE @ stretch.T)


def level_lines(x: np.ndarray, y: np.ndarray, values: np.ndarray, n: int = 14) -> list[np.ndarray]:
    """Level lines that part the values on a grid about evenly, each of shape (points, 2).

    Args:
        x, y: the coordinates of the columns and of the rows.
        values: of shape (len(y), len(x)).
        n: the number of levels.
    """
    lines = contour_generator(x, y, values)
    return [line for level in np.quantile(values, np.linspace(0.01, 0.97, n)) for line in lines.lines(level)]
