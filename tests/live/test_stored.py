"""A notebook file keeps the last picture of each explorer, and nothing that needs a kernel."""

import base64
import copy
import io
import json
from types import SimpleNamespace

import numpy as np
from ipywidgets import IntSlider
from ipywidgets.widgets import widget as widgets
from PIL import Image
from traitlets.config import PyFileConfigLoader

from course_lib.live.stored import STATE, VIEW, keep_pictures
from tests.live.waves import Wave, live, slide
from tests.test_project import COURSE


def cell_of(bundle, name="wave", source="Wave()"):
    data = dict(bundle, **{"image/png": base64.b64encode(bundle["image/png"]).decode()})
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    return {"cell_type": "code", "id": name, "source": source, "outputs": [output], "metadata": {}}


def state_of(*shown):
    """What JupyterLab writes down of these widgets and their layouts."""
    return {
        one.model_id: {
            "model_name": "AnyModel",
            "state": {
                name: (f"IPY_MODEL_{value.model_id}" if isinstance(value, widgets.Widget) else value)
                for name in one.keys
                if not isinstance(value := getattr(one, name), bytes)
            },
            "buffers": [
                {"path": [name], "encoding": "base64", "data": base64.b64encode(value).decode()}
                for name in one.keys
                if isinstance(value := getattr(one, name), bytes)
            ],
        }
        for view in shown
        for one in (view, view.layout)
    }


def notebook_of(cells, state):
    metadata = {"widgets": {STATE: {"version_major": 2, "state": state}}} if state else {}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def pixels(encoded):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB"), dtype=int)


def moved_wave():
    """An explorer that was shown and then moved, its cell, and the state of its view."""
    explorer, panel, bundle = live(Wave)
    slide(panel, "height", 0.5)
    return explorer, cell_of(bundle), state_of(panel.view)


def test_the_view_gives_way_to_what_it_shows():
    explorer, cell, state = moved_wave()
    notebook = notebook_of([cell], state)
    keep_pictures(notebook)
    (output,) = notebook["cells"][0]["outputs"]
    assert notebook["metadata"] == {}
    assert VIEW not in output["data"]
    assert output["data"]["text/plain"] == "A wave of height 0.50."
    assert output["metadata"]["image/png"] == {"alt": "A wave of height 0.50.", "width": 840}
    shown = explorer.picture.pixels[..., :3].astype(int)
    assert np.abs(pixels(output["data"]["image/png"])[: len(shown)] - shown).mean() < 1
    json.dumps(notebook)


def test_other_widgets_keep_their_state():
    _, cell, state = moved_wave()
    slider = IntSlider()
    own = {
        "output_type": "display_data",
        "data": {VIEW: {"model_id": slider.model_id}, "text/plain": "IntSlider()"},
    }
    cells = [cell, {"cell_type": "code", "id": "own", "source": "slider", "outputs": [own]}]
    notebook = notebook_of(cells, state | state_of(slider))
    keep_pictures(notebook)
    assert own["data"][VIEW] == {"model_id": slider.model_id}
    assert set(notebook["metadata"]["widgets"][STATE]["state"]) == {slider.model_id, slider.layout.model_id}


def test_without_a_kernel_the_file_s_own_picture_stays():
    _, cell, state = moved_wave()
    stored = notebook_of([copy.deepcopy(cell)], state)
    keep_pictures(stored)
    stored["cells"][0]["source"] = ["Wave()"]  # files hold lists of lines
    again = notebook_of([copy.deepcopy(cell)], {})
    keep_pictures(again, stored)
    assert again["cells"][0]["outputs"] == stored["cells"][0]["outputs"]


def test_a_changed_cell_does_not_take_the_old_picture():
    _, cell, state = moved_wave()
    stored = notebook_of([copy.deepcopy(cell)], state)
    keep_pictures(stored)
    changed = copy.deepcopy(cell) | {"source": "Wave(height=2.0)"}
    first = cell["outputs"][0]["data"]["image/png"]
    again = notebook_of([changed], {})
    keep_pictures(again, stored)
    assert again["cells"][0]["outputs"][0]["data"]["image/png"] == first


def test_a_notebook_without_explorers_is_left_alone():
    cells = [
        {"cell_type": "markdown", "id": "a", "source": "text"},
        {"cell_type": "code", "id": "b", "source": "1", "outputs": [{"output_type": "stream", "text": "1"}]},
    ]
    notebook = notebook_of(cells, {})
    before = copy.deepcopy(notebook)
    keep_pictures(notebook, {"not": "a notebook"})
    assert notebook == before


def test_the_server_keeps_pictures_when_it_saves(tmp_path):
    settings = PyFileConfigLoader("jupyter_server_config.py", str(COURSE / "tools" / "jupyter")).load_config()
    hook = settings.FileContentsManager.pre_save_hook
    manager = SimpleNamespace(root_dir=str(tmp_path))
    _, cell, state = moved_wave()
    for damaged in (None, "{", "[1]", "{}"):  # a new file, and files that are none
        if damaged is not None:
            (tmp_path / "a.ipynb").write_text(damaged)
        model = {"type": "notebook", "content": notebook_of([copy.deepcopy(cell)], copy.deepcopy(state))}
        hook(model=model, path="a.ipynb", contents_manager=manager)
        assert VIEW not in model["content"]["cells"][0]["outputs"][0]["data"]
    hook(model={"type": "file", "content": "text"}, path="b.txt", contents_manager=manager)
