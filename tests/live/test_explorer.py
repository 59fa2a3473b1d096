"""What all explorers share: settings, cache, pinning, the live panel and slow work."""

import io
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from course_lib.explorers import EXPLORERS
from course_lib.live import Choice, Explorer, Seed, Slider, Toggle
from course_lib.live.figure_view import FigureView
from course_lib.plots import frames


class Wave(Explorer):
    """A sine wave: the smallest explorer there is."""

    name = "wave"
    controls = (
        Slider("height", "Height", 0.0, 2.0, default=1.0),
        Choice("shape", "Shape", ("sine", "cosine"), default="sine"),
        Toggle("twice", "Twice as fast", default=False),
        Seed(),
    )
    presets = {"low": dict(height=0.2)}
    look_for = {"low": "It is nearly flat."}

    def __init__(self, **settings):
        self.computed = 0
        super().__init__(**settings)

    def compute(self, height, shape, twice, seed):
        self.computed += 1
        x = np.linspace(0, 6, 50)
        return SimpleNamespace(
            x=x, y=height * getattr(np, shape[:3])(x * (1 + twice)) + 0.01 * seed, height=height
        )

    def stage(self, figure):
        (axes,) = frames.panels(figure, ["wave"])
        axes.set(xlim=(0, 6), ylim=(-2, 2))
        return {"line": frames.moving_line(axes)}

    def draw(self, artists, r):
        artists["line"].set_data(r.x, r.y)

    def describe(self, r):
        return f"A wave of height {r.height:.2f}."

    def handles(self, r):
        return [("wave", 3.0, r.height, ("height",))]

    def pointer(self, axes, x, y):
        return {"height": y}


class SlowWave(Wave):
    """The same, in ten parts that each take a moment."""

    def compute(self, **settings):
        yield 0.0, None
        for part in range(1, 11):
            time.sleep(0.02)
            result = Wave.compute(self, **settings)
            result.part = part
            yield part / 10, result


def wait_for(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def seen(view):
    """The picture that the browser makes of the key and the patch, (height, width, 3)."""
    image = np.array(Image.open(io.BytesIO(view.key)).convert("RGBA"))
    pixels = image.reshape(-1, 4)
    if view.patch:
        numbers = np.frombuffer(view.patch, "<u4")
        runs = int(numbers[0])
        colors = numbers[1 + 2 * runs :].view(np.uint8).reshape(-1, 4)
        for first, end in numbers[1 : 1 + 2 * runs].reshape(-1, 2).astype(int):
            pixels[first:end], colors = colors[: end - first], colors[end - first :]
        assert len(colors) == 0
    return image[..., :3]


def live(cls, **settings):
    """An explorer with its widgets, as after being shown in a notebook."""
    explorer = cls(**settings)
    bundle = explorer._repr_mimebundle_()
    return explorer, explorer._panel, bundle


# -- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        (dict(speed=1), TypeError, ["speed", "height"]),
        (dict(height="tall"), TypeError, ["height", "'tall'", "0 to 2"]),
        (dict(height=3.0), ValueError, ["height", "3.0", "0 to 2"]),
        (dict(height=float("nan")), ValueError, ["height", "nan"]),
        (dict(height=True), TypeError, ["height", "True"]),
        (dict(shape="square"), ValueError, ["shape", "'square'", "'sine'"]),
        (dict(twice=1), TypeError, ["twice", "1"]),
        (dict(seed=-1), ValueError, ["seed", "-1"]),
    ],
)
def test_a_bad_setting_is_named_and_changes_nothing(settings, error, words):
    with pytest.raises(error) as caught:
        Wave(**settings)
    assert all(word in str(caught.value) for word in words), caught.value
    explorer = Wave()
    with pytest.raises(error):
        explorer.set(height=0.5, **settings) if "height" not in settings else explorer.set(**settings)
    assert explorer.settings == Wave().settings


def test_an_unknown_explorer_is_named():
    with pytest.raises(KeyError, match="no explorer is called 'wobble'"):
        EXPLORERS["wobble"]


def test_settings_is_a_copy():
    explorer = Wave()
    explorer.settings["height"] = 9
    assert explorer.settings["height"] == 1.0


def test_corners_and_random_settings():
    corners = Wave.corner_settings()
    assert len(corners) == 2 * 2 * 2
    assert {corner["height"] for corner in corners} == {0.0, 2.0}
    rng = np.random.default_rng(0)
    assert Wave.validate(Wave.random_settings(rng)).keys() == Wave().settings.keys()


@pytest.mark.parametrize("low", [0.001, 0.01, 0.5])
def test_a_log_slider_stops_at_round_numbers(low):
    slider = Slider("lr", "Rate", low, 2.0, default=1.0, log=True)
    assert {low, 1.0, 2.0} <= set(slider.values)
    assert all(float(f"{value:.2g}") == value for value in slider.values)
    assert np.all(np.diff(slider.values) > 0)
    assert slider.clip(1e9) == 2.0
    assert slider.clip(-5.0) == low


def test_a_log_slider_of_whole_numbers_has_each_once():
    slider = Slider("batch_size", "B", 1, 128, default=24, log=True, integer=True)
    assert slider.values[:6] == (1, 2, 3, 4, 5, 6)
    assert {24, 128} <= set(slider.values)
    assert all(type(value) is int for value in slider.values)
    assert np.all(np.diff(slider.values) > 0)
    assert slider.clip(6.4) == 6
    assert isinstance(slider.random(np.random.default_rng(0)), int)


def test_a_slider_may_stop_only_where_a_map_has_cells():
    stops = {"low": 4, "high": 64, "log": True, "integer": True, "stops": (4, 16, 64)}
    slider = Slider("batch_size", "B", default=16, **stops)
    assert slider.values == slider.stops
    assert [slider.clip(value) for value in (1, 9, 30, 40)] == [4, 16, 16, 64]
    assert slider.random(np.random.default_rng(0)) in slider.stops
    with pytest.raises(ValueError, match=r"batch_size stops at 3 values .* got 30; the nearest is 16"):
        slider.validate(30)
    for wrong in ({"default": 20}, {"stops": (4, 16)}, {"stops": (4, 64, 16)}, {"log": False}):
        with pytest.raises(ValueError, match=r"stops"):
            Slider("batch_size", "B", **{"default": 16} | stops | wrong)


def test_a_linear_slider_has_no_float_noise():
    assert Slider("w", "w", -3.0, 3.0, default=0.0, step=0.05).clip(0.3000001) == 0.3


def test_results_are_cached():
    explorer = Wave()
    for height in (0.5, 1.5, 0.5, 1.5):
        explorer.set(height=height).result  # noqa: B018
    assert explorer.computed == 2


# -- picture -----------------------------------------------------------------------------------------


def test_a_png_has_the_size_and_the_pixel_ratio():
    assert Image.open(io.BytesIO(Wave().png())).size == (840, 350)
    assert Image.open(io.BytesIO(Wave().png(pixel_ratio=2))).size == (1680, 700)


def test_pin_leaves_a_ghost_and_unpin_takes_it_away():
    explorer = Wave()
    explorer.set(height=0.5).show()
    bare = explorer.picture.pixels.copy()
    explorer.set(height=1.5).pin().set(height=0.5).show()
    ghost = np.any(explorer.picture.pixels != bare, axis=-1)
    assert ghost.sum() > 200
    ink = explorer.picture.pixels[ghost][:, :3]
    assert np.mean(np.ptp(ink.astype(int), axis=1) <= 2) > 0.9  # gray, but where the present line crosses it
    assert "pinned: height 1.5" in explorer.caption
    assert "pinned" not in explorer.describe()
    explorer.unpin().show()
    np.testing.assert_array_equal(explorer.picture.pixels, bare)


def test_a_ghost_is_drawn_to_the_present_scale():
    explorer = EXPLORERS["learning_rate"](surface="double well").pin().set(surface="steep bowl")
    explorer.show()
    axes = explorer.picture.figure.axes[0]
    assert axes.get_ylim()[1] > 50  # the bowl's, not the well's
    across, down = explorer.picture.to_fraction(axes, 2.6, 11.2)  # on the double well, inside the bowl
    height, width = explorer.picture.pixels.shape[:2]
    around = explorer.picture.pixels[int(down * height) - 4 : int(down * height) + 5, int(across * width)]
    assert around[:, :3].min() < 250, "no trace of the pinned well where it should be"


def test_reset_is_as_new():
    explorer = Wave(height=0.3, shape="cosine").pin().set(seed=4).reset()
    assert explorer.settings == Wave().settings
    assert explorer.pinned is None


def test_points_and_fractions_are_inverse():
    explorer = Wave()
    explorer.show()
    picture = explorer.picture
    axes = picture.figure.axes[0]
    x, y = picture.to_fraction(axes, 2.0, 0.5)
    assert picture.locate(x, y) is axes
    assert picture.to_data(axes, x, y) == pytest.approx((2.0, 0.5))
    assert picture.locate(0.001, 0.001) is None


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
    panel.inputs["height"].value = 0.5
    assert explorer.settings["height"] == 0.5
    assert np.any(seen(panel.view) != before)
    np.testing.assert_array_equal(seen(panel.view), explorer.picture.pixels[..., :3])
    assert panel.view.caption == "A wave of height 0.50."
    assert panel.view.handles[0]["settings"] == ["height"]


def test_python_moves_the_sliders():
    explorer, panel, _ = live(Wave)
    explorer.set(height=0.7, shape="cosine", twice=True)
    assert (panel.inputs["height"].value, panel.inputs["shape"].value) == (0.7, "cosine")
    assert panel.inputs["twice"].value is True
    assert panel.view.caption == "A wave of height 0.70."


def test_most_moves_send_a_small_patch_and_no_key():
    explorer, panel, _ = live(EXPLORERS["bowl"])
    key = panel.view.key
    for lr in (0.05, 0.02, 0.15):
        panel.inputs["lr"].value = lr
        assert panel.view.key is key
        assert 1000 < len(panel.view.patch) < 250_000
        np.testing.assert_array_equal(seen(panel.view), explorer.picture.pixels[..., :3])


def test_a_frame_that_differs_everywhere_is_a_new_key():
    view, rng = FigureView(), np.random.default_rng(0)
    frames = rng.integers(0, 255, (3, 20, 30, 4), dtype=np.uint8)
    frames[..., 3] = 255
    for pixels in frames:
        view.show(pixels, "noise", [])
        np.testing.assert_array_equal(seen(view), pixels[..., :3])
        assert view.patch == b""
    view.show(frames[-1], "the same", [])
    np.testing.assert_array_equal(seen(view), frames[-1][..., :3])


def press(panel, label):
    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    next(w for w in walk(panel.root) if getattr(w, "description", None) == label).click()


def test_buttons():
    explorer, panel, _ = live(Wave)
    press(panel, "low")
    assert explorer.settings["height"] == 0.2
    press(panel, "Pin")
    assert explorer.pinned["height"] == 0.2
    press(panel, "New seed")
    assert explorer.settings["seed"] == 1
    press(panel, "Unpin")
    assert explorer.pinned is None
    sent = []
    panel.view.send = lambda content, buffers=None: sent.append(content)
    press(panel, "Copy as code")
    assert sent == [{"copy": 'EXPLORERS["wave"](height=0.2, seed=1)'}]
    press(panel, "Reset")
    assert explorer.settings == Wave().settings


def test_play_moves_the_slider_and_follows_it():
    explorer, panel, _ = live(EXPLORERS["bowl"])
    play, slider = panel.players["step"], panel.inputs["step"]
    play.value = 7
    assert (explorer.settings["step"], slider.value) == (7, 7)
    slider.value = 30
    assert (explorer.settings["step"], play.value) == (30, 30)
    assert "after 30 steps" in panel.view.caption


def test_a_drag_past_the_end_stops_at_the_end():
    explorer, panel, _ = live(Wave)
    x, y = panel.view.handles[0]["x"], panel.view.handles[0]["y"]
    panel._on_message(panel.view, {"kind": "press", "x": x, "y": y}, [])
    assert explorer.settings["height"] == pytest.approx(1.0, abs=0.02)
    panel._on_message(panel.view, {"kind": "drag", "x": x, "y": -3.0}, [])
    assert explorer.settings["height"] == 2.0
    assert panel.inputs["height"].value == 2.0


def test_a_press_that_changes_nothing_is_answered(monkeypatch):
    explorer, panel, _ = live(Wave)
    sent = []
    monkeypatch.setattr(panel.view, "send", sent.append)
    panel._on_message(panel.view, {"kind": "press", "x": 0.0, "y": 0.0}, [])  # beside the axes
    assert sent == [{"answered": True}]
    explorer.set(height=2.0)
    x, y = panel.view.handles[0]["x"], panel.view.handles[0]["y"]
    panel._on_message(panel.view, {"kind": "press", "x": x, "y": y + 0.001}, [])  # at its end already
    assert sent == [{"answered": True}] * 2
    panel._on_message(panel.view, {"kind": "drag", "x": x, "y": y + 0.3}, [])
    assert len(sent) == 2  # a new frame is the answer


def test_a_drag_stays_with_the_handle_it_took():
    explorer, panel, _ = live(EXPLORERS["softmax"])
    before, (first, second, _) = explorer.settings, panel.view.handles
    panel._on_message(panel.view, {"kind": "press", "x": first["x"], "y": first["y"]}, [])
    panel._on_message(panel.view, {"kind": "drag", "x": second["x"], "y": first["y"] + 0.1}, [])
    assert explorer.settings["z1"] < before["z1"]
    assert explorer.settings["z2"] == before["z2"]


def test_a_press_brings_the_handle_which_a_drag_then_keeps():
    explorer, panel, _ = live(EXPLORERS["softmax"])
    before, (first, second, _) = explorer.settings, panel.view.handles
    panel._on_message(panel.view, {"kind": "press", "x": first["x"], "y": first["y"] + 0.2}, [])
    assert explorer.settings["z1"] < before["z1"]
    panel._on_message(panel.view, {"kind": "drag", "x": second["x"], "y": first["y"] + 0.2}, [])
    assert explorer.settings["z2"] == before["z2"]


def test_a_screen_with_more_pixels_gets_more_pixels():
    _, panel, _ = live(Wave)
    panel._on_message(panel.view, {"kind": "ready", "pixel_ratio": 2.0}, [])
    assert seen(panel.view).shape == (700, 1680, 3)


def test_two_threads_may_move_at_once():
    explorer, panel, _ = live(Wave)
    faults = []

    def move(seed):
        rng = np.random.default_rng(seed)
        try:
            for _ in range(40):
                panel._change(explorer.random_settings(rng), and_widgets=True)
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
    panel.inputs["height"].value = 0.5
    assert panel.view.caption == "A wave of height 1.00."  # the slider was answered before the work began
    wait_for(lambda: 0 < panel.progress.value < 1 and panel.work.layout.visibility == "visible")
    wait_for(lambda: explorer.result.part == 10 and explorer.result.height == 0.5)
    wait_for(lambda: panel.work.layout.visibility == "hidden")
    assert panel.view.caption == "A wave of height 0.50."


def test_stop_keeps_what_there_is():
    explorer, panel, _ = live(SlowWave)
    panel.inputs["height"].value = 0.5
    wait_for(lambda: explorer.result.height == 0.5)
    press(panel, "Stop")
    part = explorer.result.part
    time.sleep(0.1)
    assert explorer.result.part == part < 10
    assert panel.work.layout.visibility == "hidden"


def test_work_that_turns_out_to_be_done_shows_no_progress():
    class Forgetful(SlowWave):
        takes_long = True  # though the result is kept

    explorer, panel, _ = live(Forgetful)
    for height in (0.5, 1.0):
        panel.inputs["height"].value = height
        wait_for(lambda: panel.work.layout.visibility == "hidden")
        assert (explorer.result.part, explorer.result.height) == (10, panel.inputs["height"].value)


def test_the_next_move_ends_the_last_work():
    explorer, panel, _ = live(SlowWave)
    panel.inputs["height"].value = 0.5
    panel.inputs["height"].value = 1.5
    wait_for(lambda: explorer.result.height == 1.5 and explorer.result.part == 10)
    time.sleep(0.1)
    assert explorer.result.height == 1.5


def test_python_waits_for_slow_work():
    explorer, panel, _ = live(SlowWave)
    explorer.set(height=0.5)
    assert explorer.result.part == 10
    assert panel.view.caption == "A wave of height 0.50."


# -- opening -----------------------------------------------------------------------------------------


def test_the_registry_imports_nothing_until_asked():
    script = (
        "import sys; from course_lib.explorers import EXPLORERS; names = list(EXPLORERS);"
        "assert len(names) == len(EXPLORERS) > 5; assert 'matplotlib' not in sys.modules;"
        "EXPLORERS['bowl']; assert 'matplotlib' in sys.modules; assert 'ipywidgets' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_slow_work_that_is_at_hand_is_answered_at_once():
    explorer, panel, _ = live(EXPLORERS["noise_floor"])
    threads = threading.active_count()
    panel.inputs["lr"].value = panel._positions(explorer.control("lr"))[3]
    assert panel.view.caption == explorer.describe()
    assert explorer.result.row == 1
    assert threading.active_count() == threads
