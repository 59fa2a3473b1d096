"""The noise of mini-batch gradients on a net that learns digits: how it scatters, how it shrinks with B."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib import datasets
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.analysis import (
    batch_gradients,
    batch_variance,
    gradient_variance,
    per_sample_gradients,
)
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import start_training
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, LIGHT, ORANGE, SKY, VERMILION, frames

_N = 256
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_STAGES = {"at the start": 0, "after 40 updates": 40, "after 400 updates": 400}
_DRAWN = ("without replacement", "with replacement")
_BATCHES = 400
_LINE = np.unique(
    [*np.geomspace(1, _N, 25).astype(int), 180, 220, 240, 250, 255, _N]
)  # where theory is drawn
_EDGES = np.linspace(-5, 7, 49)  # lengths of the whole gradient
_CENTERS = (_EDGES[1:] + _EDGES[:-1]) / 2


@functools.lru_cache(maxsize=1)
def _digits() -> datasets.Dataset:
    """256 digits to train on, pixels from 0 to 1, and 64 to test on."""
    table = datasets.load_digits()
    x, y = table.x / 16, table.y
    return datasets.Dataset("digits", x[:_N], y[:_N], x[_N : _N + 64], y[_N : _N + 64])


@functools.lru_cache(maxsize=8)
def _nets(seed: int) -> dict[str, list]:
    """The parameters of one training, at three of its stages."""
    model, data = mlp([64, 16, 10], activation=act.relu), _digits()
    rng = np.random.default_rng([seed, 9])
    start = model.init(rng)
    trainer = start_training(model, start, cross_entropy, SGD(0.2), data, rng=rng, batch_size=32)
    stages = {}
    for name, updates in _STAGES.items():
        trainer.advance(updates - trainer.n_updates)
        stages[name] = trainer.params
    return stages


@functools.lru_cache(maxsize=32)
def _noise(stage: str, seed: int, drawn: str) -> SimpleNamespace:
    """Each sample's gradient, and the measured noise of batches of every size."""
    model, data = mlp([64, 16, 10], activation=act.relu), _digits()
    gradients = per_sample_gradients(model, _nets(seed)[stage], cross_entropy, data.x_train, data.y_train)
    whole, rng = gradients.mean(axis=0), np.random.default_rng(seed)
    length = float(np.linalg.norm(whole))
    again = drawn == _DRAWN[1]
    return SimpleNamespace(
        along=(gradients @ whole / length**2)[:, None],  # (N, 1), in lengths of the whole gradient
        length=length,
        variance=float(gradient_variance(gradients)),
        measured=np.array(
            [
                gradient_variance(
                    batch_gradients(gradients, size, _BATCHES if size < 8 else 100, rng, replace=again)
                )
                for size in _SIZES
            ]
        ),
        again=again,
    )


class GradientNoiseExplorer(Explorer):
    """Gradients of batches scatter around the whole gradient: four times the batch, half the scatter."""

    name = "gradient_noise"
    size = (9.0, 3.5)
    ghosts = ("normal", "measured")
    controls = (
        Slider("batch_size", "Batch size B", 1, _N, default=16, log=True, integer=True),
        Choice("stage", "The net", tuple(_STAGES), default="after 40 updates"),
        Choice("drawn", "Samples drawn", _DRAWN, default=_DRAWN[0]),
        Seed(few=3),
    )
    presets = {
        "B = 16": dict(),
        "B = 64": dict(batch_size=64),
        "B = 1": dict(batch_size=1),
        "all 256": dict(batch_size=256),
        "256 with replacement": dict(batch_size=256, drawn=_DRAWN[1]),
        "at the start": dict(stage="at the start"),
        "late": dict(stage="after 400 updates"),
    }
    look_for = {
        "B = 16": "Every batch has its own gradient. How many point backward?",
        "B = 64": "Four times the batch: the histogram is half as wide (a little less, since N is 256).",
        "B = 1": "Single samples: many point backward, and some are far longer than the mean.",
        "all 256": "No choice is left and no noise.",
        "256 with replacement": "256 draws, but some samples come twice and others never: noise is left.",
        "at the start": "Nearly all samples agree on where to go. Small batches do.",
        "late": "What is left to learn is small and the samples disagree: noise drowns the signal.",
    }

    def compute(self, batch_size, stage, drawn, seed):
        noise = _noise(stage, seed, drawn)
        rng = np.random.default_rng([seed, batch_size])
        along = batch_gradients(noise.along, batch_size, _BATCHES, rng, replace=noise.again)[:, 0]
        n = None if noise.again else _N
        spread = float(np.sqrt(batch_variance(noise.along.var(), batch_size, n)))  # along the whole gradient
        equal = noise.variance / noise.length**2  # the noise scale, where σ²/B = |g|²
        return SimpleNamespace(
            batch_size=batch_size,
            stage=tuple(_STAGES).index(stage),
            heights=np.histogram(np.clip(along, *_EDGES[[0, -1]]), _EDGES)[0] / _BATCHES,
            spread=spread,
            backward=float(np.mean(along < 0)),
            length=noise.length,
            measured=np.sqrt(noise.measured),
            theory=np.sqrt(batch_variance(noise.variance, _LINE, n)),
            plain=np.sqrt(batch_variance(noise.variance, _LINE)),
            here=float(np.sqrt(batch_variance(noise.variance, batch_size, n))),
            equal=equal,
            cross=equal if noise.again else equal * _N / (_N - 1 + equal),  # σ²/B · (N − B)/(N − 1) = |g|²
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["histogram", "noise"])
        left.set(xlim=_EDGES[[0, -1]], ylim=(0, 0.6), yticks=[], title=f"{_BATCHES} batches")
        left.set_xlabel("gradient of a batch, along the whole gradient ( = 1 )")
        left.spines["left"].set_visible(False)
        left.axvline(0, color=GRAY, linewidth=1)
        left.axvline(1, color=GREEN, linewidth=1.5)
        left.axvspan(_EDGES[0], 0, color="#FBE9DF", zorder=0)
        left.text(-4.8, 0.56, "backward", color=VERMILION, va="top")
        right.set(xlim=(0.8, 320), ylim=(0.02, 20), xscale="log", yscale="log", xlabel="batch size B")
        right.set_title("Noise of the gradient: root of its variance")
        right.set_xticks(_SIZES, [str(size) for size in _SIZES])
        right.minorticks_off()
        right.set_ylabel("length", labelpad=2)
        right.grid(color="#EBEBEB", linewidth=0.8)
        artists = {
            "bars": frames.moving_band(left, steps=True, color=SKY),
            "normal": frames.moving_line(left, "--", color=ORANGE, label="normal, of this width"),
            "word": frames.moving_text(left, 0.98, 0.95, ha="right", va="top"),
            "plain": frames.moving_line(right, ":", color=GRAY, label="σ/√B"),
            "theory": frames.moving_line(right, "--", color=ORANGE, label="theory"),
            "signal": frames.moving_line(right, color=GREEN, label="whole gradient"),
            "measured": frames.moving_line(right, "o", color=BLUE, label="measured"),
            "here": frames.moving_line(
                right, "o", color=BLACK, markersize=12, markerfacecolor="none", markeredgewidth=1.5
            ),
        }
        frames.legend(left, [artists["normal"]])
        frames.legend(right, [artists[name] for name in ("measured", "theory", "plain", "signal")])
        left.axhline(0, color=LIGHT)
        return artists

    def draw(self, artists, r):
        artists["bars"].set_data(_CENTERS, 0.0, r.heights)
        fine, width = np.linspace(*_EDGES[[0, -1]], 241), _EDGES[1] - _EDGES[0]
        spread = max(r.spread, 0.02)
        normal = width / (spread * np.sqrt(2 * np.pi)) * np.exp(-(((fine - 1) / spread) ** 2) / 2)
        artists["normal"].set_data(fine, normal)
        artists["word"].set_text(f"{100 * r.backward:.0f} % backward")
        artists["plain"].set_data(_LINE, r.plain)
        axes = artists["theory"].axes
        artists["theory"].set_data(_LINE, frames.within(axes, r.theory))
        artists["measured"].set_data(_SIZES, frames.within(axes, r.measured))
        artists["signal"].set_data([0.8, 320], [r.length, r.length])
        artists["here"].set_data([r.batch_size], frames.within(axes, np.array([r.here])))

    def describe(self, r):
        text = f"B = {r.batch_size}, {tuple(_STAGES)[r.stage]}: the noise is {r.here:.2g}"
        text += f" beside a whole gradient of length {r.length:.2g}; {100 * r.backward:.0f} % of the batches"
        scale, cross = (float(f"{size:.2g}") for size in (r.equal, r.cross))  # 2 digits, without an exponent
        return f"{text} point backward. The noise scale is {scale:g}; the curves cross at B = {cross:g}."

    def pointer(self, axes, x, y):
        return {"noise": {"batch_size": max(x, 0.5)}, "histogram": {}}[axes]
