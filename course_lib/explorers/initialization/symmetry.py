"""Units that start alike."""

from __future__ import annotations

import functools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from course_lib import datasets
from course_lib.live import Explorer, Seed, Slider, Toggle
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn import initializers as start_by
from course_lib.numpy_nn.layers import Sequential, mlp
from course_lib.numpy_nn.losses import binary_cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train
from course_lib.plots import BLACK, BLUE, GREEN, LIGHT, ORANGE, PURPLE, SKY, VERMILION, frames

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
