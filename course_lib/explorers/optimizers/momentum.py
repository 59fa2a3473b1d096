"""The explorer of momentum: how a swing is damped, and how fast every setting converges."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap, LogNorm

from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.optimizers import Momentum, Nesterov
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLUE, GREEN, LIGHT, ORANGE, VERMILION, Heatmap, contours, frames
from course_lib.surfaces import quadratic
from course_lib.theory import best_momentum, largest_stable_rate, measured_rate, momentum_rate

_STEPS = 100
_LONG = 600  # steps measured for the maps: near β = 1 a swing takes long to show its factor
_CONDITIONS = (1, 3, 10, 30, 100)
_RULES = {"momentum": Momentum, "Nesterov": Nesterov}
_RATES = np.linspace(0.08, 4.4, 55)
_MOMENTA = np.linspace(0.0, 0.99, 34)
_FAR = 1e3  # beyond this a point is only drawn as leaving the picture
_FASTEST, _SLOWEST = 0.4, 0.996  # factors per step beyond these get the colors of the ends
_EDGE = np.linspace(0, 1, 41, endpoint=False)  # momenta at which the limit is drawn


def _curvatures(condition: int) -> np.ndarray:
    return np.array([1 / condition, 1.0])  # the steep one is 1, so that η stands for ηλ


@functools.lru_cache(maxsize=len(_RULES) * len(_CONDITIONS))
def _maps(rule: str, condition: int) -> tuple[np.ndarray, np.ndarray]:
    """The factor per step for every momentum (rows) and rate (columns): in theory, and measured."""
    lr, momentum = _RATES[None, :], _MOMENTA[:, None]
    curvatures = _curvatures(condition)
    every = momentum_rate(
        lr[..., None], momentum[..., None], curvatures, nesterov=rule == "Nesterov"
    )  # (momenta, rates, 2)
    paths = descend(quadratic(curvatures), _RULES[rule](lr, momentum), np.ones(2), _LONG)
    return every.max(axis=-1), measured_rate(paths, np.zeros(2))


class MomentumExplorer(Explorer):
    """Momentum on a quadratic: one path, and beside it the speed of every pair of settings."""

    name = "momentum"
    size = (9.2, 4.4)
    ghosts = ("path", "flat", "steep")
    controls = (
        Slider("lr", "Learning rate η", 0.02, 4.4, default=1.0, step=0.02),
        Slider("momentum", "Momentum β", 0.0, 0.99, default=0.5, step=0.01),
        Choice("condition", "Condition number κ", _CONDITIONS, default=30),
        Choice("rule", "Rule", tuple(_RULES), default="momentum"),
        Slider("start_x", "Start w₁", -3.0, 3.0, default=-2.6, step=0.05),
        Slider("start_y", "Start w₂", -2.0, 2.0, default=1.5, step=0.05),
    )
    presets = {
        "no momentum, best η": dict(momentum=0.0, lr=1.94),
        "best of all": dict(momentum=0.48, lr=2.86),
        "swings": dict(momentum=0.95, lr=1.0),
        "crawls": dict(momentum=0.5, lr=0.1),
        "above 2": dict(momentum=0.9, lr=3.6),
        "over the edge": dict(momentum=0.5, lr=3.1),
        "one direction": dict(condition=1, momentum=0.8, lr=0.1),
        "critically damped": dict(condition=1, momentum=0.46, lr=0.1),
        "Nesterov's edge": dict(rule="Nesterov", momentum=0.9, lr=1.4),
    }
    look_for = {
        "no momentum, best η": "Along the lower edge β = 0: plain descent, at its best. Read off the factor.",
        "best of all": "The star. Both directions shrink by the same factor, (√κ − 1)/(√κ + 1).",
        "swings": "Too much memory: it runs past the minimum, and back. Every swing is shorter by √β a step.",
        "crawls": "Left of the bent valley the flat direction is slow, and no momentum below 0.8 helps much.",
        "above 2": "A learning rate of 3.6 would throw plain descent out at once. Here it converges.",
        "over the edge": "η is above 2(1 + β): the steep direction swings farther each time.",
        "one direction": "κ = 1, as in one dimension: a spring with too little friction.",
        "critically damped": "More momentum and it swings, less and it creeps: √β = 1 − √ηλ.",
        "Nesterov's edge": "With Nesterov the limit bends to the left as β grows. Try the other rule.",
    }

    def compute(self, lr, momentum, condition, rule, start_x, start_y):
        curvatures, nesterov = _curvatures(condition), rule == "Nesterov"
        path = descend(
            quadratic(curvatures), _RULES[rule](lr, momentum), np.array([start_x, start_y]), _STEPS
        )
        theory_map, measured_map = _maps(rule, condition)
        best = best_momentum(*curvatures)
        return SimpleNamespace(
            lr=lr,
            momentum=momentum,
            condition=condition,
            rule=tuple(_RULES).index(rule),
            points=path.points,
            diverged_at=int(path.diverged_at),
            rates=momentum_rate(lr, momentum, curvatures, nesterov=nesterov),
            measured=float(measured_rate(path, np.zeros(2))),
            limit=float(largest_stable_rate(momentum, 1.0, nesterov=nesterov)),
            limits=largest_stable_rate(_EDGE, 1.0, nesterov=nesterov),
            best=np.array([best.lr, best.momentum]),
            best_rate=best.rate,
            theory_map=theory_map,
            measured_map=measured_map,
            levels=contours.ellipses((0, 0), np.diag(curvatures), [0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 5, 7]),
        )

    def stage(self, figure):
        grid = figure.add_gridspec(
            2,
            3,
            width_ratios=[1.45, 1, 1],
            left=0.062,
            right=0.925,
            bottom=0.11,
            top=0.865,
            wspace=0.27,
            hspace=0.78,
        )
        top, bottom = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        theory, measured = figure.add_subplot(grid[:, 1]), figure.add_subplot(grid[:, 2])
        for ax, label in ((top, "surface"), (bottom, "time"), (theory, "theory"), (measured, "measured")):
            ax.set_label(label)
        top.set(xlim=(-3.3, 3.3), ylim=(-2.2, 2.2), xlabel="$w_1$ (curvature 1/κ)")
        top.set_ylabel("$w_2$ (curvature 1)", labelpad=0)
        top.set_title("The path of the weights", pad=6)
        bottom.set(xlim=(0, _STEPS), ylim=(-3.3, 3.3), xlabel="step t", title="Each weight over the steps")
        bottom.axhline(0, color=LIGHT, linewidth=1)
        artists = {
            "levels": contours.moving_contours(top),
            "minimum": frames.moving_line(top, **frames.minimum_style()),
            "path": frames.moving_line(top, **frames.path_style() | {"markersize": 3}),
            "start": frames.moving_line(top, **frames.start_style()),
            "word": frames.moving_text(top, 0.5, 0.95, ha="center", va="top", color=VERMILION),
            "flat": frames.moving_line(bottom, color=GREEN, label="$w_1$ (flat)"),
            "steep": frames.moving_line(bottom, color=BLUE, linewidth=1.2, label="$w_2$ (steep)"),
            "envelope": frames.moving_line(bottom, "--", color=ORANGE, linewidth=1.2, label="theory, $ρ^t$"),
        }
        artists["minimum"].set_data([0], [0])
        frames.legend(bottom)
        for ax in (theory, measured):
            artists |= self._stage_map(ax, ax.get_label())
        theory.set_ylabel("momentum β", labelpad=2)
        theory.set_title("Factor ρ per step: theory")
        measured.set_title("… and measured")
        measured.set_yticklabels([])
        side = figure.add_axes((0.935, 0.11, 0.012, 0.755), label="<bar>")
        bar = figure.colorbar(artists["measured_map"].scale, cax=side)
        shown = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
        bar.set_ticks([1 - rate for rate in shown], labels=[f"{rate:g}" for rate in shown])
        bar.ax.tick_params(labelsize=8)
        bar.ax.minorticks_off()
        bar.ax.invert_yaxis()
        frames.legend(theory, [artists["theory_limit"], artists["theory_best"]])
        frames.legend(measured, [artists["measured_here"]])
        return artists

    def _stage_map(self, ax, name):
        """A map over rate and momentum; where it diverges, only the color of growth is left."""
        across, up = np.diff(_RATES[:2])[0] / 2, np.diff(_MOMENTA[:2])[0] / 2
        extent = (_RATES[0] - across, _RATES[-1] + across, _MOMENTA[0] - up, _MOMENTA[-1] + up)
        ax.set(xlim=(0, 4.4), ylim=(0, 1), xlabel="learning rate η (λₙ = 1)", facecolor="#FBE9DF")
        ax.text(3.55, 0.12, "grows", color=VERMILION, ha="center")
        steps = ListedColormap(
            colormaps["cividis_r"](np.linspace(0, 1, 20))
        )  # so that lines of one rate show
        norm = LogNorm(1 - _SLOWEST, 1 - _FASTEST, clip=True)
        return {
            f"{name}_map": Heatmap(ax, norm, steps, extent, zorder=1),
            f"{name}_limit": frames.moving_line(ax, ":", color=VERMILION, linewidth=2.2, label="limit"),
            f"{name}_best": frames.moving_line(
                ax,
                "*",
                color=ORANGE,
                markersize=13,
                markeredgecolor="black",
                label="best" if name == "theory" else None,
            ),
            f"{name}_here": frames.moving_line(
                ax, "o", color=BLUE, markersize=9, markeredgecolor="white", label="your η and β", zorder=6
            ),
        }

    def draw(self, artists, r):
        artists["levels"].set_segments(r.levels)
        end = r.diverged_at if r.diverged_at >= 0 else _STEPS
        points = np.clip(r.points[: end + 1], -_FAR, _FAR)
        artists["path"].set_data(*points.T)
        artists["start"].set_data(*points[:1].T)
        artists["word"].set_text(f"diverged at step {r.diverged_at}" if r.diverged_at >= 0 else "")
        t = np.arange(end + 1)
        artists["flat"].set_data(t, points[:, 0])
        artists["steep"].set_data(t, points[:, 1])
        shape = _power(max(r.rates), t)
        high = min(np.max(np.abs(points) / np.maximum(shape, 1e-300)[:, None]), _FAR) * shape
        both = frames.separate_lines(t, np.clip([high, -high], -_FAR, _FAR))
        artists["envelope"].set_data(*both)
        for name, values in (("theory", r.theory_map), ("measured", r.measured_map)):
            artists[f"{name}_map"].set_values(np.where(values > 1.0005, np.nan, 1 - values))
            artists[f"{name}_limit"].set_data(r.limits, _EDGE)
            artists[f"{name}_best"].set_data(*r.best[:, None])
            artists[f"{name}_best"].set_visible(r.rule == 0)
            artists[f"{name}_here"].set_data([r.lr], [r.momentum])

    def describe(self, r):
        rule = tuple(_RULES)[r.rule]
        what = f"{rule}, η = {r.lr:.3g}, β = {r.momentum:.2g}, κ = {r.condition}"
        limit = f"The limit is η = {r.limit:.3g}"
        flat, steep = r.rates
        if r.diverged_at >= 0:
            return (
                f"{what}: from ({r.points[0, 0]:.2f}, {r.points[0, 1]:.2f}) it diverged at step "
                f"{r.diverged_at}, in theory by × {steep:.3g} a step. {limit}."
            )
        each = f"in theory × {flat:.3f} a step along w₁, × {steep:.3f} along w₂"
        best = "" if r.rule else f"; the best settings reach × {r.best_rate:.3f}"
        return (
            f"{what}: {each}; measured × {r.measured:.3f} from "
            f"({r.points[0, 0]:.2f}, {r.points[0, 1]:.2f}). {limit}{best}."
        )

    def handles(self, r):
        return [
            ("surface", *r.points[0], ("start_x", "start_y")),
            ("theory", r.lr, r.momentum, ("lr", "momentum")),
            ("measured", r.lr, r.momentum, ("lr", "momentum")),
        ]

    def pointer(self, axes, x, y):
        if axes == "surface":
            return {"start_x": x, "start_y": y}
        return {"lr": x, "momentum": y} if axes in ("theory", "measured") else {}


def _power(factor: float, t: np.ndarray) -> np.ndarray:
    return np.exp(np.clip(t * np.log(max(factor, 1e-3)), -690, 690))
