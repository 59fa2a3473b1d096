"""The explorer of gradient clipping: the path over a cliff, with and without."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib.live import Explorer, Slider
from course_lib.numpy_nn.optimizers import SGD, Chain, ClipByNorm, ClipByValue
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLUE, LIGHT, ORANGE, VERMILION, frames
from course_lib.surfaces import cliff

_STEPS = 60
_KINDS = (("plain", VERMILION, "o"), ("by value", ORANGE, "s"), ("by norm", BLUE, "^"))
_FAR = 1e3  # beyond this a point is only drawn as leaving the picture
_REACH = 2.2  # of the gradient panel, in units of the limit


@functools.lru_cache(maxsize=128)
def _descents(lr: float, limit: float, start: tuple[float, float]) -> SimpleNamespace:
    """The three paths from one start, and the gradients along the plain one, clipped in both ways."""
    clips = ClipByValue(limit), ClipByNorm(limit)
    optimizers = SGD(lr), *(Chain((clip, SGD(lr))) for clip in clips)
    paths = [descend(cliff, optimizer, np.array(start), _STEPS) for optimizer in optimizers]
    points = np.array([path.points for path in paths])  # (kinds, steps + 1, 2)
    raw = cliff.grad(points[0])
    each = ClipByValue(limit), ClipByNorm(np.full(len(raw), limit))  # every step of the path is a run here
    clipped = [clip.update(raw, clip.init(raw), raw)[0] for clip in each]
    return SimpleNamespace(
        points=points,
        excess=np.array([path.losses for path in paths]) - float(cliff.f(cliff.minima[0])),
        gradients=np.array([raw, *clipped]),
        strides=np.linalg.norm(np.diff(points, axis=1), axis=-1),  # (kinds, steps)
    )


class ClippingExplorer(Explorer):
    """Descent to the foot of a steep wall: what a clipped gradient saves, and how it is clipped."""

    name = "clipping"
    size = (9.6, 3.5)
    controls = (
        Slider("limit", "Limit c", 0.1, 50.0, default=2.0, log=True),
        Slider("lr", "Learning rate η", 0.02, 1.0, default=0.3, log=True),
        Slider("start_x", "Start w₁", -6.0, 3.0, default=-4.5, step=0.05),
        Slider("start_y", "Start w₂", -4.0, 4.0, default=1.0, step=0.05),
        Slider("step", "Step shown", 0, _STEPS, default=_STEPS, integer=True, play=True),
    )
    presets = {
        "thrown back": dict(),
        "the moment of impact": dict(lr=0.5, step=7),
        "out of sight": dict(lr=0.5),
        "a small rate": dict(lr=0.08),
        "limit too high": dict(limit=50.0),
        "limit too low": dict(limit=0.2),
        "from the wall": dict(start_x=1.5, start_y=2.0, step=0),
    }
    look_for = {
        "thrown back": "The three paths are one until the wall. There the plain one is thrown back.",
        "the moment of impact": "The gradient of the plain path is too long to draw. What is left of it?",
        "out of sight": "One touch of the wall, and the plain path is gone from the picture.",
        "a small rate": "No path ever climbs the wall, so nothing is clipped. This is slow, and it arrives.",
        "limit too high": "No gradient is longer than the limit: the three are the same.",
        "limit too low": "No clipped path is thrown back, but gentle steps are clipped too: they crawl.",
        "from the wall": "By norm the direction stays. By value both parts become c: a corner.",
    }

    def compute(self, limit, lr, start_x, start_y, step):
        run = _descents(lr, limit, (start_x, start_y))
        gradients = run.gradients[:, step]
        directions = np.arctan2(gradients[:, 1], gradients[:, 0])
        turned = np.degrees(np.abs(np.angle(np.exp(1j * (directions[1:] - directions[0])))))
        return SimpleNamespace(
            limit=limit,
            lr=lr,
            step=step,
            points=run.points,
            excess=run.excess,
            shown_gradients=gradients,
            turned=turned,  # degrees, by value and by norm
            longest=run.strides[:, :step].max(axis=1, initial=0),
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["surface", "loss", "gradient"], widths=[1.15, 0.9, 1.1])
        (x_low, x_high), (y_low, y_high) = cliff.bounds
        x, y = np.linspace(x_low, x_high, 181), np.linspace(y_low, y_high, 161)
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        heights = cliff.f(grid) - cliff.f(cliff.minima[0])
        steep = np.linalg.norm(cliff.grad(grid), axis=-1)
        left.contour(x, y, heights, levels=[0.2, 0.6, 1.2, 2, 3, 4.5, 6.5], colors=LIGHT)
        left.contourf(x, y, steep, levels=[4, 12, 1e3], colors=["#EFEFEF", "#DFDFDF"], zorder=0)
        left.text(2.9, 3.6, "wall", ha="right", va="top", color="#555555")
        left.plot(*cliff.minima.T, **frames.minimum_style())
        left.set(xlim=(x_low, x_high), ylim=(y_low, y_high), xlabel="$w_1$", title="The paths")
        left.set_ylabel("$w_2$", labelpad=0)
        left.set_aspect("equal")
        frames.loss_panel(middle, _STEPS + 1, 1e-3, 1e3, ylabel="")
        middle.set_title("Loss above the least possible")
        right.set(xlim=(-_REACH, _REACH), ylim=(-_REACH, _REACH), xlabel="$g_1$ / c")
        right.set_ylabel("$g_2$ / c", labelpad=0)
        right.set_title("Gradient of the plain path")
        right.set_aspect("equal")
        right.axhline(0, color=LIGHT, linewidth=1.2)
        right.axvline(0, color=LIGHT, linewidth=1.2)
        circle = np.linspace(0, 2 * np.pi, 121)
        right.plot([-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1], ":", color=ORANGE, linewidth=1.3)
        right.plot(np.cos(circle), np.sin(circle), ":", color=BLUE, linewidth=1.3)
        artists = {}
        for kind, (label, color, marker) in enumerate(_KINDS):
            style = {"color": color, "linewidth": 1.2, "label": label, "zorder": 3 + kind / 10}
            small = {"marker": marker, "markersize": 3.5}
            artists[f"path{kind}"] = frames.moving_line(left, **style, **small)
            artists[f"loss{kind}"] = frames.moving_line(middle, marker=marker, markevery=[-1], **style)
            style |= {"linewidth": 3.6 - 1.1 * kind}  # arrows in one place show as stripes
            artists[f"gradient{kind}"] = frames.moving_line(right, **style)
            artists[f"tip{kind}"] = frames.moving_line(
                right, marker, color=color, markersize=7, label=label, zorder=4
            )
        artists |= {
            "start": frames.moving_line(left, **frames.start_style()),
            "now": frames.moving_line(left, "o", color=VERMILION, markersize=7, zorder=5),
            "away": frames.moving_text(left, 0.03, 0.04, color=VERMILION, fontsize=9),
            "turned": frames.moving_text(right, 0.5, 0.03, ha="center", fontsize=9),
        }
        for ax, name in ((left, "path"), (middle, "loss"), (right, "tip")):
            frames.legend(ax, [artists[f"{name}{kind}"] for kind in range(len(_KINDS))])
        return artists

    def draw(self, artists, r):
        shown = np.clip(r.points[:, : r.step + 1], -_FAR, _FAR)
        for kind in range(len(_KINDS)):
            artists[f"path{kind}"].set_data(*shown[kind].T)
            excess = frames.within(artists["loss0"].axes, r.excess[kind, : r.step + 1])
            artists[f"loss{kind}"].set_data(np.arange(r.step + 1), excess)
            tip = np.clip(r.shown_gradients[kind] / r.limit, -_FAR, _FAR)
            artists[f"gradient{kind}"].set_data([0, tip[0]], [0, tip[1]])
            artists[f"tip{kind}"].set_data(*tip[:, None])
        artists["start"].set_data(*shown[0, :1].T)
        artists["now"].set_data(*shown[0, -1:].T)
        low, high = np.transpose(cliff.bounds)
        away = np.any((shown[0] < low) | (shown[0] > high), axis=-1).sum()
        artists["away"].set_text(f"plain: {away} points outside" if away else "")
        artists["turned"].set_text(f"by value turns it by {r.turned[0]:.0f}°" if r.turned[0] >= 0.5 else "")

    def describe(self, r):
        losses = ", ".join(
            f"{label} {max(r.excess[kind, r.step], 0):.2g} (longest step {r.longest[kind]:.2g})"
            for kind, (label, _, _) in enumerate(_KINDS)
        )
        length = float(np.linalg.norm(r.shown_gradients[0]))
        return (
            f"η = {r.lr:.3g}, c = {r.limit:.3g}, loss above the least after {r.step} steps: {losses}. "
            f"The plain path's gradient has length {length:.2g}; by value turns it by {r.turned[0]:.0f}°."
        )

    def handles(self, r):
        return [("surface", *r.points[0, 0], ("start_x", "start_y"))]

    def pointer(self, axes, x, y):
        moves = {"surface": {"start_x": x, "start_y": y}, "loss": {"step": x}}
        return moves.get(axes, {})
