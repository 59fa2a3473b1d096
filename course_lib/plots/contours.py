"""Level lines of a surface, as segments that a LineCollection can be moved to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from course_lib.plots.style import GRAY

_CIRCLE = np.stack([np.cos(t := np.linspace(0, 2 * np.pi, 121)), np.sin(t)], axis=-1)


def moving_contours(ax: Axes) -> LineCollection:
    """A collection of level lines, still empty."""
    collection = LineCollection([], colors=GRAY, linewidths=0.9, zorder=1)
    ax.add_collection(collection, autolim=False)
    return collection


def ellipses(center: Sequence[float], hessian: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """The lines (w - c) H (w - c) / 2 = level: shape (len(levels), 121, 2).

    A circle is stretched by sqrt(2 level / eigenvalue) along each eigenvector of H (2, 2).
    """
    values, vectors = np.linalg.eigh(hessian)
    stretch = vectors / np.sqrt(values)  # columns: axes of the ellipse at level 1/2
    return np.asarray(center) + np.sqrt(2 * np.asarray(levels))[:, None, None] * (_CIRCLE @ stretch.T)
