"""A canvas in the browser that paints the frames of a picture and sends the pointer back."""

from __future__ import annotations

import io
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from PIL import Image

_HERE = Path(__file__).parent


class FigureView(anywidget.AnyWidget):
    """Paints frames on a canvas at the screen's pixel ratio, with `caption` below it.

    A frame is a *key*, a whole picture as lossless WebP, and a *patch*, the pixels that differ from the key.
    A slider moves a few lines, so that most frames are a patch of some 10,000 pixels: nothing is encoded or
    decoded, which is most of the time that a picture takes.

    The browser sends back, as custom messages:

    * `{"kind": "ready", "pixel_ratio": 2.0}` when a view appears or moves to another screen;
    * `{"kind": "press" | "drag", "x": 0.3, "y": 0.5}` for the pointer, in fractions of the picture from
      its top left; a new drag is sent only when the last one has been answered.

    and takes `{"copy": "text"}`, which it puts on the clipboard, and `{"answered": True}` after a press or
    drag that brings no new frame.
    """

    _esm = (_HERE / "figure_view.js").read_text(encoding="utf-8")
    _css = (_HERE / "figure_view.css").read_text(encoding="utf-8")

    key = traitlets.Bytes().tag(sync=True)
    patch = traitlets.Bytes().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int(840).tag(sync=True)  # CSS pixels
    height = traitlets.Int(350).tag(sync=True)
    handles = traitlets.List().tag(sync=True)  # what can be dragged: {"x", "y", "settings"}
    clickable = traitlets.Bool(False).tag(sync=True)
    _key: np.ndarray | None = None  # the pixels of `key`

    def show(self, pixels: np.ndarray, caption: str, handles: list[dict], *, as_key: bool = False) -> None:
        """Send a frame, as one message.

        Args:
            pixels: the picture, (height, width, 4) of uint8, opaque.
            caption: the text below it, which is also its alternative text.
            handles: what can be dragged.
            as_key: send the whole picture, in as few bytes as can be.
        """
        patch = b"" if as_key or self._key is None else patch_between(self._key, pixels)
        with self.hold_sync():
            if not patch or len(patch) > pixels.nbytes // 3:
                self._key = pixels.copy()
                self.key, patch = _webp(pixels, small=as_key), b""
            self.patch = patch
            self.caption = caption
            self.handles = handles


def patch_between(key: np.ndarray, pixels: np.ndarray) -> bytes:
    """The pixels that differ from those of the key, as runs of neighbors.

    Little-endian uint32: the number of runs n; the first pixel of each run and the one after its last, 2n
    numbers; then the new colors, one RGBA a pixel. Empty where the sizes differ.

    Args:
        key, pixels: pictures of shape (height, width, 4), uint8.

    Example:
        >>> key = np.zeros((1, 5, 4), dtype=np.uint8)
        >>> pixels = key.copy()
        >>> pixels[0, 2:4] = 7
        >>> np.frombuffer(patch_between(key, pixels), "<u4")[:3]
        array([1, 2, 4], dtype=uint32)
    """
    if key.shape != pixels.shape:
        return b""
    old, new = (np.ascontiguousarray(image).view("<u4").ravel() for image in (key, pixels))
    differs = old != new
    bounds = np.flatnonzero(np.diff(differs, prepend=False, append=False)).astype("<u4")
    return np.array(len(bounds) // 2, "<u4").tobytes() + bounds.tobytes() + new[differs].tobytes()


def _webp(pixels: np.ndarray, *, small: bool) -> bytes:
    """A picture without loss: quickly, or in half the bytes, to be stored with the notebook."""
    height, width = pixels.shape[:2]
    image = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
    file = io.BytesIO()
    quality, method = (50, 2) if small else (0, 0)
    image.save(file, "WEBP", lossless=True, quality=quality, method=method)
    return file.getvalue()
