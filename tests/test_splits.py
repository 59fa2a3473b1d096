"""Splits: nothing lost, nothing twice, rows kept together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.splits import train_test_split, train_validation_test_split

fractions = st.floats(0.01, 0.49)


@given(n=st.integers(3, 60), validation_size=fractions, test_size=fractions, seed=st.integers(0, 5))
def test_three_parts_hold_every_sample_once(n, validation_size, test_size, seed):
    rng = np.random.default_rng(seed)
    parts = train_validation_test_split(
        np.arange(n), validation_size=validation_size, test_size=test_size, rng=rng
    )
    assert sorted(np.concatenate(parts)) == list(range(n))
    assert all(len(part) > 0 for part in parts)
    for part, size in zip(parts[1:], (validation_size, test_size)):
        assert abs(len(part) - size * n) <= 1


@given(n=st.integers(2, 60), test_size=st.floats(0.01, 0.99))
def test_two_parts_hold_every_sample_once(n, test_size):
    parts = train_test_split(np.arange(n), test_size=test_size, rng=np.random.default_rng(0))
    assert sorted(np.concatenate(parts)) == list(range(n))
    assert len(parts[1]) == min(max(round(test_size * n), 1), n - 1)


def test_inputs_and_targets_stay_together():
    x = np.arange(20).reshape(10, 2)
    parts = train_validation_test_split(x, x[:, 0], rng=np.random.default_rng(0))
    for x_part, y_part in zip(parts[:3], parts[3:]):
        np.testing.assert_array_equal(x_part[:, 0], y_part)


def test_the_order_is_drawn_from_the_generator():
    one, same, other = (
        train_test_split(np.arange(50), rng=np.random.default_rng(seed))[1].tolist() for seed in (0, 0, 1)
    )
    assert one == same != other
    assert one != sorted(one)


def test_too_few_samples():
    with pytest.raises(ValueError, match="at least 3 samples"):
        train_validation_test_split(np.arange(2), rng=np.random.default_rng(0))
