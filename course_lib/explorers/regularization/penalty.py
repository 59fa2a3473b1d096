"""The explorer of penalties: where the loss and a diamond, a disc or both come to rest."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib.live import Explorer, Slider
from course_lib.numpy_nn.linear_models import elastic_net
from course_lib.numpy_nn.regularizers import L1, L2, ElasticNet, soft_threshold
from course_lib.plots import BLUE, GREEN, LIGHT, ORANGE, PURPLE, VERMILION, contours, frames

_LAMBDAS = np.concatenate([[0.0], np.geomspace(0.01, 10, 61)])
_ANGLES = np.linspace(0, 2 * np.pi, 181)
_RAYS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)


@functools.lru_cache(maxsize=256)
def _path(lam: float, mix: float, correlation: float, w1: float, w2: float) -> tuple[np.ndarray, np.ndarray]:
    """The curvatures of the loss, and the best weights for each λ of the path and, last, for the chosen one.

    The loss ½ (w − w*)ᵀ H (w − w*) is that of four samples whose features have this H.
    """
    hessian = np.array([[1.0, correlation], [correlation, 1.0]])
    root = np.linalg.cholesky(hessian).T
    x = np.concatenate([root, -root])  # 2/4 XᵀX = H, and centered
    strengths = np.append(_LAMBDAS, lam)
    fit = elastic_net(x, x @ np.array([[w1], [w2]]), mix * strengths, (1 - mix) * strengths, tolerance=1e-10)
    return hessian, fit["W"][..., 0]


def _level_line(mix: float, w: np.ndarray) -> np.ndarray:
    """The points whose penalty is that of w, one in each of 181 directions: (181, 2)."""
    wanted, many = float(ElasticNet(mix, 1 - mix).value(w)), np.full(len(_RAYS), 1.0)
    rays = {"W": _RAYS[..., None]}
    linear, square = L1(mix * many).value(rays), L2((1 - mix) * many).value(rays)
    # At a distance r the penalty is linear · r + square · r².
    return _RAYS * (2 * wanted / (linear + np.sqrt(linear**2 + 4 * square * wanted)))[:, None]


class PenaltyExplorer(Explorer):
    """A quadratic loss of two weights and a penalty: the path of the weights as λ grows, and its zeros."""

    name = "penalty"
    ghosts = ("path", "curve0", "curve1")
    controls = (
        Slider("lam", "Penalty λ", 0.01, 10.0, default=0.5, log=True),
        Slider("mix", "Share of L1", 0.0, 1.0, default=1.0, step=0.05),
        Slider("correlation", "Correlation ρ", -0.9, 0.9, default=0.0, step=0.05),
        Slider("w1", "Least loss at w₁", -3.0, 3.0, default=2.0, step=0.05),
        Slider("w2", "Least loss at w₂", -3.0, 3.0, default=0.7, step=0.05),
    )
    presets = {
        "L1: a corner": dict(lam=1.0),
        "L2: no corner": dict(lam=1.0, mix=0.0),
        "both": dict(lam=1.5, mix=0.5),
        "all zero": dict(lam=2.5),
        "twins, L1": dict(lam=1.2, correlation=0.9, w1=1.8, w2=0.5),
        "twins, both": dict(lam=1.2, mix=0.5, correlation=0.9, w1=1.8, w2=0.5),
        "twins, L2": dict(lam=1.2, mix=0.0, correlation=0.9, w1=1.8, w2=0.5),
    }
    look_for = {
        "L1: a corner": "The level line of the loss meets the diamond at its corner: w₂ is exactly 0.",
        "L2: no corner": "The same λ. Both weights are half of what they were, and neither is 0.",
        "both": "A diamond with round sides still has corners: w₂ is exactly 0.",
        "all zero": "λ is above the steepest slope of the loss at 0: nothing moves away from 0.",
        "twins, L1": "Two features that say nearly the same: one keeps the work, the other gets exactly 0.",
        "twins, both": "The L2 part pulls the twins together again: both stay.",
        "twins, L2": "Twins share the work: the two weights come close to each other, and neither is 0.",
    }

    def compute(self, lam, mix, correlation, w1, w2):
        hessian, path = _path(lam, mix, correlation, w1, w2)
        path, now, least = path[:-1], path[-1], np.array([w1, w2])
        apart = now - least
        alone = soft_threshold(least, mix * _LAMBDAS[:, None]) / (1 + (1 - mix) * _LAMBDAS[:, None])
        return SimpleNamespace(
            lam=lam,
            mix=mix,
            correlation=correlation,
            least=least,
            now=now,
            path=path,  # (62, 2)
            alone=alone,  # each weight by itself
            line=_level_line(mix, now),
            loss=float(apart @ hessian @ apart / 2),
            levels=contours.ellipses(least, hessian, [0.1, 0.5, 1.2, 2.5, 4.5, 7.5]),
            touching=contours.ellipses(least, hessian, [apart @ hessian @ apart / 2])[0],
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["weights", "path"], widths=[1, 1.35])
        left.set(xlim=(-3.3, 3.3), ylim=(-3.3, 3.3), xlabel="$w_1$", title="Weight space")
        left.set_ylabel("$w_2$", labelpad=0)
        left.set_aspect("equal")
        left.axhline(0, color=LIGHT, linewidth=1.2)
        left.axvline(0, color=LIGHT, linewidth=1.2)
        right.set_xscale("log")
        right.set(xlim=(0.01, 10), ylim=(-3.3, 3.3), xlabel="penalty λ", title="The two weights as λ grows")
        right.axhline(0, color=LIGHT, linewidth=1.2)
        right.grid(color="#EBEBEB", linewidth=0.8)
        artists = {
            "levels": contours.moving_contours(left),
            "area": left.fill([0, 0, 0], [0, 0, 1], color=BLUE, alpha=0.12, linewidth=0)[0],
            "line": frames.moving_line(left, color=BLUE, linewidth=1.6, label="equal penalty"),
            "touching": frames.moving_line(left, color=VERMILION, linewidth=1.6, label="equal loss"),
            "path": frames.moving_line(left, color=GREEN, linewidth=2.2, label="path"),
            "least": frames.moving_line(left, **frames.start_style()),
            "now": frames.moving_line(left, "o", color=GREEN, markersize=9, zorder=5),
            "here": frames.moving_line(right, color=LIGHT, linewidth=5, zorder=0),
            "alone": frames.moving_line(
                right, color=ORANGE, linestyle=(0, (2, 4)), linewidth=1.5, label="theory for ρ = 0", zorder=4
            ),
            "zeros": frames.moving_line(
                right, "o", color="black", markersize=4, label="exactly 0", zorder=6, clip_on=False
            ),
        }
        for j, (color, name) in enumerate(((VERMILION, "$w_1$"), (PURPLE, "$w_2$"))):
            style = {"color": color, "linewidth": 2.2 - 0.6 * j}
            artists[f"curve{j}"] = frames.moving_line(right, **style, label=name)
            artists[f"now{j}"] = frames.moving_line(right, "o", color=color, markersize=8, zorder=5)
        frames.legend(left, [artists[name] for name in ("line", "touching", "path")])
        frames.legend(right, [artists[name] for name in ("curve0", "curve1", "alone", "zeros")])
        return artists

    def draw(self, artists, r):
        artists["levels"].set_segments(r.levels)
        artists["area"].set_xy(r.line)
        artists["line"].set_data(*r.line.T)
        artists["touching"].set_data(*r.touching.T)
        artists["path"].set_data(*r.path.T)
        artists["least"].set_data(*r.least[:, None])
        artists["now"].set_data(*r.now[:, None])
        artists["here"].set_data([r.lam] * 2, [-3.3, 3.3])
        artists["alone"].set_data(*frames.separate_lines(_LAMBDAS[1:], r.alone[1:].T))
        for j in range(2):
            artists[f"curve{j}"].set_data(_LAMBDAS[1:], r.path[1:, j])
            artists[f"now{j}"].set_data([r.lam], [r.now[j]])
        zeros = _LAMBDAS[np.any(r.path == 0, axis=1) & (_LAMBDAS > 0)]
        artists["zeros"].set_data(zeros, np.zeros_like(zeros))

    def describe(self, r):
        kind = {0.0: "L2", 1.0: "L1"}.get(r.mix, f"{100 * r.mix:.0f} % L1")
        each = ", ".join(
            f"{name} = {'exactly 0' if value == 0 else f'{value:.3f}'}"
            for name, value in zip(("w₁", "w₂"), r.now, strict=True)
        )
        return (
            f"{kind} with λ = {r.lam:.2g}, ρ = {r.correlation:.2f}: from ({r.least[0]:.2f}, "
            f"{r.least[1]:.2f}) the weights have moved to {each}; the loss is {abs(r.loss):.3f} above "
            "the least."
        )

    def handles(self, r):
        return [("weights", *map(float, r.least), ("w1", "w2"))]

    def pointer(self, axes, x, y):
        return {"weights": {"w1": x, "w2": y}, "path": {"lam": x}}.get(axes, {})
