"""Triple parity in float64: NumPy = the course's PyTorch = PyTorch's own, values and gradients."""

import importlib
import inspect

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from torch.optim import lr_scheduler

from course_lib.core import tree_leaves, tree_map
from tests.registry import LAYERS, LOSSES, OPTIMIZERS, by_name, draw_params, without_statistics

CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensor(a):
    return torch.tensor(a, requires_grad=True)


@pytest.mark.parametrize("row", **by_name(LOSSES))
def test_losses(row, rng):
    pred, target = row.draw(rng, ())
    for torch_loss in (row.torch, row.official):
        t = tensor(pred)
        loss = torch_loss(t, torch.tensor(target))
        assert loss.shape == ()
        loss.backward()
        np.testing.assert_allclose(row.numpy.value(pred, target), loss.item(), **CLOSE)
        np.testing.assert_allclose(row.numpy.grad(pred, target), t.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("row", **by_name(LAYERS))
def test_layers(row, rng):
    params, x = draw_params(row, rng), rng.normal(size=row.x_shape)
    y, cache = row.numpy.forward(params, x, train=row.train)
    dy = rng.normal(size=y.shape)
    dx, grads = row.numpy.backward(params, cache, dy)

    def compare(module, grads_of):
        t = tensor(x)
        out = module.train(row.train)(t)
        out.backward(torch.tensor(dy))
        np.testing.assert_allclose(y, out.detach().numpy(), **CLOSE)
        np.testing.assert_allclose(dx, t.grad.numpy(), **CLOSE)
        for ours, theirs in zip(without_statistics(grads), tree_leaves(grads_of(module)), strict=True):
            np.testing.assert_allclose(ours, theirs, **CLOSE)

    compare(row.torch(params), lambda module: [p.grad.numpy() for p in module.parameters()])
    compare(row.official(params), row.official_grads)


@pytest.mark.parametrize("row", **by_name(OPTIMIZERS))
def test_optimizers_over_a_hundred_steps(row, rng):
    params = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}
    ours, settings = params, [(row.torch, row.settings), (row.official, row.official_settings)]
    optimizer = row.numpy(**row.settings)
    state = optimizer.init(ours)
    tensors = [{name: tensor(p) for name, p in params.items()} for _ in settings]
    torch_optimizers = [kind(t.values(), **s) for (kind, s), t in zip(settings, tensors)]
    for k in range(100):
        scale = 10.0 ** rng.integers(-3, 3)
        grads = {name: scale * rng.normal(size=p.shape) for name, p in params.items()}
        step, state = optimizer.update(grads, state, ours)
        ours = tree_map(np.add, ours, step)
        for t, torch_optimizer in zip(tensors, torch_optimizers):
            for name, g in grads.items():
                t[name].grad = torch.tensor(g)
            torch_optimizer.step()
            for name in params:
                np.testing.assert_allclose(
                    ours[name], t[name].detach().numpy(), rtol=1e-11, atol=1e-11, err_msg=f"step {k}"
                )


# ---- what holds where nothing is said

ROOMS = [
    "activations",
    "analysis",
    "initializers",
    "layers",
    "losses",
    "optimizers",
    "regularizers",
    "schedules",
    "training",
]


def in_both(room):
    """The module of this name in NumPy and in PyTorch; schedules in NumPy are everybody's."""
    numpy = "course_lib.schedules" if room == "schedules" else f"course_lib.numpy_nn.{room}"
    return importlib.import_module(numpy), importlib.import_module(f"course_lib.torch_nn.{room}")


def defaults(f):
    return {
        name: p.default
        for name, p in inspect.signature(f).parameters.items()
        if isinstance(p.default, (bool, int, float, str))
    }


@pytest.mark.parametrize("room", ROOMS)
def test_both_packages_have_the_same_defaults(room):
    ours, twins = in_both(room)
    for name in set(ours.__all__) & set(twins.__all__):
        if inspect.isroutine(getattr(ours, name)) or inspect.isclass(getattr(ours, name)):
            left, right = defaults(getattr(ours, name)), defaults(getattr(twins, name))
            for argument in left.keys() & right.keys():
                assert left[argument] == right[argument], f"{name}({argument})"


# a name of ours, PyTorch's thing, and its words for our arguments
OFFICIAL_DEFAULTS = [
    ("optimizers.AdaGrad", torch.optim.Adagrad, {"initial_accumulator": "initial_accumulator_value"}),
    ("optimizers.RMSProp", torch.optim.RMSprop, {"decay": "alpha"}),
    ("optimizers.Adam", torch.optim.Adam, {}),
    ("optimizers.AdamW", torch.optim.AdamW, {}),
    ("layers.BatchNorm", torch.nn.BatchNorm1d, {}),
    ("layers.LayerNorm", torch.nn.LayerNorm, {}),
    ("activations.leaky_relu", torch.nn.LeakyReLU, {"alpha": "negative_slope"}),
    ("activations.elu", torch.nn.ELU, {}),
    ("losses.multiclass_hinge", F.multi_margin_loss, {}),
    ("schedules.step_decay", lr_scheduler.StepLR, {"factor": "gamma"}),
    ("schedules.multi_step", lr_scheduler.MultiStepLR, {"factor": "gamma"}),
    ("schedules.polynomial_decay", lr_scheduler.PolynomialLR, {}),
    ("schedules.cosine_annealing", lr_scheduler.CosineAnnealingLR, {"lr_min": "eta_min"}),
    (
        "schedules.cosine_restarts",
        lr_scheduler.CosineAnnealingWarmRestarts,
        {"lr_min": "eta_min", "multiplier": "T_mult"},
    ),
    ("schedules.cyclic", lr_scheduler.CyclicLR, {"factor": "gamma"}),
    ("schedules.one_cycle", lr_scheduler.OneCycleLR, {"warmup": "pct_start"}),
    ("schedules.ReduceOnPlateau", lr_scheduler.ReduceLROnPlateau, {"min_scale": "min_lr"}),
]


@pytest.mark.parametrize(("name", "official", "words"), OFFICIAL_DEFAULTS)
def test_defaults_are_pytorchs(name, official, words):
    room, thing = name.split(".")
    theirs, ours = defaults(official), inspect.signature(official).parameters
    if "betas" in ours:
        theirs["b1"], theirs["b2"] = ours["betas"].default
    compared = 0
    for module in in_both(room):
        for argument, value in defaults(getattr(module, thing)).items():
            if words.get(argument, argument) in theirs and argument != "anneal":
                assert value == theirs[words.get(argument, argument)], argument
                compared += 1
    assert compared >= 2
