"""A canvas in the browser that paints the frames of a picture and sends the pointer back."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


class FigureView(anywidget.AnyWidget):
    """Paints `frame` on a canvas at the screen's pixel ratio, with `caption` below it.

    The browser sends back, as custom messages:

    * `{"kind": "ready", "pixel_ratio": 2.0}` when a view appears or moves to another screen;
    * `{"kind": "press" | "drag", "x": 0.3, "y": 0.5}` for the pointer, in fractions of the picture from
      its top left; a new drag is sent only when the last one has been answered.

    and takes `{"copy": "text"}`, which it puts on the clipboard.
    """

    _esm = (_HERE / "figure_view.js").read_text(encoding="utf-8")
    _css = (_HERE / "figure_view.css").read_text(encoding="utf-8")

    frame = traitlets.Bytes().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int(840).tag(sync=True)  # CSS pixels
    height = traitlets.Int(350).tag(sync=True)
    handles = traitlets.List().tag(sync=True)  # what can be dragged: {"x", "y", "settings"}
    clickable = traitlets.Bool(False).tag(sync=True)
