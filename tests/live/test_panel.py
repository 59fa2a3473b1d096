"""The live panel: what the browser sends, and what it is shown."""

import io
import threading
import time

import numpy as np
import pytest
from ipywidgets.widgets import widget as widgets
from PIL import Image

from course_lib.explorers import EXPLORERS
from course_lib.live import Slider
from course_lib.live.figure_view import FigureView
from course_lib.live.patches import patched
from tests.live.waves import SlowWave, Wave, live, send, slide, wait_for


def seen(view):
    """The picture that the browser makes of the key and the patch, (height, width, 3)."""
    return patched(view.key, view.patch)[..., :3]


# -- the live panel ----------------------------------------------------------------------------------


def test_what_is_stored_has_widget_picture_and_text():
    explorer, _, bundle = live(Wave)
    assert bundle["text/plain"] == "A wave of height 1.00."
    stored, picture = (
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
        for png in (bundle["image/png"], explorer.png())
    )
    np.testing.assert_allclose(stored[: len(picture)], picture, atol=8)  # each has a palette of its own
    assert (stored[len(picture) :] < 128).any()  # below it stands what to do
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_slider_moves_picture_and_caption():
    explorer, panel, _ = live(Wave)
    before = seen(panel.view)
    slide(panel, "height", 0.5)
    assert explorer.settings["height"] == 0.5
    assert np.any(seen(panel.view) != before)
    np.testing.assert_array_equal(seen(panel.view), explorer.picture.pixels[..., :3])
    assert panel.view.caption == "A wave of height 0.50."
    assert panel.view.handles[0]["settings"] == ["height"]


def test_python_moves_the_sliders():
    explorer, panel, _ = live(Wave)
    explorer.set(height=0.7, shape="cosine", twice=True)
    values = panel.view.values
    assert values["height"] == {"at": panel.positions["height"].index(0.7), "text": "0.70"}
    assert (values["shape"], values["twice"], values["marks"]) == (1, True, [0])
    assert panel.view.caption == "A wave of height 0.70."


def test_most_moves_send_a_small_patch_and_no_key():
    explorer, panel, _ = live(EXPLORERS["bowl"])
    key = panel.view.key
    for lr in (0.05, 0.02, 0.15):
        slide(panel, "lr", lr)
        assert panel.view.key is key
        assert 1000 < len(panel.view.patch) < 250_000
        np.testing.assert_array_equal(seen(panel.view), explorer.picture.pixels[..., :3])


def test_a_frame_that_differs_everywhere_is_a_new_key():
    view, rng = FigureView(), np.random.default_rng(0)
    frames = rng.integers(0, 255, (3, 20, 30, 4), dtype=np.uint8)
    frames[..., 3] = 255
    for pixels in frames:
        view.show(pixels, "noise")
        np.testing.assert_array_equal(seen(view), pixels[..., :3])
        assert view.patch == b""
    view.show(frames[-1], "the same")
    np.testing.assert_array_equal(seen(view), frames[-1][..., :3])


def test_buttons():
    explorer, panel, _ = live(Wave)
    send(panel, "preset", name="low")
    assert explorer.settings["height"] == 0.2
    assert panel.view.word == "It is nearly flat."
    send(panel, "pin")
    assert explorer.pinned["height"] == 0.2
    assert panel.view.pinned
    send(panel, "seed")
    assert explorer.settings["seed"] == 1
    send(panel, "pin")
    assert explorer.pinned is None
    assert not panel.view.pinned
    assert {"copy": 'EXPLORERS["wave"](height=0.2, seed=1)'} in send(panel, "copy")
    send(panel, "reset")
    assert explorer.settings == Wave().settings


def test_every_control_sets_its_setting():
    explorer, panel, _ = live(Wave)
    send(panel, "set", name="shape", value=1)
    send(panel, "set", name="twice", value=True)
    send(panel, "set", name="marks", value=[1, 0])
    slide(panel, "height", 2.0)
    expected = {"height": 2.0, "shape": "cosine", "twice": True, "marks": ("dots", "grid"), "seed": 0}
    assert explorer.settings == expected


def test_options_may_be_numbers():
    explorer, panel, _ = live(EXPLORERS["noise_floor"])
    control = explorer.control("batch_size")
    for at, option in enumerate(control.options):
        send(panel, "set", name="batch_size", value=at)
        assert explorer.settings["batch_size"] is option
        assert panel.view.values["batch_size"] == at


def test_a_typed_number_is_taken_or_named():
    explorer, panel, _ = live(Wave)
    assert {"note": ""} in send(panel, "type", name="height", text="0,5")
    assert (explorer.settings["height"], panel.view.values["height"]["text"]) == (0.5, "0.50")
    (note, *_) = send(panel, "type", name="height", text="5")
    assert note == {"note": "Height: 2.00 is the nearest to 5 that there is."}
    (note, *_) = send(panel, "type", name="height", text="tall")
    assert note == {"note": "Height: type a number from 0.00 to 2.00, not 'tall'."}
    assert (explorer.settings["height"], panel.view.values["height"]["text"]) == (2.0, "2.00")


def test_a_typed_thousand_is_a_thousand():
    class Many(Wave):
        controls = (Slider("height", "N", 10, 3000, default=100, integer=True), *Wave.controls[1:])
        presets = {}

    explorer, panel, _ = live(Many)
    assert {"note": ""} in send(panel, "type", name="height", text="1,500")
    assert explorer.settings["height"] == 1500
    (note, *_) = send(panel, "type", name="height", text="4000")
    assert note == {"note": "N: 3000 is the nearest to 4000 that there is."}


def test_every_message_is_answered_once_by_a_frame_or_a_word():
    _, panel, _ = live(Wave)
    answered = {"answered": True}
    for kind, message in [
        ("set", dict(name="shape", value=0)),  # as it is
        ("type", dict(name="height", text="tall")),
        ("copy", {}),
        ("stop", {}),
        ("press", dict(x=0.0, y=0.0)),
    ]:
        before = panel.view.frame
        assert send(panel, kind, **message).count(answered) == 1, kind
        assert panel.view.frame == before
    painted = [("set", dict(name="shape", value=1)), ("pin", {}), ("preset", dict(name="low"))]
    for kind, message in painted:
        before = panel.view.frame
        assert answered not in send(panel, kind, **message)
        assert panel.view.frame > before


def test_a_fault_in_a_picture_does_not_leave_the_browser_waiting():
    class Faulty(Wave):
        def compute(self, height, **settings):
            if height > 1.5:
                raise RuntimeError("a fault")
            return Wave.compute(self, height, **settings)

    _, panel, _ = live(Faulty)
    told = []
    panel.view.send = told.append
    with pytest.raises(RuntimeError, match="a fault"):
        panel._on_message(panel.view, {"kind": "set", "name": "height", "value": 100}, [])
    assert told == [{"answered": True}]


def test_an_explorer_is_one_widget():
    before = set(widgets._instances)
    explorer, _, _ = live(EXPLORERS["race"])
    assert len(set(widgets._instances) - before) <= 2  # with the layout that every widget has
    explorer.close()
    assert set(widgets._instances) <= before


def test_closing_ends_the_work_and_lets_go():
    explorer, panel, _ = live(SlowWave)
    slide(panel, "height", 0.5)
    explorer.close()
    frame = panel.view.frame
    wait_for(lambda: not working())
    assert panel.view.frame == frame
    assert "picture" not in vars(explorer)
    assert panel.view.comm is None
    bundle, _ = explorer._repr_mimebundle_()  # shown again, with the settings it had
    assert bundle["text/plain"] == "A wave of height 0.50."


def working():
    return [thread for thread in threading.enumerate() if thread.name.endswith("(_work)")]


def test_a_drag_past_the_end_stops_at_the_end():
    explorer, panel, _ = live(Wave)
    x, y = panel.view.handles[0]["x"], panel.view.handles[0]["y"]
    send(panel, "press", x=x, y=y)
    assert explorer.settings["height"] == pytest.approx(1.0, abs=0.02)
    send(panel, "drag", x=x, y=-3.0)
    assert explorer.settings["height"] == 2.0
    assert panel.view.values["height"]["text"] == "2.00"


def test_a_press_that_changes_nothing_is_answered():
    explorer, panel, _ = live(Wave)
    answered = [{"answered": True}]
    assert send(panel, "press", x=0.0, y=0.0) == answered  # beside the axes
    explorer.set(height=2.0)
    x, y = panel.view.handles[0]["x"], panel.view.handles[0]["y"]
    assert send(panel, "press", x=x, y=y + 0.001) == answered  # at its end already
    assert send(panel, "drag", x=x, y=y + 0.3) == []  # a new frame is the answer


def test_a_drag_stays_with_the_handle_it_took():
    explorer, panel, _ = live(EXPLORERS["softmax"])
    before, (first, second, _) = explorer.settings, panel.view.handles
    send(panel, "press", x=first["x"], y=first["y"])
    send(panel, "drag", x=second["x"], y=first["y"] + 0.1)
    assert explorer.settings["z1"] < before["z1"]
    assert explorer.settings["z2"] == before["z2"]


def test_a_press_brings_the_handle_which_a_drag_then_keeps():
    explorer, panel, _ = live(EXPLORERS["softmax"])
    before, (first, second, _) = explorer.settings, panel.view.handles
    send(panel, "press", x=first["x"], y=first["y"] + 0.2)
    assert explorer.settings["z1"] < before["z1"]
    send(panel, "drag", x=second["x"], y=first["y"] + 0.2)
    assert explorer.settings["z2"] == before["z2"]


def test_a_screen_with_more_pixels_gets_more_pixels():
    _, panel, _ = live(Wave)
    send(panel, "ready", pixel_ratio=2.0)
    assert seen(panel.view).shape == (700, 1680, 3)


def test_two_threads_may_move_at_once():
    explorer, panel, _ = live(Wave)
    faults = []

    def move(seed):
        rng = np.random.default_rng(seed)
        try:
            for _ in range(40):
                panel._change(explorer.random_settings(rng))
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=move, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert panel.view.caption == explorer.caption


# -- slow work ---------------------------------------------------------------------------------------


def test_slow_work_grows_shows_progress_and_ends():
    explorer, panel, _ = live(SlowWave)
    assert explorer.result.part == 10  # what is stored is finished
    slide(panel, "height", 0.5)
    assert panel.view.caption == "A wave of height 1.00."  # the slider was answered before the work began
    wait_for(lambda: 0 < panel.view.progress < 1)
    wait_for(lambda: explorer.result.part == 10 and explorer.result.height == 0.5)
    wait_for(lambda: panel.view.progress == -1)
    assert panel.view.caption == "A wave of height 0.50."


def test_stop_keeps_what_there_is():
    explorer, panel, _ = live(SlowWave)
    slide(panel, "height", 0.5)
    wait_for(lambda: explorer.result.height == 0.5)
    send(panel, "stop")
    part = explorer.result.part
    time.sleep(0.1)
    assert explorer.result.part == part < 10
    assert panel.view.progress == -1


def test_work_that_turns_out_to_be_done_shows_no_progress():
    class Forgetful(SlowWave):
        takes_long = True  # though the result is kept

    explorer, panel, _ = live(Forgetful)
    for height in (0.5, 1.0):
        slide(panel, "height", height)
        wait_for(lambda: panel.view.progress == -1)
        assert (explorer.result.part, explorer.result.height) == (10, height)


def test_the_next_move_ends_the_last_work():
    explorer, panel, _ = live(SlowWave)
    slide(panel, "height", 0.5)
    slide(panel, "height", 1.5)
    wait_for(lambda: explorer.result.height == 1.5 and explorer.result.part == 10)
    time.sleep(0.1)
    assert explorer.result.height == 1.5


def test_python_waits_for_slow_work():
    explorer, panel, _ = live(SlowWave)
    explorer.set(height=0.5)
    assert explorer.result.part == 10
    assert panel.view.caption == "A wave of height 0.50."


def test_slow_work_that_is_at_hand_is_answered_at_once():
    explorer, panel, _ = live(EXPLORERS["noise_floor"])
    threads = threading.active_count()
    send(panel, "set", name="lr", value=3)
    assert panel.view.caption == explorer.describe()
    assert explorer.result.row == 3
    assert threading.active_count() == threads
