"""The guard over runs that diverge."""

import numpy as np

from course_lib.core import LIMIT, Guard, first_bad, hold_from


def test_a_run_that_came_back_into_bounds_stays_held():
    guard = Guard({"w": np.zeros((2, 1))}, runs=(2,))
    guard.check({"w": np.array([[1.0], [1.0]])}, np.array([1.0, 2 * LIMIT]), 3)
    params = guard.check({"w": np.array([[2.0], [2.0]])}, np.array([1.0, 1.0]), 4)
    assert params["w"].tolist() == [[2.0], [0.0]]
    assert guard.diverged_at.tolist() == [-1, 3]


def test_a_single_run_has_no_axis():
    guard = Guard(np.zeros(2), runs=())
    assert guard.check(np.ones(2), np.array(np.nan), 5).tolist() == [0.0, 0.0]
    assert guard.diverged_at == 5


def test_a_loss_of_minus_infinity_diverges_too():
    assert first_bad([1.0, -np.inf]) == 1
    assert first_bad([1.0, -LIMIT]) == -1


def test_hold_from_never_and_from_the_start():
    assert hold_from(-1, np.array([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert hold_from(0, np.array([1.0, 2.0])).tolist() == [1.0, 1.0]
    assert hold_from(0, np.array([])).tolist() == []
    assert hold_from(1, np.array([[1.0, 2.0], [9.0, 9.0]])).tolist() == [[1.0, 2.0], [1.0, 2.0]]


def test_each_run_is_held_from_its_own_step():
    losses = np.array([[1.0, 2.0, 3.0], [np.inf, 5.0, 6.0], [7.0, np.nan, 9.0]])
    steps = first_bad(losses)
    assert steps.tolist() == [1, 2, -1]
    assert hold_from(steps, losses).tolist() == [[1, 2, 3], [1, 5, 6], [1, 5, 9]]
    points = np.stack([losses, 10 * losses], axis=-1)
    assert hold_from(steps, points)[..., 1].tolist() == [[10, 20, 30], [10, 50, 60], [10, 50, 90]]
