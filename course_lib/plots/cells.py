"""A rectangle cut into colored cells, drawn by taking colors, without resampling an image.

Matplotlib's own image goes through interpolation, normalization and a color table in every draw, which takes
2 to 5 ms. `Cells` looks the color of each pixel up once, and keeps the pixels until a color changes.
"""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize, to_rgba_array

from course_lib.plots.style import LIGHT

_GRAY = np.round(255 * to_rgba_array(LIGHT)[0]).astype(np.uint8)


class Cells(Artist):
    """Rows and columns of cells of one size, each of one color.

    Args:
        axes: where it lies.
        extent: left, right, bottom and top edge in data coordinates; the present limits if None.
        zorder: what is higher is drawn later.

    Example:
        >>> from matplotlib.figure import Figure
        >>> cells = Cells(Figure().add_subplot())
        >>> cells.set_colors(np.full((2, 3, 4), 255, dtype=np.uint8))
        >>> cells.get_colors().shape
        (2, 3, 4)
    """

    def __init__(
        self, axes: Axes, extent: tuple[float, float, float, float] | None = None, *, zorder: float = 0
    ):
        super().__init__()
        self._extent = (*axes.get_xlim(), *axes.get_ylim()) if extent is None else extent
        self._colors = np.zeros((1, 1, 4), np.uint8)
        self._kept: tuple[tuple, np.ndarray] | None = None  # corners on the screen, pixels between
        self.set_zorder(zorder)
        axes.add_artist(self)

    def get_colors(self) -> np.ndarray:
        return self._colors

    def set_colors(self, colors: np.ndarray) -> None:
        """Color every cell.

        Args:
            colors: RGBA of shape (rows, columns, 4), uint8, the lowest row first.

        Raises:
            ValueError: for another shape or type of number.
        """
        if colors.ndim != 3 or colors.shape[-1] != 4 or colors.dtype != np.uint8:
            got = f"{colors.dtype} of shape {colors.shape}"
            raise ValueError(f"colors must be uint8 of shape (rows, columns, 4), got {got}")
        if not np.array_equal(colors, self._colors):
            self._colors, self._kept = colors.copy(), None
            self.stale = True

    @allow_rasterization
    def draw(self, renderer) -> None:
        if not self.get_visible():
            return
        left, right, bottom, top = self._extent
        corners = *self.axes.transData.transform((left, bottom)), *self.axes.transData.transform((right, top))
        if self._kept is None or self._kept[0] != corners:
            self._kept = corners, self._pixels(*corners)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.axes.bbox)
        left, bottom = (round(min(ends)) for ends in (corners[::2], corners[1::2]))
        renderer.draw_image(gc, left, bottom, self._kept[1])
        gc.restore()

    def _pixels(self, left: float, bottom: float, right: float, top: float) -> np.ndarray:
        """The pixels between two corners, from the lowest row up: each has the color at its middle."""
        colors = np.ascontiguousarray(self._colors).view(np.uint32)[..., 0]
        rows, columns = (
            _cell_of_each_pixel(*ends, n)
            for ends, n in zip(((bottom, top), (left, right)), colors.shape, strict=True)
        )
        return colors[rows[:, None], columns].view(np.uint8).reshape(len(rows), len(columns), 4)


class Heatmap(Cells):
    """Cells colored by their values; a color bar takes its colors from `scale`.

    Args:
        axes, extent, zorder: as for `Cells`.
        norm: from values to 0 up to 1.
        cmap: from there to colors; a colormap or its name.

    Example:
        >>> from matplotlib.colors import Normalize
        >>> from matplotlib.figure import Figure
        >>> heatmap = Heatmap(Figure().add_subplot(), Normalize(0, 1), "gray")
        >>> heatmap.set_values(np.array([[0.0, 1.0, np.nan]]))
        >>> heatmap.get_colors()[0, :, 3]  # what is not a number is left out
        array([255, 255,   0], dtype=uint8)
    """

    def __init__(
        self,
        axes: Axes,
        norm: Normalize,
        cmap: str | Colormap,
        extent: tuple[float, float, float, float] | None = None,
        *,
        zorder: float = 0,
    ):
        super().__init__(axes, extent, zorder=zorder)
        self.scale = ScalarMappable(norm, cmap)

    def set_values(self, values: np.ndarray, gray: np.ndarray | None = None) -> None:
        """Color the cells by values of shape (rows, columns), the lowest row first; `gray` cells are gray."""
        colors = self.scale.to_rgba(np.ma.masked_invalid(values), bytes=True)
        if gray is not None:
            colors[gray] = _GRAY
        self.set_colors(colors)


def _cell_of_each_pixel(low: float, high: float, n: int) -> np.ndarray:
    """Along one side, the number of the cell that each pixel lies in; the first begins at `low`."""
    middles = np.arange(round(min(low, high)), round(max(low, high))) + 0.5
    return np.clip((middles - low) / (high - low) * n, 0, n - 1).astype(np.intp)
