"""Effective rates: the step divided by what it was made of."""

import numpy as np
import pytest

from course_lib.core import tree_map
from course_lib.numpy_nn.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Momentum,
    RMSProp,
    effective_rate,
    effective_rates,
)

BY_GRADIENT = [
    SGD(0.3),
    SGD(lambda t: 1 / (1 + t)),
    AdaGrad(0.2, eps=0.1, lr_decay=0.5, initial_accumulator=0.3),
    RMSProp(0.2, decay=0.7, eps=0.1),
    Adam(0.2, b1=0.0, b2=0.8, eps=0.1),
    Adam(0.2, b1=0.0, b2=0.8, eps=0.1, amsgrad=True),
    Adam(0.2, b1=0.0, b2=0.8, bias_correction=False),
    RMSProp(np.array([0.1, 0.2, 0.3]), decay=np.array([0.5, 0.7, 0.9])),
]


@pytest.mark.parametrize("optimizer", BY_GRADIENT, ids=lambda optimizer: type(optimizer).__name__)
def test_the_step_is_minus_rate_times_gradient(optimizer):
    rng = np.random.default_rng(0)
    params = {"W": np.zeros((3, 4)), "b": np.zeros((3, 2))}
    state = optimizer.init(params)
    for _ in range(5):
        grads = tree_map(lambda w: rng.normal(size=w.shape), params)
        step, state = optimizer.update(grads, state, params)
        rates = effective_rate(state, optimizer, params)
        for name, g in grads.items():
            np.testing.assert_allclose(-rates[name] * g, step[name], rtol=1e-12)


def test_that_of_adam_belongs_to_the_corrected_mean():
    rng, optimizer, w = np.random.default_rng(0), AdamW(0.1, weight_decay=0.0), np.zeros(3)
    state = optimizer.init(w)
    for t in range(1, 6):
        step, state = optimizer.update(rng.normal(size=3), state, w)
        m_hat = state.m / (1 - 0.9**t)
        np.testing.assert_allclose(-effective_rate(state, optimizer, w) * m_hat, step, rtol=1e-12)


def test_a_replay_keeps_every_rate():
    grads = np.random.default_rng(0).normal(size=(9, 2))
    rates = effective_rates(AdaGrad(0.5, eps=0.0), grads)
    np.testing.assert_allclose(rates, 0.5 / np.sqrt(np.cumsum(grads**2, axis=0)), rtol=1e-12)


@pytest.mark.parametrize(
    "optimizer", [Momentum(0.1), RMSProp(centered=True), RMSProp(momentum=0.5)], ids=repr
)
def test_rules_with_more_memory_have_no_such_factor(optimizer):
    with pytest.raises(TypeError, match="optimizer must be"):
        effective_rates(optimizer, np.ones((2, 2)))
