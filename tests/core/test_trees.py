"""Trees with names, and trees as vectors."""

import numpy as np
import pytest

from course_lib.core import from_vector, map_named, to_vector, tree_leaves
from course_lib.numpy_nn.layers import BatchNorm, Dense, Sequential


def params_of(runs):
    model = Sequential([Dense(3, 2), BatchNorm(2), Sequential([Dense(2, 1)])])
    return model.init(np.random.default_rng(0), runs)


@pytest.mark.parametrize("runs", [(), (4,), (2, 3)])
def test_a_vector_and_back(runs):
    params = params_of(runs)
    vector = to_vector(params, len(runs))
    assert vector.shape == (*runs, 6 + 2 + 8 + 2 + 1)
    back = from_vector(vector, params, len(runs))
    for p, q in zip(tree_leaves(params), tree_leaves(back), strict=True):
        np.testing.assert_array_equal(p, q)


def test_a_vector_may_have_other_leading_axes():
    tree = from_vector(np.zeros((5, 19)), params_of((2,)), n_lead=1)
    assert tree[0]["W"].shape == (5, 3, 2)


def test_a_vector_of_a_wrong_length_is_refused():
    with pytest.raises(ValueError, match=r"vector must have 19 entries.* got 18"):
        from_vector(np.zeros(18), params_of(()))


def test_names_are_those_of_the_innermost_dict():
    names = []
    map_named(lambda name, p: names.append(name), params_of(()))
    assert names == ["W", "b", "gamma", "beta", "running_mean", "running_var", "W", "b"]
    assert map_named(lambda name, p: name, [np.zeros(2), None]) == ["", None]
