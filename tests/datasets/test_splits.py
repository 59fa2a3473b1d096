"""Splits: nothing lost, nothing twice, rows kept together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, LeaveOneOut, StratifiedKFold

from course_lib.datasets import (
    k_fold,
    leave_one_out,
    stratified_k_fold,
    train_test_split,
    train_validation_test_split,
)

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


def test_by_default_a_fifth_is_set_aside_for_each_purpose():
    sizes = [len(part) for part in train_test_split(np.arange(1000), rng=np.random.default_rng(0))]
    assert sizes == [800, 200]
    parts = train_validation_test_split(np.arange(1000), rng=np.random.default_rng(0))
    assert [len(part) for part in parts] == [600, 200, 200]


def test_too_few_samples():
    with pytest.raises(ValueError, match="at least 3 samples"):
        train_validation_test_split(np.arange(2), rng=np.random.default_rng(0))


@given(n=st.integers(2, 60), k=st.integers(2, 60), seed=st.integers(0, 5))
def test_folds_validate_every_sample_once_with_scikit_learn_s_sizes(n, k, seed):
    k = min(k, n)
    folds = k_fold(n, k, np.random.default_rng(seed))
    theirs = KFold(k, shuffle=True, random_state=0).split(np.zeros(n))
    assert [len(validation) for _, validation in folds] == [len(validation) for _, validation in theirs]
    assert sorted(np.concatenate([validation for _, validation in folds])) == list(range(n))
    for train, validation in folds:
        assert sorted([*train, *validation]) == list(range(n))


@given(
    counts=st.lists(st.integers(5, 20), min_size=1, max_size=4), k=st.integers(2, 5), seed=st.integers(0, 5)
)
def test_stratified_folds_keep_the_shares_of_the_classes(counts, k, seed):
    labels = np.random.default_rng(9).permutation(np.repeat(np.arange(len(counts)), counts))
    folds = stratified_k_fold(labels, k, np.random.default_rng(seed))
    assert sorted(np.concatenate([validation for _, validation in folds])) == list(range(len(labels)))
    sizes = [len(validation) for _, validation in folds]
    assert max(sizes) - min(sizes) <= 1
    ours = np.array([np.bincount(labels[validation], minlength=len(counts)) for _, validation in folds])
    theirs = [
        np.bincount(labels[validation], minlength=len(counts))
        for _, validation in StratifiedKFold(k).split(labels, labels)
    ]
    assert (np.ptp(ours, axis=0) <= 1).all()
    np.testing.assert_array_equal(np.sort(ours, axis=0), np.sort(theirs, axis=0))


def test_leaving_one_out_is_scikit_learn_s():
    for ours, theirs in zip(leave_one_out(7), LeaveOneOut().split(np.zeros(7)), strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_the_folds_are_the_generator_s():
    one, same, other = (k_fold(20, 4, np.random.default_rng(seed))[0][1].tolist() for seed in (0, 0, 1))
    assert one == same != other
    labels = np.arange(20) % 2
    one, other = (stratified_k_fold(labels, 4, np.random.default_rng(s))[0][1].tolist() for s in (0, 1))
    assert one != other
