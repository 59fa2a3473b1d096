"""What the explorers of activations say must hold for the functions themselves."""

import numpy as np
import pytest

from course_lib.explorers import EXPLORERS
from course_lib.explorers.activations.activation import _ALL


@pytest.mark.parametrize("name", _ALL)
def test_the_slope_drawn_is_the_slope_measured(name):
    r = EXPLORERS["activation"](main=name, alpha=0.7, beta=2.0).result
    for z in (-6, -5, -4, -2, 2, 4, 5, 6):  # on both grids, and a kink of none
        measured, drawn = r.measured[2 * (z + 6)], r.df[25 * (z + 6)]
        assert drawn == pytest.approx(measured, abs=1e-8)


@pytest.mark.parametrize("name", ["ReLU", "leaky ReLU", "hard tanh", "hard sigmoid"])
def test_a_slope_that_is_largest_on_a_whole_stretch_has_no_place(name):
    assert "largest slope is" in (text := EXPLORERS["activation"](main=name).describe())
    assert "at z = 0.04" not in text
    assert ", at z" not in text


def test_the_place_of_a_single_largest_slope_is_named():
    assert "largest slope is 1, at z = 0." in EXPLORERS["activation"](main="tanh").describe()


def test_an_epoch_of_the_losses_is_marked_even_before_the_first_step():
    explorer = EXPLORERS["dying_relu"](epoch=0)
    explorer.show()
    (x,), (y,) = explorer.picture.artists["loss_now"].get_data()
    assert x == 0
    assert y == pytest.approx(np.median(explorer.result.losses[0]))


def test_relus_that_are_off_stay_off_and_leaky_ones_need_not():
    relu, leaky = (
        EXPLORERS["dying_relu"](bias=-3.0, lr=0.1, kind=kind).result for kind in ("ReLU", "leaky ReLU")
    )
    assert relu.since_start[-1] == relu.since_start[0] == leaky.since_start[0]
    assert leaky.since_start[-1] < leaky.since_start[0]
