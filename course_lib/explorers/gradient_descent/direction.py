"""Which way is down: the gradient, and the slope in a direction of your own."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D

from course_lib import surfaces
from course_lib.live import Explorer, Slider
from course_lib.plots import BLACK, BLUE, LIGHT, VERMILION, frames

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
