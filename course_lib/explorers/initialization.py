"""Explorers of initialization: how far a signal travels, and how units that start alike come apart."""

from __future__ import annotations

import functools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from course_lib import datasets
from course_lib.explorers.base import Explorer
from course_lib.explorers.controls import Choice, Seed, Slider, Toggle
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn import initializers as start_by
from course_lib.numpy_nn.layers import Activate, Dense, Sequential, mlp
from course_lib.numpy_nn.losses import binary_cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train
from course_lib.plots import frames
from course_lib.plots.labels import Label
from course_lib.plots.style import BLACK, BLUE, GREEN, LIGHT, ORANGE, PURPLE, SKY, VERMILION

_DEEPEST = 50
_DRAWS = 6  # nets drawn at once, to show chance as a band
_SAMPLES = 12
_LOW, _HIGH = 1e-12, 1e6  # of the axes; what is smaller or larger leaves the picture
_ACTIVATIONS = {  # name -> (the activation, share of E[z²] that passes, mean square slope, are they exact?)
    "tanh": (act.tanh, 1.0, 1.0, False),
    "ReLU": (act.relu, 1 / 2, 1 / 2, True),
    "sigmoid": (act.sigmoid, None, 1 / 16, False),  # forward it stays below 1 whatever comes in
    "identity": (act.identity, 1.0, 1.0, True),
}
_INITIALIZERS = {  # name -> (the initializer, n Var(w) for a layer n → n)
    "normal 0.01": (start_by.normal(0.01), lambda n: n * 0.01**2),
    "Xavier uniform": (start_by.xavier_uniform, lambda n: 1.0),
    "Xavier normal": (start_by.xavier_normal, lambda n: 1.0),
    "He uniform": (start_by.he_uniform, lambda n: 2.0),
    "He normal": (start_by.he_normal, lambda n: 2.0),
}
_BINS = np.linspace(-3, 3, 62)
_CENTERS = (_BINS[1:] + _BINS[:-1]) / 2


@functools.lru_cache(maxsize=4)
def _deep_draw(initializer: str, width: int, seed: int) -> SimpleNamespace:
    """The parameters of all 50 layers, an input, and a gradient that arrives at the output."""
    rng = np.random.default_rng([seed, 5])
    shape = (_DRAWS, _SAMPLES, width)
    layer = Dense(width, width, _INITIALIZERS[initializer][0])
    return SimpleNamespace(
        x=rng.normal(size=shape),
        dy=rng.normal(size=shape),
        params=[layer.init(rng, (_DRAWS,)) for _ in range(_DEEPEST)],
    )


def _size(h: np.ndarray) -> np.ndarray:
    """Root mean square over samples and units: one number for each draw."""
    return np.sqrt(np.mean(np.square(h), axis=(-2, -1)))


def _histogram(values: np.ndarray) -> np.ndarray:
    """How often each multiple of their own size occurs, the most frequent one 1; a signal of 0 has none."""
    size = _size(values)[..., None, None]
    multiples = np.divide(values, size, out=np.full(values.shape, np.nan), where=size > 0)
    counts = np.histogram(multiples[np.isfinite(multiples)], _BINS)[0]
    return counts / max(counts.max(), 1)


class SignalExplorer(Explorer):
    """A signal on its way through a deep net, and the gradient on its way back."""

    name = "signal"
    size = (9.2, 3.5)
    ghosts = ("forward", "backward")
    controls = (
        Slider("depth", "Layers L", 2, _DEEPEST, default=30, integer=True),
        Slider("width", "Units a layer n", 4, 64, default=64, integer=True, step=4),
        Choice("activation", "Activation", tuple(_ACTIVATIONS), default="ReLU"),
        Choice("initializer", "Initializer", tuple(_INITIALIZERS), default="Xavier normal"),
        Slider("gain", "Gain", 0.25, 4.0, default=1.0, log=True),
        Seed(),
    )
    presets = {
        "half is lost": dict(depth=50),
        "He for ReLU": dict(depth=50, initializer="He normal"),
        "small random numbers": dict(activation="tanh", initializer="normal 0.01"),
        "Xavier for tanh": dict(depth=50, activation="tanh", initializer="Xavier normal"),
        "saturated": dict(depth=50, activation="tanh", initializer="Xavier normal", gain=4.0),
        "sigmoid": dict(depth=20, activation="sigmoid", initializer="Xavier normal"),
        "explodes": dict(depth=50, activation="identity", initializer="He uniform"),
        "narrow": dict(depth=50, width=12, initializer="He normal"),
        "a dead layer": dict(depth=50, width=4, initializer="He normal"),
    }
    look_for = {
        "half is lost": "ReLU keeps half of the mean square. How much is left after 50 layers?",
        "He for ReLU": "Twice the variance makes up for the half that is lost. The lines are level.",
        "small random numbers": "Every layer multiplies by 0.08. After ten layers nothing is left.",
        "Xavier for tanh": "Slow decay, and no collapse. Where does it fall below the bound, and why?",
        "saturated": "Most values sit at ±1, where the slope is small. The gradient grows all the same: why?",
        "sigmoid": "Forward it settles near ½. Backward it loses at least ¾ in every layer.",
        "explodes": "Nothing halves here, so He's variance doubles the mean square at every layer.",
        "narrow": "The theory is a mean over all draws. In a narrow net most draws lie below it.",
        "a dead layer": "Sooner or later no unit of a layer is on. From there on the signal is exactly 0.",
    }

    def compute(self, depth, width, activation, initializer, gain, seed):
        drawn = _deep_draw(initializer, width, seed)
        f, share, slope, exact = _ACTIVATIONS[activation]
        variance = gain**2 * _INITIALIZERS[initializer][1](width)  # n Var(w)
        dense, bend = Dense(width, width), Activate(f)
        h, g = drawn.x, drawn.dy
        shown, on_the_way = sorted({0, depth // 2, depth}), []
        kept, forward, backward = {0: h}, [_size(h)], [_size(g)]
        for layer, p in enumerate(drawn.params[:depth], start=1):
            p = {"W": gain * p["W"], "b": p["b"]}
            z, before = dense.forward(p, h)
            h, cache = bend.forward({}, z)
            on_the_way.append((p, before, cache))
            forward.append(_size(h))
            kept[layer] = h
        sent = {depth: g}
        for layer, (p, before, cache) in reversed(list(enumerate(on_the_way))):
            dz, _ = bend.backward({}, cache, g)
            g, _ = dense.backward(p, before, dz)
            backward.append(_size(g))
            sent[layer] = g
        layers = np.arange(depth + 1)
        factors = np.sqrt(variance * (share or 0.0)), np.sqrt(variance * slope)
        return SimpleNamespace(
            depth=depth,
            width=width,
            activation=tuple(_ACTIVATIONS).index(activation),
            initializer=tuple(_INITIALIZERS).index(initializer),
            gain=gain,
            exact=exact,
            level=share is None,
            forward=np.array(forward),  # (L + 1, draws)
            backward=np.array(backward[::-1]),
            factors=np.array(factors),
            forward_theory=np.ones(depth + 1) if share is None else factors[0] ** layers,
            backward_theory=factors[1] ** (depth - layers),
            shown=np.array(shown),
            heights=np.array([[_histogram(values[layer]) for values in (kept, sent)] for layer in shown]),
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["forward", "backward", "values"], widths=[1, 1, 0.85])
        for ax in (left, middle):
            frames.loss_panel(ax, _DEEPEST, _LOW, _HIGH, xlabel="layer", ylabel="")
            ax.axhline(1, color=LIGHT, linewidth=1.2)
        left.set_title("Size of the activations")
        middle.set_title("Size of the gradients")
        right.set(xlim=(-3, 3), ylim=(0, 3.25), xlabel="value / size in its layer", yticks=[])
        right.set_title("Histograms")
        right.spines["left"].set_visible(False)
        band = {"color": SKY, "alpha": 0.45}
        artists = {}
        for name, ax, side in (("forward", left, 0.04), ("backward", middle, 0.96)):
            align = "left" if side < 0.5 else "right"  # the side that the signal starts from
            style = {"ha": align, "fontsize": 9}
            artists |= {
                f"{name}_band": frames.moving_band(ax, label=f"{_DRAWS} draws", **band),
                name: frames.moving_line(ax, "o-", color=BLUE, markersize=2.5, label="median"),
                f"{name}_theory": frames.moving_line(ax, "--", color=ORANGE, label="theory"),
                f"{name}_rule": frames.moving_text(ax, side, 0.97, va="top", **style),
                f"{name}_word": frames.moving_text(ax, side, 0.88, va="top", color=VERMILION, **style),
            }
            frames.legend(ax, [artists[f"{name}_band"], artists[name], artists[f"{name}_theory"]])
        for row in range(3):
            base = 2.2 - 1.1 * row
            right.axhline(base, color=LIGHT, linewidth=1)
            artists[f"bars{row}"] = frames.moving_band(right, steps=True, color=SKY, label="activations")
            artists[f"steps{row}"] = frames.moving_line(
                right, color=VERMILION, linewidth=1.2, drawstyle="steps-mid", label="gradients"
            )
            artists[f"label{row}"] = Label(right, -2.95, base + 1.0, va="top", fontsize=9)
        frames.legend(right, [artists["bars0"], artists["steps0"]])
        return artists

    def draw(self, artists, r):
        layers = np.arange(r.depth + 1)
        for name, end, factor in (("forward", -1, r.factors[0]), ("backward", 0, r.factors[1])):
            sizes, ax = getattr(r, name), artists[name].axes
            inside = frames.within(ax, sizes)
            artists[name].set_data(layers, np.median(inside, axis=1))
            artists[f"{name}_band"].set_data(layers, inside.min(axis=1), inside.max(axis=1))
            artists[f"{name}_theory"].set_data(layers, frames.within(ax, getattr(r, f"{name}_theory")))
            rule = f"× {factor:.3g} a layer"
            if r.level and name == "forward":
                rule = "stays below 1"
            elif not r.exact:
                rule = f"at most {rule}"
            artists[f"{name}_rule"].set_text(rule)
            last = np.median(sizes[end])
            word = "leaves below" if last < _LOW else "leaves at the top" if last > _HIGH else ""
            artists[f"{name}_word"].set_text(word)
            rises = max(last, factor) > 1.001  # the texts stand where the lines do not go
            artists[f"{name}_rule"].set_y(0.2 if rises else 0.97)
            artists[f"{name}_word"].set_y(0.11 if rises else 0.88)
        for row, (layer, (activations, gradients)) in enumerate(zip(r.shown, r.heights, strict=True)):
            base = 2.2 - 1.1 * row
            artists[f"bars{row}"].set_data(_CENTERS, base, base + 0.75 * activations)
            artists[f"steps{row}"].set_data(_CENTERS, base + 0.75 * gradients)
            gone = "" if activations.any() else ": all 0"
            artists[f"label{row}"].set_text((f"layer {layer}" if layer else "input") + gone)

    def describe(self, r):
        what = (
            f"{tuple(_ACTIVATIONS)[r.activation]}, {tuple(_INITIALIZERS)[r.initializer]}, gain {r.gain:.3g}"
        )
        at_most = "" if r.exact else "at most "
        forward, backward = (f"{at_most}× {factor:.3g} a layer" for factor in r.factors)
        forward = "below 1" if r.level else forward
        return (
            f"{what}, {r.depth} layers of {r.width}: "
            f"activations at the output {_within_reach(r.forward[-1])}, theory {forward}; "
            f"gradients at the input {_within_reach(r.backward[0])}, theory {backward}."
        )


def _within_reach(sizes: np.ndarray) -> str:
    """The size that is typical of the draws, as far as the picture shows it."""
    size = float(np.median(sizes))
    if size < _LOW:
        return "below 1e-12 (out of the picture)"
    return f"{size:.2g}" if size <= _HIGH else "above 1e6 (out of the picture)"


_UNITS = 4
_RUNS = 12
_EPOCHS = 100
_RATE = 1.0


@functools.lru_cache(maxsize=128)
def _xor_training(scale: float, alike: bool, seed: int) -> SimpleNamespace:
    """A net 2 → 4 → 1 on XOR from 12 starts at once, with every epoch's weights kept."""
    rng = np.random.default_rng([seed, 6])
    data = datasets.xor(rng, n=40, noise=0.2)
    data = replace(data, y_train=1.0 * data.y_train[:, None], y_test=1.0 * data.y_test[:, None])
    model: Sequential = mlp([2, _UNITS, 1], act.tanh, start_by.normal(1.0))
    start = model.init(rng, (_RUNS,))
    start = [{name: scale * p for name, p in layer.items()} for layer in start]
    if alike:  # every unit is given the weights of the first
        start[0]["W"] = np.repeat(start[0]["W"][..., :1], _UNITS, axis=-1)
        start[2]["W"] = np.repeat(start[2]["W"][..., :1, :], _UNITS, axis=-2)
    weights = [start[0]["W"]]
    _, history = train(
        model,
        start,
        binary_cross_entropy,
        SGD(_RATE),
        data,
        epochs=_EPOCHS,
        batch_size=len(data.x_train),
        rng=rng,
        shuffle=False,
        callback=lambda _, params: weights.append(params[0]["W"]),
    )
    weights = np.array(weights)  # (epochs + 1, runs, 2, units)
    share = data.y_train.mean()
    pull = np.mean((data.y_train - 0.5) * data.x_train, axis=0)  # −∂L/∂(Ww), at weights near 0
    return SimpleNamespace(
        weights=weights,
        apart=_apart(weights),  # (epochs + 1, runs)
        linear=_apart(_linear_course(weights[0], start[2]["W"][..., 0], pull)),
        losses=history.train_loss,
        constant=float(-share * np.log(share) - (1 - share) * np.log(1 - share)),
    )


def _apart(weights: np.ndarray) -> np.ndarray:
    """Root mean square distance of the units from their middle, along each axis: (..., 2, units) -> (...)."""
    return np.sqrt(np.mean(np.var(weights, axis=-1), axis=-1))


def _linear_course(W: np.ndarray, w: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Small weights at every epoch: W ← W + η pull wᵀ and w ← w + ηWᵀ pull, in which tanh is the identity.

    Along the pull, W + w grows by 1 + η|pull| an epoch and W − w shrinks by 1 − η|pull|.
    """
    strength = np.linalg.norm(pull)
    direction = pull / strength
    along = np.einsum("d,rdu->ru", direction, W)
    t = np.arange(_EPOCHS + 1)[:, None, None]
    grown, shrunk = (1 + _RATE * strength) ** t, (1 - _RATE * strength) ** t
    later = ((along + w) * grown + (along - w) * shrunk) / 2
    return W + direction[:, None] * (later - along)[:, :, None, :]


_UNIT_STYLES = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PURPLE, "D"))


class SymmetryExplorer(Explorer):
    """Hidden units that start alike stay alike for ever; a little chance sets them apart."""

    name = "symmetry"
    size = (9.2, 3.5)
    ghosts = ("apart", "loss")
    controls = (
        Slider("scale", "Scale of the start", 0.0, 1.0, default=0.5, step=0.01),
        Toggle("alike", "Start all units alike", default=False),
        Slider("epoch", "Epochs shown", 0, _EPOCHS, default=_EPOCHS, integer=True, play=True),
        Seed(),
    )
    presets = {
        "chance": dict(),
        "all zero": dict(scale=0.0),
        "all alike": dict(alike=True),
        "alike and large": dict(alike=True, scale=1.0),
        "hardly apart": dict(scale=0.01),
        "the first steps": dict(scale=0.1, epoch=10),
    }
    look_for = {
        "chance": "No two units take the same way, though all follow one rule. Press New seed.",
        "all zero": "No unit moves: with zero on both sides, no gradient reaches a weight.",
        "all alike": "Four units on one path. The net can do no more than a net with one hidden unit.",
        "alike and large": "Scale does not help. It is not small weights that hurt here, but equal ones.",
        "hardly apart": "The distance grows exponentially, as it must near 0. Only then does the loss fall.",
        "the first steps": "Press Play. When do the paths part?",
    }

    def compute(self, scale, alike, epoch, seed):
        run = _xor_training(scale, alike, seed)
        return SimpleNamespace(scale=scale, alike=alike, epoch=epoch, **vars(run))

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["weights", "apart", "loss"], widths=[1.1, 1, 1])
        left.set(xlim=(-3.5, 3.5), ylim=(-3.5, 3.5), xlabel="weight of $x_1$")
        left.set_ylabel("weight of $x_2$", labelpad=0)
        left.set_title("Weights into each unit, one run")
        left.set_aspect("equal")
        left.axhline(0, color=LIGHT, linewidth=1.2)
        left.axvline(0, color=LIGHT, linewidth=1.2)
        frames.loss_panel(middle, _EPOCHS, 1e-4, 1e1, xlabel="epochs", ylabel="")
        middle.set_title("Distance between units")
        right.set(xlim=(0, _EPOCHS), ylim=(0, 1.6), xlabel="epochs", title="Loss")
        right.grid(color="#EBEBEB", linewidth=0.8)
        artists = {}
        for unit, (color, marker) in enumerate(_UNIT_STYLES):
            width = 3.2 - 0.7 * unit  # paths in one place show as stripes
            artists[f"path{unit}"] = frames.moving_line(left, color=color, linewidth=width)
            artists[f"unit{unit}"] = frames.moving_line(
                left,
                marker,
                linestyle="none",
                markersize=9,
                markerfacecolor="none",
                markeredgecolor=color,
                markeredgewidth=2,
                label=str(unit + 1),
                zorder=5,
            )
        band = {"color": SKY, "alpha": 0.4}
        artists |= {
            "starts": frames.moving_line(left, "o", color=BLACK, markersize=3.5, label="start", zorder=6),
            "apart_band": frames.moving_band(middle, label=f"{_RUNS} runs", **band),
            "apart": frames.moving_line(middle, color=BLUE, label="median"),
            "linear": frames.moving_line(middle, "--", color=ORANGE, label="theory if small"),
            "word": frames.moving_text(middle, 0.5, 0.48, ha="center", color=VERMILION),
            "loss_band": frames.moving_band(right, label=f"{_RUNS} runs", **band),
            "loss": frames.moving_line(right, color=BLUE, label="median"),
            "constant": frames.moving_line(right, "--", color=ORANGE, label="constant"),
        }
        frames.legend(left, [artists["starts"], *(artists[f"unit{unit}"] for unit in range(_UNITS))])
        frames.legend(middle, [artists["apart_band"], artists["apart"], artists["linear"]])
        frames.legend(right, [artists["loss_band"], artists["loss"], artists["constant"]])
        return artists

    def draw(self, artists, r):
        shown = r.epoch + 1
        epochs = np.arange(shown)
        for unit in range(_UNITS):
            path = r.weights[:shown, 0, :, unit]
            artists[f"path{unit}"].set_data(*path.T)
            artists[f"unit{unit}"].set_data(*path[-1:].T)
        artists["starts"].set_data(*r.weights[0, 0])
        linear = frames.within(artists["linear"].axes, r.linear)
        artists["linear"].set_data(np.arange(_EPOCHS + 1), np.median(linear, axis=1))
        apart = frames.within(artists["apart"].axes, r.apart[:shown])
        artists["apart"].set_data(epochs, np.median(apart, axis=1))
        artists["apart_band"].set_data(epochs, apart.min(axis=1), apart.max(axis=1))
        artists["word"].set_text("" if np.any(r.apart[:shown]) else f"exactly 0 in all {_RUNS} runs")
        losses = np.minimum(r.losses[:shown], 10)
        artists["loss"].set_data(epochs, np.median(losses, axis=1))
        artists["loss_band"].set_data(epochs, losses.min(axis=1), losses.max(axis=1))
        artists["constant"].set_data([0, _EPOCHS], [r.constant, r.constant])

    def describe(self, r):
        how = f"{_UNITS} units started {'alike' if r.alike else 'apart'} at scale {r.scale:.2g}"
        first, now = r.apart[0], r.apart[r.epoch]
        loss = f"typical loss {np.median(r.losses[r.epoch]):.2g} (a constant answer: {r.constant:.2g})."
        if not np.any(r.apart[: r.epoch + 1]):
            return f"{how}: after {r.epoch} epochs they are still exactly alike in all {_RUNS} runs; {loss}"
        return (
            f"{how}: the typical distance between units goes from {np.median(first):.2g} "
            f"to {np.median(now):.2g} in {r.epoch} epochs; {loss}"
        )
