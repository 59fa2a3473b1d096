"""How far to step on a curve."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib import surfaces
from course_lib.explorers.gradient_descent.common import FAR, short
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLACK, BLUE, ORANGE, VERMILION, frames

_ONE_D = {
    "steep bowl": surfaces.quadratic([10.0]),
    "wide bowl": surfaces.quadratic([1.0]),
    "double well": surfaces.double_well,
}


class LearningRateExplorer(Explorer):
    """Gradient descent in one dimension: slow, right, oscillating, diverging."""

    name = "learning_rate"
    steps = 50
    controls = (
        Slider("lr", "Learning rate η", 0.01, 2.2, default=0.03, log=True),
        Choice("surface", "Loss", tuple(_ONE_D), default="steep bowl"),
        Slider("start", "Start w₀", -3.0, 3.0, default=2.0, step=0.05),
        Slider("step", "Step shown", 0, 50, default=50, integer=True, play=True),
    )
    presets = {
        "crawls": dict(lr=0.01),
        "just right": dict(lr=0.1),
        "overshoots": dict(lr=0.18),
        "on the edge": dict(lr=0.2),
        "diverges": dict(lr=0.21),
        "stuck": dict(lr=0.03, surface="double well", start=3.0),
        "jumps the hill": dict(lr=0.1, surface="double well", start=3.0),
    }
    look_for = {
        "crawls": "Each step takes off a tenth of the way. The loss is a straight line that falls slowly.",
        "just right": "One step. Why exactly 1/λ?",
        "overshoots": "Every landing is on the other side, a little nearer.",
        "on the edge": "From w to −w and back, for ever: the loss does not move.",
        "diverges": "Only 5 % above the edge. Every landing is farther out.",
        "stuck": "It rolls into the nearer well, which is the higher one.",
        "jumps the hill": "The same start. A large step crosses the hill.",
    }

    def compute(self, lr, surface, start, step):
        chosen = _ONE_D[surface]
        path = descend(chosen, SGD(lr), np.array([start]), self.steps)
        w, loss = path.points[:, 0], path.losses
        grid = np.linspace(-3.3, 3.3, 201)
        curve = chosen.f(grid[:, None])
        nearest = chosen.minima[np.argmin(np.abs(chosen.minima[:, 0] - w[-1]))]
        curvature = float(chosen.hessian(nearest)[0, 0])
        stopped = int(path.diverged_at)
        return SimpleNamespace(
            lr=lr,
            surface=surface,
            step=step,
            grid=grid,
            curve=curve,
            w=w,
            loss=loss,
            end=min(step, stopped) if stopped >= 0 else step,
            diverged_at=stopped,
            curvature=curvature,
            factor=1 - lr * curvature,
            minimum=float(nearest[0]),
            is_bowl=surface != "double well",
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["landscape", "loss", "factor"], widths=[1.3, 1.1, 0.9])
        left.set(xlim=(-3.3, 3.3), xlabel="w", title="The steps on the loss L(w)")
        frames.loss_panel(middle, self.steps, 1e-8, 1e4)
        middle.set(title="Loss after each step", ylabel="")
        frames.factor_panel(right, 0.01, 2.2)
        artists = {
            "curve": frames.moving_line(left, color=BLACK, linewidth=1.5),
            "path": frames.moving_line(left, **frames.path_style()),
            "start": frames.moving_line(left, **frames.start_style()),
            "word": frames.moving_text(left, 0.5, 0.97, ha="center", va="top", color=VERMILION),
            "loss": frames.moving_line(middle, "o-", color=BLUE, markersize=3, label="measured"),
            "theory": frames.moving_line(middle, "--", color=ORANGE, label=r"$L_0(1-\eta\lambda)^{2t}$"),
            "factor": frames.moving_line(right, color=BLACK, linewidth=1.5),
            "limit": frames.moving_line(right, ":", color=VERMILION, linewidth=1.5, label="limit 2/λ"),
            "here": frames.moving_line(right, "o", color=BLUE, markersize=8, label="your η"),
        }
        frames.legend(middle)
        frames.legend(right, [artists[name] for name in ("limit", "here")])
        return artists

    def draw(self, artists, r):
        low, high = float(r.curve.min()), float(r.curve.max())
        artists["curve"].axes.set_ylim(low - 0.06 * (high - low), low + 1.12 * (high - low))
        artists["curve"].set_data(r.grid, r.curve)
        w, loss = np.clip(r.w[: r.end + 1], -FAR, FAR), np.clip(r.loss[: r.end + 1], -FAR, FAR)
        artists["path"].set_data(w, loss)
        artists["start"].set_data(w[:1], loss[:1])
        stopped = 0 <= r.diverged_at <= r.step
        artists["word"].set_text(f"diverged at step {r.diverged_at}" if stopped else "")
        middle = artists["loss"].axes
        artists["loss"].set_data(np.arange(r.end + 1), frames.within(middle, r.loss[: r.end + 1]))
        with np.errstate(over="ignore"):
            t = np.arange(self.steps + 1) if r.is_bowl else np.arange(0)
            theory = r.loss[0] * np.exp(2 * t * np.log(max(abs(r.factor), 1e-300)))
        artists["theory"].set_data(t, frames.within(middle, theory))
        lr = np.geomspace(0.01, 2.2, 200)
        artists["factor"].set_data(lr, np.minimum(abs(1 - lr * r.curvature), 3))
        artists["limit"].set_data([2 / r.curvature] * 2, [0, 2])
        artists["here"].set_data([r.lr], [min(abs(r.factor), 1.97)])

    def describe(self, r):
        where = f"η = {r.lr:.3g} on the {r.surface}"
        if r.diverged_at >= 0:
            return (
                f"{where}: it diverged at step {r.diverged_at}, because η is above "
                f"2/λ = {2 / r.curvature:.3g} (λ = {r.curvature:.3g})."
            )
        course = f"after {r.end} steps w is {short(r.w[r.end])} and the loss {short(r.loss[r.end])}"
        if not r.is_bowl:
            side = "the lower well" if r.minimum < 0 else "the higher well"
            return f"{where}: {course}; that is nearest to {side} (at w = {r.minimum:.2f})."
        factor = f"each step multiplies w by 1 − ηλ = {r.factor:.3g}"
        if r.lr * r.curvature > 2:
            factor += ", so it grows"
        return f"{where} (λ = {r.curvature:.3g}): {factor}; {course}."

    def handles(self, r):
        return [("landscape", float(r.w[0]), float(r.loss[0]), ("start",))]

    def pointer(self, axes, x, y):
        return {"landscape": {"start": x}, "loss": {"step": x}, "factor": {"lr": x}}[axes]
