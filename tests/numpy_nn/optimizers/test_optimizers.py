"""Learning rates that are arrays or schedules; clipping, over one run each; chains."""

import dataclasses

import numpy as np
import pytest

from course_lib.core import runs_shape
from course_lib.datasets import line
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD, Chain, ClipByNorm, ClipByValue, for_each_run
from course_lib.numpy_nn.training import descend, train
from course_lib.surfaces import quadratic
from tests.registry import OPTIMIZERS, by_name


def test_a_schedule_is_asked_for_the_updates_made_so_far():
    asked = []
    sgd = SGD(lr=lambda t: asked.append(t) or 1 / (t + 1))
    asked.clear()  # the first value is looked at once, when the optimizer is made
    state, steps = sgd.init(np.zeros(1)), []
    for _ in range(3):
        step, state = sgd.update(np.ones(1), state, np.zeros(1))
        steps.append(step.item())
    assert asked == [0, 1, 2]
    np.testing.assert_allclose(steps, [-1, -1 / 2, -1 / 3])


@pytest.mark.parametrize("row", **by_name(OPTIMIZERS))
def test_every_optimizer_asks_for_the_updates_made_so_far(row):
    asked = []
    optimizer = row.numpy(**row.settings | {"lr": lambda t: asked.append(t) or 0.1})
    state = optimizer.init(np.ones(2))
    asked.clear()
    for _ in range(4):
        _, state = optimizer.update(np.ones(2), state, np.ones(2))
    assert asked == sorted(asked)
    assert set(asked) == {0, 1, 2, 3}  # some ask twice


@pytest.mark.parametrize("row", **by_name(OPTIMIZERS))
def test_hyperparameters_are_fixed_once_an_optimizer_is_made(row):
    optimizer = row.numpy(**row.settings)
    for field in dataclasses.fields(optimizer):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(optimizer, field.name, 0.5)


def test_a_warmup_may_start_at_zero():
    assert SGD(lr=lambda t: 0.1 * t).update(np.ones(2), SGD(0.1).init(None), None)[0].tolist() == [0, 0]


def test_replace_serves_a_slider():
    assert dataclasses.replace(SGD(0.1), lr=0.2) == SGD(0.2)


def test_a_list_of_rates_becomes_an_array():
    assert SGD([0.1, 0.2]).lr.tolist() == [0.1, 0.2]


def clip(op, grads):
    return op.update(grads, op.init(grads), grads)[0]


def test_a_norm_is_that_of_all_parameters_and_keeps_the_direction():
    grads = [{"W": np.array([[3.0], [0.0]]), "b": np.array([4.0])}]
    clipped = clip(ClipByNorm(1.0), grads)
    np.testing.assert_allclose(clipped[0]["W"].ravel(), [0.6, 0], rtol=1e-6)
    np.testing.assert_allclose(clipped[0]["b"], [0.8], rtol=1e-6)
    np.testing.assert_array_equal(clip(ClipByNorm(6.0), grads)[0]["W"], grads[0]["W"])


def test_clipping_by_value_turns_the_direction():
    np.testing.assert_array_equal(clip(ClipByValue(1.0), np.array([3.0, -4.0, 0.5])), [1, -1, 0.5])


def test_each_run_has_a_norm_of_its_own_in_a_descent_and_in_a_training():
    optimizer = Chain([ClipByNorm(1.0), SGD(0.1)])
    starts = np.array([[100.0, 0.0], [0.0, 0.01], [3.0, 4.0]])
    together = descend(quadratic((1.0, 1.0)), optimizer, starts, n_steps=5)
    for i, start in enumerate(starts):
        alone = descend(quadratic((1.0, 1.0)), optimizer, start, n_steps=5)
        np.testing.assert_array_equal(together.points[:, i], alone.points)
    data, rng_of = line(np.random.default_rng(0), 20), np.random.default_rng
    params = {"W": np.array([[[50.0]], [[1.0]]]), "b": np.zeros((2, 1))}
    settings = {"epochs": 3, "batch_size": 4}
    together, _ = train(Dense(1, 1), params, mse, optimizer, data, rng=rng_of(1), **settings)
    for i in range(2):
        own = {name: p[i] for name, p in params.items()}
        alone, _ = train(Dense(1, 1), own, mse, optimizer, data, rng=rng_of(1), **settings)
        np.testing.assert_array_equal(together["W"][i], alone["W"])
        np.testing.assert_array_equal(together["b"][i], alone["b"])


def test_a_clip_after_the_optimizer_limits_the_step():
    chain = Chain([SGD(10.0), ClipByNorm(0.5)])
    step, _ = chain.update(np.array([3.0, 4.0]), chain.init(np.zeros(2)), np.zeros(2))
    np.testing.assert_allclose(np.linalg.norm(step), 0.5, rtol=1e-6)


def test_a_chain_knows_its_runs_and_passes_the_state_on():
    chain = Chain([ClipByNorm(1.0), SGD(np.array([0.1, 0.2]))])
    assert runs_shape(chain) == (2,)
    assert runs_shape(for_each_run(chain, (2,)).ops[0]) == (2,)
    _, state = chain.update(np.ones((2, 1)), chain.init(np.ones((2, 1))), np.ones((2, 1)))
    assert state.states[1].t == 1


def test_a_gradient_of_zero_stays_zero():
    np.testing.assert_array_equal(clip(ClipByNorm(1.0), np.zeros(3)), np.zeros(3))
