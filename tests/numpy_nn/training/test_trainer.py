"""What a training can do beside following its gradient, for many runs as for each alone."""

import dataclasses

import numpy as np
import pytest

from course_lib.core import tree_leaves, tree_map
from course_lib.datasets import Dataset
from course_lib.numpy_nn import regularizers
from course_lib.numpy_nn.layers import BatchNorm, Dense, Dropout, Sequential, mlp
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD, Momentum
from course_lib.numpy_nn.training import chunks, start_training, train
from course_lib.schedules import EarlyStopping, ReduceOnPlateau

rng_of = np.random.default_rng
MODEL = mlp([2, 6, 1])
RATES = np.array([0.3, 0.02, 1e4, 0.1, 0.2])  # the third diverges
SERIES = ("batch_loss", "train_loss", "validation_loss")


def data_of(n=30, noise=0.5):
    x = rng_of(0).normal(size=(n, 2))
    y = np.sin(x[:, :1]) + x[:, 1:] + noise * rng_of(1).normal(size=(n, 1))
    return Dataset("waves", x[:-8], y[:-8], x[-8:], y[-8:])


def run(params=None, optimizer=None, rng=None, model=MODEL, **changes):
    settings = {"epochs": 12, "batch_size": 5} | changes
    params = model.init(rng_of(1)) if params is None else params
    optimizer, rng = optimizer or SGD(0.1), rng or rng_of(2)
    return train(model, params, mse, optimizer, data_of(), rng=rng, **settings)


def jitter(x, rng):
    return x + 0.1 * rng.normal(size=x.shape)


def assert_close(first, other, rtol=1e-12):
    for a, b in zip(tree_leaves(first[0]), tree_leaves(other[0]), strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol)
    for name in SERIES:
        np.testing.assert_allclose(getattr(first[1], name), getattr(other[1], name), rtol=rtol)


OPTIONS = {
    "regularizer": lambda i: {"regularizer": regularizers.L2(np.linspace(0, 0.5, 5)[i])},
    "early_stopping": lambda i: {
        "early_stopping": EarlyStopping(np.array([1, 3, 2, 5, 40])[i], np.array([0.0, 0.0, 0.0, 0.1, 0.0])[i])
    },
    "plateau": lambda i: {"plateau": ReduceOnPlateau(np.linspace(0.1, 0.5, 5)[i], patience=1)},
    "accumulate": lambda i: {"accumulate": 3, "batch_size": 2},
    "growing": lambda i: {"batch_size": lambda epoch: min(2 + epoch, 22)},
    "augment": lambda i: {"augment": jitter},
}


@pytest.mark.parametrize("own_order", [False, True])
@pytest.mark.parametrize("size", [10, 10_000])  # parameters in a chunk: one run, or all five
@pytest.mark.parametrize("option", OPTIONS)
def test_each_run_is_the_run_alone(option, size, own_order, monkeypatch):
    monkeypatch.setattr(chunks, "NUMBERS_AT_ONCE", size)
    params = MODEL.init(rng_of(1), runs=(5,))
    rngs = [rng_of(i) for i in range(5)] if own_order else rng_of(2)
    together, history = run(params, SGD(RATES), rngs, **OPTIONS[option](slice(None)))
    for i in range(5):
        rng = rng_of(i) if own_order else rng_of(2)
        mine = tree_map(lambda p, i=i: p[i], params)
        alone, alone_history = run(mine, SGD(RATES[i]), rng, **OPTIONS[option](i))
        for a, b in zip(tree_leaves(together), tree_leaves(alone), strict=True):
            np.testing.assert_array_equal(a[i], b)
        for name in (*SERIES, "step_scale"):
            series = getattr(history, name)
            if series is None:
                continue
            one = getattr(alone_history, name)  # shorter, where it stopped before the others
            np.testing.assert_array_equal(series[: len(one), i], one)
            np.testing.assert_array_equal(series[len(one) :, i], np.repeat(one[-1:], len(series) - len(one)))
        for name in ("diverged_at", "best_epoch", "stopped_at"):
            if getattr(history, name) is not None:
                assert getattr(history, name)[i] == getattr(alone_history, name)
    assert (history.diverged_at >= 0).tolist() == [False, False, True, False, False]
    assert all(np.isfinite(p).all() for p in tree_leaves(together))


@pytest.mark.parametrize("optimizer", [SGD(0.1), Momentum(0.05, 0.9)])
@pytest.mark.parametrize("own_order", [False, True])
def test_micro_batches_make_the_big_batch(optimizer, own_order):
    params = MODEL.init(rng_of(1), runs=(2,))

    def rng():
        return [rng_of(0), rng_of(1)] if own_order else rng_of(0)

    big = run(params, optimizer, rng(), batch_size=9)  # 22 samples: batches of 9, 9 and 4
    assert_close(run(params, optimizer, rng(), batch_size=3, accumulate=3), big)  # 4 = 3 + 1
    assert_close(
        run(params, optimizer, rng(), batch_size=3, accumulate=3, augment=jitter),
        run(params, optimizer, rng(), batch_size=9, augment=jitter),
    )


def test_micro_batches_are_all_remembered_by_batch_norm():
    model = Sequential([BatchNorm(2, momentum=0.5)])
    params = model.init(rng_of(0))
    data = data_of()
    settings = {"epochs": 1, "batch_size": 11, "accumulate": 2, "shuffle": False, "rng": rng_of(0)}
    target = Dataset("itself", data.x_train, data.x_train, data.x_test, data.x_test)
    trained, _ = train(model, params, mse, SGD(0.1), target, **settings)
    first, second = data.x_train[:11].mean(axis=0), data.x_train[11:].mean(axis=0)
    np.testing.assert_allclose(trained[0]["running_mean"], first / 4 + second / 2)


def test_the_best_weights_come_back_and_the_series_end():
    params, history = run(optimizer=SGD(0.3), epochs=300, early_stopping=EarlyStopping(5))
    best = int(np.argmin(history.validation_loss[1:])) + 1
    assert 0 < history.best_epoch == best
    assert history.stopped_at == best + 5 == len(history.train_loss) - 1
    assert len(history.batch_loss) == history.n_updates[-1] == 5 * history.stopped_at
    pred, _ = MODEL.forward(params, data_of().x_test)
    assert mse.value(pred, data_of().y_test) == history.validation_loss[best]
    assert f"stopped after epoch {best + 5}, best epoch {best}" in repr(history)
    plain, _ = run(optimizer=SGD(0.3), epochs=best)  # training so far, and no farther
    for a, b in zip(tree_leaves(params), tree_leaves(plain), strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_a_stop_the_best_weights_come_back_too():
    params, history = run(optimizer=SGD(0.3), epochs=20, early_stopping=EarlyStopping(100))
    assert history.stopped_at == -1
    pred, _ = MODEL.forward(params, data_of().x_test)
    assert (
        mse.value(pred, data_of().y_test) == history.validation_loss[1:].min() < history.validation_loss[-1]
    )


def test_what_starts_beyond_all_numbers_diverged_and_did_not_stop():
    params = tree_map(lambda p: np.stack([p, np.full_like(p, np.inf)]), MODEL.init(rng_of(1)))
    with np.errstate(all="ignore"):
        _, history = run(params, epochs=4, early_stopping=EarlyStopping(1))
    assert history.diverged_at.tolist()[1] == 0
    assert history.stopped_at.tolist()[1] == -1


def test_a_training_that_diverges_keeps_its_best_weights():
    rule = EarlyStopping(50)
    params, history = run(optimizer=SGD(lambda t: 0.1 if t < 20 else 1e3), epochs=60, early_stopping=rule)
    assert history.diverged_at > 20
    assert 1 <= history.best_epoch <= 5
    assert history.stopped_at == -1
    pred, _ = MODEL.forward(params, data_of().x_test)
    assert mse.value(pred, data_of().y_test) == history.validation_loss[history.best_epoch]
    assert len(history.train_loss) < 61  # nobody is left to wait for


def test_the_penalty_pulls_and_is_not_in_the_losses():
    lam, data = 0.3, data_of()
    x = np.hstack([data.x_train, np.ones((22, 1))])
    model = Dense(2, 1)
    params, history = run(model.init(rng_of(0)), SGD(0.1), model=model, epochs=1500, batch_size=22,
                          regularizer=regularizers.L2(lam))  # fmt: skip
    penalty = regularizers.L2(lam).grad({"W": np.ones((2, 1)), "b": np.ones(1)})["W"][0, 0]  # per unit of w
    normal = 2 / 22 * x.T @ x + np.diag([penalty, penalty, 0])  # ridge regression, its bias left out
    ridge = np.linalg.solve(normal, 2 / 22 * x.T @ data.y_train)
    np.testing.assert_allclose(np.vstack([params["W"], params["b"]]), ridge, rtol=1e-10)
    np.testing.assert_allclose(history.train_loss[-1], np.mean((x @ ridge - data.y_train) ** 2), rtol=1e-10)


def test_growing_batches_have_fewer_updates():
    _, history = run(batch_size=lambda epoch: 2 * 2**epoch, epochs=4)
    assert history.n_updates.tolist() == [0, 11, 17, 20, 22]
    assert len(history.batch_loss) == 22


def test_a_plateau_scales_the_steps_from_the_next_epoch_on():
    _, history = run(optimizer=SGD(0.3), epochs=40, plateau=ReduceOnPlateau(0.1, patience=2))
    scale = history.step_scale
    assert scale[0] == 1 > scale[-1]
    first = int(np.argmax(scale < 1))
    rule = ReduceOnPlateau(0.1, patience=2)
    state, replayed = rule.init(), [1.0]
    for loss in history.validation_loss[1:]:
        state = rule.update(loss, state)
        replayed.append(float(state.scale))
    np.testing.assert_array_equal(scale, replayed)
    in_steps = np.concatenate([[0.3] * 5 if e < first else 0.3 * scale[e] * np.ones(5) for e in range(40)])
    _, by_schedule = run(optimizer=SGD(lambda t: in_steps[min(t, 199)]), epochs=40)
    np.testing.assert_allclose(history.batch_loss, by_schedule.batch_loss, rtol=1e-10)


def test_augmentation_changes_neither_order_nor_noise_nor_evaluation():
    seen = []

    def watch(x, rng):
        seen.append(x)
        return x

    model = Sequential([Dense(2, 6), Dropout(0.4), Dense(6, 1)])
    plain, watched = run(model=model, epochs=2), run(model=model, epochs=2, augment=watch)
    assert_close(plain, watched, rtol=0)
    assert len(seen) == 10  # every batch of training, and nothing else
    np.testing.assert_array_equal(
        np.sort(np.concatenate(seen[:5]), axis=0), np.sort(data_of().x_train, axis=0)
    )


def test_a_few_updates_at_a_time_are_the_whole_training():
    settings = {"batch_size": 5, "early_stopping": EarlyStopping(3)}
    params, history = run(epochs=30, **settings)
    trainer = start_training(
        MODEL, MODEL.init(rng_of(1)), mse, SGD(0.1), data_of(), rng=rng_of(2), **settings
    )
    frames = 0
    while not trainer.finished and trainer.epoch < 30:
        trainer.advance(1 + frames % 4)
        frames += 1
    live = trainer.history()
    n = len(history.batch_loss)
    np.testing.assert_array_equal(live.batch_loss[:n], history.batch_loss)
    np.testing.assert_array_equal(live.train_loss[: len(history.train_loss)], history.train_loss)
    if trainer.finished:
        for a, b in zip(tree_leaves(trainer.best_params), tree_leaves(params), strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_live_training_that_stopped_is_held_at_its_best_weights():
    settings = {"batch_size": 5, "early_stopping": EarlyStopping(np.array([2, 5]))}
    start = MODEL.init(rng_of(1))
    trainer = start_training(MODEL, start, mse, SGD(0.3), data_of(), rng=rng_of(2), **settings)
    trainer.advance_epochs(300)
    assert trainer.finished
    updates = trainer.n_updates
    trainer.advance(5)
    assert trainer.n_updates == updates
    for now, best in zip(tree_leaves(trainer.params), tree_leaves(trainer.best_params), strict=True):
        np.testing.assert_array_equal(now, best)


def test_a_live_training_counts_and_takes_a_new_rate():
    trainer = start_training(
        MODEL, MODEL.init(rng_of(1)), mse, SGD(0.1), data_of(), batch_size=5, rng=rng_of(2)
    )
    assert (trainer.n_updates, trainer.epoch, len(trainer.history().train_loss)) == (0, 0, 1)
    trainer.advance(4)
    assert (trainer.n_updates, trainer.epoch) == (4, 0)
    trainer.advance()
    assert (trainer.n_updates, trainer.epoch, len(trainer.history().train_loss)) == (5, 1, 2)
    trainer.advance(2)
    trainer.advance_epochs(1)
    assert (trainer.n_updates, trainer.epoch) == (10, 2)
    before = trainer.params
    trainer.optimizer = dataclasses.replace(trainer.optimizer, lr=1e-300)
    trainer.advance(3)
    assert_close((before, trainer.history()), (trainer.params, trainer.history()))


def test_a_live_training_says_which_runs_diverged():
    trainer = start_training(
        MODEL, MODEL.init(rng_of(1)), mse, SGD(RATES), data_of(), rng=rng_of(2), batch_size=5
    )
    before = trainer.diverged_at
    trainer.advance_epochs(12)
    _, history = run(optimizer=SGD(RATES))
    assert (before == -1).all()
    np.testing.assert_array_equal(trainer.diverged_at, history.diverged_at)
    assert (trainer.diverged_at >= 0).tolist() == [False, False, True, False, False]
