"""What the browser shows of an explorer: a picture, its caption, controls and buttons."""

from __future__ import annotations

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from course_lib.live.patches import patch_between, to_webp

_HERE = Path(__file__).parent
_IMPORT = 'import { figure } from "./figure_view.js";\n'


def _script() -> str:
    """The two scripts as one, because a widget is one module."""
    picture, panel = ((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("figure_view", "panel"))
    return picture.replace("export function", "function") + panel.replace(_IMPORT, "")


class FigureView(anywidget.AnyWidget):
    """Paints frames on a canvas at the screen's pixel ratio, with `caption` below it, and what moves it.

    A frame is a *key*, a whole picture as lossless WebP, and a *patch*, the pixels that differ from the key.
    A slider moves a few lines, so that most frames are a patch of some 10,000 pixels: nothing is encoded or
    decoded, which is most of the time that a picture takes.

    The browser sends custom messages. Each, but the first of these, is answered by a new `frame` or by
    `{"answered": True}`; only then it sends the next.

    * `{"kind": "ready", "pixel_ratio": 2.0}` when a view appears or moves to another screen;
    * `{"kind": "press" | "drag", "x": 0.3, "y": 0.5}` for the pointer, in fractions of the picture from
      its top left;
    * `{"kind": "set", "name": "lr", "value": 19}` for a control: the number of a slider's position or of
      an option, the numbers of several options, or whether a box is checked;
    * `{"kind": "type", "name": "lr", "text": "0,3"}` for a number typed beside a slider;
    * `{"kind": "preset", "name": "just right"}`, and `reset`, `pin`, `seed`, `copy` and `stop`.

    It takes `{"copy": "text"}`, which it puts on the clipboard, and `{"note": "text"}`, which it shows.
    """

    _esm = _script()
    _css = (_HERE / "figure_view.css").read_text(encoding="utf-8")

    name = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)  # what `controls.browser_form` makes of each
    presets = traitlets.List().tag(sync=True)  # (name, what to look for)
    chance = traitlets.Bool(False).tag(sync=True)  # whether there is a seed
    slow = traitlets.Bool(False).tag(sync=True)  # whether there is work to stop
    clickable = traitlets.Bool(False).tag(sync=True)
    width = traitlets.Int(840).tag(sync=True)  # CSS pixels
    height = traitlets.Int(350).tag(sync=True)

    frame = traitlets.Int(0).tag(sync=True)  # how many frames were sent
    key = traitlets.Bytes().tag(sync=True)
    patch = traitlets.Bytes().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    handles = traitlets.List().tag(sync=True)  # what can be dragged: {"x", "y", "settings"}
    values = traitlets.Dict().tag(sync=True)  # what each control shows
    pinned = traitlets.Bool(False).tag(sync=True)
    word = traitlets.Unicode().tag(sync=True)  # what to look for
    progress = traitlets.Float(-1.0).tag(sync=True)  # the part of slow work that is done; -1: none goes on
    _key: np.ndarray | None = None  # the pixels of `key`

    def show(self, pixels: np.ndarray, caption: str, *, as_key: bool = False, **state) -> None:
        """Send a frame, as one message.

        Args:
            pixels: the picture, (height, width, 4) of uint8, opaque.
            caption: the text below it, which is also its alternative text.
            as_key: send the whole picture, in as few bytes as can be.
            **state: what else changes with it: `handles`, `values`, `pinned`.
        """
        patch = b"" if as_key or self._key is None else patch_between(self._key, pixels)
        with self.hold_sync():
            if not patch or len(patch) > pixels.nbytes // 3:
                self._key = pixels.copy()
                self.key, patch = to_webp(pixels, small=as_key), b""
            self.patch, self.caption = patch, caption
            for name, value in state.items():
                setattr(self, name, value)
            self.frame += 1
