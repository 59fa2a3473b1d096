"""Words and numbers that change while a slider moves, drawn from glyphs that are kept.

Matplotlib lays a text out and rasterizes each of its letters anew whenever it draws it, which takes about a
millisecond: a picture of thirty numbers would take thirty. A `Label` puts its words together from bitmaps of
words and digits that were drawn once.
"""

from __future__ import annotations

import functools
import math
import re

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Transform

_PHASES = 4  # positions of a glyph between two pixels
_PIECES = re.compile(r"\d|[^\d]+")  # digits one by one, since numbers change; words whole, with their kerning
_MARGIN = 4  # pixels around a glyph, for what reaches beyond its advance


class Label(Artist):
    """One line of plain text in one color, over a box or over nothing.

    Args:
        axes: where it stands.
        x, y: the place, in the coordinates of `transform`.
        text: no mathematics between dollar signs, no line breaks.
        transform: the data's coordinates if None.
        ha: "left", "center" or "right" of the text lies at x.
        va: "bottom", "center" or "top" of the text lies at y.
        color: of the letters.
        fontsize: in points; that of the present style if None.
        box: color of a box behind the text; no box if None.
        alpha: how much the box covers.
        pad: of the box around the letters, in points.
        zorder: what is higher is drawn later.

    Example:
        >>> from matplotlib.figure import Figure
        >>> label = Label(Figure().add_subplot(), 0.5, 0.5, "loss 0.25", ha="center")
        >>> label.set_text("loss 0.125")
        >>> label.get_text()
        'loss 0.125'
    """

    def __init__(
        self,
        axes: Axes,
        x: float,
        y: float,
        text: str = "",
        *,
        transform: Transform | None = None,
        ha: str = "left",
        va: str = "bottom",
        color: str = "black",
        fontsize: float | None = None,
        box: str | None = None,
        alpha: float = 1.0,
        pad: float = 0.0,
        zorder: float = 3,
    ):
        super().__init__()
        self._place, self._ha, self._va = (x, y), ha, va
        self._size = FontProperties(size=fontsize).get_size_in_points()
        self._box, self._cover, self._pad = box and to_rgb(box), alpha, pad
        self.set_color(color)
        self.set_text(text)
        self.set_zorder(zorder)
        axes.add_artist(self)
        if transform is not None:
            self.set_transform(transform)

    def get_text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.stale = True

    def set_position(self, place: tuple[float, float]) -> None:
        self._place = place
        self.stale = True

    def set_y(self, y: float) -> None:
        self.set_position((self._place[0], y))

    def set_color(self, color: str) -> None:
        self._color = to_rgb(color)
        self.stale = True

    @allow_rasterization
    def draw(self, renderer) -> None:
        if not (self._text and self.get_visible()):
            return
        ink, left, baseline = _ink(self._text, self._size, renderer.dpi)  # the letters, and where they stand
        width, ascent, descent = _extent(self._text, self._size, renderer.dpi)
        x, y = self.get_transform().transform(self._place)
        x -= {"left": 0, "center": width / 2, "right": width}[self._ha]
        y -= {"bottom": -descent, "center": (ascent - descent) / 2, "top": ascent}[self._va]
        x, y = round(x), round(y)  # of the start of the baseline
        gc = renderer.new_gc()
        if self._box:
            pad = self._pad * renderer.dpi / 72
            shape = (math.ceil(ascent + descent + 2 * pad), math.ceil(width + 2 * pad))
            cover = np.full(shape, round(255 * self._cover), np.uint8)
            renderer.draw_image(gc, x - round(pad), y - round(descent + pad), _colored(cover, self._box))
        renderer.draw_image(gc, x - left, y - baseline, _colored(ink, self._color))
        gc.restore()


def _colored(cover: np.ndarray, color: tuple[float, float, float]) -> np.ndarray:
    """Pixels of one color that cover so much, (height, width, 4) of uint8, from the lowest row up."""
    image = np.empty((*cover.shape, 4), np.uint8)
    image[..., :3] = np.multiply(color, 255).round()
    image[..., 3] = cover[::-1]
    return image


@functools.lru_cache(maxsize=1024)
def _ink(text: str, size: float, dpi: float) -> tuple[np.ndarray, int, int]:
    """How much each pixel of a text is covered, of uint8, and its start: from the left, and from below."""
    above, below = (math.ceil(factor * size * dpi / 72) for factor in (1.3, 0.5))
    pieces = _PIECES.findall(text)
    starts = np.cumsum([0, *(_advance(piece, size, dpi) for piece in pieces)])
    ink = np.zeros((above + below, math.ceil(starts[-1]) + 2 * _MARGIN + 1), np.uint8)
    for piece, start in zip(pieces, starts, strict=False):
        pixel, phase = divmod(round(start * _PHASES), _PHASES)
        glyphs = _glyphs(piece, phase, size, dpi, above, below)
        there = ink[:, pixel : pixel + glyphs.shape[1]]
        np.maximum(there, glyphs[:, : there.shape[1]], out=there)
    return ink, _MARGIN, below


@functools.lru_cache(maxsize=1024)
def _extent(text: str, size: float, dpi: float) -> tuple[float, float, float]:
    """Width of a text; height above and depth below the baseline of any text of this size."""
    width = sum(_advance(piece, size, dpi) for piece in _PIECES.findall(text))
    _, height, descent = _measured("lp", size, dpi)
    return width, height - descent, descent


@functools.lru_cache(maxsize=4096)
def _glyphs(piece: str, phase: int, size: float, dpi: float, above: int, below: int) -> np.ndarray:
    """How much each pixel is covered by a word or a digit that starts a fraction of a pixel to the right."""
    width = math.ceil(_advance(piece, size, dpi)) + 2 * _MARGIN + 1
    renderer = RendererAgg(width, above + below, dpi)
    renderer.draw_text(
        renderer.new_gc(), _MARGIN + phase / _PHASES, above, piece, FontProperties(size=size), angle=0
    )
    return np.asarray(renderer.buffer_rgba())[..., 3].copy()


@functools.lru_cache(maxsize=4096)
def _advance(piece: str, size: float, dpi: float) -> float:
    """How far the pen moves, spaces at the ends included: a bar on either side says where they are."""
    return _measured(f"|{piece}|", size, dpi)[0] - _measured("||", size, dpi)[0]


def _measured(text: str, size: float, dpi: float) -> tuple[float, float, float]:
    """Width, height and descent in pixels."""
    return RendererAgg(1, 1, dpi).get_text_width_height_descent(text, FontProperties(size=size), False)
