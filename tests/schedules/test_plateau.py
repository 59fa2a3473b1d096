"""ReduceOnPlateau against PyTorch's, and run by run."""

import itertools

import numpy as np
import pytest
import torch

from course_lib.schedules import ReduceOnPlateau

MODES = list(itertools.product(["min", "max"], ["rel", "abs"]))
SETTINGS = [
    {"factor": 0.5, "patience": 0, "threshold": 0.0, "cooldown": 0, "min_scale": 0.0},
    {"factor": 0.3, "patience": 3, "threshold": 0.02, "cooldown": 2, "min_scale": 0.01},
    {"factor": 0.9, "patience": 5, "threshold": 1e-4, "cooldown": 7, "min_scale": 0.0},
    {"factor": 0.7, "patience": 1, "threshold": 0.3, "cooldown": 1, "min_scale": 0.2},
]


def some_losses(mode, n=150):
    """Falling, then flat with noise, as losses do; rising where more is better."""
    rng = np.random.default_rng(1)
    losses = 0.3 + 2 * np.exp(-np.arange(n) / 15) + 0.05 * rng.normal(size=n)
    return losses if mode == "min" else 3 - losses


@pytest.mark.parametrize(("mode", "threshold_mode"), MODES)
@pytest.mark.parametrize("settings", SETTINGS)
def test_the_scale_is_pytorchs(settings, mode, threshold_mode):
    rule = ReduceOnPlateau(**settings, mode=mode, threshold_mode=threshold_mode)
    lr = 0.2
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
    theirs = {name: value for name, value in settings.items() if name != "min_scale"}
    theirs |= {"min_lr": lr * settings["min_scale"], "eps": 0.0}
    official = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode=mode, threshold_mode=threshold_mode, **theirs
    )
    state, reductions = rule.init(), 0
    for loss in some_losses(mode):
        before = state.scale
        state = rule.update(loss, state)
        official.step(loss)
        reductions += state.scale < before
        np.testing.assert_allclose(lr * state.scale, optimizer.param_groups[0]["lr"], rtol=1e-13)
    assert reductions >= 2


@pytest.mark.parametrize(("mode", "threshold_mode"), MODES)
def test_a_loss_as_good_as_the_best_is_no_improvement_as_in_pytorch(mode, threshold_mode):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    settings = {"mode": mode, "threshold_mode": threshold_mode, "patience": 1}
    settings["threshold"] = 0.0 if threshold_mode == "rel" else 1.0
    official = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, **settings)
    rule = ReduceOnPlateau(factor=0.5, **settings)
    state = rule.init()
    for loss in (8.0, 8.0, 7.0, 7.0, 8.0, 9.0, 9.0, 9.0, 6.0, 6.0, 7.0, 5.0):
        state = rule.update(loss, state)
        official.step(loss)
        assert state.scale == optimizer.param_groups[0]["lr"]
    assert state.scale < 1


def test_by_hand():
    rule = ReduceOnPlateau(factor=0.1, patience=1, threshold=0.0, cooldown=2, min_scale=0.05)
    losses = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5]
    #         best, bad 1, bad 2: lower, cool, cool, bad 1, bad 2: lower to the least, cool, cool, bad 1
    state, scales = rule.init(), []
    for loss in losses:
        state = rule.update(loss, state)
        scales.append(float(state.scale))
    np.testing.assert_allclose(scales, [1, 1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05])


def test_every_run_has_a_scale_of_its_own():
    many = ReduceOnPlateau(
        factor=np.array([0.5, 0.3, 0.5]),
        patience=1,
        threshold=[0.0, 0.1, 0.0],
        cooldown=1,
        min_scale=[0, 0.1, 0.2],
    )
    losses = np.random.default_rng(0).random((60, 3))
    together = many.init(runs=(3,))
    alone = [
        ReduceOnPlateau(many.factor[i], 1, many.threshold[i], cooldown=1, min_scale=many.min_scale[i])
        for i in range(3)
    ]
    states = [rule.init() for rule in alone]
    for loss in losses:
        together = many.update(loss, together)
        states = [rule.update(own, state) for rule, own, state in zip(alone, loss, states)]
        for i, state in enumerate(states):
            for ours, theirs in zip(together, state):
                np.testing.assert_array_equal(ours[i], theirs)


def test_a_loss_that_is_not_a_number_is_no_improvement():
    rule = ReduceOnPlateau(factor=0.5, patience=0)
    state = rule.update(np.array([1.0, 1.0]), rule.init((2,)))
    state = rule.update(np.array([np.nan, 0.5]), state)
    assert state.scale.tolist() == [0.5, 1.0]
    assert state.best.tolist() == [1.0, 0.5]
