"""The learning-rate range test, beside what the rates would have done in full trainings."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from course_lib.core import tree_map
from course_lib.explorers.batch_size_and_learning_rate import small_nets
from course_lib.live import Explorer, Seed, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.analysis import sharpness
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import RangeTest, start_training
from course_lib.plots import BLUE, GREEN, LIGHT, ORANGE, SKY, VERMILION, frames

_LOW, _HIGH = 1e-3, 30.0
_RATES = tuple(float(f"{rate:.3g}") for rate in np.geomspace(0.005, _HIGH, 31))
_SIZES = (4, 8, 16, 32, 64, 128)
_TESTS, _SEEDS, _EPOCHS = 5, 3, 12
_AT_ONCE = 20  # updates of the tests between two pictures


def _nets(seed: int):
    """A net, and parameters to start the tests from, as runs."""
    model = mlp([2, 16, 2], activation=act.relu)
    starts = [model.init(np.random.default_rng([seed, 3, run])) for run in range(_TESTS)]
    return model, tree_map(lambda *runs: np.stack(runs).astype(np.float32), *starts)


def _tested(batch_size: int, n_updates: int, seed: int) -> Iterator[RangeTest]:
    """All range tests at once, some updates at a time."""
    model, starts = _nets(seed)
    rates = np.geomspace(_LOW, _HIGH, n_updates)
    trainer = start_training(
        model,
        starts,
        cross_entropy,
        SGD(lambda t: float(rates[t])),
        small_nets.circles(seed),
        rng=[np.random.default_rng([seed, run]) for run in range(_TESTS)],
        batch_size=batch_size,
    )
    while trainer.n_updates < n_updates:
        trainer.advance(min(_AT_ONCE, n_updates - trainer.n_updates))
        losses, so_far = trainer.history().batch_loss, rates[: trainer.n_updates]
        yield RangeTest.of(so_far, losses, trainer.diverged_at)


@functools.lru_cache(maxsize=64)
def _edge(seed: int) -> float:
    """2/λmax before training, the middle of the runs."""
    data, (model, starts) = small_nets.circles(seed), _nets(seed)
    x, starts = data.x_train.astype(float), tree_map(lambda p: p.astype(float), starts)
    rng = np.random.default_rng(0)
    return float(
        np.median(2 / sharpness(model, starts, cross_entropy, x, data.y_train, rng=rng, n_iterations=8))
    )


def _trained(batch_size: int, seed: int) -> np.ndarray:
    """The training loss after 12 epochs with each rate, shape (rates, seeds)."""
    updates = _EPOCHS * -(-small_nets.N // batch_size)
    data = small_nets.circles(seed)
    return small_nets.trained_runs(data, 16, SGD, _RATES, _SEEDS, batch_size, updates, 1, seed).train[-1]


class LrRangeExplorer(Explorer):
    """Let the rate grow at every update: where does the loss fall fastest, and where does it blow up?"""

    name = "lr_range"
    size = (9.0, 3.5)
    ghosts = ("smoothed", "trained")
    controls = (
        Slider("batch_size", "Batch size B", 4, 128, default=16, log=True, integer=True, stops=_SIZES),
        Slider("n_updates", "Updates of the test", 40, 400, default=240, integer=True, step=20),
        Slider("run", "Test shown", 1, _TESTS, default=1, integer=True),
        Seed(few=2),
    )
    presets = {
        "a usual test": dict(),
        "in a hurry": dict(n_updates=40),
        "patient": dict(n_updates=400),
        "small batch": dict(batch_size=4),
        "full batch": dict(batch_size=128),
    }
    look_for = {
        "a usual test": "Level, then a fall, then up. Is a tenth of the blow-up a good rate on the right?",
        "in a hurry": "The rate grows by 30 % an update: the loss has no time to fall.",
        "patient": "The net has learned before the rate is large: the fall comes earlier.",
        "small batch": "The losses of batches of 4 jump. Without smoothing nothing could be read.",
        "full batch": "No noise: the curve is smooth, and it breaks where a step leaves the valley.",
    }

    kept: ClassVar[dict[tuple, RangeTest]] = {}  # tests that have been made, for all pictures ...
    trained: ClassVar[dict[tuple, np.ndarray]] = {}  # ... and full trainings

    @property
    def takes_long(self) -> bool:
        settings = self.settings
        return (settings["batch_size"], settings["n_updates"], settings["seed"]) not in self.kept

    def compute(self, batch_size, n_updates, run, seed):
        key, to_the_end = (batch_size, n_updates, seed), (batch_size, seed)
        if key not in self.kept:
            for tests in _tested(*key):
                done = 0.8 * len(tests.rates) / n_updates
                yield done, self._seen(*key, run, tests, self.trained.get(to_the_end))
            if to_the_end not in self.trained:
                self.trained[to_the_end] = _trained(*to_the_end)
            if len(self.kept) > 500:
                self.kept.clear()
            self.kept[key] = tests
        yield 1.0, self._seen(*key, run, self.kept[key], self.trained[to_the_end])

    def _seen(self, batch_size, n_updates, seed, run, tests: RangeTest, trained) -> SimpleNamespace:
        """What the picture shows of tests that may still be going on."""
        ended = len(tests.rates) == n_updates
        return SimpleNamespace(
            batch_size=batch_size,
            n_updates=n_updates,
            run=run,
            growth=float((_HIGH / _LOW) ** (1 / (n_updates - 1))),
            rates=tests.rates,
            losses=np.nan_to_num(tests.losses[:, run - 1], nan=1e3, posinf=1e3),
            smoothed=np.nan_to_num(np.roll(tests.smoothed, 1 - run, axis=1), nan=1e3, posinf=1e3),
            steepest=float(tests.steepest[run - 1]) if ended else np.nan,
            blow_up=float(np.median(tests.blow_up)) if ended else np.nan,
            tenth=float(np.median(tests.tenth)) if ended else np.nan,
            edge=_edge(seed),
            trained=np.full((len(_RATES), 1), -1.0) if trained is None else trained,  # −1: not yet
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["test", "trained"])
        for ax, title in ((left, "Range test: loss of each batch"), (right, f"Loss after {_EPOCHS} epochs")):
            ax.set(xscale="log", yscale="log", xlim=(_LOW, _HIGH), xlabel="learning rate η", title=title)
            ax.grid(color="#EBEBEB", linewidth=0.8)
        left.set_ylim(0.01, 20)
        right.set_ylim(0.01, 20)
        artists = {
            "losses": frames.moving_line(left, "o", color=SKY, markersize=2.2, alpha=0.8),
            "others": frames.moving_line(left, color=LIGHT, linewidth=1.2),
            "smoothed": frames.moving_line(left, color=BLUE, label="smoothed"),
            "steepest": frames.moving_line(left, "-.", color=GREEN, linewidth=1.5, label="steepest"),
            "blow_up": frames.moving_line(left, ":", color=VERMILION, linewidth=1.8, label="blow-up"),
            "edge": frames.moving_line(left, "--", color=ORANGE, label="2/λmax at first"),
            "band": frames.moving_band(right, color=SKY, alpha=0.4),
            "trained": frames.moving_line(right, color=BLUE, label=f"{_SEEDS} trainings"),
            "tenth": frames.moving_line(right, "-", color=VERMILION, linewidth=1.5, label="blow-up / 10"),
            "steepest_there": frames.moving_line(right, "-.", color=GREEN, linewidth=1.5, label="steepest"),
        }
        frames.legend(left, [artists[name] for name in ("smoothed", "steepest", "blow_up", "edge")])
        frames.legend(right, [artists[name] for name in ("trained", "tenth", "steepest_there")])
        return artists

    def draw(self, artists, r):
        axes = artists["smoothed"].axes
        artists["losses"].set_data(r.rates, frames.within(axes, r.losses))
        inside = frames.within(axes, r.smoothed)
        artists["smoothed"].set_data(r.rates, inside[:, 0])
        artists["others"].set_data(*frames.separate_lines(r.rates, inside[:, 1:].T))
        for name, rate in (
            ("steepest", r.steepest),
            ("steepest_there", r.steepest),
            ("blow_up", r.blow_up),
            ("edge", r.edge),
            ("tenth", r.tenth),
        ):
            artists[name].set_data([rate, rate], [0.01, 20])
        trained = np.where(r.trained < 0, np.nan, frames.within(artists["trained"].axes, r.trained))
        artists["trained"].set_data(_RATES, np.median(trained, axis=1))
        artists["band"].set_data(_RATES, trained.min(axis=1), trained.max(axis=1))

    def describe(self, r):
        text = f"B = {r.batch_size}, {r.n_updates} updates, η {100 * (r.growth - 1):.2g} % larger each time"
        if len(r.rates) < r.n_updates:
            return f"{text}: {len(r.rates)} are done."
        text += f": test {r.run} falls fastest near η = {r.steepest:.1g}; they blow up near {r.blow_up:.1g}"
        if r.trained.min() < 0:
            return f"{text}."
        best = _RATES[int(np.median(r.trained, axis=1).argmin())]
        return f"{text}. In full trainings {best:.1g} is best."
