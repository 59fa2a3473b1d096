"""The wandering path of mini-batch descent."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib.explorers.gradient_descent.straight_line import (
    START,
    N,
    line_data,
    loss_surface,
    start_params,
)
from course_lib.live import Explorer, Seed, Slider, Toggle
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train
from course_lib.plots import BLUE, ORANGE, SKY, VERMILION, contours, frames


class BatchSizeExplorer(Explorer):
    """Batch size from 1 to N: the smaller the batch, the more the path wanders."""

    name = "batch_size"
    n_seeds = 12
    epochs = 10
    controls = (
        Slider("batch_size", "Batch size B", 1, N, default=4, integer=True),
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
        data = line_data(seed)
        surface = loss_surface(data)
        rngs = [np.random.default_rng([seed, run]) for run in range(self.n_seeds)]
        start = start_params((self.n_seeds,))
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
        floor = best / batch_size * (N - batch_size) / (N - 1) * np.sum(pull / np.maximum(2 - pull, 1e-9))
        per_epoch = -(-N // batch_size)
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
        artists["start"].set_data([START[0]], [START[1]])
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
        return (
            f"{runs} In the last epoch shown the loss is {above}; "
            f"theory says that fresh batches would settle {r.floor:.2g} above it."
        )


def _weights(params: dict[str, np.ndarray]) -> np.ndarray:
    """(w, b) of every run, shape (runs, 2)."""
    return np.concatenate([params["W"][..., 0], params["b"]], axis=-1)
