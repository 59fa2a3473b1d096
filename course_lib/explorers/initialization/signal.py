"""How far a signal travels."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn import initializers as start_by
from course_lib.numpy_nn.layers import Activate, Dense
from course_lib.plots import BLUE, LIGHT, ORANGE, SKY, VERMILION, Label, frames

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
