"""What the explorers of batch size and learning rate draw, against theory and against single trainings."""

import itertools

import numpy as np
import pytest

from course_lib import schedules
from course_lib.core import tree_map
from course_lib.explorers import EXPLORERS
from course_lib.explorers.batch_size_and_learning_rate import small_nets
from course_lib.explorers.batch_size_and_learning_rate.rate_batch_map import (
    RATES,
    SIZES,
    RateBatchMapExplorer,
)
from course_lib.explorers.batch_size_and_learning_rate.schedule import designed
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import range_test, train


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(RateBatchMapExplorer, "kept", {})


def test_a_cell_of_the_map_is_the_training_that_it_names():
    explorer = EXPLORERS["rate_batch_map"](lr=0.486, batch_size=32)
    r, data, model = explorer.result, small_nets.circles(0), mlp([2, 16, 2], activation=act.relu)
    start = tree_map(lambda p: p.astype(np.float32), model.init(np.random.default_rng([0, 1]), (3,)))
    rngs = [np.random.default_rng([0, run]) for run in range(3)]
    how = {"epochs": 12, "batch_size": 32, "rng": rngs}
    params, history = train(model, start, cross_entropy, SGD(RATES[r.row]), data, **how)
    np.testing.assert_allclose(r.train, history.train_loss, rtol=1e-3)
    np.testing.assert_allclose(r.test, history.validation_loss, rtol=1e-3)
    wrong = np.mean(model.forward(params, data.x_test)[0].argmax(-1) != data.y_test, axis=-1)
    assert r.error == pytest.approx(np.median(wrong))
    assert r.values[r.row, r.column] == pytest.approx(np.median(history.train_loss[-1]), rel=1e-3)


def test_a_map_that_is_stopped_keeps_its_columns_and_says_how_many(fresh):
    explorer = EXPLORERS["rate_batch_map"](batch_size=128)
    assert explorer.takes_long
    parts = explorer.results()
    assert next(parts) == (0.0, None)  # nothing to draw yet
    for done in (1, 2):
        fraction, so_far = next(parts)
        assert fraction == pytest.approx(done / len(SIZES))
        assert so_far.done == done
    assert so_far.column == len(SIZES) - 1
    assert (so_far.values[:, so_far.column] >= 0).all()
    assert f"2 of {len(SIZES)} columns" in explorer.describe(so_far)
    explorer.show_part(so_far)
    explorer.show()
    parts.close()
    again = EXPLORERS["rate_batch_map"](batch_size=128).results()
    assert [part.done for _, part in itertools.islice(again, 1, 2)] == [3]


@pytest.mark.parametrize("name", ["rate_batch_map", "rate_decay_map"])
def test_each_measure_spreads_over_the_colors(name):
    explorer = EXPLORERS[name]()
    for measure in explorer.control("measure").options:
        explorer.set(measure=measure).show()
        colors = explorer.picture.artists["map"].get_colors().reshape(-1, 4)
        trained = colors[~explorer.result.lost.ravel()]
        assert len(np.unique(trained, axis=0)) > 20, measure
        _, counts = np.unique(trained, axis=0, return_counts=True)
        assert counts.max() < 0.4 * len(trained), measure


def test_a_click_chooses_the_cell_under_it():
    explorer = EXPLORERS["rate_batch_map"]()
    explorer.set(**explorer.pointer("map", 3.2, 7.4))
    assert (explorer.result.column, explorer.result.row) == (3, 7)
    assert explorer.settings["batch_size"] == SIZES[3]


def test_equal_ratios_look_alike_until_the_edge():
    values = EXPLORERS["rate_batch_map"]().result.values
    at = {size: SIZES.index(size) for size in SIZES}
    row = 8  # a rate of 0.05; two rows up are a factor of 1.77, and five of 4.2
    small = values[row, at[1]]
    assert 0.7 < values[row + 5, at[4]] / small < 1.4
    assert 0.7 < values[row + 10, at[16]] / small < 1.6
    assert values[row + 17, at[128]] / small > 3


def test_the_valley_of_rate_and_decay_lies_on_the_line_that_is_drawn():
    r = EXPLORERS["rate_decay_map"]().result
    valley = np.arange(16, 26)  # decays from 0.016 to 0.28
    line = np.interp(valley, r.along[:, 0], r.along[:, 1])
    assert np.abs(r.best[valley] - line).mean() < 3  # of 30 rows


@pytest.mark.parametrize("drawn", ["without replacement", "with replacement"])
def test_the_noise_that_is_measured_is_the_noise_that_is_drawn(drawn):
    r = EXPLORERS["gradient_noise"](drawn=drawn).result
    sizes = np.array([1, 2, 4, 8, 16, 32, 64, 128])
    lines = np.unique([*np.geomspace(1, 256, 25).astype(int), 180, 220, 240, 250, 255, 256])
    np.testing.assert_allclose(r.measured[:8], np.interp(sizes, lines, r.theory), rtol=0.12)
    if drawn == "without replacement":
        assert r.measured[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("drawn", ["without replacement", "with replacement"])
@pytest.mark.parametrize("stage", ["at the start", "after 40 updates", "after 400 updates"])
def test_the_curves_cross_where_the_caption_says(stage, drawn):
    explorer = EXPLORERS["gradient_noise"](stage=stage, drawn=drawn)
    r = explorer.result
    sizes = np.unique([*np.geomspace(1, 256, 25).astype(int), 180, 220, 240, 250, 255, 256])
    below = r.theory < r.length  # of the curve that is drawn
    if not below.any():  # with replacement it may cross beyond the picture
        assert drawn == "with replacement"
        assert r.cross == pytest.approx(256 * (r.theory[-1] / r.length) ** 2)
    else:
        first = below.argmax()
        assert sizes[first - 1] <= r.cross <= sizes[first]
    shown = explorer.describe(r).split("B = ")[-1].rstrip(".")
    assert float(shown) == pytest.approx(r.cross, rel=0.05)


def test_walkers_leave_as_often_as_the_dashed_line_says():
    results = [EXPLORERS["sharp_and_flat"](seed=seed).result for seed in range(8)]
    left = np.mean([r.left for r in results], axis=0)  # 560 walkers of each batch size
    np.testing.assert_allclose(left, results[0].theory, atol=0.08)
    assert EXPLORERS["sharp_and_flat"](lr=0.1, sharp=21.0, noise=2.0, batch_size=32).result.left.min() == 1


@pytest.mark.parametrize("kind", ["step", "exponential", "1/t", "linear", "cosine"])
@pytest.mark.parametrize("warmup", [0, 40])
def test_a_designed_schedule_starts_at_its_rate_and_ends_at_its_share(kind, warmup):
    rates = schedules.rates(designed(kind, 0.5, warmup, 0.02, 3), 256)
    assert rates[warmup] == pytest.approx(0.5)
    assert 0.01 * 0.999 <= rates[-1] < 0.0125  # the share is reached after the last update
    assert np.all(np.diff(rates[warmup:]) <= 0)
    if warmup:
        np.testing.assert_allclose(rates[:warmup], 0.5 * np.arange(warmup) / warmup)


def test_a_schedule_that_keeps_the_rate_changes_nothing():
    r = EXPLORERS["schedule"](kind="constant").result
    np.testing.assert_array_equal(r.losses, r.kept)
    falling = EXPLORERS["schedule"](kind="cosine").result
    np.testing.assert_array_equal(falling.kept, r.kept)
    assert falling.losses[-1].max() < falling.kept[-1].min()


def test_a_range_test_grows_and_full_trainings_come_last():
    explorer = EXPLORERS["lr_range"](run=2, n_updates=100, seed=5)
    parts = [part for _, part in explorer.results()]
    assert [part.smoothed.shape for part in parts] == [(n, 5) for n in (20, 40, 60, 80, 100, 100)]
    assert np.isnan(parts[3].steepest)
    assert parts[4].steepest > 0
    assert parts[4].trained.max() == -1
    assert parts[5].trained.shape == (31, 3)
    assert not explorer.takes_long
    other = EXPLORERS["lr_range"](run=1, n_updates=100, seed=5).result
    np.testing.assert_array_equal(parts[-1].smoothed[:, 4], other.smoothed[:, 0])


def test_the_tests_shown_are_those_of_the_package():
    r = EXPLORERS["lr_range"](run=3, n_updates=60).result
    model = mlp([2, 16, 2], activation=act.relu)
    start = tree_map(lambda p: p.astype(np.float32), model.init(np.random.default_rng([0, 3, 2])))
    data, rng = small_nets.circles(0), np.random.default_rng([0, 2])
    alone = range_test(model, start, cross_entropy, data, 1e-3, 30.0, 60, 16, rng)
    np.testing.assert_allclose(r.losses[:40], alone.losses[:40], rtol=1e-4)
    assert r.steepest == pytest.approx(alone.steepest)


@pytest.mark.parametrize("n_updates", [40, 240, 400])
def test_the_steepest_place_is_not_in_the_noise_of_the_first_batches(n_updates):
    r = EXPLORERS["lr_range"](n_updates=n_updates).result
    assert r.rates[10] < r.steepest <= max(r.blow_up, r.rates[-1])
    assert r.steepest > 0.1
