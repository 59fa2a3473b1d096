"""Trees and the runs axis."""

import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.core import broadcast_runs, lead, runs_shape, tree_leaves, tree_map
from course_lib.numpy_nn.optimizers import SGD


class Pair(NamedTuple):
    m: object
    t: object


def test_tree_map_keeps_every_kind_of_node():
    tree = Pair(m=[{"W": 1, "b": (2, None)}, {}], t=3)
    assert tree_map(lambda a: 10 * a, tree) == Pair(m=[{"W": 10, "b": (20, None)}, {}], t=30)


def test_tree_map_pairs_dict_entries_by_key_not_by_order():
    first, second = {"W": 1, "b": 2}, {"b": 20, "W": 10}
    assert tree_map(lambda a, b: a + b, first, second) == {"W": 11, "b": 22}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"W": 1}, {"b": 1}),
        ([1, 2], [1]),
        ([1], (1,)),
        (1, None),
        (1, [1]),
        (Pair(1, 2), (1, 2)),
    ],
)
def test_trees_of_different_structure_are_refused(first, second):
    with pytest.raises(ValueError, match="one structure"):
        tree_map(lambda a, b: a, first, second)


def test_leaves_come_in_the_order_of_tree_map():
    assert tree_leaves([{"b": 1, "W": 2}, None, Pair(3, {})]) == [1, 2, 3]


@given(runs=st.lists(st.integers(1, 4), max_size=3), rest=st.lists(st.integers(1, 4), max_size=3))
def test_lead_lines_up_with_the_leading_axes(runs, rest):
    h, like = np.random.default_rng(0).random(runs), np.ones((*runs, *rest))
    product = lead(h, like) * like
    assert product.shape == like.shape
    for run in np.ndindex(*runs):
        np.testing.assert_array_equal(product[run], np.full(rest, h[run]))


@pytest.mark.parametrize("shape", [(2,), (3, 5), (3, 2, 4)])
def test_lead_names_the_shapes_that_do_not_fit(shape):
    with pytest.raises(ValueError, match=re.escape(f"leading axes of shape (3, 2), got shape {shape}")):
        lead(np.ones(shape), np.ones((3, 2)))


def test_lead_keeps_float32():
    assert lead(np.ones(3), np.ones((3, 2), np.float32)).dtype == np.float32
    assert lead(0.1, np.ones((3, 2), np.float32)).dtype == np.float32


def test_lead_leaves_booleans_alone():
    assert lead(np.array([True, False]), np.ones((2, 3))).dtype == bool


@pytest.mark.parametrize(
    ("lr", "runs"),
    [(0.1, ()), (np.full((4, 3), 0.1), (4, 3)), (lambda t: 0.1, ()), (lambda t: np.full(5, 0.1), (5,))],
)
def test_runs_shape_of_an_optimizer(lr, runs):
    assert runs_shape(SGD(lr)) == runs


def test_runs_shape_looks_into_a_chain():
    assert runs_shape([SGD(np.full((4, 1), 0.1)), SGD(np.full((1, 3), 0.1))]) == (4, 3)


@pytest.mark.parametrize("shapes", [((3,), (5, 3)), ((3,), (4,)), ((3, 1), (4, 2))])
def test_runs_that_do_not_fit_together_are_refused(shapes):
    with pytest.raises(ValueError, match="runs must"):
        broadcast_runs(*shapes)
