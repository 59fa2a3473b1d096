"""Fitting a curve by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib import datasets, surfaces
from course_lib.live import Explorer, Seed, Slider
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLACK, BLUE, LIGHT, ORANGE, SKY, VERMILION, frames


class CurveFitExplorer(Explorer):
    """Fit y = w₁x² + w₂x + w₃ with three sliders, then let gradient descent take over from there."""

    name = "curve_fit"
    steps = 200
    controls = (
        Slider("w1", "Weight w₁ (of x²)", -3.0, 3.0, default=0.0, step=0.05),
        Slider("w2", "Weight w₂ (of x)", -3.0, 3.0, default=0.0, step=0.05),
        Slider("w3", "Weight w₃ (alone)", -3.0, 3.0, default=0.0, step=0.05),
        Slider("step", "Descent steps", 0, 200, default=0, integer=True, play=True),
        Slider("lr", "Learning rate η", 0.001, 0.5, default=0.03, log=True),
        Seed(),
    )
    presets = {
        "all weights 0": dict(),
        "upside down": dict(w1=-2.0, w2=2.0, w3=3.0),
        "descent takes over": dict(w1=-2.0, w2=2.0, w3=3.0, step=200, lr=0.1),
        "too timid": dict(w1=-2.0, w2=2.0, w3=3.0, step=200, lr=0.002),
        "too bold": dict(w1=-2.0, w2=2.0, w3=3.0, step=200, lr=0.3),
    }
    look_for = {
        "all weights 0": "The flat line is a model too, and it has a loss. Now move one slider at a time.",
        "upside down": "Each gray line is an error; the loss is the mean of their squares.",
        "descent takes over": "The same start, 200 steps of gradient descent: close to the best there is.",
        "too timid": "After 200 steps still on the way.",
        "too bold": "Every step makes it worse: the learning rate is above its limit.",
    }

    def compute(self, w1, w2, w3, step, lr, seed):
        data = datasets.noisy_quadratic(np.random.default_rng(seed), n=40, noise=0.5)
        x, y = data.x_train[:, 0], data.y_train[:, 0]
        loss = surfaces.least_squares(np.stack([x**2, x, np.ones_like(x)], axis=1), y)
        path = descend(loss, SGD(lr), np.array([w1, w2, w3]), self.steps)
        stopped = int(path.diverged_at)
        end = min(step, stopped) if stopped >= 0 else step
        return SimpleNamespace(
            x=x,
            y=y,
            start=path.points[0],
            weights=path.points[end],
            lr=lr,
            step=step,
            end=end,
            diverged_at=stopped,
            losses=path.losses,
            best=float(loss.f(loss.minima[0])),
            limit=float(2 / np.linalg.eigvalsh(loss.hessian(loss.minima[0])).max()),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["data", "loss"], widths=[1.15, 1])
        left.set(xlim=(-2.2, 2.2), ylim=(-6, 14), xlabel="x", ylabel="y", title="The data and the model")
        frames.loss_panel(right, self.steps, 0.05, 1e4, xlabel="step of gradient descent", ylabel="")
        right.set(title="Loss: the mean squared error")
        artists = {
            "errors": frames.moving_line(left, color=LIGHT, linewidth=1.2, zorder=1),
            "data": frames.moving_line(left, "o", color=BLACK, markersize=4, label="data"),
            "start": frames.moving_line(left, "--", color=SKY, label="your sliders"),
            "model": frames.moving_line(left, color=BLUE, linewidth=2.5, label="model"),
            "word": frames.moving_text(left, 0.5, 0.03, ha="center", color=VERMILION),
            "losses": frames.moving_line(right, color=BLUE, label="measured"),
            "here": frames.moving_line(right, "o", color=BLUE, markersize=9, label="now"),
            "best": frames.moving_line(right, "--", color=ORANGE, label="least possible"),
        }
        frames.legend(left, [artists[name] for name in ("data", "start", "model")])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        # A model that has left the picture is not drawn: its curve would be a few vertical strokes.
        weights = r.weights if np.max(np.abs(r.weights)) < 100 else np.full(3, np.nan)
        fit = np.polyval(weights, r.x)
        gaps = np.full((len(r.x), 3), np.nan)  # nan lifts the pen between two errors
        gaps[:, 0], gaps[:, 1] = r.y, fit
        artists["errors"].set_data(np.repeat(r.x, 3), gaps.ravel())
        artists["data"].set_data(r.x, r.y)
        grid = np.linspace(-2.2, 2.2, 101)
        artists["start"].set_data(grid, np.polyval(r.start, grid) if r.step else np.full(101, np.nan))
        artists["model"].set_data(grid, np.polyval(weights, grid))
        stopped = 0 <= r.diverged_at <= r.step
        artists["word"].set_text(f"diverged at step {r.diverged_at}" if stopped else "")
        axes = artists["losses"].axes
        artists["losses"].set_data(np.arange(r.end + 1), frames.within(axes, r.losses[: r.end + 1]))
        artists["here"].set_data([r.end], np.minimum(frames.within(axes, r.losses[r.end : r.end + 1]), 9e3))
        artists["best"].set_data([0, self.steps], [r.best, r.best])

    def describe(self, r):
        w = ", ".join(f"w{sub} = {value:.2f}" for sub, value in zip("₁₂₃", r.weights, strict=True))
        if 0 <= r.diverged_at <= r.step:
            return f"η = {r.lr:.3g} is above the limit {r.limit:.2f}: it diverged at step {r.diverged_at}."
        if r.step == 0:
            return f"By hand: {w}; the loss is {r.losses[0]:.3g}. The least possible is {r.best:.3g}."
        grows = r.losses[r.end] > r.losses[0]
        course = f"After {r.end} steps of gradient descent (η = {r.lr:.3g}), the loss"
        change = f"from {r.losses[0]:.3g} to {r.losses[r.end]:.3g}"
        if grows:
            return f"{course} has grown {change}: η is above {r.limit:.2f}."
        return f"{course} fell {change}; least possible {r.best:.3g}. {w}."
