"""The Playground: it trains as `train` does, can be called off, and its sweep meets everything."""

import threading
import time

import numpy as np
import pytest
from matplotlib.figure import Figure

from course_lib.core import tree_leaves
from course_lib.explorers import EXPLORERS
from course_lib.explorers.regularization.live_training import DATA, EPOCHS, RUNS, STRIDE, LiveTraining
from course_lib.live import Choice, Seed
from course_lib.numpy_nn.losses import binary_cross_entropy
from course_lib.numpy_nn.optimizers import Adam
from course_lib.numpy_nn.training import train
from course_lib.plots import BLUE, ORANGE, fields

Playground = EXPLORERS["playground"]
DEFAULTS = {name: value for name, value in Playground.defaults().items() if name != "epoch"}


def live(**settings):
    return LiveTraining(**DEFAULTS | settings)


def kept(training, epoch):
    return np.concatenate([p.ravel() for p in tree_leaves(training.at(epoch).params)])


@pytest.mark.parametrize("settings", [{}, {"dropout": 0.3, "l2": 0.01}, {"batch_size": "all", "samples": 10}])
def test_parts_and_a_whole_are_the_same(settings):
    parts, whole = live(**settings), live(**settings)
    for epoch in range(0, 21, STRIDE):
        parts.go_on(epoch)
    whole.go_on(20)
    for epoch in (0, 8, 20):
        np.testing.assert_array_equal(kept(parts, epoch), kept(whole, epoch))
    np.testing.assert_array_equal(parts.until(20, "test_loss"), whole.until(20, "test_loss"))


def test_it_is_what_train_does():
    training = live(seed=4)
    training.go_on(12)
    model, data = training.model, training.data
    params = model.init(np.random.default_rng([4, 1]), (RUNS,))
    rngs = [np.random.default_rng([4, 2, run]) for run in range(RUNS)]
    _, history = train(
        model, params, binary_cross_entropy, Adam(0.03), data, epochs=12, batch_size=16, rng=rngs
    )
    for part, name in (("train", "train_loss"), ("test", "validation_loss")):
        measured = training.until(12, f"{part}_loss")
        np.testing.assert_allclose(measured, getattr(history, name)[::STRIDE], rtol=1e-10)


def test_more_samples_or_noise_move_the_same_points():
    few, more = live(samples=20), live(samples=80)
    np.testing.assert_array_equal(few.data.x_train, more.data.x_train[:20])
    np.testing.assert_array_equal(few.data.x_test, more.data.x_test)
    quiet, loud = (live(noise=noise).data for noise in (0.1, 0.2))
    np.testing.assert_array_equal(quiet.y_train, loud.y_train)
    assert 0 < np.abs(quiet.x_train - loud.x_train).mean() < 0.15


@pytest.mark.parametrize("data", DATA)
def test_noise_is_in_units_of_the_picture(data):
    """The same draws with and without noise differ by noise of that standard deviation."""
    clean, noisy = (live(data=data, noise=noise).data.x_test for noise in (0.0, 0.4))
    assert np.abs(clean).max() < 2.2
    np.testing.assert_allclose(np.std(noisy - clean), 0.4, rtol=0.1)


def test_a_long_way_comes_in_parts_and_a_tick_at_once():
    explorer = Playground(epoch=EPOCHS, batch_size=4, lr=0.0123)
    assert explorer.takes_long
    parts = [(fraction, r) for fraction, r in explorer.results() if r is not None]
    fractions = [fraction for fraction, _ in parts]
    assert len(parts) > 1
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert [r.epoch for _, r in parts] == sorted(r.epoch for _, r in parts)
    assert "In training, epoch" in explorer.describe(parts[0][1])
    assert explorer.describe(parts[-1][1]).startswith(f"Epoch {EPOCHS},")
    explorer.change(epoch=20)  # the past is at hand
    assert not explorer.takes_long
    assert len(list(explorer.results())) == 1
    explorer.change(epoch=0, batch_size=1, samples=120)
    explorer.change(epoch=STRIDE)  # a tick of the Play button, even of many updates
    assert not explorer.takes_long


def test_work_that_is_called_off_harms_nothing():
    """A thread that is still training and the next move may want the same training at once."""
    shared, alone = live(batch_size=4), live(batch_size=4)
    threads = [threading.Thread(target=shared.go_on, args=(epoch,)) for epoch in (20, 60, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone.go_on(60)
    np.testing.assert_array_equal(kept(shared, 60), kept(alone, 60))


def test_time_is_kept():
    training, start = live(batch_size=1), time.monotonic()
    assert 0 < training.go_on(EPOCHS, seconds=0.02) < EPOCHS
    assert time.monotonic() - start < 1


def test_the_corners_meet_every_data_set_and_every_activation():
    corners = Playground.corner_settings()
    assert 100 <= len(corners) <= 300
    for control in Playground.controls:
        if isinstance(control, Seed):
            continue
        for group in ("data", "activation"):
            if control.name == group:
                continue
            met = {(corner[group], corner[control.name]) for corner in corners}
            wanted = {(one, end) for one in Playground.control(group).options for end in control.corners()}
            assert wanted <= met, (group, control.name, wanted - met)
    assert all(set(corner) == set(Playground.defaults()) for corner in corners)
    assert sum(isinstance(control, Choice) for control in Playground.controls) >= 6


def test_a_single_unit_has_a_straight_boundary_on_its_line():
    r = Playground(**Playground.presets["one unit"]).result
    (start, end), (line,) = r.lines[0], r.boundary
    direction = (end - start) / np.linalg.norm(end - start)
    across = (line - line[0]) @ [-direction[1], direction[0]]
    assert np.abs(across).max() < 0.02


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("remedy", ["L1", "L2"])
def test_the_penalties_help_beyond_the_band(remedy, seed):
    plain, with_penalty = (
        Playground(**Playground.presets[preset] | {"seed": seed}).result
        for preset in ("fits the noise", remedy)
    )
    assert with_penalty.test[-1].max() < plain.test[-1].min()
    assert with_penalty.train[-1].min() > plain.train[-1].max()
    if remedy == "L1":
        assert with_penalty.small / with_penalty.n_weights > 0.9


def test_no_hidden_layer_cannot_part_xor():
    for seed in range(3):
        r = Playground(data="xor", layers=0, epoch=100, seed=seed).result
        assert r.right["test"].max() < 0.6
        assert len(r.boundary) == 1


# -- the field -----------------------------------------------------------------------------------------


def test_a_plane_is_interpolated_exactly():
    x, y = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 7))
    fine = fields.finer(3 * x + y, factor=3)
    middles = [(np.arange(3 * n) + 0.5) / (3 * n) for n in (5, 7)]
    np.testing.assert_allclose(fine, 3 * middles[0][None, :] + middles[1][:, None], atol=1e-12)


def test_the_field_is_blue_at_0_white_between_and_orange_at_1():
    ax = Figure().add_subplot()
    field = fields.moving_field(ax)
    fields.show_field(field, np.array([[0.0, 0.45], [0.55, 1.0]]))
    (low, middle), (middle_too, high) = field.get_colors()[..., :3].astype(int)
    for end, color in ((low, BLUE), (high, ORANGE)):
        hue = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])
        assert np.corrcoef(end, hue)[0, 1] > 0.99
    assert min(middle.min(), middle_too.min()) > 220
