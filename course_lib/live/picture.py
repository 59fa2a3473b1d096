"""A picture that is staged once and blitted after that.

The stage (axes, ticks, labels, data that never moves) is rendered once and kept as a bitmap. Each new
frame restores the bitmap and draws only the artists that move. On a two-panel picture this takes about
1 ms where a full draw takes 60.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_lib.live.patches import to_png
from course_lib.live.undisturbed import course_style, usual_errors

DPI = 100  # dots per inch of figure size at a pixel ratio of 1: one inch is 100 CSS pixels
_STAGES = 4  # bitmaps kept, about 1 MB each


class Picture:
    """A figure, its moving artists and the bitmap of all that does not move.

    Args:
        size: width and height in inches (100 CSS pixels each).
        stage: draws what never moves on a figure and returns the moving artists by name.
        draw: moves these artists to show a result.
        ghosts: names of the artists that a pinned result leaves behind; every line if not given.
    """

    def __init__(
        self,
        size: tuple[float, float],
        stage: Callable[[Figure], Mapping[str, Artist]],
        draw: Callable[[Mapping[str, Artist], object], None],
        ghosts: tuple[str, ...] | None = None,
    ):
        # Newer kernels run widget callbacks on another thread than cells: one thread at a time draws.
        self.lock = threading.RLock()
        with course_style():
            self.figure = Figure(figsize=size, dpi=DPI)
            self.canvas = FigureCanvasAgg(self.figure)
            self.artists = dict(stage(self.figure))
        for artist in self.artists.values():
            artist.set_animated(True)
        self._draw = draw
        if ghosts is None:
            ghosts = tuple(name for name, artist in self.artists.items() if isinstance(artist, Line2D))
        self._ghosts = ghosts
        self._stages: dict[tuple, object] = {}  # bitmaps, by the limits and the resolution they show
        self._pinned = None

    @property
    def pixels(self) -> np.ndarray:
        """The present frame, (height, width, 4) of uint8."""
        return np.asarray(self.canvas.buffer_rgba())

    def show(self, result, pinned=None, pixel_ratio: float = 1.0) -> None:
        """Render a result, over the ghost of a pinned one, into `pixels`."""
        with self.lock, course_style(), usual_errors():
            if self.figure.dpi != DPI * pixel_ratio:
                self.figure.set_dpi(DPI * pixel_ratio)
            if pinned is not self._pinned:
                self._pinned = pinned
                self._stages.clear()
            self._draw(self.artists, result)
            # A choice may move the limits of an axis: then, and only then, another stage is needed.
            view = (pixel_ratio, *map(_view, self.figure.axes))
            if view not in self._stages:
                if len(self._stages) == _STAGES:
                    self._stages.clear()
                self._stages[view] = self._render_stage(pinned)
                self._draw(self.artists, result)
            self.canvas.restore_region(self._stages[view])
            self._render(self.artists.values())

    def _render_stage(self, pinned):
        self.canvas.draw()  # animated artists are left out
        if pinned is not None:
            bare, present = self.pixels.copy(), [axes.viewLim.frozen() for axes in self.figure.axes]
            self._draw(self.artists, pinned)
            for axes, limits in zip(self.figure.axes, present, strict=True):
                axes.viewLim.set(limits)  # the ghost is drawn to the present scale, not to its own
            self._render(self.artists[name] for name in self._ghosts)
            touched = (self.pixels != bare).any(axis=-1)
            ink = self.pixels[touched, :3].mean(axis=-1, keepdims=True)  # gray: color belongs to the present
            self.pixels[touched, :3] = 0.55 * bare[touched, :3] + 0.45 * ink
        return self.canvas.copy_from_bbox(self.figure.bbox)

    def _render(self, artists) -> None:
        renderer = self.canvas.get_renderer()
        for artist in sorted(artists, key=Artist.get_zorder):
            artist.draw(renderer)

    def png(self, note: str = "") -> bytes:
        """The present frame for files, over a line of text."""
        with self.lock:
            return to_png(self.pixels, note, round(0.12 * self.figure.dpi))

    def locate(self, x: float, y: float):
        """The axes at a point of the picture (fractions, from the top left), or None."""
        point = (x * self.figure.bbox.width, (1 - y) * self.figure.bbox.height)
        return next((axes for axes in self.figure.axes if axes.bbox.contains(*point)), None)

    def to_data(self, axes, x: float, y: float) -> tuple[float, float]:
        """A point of the picture in the data coordinates of `axes`."""
        point = (x * self.figure.bbox.width, (1 - y) * self.figure.bbox.height)
        return tuple(map(float, axes.transData.inverted().transform(point)))

    def to_fraction(self, axes, x: float, y: float) -> tuple[float, float]:
        """A data point of `axes` as fractions of the picture, from the top left."""
        across, up = axes.transData.transform((x, y))
        return float(across / self.figure.bbox.width), float(1 - up / self.figure.bbox.height)


def _view(axes) -> tuple:
    return (*axes.viewLim.bounds, axes.get_xscale(), axes.get_yscale())
