"""Explorers of gradient descent with the full gradient: direction, learning rate, conditioning."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D

from course_lib import surfaces
from course_lib.explorers.base import Explorer
from course_lib.explorers.controls import Choice, Slider
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import contours, frames
from course_lib.plots.style import BLACK, BLUE, GREEN, LIGHT, ORANGE, VERMILION

_FAR = 1e6  # beyond this a point is only drawn as leaving the picture


_ARROWS = ((VERMILION, "gradient"), (BLUE, "your direction"))


class DirectionExplorer(Explorer):
    """The slope of a surface in every direction: the gradient is the steepest one."""

    name = "direction"
    controls = (
        Slider("angle", "Direction (degrees)", 0, 360, default=30, integer=True, step=2),
        Slider("x", "Point w₁", -4.5, 4.5, default=-1.0, step=0.05),
        Slider("y", "Point w₂", -4.5, 4.5, default=0.5, step=0.05),
    )
    presets = {
        "a slope": dict(x=-1.0, y=0.5, angle=30),
        "far from level": dict(x=4.0, y=0.0, angle=188),
        "at a minimum": dict(x=3.0, y=2.0, angle=90),
        "near a saddle": dict(x=0.1, y=2.9, angle=0),
    }
    look_for = {
        "a slope": "Turn the direction until the slope is largest. Which arrow is it then on?",
        "far from level": "The steepest way down does not point at the nearest minimum.",
        "at a minimum": "Every direction is level here: the curve on the right is flat.",
        "near a saddle": "Nearly level, and yet no minimum.",
    }

    def compute(self, angle, x, y):
        surface, point = surfaces.himmelblau, np.array([x, y])
        all_angles = np.radians(np.arange(0, 361, 15))
        every = np.stack([np.cos(all_angles), np.sin(all_angles)], axis=-1)
        h = 1e-4
        rise = (surface.f(point + h * every) - surface.f(point - h * every)) / (2 * h)
        gradient = surface.grad(point)
        u = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        return SimpleNamespace(
            point=point,
            gradient=gradient,
            norm=float(np.hypot(*gradient)),
            direction=u,
            angle=angle,
            slope=float(gradient @ u),
            steepest=float(np.degrees(np.arctan2(gradient[1], gradient[0])) % 360),
            angles=np.degrees(all_angles),
            measured=rise,
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["surface", "slope"], widths=[1, 1.25])
        surface = surfaces.himmelblau
        grid = np.linspace(-6, 6, 161)
        points = np.stack(np.meshgrid(grid, grid), axis=-1)
        left.contour(grid, grid, surface.f(points), levels=np.geomspace(2, 1500, 14), colors=LIGHT)
        left.plot(*surface.minima.T, **frames.minimum_style())
        left.set(xlim=(-6, 6), ylim=(-6, 6), xlabel="$w_1$", ylabel="$w_2$", title="Himmelblau's surface")
        left.set_xticks(range(-4, 5, 2))
        left.set_aspect("equal")  # or angles would not look as they are
        right.set(xlim=(0, 360), ylim=(-1.2, 1.2), xlabel="direction (degrees)")
        right.set(ylabel="slope / length of the gradient", title="The slope in every direction")
        right.set_xticks(range(0, 361, 90))
        right.axhline(0, color=LIGHT, linewidth=1)
        artists = {
            "gradient": frames.moving_arrow(left, color=VERMILION, linewidth=3),
            "direction": frames.moving_arrow(left, color=BLUE, linewidth=2),
            "point": frames.moving_line(left, **frames.start_style()),
            "theory": frames.moving_line(right, color=VERMILION, label="gradient · direction"),
            "measured": frames.moving_line(right, "o", color=BLACK, markersize=4, label="measured"),
            "here": frames.moving_line(right, "o", color=BLUE, markersize=10, label="your direction"),
        }
        swatches = [Line2D([], [], color=c, linewidth=3, label=text) for c, text in _ARROWS]
        frames.legend(left, swatches)
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        unit = r.gradient / r.norm if r.norm > 1e-9 else np.zeros(2)
        for name, arrow in (("gradient", 2.2 * unit), ("direction", 2.2 * r.direction)):
            artists[name].set_positions(r.point, r.point + arrow)
        artists["point"].set_data([r.point[0]], [r.point[1]])
        fine = np.arange(0, 361, 3)
        scale = r.norm if r.norm > 1e-9 else 1.0
        artists["theory"].set_data(fine, r.norm / scale * np.cos(np.radians(fine - r.steepest)))
        artists["measured"].set_data(r.angles, r.measured / scale)
        artists["here"].set_data([r.angle], [r.slope / scale])

    def describe(self, r):
        if r.norm <= 1e-9:
            return "At this point the gradient is 0: the surface is level in every direction."
        off = abs((r.angle - r.steepest + 180) % 360 - 180)
        return (
            f"The gradient at ({r.point[0]:.2f}, {r.point[1]:.2f}) is ({r.gradient[0]:.1f}, "
            f"{r.gradient[1]:.1f}), of length {r.norm:.1f}, and points to {r.steepest:.0f}°. "
            f"{off:.0f}° away from it the slope is {r.slope:.1f}."
        )

    def handles(self, r):
        return [("surface", *r.point, ("x", "y"))]

    def pointer(self, axes, x, y):
        return {"surface": {"x": x, "y": y}, "slope": {"angle": x}}[axes]


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
        w, loss = np.clip(r.w[: r.end + 1], -_FAR, _FAR), np.clip(r.loss[: r.end + 1], -_FAR, _FAR)
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
        course = f"after {r.end} steps w is {_short(r.w[r.end])} and the loss {_short(r.loss[r.end])}"
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
        points = np.clip(r.points[: r.end + 1], -_FAR, _FAR)
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
        return f"{numbers}; after {r.end} steps the loss is {_short(r.loss[r.end])}. {limit}"

    def handles(self, r):
        return [("surface", *r.points[0], ("start_x", "start_y"))]

    def pointer(self, axes, x, y):
        moves = {"surface": {"start_x": x, "start_y": y}, "loss": {"step": x}, "factor": {"lr": x}}
        return moves[axes]


def _short(value: float) -> str:
    """A number as a learner reads it."""
    return f"{value:.3g}" if value == 0 or abs(value) >= 1e-12 else "below 1e-12"
