"""What every layer, loss and optimizer of the registry must do: gradients, runs axis, dtype."""

import numpy as np
import pytest

from course_lib.core import tree_leaves, tree_map
from course_lib.numpy_nn.gradients import check_gradients
from tests.registry import LAYERS, LOSSES, OPTIMIZERS, by_name, draw_params

each_layer = pytest.mark.parametrize("row", **by_name(LAYERS))
each_loss = pytest.mark.parametrize("row", **by_name(LOSSES))
each_optimizer = pytest.mark.parametrize("row", **by_name(OPTIMIZERS))

RUNS = [(), (3,), (2, 3)]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def assert_trees_equal(actual, expected):
    for a, b in zip(tree_leaves(actual), tree_leaves(expected), strict=True):
        np.testing.assert_array_equal(a, b)


# ---- gradients by hand against differences


@pytest.mark.parametrize("runs", RUNS)
@each_layer
def test_layer_gradients(row, runs, rng):
    params = draw_params(row, rng, runs)
    for x in (rng.normal(size=row.x_shape), rng.normal(size=(*runs, *row.x_shape))):
        assert check_gradients(row.numpy, params, x, rng=rng, train=row.train) < 1e-7


@pytest.mark.parametrize("runs", RUNS)
@each_loss
def test_loss_gradients(row, runs, rng):
    assert check_gradients(row.numpy, *row.draw(rng, runs), rng=rng) < 1e-7


# ---- row i of a batched call equals the call on row i alone


@pytest.mark.parametrize("own_x", [False, True])
@each_layer
def test_layers_keep_runs_apart(row, own_x, rng):
    params = draw_params(row, rng, runs=(3,))
    x = rng.normal(size=(3, *row.x_shape) if own_x else row.x_shape)
    y, cache = row.numpy.forward(params, x, train=row.train)
    has_runs = own_x or tree_leaves(params)  # otherwise the runs begin in a later layer
    dy = rng.normal(size=y.shape if has_runs else (3, *y.shape))
    dx, grads = row.numpy.backward(params, cache, dy)
    for i in range(3):
        alone = tree_map(lambda p, i=i: p[i], params)
        y_i, cache_i = row.numpy.forward(alone, x[i] if own_x else x, train=row.train)
        dx_i, grads_i = row.numpy.backward(alone, cache_i, dy[i])
        np.testing.assert_array_equal(y[i] if has_runs else y, y_i)
        np.testing.assert_array_equal(dx[i], dx_i)
        assert_trees_equal(tree_map(lambda g, i=i: g[i], grads), grads_i)


@each_loss
def test_losses_keep_runs_apart(row, rng):
    pred, target = row.draw(rng, (3,))
    shared = target[0]
    for i in range(3):
        assert row.numpy.value(pred, target)[i] == row.numpy.value(pred[i], target[i])
        assert row.numpy.value(pred, shared)[i] == row.numpy.value(pred[i], shared)
        np.testing.assert_array_equal(row.numpy.grad(pred, target)[i], row.numpy.grad(pred[i], target[i]))


@each_optimizer
def test_optimizers_keep_runs_apart(row, rng):
    params = [{"W": rng.normal(size=(3, 4, 2)), "b": rng.normal(size=(3, 2))}]
    gradients = [tree_map(lambda p: rng.normal(size=p.shape), params) for _ in range(10)]

    def ten_steps(optimizer, params, gradients):
        state = optimizer.init(params)
        for grads in gradients:
            step, state = optimizer.update(grads, state, params)
            params = tree_map(np.add, params, step)
        return params

    together = ten_steps(row.numpy(**row.many), params, gradients)
    for i in range(3):
        optimizer = row.numpy(**{name: values[i] for name, values in row.many.items()})
        pick = lambda tree, i=i: tree_map(lambda a: a[i], tree)  # noqa: E731
        alone = ten_steps(optimizer, pick(params), [pick(g) for g in gradients])
        assert_trees_equal(pick(together), alone)


# ---- float64 by default, the parameters' dtype otherwise


@each_layer
def test_parameters_are_float64(row, rng):
    assert {p.dtype for p in tree_leaves(row.numpy.init(rng))} <= {np.dtype(np.float64)}


def as_float32(tree):
    return tree_map(lambda a: np.asarray(a, dtype=np.float32), tree)


@each_layer
def test_layers_stay_in_float32(row, rng):
    params = as_float32(draw_params(row, rng))
    x = rng.normal(size=row.x_shape)  # float64 on purpose, where the parameters decide
    y, cache = row.numpy.forward(params, x if tree_leaves(params) else as_float32(x), train=row.train)
    dx, grads = row.numpy.backward(params, cache, y)
    assert {a.dtype for a in [y, dx, *tree_leaves(grads)]} == {np.dtype(np.float32)}


@each_loss
def test_losses_stay_in_float32(row, rng):
    pred, target = row.draw(rng, (3,))
    pred = as_float32(pred)
    assert row.numpy.value(pred, target).dtype == np.float32
    assert row.numpy.grad(pred, target).dtype == np.float32


@each_optimizer
def test_optimizers_stay_in_float32(row, rng):
    params = as_float32({"W": rng.normal(size=(3, 4, 2))})
    for settings in (row.settings, row.many):
        optimizer = row.numpy(**settings)
        step, _ = optimizer.update(params, optimizer.init(params), params)
        assert step["W"].dtype == np.float32
