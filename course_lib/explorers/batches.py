"""Explorers of mini-batch descent: the wandering path, and where it settles."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from course_lib import datasets, surfaces
from course_lib.explorers.base import Explorer
from course_lib.explorers.controls import Choice, Seed, Slider, Toggle
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train
from course_lib.plots import contours, frames, maps
from course_lib.plots.style import BLUE, ORANGE, SKY, VERMILION

_N = 32  # training samples
_START = (-0.5, 3.5)  # (w, b) before training


def _line(seed: int) -> datasets.Dataset:
    """A noisy line, its samples sorted by x: the order in which they often arrive."""
    data = datasets.line(
        np.random.default_rng(seed), n=40, noise=0.8, weights=(2.0, 0.5), x_range=(-1.0, 3.0)
    )
    order = np.argsort(data.x_train[:, 0])
    return replace(data, x_train=data.x_train[order], y_train=data.y_train[order])


def _loss_surface(data: datasets.Dataset) -> surfaces.Surface:
    x = data.x_train[:, 0]
    return surfaces.least_squares(np.stack([x, np.ones_like(x)], axis=1), data.y_train[:, 0])


def _start(runs: tuple[int, ...]) -> dict[str, np.ndarray]:
    w, b = _START
    return {"W": np.full((*runs, 1, 1), w), "b": np.full((*runs, 1), b)}


class BatchSizeExplorer(Explorer):
    """Batch size from 1 to N: the smaller the batch, the more the path wanders."""

    name = "batch_size"
    n_seeds = 12
    epochs = 10
    controls = (
        Slider("batch_size", "Batch size B", 1, _N, default=4, integer=True),
        Slider("lr", "Learning rate η", 0.005, 0.4, default=0.08, log=True),
        Slider("epoch", "Epochs shown", 0, 10, default=10, integer=True, play=True),
        Toggle("shuffle", "Shuffle the samples in every epoch", default=True),
        Seed(),
    )
    presets = {
        "one sample": dict(batch_size=1),
        "four": dict(batch_size=4),
        "all 32": dict(batch_size=32),
        "one, careful": dict(batch_size=1, lr=0.01),
        "sorted, not shuffled": dict(batch_size=1, lr=0.04, shuffle=False),
        "too large for B = 1": dict(batch_size=1, lr=0.25),
    }
    look_for = {
        "one sample": "320 short and noisy steps. It arrives fast, and then it never settles.",
        "four": "80 steps of a mean of four: the noise is half that of B = 1.",
        "all 32": "10 steps, every run the same: no chance is left. After 10 epochs it is not there yet.",
        "one, careful": "A smaller step averages the noise away over time.",
        "sorted, not shuffled": "Soon each epoch walks the same loop: the path shows the order of the data.",
        "too large for B = 1": "Some runs are lost. The full batch is fine at this rate: set B to 32.",
    }

    def compute(self, batch_size, lr, epoch, shuffle, seed):
        data = _line(seed)
        surface = _loss_surface(data)
        rngs = [np.random.default_rng([seed, run]) for run in range(self.n_seeds)]
        start = _start((self.n_seeds,))
        points = [_weights(start)]
        _, history = train(
            Dense(1, 1),
            start,
            mse,
            SGD(lr),
            data,
            epochs=self.epochs,
            batch_size=batch_size,
            rng=rngs,
            shuffle=shuffle,
            callback=lambda _, params: points.append(_weights(params)),
        )
        points = np.stack(points)  # (updates + 1, seeds, 2)
        best = float(surface.f(surface.minima[0]))
        hessian = surface.hessian(surface.minima[0])
        pull = lr * np.linalg.eigvalsh(hessian)  # ηλ in each direction
        floor = best / batch_size * (_N - batch_size) / (_N - 1) * np.sum(pull / np.maximum(2 - pull, 1e-9))
        per_epoch = -(-_N // batch_size)
        return SimpleNamespace(
            batch_size=batch_size,
            lr=lr,
            epoch=epoch,
            shuffle=shuffle,
            per_epoch=per_epoch,
            points=points,
            excess=np.maximum(surface.f(points) - best, 1e-12),
            diverged=int(np.sum((history.diverged_at >= 0) & (history.diverged_at <= epoch * per_epoch))),
            best=best,
            floor=float(floor),
            minimum=surface.minima[0],
            levels=contours.ellipses(surface.minima[0], hessian, [0.1, 0.5, 1.5, 4, 8, 14, 22, 32, 45]),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["weights", "loss"])
        left.set(xlim=(-2.8, 5.8), ylim=(-2.5, 4.5), xlabel="w")
        left.set_title("12 runs from one start, one of them dark")
        left.set_aspect("equal")
        left.set_ylabel("b", labelpad=0)
        frames.loss_panel(right, self.epochs, 1e-5, 1e3, xlabel="epochs", ylabel="")
        right.set(title="Loss above the least possible")
        artists = {
            "levels": contours.moving_contours(left),
            "others": frames.moving_line(left, color=SKY, linewidth=0.7, alpha=0.6),
            "path": frames.moving_line(left, color=BLUE, linewidth=1.3, marker="o", markersize=2.5),
            "minimum": frames.moving_line(
                left, **(frames.minimum_style() | {"color": VERMILION, "zorder": 6})
            ),
            "start": frames.moving_line(left, "s", color="black", markersize=6),
            "word": frames.moving_text(left, 0.03, 0.04, color=VERMILION),
            "band": frames.moving_band(right, color=SKY, alpha=0.4, label="all runs"),
            "mean": frames.moving_line(right, color=BLUE, label="mean"),
            "floor": frames.moving_line(right, "--", color=ORANGE, label="theory, fresh batches"),
        }
        frames.legend(right)
        artists["start"].set_data([_START[0]], [_START[1]])
        return artists

    def draw(self, artists, r):
        shown = r.epoch * r.per_epoch + 1
        artists["levels"].set_segments(r.levels)
        artists["minimum"].set_data(r.minimum[:1], r.minimum[1:])
        points = np.clip(r.points[:shown], -50, 50)
        artists["path"].set_data(*points[:, 0].T)
        others = np.concatenate([points[:, 1:], np.full((1, points.shape[1] - 1, 2), np.nan)])  # pen up
        artists["others"].set_data(*others.transpose(2, 1, 0).reshape(2, -1))
        artists["word"].set_text(f"{r.diverged} of {points.shape[1]} runs diverged" if r.diverged else "")
        epochs = np.arange(shown) / r.per_epoch
        excess = frames.within(artists["mean"].axes, r.excess[:shown])
        artists["mean"].set_data(epochs, np.mean(excess, axis=1))
        artists["band"].set_data(epochs, excess.min(axis=1), excess.max(axis=1))
        artists["floor"].set_data([0, self.epochs], [r.floor, r.floor])

    def describe(self, r):
        shown = r.epoch * r.per_epoch
        order = "shuffled" if r.shuffle else "in sorted order"
        updates = "1 update" if r.per_epoch == 1 else f"{r.per_epoch} updates"
        settled = np.mean(r.excess[max(0, shown - r.per_epoch + 1) : shown + 1])
        runs = f"B = {r.batch_size}, η = {r.lr:.3g}, {order}: {updates} an epoch, {shown} in all."
        if r.diverged:
            return f"{runs} {r.diverged} of {r.points.shape[1]} runs diverged."
        above = f"on average {settled:.2g} above the least possible {r.best:.2g}"
        return f"{runs} In the last epoch shown the loss is {above}; theory says {r.floor:.2g} in the end."


def _weights(params: dict[str, np.ndarray]) -> np.ndarray:
    """(w, b) of every run, shape (runs, 2)."""
    return np.concatenate([params["W"][..., 0], params["b"]], axis=-1)


_RATES = np.geomspace(0.002, 0.5, 25)
_SIZES = (1, 2, 4, 8, 16, 32)
_GONE = 1e12  # the loss drawn for a run that diverged: out of the picture


class NoiseFloorExplorer(Explorer):
    """A map over learning rate and batch size: too slow, too noisy, diverged, and the good ground between."""

    name = "noise_floor"
    n_seeds = 16
    epochs = 20
    ghosts = ("median",)
    controls = (
        Slider("lr", "Learning rate η", 0.002, 0.5, default=0.05, log=True),
        Choice("batch_size", "Batch size B", _SIZES, default=2),
        Seed(),
    )
    presets = {
        "slow corner": dict(lr=0.0025, batch_size=32),
        "noisy corner": dict(lr=0.1, batch_size=1),
        "good ground": dict(lr=0.016, batch_size=2),
        "over the edge": dict(lr=0.25, batch_size=1),
    }
    look_for = {
        "slow corner": "Large batch, small rate: few and timid updates. It is still far away.",
        "noisy corner": "Small batch, large rate: there in one epoch, and then it shakes.",
        "good ground": "The dark diagonal: twice the batch wants about twice the rate.",
        "over the edge": "The limit of a single sample is lower than the limit of the mean of all.",
    }

    def __init__(self, **settings):
        self._maps: dict[int, dict] = {}  # by seed: the columns that are done, by batch size
        super().__init__(**settings)

    @property
    def takes_long(self) -> bool:
        return len(self._maps.get(self.settings["seed"], ())) < len(
            _SIZES
        )  # another cell of a map is at hand

    def compute(self, lr, batch_size, seed):
        row = maps.nearest(lr, _RATES)
        columns = self._maps.setdefault(seed, {})
        yield 0.0, None  # a column takes a moment
        for size in (batch_size, *_SIZES):  # the column in view comes first
            if size not in columns:
                columns[size] = self._column(size, seed)
                if len(columns) < len(_SIZES):
                    yield len(columns) / len(_SIZES), self._so_far(columns, row, batch_size)
        yield 1.0, self._so_far(columns, row, batch_size)

    def _column(self, batch_size, seed) -> SimpleNamespace:
        """All learning rates and all seeds of one batch size, as one training."""
        data = _line(seed)
        surface = _loss_surface(data)
        runs = (len(_RATES), self.n_seeds)
        rngs = [np.random.default_rng([seed, run]) for run in range(self.n_seeds)] * len(_RATES)
        start = _start((len(rngs),))
        _, history = train(
            Dense(1, 1),
            start,
            mse,
            SGD(np.repeat(_RATES, self.n_seeds)),
            data,
            epochs=self.epochs,
            batch_size=batch_size,
            rng=rngs,
        )
        excess = history.train_loss - float(surface.f(surface.minima[0]))
        updates = np.arange(len(excess))[:, None] * -(-_N // batch_size)
        gone = (history.diverged_at >= 0) & (updates >= history.diverged_at)
        excess = np.where(gone, _GONE, excess)  # train holds such a run at its last good loss
        return SimpleNamespace(
            excess=np.maximum(excess, 1e-12).reshape(-1, *runs),
            diverged=(history.diverged_at >= 0).reshape(runs).any(axis=-1),
        )

    def _so_far(self, columns, row, batch_size) -> SimpleNamespace:
        final = np.full((len(_RATES), len(_SIZES)), np.nan)  # nan: not computed yet
        diverged = np.zeros(final.shape, dtype=bool)
        for size, column in columns.items():
            final[:, _SIZES.index(size)] = np.median(column.excess[-1], axis=-1)
            diverged[:, _SIZES.index(size)] = column.diverged
        return SimpleNamespace(
            row=row,
            column=_SIZES.index(batch_size),
            final=final,
            diverged=diverged,
            curves=columns[batch_size].excess[:, row],  # (epochs + 1, seeds)
            done=len(columns),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["map", "loss"])
        left.set_xlabel("batch size B")
        left.set_ylabel("learning rate η", labelpad=2)
        left.set_title(f"Loss above the least possible, {self.epochs} epochs")
        artists = maps.map_panel(
            figure, left, _SIZES, _RATES, low=1e-3, high=10, row_ticks=(0.002, 0.005, 0.02, 0.05, 0.2, 0.5)
        )
        frames.loss_panel(right, self.epochs, 1e-5, 1e3, xlabel="epochs", ylabel="")
        right.set(title="The chosen cell: 16 runs", xticks=range(0, self.epochs + 1, 5))
        artists |= {
            "band": frames.moving_band(right, color=SKY, alpha=0.4, label="all runs"),
            "median": frames.moving_line(right, color=BLUE, label="median"),
            "word": frames.moving_text(right, 0.5, 0.5, ha="center", color=VERMILION),
        }
        frames.legend(left, [artists["crosses"]])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        maps.show_map(artists, r.final, r.diverged, r.column, r.row)
        artists["word"].set_text("runs diverge here" if r.diverged[r.row, r.column] else "")
        epochs = np.arange(len(r.curves))
        curves = frames.within(artists["median"].axes, r.curves)
        artists["median"].set_data(epochs, np.median(curves, axis=1))
        artists["band"].set_data(epochs, curves.min(axis=1), curves.max(axis=1))

    def describe(self, r):
        cell = f"η = {_RATES[r.row]:.2g}, B = {_SIZES[r.column]}"
        if r.diverged[r.row, r.column]:
            return f"{cell}: runs diverge here."
        above = np.median(r.curves[-1])
        text = f"{cell}: after {self.epochs} epochs typically {above:.2g} above the least loss."
        if r.done < len(_SIZES):
            return f"{text} {r.done} of {len(_SIZES)} columns of the map are done."
        best = np.argmin(np.where(r.diverged, np.inf, r.final)[:, r.column])
        return f"{text} The best η of this column is {_RATES[best]:.2g}."

    def pointer(self, axes, x, y):
        if axes != "map":
            return {}
        batch_size, lr = maps.cell_at(x, y, _SIZES, _RATES)
        return {"batch_size": batch_size, "lr": lr}
