"""A function of the plane in bands of color, as an image that is moved without drawing a contour."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from course_lib.plots.cells import Cells
from course_lib.plots.style import BLUE, ORANGE

_BANDS = 10  # few, so that most pixels keep their color in a move, and little is sent to the browser
_STRENGTH = 0.6  # of the colors at the ends: points of the same colors stand out


def moving_field(ax: Axes) -> Cells:
    """An empty field that fills the axes within the limits that they have now."""
    return Cells(ax)


def show_field(field: Cells, values: np.ndarray) -> None:
    """Color values from 0, blue, to 1, orange, with the lowest row at the bottom."""
    band = np.minimum(_BANDS * values, _BANDS - 1).astype(np.intp)
    field.set_colors(_colors()[band])


@functools.cache
def _colors() -> np.ndarray:
    """RGBA of each band, uint8: from one color over white to the other."""
    side = np.abs(share := np.linspace(-1, 1, _BANDS))[:, None] * _STRENGTH
    end = np.where(share[:, None] < 0, to_rgb(BLUE), to_rgb(ORANGE))
    rgb = 1 - side + side * end
    return np.concatenate([255 * rgb, np.full((_BANDS, 1), 255)], axis=1).round().astype(np.uint8)


def finer(values: np.ndarray, factor: int = 4) -> np.ndarray:
    """Interpolate values on a grid linearly, for the middles of pixels that are so many times as fine.

    Args:
        values: of shape (rows, columns); the first and the last of each stand on the edges of the picture.
        factor: pixels a row and a column.

    Example:
        >>> finer(np.array([[0.0, 1.0], [0.0, 1.0]]), factor=2)[0]
        array([0.125, 0.375, 0.625, 0.875])
    """
    return _stretched(_stretched(values, factor).T, factor).T


def _stretched(values: np.ndarray, factor: int) -> np.ndarray:
    """More rows; a product of matrices would wake every core for it."""
    n = len(values)
    places = (np.arange(factor * n) + 0.5) / factor * (n - 1) / n
    below = places.astype(int)
    share = (places - below).astype(values.dtype)[:, None]
    return (1 - share) * values[below] + share * values[below + 1]


def grid(x: Sequence[float], y: Sequence[float], n: int) -> np.ndarray:
    """The points of an n by n grid between these limits, row by row, (n², 2)."""
    return np.stack(np.meshgrid(np.linspace(*x, n), np.linspace(*y, n)), axis=-1).reshape(-1, 2)
