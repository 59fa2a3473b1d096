"""Descent in a ravine: the condition number."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib import surfaces
from course_lib.explorers.gradient_descent.common import FAR, short
from course_lib.live import Explorer, Slider
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLUE, GREEN, ORANGE, VERMILION, contours, frames


class BowlExplorer(Explorer):
    """Gradient descent in two dimensions: the steep direction sets the limit, the flat one the wait."""

    name = "bowl"
    steps = 100
    controls = (
        Slider("lr", "Learning rate η", 0.01, 2.2, default=0.1, log=True),
        Slider("condition", "Condition number κ", 1.0, 100.0, default=10.0, log=True),
        Slider("start_x", "Start w₁", -3.0, 3.0, default=-2.6, step=0.05),
        Slider("start_y", "Start w₂", -3.0, 3.0, default=1.2, step=0.05),
        Slider("step", "Step shown", 0, 100, default=100, integer=True, play=True),
    )
    presets = {
        "round bowl": dict(condition=1.0, lr=1.0),
        "ravine, careful": dict(condition=30.0, lr=0.02),
        "ravine, best": dict(condition=30.0, lr=0.0645),
        "just below the limit": dict(condition=30.0, lr=0.066),
        "just above": dict(condition=30.0, lr=0.0675),
        "start on the axis": dict(condition=30.0, lr=0.3, start_x=-2.6, start_y=0.0),
    }
    look_for = {
        "round bowl": "With κ = 1 one step of η = 1/λ is enough, from any start.",
        "ravine, careful": "Down the steep side at once, then a long walk along the floor.",
        "ravine, best": "η = 2/(λ₁ + λ₂): both directions shrink equally fast, one of them by zigzag.",
        "just below the limit": "The zigzag hardly dies out, while the walk along the floor is quicker.",
        "just above": "The steep direction grows; the flat one still converges.",
        "start on the axis": "Far above the limit, and yet it converges: nothing points along w₂. Drag it.",
    }

    def compute(self, lr, condition, start_x, start_y, step):
        curvatures = np.array([1.0, condition])
        path = descend(surfaces.quadratic(curvatures), SGD(lr), np.array([start_x, start_y]), self.steps)
        stopped = int(path.diverged_at)
        factors = 1 - lr * curvatures
        t = np.arange(self.steps + 1)[:, None]
        growth = np.exp(np.minimum(2 * t * np.log(np.maximum(np.abs(factors), 1e-300)), 500))  # stays finite
        shares = curvatures * path.points[0] ** 2 / 2 * growth
        return SimpleNamespace(
            lr=lr,
            curvatures=curvatures,
            factors=factors,
            step=step,
            end=min(step, stopped) if stopped >= 0 else step,
            diverged_at=stopped,
            points=path.points,
            loss=path.losses,
            theory=shares.sum(axis=-1),
            limit=2 / curvatures.max(),
            best=2 / curvatures.sum(),
            levels=contours.ellipses((0, 0), np.diag(curvatures), [0.1, 0.5, 1.5, 4, 9, 18, 40, 90, 180]),
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["surface", "loss", "factor"], widths=[1.3, 1.1, 0.9])
        left.set(xlim=(-3.3, 3.3), ylim=(-3.3, 3.3), xlabel="$w_1$ (curvature 1)")
        left.set_ylabel("$w_2$ (curvature κ)", labelpad=0)
        left.set_title("The path of the weights")
        left.set_aspect("equal")
        frames.loss_panel(middle, self.steps, 1e-8, 1e4)
        middle.set(title="Loss after each step", ylabel="")
        frames.factor_panel(right, 0.01, 2.2)
        artists = {
            "levels": contours.moving_contours(left),
            "minimum": frames.moving_line(left, **frames.minimum_style()),
            "path": frames.moving_line(left, **frames.path_style()),
            "start": frames.moving_line(left, **frames.start_style()),
            "word": frames.moving_text(left, 0.5, 0.97, ha="center", va="top", color=VERMILION),
            "loss": frames.moving_line(middle, "o-", color=BLUE, markersize=2.5, label="measured"),
            "theory": frames.moving_line(middle, "--", color=ORANGE, label="theory"),
            "flat": frames.moving_line(right, color=GREEN, linewidth=1.5, label="flat"),
            "steep": frames.moving_line(right, color=VERMILION, linewidth=1.5, label="steep"),
            "limit": frames.moving_line(right, ":", color=VERMILION, linewidth=1.5, label="limit"),
            "best": frames.moving_line(right, "*", color=ORANGE, markersize=12, label="best"),
            "here": frames.moving_line(right, "o", color=BLUE, markersize=8, label="η"),
        }
        artists["minimum"].set_data([0], [0])
        frames.legend(middle)
        frames.legend(right, [artists[name] for name in ("flat", "steep", "best", "limit")])
        return artists

    def draw(self, artists, r):
        artists["levels"].set_segments(r.levels)
        points = np.clip(r.points[: r.end + 1], -FAR, FAR)
        artists["path"].set_data(*points.T)
        artists["start"].set_data(*points[:1].T)
        stopped = 0 <= r.diverged_at <= r.step
        artists["word"].set_text(f"diverged at step {r.diverged_at}" if stopped else "")
        middle = artists["loss"].axes
        artists["loss"].set_data(np.arange(r.end + 1), frames.within(middle, r.loss[: r.end + 1]))
        t = np.arange(self.steps + 1)
        artists["theory"].set_data(t, frames.within(middle, r.theory))
        lr = np.geomspace(0.01, 2.2, 200)
        for name, curvature in zip(("flat", "steep"), r.curvatures, strict=True):
            artists[name].set_data(lr, np.minimum(abs(1 - lr * curvature), 3))
        artists["limit"].set_data([r.limit] * 2, [0, 2])
        artists["best"].set_data([r.best], [abs(1 - r.best)])
        artists["here"].set_data([r.lr] * 2, np.minimum(np.abs(r.factors), 1.97))

    def describe(self, r):
        kappa = r.curvatures.max()
        numbers = (
            f"η = {r.lr:.3g}, κ = {kappa:.3g}: each step multiplies w₁ by {r.factors[0]:.3g} "
            f"and w₂ by {r.factors[1]:.3g}"
        )
        limit = f"The limit is 2/λmax = {r.limit:.3g}, the best rate {r.best:.3g}."
        if r.diverged_at >= 0:
            return f"{numbers}: it diverged at step {r.diverged_at}. {limit}"
        return f"{numbers}; after {r.end} steps the loss is {short(r.loss[r.end])}. {limit}"

    def handles(self, r):
        return [("surface", *r.points[0], ("start_x", "start_y"))]

    def pointer(self, axes, x, y):
        moves = {"surface": {"start_x": x, "start_y": y}, "loss": {"step": x}, "factor": {"lr": x}}
        return moves[axes]
