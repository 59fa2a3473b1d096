"""Many runs in chunks: the numbers are those of all at once, and of each run alone."""

import numpy as np
import pytest

from course_lib.core import select_runs, tree_leaves, tree_map
from course_lib.datasets import Dataset
from course_lib.numpy_nn.layers import BatchNorm, Dense, Dropout, Sequential, mlp
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import chunks, train
from course_lib.schedules import EarlyStopping

rng_of = np.random.default_rng
RUNS = (2, 5)
RATES = rng_of(9).uniform(0.01, 0.1, RUNS)
RATES[1, 2] = 1e4  # diverges


def data_of(n=24):
    x = rng_of(0).normal(size=(n, 2))
    y = np.sin(x[:, :1]) + x[:, 1:]
    return Dataset("waves", x[:-6], y[:-6], x[-6:], y[-6:])


def noisy_model():
    return Sequential([Dense(2, 6), BatchNorm(6), Dropout(0.3), Dense(6, 1)])


def run(model, params, optimizer, rng):
    return train(model, params, mse, optimizer, data_of(), epochs=3, batch_size=5, rng=rng)


def own_rngs():
    return [[rng_of((i, j)) for j in range(RUNS[1])] for i in range(RUNS[0])]


def assert_equal(first, other):
    """Equal parameters and histories of two trainings."""
    for a, b in zip(tree_leaves(first[0]), tree_leaves(other[0]), strict=True):
        np.testing.assert_array_equal(a, b)
    for name in ("batch_loss", "train_loss", "validation_loss", "diverged_at"):
        np.testing.assert_array_equal(getattr(first[1], name), getattr(other[1], name))


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "NUMBERS_AT_ONCE", 60)  # chunks of one to three runs


@pytest.mark.parametrize("rates", [RATES, lambda t: RATES / (t + 1)])
@pytest.mark.parametrize("own", [False, True])
def test_chunks_change_nothing(own, rates, monkeypatch):
    model = mlp([2, 4, 1])
    params = model.init(rng_of(1), RUNS)
    whole = run(model, params, SGD(rates), own_rngs() if own else rng_of(5))
    monkeypatch.setattr(chunks, "NUMBERS_AT_ONCE", 60)
    parts = list(chunks.chunks(params, SGD(rates), rng_of(5), RUNS, split=True))
    assert [part.runs for part in parts] == [(3,), (3,), (3,), (1,)]
    assert_equal(whole, run(model, params, SGD(rates), own_rngs() if own else rng_of(5)))


@pytest.mark.usefixtures("small_chunks")
def test_a_run_in_company_is_the_run_alone_with_dropout_and_batch_norm():
    model = noisy_model()
    params = model.init(rng_of(1), RUNS)
    params_together, history = run(model, params, SGD(RATES), own_rngs())
    for i, j in np.ndindex(RUNS):
        alone = run(model, tree_map(lambda p, i=i, j=j: p[i, j], params), SGD(RATES[i, j]), rng_of((i, j)))
        for a, b in zip(tree_leaves(params_together), tree_leaves(alone[0]), strict=True):
            np.testing.assert_array_equal(a[i, j], b)
        np.testing.assert_array_equal(history.train_loss[:, i, j], alone[1].train_loss)
    assert (history.diverged_at >= 0).sum() == 1
    assert all(np.isfinite(p).all() for p in tree_leaves(params_together))


def test_updates_are_counted_to_the_end_of_the_run_that_stops_last(monkeypatch):
    model, rule, counts = mlp([2, 4, 1]), EarlyStopping([1, 40, 2, 2, 1, 1]), []
    params = tree_map(lambda p: np.repeat(p[None], 6, axis=0), model.init(rng_of(1)))
    settings = {"epochs": 50, "batch_size": 5, "early_stopping": rule}
    for size in (60, 10_000):  # in chunks, and all at once
        monkeypatch.setattr(chunks, "NUMBERS_AT_ONCE", size)
        history = train(model, params, mse, SGD(0.2), data_of(), rng=rng_of(0), **settings)[1]
        counts.append(history.n_updates.tolist())
        assert len(history.train_loss) == len(history.n_updates)
        assert len(history.batch_loss) == history.n_updates[-1]
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("small_chunks")
def test_runs_of_one_generator_throw_their_own_dice():
    model = noisy_model()
    params = tree_map(lambda p: np.repeat(p[None], 6, axis=0), model.init(rng_of(1)))
    _, history = run(model, params, SGD(0.05), rng_of(0))
    assert len(np.unique(history.batch_loss[0])) == 6  # equal at the start but for what is dropped


def test_noise_does_not_change_the_order():
    losses = []
    for p in (0.0, 0.4):
        seen = []
        model = Sequential([Dropout(p), Dense(2, 1)])

        class Spy(Sequential):
            def forward(self, params, x, *, train=False, rng=None):
                if train:
                    seen.append(x)  # noqa: B023
                return super().forward(params, x, train=train, rng=rng)

        spy = Spy(model.layers)
        run(spy, spy.init(rng_of(1)), SGD(0.05), rng_of(0))
        losses.append(np.concatenate(seen))
    np.testing.assert_array_equal(*losses)


def test_a_generator_moves_on_alike_with_chunks_and_without(monkeypatch):
    model, after = mlp([2, 4, 1]), []
    for size in (60, 10_000):
        monkeypatch.setattr(chunks, "NUMBERS_AT_ONCE", size)
        rng = rng_of(0)
        run(model, model.init(rng_of(1), RUNS), SGD(0.1), rng)
        after.append(rng.random())
    assert after[0] == after[1]


def test_select_runs_takes_what_belongs_to_them():
    part = slice(4, 7)
    picked = select_runs(SGD(RATES), RUNS, part)
    np.testing.assert_array_equal(picked.lr, RATES.ravel()[part])
    np.testing.assert_array_equal(select_runs(SGD(RATES[:, :1]), RUNS, part).lr, RATES[[0, 1, 1], 0])
    assert select_runs((SGD(0.1), 3), RUNS, part) == (SGD(0.1), 3)
    np.testing.assert_array_equal(select_runs(lambda t: RATES * t, RUNS, part)(2), 2 * RATES.ravel()[part])
    assert select_runs(SGD(abs), RUNS, part).lr is abs


class OwnBackward(Dense):
    def backward(self, params, cache, dy):
        return dy, {"W": np.zeros_like(params["W"]), "b": np.zeros_like(params["b"])}


@pytest.mark.parametrize("model", [OwnBackward(2, 1), Sequential([OwnBackward(2, 1)])])
def test_a_layer_with_a_backward_of_its_own_is_trained_with_it(model):
    params = model.init(rng_of(0))
    trained, _ = run(model, params, SGD(0.1), rng_of(0))
    for a, b in zip(tree_leaves(trained), tree_leaves(params)):
        np.testing.assert_array_equal(a, b)
