"""What a notebook file keeps of widgets: the last picture of an explorer, the words of a question.

A view without its kernel cannot be shown again, and the state of a widget is large. So a file holds neither:
where a notebook is saved, the view of each explorer gives way to a picture of what it shows and its caption,
that of a question to the question. JupyterLab, nbconvert, GitHub and every other reader show that until the
cell is run.
"""

from __future__ import annotations

import base64
import functools
from typing import Any

from course_lib.live.patches import patched, to_png

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
_NOTE = "The last picture. Run this cell to move it."
_REFERENCE = "IPY_MODEL_"  # how one widget names another in its state


def keep_pictures(notebook: dict[str, Any], stored: dict[str, Any] | None = None) -> None:
    """Put pictures in the place of the views of explorers, and words in that of questions.

    Other widgets, which bring nothing that could take their place, are left alone.

    Args:
        notebook: its JSON, with the state of the widgets that are alive, such as JupyterLab writes it; it is
            changed in place.
        stored: the JSON of the file as it is now: it has the last picture of explorers whose kernel is gone.

    Example:
        >>> picture = {"image/png": "...", "text/plain": "A curve.", VIEW: {"model_id": "1"}}
        >>> cell = {"cell_type": "code", "id": "curve", "source": "", "outputs": [{"data": picture}]}
        >>> keep_pictures({"cells": [cell], "metadata": {}})
        >>> picture
        {'image/png': '...', 'text/plain': 'A curve.'}
    """
    widgets = notebook.get("metadata", {}).get("widgets", {}).get(STATE, {}).get("state", {})
    before = {cell.get("id"): cell for cell in (stored or {}).get("cells", [])}
    for cell in notebook.get("cells", []):
        for index, output in enumerate(cell.get("outputs", [])):
            data = output.get("data", {})
            if VIEW not in data or not {"image/png", "text/html"} & set(data):
                continue
            model = widgets.pop(data.pop(VIEW)["model_id"], {"state": {}})
            widgets.pop(model["state"].get("layout", "").removeprefix(_REFERENCE), None)
            if "caption" in model["state"]:
                _show(output, model)
            elif "image/png" in data:
                _copy(output, before.get(cell.get("id")), cell, index)
    if not widgets:
        notebook.get("metadata", {}).pop("widgets", None)


def _show(output: dict[str, Any], model: dict[str, Any]) -> None:
    """Write down what a living explorer shows."""
    buffers = {tuple(buffer["path"]): base64.b64decode(buffer["data"]) for buffer in model.get("buffers", [])}
    if ("key",) not in buffers:
        return
    width = model["state"].get("width", 840)
    png = _png(buffers["key",], buffers.get(("patch",), b""), width)
    output["data"] |= {"image/png": png, "text/plain": model["state"]["caption"]}
    output.setdefault("metadata", {})["image/png"] = {"alt": model["state"]["caption"], "width": width}


@functools.lru_cache(64)  # most explorers have not moved since a notebook was last saved
def _png(key: bytes, patch: bytes, width: int) -> str:
    pixels = patched(key, patch)
    font_size = round(12 * pixels.shape[1] / width)
    return base64.b64encode(to_png(pixels, _NOTE, font_size)).decode("ascii")


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)  # in files, a list of lines


def _copy(output: dict[str, Any], stored: dict[str, Any] | None, cell: dict[str, Any], index: int) -> None:
    """Keep the picture that the file has, if its cell is the same."""
    if stored is None or _text(stored.get("source")) != _text(cell.get("source")):
        return
    old = dict(enumerate(stored.get("outputs", []))).get(index, {})
    if "image/png" in old.get("data", {}) and VIEW not in old["data"]:
        output["data"] |= {kind: old["data"][kind] for kind in ("image/png", "text/plain")}
        output["metadata"] = old.get("metadata", {})
