"""The microscope of critical points: what gradient and Hessian say about the ground under a point."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D

from course_lib import surfaces
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.optimizers import newton
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, PURPLE, VERMILION, contours, frames

_SURFACES = {
    "Himmelblau": surfaces.himmelblau,
    "Styblinski-Tang": surfaces.styblinski_tang,
    "saddle": surfaces.saddle,
    "monkey saddle": surfaces.monkey_saddle,
}
_VIEW = 5.0  # the window reaches so far from 0
_REACH = 2.0  # the profiles reach so far from the point
_FAR = 60.0  # an arrow longer than this is not drawn
_KINDS = {"minimum": ("v", GREEN), "maximum": ("^", VERMILION), "saddle": ("X", PURPLE)}
_LEVEL = 1e-6  # a gradient shorter than this counts as 0
_ALONG = np.linspace(-_REACH, _REACH, 81)


@functools.lru_cache(maxsize=len(_SURFACES))
def _landscape(name: str) -> SimpleNamespace:
    """Level lines, and the critical points by kind."""
    grid = np.linspace(-_VIEW, _VIEW, 121)
    heights = _SURFACES[name].f(np.stack(np.meshgrid(grid, grid), axis=-1))
    found = surfaces.critical_points(_SURFACES[name])
    places = {
        kind: found.points[[k == kind for k in found.kinds]]
        for kind in (*_KINDS, "degenerate")  # the last in its own place
    }
    return SimpleNamespace(lines=contours.level_lines(grid, grid, heights), places=places)


class CriticalPointsExplorer(Explorer):
    """A point on a surface: slope, curvatures and their directions, the parabola there, Newton's way."""

    name = "critical_points"
    size = (9.0, 3.9)
    ghosts = ("newton", "profile0", "profile1")
    controls = (
        Choice("surface", "Surface", tuple(_SURFACES), default="Himmelblau"),
        Slider("x", "Point w₁", -5.0, 5.0, default=-1.0, step=0.02),
        Slider("y", "Point w₂", -5.0, 5.0, default=0.5, step=0.02),
        Slider("steps", "Newton steps", 0, 8, default=1, integer=True, play=True),
    )
    presets = {
        "a slope": dict(),
        "a minimum": dict(x=3.0, y=2.0),
        "the maximum": dict(x=-0.28, y=-0.92),
        "a saddle": dict(x=0.08, y=2.88),
        "Newton arrives": dict(x=3.8, y=3.2, steps=8),
        "Newton climbs": dict(x=-0.6, y=0.3, steps=4),
        "Newton leaps": dict(x=-1.0, y=1.5, steps=8),
        "one step too far": dict(surface="Styblinski-Tang", x=1.66, y=-2.5, steps=1),
        "beside the saddle": dict(surface="saddle", x=-2.0, y=0.4),
        "the Hessian says nothing": dict(surface="monkey saddle", x=0.0, y=0.0),
        "beside the monkey saddle": dict(surface="monkey saddle", x=1.6, y=0.8, steps=4),
    }
    look_for = {
        "a slope": "Two curvatures, one of them negative. This is no critical point: the curves are tilted.",
        "a minimum": "Level, and both curves bend up. Both eigenvalues are positive.",
        "the maximum": "Level, and both curves bend down. Every direction is a way out.",
        "a saddle": "Level, and one curve bends down: its eigenvector is the way out.",
        "Newton arrives": "Four or five steps, and each doubles the number of right digits.",
        "Newton climbs": "Both eigenvalues are negative, so the parabola has a top. Newton goes up to it.",
        "Newton leaps": "One curvature is small: the first step leaves the picture. Then, to a saddle.",
        "one step too far": "A curvature near 0: the parabola is nearly straight, and its vertex far out.",
        "beside the saddle": "A quadratic: the parabola is the curve. Newton takes one step, to the saddle.",
        "the Hessian says nothing": "Level, both eigenvalues 0. The surface still falls, by third powers.",
        "beside the monkey saddle": "Each step halves the distance, no more: the Hessian goes to 0 with it.",
    }

    def compute(self, surface, x, y, steps):
        chosen, point = _SURFACES[surface], np.array([x, y])
        gradient, hessian = chosen.grad(point), chosen.hessian(point)
        eigenvalues, vectors = np.linalg.eigh(hessian)
        vectors = vectors * np.where(vectors[0] + 1e-9 * vectors[1] < 0, -1.0, 1.0)  # pointing east
        parabola = surfaces.second_order_taylor(chosen, point)
        lines = point + _ALONG[:, None, None] * vectors.T  # (81, 2, 2): along each eigenvector
        here = float(chosen.f(point))
        path = newton(chosen, point, max(steps, 1))
        kind = surfaces.classify(hessian)
        level = bool(np.linalg.norm(gradient) < max(_LEVEL, 0.02 * np.abs(eigenvalues).max()))
        return SimpleNamespace(
            surface_name=list(_SURFACES).index(surface),
            point=point,
            value=here,
            gradient=gradient,
            eigenvalues=eigenvalues,
            vectors=vectors,
            level=level,
            kind=("degenerate", "minimum", "maximum", "saddle").index(kind),
            profiles=(chosen.f(lines) - here).T,  # (2, 81)
            parabolas=(parabola.f(lines) - here).T,
            steps=steps,
            newton=path.points[: steps + 1],
            last_gradient=float(np.linalg.norm(chosen.grad(path.points[steps]))) if steps else 0.0,
            lost=bool(path.diverged_at >= 0),
        )

    def stage(self, figure):
        grid = figure.add_gridspec(
            1,
            2,
            width_ratios=[1, 1.18],
            left=0.06,
            right=0.975,
            bottom=0.125,
            top=0.845,
            wspace=0.2,
        )
        left, right = (figure.add_subplot(cell) for cell in grid)
        left.set_label("surface")
        right.set_label("profile")
        left.set(xlim=(-_VIEW, _VIEW), ylim=(-_VIEW, _VIEW), xlabel="$w_1$", title="The point on the surface")
        left.set_ylabel("$w_2$", labelpad=-4)
        left.set_aspect("equal")
        right.set(
            xlim=(-_REACH, _REACH), ylim=(-1.25, 1.25), xlabel="distance from the point, along an eigenvector"
        )
        right.set(title="Height above the point, along the two eigenvectors", yticks=[-1, 0, 1])
        right.set_yticklabels(["−", "0", "+"])
        right.axhline(0, color="#DDDDDD", linewidth=1)
        right.axvline(0, color="#DDDDDD", linewidth=1)
        artists = {"lines": contours.moving_contours(left)}
        for kind, (marker, color) in _KINDS.items():
            artists[kind] = frames.moving_line(
                left, marker, color=color, markersize=7, markeredgecolor="white", label=kind, linestyle="none"
            )
        artists |= {
            "degenerate": frames.moving_line(left, "D", color=GRAY, markersize=6, linestyle="none"),
            "gradient": frames.moving_arrow(left, color=BLACK, linewidth=2, zorder=5),
            "newton": frames.moving_line(left, "-o", color=ORANGE, linewidth=2, markersize=5, zorder=4.5),
            "point": frames.moving_line(left, **frames.start_style() | {"zorder": 6}),
        }
        for i, (color, x, side) in enumerate(((BLUE, 0.01, "left"), (GREEN, 0.99, "right"))):
            style = {"color": color, "linewidth": 2.2}
            artists[f"axis{i}"] = frames.moving_line(left, **style, zorder=5)
            artists[f"profile{i}"] = frames.moving_line(right, **style, label=f"along $q_{i + 1}$")
            artists[f"parabola{i}"] = frames.moving_line(
                right, "--", color=ORANGE, linewidth=1.6, label="second-order Taylor" if i == 0 else None
            )
            artists[f"word{i}"] = frames.moving_text(right, x, 0.015, ha=side, color=color, fontsize=9)
        artists["verdict"] = frames.moving_text(right, 0.5, 0.985, ha="center", va="top")
        arrows = [
            Line2D([], [], color=BLACK, linewidth=2, label="−gradient"),
            Line2D([], [], color=ORANGE, linewidth=2, marker="o", markersize=4, label="Newton"),
        ]
        frames.legend(left, [*(artists[kind] for kind in _KINDS), *arrows])
        frames.legend(right, [artists[name] for name in ("profile0", "profile1", "parabola0")])
        return artists

    def draw(self, artists, r):
        place = _landscape(tuple(_SURFACES)[r.surface_name])
        artists["lines"].set_segments(place.lines)
        for kind, points in place.places.items():
            artists[kind].set_data(*points.T)
        artists["point"].set_data(*r.point[:, None])
        length = np.linalg.norm(r.gradient)
        down = -1.4 * r.gradient / max(length, 1e-300)
        artists["gradient"].set_visible(not r.level)
        artists["gradient"].set_positions(r.point, r.point + ([1, 0] if r.level else down))
        near = np.cumprod(np.all(np.abs(r.newton) < _FAR, axis=-1)).astype(bool)
        artists["newton"].set_data(*r.newton[near].T)
        scale = max(np.abs(r.profiles).max(), 1e-12)
        for i, eigenvalue in enumerate(r.eigenvalues):
            ends = r.point + np.outer([-0.9, 0.9], r.vectors[:, i])
            artists[f"axis{i}"].set_data(*ends.T)
            artists[f"profile{i}"].set_data(_ALONG, r.profiles[i] / scale)
            artists[f"parabola{i}"].set_data(_ALONG, np.clip(r.parabolas[i] / scale, -9, 9))
            bends = (
                "bends up" if eigenvalue > _LEVEL else "bends down" if eigenvalue < -_LEVEL else "straight"
            )
            artists[f"word{i}"].set_text(f"λ{'₁₂'[i]} = {eigenvalue + 0.0:.3g}, {bends}")
        artists["verdict"].set_text(_verdict(r))

    def describe(self, r):
        g, (low, high) = r.gradient, r.eigenvalues + 0.0
        place = f"At ({r.point[0]:.2f}, {r.point[1]:.2f}) the gradient has length {np.linalg.norm(g):.2g}"
        curved = f"the Hessian's eigenvalues are {low:.3g} and {high:.3g}: {_verdict(r)}"
        if r.steps == 0:
            return f"{place}, {curved}."
        many = "1 Newton step leads" if r.steps == 1 else f"{r.steps} Newton steps lead"
        end = r.newton[-1]
        if r.lost:
            return f"{place}, {curved}. There is no Newton step: an eigenvalue is 0."
        if np.any(np.abs(end) > _FAR):
            return f"{place}, {curved}. {many} far out of the picture."
        return f"{place}, {curved}. {many} to ({end[0] + 0.0:.2f}, {end[1] + 0.0:.2f})."

    def handles(self, r):
        return [("surface", *r.point, ("x", "y"))]

    def pointer(self, axes, x, y):
        return {"x": x, "y": y} if axes == "surface" else {}


def _verdict(r: SimpleNamespace) -> str:
    """What a learner should say of the point."""
    if not r.level:
        return "a slope, one curve up and one down" if r.kind == 3 else "a slope"
    return ("level, and the Hessian does not decide", "a minimum", "a maximum", "a saddle")[r.kind]
