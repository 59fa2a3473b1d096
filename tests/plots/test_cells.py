"""Cells look as Matplotlib's image of the same colors does, and take a fraction of its time."""

import time

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure

from course_lib.plots import LIGHT, Cells, Heatmap

COLORS = np.random.default_rng(0).integers(0, 256, (7, 11, 4)).astype(np.uint8)
COLORS[..., 3] = np.where(np.arange(11) % 5 == 0, 0, 255)  # some cells are not there


def drawn(place, dpi=100, limits=((0, 3), (-1, 1))):
    """The pixels of axes with what `place` puts on them."""
    figure = Figure(figsize=(4.13, 3.27), dpi=dpi)
    axes = figure.add_axes((0.103, 0.117, 0.8, 0.8))
    axes.set(xlim=limits[0], ylim=limits[1])
    axes.set_axis_off()
    canvas = FigureCanvasAgg(figure)
    place(axes)
    axes.set(xlim=limits[0], ylim=limits[1])
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


@pytest.mark.parametrize("limits", [((0, 3), (-1, 1)), ((0, 3), (1, -1)), ((0.7, 2.2), (-0.4, 0.9))])
@pytest.mark.parametrize("dpi", [100, 200])
def test_they_look_as_an_image_of_the_same_colors(dpi, limits):
    extent = (0, 3, -1, 1)
    style = {"extent": extent, "origin": "lower", "interpolation": "nearest", "aspect": "auto"}

    def ours(axes):
        cells = Cells(axes, extent)
        cells.set_colors(COLORS)

    differ = np.abs(drawn(ours, dpi, limits) - drawn(lambda axes: axes.imshow(COLORS, **style), dpi, limits))
    assert (differ.max(axis=-1) > 2).mean() < 0.02  # edges of cells may fall one pixel to the side


def test_new_colors_and_another_size_are_drawn_anew():
    figure = Figure(figsize=(2, 2), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    canvas, cells = FigureCanvasAgg(figure), Cells(axes)
    for color, dpi in ((10, 100), (90, 100), (90, 200)):
        cells.set_colors(np.full((2, 2, 4), (color, 0, 0, 255), np.uint8))
        figure.set_dpi(dpi)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())
        assert pixels.shape[:2] == (2 * dpi, 2 * dpi)
        assert (pixels == (color, 0, 0, 255)).all()


@pytest.mark.parametrize(("shape", "dtype"), [((2, 2), np.uint8), ((2, 2, 4), float), ((2, 2, 3), np.uint8)])
def test_what_is_no_color_is_named(shape, dtype):
    with pytest.raises(ValueError, match=r"colors must be uint8 of shape \(rows, columns, 4\), got"):
        Cells(Figure().add_subplot()).set_colors(np.zeros(shape, dtype))


def test_values_get_the_colors_of_their_scale_and_gaps_none():
    heatmap = Heatmap(Figure().add_subplot(), Normalize(0, 2), "gray")
    heatmap.set_values(np.array([[0.0, 2.0, np.nan, 1.0]]), gray=np.array([[False, False, False, True]]))
    black, white, gap, gray = heatmap.get_colors()[0]
    assert (tuple(black), tuple(white), gap[3]) == ((0, 0, 0, 255), (255, 255, 255, 255), 0)
    np.testing.assert_allclose(gray / 255, (*to_rgb(LIGHT), 1), atol=0.003)


def test_unchanged_cells_take_a_fraction_of_the_time_of_an_image():
    figure = Figure(figsize=(4, 3), dpi=100)
    canvas, axes = FigureCanvasAgg(figure), figure.add_subplot()
    values = np.random.default_rng(0).random((30, 30))
    cells, image = Heatmap(axes, Normalize(0, 1), "cividis"), axes.imshow(values, aspect="auto")
    canvas.draw()
    renderer = canvas.get_renderer()

    def seconds(show, artist):
        start = time.process_time()
        for _ in range(50):
            show(values)
            artist.draw(renderer)
        return time.process_time() - start

    ours = min(seconds(cells.set_values, cells) for _ in range(3))
    assert ours < 0.4 * min(seconds(image.set_data, image) for _ in range(3))
