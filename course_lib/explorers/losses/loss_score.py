"""Losses against the score."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib.explorers.losses.common import three_digits
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.activations import sigmoid
from course_lib.numpy_nn.losses import binary_cross_entropy, mse, ranking_hinge
from course_lib.plots import BLACK, BLUE, GREEN, LIGHT, ORANGE, PURPLE, VERMILION, Label, frames

_LOSSES = ("cross-entropy", "squared error", "sigmoid, then squared", "hinge")
_LOSS_STYLES = (  # of these four: color, line style, name in the legend
    (BLUE, "-", "cross-entropy"),
    (ORANGE, "--", "squared"),
    (PURPLE, "-.", "σ, squared"),
    (GREEN, ":", "hinge"),
)
_SIDES = ("positive", "negative")


def _losses_and_slopes(z: np.ndarray, positive: bool, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """The four losses of one sample and their slopes, at scores z (n,): two arrays (4, n)."""
    z = z[:, None, None]  # every score is a run of its own, with one sample and one output
    p, other = sigmoid(z), np.zeros_like(z)  # the hinge compares the score with 0
    label, target = np.full_like(z, positive), np.full_like(z, 1 if positive else -1)
    true, corrupt = (z, other) if positive else (other, z)
    hinge = ranking_hinge(margin)
    values = (
        binary_cross_entropy.value(z, label),
        mse.value(z, target),
        mse.value(p, label),
        hinge.value(true, corrupt),
    )
    slopes = (
        binary_cross_entropy.grad(z, label),
        mse.grad(z, target),
        mse.grad(p, label) * sigmoid.df(z),
        hinge.grad(true, corrupt) * (1 if positive else -1),  # of the corrupt score: turned
    )
    return np.stack(values), np.stack([slope[:, 0, 0] for slope in slopes])


class LossScoreExplorer(Explorer):
    """Four losses of one sample against its score, with their slopes."""

    name = "loss_score"
    controls = (
        Slider("score", "Score z", -6.0, 6.0, default=-2.0, step=0.05),
        Choice("loss", "Loss", _LOSSES, default="cross-entropy"),
        Slider("margin", "Margin Δ (hinge)", 0.0, 3.0, default=1.0, step=0.05),
        Choice("true_class", "True class", _SIDES, default="positive"),
    )
    presets = {
        "undecided": dict(score=0.0),
        "wrong, cross-entropy": dict(score=-5.0),
        "wrong, σ squared": dict(score=-5.0, loss="sigmoid, then squared"),
        "too right, squared": dict(score=2.5, loss="squared error"),
        "inside the margin": dict(score=0.5, loss="hinge"),
        "beyond the margin": dict(score=1.5, loss="hinge"),
        "corrupt score": dict(score=0.5, loss="hinge", true_class="negative"),
    }
    look_for = {
        "undecided": "At score 0 the probability is ½: loss ln 2, slope −½.",
        "wrong, cross-entropy": "The more wrong, the nearer the slope to −1: the arrow stays long.",
        "wrong, σ squared": "Just as wrong, and the slope has all but vanished: no arrow is left.",
        "too right, squared": "A correct answer is punished for being too sure: the arrow points back.",
        "inside the margin": "On the right side, but not by enough. The slope is −1 all the way.",
        "beyond the margin": "Loss 0 and slope 0: the hinge is satisfied and rests.",
        "corrupt score": "The same hinge, seen from the score that should be low: slope +1.",
    }
    _grid = np.linspace(-6.4, 6.4, 257)
    _dots = np.linspace(-5.787, 5.813, 21)  # never on a kink of the hinge, where there is no slope

    def compute(self, score, loss, margin, true_class):
        positive, chosen, h = true_class == "positive", _LOSSES.index(loss), 1e-5
        values, slopes = _losses_and_slopes(self._grid, positive, margin)
        above, below = (_losses_and_slopes(self._dots + d, positive, margin)[0][chosen] for d in (h, -h))
        here = np.array([score])
        value, slope = (column[:, 0] for column in _losses_and_slopes(here, positive, margin))
        return SimpleNamespace(
            score=score,
            chosen=chosen,
            margin=margin,
            positive=positive,
            values=values,
            slopes=slopes,
            measured=(above - below) / (2 * h),
            value=value,
            slope=slope,
            probability=float(sigmoid(score)),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["loss", "slope"], widths=[1.1, 1])
        left.set(xlim=(-6.4, 6.4), ylim=(-0.35, 6.2), xlabel="score z (shaded: the wrong side)")
        left.set(ylabel="loss of one sample", title="Loss (arrow: one step of descent, η = 1)")
        right.set(
            xlim=(-6.4, 6.4), ylim=(-3.4, 3.4), xlabel="score z", title="Slope ∂L/∂z (thick: the chosen loss)"
        )
        for axes in (left, right):
            axes.axhline(0, color=LIGHT, linewidth=1)
            axes.axvline(0, color=LIGHT, linewidth=1)
        artists = {
            "wrong": left.axvspan(-6.4, 0, color="#EFEFEF", zorder=0),
            "word": _beside(left),
            "slope_word": _beside(right),
        }
        for number, (color, style, label) in enumerate(_LOSS_STYLES):
            for axes, kind in ((left, "value"), (right, "slope")):
                artists[f"{kind}{number}"] = frames.moving_line(axes, style, color=color, label=label)
        artists |= {
            "tangent": frames.moving_line(left, color=BLACK, linewidth=1.2),
            "arrow": frames.moving_arrow(left, color=BLACK, linewidth=2, zorder=6),
            "point": frames.moving_line(left, zorder=7, **frames.start_style()),
            "measured": frames.moving_line(right, "o", color=BLACK, markersize=4, zorder=5, label="measured"),
            "here": frames.moving_line(right, zorder=7, **frames.start_style()),
        }
        frames.legend(left, [artists[f"value{number}"] for number in range(4)])
        frames.legend(right, [artists["measured"]])
        return artists

    def draw(self, artists, r):
        artists["wrong"].set_x(-6.4 if r.positive else 0)
        for number in range(4):
            chosen = number == r.chosen
            for kind, curves in (("value", r.values), ("slope", r.slopes)):
                line = artists[f"{kind}{number}"]
                line.set_data(self._grid, curves[number])
                line.set_linewidth(3.2 if chosen else 1.3)
                line.set_zorder(2 if chosen else 3)  # a thin curve stays visible on the thick one
        value, slope = r.value[r.chosen], r.slope[r.chosen]
        reach = np.array([-1.2, 1.2]) / np.hypot(1, slope)
        artists["tangent"].set_data(r.score + reach, value + slope * reach)
        # One step of gradient descent with η = 1, along the axis; not drawn where it is too short to see, and
        # without its head where it leaves the picture.
        step = float(np.clip(r.score - slope, -8, 8))
        artists["arrow"].set_positions((r.score, -0.17), (step, -0.17))
        artists["arrow"].set_visible(abs(slope) > 0.02)
        artists["point"].set_data([r.score], [min(value, 5.8)])
        artists["measured"].set_data(self._dots, r.measured)
        artists["here"].set_data([r.score], [np.clip(slope, -3.05, 3.05)])
        # A point that would leave the picture stays at its edge, and a word beside it says how far it is.
        side = np.sign(r.score) * (1 if abs(r.score) < 3 else -1)  # where the fewest curves are
        artists["word"].set_position((r.score + 2.2 * side, 5.8))
        artists["word"].set_text(f"loss {value:.1f} ↑" if value > 5.8 else "")
        artists["slope_word"].set_position((r.score + 2.6 * side, 3.05 * np.sign(slope)))
        steep = abs(slope) > 3.05
        artists["slope_word"].set_text(f"slope {slope:.1f} {'↑' if slope > 0 else '↓'}" if steep else "")

    def describe(self, r):
        side = "positive" if r.positive else "negative"
        right = r.score > 0 if r.positive else r.score < 0
        where = "undecided" if r.score == 0 else "on the right side" if right else "on the wrong side"
        value, slope = three_digits(r.value[r.chosen]), three_digits(r.slope[r.chosen])
        hinge = f" with margin {r.margin:g}" if _LOSSES[r.chosen] == "hinge" else ""
        return (
            f"Score {r.score:.3g} of a {side} sample is {where}; its sigmoid is {r.probability:.3f}. "
            f"{_LOSSES[r.chosen].capitalize()}{hinge}: loss {value}, slope {slope}."
        )

    def handles(self, r):
        return [("loss", r.score, float(min(r.value[r.chosen], 5.8)), ("score",))]

    def pointer(self, axes, x, y):
        return {"score": x}


def _beside(axes) -> Label:
    """The word beside a point that is held at the edge of the picture."""
    return Label(axes, 0, 0, ha="center", va="center", color=VERMILION, box="white", alpha=0.85, zorder=6)
