"""Fitting a line as a walk in weight space."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib import datasets, surfaces
from course_lib.explorers.gradient_descent.common import FAR
from course_lib.live import Explorer, Seed, Slider
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLACK, GREEN, SKY, VERMILION, contours, frames


class WeightSpaceExplorer(Explorer):
    """The same descent twice: a point that walks in weight space, a curve that bends in data space."""

    name = "weight_space"
    steps = 100
    controls = (
        Slider("step", "Step", 0, 100, default=3, integer=True, play=True),
        Slider("lr", "Learning rate η", 0.01, 0.5, default=0.1, log=True),
        Slider("start_x", "Start w₁", -3.0, 5.0, default=4.5, step=0.05),
        Slider("start_y", "Start w₂", -6.0, 2.0, default=-3.0, step=0.05),
        Seed(),
    )
    presets = {
        "before training": dict(step=0),
        "across, then along": dict(step=3),
        "arrived": dict(step=100, lr=0.15),
        "zigzag": dict(step=40, lr=0.235),
        "diverges": dict(step=15, lr=0.27),
    }
    look_for = {
        "before training": "One point on the left is one curve on the right. Drag the point.",
        "across, then along": "Three steps bring the curve near; the rest is as long, and changes little.",
        "arrived": "The point stands on the minimum. The noise of the data is still there.",
        "zigzag": "The point jumps across the valley; the curve flips above and below the data.",
        "diverges": "Each jump is wider than the last.",
    }

    def compute(self, step, lr, start_x, start_y, seed):
        data = datasets.noisy_quadratic(
            np.random.default_rng(seed), n=40, noise=0.4, weights=(1.0, -2.0, 0.0), x_range=(-1.0, 2.0)
        )
        x, y = data.x_train[:, 0], data.y_train[:, 0]
        loss = surfaces.least_squares(np.stack([x**2, x], axis=1), y)
        path = descend(loss, SGD(lr), np.array([start_x, start_y]), self.steps)
        stopped = int(path.diverged_at)
        end = min(step, stopped) if stopped >= 0 else step
        minimum, hessian = loss.minima[0], loss.hessian(loss.minima[0])
        return SimpleNamespace(
            x=x,
            y=y,
            lr=lr,
            step=step,
            end=end,
            diverged_at=stopped,
            points=path.points,
            losses=path.losses,
            minimum=minimum,
            best=float(loss.f(minimum)),
            limit=float(2 / np.linalg.eigvalsh(hessian).max()),
            levels=contours.ellipses(minimum, hessian, [0.1, 0.4, 1, 2, 4, 7, 12, 20, 30, 45]),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["weights", "data"])
        left.set(
            xlim=(-3.5, 5.5),
            ylim=(-6.5, 2.5),
            xlabel="$w_1$ (of $x^2$)",
            title="Weight space: one point is a model",
            aspect="equal",
        )
        left.set_ylabel("$w_2$ (of $x$)", labelpad=0)
        right.set(xlim=(-1.1, 2.1), ylim=(-5, 6), xlabel="x", title="Data space: the curve of that point")
        right.set_ylabel("y", labelpad=0)
        artists = {
            "levels": contours.moving_contours(left),
            "minimum": frames.moving_line(left, **frames.minimum_style()),
            "path": frames.moving_line(left, **frames.path_style()),
            "start": frames.moving_line(left, **frames.start_style()),
            "here": frames.moving_line(left, "o", color=VERMILION, markersize=9, zorder=5),
            "word": frames.moving_text(left, 0.5, 0.95, ha="center", va="top", color=VERMILION),
            "data": frames.moving_line(right, "o", color=BLACK, markersize=4, label="data"),
            "first": frames.moving_line(right, "--", color=SKY, label="start"),
            "best": frames.moving_line(right, ":", color=GREEN, linewidth=2.5, label="minimum"),
            "model": frames.moving_line(right, color=VERMILION, linewidth=2.5, label="now"),
        }
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        artists["levels"].set_segments(r.levels)
        artists["minimum"].set_data(r.minimum[:1], r.minimum[1:])
        points = np.clip(r.points[: r.end + 1], -FAR, FAR)
        artists["path"].set_data(*points.T)
        artists["start"].set_data(*points[:1].T)
        artists["here"].set_data(*points[-1:].T)
        stopped = 0 <= r.diverged_at <= r.step
        artists["word"].set_text(f"diverged at step {r.diverged_at}" if stopped else "")
        artists["data"].set_data(r.x, r.y)
        grid = np.linspace(-1.1, 2.1, 81)
        # A model that has left the picture is not drawn: its curve would be a few vertical strokes.
        now = points[-1] if np.max(np.abs(points[-1])) < 100 else np.full(2, np.nan)
        for name, weights in (("first", points[0]), ("best", r.minimum), ("model", now)):
            artists[name].set_data(grid, np.polyval([*weights, 0.0], grid))

    def describe(self, r):
        if 0 <= r.diverged_at <= r.step:
            return f"η = {r.lr:.3g} is above the limit {r.limit:.2f}: it diverged at step {r.diverged_at}."
        w1, w2 = r.points[r.end]
        return (
            f"Step {r.end} at η = {r.lr:.3g} (limit {r.limit:.2f}): w₁ = {w1:.3g}, w₂ = {w2:.3g}, loss "
            f"{r.losses[r.end]:.3g}. "
            f"The minimum is ({r.minimum[0]:.2f}, {r.minimum[1]:.2f}) with loss {r.best:.3g}."
        )

    def handles(self, r):
        return [("weights", *map(float, r.points[0]), ("start_x", "start_y"))]

    def pointer(self, axes, x, y):
        return {"start_x": x, "start_y": y} if axes == "weights" else {}
