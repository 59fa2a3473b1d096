"""A logistic fit."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib.explorers.losses.common import three_digits
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.activations import sigmoid
from course_lib.numpy_nn.losses import binary_cross_entropy
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, LIGHT, ORANGE, SKY, VERMILION, Label, frames
from course_lib.surfaces import Surface

_HOURS = np.arange(1.0, 7.0)  # (6,)
_PASSED = {"4, 5 and 6": np.array([0.0, 0, 0, 1, 1, 1]), "3, 5 and 6": np.array([0.0, 0, 1, 0, 1, 1])}


def _logistic_loss(x: np.ndarray, passed: np.ndarray) -> Surface:
    """The cross-entropy of z = wx + b, as a function of the weights (w, b)."""
    X, y = np.stack([x, np.ones_like(x)], axis=1), passed[:, None]  # (6, 2), (6, 1)

    def logits(w):
        return (w @ X.T)[..., None]  # (..., 6, 1)

    return Surface(
        "logistic loss",
        r"-\overline{y \ln \sigma(z) + (1 - y) \ln(1 - \sigma(z))}",
        f=lambda w: binary_cross_entropy.value(logits(w), y),
        grad=lambda w: binary_cross_entropy.grad(logits(w), y)[..., 0] @ X,
        hessian=lambda w: (X.T * sigmoid.df(logits(w))[..., 0][..., None, :]) @ X / len(X),
        bounds=((-1.0, 6.0), (-20.0, 5.0)),
        minima=np.empty((0, 2)),
    )


@functools.cache
def _least(who: str) -> float:
    """The least possible loss: found with hours from the mean, where descent is quick."""
    surface = _logistic_loss(_HOURS - _HOURS.mean(), _PASSED[who])
    return float(descend(surface, SGD(1.0), np.zeros(2), 400).losses[-1])


class LogisticFitExplorer(Explorer):
    """Hours of study against pass or fail: fit a probability by hand, then let descent take over."""

    name = "logistic_fit"
    steps = 100
    ghosts = ("curve", "losses")
    controls = (
        Slider("w", "Weight w", -1.0, 6.0, default=0.0, step=0.05),
        Slider("b", "Bias b", -20.0, 5.0, default=0.0, step=0.1),
        Slider("step", "Descent steps", 0, 100, default=0, integer=True, play=True),
        Slider("lr", "Learning rate η", 0.01, 3.0, default=0.4, log=True),
        Choice("who", "Who passed", tuple(_PASSED), default="4, 5 and 6"),
    )
    presets = {
        "knowing nothing": dict(),
        "by hand": dict(w=2.0, b=-7.0),
        "sure and wrong": dict(w=4.0, b=-19.0),
        "descent takes over": dict(w=4.0, b=-19.0, step=100),
        "one surprise": dict(step=100, who="3, 5 and 6"),
        "sure, with a surprise": dict(w=5.0, b=-17.5, who="3, 5 and 6"),
        "too bold": dict(step=100, lr=3.0, who="3, 5 and 6"),
    }
    look_for = {
        "knowing nothing": "Everyone passes with probability ½. The loss is ln 2 = 0.693.",
        "by hand": "w is the steepness; −b/w is the threshold. Drag it.",
        "sure and wrong": "One long gray line: that one sample makes up nine tenths of the loss.",
        "descent takes over": "From there, 100 steps: the threshold moves back between 3 and 4 hours.",
        "one surprise": "Now no threshold is right for all. The best curve is a gentle one.",
        "sure, with a surprise": "A steep curve pays for every exception: softer is better.",
        "too bold": "It jumps for ever, but it cannot run away: no |p − y| is above 1.",
    }

    def __init__(self, **settings):
        self._paths: dict[tuple, object] = {}  # the last descent: moving the step does not need a new one
        super().__init__(**settings)

    def compute(self, w, b, step, lr, who):
        passed = _PASSED[who]
        surface = _logistic_loss(_HOURS, passed)
        key = (w, b, lr, who, step > 0)
        if key not in self._paths:
            n_steps = self.steps if step else 0  # by hand, no descent is needed
            self._paths = {key: descend(surface, SGD(lr), np.array([w, b]), n_steps)}
        path = self._paths[key]
        weights = path.points[step]
        probability = sigmoid(weights[0] * _HOURS + weights[1])
        return SimpleNamespace(
            by_hand=step == 0,
            step=step,
            lr=lr,
            passed=passed,
            start=path.points[0],
            weights=weights,
            probability=probability,
            wrong=(probability >= 0.5) != (passed == 1),
            losses=path.losses,
            least=_least(who),
            separable=bool(np.all(np.diff(passed) >= 0)),
            limit=float(2 / np.linalg.eigvalsh(surface.hessian(np.zeros(2))).max()),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["fit", "loss"], widths=[1.15, 1])
        left.set(xlim=(0, 7), ylim=(-0.12, 1.32), xlabel="hours of study x", title="The data and the model")
        left.set_ylabel("probability of passing", labelpad=2)
        left.set_yticks(np.arange(0, 1.1, 0.25))
        left.axhline(0.5, color=LIGHT, linewidth=1)
        frames.loss_panel(right, self.steps, 5e-3, 50, xlabel="step of gradient descent", ylabel="")
        right.set(title="Loss: the mean cross-entropy")
        right.axhline(np.log(2), color=GRAY, linestyle=":", linewidth=1.5, label="ln 2")
        artists = {
            "gaps": frames.moving_line(left, color=LIGHT, linewidth=2.5, zorder=1),
            "start": frames.moving_line(left, "--", color=SKY),
            "curve": frames.moving_line(left, color=BLUE, linewidth=2.5, label="model"),
            "right": frames.moving_line(left, "o", color=BLACK, markersize=7, label="right", zorder=4),
            "wrong": frames.moving_line(
                left, "X", color=VERMILION, markersize=10, markeredgecolor="white", label="wrong", zorder=4
            ),
            "threshold": frames.moving_line(left, ":", color=GREEN, linewidth=2),
            "handle": frames.moving_line(left, zorder=5, clip_on=False, **frames.start_style()),
            "word": frames.moving_text(left, 0.5, 0.97, color=GREEN, ha="center", va="top"),
            "losses": frames.moving_line(right, color=BLUE),
            "here": frames.moving_line(right, "o", color=BLUE, markersize=9, label="now", clip_on=False),
            "least": frames.moving_line(right, "--", color=ORANGE),
            "least_word": Label(right, 50, 1, ha="center", va="top", box="white", alpha=0.85, pad=1),
        }
        # What is there at some settings only has its word beside it and none in a legend.
        frames.legend(left, [artists[name] for name in ("curve", "right", "wrong")])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        gaps = np.full((len(_HOURS), 3), np.nan)  # nan lifts the pen between two samples
        gaps[:, 0], gaps[:, 1] = r.passed, r.probability
        artists["gaps"].set_data(np.repeat(_HOURS, 3), gaps.ravel())
        grid = np.linspace(0, 7, 141)
        for name, (w, b) in (("start", r.start), ("curve", r.weights)):
            artists[name].set_data(grid, sigmoid(w * grid + b))
        artists["start"].set_visible(not r.by_hand)
        for name, chosen in (("right", ~r.wrong), ("wrong", r.wrong)):
            artists[name].set_data(_HOURS[chosen], r.passed[chosen])
        threshold = _threshold(r.weights)
        inside = threshold is not None and 0 <= threshold <= 7
        artists["threshold"].set_data([threshold] * 2 if inside else [], [-0.12, 1.15] if inside else [])
        drag = inside and r.by_hand
        artists["handle"].set_data([threshold] if drag else [], [0.5] if drag else [])
        word = f"threshold {threshold:.2f} h" if inside else "no threshold from 0 to 7"
        artists["word"].set_text(word if r.by_hand else f"{word}; dashed: your sliders")
        axes = artists["losses"].axes
        artists["losses"].set_data(np.arange(r.step + 1), frames.within(axes, r.losses[: r.step + 1]))
        artists["here"].set_data([r.step], frames.within(axes, r.losses[r.step : r.step + 1]))
        artists["least"].set_data([0, self.steps], [r.least] * 2)
        artists["least"].set_visible(not r.separable)
        artists["least_word"].set(y=0.85 * r.least, text="" if r.separable else f"the least: {r.least:.3f}")

    def describe(self, r):
        loss, threshold = three_digits(r.losses[r.step]), _threshold(r.weights)
        least = "The least possible is 0, never reached" if r.separable else f"The least is {r.least:.3f}"
        fit = f"w = {r.weights[0]:.2f}, b = {r.weights[1]:.2f}, {np.count_nonzero(r.wrong)} of 6 wrong"
        if threshold is not None:
            fit += f", threshold {threshold:.2f} h"
        if r.by_hand:
            return f"By hand: {fit}; the loss is {loss}. {least}."
        course = f"After {r.step} steps (η = {r.lr:.3g}) the loss is {loss}: {fit}. {least}"
        return course + (f"; above η = {r.limit:.2f} it may jump." if r.lr > r.limit else ".")

    def handles(self, r):
        threshold = _threshold(r.weights)
        if not r.by_hand or threshold is None or not 0 <= threshold <= 7:
            return []
        return [("fit", threshold, 0.5, ("b",))]

    def pointer(self, axes, x, y):
        return {"step": x} if axes == "loss" else {"b": -self.settings["w"] * x}


def _threshold(weights: np.ndarray) -> float | None:
    """Where the probability is ½; None for a flat curve."""
    w, b = map(float, weights)
    return -b / w + 0.0 if abs(w) > 1e-6 else None
