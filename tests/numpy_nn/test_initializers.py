"""The scale and the shape of starting weights, in both packages."""

import numpy as np
import pytest
import torch

from tests.registry import INITIALIZERS, by_name

N_IN, N_OUT = 300, 200  # unequal, so that fan-in and fan-out cannot be exchanged

each = pytest.mark.parametrize("row", **by_name(INITIALIZERS))


def draws(row):
    generator = torch.Generator().manual_seed(0)
    yield row.numpy(np.random.default_rng(0), N_IN, N_OUT)
    yield row.torch(torch.empty(N_IN, N_OUT, dtype=torch.float64), generator=generator).numpy()


@each
def test_mean_and_standard_deviation(row):
    std = row.std(N_IN, N_OUT)
    for W in draws(row):
        assert W.shape == (N_IN, N_OUT)
        assert W.mean() == pytest.approx(0, abs=5 * std / np.sqrt(W.size))
        assert W.std() == pytest.approx(std, rel=0.02)


@pytest.mark.parametrize("row", **by_name([row for row in INITIALIZERS if row.bound]))
def test_uniform_draws_reach_their_bound_and_no_farther(row):
    bound = row.bound(N_IN, N_OUT)
    for W in draws(row):
        assert 0.999 * bound < np.abs(W).max() <= bound


@each
def test_runs_are_independent_draws(row):
    W = row.numpy(np.random.default_rng(0), 4, 3, runs=(2, 5))
    assert W.shape == (2, 5, 4, 3)
    if row.std(4, 3):
        assert len(np.unique(W)) == W.size


@each
def test_the_generator_decides(row):
    first, again = (row.numpy(np.random.default_rng(0), 4, 3) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    first, again = (
        row.torch(torch.empty(4, 3), generator=torch.Generator().manual_seed(0)) for _ in range(2)
    )
    assert torch.equal(first, again)
