"""One row for each algorithm; every general test runs over the rows.

A row names the NumPy version, the PyTorch version and an independent reference, and how to feed all three.
To add an algorithm, add its row: parity, gradient check, runs axis and dtype are then tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.core import tree_map
from course_lib.numpy_nn import activations, initializers, layers, losses, optimizers
from course_lib.torch_nn import activations as torch_activations
from course_lib.torch_nn import initializers as torch_initializers
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import losses as torch_losses
from course_lib.torch_nn import optimizers as torch_optimizers


@dataclass(frozen=True)
class ActivationRow:
    name: str
    numpy: activations.Activation
    torch: Callable
    official: Callable
    kinks: tuple[float, ...] = ()  # where the slope jumps
    official_off: float = 0.0  # how far PyTorch's own slope is from the truth


ACTIVATIONS = [
    ActivationRow("identity", activations.identity, torch_activations.identity, nn.Identity()),
    ActivationRow("sigmoid", activations.sigmoid, torch_activations.sigmoid, torch.sigmoid),
    ActivationRow(
        "hard_sigmoid",
        activations.hard_sigmoid,
        torch_activations.hard_sigmoid,
        F.hardsigmoid,
        kinks=(-3.0, 3.0),
        official_off=1e-8,  # its slope is 1/6 rounded to float32, in float64 too
    ),
    ActivationRow("tanh", activations.tanh, torch_activations.tanh, torch.tanh),
    ActivationRow(
        "hard_tanh", activations.hard_tanh, torch_activations.hard_tanh, F.hardtanh, kinks=(-1.0, 1.0)
    ),
    ActivationRow("softsign", activations.softsign, torch_activations.softsign, F.softsign),
    ActivationRow("relu", activations.relu, torch_activations.relu, F.relu, kinks=(0.0,)),
    ActivationRow(
        "softplus",
        activations.softplus,
        torch_activations.softplus,
        lambda z: F.softplus(z, threshold=700),  # its default gives up digits above 20
    ),
    ActivationRow(
        "leaky_relu",
        activations.leaky_relu(0.2),
        torch_activations.leaky_relu(0.2),
        lambda z: F.leaky_relu(z, 0.2),
        kinks=(0.0,),
    ),
    ActivationRow(
        "elu", activations.elu(0.7), torch_activations.elu(0.7), lambda z: F.elu(z, 0.7), kinks=(0.0,)
    ),
    ActivationRow("gelu", activations.gelu, torch_activations.gelu, F.gelu),
    ActivationRow(
        "gelu_tanh",
        activations.gelu_tanh,
        torch_activations.gelu_tanh,
        lambda z: F.gelu(z, approximate="tanh"),
    ),
    ActivationRow("swish", activations.swish(), torch_activations.swish(), F.silu),
    ActivationRow(
        "swish, beta 1.7",
        activations.swish(1.7),
        torch_activations.swish(1.7),
        lambda z: z * torch.sigmoid(1.7 * z),
    ),
]


@dataclass(frozen=True)
class LossRow:
    name: str
    numpy: losses.Loss
    torch: Callable
    official: Callable
    draw: Callable[[np.random.Generator, tuple[int, ...]], tuple[np.ndarray, np.ndarray]]  # rng, runs


def draw_regression(rng, runs):
    return rng.normal(size=(*runs, 5, 3)), rng.normal(size=(*runs, 5, 3))


def draw_binary(rng, runs):
    return rng.normal(scale=3, size=(*runs, 5, 3)), rng.integers(0, 2, size=(*runs, 5, 3)).astype(float)


def draw_soft_binary(rng, runs):
    return rng.normal(scale=3, size=(*runs, 5, 3)), rng.random(size=(*runs, 5, 3))


def draw_labels(rng, runs):
    return rng.normal(scale=3, size=(*runs, 7, 4)), rng.integers(0, 4, size=(*runs, 7))


def official_ranking(s, s_c):
    return F.margin_ranking_loss(s, s_c, torch.ones_like(s), margin=0.6)


LOSSES = [
    LossRow("mse", losses.mse, torch_losses.mse, F.mse_loss, draw_regression),
    LossRow(
        "binary_cross_entropy",
        losses.binary_cross_entropy,
        torch_losses.binary_cross_entropy,
        F.binary_cross_entropy_with_logits,
        draw_binary,
    ),
    LossRow(
        "binary_cross_entropy, soft targets",
        losses.binary_cross_entropy,
        torch_losses.binary_cross_entropy,
        F.binary_cross_entropy_with_logits,
        draw_soft_binary,
    ),
    LossRow("cross_entropy", losses.cross_entropy, torch_losses.cross_entropy, F.cross_entropy, draw_labels),
    LossRow(
        "ranking_hinge",
        losses.ranking_hinge(0.6),
        torch_losses.ranking_hinge(0.6),
        official_ranking,
        draw_regression,
    ),
    LossRow(
        "multiclass_hinge",
        losses.multiclass_hinge(0.6),
        torch_losses.multiclass_hinge(0.6),
        lambda pred, target: F.multi_margin_loss(pred, target, margin=0.6),
        draw_labels,
    ),
]


@dataclass(frozen=True)
class LayerRow:
    name: str
    numpy: Any
    torch: Callable[[Any], nn.Module]  # made from the NumPy parameters
    official: Callable[[Any], nn.Module]
    official_grads: Callable[[nn.Module], Any]  # in the shape of the NumPy parameters
    x_shape: tuple[int, ...]
    train: bool = False


def load(module: nn.Module, **values: np.ndarray) -> nn.Module:
    """Put arrays into the parameters of a module."""
    with torch.no_grad():
        for name, value in values.items():
            getattr(module, name).copy_(torch.from_numpy(np.ascontiguousarray(value)))
    return module


def torch_dense(p):
    return load(torch_layers.Dense(*p["W"].shape), **p)


def official_dense(p):
    return load(nn.Linear(*p["W"].shape, dtype=torch.float64), weight=p["W"].T, bias=p["b"])


def linear_grads(module):
    return {"W": module.weight.grad.T.numpy(), "b": module.bias.grad.numpy()}


def no_grads(module):
    return {}


def torch_norm(kind):
    return lambda p: load(kind(p["gamma"].shape[-1], eps=0.1), **p)


def official_norm(kind):
    def make(p):
        statistics = {name: value for name, value in p.items() if name.startswith("running_")}
        norm = kind(p["gamma"].shape[-1], eps=0.1, dtype=torch.float64)
        return load(norm, weight=p["gamma"], bias=p["beta"], **statistics)

    return make


def norm_grads(module):
    return {"gamma": module.weight.grad.numpy(), "beta": module.bias.grad.numpy()}


class OfficialResidual(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)


BLOCK = layers.Residual(
    layers.Sequential([layers.Dense(4, 4), layers.BatchNorm(4, eps=0.1), layers.Activate(activations.tanh)])
)


LAYERS = [
    LayerRow("Dense", layers.Dense(4, 3), torch_dense, official_dense, linear_grads, x_shape=(7, 4)),
    LayerRow(
        "Sequential",
        layers.Sequential([layers.Dense(4, 5), layers.Dense(5, 2)]),
        lambda params: torch_layers.Sequential(*map(torch_dense, params)),
        lambda params: nn.Sequential(*map(official_dense, params)),
        lambda module: [linear_grads(layer) for layer in module],
        x_shape=(7, 4),
    ),
    LayerRow(
        "Activate",
        layers.Activate(activations.sigmoid),
        lambda params: torch_layers.Activate(torch_activations.sigmoid),
        lambda params: nn.Sigmoid(),
        no_grads,
        x_shape=(7, 4),
    ),
    LayerRow(
        "Flatten",
        layers.Flatten(),
        lambda params: torch_layers.Flatten(),
        lambda params: nn.Flatten(),
        no_grads,
        x_shape=(7, 2, 3, 4),
    ),
    LayerRow(
        "mlp",
        layers.mlp([4, 5, 3, 2]),
        lambda params: load_all(torch_layers.mlp([4, 5, 3, 2]), params),
        lambda params: nn.Sequential(*(official_dense(p) if p else nn.Tanh() for p in params)),
        lambda module: [linear_grads(layer) for layer in module[::2]],
        x_shape=(7, 4),
    ),
    *(
        LayerRow(
            f"BatchNorm, {'training' if train else 'trained'}",
            layers.BatchNorm(4, eps=0.1),
            torch_norm(torch_layers.BatchNorm),
            official_norm(nn.BatchNorm1d),
            norm_grads,
            x_shape=(7, 4),
            train=train,
        )
        for train in (True, False)
    ),
    LayerRow(
        "LayerNorm",
        layers.LayerNorm(4, eps=0.1),
        torch_norm(torch_layers.LayerNorm),
        official_norm(nn.LayerNorm),
        norm_grads,
        x_shape=(7, 4),
    ),
    LayerRow(
        "Residual",
        BLOCK,
        lambda params: torch_layers.Residual(
            torch_layers.Sequential(
                torch_dense(params[0]),
                torch_norm(torch_layers.BatchNorm)(params[1]),
                torch_layers.Activate(torch_activations.tanh),
            )
        ),
        lambda params: OfficialResidual(
            official_dense(params[0]), official_norm(nn.BatchNorm1d)(params[1]), nn.Tanh()
        ),
        lambda module: [linear_grads(module.layers[0]), norm_grads(module.layers[1])],
        x_shape=(7, 4),
        train=True,
    ),
]


def load_all(model: nn.Sequential, params: list) -> nn.Sequential:
    """Put the parameters of a NumPy model into a PyTorch one of the same layers."""
    for layer, p in zip(model, params, strict=True):
        load(layer, **p)
    return model


def draw_params(row: LayerRow, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Any:
    """Draw every parameter, biases too: what starts at zero hides mistakes."""
    params = tree_map(lambda p: rng.normal(size=p.shape), row.numpy.init(rng, runs))
    return map_named(params, lambda name, p: np.abs(p) + 0.1 if name == "running_var" else p)


def without_statistics(grads: Any) -> list:
    """The gradients of what is learned, in order; those of running statistics must be 0."""
    learned = []

    def look(name, g):
        if name.startswith("running_"):
            assert not np.any(g), name
        else:
            learned.append(g)

    map_named(grads, look)
    return learned


def map_named(tree: Any, f: Callable[[str, np.ndarray], Any]) -> Any:
    """Apply f to the name and the array of every parameter."""
    if isinstance(tree, list):
        return [map_named(part, f) for part in tree]
    return {name: f(name, p) for name, p in tree.items()}


@dataclass(frozen=True)
class OptimizerRow:
    name: str
    numpy: Callable  # the settings -> an optimizer
    torch: Callable  # the parameters, the settings -> an optimizer
    official: Callable
    settings: dict[str, float]  # not the defaults
    official_settings: dict[str, float]
    many: dict[str, np.ndarray]  # hyperparameters of three runs


PARTS = {"ClipByValue": "limit", "ClipByNorm": "limit", "WeightDecay": "weight_decay"}  # and their setting


def chained(kind, optimizer):
    """A part of a chain before an optimizer."""

    def make(**settings):
        part = kind(settings.pop(PARTS[kind.__name__]))
        return optimizers.Chain([part, optimizer(**settings)])

    return make


def torch_chained(kind, optimizer):
    def make(params, **settings):
        params = list(params)
        part = kind(params, settings.pop(PARTS[kind.__name__]))
        return torch_optimizers.Chain([part, optimizer(params, **settings)])

    return make


class OfficialClipped(torch.optim.SGD):
    """PyTorch's SGD behind PyTorch's clip."""

    def __init__(self, clip, params, limit, lr):
        super().__init__(params, lr=lr)
        self.clip, self.limit = clip, limit

    def step(self):
        self.clip(self.param_groups[0]["params"], self.limit)
        super().step()


def official(kind, **fixed):
    """PyTorch's optimizer with our names for its settings."""
    names = {"decay": "alpha", "initial_accumulator": "initial_accumulator_value"}

    def make(params, **settings):
        settings = {names.get(name, name): value for name, value in (settings | fixed).items()}
        if "b1" in settings:
            settings["betas"] = settings.pop("b1"), settings.pop("b2")
        return kind(params, **settings)

    return make


RATES = np.array([0.02, 0.1, 0.15])
ADAM = {"lr": 0.03, "b1": 0.8, "b2": 0.97, "eps": 0.1}
ADAMS = {
    "lr": RATES,
    "b1": np.array([0.0, 0.5, 0.9]),
    "b2": np.array([0.99, 0.5, 0.9]),
    "eps": np.array([0.1, 1e-8, 0.0]),
}
RMSPROP = {"lr": 0.03, "decay": 0.8, "eps": 0.1}
RMSPROPS = {"lr": RATES, "decay": np.array([0.0, 0.9, 0.99]), "eps": np.array([0.1, 1e-8, 1e-3])}
MOMENTA = {"lr": RATES, "momentum": np.array([0.0, 0.5, 0.9])}
DECAYS = np.array([0.0, 0.01, 0.3])

# name, the settings that are not defaults, those of three runs, PyTorch's optimizer
_OPTIMIZERS = [
    ("SGD", {"lr": 0.07}, {"lr": RATES}, torch.optim.SGD),
    ("Momentum", {"lr": 0.07, "momentum": 0.8}, MOMENTA, torch.optim.SGD),
    (
        "Momentum",
        {"lr": 0.07, "momentum": 0.8, "dampening": 0.3},
        MOMENTA | {"dampening": np.array([0.5, 0.0, 1.0])},
        torch.optim.SGD,
    ),
    ("Nesterov", {"lr": 0.07, "momentum": 0.8}, MOMENTA, official(torch.optim.SGD, nesterov=True)),
    (
        "AdaGrad",
        {"lr": 0.3, "eps": 0.1},
        {"lr": RATES, "eps": np.array([0.1, 1e-8, 0.0])},
        official(torch.optim.Adagrad),
    ),
    (
        "AdaGrad",
        {"lr": 0.3, "eps": 0.1, "lr_decay": 0.05, "initial_accumulator": 0.7},
        {"lr": RATES, "lr_decay": DECAYS, "initial_accumulator": np.array([0.0, 0.1, 4.0])},
        official(torch.optim.Adagrad),
    ),
    ("RMSProp", RMSPROP, RMSPROPS, official(torch.optim.RMSprop)),
    ("RMSProp", RMSPROP | {"momentum": 0.7}, RMSPROPS | MOMENTA, official(torch.optim.RMSprop)),
    ("RMSProp", RMSPROP | {"centered": True}, RMSPROPS, official(torch.optim.RMSprop)),
    (
        "RMSProp",
        RMSPROP | {"centered": True, "momentum": 0.7},
        RMSPROPS | MOMENTA,
        official(torch.optim.RMSprop),
    ),
    ("Adam", ADAM, ADAMS, official(torch.optim.Adam)),
    ("Adam", ADAM | {"amsgrad": True}, ADAMS, official(torch.optim.Adam)),
    ("AdamW", ADAM | {"weight_decay": 0.3}, ADAMS | {"weight_decay": DECAYS}, official(torch.optim.AdamW)),
    (
        "AdamW",
        ADAM | {"weight_decay": 0.3, "amsgrad": True},
        ADAMS | {"weight_decay": DECAYS},
        official(torch.optim.AdamW),
    ),
]


def _title(name, settings):
    usual = {"lr", "momentum", "eps", "decay", "b1", "b2", "weight_decay"}
    return ", ".join([name, *(option for option in settings if option not in usual)])


def _switches(settings):
    return {name: value for name, value in settings.items() if isinstance(value, bool)}


OPTIMIZERS = [
    *(
        OptimizerRow(
            _title(name, settings),
            partial(getattr(optimizers, name), **_switches(settings)),
            getattr(torch_optimizers, name),
            theirs,
            settings,
            settings,
            many,
        )
        for name, settings, many, theirs in _OPTIMIZERS
    ),
    # PyTorch's weight_decay is a part of a chain here.
    *(
        OptimizerRow(
            f"WeightDecay, {_title(name, settings)}",
            chained(optimizers.WeightDecay, partial(getattr(optimizers, name), **_switches(settings))),
            torch_chained(torch_optimizers.WeightDecay, getattr(torch_optimizers, name)),
            theirs,
            settings | {"weight_decay": 0.3},
            settings | {"weight_decay": 0.3},
            many | {"weight_decay": DECAYS},
        )
        for name, settings, many, theirs in _OPTIMIZERS
        if name != "AdamW"
    ),
    *(
        OptimizerRow(
            name,
            chained(getattr(optimizers, name), optimizers.SGD),
            torch_chained(getattr(torch_optimizers, name), torch_optimizers.SGD),
            partial(OfficialClipped, clip),
            settings={"limit": 0.8, "lr": 0.07},
            official_settings={"limit": 0.8, "lr": 0.07},
            many={"limit": np.array([0.5, 1.5, 20.0]), "lr": RATES},
        )
        for name, clip in (
            ("ClipByValue", nn.utils.clip_grad_value_),
            ("ClipByNorm", nn.utils.clip_grad_norm_),
        )
    ),
]


@dataclass(frozen=True)
class InitializerRow:
    name: str
    numpy: Callable
    torch: Callable
    std: Callable[[int, int], float]  # n_in, n_out
    bound: Callable[[int, int], float] | None = None  # for the uniform ones


def _glorot(n_in, n_out):
    return np.sqrt(2 / (n_in + n_out))


def _he(n_in, n_out):
    return np.sqrt(2 / n_in)


INITIALIZERS = [
    InitializerRow("zeros", initializers.zeros, torch_initializers.zeros, lambda n_in, n_out: 0.0),
    InitializerRow(
        "normal", initializers.normal(0.05), torch_initializers.normal(0.05), lambda n_in, n_out: 0.05
    ),
    InitializerRow(
        "xavier_uniform",
        initializers.xavier_uniform,
        torch_initializers.xavier_uniform,
        _glorot,
        bound=lambda n_in, n_out: np.sqrt(6 / (n_in + n_out)),
    ),
    InitializerRow("xavier_normal", initializers.xavier_normal, torch_initializers.xavier_normal, _glorot),
    InitializerRow(
        "he_uniform",
        initializers.he_uniform,
        torch_initializers.he_uniform,
        _he,
        bound=lambda n_in, n_out: np.sqrt(6 / n_in),
    ),
    InitializerRow("he_normal", initializers.he_normal, torch_initializers.he_normal, _he),
]


def by_name(rows: list) -> dict[str, Any]:
    """The arguments of ``pytest.mark.parametrize`` for rows: values and readable ids."""
    return {"argvalues": rows, "ids": [row.name for row in rows]}
