"""A band is what Matplotlib fills between two curves, as one polygon."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_lib.plots import frames

X = np.array([0.0, 1.0, 2.5, 4.0, 6.0])
LOW, HIGH = np.array([1.0, 2.0, 0.5, 3.0, 1.0]), np.array([3.0, 3.0, 4.5, 3.5, 1.5])
NAN = np.array([1.0, 2.0, 0.5, 3.0, np.nan])


def picture(draw) -> np.ndarray:
    figure = Figure(figsize=(3, 2), dpi=100)
    canvas, ax = FigureCanvasAgg(figure), figure.add_subplot()
    ax.set(xlim=(0, 6), ylim=(0, 4))
    draw(ax)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


@pytest.mark.parametrize("steps", [False, True])
@pytest.mark.parametrize(("low", "high"), [(LOW, HIGH), (1.0, HIGH), (LOW[:1], HIGH), (NAN, HIGH)])
def test_a_band_is_what_matplotlib_fills(steps, low, high):
    def fill(ax):
        # Two colors, because one alone is drawn as a marker, which may lie half a pixel beside its place.
        style = {"facecolor": ["tab:blue", "tab:blue"], "linewidth": 0}
        ax.fill_between(X, low, high, step="mid" if steps else None, alpha=0.4, **style)

    def move(ax):
        frames.moving_band(ax, steps=steps, color="tab:blue", alpha=0.4).set_data(X, low, high)

    filled, moved = picture(fill), picture(move)
    assert np.mean((filled != 255).any(axis=-1)) > 0.2
    assert np.abs(filled - moved).max() <= 2


def test_an_empty_band_shows_nothing_and_moves_no_limits():
    with_band = picture(lambda ax: frames.moving_band(ax, color="red"))
    np.testing.assert_array_equal(with_band, picture(lambda ax: None))
    ax = Figure().add_subplot()
    frames.moving_band(ax).set_data([100, 200], 0, 50)
    ax.plot([0, 1], [0, 1])
    assert ax.get_xlim()[1] < 2
