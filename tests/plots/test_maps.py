"""A map shows each value in its own cell, lost cells gray, and finds the cell under a pointer."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from course_lib.plots import LIGHT, maps

COLUMNS, ROWS = (1, 2, 4, 8), (0.1, 1.0, 10.0)


@pytest.fixture
def drawn():
    figure = Figure(figsize=(5, 3), dpi=100)
    canvas, ax = FigureCanvasAgg(figure), figure.add_subplot()
    return canvas, ax, maps.map_panel(figure, ax, COLUMNS, ROWS, low=0.01, high=1.0)


def color_of(canvas, ax, column, row):
    """The color a quarter of a cell away from its middle, where no cross is."""
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    x, y = ax.transData.transform((column + 0.3, row + 0.15))
    return pixels[len(pixels) - 1 - int(y), int(x), :3] / 255


def test_values_lost_cells_and_cells_to_come_look_different(drawn):
    canvas, ax, artists = drawn
    values = np.full((3, 4), 0.1)
    values[0, 1], values[2, 3] = 1.0, np.nan
    lost = np.zeros((3, 4), dtype=bool)
    lost[1, 2] = True
    maps.show_map(artists, values, lost, column=0, row=2)
    scale = artists["map"].scale
    for column, row in ((1, 0), (1, 1)):
        expected = scale.to_rgba(values[row, column])[:3]
        np.testing.assert_allclose(color_of(canvas, ax, column, row), expected, atol=0.02)
    np.testing.assert_allclose(color_of(canvas, ax, 2, 1), to_rgb(LIGHT), atol=0.02)
    np.testing.assert_allclose(color_of(canvas, ax, 3, 2), 1.0)
    np.testing.assert_array_equal(artists["crosses"].get_xydata(), [[2, 1]])
    np.testing.assert_array_equal(artists["cell"].get_xydata(), [[0, 2]])


def test_every_cell_is_found_again_by_its_place():
    for i, column in enumerate(COLUMNS):
        for j, row in enumerate(ROWS):
            assert (maps.place(column, COLUMNS), maps.place(row, ROWS)) == pytest.approx((i, j))
            assert (maps.nearest(column * 1.2, COLUMNS), maps.nearest(row / 1.5, ROWS)) == (i, j)
            assert maps.cell_at(i + 0.4, j - 0.4, COLUMNS, ROWS) == (column, row)
    assert maps.cell_at(-3, 99, COLUMNS, ROWS) == (1, 10.0)
