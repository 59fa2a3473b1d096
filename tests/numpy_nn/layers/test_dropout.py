"""Dropout: how much is dropped, what becomes of the rest, and whose dice are thrown."""

import numpy as np
import pytest
import torch

from course_lib.numpy_nn.activations import tanh
from course_lib.numpy_nn.gradients import check_gradients
from course_lib.numpy_nn.layers import Activate, Dense, Dropout, Residual, Sequential
from course_lib.torch_nn.layers import Dropout as TorchDropout

P = 0.3
rng_of = np.random.default_rng


def dropped_by_numpy(x):
    return Dropout(P).forward({}, x, train=True, rng=rng_of(0))[0]


def dropped_by_torch(kind):
    def drop(x):
        torch.manual_seed(0)
        return kind(P)(torch.tensor(x)).numpy()

    return drop


@pytest.mark.parametrize(
    "drop", [dropped_by_numpy, dropped_by_torch(TorchDropout), dropped_by_torch(torch.nn.Dropout)]
)
def test_the_share_p_is_dropped_and_the_mean_is_kept(drop):
    x = rng_of(1).normal(loc=1, size=(500, 400))
    y = drop(x)
    assert np.mean(y == 0) == pytest.approx(P, abs=5e-3)
    np.testing.assert_allclose(y[y != 0], x[y != 0] / (1 - P))
    assert y.mean() == pytest.approx(x.mean(), abs=0.01)


def test_trained_nothing_is_dropped():
    x = rng_of(0).normal(size=(4, 3))
    dropout = Dropout(P)
    y, cache = dropout.forward({}, x)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(dropout.backward({}, cache, x)[0], x)
    assert torch.equal(TorchDropout(P).eval()(torch.tensor(x)), torch.tensor(x))


def test_the_gradient_passes_where_the_entry_passed():
    dropout, x = Dropout(P), rng_of(0).normal(size=(6, 5))
    y, cache = dropout.forward({}, x, train=True, rng=rng_of(1))
    np.testing.assert_allclose(dropout.backward({}, cache, x)[0], y)
    model = Sequential([Dense(5, 8), Dropout(P), Activate(tanh), Dropout(0.5), Dense(8, 2)])
    params = model.init(rng_of(2), runs=(3,))
    assert check_gradients(model, params, x, rng=rng_of(3), train=True) < 1e-7


def test_each_run_throws_its_own_dice_in_company_as_alone():
    dropout, x = Dropout(P), rng_of(0).normal(size=(2, 3, 6, 5))
    rngs = [[rng_of((i, j)) for j in range(3)] for i in range(2)]
    together, _ = dropout.forward({}, x, train=True, rng=rngs)
    for i, j in np.ndindex(2, 3):
        alone, _ = dropout.forward({}, x[i, j], train=True, rng=rng_of((i, j)))
        np.testing.assert_array_equal(together[i, j], alone)
    assert len(np.unique(together == 0, axis=0)) == 2


def test_float32_stays_float32():
    x = np.ones((4, 3), np.float32)
    y, cache = Dropout(P).forward({}, x, train=True, rng=rng_of(0))
    assert y.dtype == Dropout(P).backward({}, cache, x)[0].dtype == np.float32


def test_the_generator_decides_in_pytorch():
    x = torch.ones(50)
    first, again = (TorchDropout(P, generator=torch.Generator().manual_seed(0))(x) for _ in range(2))
    assert torch.equal(first, again)
    assert repr(TorchDropout(P)) == repr(Dropout(P)) == "Dropout(0.3)"


def test_nothing_is_dropped_unless_a_training_is_asked_for():
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(Dropout(0.5).forward({}, x)[0], x)
    np.testing.assert_array_equal(Sequential([Dropout(0.5)]).forward([{}], x)[0], x)
    np.testing.assert_array_equal(Residual(Dropout(0.5)).forward({}, x)[0], 2 * x)
