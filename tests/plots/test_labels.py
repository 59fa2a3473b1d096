"""Labels look as Matplotlib's own text does, and take a fraction of its time."""

import time

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_lib.plots import Label

TEXTS = ["w₁₁ = −0.63", "∂ 0.1234", "diverged at step 17", " layer 25  ", "δ₁ = f′(z₁)·u₁, x̂ ≤ ½"]


def canvas(dpi):
    figure = Figure(figsize=(4, 1), dpi=dpi)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    return FigureCanvasAgg(figure), axes


def ink(dpi, place):
    """How dark each pixel is, from 0 to 1."""
    drawn, axes = canvas(dpi)
    place(axes)
    drawn.draw()
    return 1 - np.asarray(drawn.buffer_rgba())[..., :3].mean(axis=-1) / 255


def box_of(dark):
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return np.array([rows[0], rows[-1], columns[0], columns[-1]])


@pytest.mark.parametrize("dpi", [100, 200])
@pytest.mark.parametrize("va", ["bottom", "center", "top"])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_label_is_where_text_is_and_as_dark(text, ha, va, dpi):
    style = {"ha": ha, "va": va, "fontsize": 11}
    ours = ink(dpi, lambda axes: Label(axes, 0.5, 0.5, text, **style))
    theirs = ink(dpi, lambda axes: axes.text(0.5, 0.5, text, **style))
    assert abs(box_of(ours) - box_of(theirs)).max() <= 2  # pixels
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.05)


def test_the_box_covers_what_lies_below():
    def on_black(box):
        def place(axes):
            axes.figure.set_facecolor("black")
            Label(axes, 0.5, 0.5, "0.25", color="white", box=box, pad=3)

        return place

    bare, boxed = (ink(100, on_black(box)) for box in (None, "white"))
    assert (bare > 0.99).mean() > 0.9
    height, width = np.diff(box_of(boxed < 0.01)[:2]).item() + 1, np.diff(box_of(boxed < 0.01)[2:]).item() + 1
    assert (boxed < 0.01).sum() == height * width  # a full rectangle
    assert box_of(boxed < 0.01)[0] <= box_of(bare < 0.5)[0] - 3


def test_text_color_and_place_can_be_moved():
    drawn, axes = canvas(100)
    label = Label(axes, 0.1, 0.5, "17", transform=axes.transAxes)
    drawn.draw()
    label.set(text="3", color="#D55E00", position=(0.8, 0.5))
    drawn.draw()
    pixels = np.asarray(drawn.buffer_rgba())
    assert (pixels[:, :300, :3] == 255).all()
    assert (pixels[:, 300:] == (0xD5, 0x5E, 0x00, 255)).all(axis=-1).any()
    label.set_text("")
    drawn.draw()
    assert (np.asarray(drawn.buffer_rgba())[..., :3] == 255).all()


def test_new_numbers_take_a_fraction_of_the_time_of_text():
    drawn, axes = canvas(100)
    renderer = drawn.get_renderer()

    def seconds(artist):
        start = time.process_time()
        for number in range(200):
            artist.set_text(f"w = {number / 77:.3f}")
            artist.draw(renderer)
        return time.process_time() - start

    label, text = Label(axes, 0.1, 0.1), axes.text(0.1, 0.1, "")
    seconds(label)  # the digits are drawn
    assert min(seconds(label) for _ in range(3)) < 0.4 * min(seconds(text) for _ in range(3))
