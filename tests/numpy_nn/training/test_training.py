"""Descend and train: the numbers, the runs, the order of the samples, and what diverges."""

import numpy as np
import pytest

from course_lib.core import tree_leaves, tree_map
from course_lib.datasets import Dataset, line
from course_lib.numpy_nn.layers import Dense, Sequential
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend, train
from course_lib.surfaces import SURFACES, least_squares, quadratic

rng_of = np.random.default_rng

# ---- descend


def test_descent_on_a_bowl_shrinks_by_one_minus_lr_times_curvature():
    path = descend(quadratic((1.0, 10.0)), SGD(0.05), start=[3.0, 2.0], n_steps=20)
    t = np.arange(21)[:, None]
    np.testing.assert_allclose(path.points, [3.0, 2.0] * (1 - 0.05 * np.array([1.0, 10.0])) ** t)
    np.testing.assert_allclose(path.losses, path.points**2 @ [0.5, 5.0])
    assert path.diverged_at == -1


@pytest.mark.parametrize("name", SURFACES)
def test_a_batched_descent_equals_one_run_at_a_time(name):
    surface = SURFACES[name]
    low, high = np.transpose(surface.bounds)
    starts = rng_of(0).uniform(low, high, (40, surface.dim))
    rates = rng_of(1).uniform(0.001, 0.3, 40)  # some of them diverge
    together = descend(surface, SGD(rates), starts, n_steps=60)
    for i in range(40):
        alone = descend(surface, SGD(rates[i]), starts[i], n_steps=60)
        np.testing.assert_array_equal(together.points[:, i], alone.points)
        np.testing.assert_array_equal(together.losses[:, i], alone.losses)
        assert together.diverged_at[i] == alone.diverged_at


def test_runs_are_the_broadcast_of_starts_and_hyperparameters():
    rates, starts = np.linspace(0.01, 0.1, 5)[:, None], rng_of(0).normal(size=(1, 3, 2))
    path = descend(quadratic(), SGD(rates), starts, n_steps=4)
    assert path.points.shape == (5, 5, 3, 2)
    assert path.losses.shape == (5, 5, 3)
    one = descend(quadratic(), SGD(rates[4, 0]), starts[0, 2], n_steps=4)
    np.testing.assert_array_equal(path.points[:, 4, 2], one.points)


def test_a_diverging_run_is_held_and_reported():
    path = descend(quadratic((10.0,)), SGD(np.array([0.1, 0.3, 0.2])), [1.0], n_steps=400)
    # |1 - 0.3 * 10| = 2: the loss is 5 * 4^t, above 1e12 from t = 19 on
    assert path.diverged_at.tolist() == [-1, 19, -1]
    np.testing.assert_array_equal(path.points[19:, 1], path.points[18, 1] * np.ones((382, 1)))
    np.testing.assert_array_equal(path.losses[19:, 1], np.full(382, 5 * 4.0**18))
    assert np.isfinite(path.points).all()


@pytest.mark.parametrize("lr", [1e3, 1e200])
@pytest.mark.parametrize("name", SURFACES)
def test_however_large_the_rate_nothing_warns_and_nothing_is_nan(name, lr):
    surface = SURFACES[name]
    path = descend(surface, SGD(lr), np.full(surface.dim, 1.5), n_steps=50)
    assert path.diverged_at > 0
    assert np.isfinite(path.points).all()
    assert np.isfinite(path.losses).all()


def test_a_start_out_of_bounds_diverges_at_once():
    path = descend(quadratic(), SGD(0.1), [[1e9, 1e9], [1.0, 1.0]], n_steps=3)
    assert path.diverged_at.tolist() == [0, -1]
    assert (path.points[:, 0] == 1e9).all()


def test_no_steps_and_an_untouched_start():
    start = np.array([1.0, 2.0])
    path = descend(quadratic(), SGD(0.1), start, n_steps=0)
    assert path.points.tolist() == [[1.0, 2.0]]
    descend(quadratic(), SGD(0.1), start, n_steps=5)
    assert start.tolist() == [1.0, 2.0]


# ---- train


def small_model():
    return Sequential([Dense(1, 4), Dense(4, 1)])


def data_of(n=23):
    return line(rng_of(0), n, test_size=0.2)


def run(rng, params=None, optimizer=None, data=None, **changes):
    model = small_model()
    settings = {"epochs": 3, "batch_size": 5} | changes
    params = model.init(rng_of(1)) if params is None else params
    return train(model, params, mse, optimizer or SGD(0.05), data or data_of(), rng=rng, **settings)


def test_full_batch_training_of_a_line_is_descent_on_least_squares():
    data = data_of()
    X = np.hstack([data.x_train, np.ones_like(data.x_train)])
    path = descend(least_squares(X, data.y_train[:, 0]), SGD(0.1), [0.7, -0.2], n_steps=50)
    params = {"W": np.array([[0.7]]), "b": np.array([-0.2])}
    n = len(data.x_train)
    params, history = train(Dense(1, 1), params, mse, SGD(0.1), data, epochs=50, batch_size=n, rng=rng_of(0))
    np.testing.assert_allclose([params["W"].item(), params["b"].item()], path.points[-1], rtol=1e-12)
    np.testing.assert_allclose(history.train_loss, path.losses, rtol=1e-12)
    np.testing.assert_allclose(history.batch_loss, path.losses[:-1], rtol=1e-12)


def test_chapter_one_by_hand():
    x, y = np.array([[1.0], [2.0], [3.0]]), np.array([[2.5], [4.5], [6.5]])
    data = Dataset("three points", x, y, np.array([[4.0]]), np.array([[8.5]]))
    start = {"W": np.zeros((1, 1)), "b": np.zeros(1)}
    params, history = train(Dense(1, 1), start, mse, SGD(0.1), data, epochs=2000, batch_size=3, rng=rng_of(0))
    assert params["W"].item() == pytest.approx(2.0)
    assert params["b"].item() == pytest.approx(0.5)
    assert history.validation_loss[-1] == pytest.approx(0, abs=1e-12)


def test_sizes_of_the_history_and_the_short_last_batch():
    data = data_of()  # 18 to train on: batches of 5, 5, 5 and 3
    seen = []
    _, history = run(rng_of(0), data=data, callback=lambda k, params: seen.append(k))
    assert history.batch_loss.shape == (12,)
    assert history.train_loss.shape == history.validation_loss.shape == (4,)
    assert seen == list(range(1, 13))
    assert history.diverged_at == -1


class Spy(Dense):
    """A layer that notes which samples it is shown while training."""

    def __init__(self):
        super().__init__(1, 1)
        self.shown = []

    def forward(self, params, x, *, train=False, rng=None):
        if train:
            self.shown.append(x[..., 0].copy())
        return super().forward(params, x, train=train, rng=rng)


def shown_samples(rng, runs=(), **settings):
    spy = Spy()
    x = np.arange(7.0)[:, None]
    data = Dataset("numbers", x, 0 * x, x, 0 * x)
    train(spy, spy.init(rng_of(0), runs), mse, SGD(1e-6), data, batch_size=3, rng=rng, **settings)
    return spy.shown


def test_every_epoch_shows_every_sample_once_in_a_new_order():
    shown = shown_samples(rng_of(0), epochs=2)
    assert [len(batch) for batch in shown] == [3, 3, 1, 3, 3, 1]
    first, second = np.concatenate(shown[:3]), np.concatenate(shown[3:])
    assert sorted(first) == sorted(second) == list(range(7))
    assert first.tolist() != second.tolist()
    assert first.tolist() != sorted(first)


def test_without_shuffling_samples_come_as_they_stand():
    assert np.concatenate(shown_samples(rng_of(0), epochs=1, shuffle=False)).tolist() == list(range(7))


def test_one_generator_shows_all_runs_one_order_and_a_list_each_its_own():
    shared = shown_samples(rng_of(0), runs=(2,), epochs=1)
    assert all(batch.ndim == 1 for batch in shared)
    own = np.concatenate(shown_samples([rng_of(0), rng_of(1)], runs=(2,), epochs=1), axis=-1)
    assert own.shape == (2, 7)
    assert own[0].tolist() != own[1].tolist()
    for row, seed in zip(own, (0, 1)):
        assert row.tolist() == np.concatenate(shown_samples(rng_of(seed), epochs=1)).tolist()


@pytest.mark.parametrize("own_order", [False, True])
def test_a_batched_training_equals_one_run_at_a_time(own_order):
    model, rates = small_model(), np.array([0.01, 0.05, 40.0, 0.1])  # the third diverges
    params = model.init(rng_of(1), runs=(4,))
    rngs = [rng_of(i) for i in range(4)] if own_order else rng_of(0)
    together, history = run(rngs, params, SGD(rates))
    for i in range(4):
        alone_params = tree_map(lambda p, i=i: p[i], params)
        alone, alone_history = run(rng_of(i if own_order else 0), alone_params, SGD(rates[i]))
        for a, b in zip(tree_leaves(together), tree_leaves(alone), strict=True):
            np.testing.assert_array_equal(a[i], b)
        for name in ("batch_loss", "train_loss", "validation_loss"):
            np.testing.assert_array_equal(getattr(history, name)[:, i], getattr(alone_history, name))
        assert history.diverged_at[i] == alone_history.diverged_at
    assert (history.diverged_at >= 0).tolist() == [False, False, True, False]


def test_one_set_of_parameters_spreads_over_many_rates():
    together, _ = run(rng_of(0), optimizer=SGD(np.array([0.01, 0.1])))
    assert together[0]["W"].shape == (2, 1, 4)
    alone, _ = run(rng_of(0), optimizer=SGD(0.1))
    np.testing.assert_array_equal(together[0]["W"][1], alone[0]["W"])


def test_one_set_of_parameters_spreads_over_many_orders():
    _, history = run([rng_of(0), rng_of(1), rng_of(2)])
    assert history.batch_loss.shape == (12, 3)
    assert len(np.unique(history.batch_loss[0])) == 3


@pytest.mark.parametrize("lr", [10.0, 1e3, 1e200])
def test_a_diverging_training_is_held_and_reported(lr):
    seen = []
    params, history = run(
        rng_of(0), optimizer=SGD(lr), epochs=60, callback=lambda k, params: seen.append(params)
    )
    at = int(history.diverged_at)
    assert at > 0
    for losses in (history.batch_loss, history.train_loss, history.validation_loss):
        assert np.isfinite(losses).all()
    assert (history.batch_loss[at:] == history.batch_loss[at - 1]).all()
    assert all(np.isfinite(p).all() for p in tree_leaves(params))
    assert all(np.array_equal(a, b) for a, b in zip(tree_leaves(seen[-1]), tree_leaves(params)))
    assert f"diverged at step {at}" in repr(history)


def test_parameters_given_are_not_changed():
    params = small_model().init(rng_of(1))
    before = tree_map(np.copy, params)
    run(rng_of(0), params)
    assert all(np.array_equal(a, b) for a, b in zip(tree_leaves(params), tree_leaves(before)))


def test_float32_stays_float32():
    params = tree_map(lambda p: p.astype(np.float32), small_model().init(rng_of(1)))
    for optimizer in (SGD(0.05), SGD(np.array([0.05, 0.1])), SGD(lambda t: np.float64(0.05))):
        trained, _ = run(rng_of(0), params, optimizer)
        assert {p.dtype for p in tree_leaves(trained)} == {np.dtype(np.float32)}


def test_no_epochs_measure_only():
    _, history = run(rng_of(0), epochs=0)
    assert history.batch_loss.shape == (0,)
    assert history.train_loss.shape == (1,)


def test_the_same_seed_gives_the_same_training():
    first, again = (run(rng_of(7))[1].batch_loss for _ in range(2))
    np.testing.assert_array_equal(first, again)
