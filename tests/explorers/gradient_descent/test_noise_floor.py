"""The map of rates and batch sizes: each stop of its slider is a cell, and cells are compared in pairs."""

import numpy as np
import pytest

from course_lib.explorers import EXPLORERS
from course_lib.explorers.gradient_descent.straight_line import line_data, loss_surface, start_params
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train


@pytest.fixture(scope="module")
def explorer():
    return EXPLORERS["noise_floor"]()


def test_each_stop_of_the_slider_is_a_row_of_the_map(explorer):
    stops = explorer.control("lr").values
    rows = [explorer.set(lr=lr).result.row for lr in stops]
    assert rows == list(range(len(explorer.result.final)))


@pytest.mark.parametrize(("lr", "batch_size"), [(0.002, 1), (0.05, 2), (0.32, 8)])
def test_run_k_of_every_cell_is_the_training_of_seed_k(explorer, lr, batch_size):
    data = line_data(0)
    least = loss_surface(data).f(loss_surface(data).minima[0])
    curves = explorer.set(lr=lr, batch_size=batch_size).result.curves
    for run in (0, 5):
        rng = np.random.default_rng([0, run])
        _, history = train(
            Dense(1, 1), start_params(()), mse, SGD(lr), data, epochs=20, batch_size=batch_size, rng=rng
        )
        np.testing.assert_allclose(curves[:, run], history.train_loss - least, rtol=1e-8)


def test_a_cell_with_one_lost_run_says_so(explorer):
    crossed = np.argwhere(explorer.set(batch_size=1).result.diverged[:, :1])[:, 0]
    text = explorer.set(lr=explorer.control("lr").values[crossed[0]], batch_size=1).describe()
    assert explorer.result.lost >= 1
    assert f"{explorer.result.lost} of 16 runs diverge" in text
