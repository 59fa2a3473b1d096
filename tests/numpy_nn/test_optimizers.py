"""Learning rates that are arrays or schedules."""

import dataclasses

import numpy as np

from course_lib.numpy_nn.optimizers import SGD


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


def test_a_warmup_may_start_at_zero():
    assert SGD(lr=lambda t: 0.1 * t).update(np.ones(2), SGD(0.1).init(None), None)[0].tolist() == [0, 0]


def test_replace_serves_a_slider():
    assert dataclasses.replace(SGD(0.1), lr=0.2) == SGD(0.2)


def test_a_list_of_rates_becomes_an_array():
    assert SGD([0.1, 0.2]).lr.tolist() == [0.1, 0.2]
