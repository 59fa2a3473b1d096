"""Schedules: by hand at named updates, against PyTorch's over many, run by run, and in a training."""

from functools import partial

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from course_lib import schedules
from course_lib.core import runs_shape, select_runs
from course_lib.datasets import line
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD, Adam, Momentum
from course_lib.numpy_nn.training import train
from course_lib.torch_nn import schedules as torch_schedules

LR, UPDATES = 0.3, 170


def linear_then_cosine(optimizer):
    warmup = lr_scheduler.LinearLR(optimizer, start_factor=0.2, end_factor=1.0, total_iters=20)
    cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max=200)
    return lr_scheduler.SequentialLR(optimizer, [warmup, cosine], milestones=[20])


COSINE = schedules.cosine_annealing(LR, 200)
CYCLE = {"base_lr": 0.1, "max_lr": 0.7, "step_size_up": 7, "step_size_down": 4, "cycle_momentum": False}
ONE = {"max_lr": 0.9, "total_steps": 150, "cycle_momentum": False}

# name, arguments after the rate, PyTorch's scheduler, whether the formula has the rate of the optimizer
CASES = [
    ("constant", (), partial(lr_scheduler.ConstantLR, factor=1.0), True),
    ("step_decay", (30, 0.4), partial(lr_scheduler.StepLR, step_size=30, gamma=0.4), True),
    (
        "multi_step",
        ([90, 10, 90, 40], 0.3),
        partial(lr_scheduler.MultiStepLR, milestones=[90, 10, 90, 40], gamma=0.3),
        True,
    ),
    ("exponential_decay", (0.97,), partial(lr_scheduler.ExponentialLR, gamma=0.97), True),
    ("polynomial_decay", (120, 1.7), partial(lr_scheduler.PolynomialLR, total_iters=120, power=1.7), True),
    (
        "polynomial_decay",
        (120, 1.0, 0.25 * LR),
        partial(lr_scheduler.LinearLR, start_factor=1.0, end_factor=0.25, total_iters=120),
        True,
    ),
    ("cosine_annealing", (200, 0.05), partial(lr_scheduler.CosineAnnealingLR, T_max=200, eta_min=0.05), True),
    (
        "cosine_restarts",
        (25, 1, 0.05),
        partial(lr_scheduler.CosineAnnealingWarmRestarts, T_0=25, T_mult=1, eta_min=0.05),
        True,
    ),
    (
        "cosine_restarts",
        (7, 3, 0.05),
        partial(lr_scheduler.CosineAnnealingWarmRestarts, T_0=7, T_mult=3, eta_min=0.05),
        True,
    ),
    *(
        (
            "cyclic",
            (0.1, 0.7, 7, 4, mode, 0.98),
            partial(lr_scheduler.CyclicLR, mode=mode, gamma=0.98, **CYCLE),
            False,
        )
        for mode in ("triangular", "triangular2", "exp_range")
    ),
    *(
        (
            "one_cycle",
            (0.9, 150, 0.23, 11.0, 120.0, anneal, three),
            partial(
                lr_scheduler.OneCycleLR,
                pct_start=0.23,
                div_factor=11.0,
                final_div_factor=120.0,
                anneal_strategy={"cosine": "cos"}.get(anneal, anneal),
                three_phase=three,
                **ONE,
            ),
            False,
        )
        for anneal in ("cosine", "linear")
        for three in (False, True)
    ),
]
IDS = [f"{name}{settings}" for name, settings, _, _ in CASES]


def driven(make, n):
    """The rates that a scheduler writes into an optimizer."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    scheduler, found = make(optimizer), []
    for t in range(n):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if t < n - 1:  # OneCycleLR refuses to go on
            scheduler.step()
    return found


@pytest.mark.parametrize(("name", "settings", "official", "of_optimizer"), CASES, ids=IDS)
def test_rates_are_pytorchs(name, settings, official, of_optimizer):
    n = 150 if name == "one_cycle" else UPDATES
    ours = getattr(schedules, name)(*([LR] if of_optimizer else []), *settings)
    theirs = driven(official, n)
    np.testing.assert_allclose(schedules.rates(ours, n), theirs, rtol=1e-11, atol=1e-14)
    twin = driven(lambda optimizer: getattr(torch_schedules, name)(optimizer, *settings), n)
    np.testing.assert_allclose(twin, theirs, rtol=1e-11, atol=1e-14)


def test_a_warmup_leads_into_another_schedule_as_in_pytorch():
    theirs = driven(linear_then_cosine, UPDATES)
    ours = schedules.linear_warmup(COSINE, 20, start_factor=0.2)
    np.testing.assert_allclose(schedules.rates(ours, UPDATES), theirs, rtol=1e-12)
    twin = driven(lambda o: torch_schedules.linear_warmup(o, 20, 0.2, schedule=COSINE), UPDATES)
    np.testing.assert_allclose(twin, theirs, rtol=1e-12)


# ---- by hand

BY_HAND = [
    (schedules.constant(0.1), {0: 0.1, 99: 0.1}),
    (schedules.step_decay(0.8, 10, 0.5), {0: 0.8, 9: 0.8, 10: 0.4, 19: 0.4, 20: 0.2, 35: 0.1}),
    (schedules.multi_step(0.8, [3, 5], 0.5), {2: 0.8, 3: 0.4, 4: 0.4, 5: 0.2, 500: 0.2}),
    (schedules.exponential_decay(0.8, 0.5), {0: 0.8, 1: 0.4, 3: 0.1}),
    (schedules.inverse_time_decay(0.6, 0.5), {0: 0.6, 1: 0.4, 2: 0.3, 4: 0.2, 10: 0.1}),
    (schedules.polynomial_decay(0.5, 10, 2.0, 0.1), {0: 0.5, 5: 0.2, 10: 0.1, 11: 0.1}),
    (schedules.exponential_range(1e-4, 1.0, 5), {0: 1e-4, 1: 1e-3, 2: 1e-2, 3: 0.1, 4: 1.0, 5: 1.0}),
    (schedules.cosine_annealing(0.5, 12, 0.1), {0: 0.5, 4: 0.4, 6: 0.3, 8: 0.2, 12: 0.1, 18: 0.1}),
    (schedules.cosine_restarts(0.4, 6), {0: 0.4, 2: 0.3, 3: 0.2, 4: 0.1, 6: 0.4, 9: 0.2, 12: 0.4}),
    (schedules.cosine_restarts(0.4, 6, 2), {4: 0.1, 6: 0.4, 12: 0.2, 14: 0.1, 18: 0.4, 30: 0.2, 42: 0.4}),
    (schedules.cyclic(0.1, 0.9, 2, 4), {0: 0.1, 1: 0.5, 2: 0.9, 3: 0.7, 4: 0.5, 6: 0.1, 8: 0.9}),
    (schedules.cyclic(0.1, 0.9, 2, mode="triangular2"), {2: 0.9, 4: 0.1, 6: 0.5, 10: 0.3, 14: 0.2}),
    (schedules.cyclic(0.1, 0.9, 2, mode="exp_range", factor=0.5), {0: 0.1, 2: 0.3, 4: 0.1, 6: 0.1125}),
    (
        schedules.one_cycle(1.0, 11, 5 / 11, 5.0, 10.0, "linear"),
        {0: 0.2, 2: 0.6, 4: 1.0, 7: 0.51, 10: 0.02, 99: 0.02},
    ),
    (schedules.linear_warmup(0.4, 4), {0: 0.0, 1: 0.1, 2: 0.2, 3: 0.3, 4: 0.4, 99: 0.4}),
    (
        schedules.linear_warmup(schedules.step_decay(0.4, 3, 0.5), 4),
        {3: 0.3, 4: 0.4, 6: 0.4, 7: 0.2, 10: 0.1},
    ),
    (schedules.cosine_warmup(0.4, 6, 0.5), {0: 0.2, 2: 0.25, 3: 0.3, 4: 0.35, 6: 0.4, 99: 0.4}),
]


@pytest.mark.parametrize(("schedule", "wanted"), BY_HAND, ids=lambda part: repr(part)[:40])
def test_rates_at_named_updates(schedule, wanted):
    for t, lr in wanted.items():
        np.testing.assert_allclose(schedule(t), lr, rtol=1e-12, atol=1e-15, err_msg=f"{schedule} at {t}")


# ---- the runs axis

RATES = np.array([0.1, 0.2, 0.3])
MANY = [
    ("constant", {"lr": RATES}),
    ("step_decay", {"lr": RATES, "every": 5, "factor": RATES}),
    ("multi_step", {"lr": 0.1, "milestones": [4, 9], "factor": RATES}),
    ("exponential_decay", {"lr": RATES, "factor": RATES + 0.6}),
    ("inverse_time_decay", {"lr": 0.5, "decay": RATES}),
    ("polynomial_decay", {"lr": RATES, "n_updates": 9, "power": 5 * RATES, "lr_end": RATES / 5}),
    ("exponential_range", {"low": 0.1, "high": 10 * RATES, "n_updates": 12}),
    ("cosine_annealing", {"lr": RATES, "n_updates": 9, "lr_min": RATES / 7}),
    ("cosine_restarts", {"lr": 0.4, "n_updates": 4, "multiplier": 2, "lr_min": RATES}),
    ("cyclic", {"lr_min": 0.1, "lr_max": 5 * RATES, "n_up": 3, "mode": "exp_range", "factor": RATES}),
    ("one_cycle", {"lr_max": 1.0, "n_updates": 15, "div_factor": 9 * RATES, "final_div_factor": 100 * RATES}),
    ("linear_warmup", {"schedule": 0.3, "n_updates": 4, "start_factor": RATES}),
    ("cosine_warmup", {"schedule": RATES, "n_updates": 4}),
]


@pytest.mark.parametrize(("name", "settings"), MANY, ids=[name for name, _ in MANY])
def test_every_run_has_a_schedule_of_its_own(name, settings):
    make = getattr(schedules, name)
    together = make(**settings)
    part = select_runs(SGD(together), (3,), slice(1, 3)).lr
    for i in range(3):
        own = {key: float(v[i]) if isinstance(v, np.ndarray) else v for key, v in settings.items()}
        alone = make(**own)
        for t in range(20):
            assert np.shape(together(t)) == (3,)
            np.testing.assert_allclose(together(t)[i], alone(t), rtol=1e-14, atol=1e-17)
            if i > 0:
                assert part(t)[i - 1] == together(t)[i]
    assert runs_shape(SGD(together)) == (3,)


def test_runs_that_do_not_fit_are_refused_at_once():
    with pytest.raises(ValueError, match="runs must"):
        schedules.step_decay(np.array([0.1, 0.2]), 5, factor=RATES)


@pytest.mark.parametrize("kind", [SGD, Momentum, Adam])
def test_a_training_of_many_runs_in_chunks_follows_each_schedule(kind, monkeypatch):
    monkeypatch.setattr("course_lib.numpy_nn.training.chunks.NUMBERS_AT_ONCE", 4)  # two runs of two numbers
    data, model = line(np.random.default_rng(0), 20), Dense(1, 1)
    params = model.init(np.random.default_rng(1))
    settings = {"epochs": 3, "batch_size": 4}
    peaks = np.array([0.01, 0.02, 0.05, 0.1, 0.2])

    def final(lr):
        schedule = schedules.linear_warmup(schedules.cosine_annealing(lr, 12), 3)
        rng = np.random.default_rng(2)
        return train(model, params, mse, kind(schedule), data, rng=rng, **settings)[0]["W"]

    together = final(peaks)
    for i, peak in enumerate(peaks):
        np.testing.assert_allclose(together[i], final(peak), rtol=1e-13)


def test_a_schedule_shows_how_it_was_made():
    schedule = schedules.linear_warmup(schedules.cosine_annealing(0.1, 100), 10)
    shown = "cosine_annealing(lr=0.1, n_updates=100, lr_min=0.0)"
    assert repr(schedule) == f"linear_warmup(schedule={shown}, n_updates=10, start_factor=0.0)"
    assert repr(SGD(schedules.constant(0.1))) == "SGD(lr=constant(lr=0.1))"
    assert schedules.constant(0.1) == schedules.constant(0.1) != schedules.constant(0.2)


# ---- PyTorch


def test_every_group_keeps_a_rate_of_its_own():
    groups = [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(2)], "lr": 0.5}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    scheduler = torch_schedules.polynomial_decay(optimizer, 10, lr_end=0.05)
    for _ in range(5):
        optimizer.step()
        scheduler.step()
    np.testing.assert_allclose(scheduler.get_last_lr(), [0.075, 0.275])


def test_the_plateau_is_the_rules():
    optimizer = torch.optim.SGD(
        [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(2)], "lr": 0.5}], lr=0.1
    )
    scheduler = torch_schedules.ReduceOnPlateau(optimizer, 0.3, 1, 0.01, 1, 0.05, "max", "abs")
    rule = schedules.ReduceOnPlateau(0.3, 1, 0.01, 1, 0.05, "max", "abs")
    state = rule.init()
    for score in np.random.default_rng(0).random(100).round(2):
        scheduler.step(score)
        state = rule.update(score, state)
        np.testing.assert_allclose(
            [g["lr"] for g in optimizer.param_groups], state.scale * np.array([0.1, 0.5])
        )
    assert state.scale == 0.05
