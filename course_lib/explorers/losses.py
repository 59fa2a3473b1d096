"""Explorers of losses: loss against score, a logistic fit, and softmax with its cross-entropy."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from course_lib.explorers.base import Explorer
from course_lib.explorers.controls import Choice, Slider
from course_lib.numpy_nn.activations import sigmoid, softmax
from course_lib.numpy_nn.losses import binary_cross_entropy, cross_entropy, mse, one_hot, ranking_hinge
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import frames
from course_lib.plots.labels import Label
from course_lib.plots.style import BLACK, BLUE, GRAY, GREEN, LIGHT, ORANGE, PURPLE, SKY, VERMILION
from course_lib.surfaces import Surface

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
        right.set(xlim=(-6.4, 6.4), ylim=(-3.4, 3.4), xlabel="score z", title="Slope ∂L/∂z")
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
            "measured": frames.moving_line(right, "o", color=BLACK, markersize=4, zorder=5),
            "here": frames.moving_line(right, zorder=7, **frames.start_style()),
        }
        frames.legend(left, [artists[f"value{number}"] for number in range(4)])
        swatches = [
            Line2D([], [], color=GRAY, linewidth=3, label="formula"),
            Line2D([], [], color=BLACK, marker="o", markersize=4, linestyle="none", label="measured"),
        ]
        frames.legend(right, swatches)
        return artists

    def draw(self, artists, r):
        artists["wrong"].set_x(-6.4 if r.positive else 0)
        for number in range(4):
            chosen = number == r.chosen
            for kind, curves in (("value", r.values), ("slope", r.slopes)):
                line = artists[f"{kind}{number}"]
                line.set_data(self._grid, curves[number])
                line.set_linewidth(3.2 if chosen else 1.3)
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
        value, slope = _number(r.value[r.chosen]), _number(r.slope[r.chosen])
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
            "start": frames.moving_line(left, "--", color=SKY, label="your sliders"),
            "curve": frames.moving_line(left, color=BLUE, linewidth=2.5, label="model"),
            "right": frames.moving_line(left, "o", color=BLACK, markersize=7, label="right", zorder=4),
            "wrong": frames.moving_line(
                left, "X", color=VERMILION, markersize=10, markeredgecolor="white", label="wrong", zorder=4
            ),
            "threshold": frames.moving_line(left, ":", color=GREEN, linewidth=2),
            "handle": frames.moving_line(left, zorder=5, **frames.start_style()),
            "word": frames.moving_text(left, 0.5, 0.97, color=GREEN, ha="center", va="top"),
            "losses": frames.moving_line(right, color=BLUE, label="measured"),
            "here": frames.moving_line(right, "o", color=BLUE, markersize=9, label="now", clip_on=False),
            "least": frames.moving_line(right, "--", color=ORANGE, label="least"),
        }
        frames.legend(left, [artists[name] for name in ("start", "curve", "right", "wrong")])
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
        artists["word"].set_text(f"threshold {threshold:.2f} h" if inside else "no threshold from 0 to 7")
        axes = artists["losses"].axes
        artists["losses"].set_data(np.arange(r.step + 1), frames.within(axes, r.losses[: r.step + 1]))
        artists["here"].set_data([r.step], frames.within(axes, r.losses[r.step : r.step + 1]))
        artists["least"].set_data([0, self.steps], [r.least] * 2)
        artists["least"].set_visible(not r.separable)

    def describe(self, r):
        loss, threshold = _number(r.losses[r.step]), _threshold(r.weights)
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


_CLASSES = ("A", "B", "C")
_COLORS = (BLUE, ORANGE, GREEN)


class SoftmaxExplorer(Explorer):
    """Three logits, their softmax, the cross-entropy and its gradient."""

    name = "softmax"
    ghosts = ("tops", "handles")
    controls = (
        *(
            Slider(f"z{j + 1}", f"Logit of {letter}", -6.0, 6.0, default=default, step=0.1)
            for j, (letter, default) in enumerate(zip(_CLASSES, (2.0, 1.0, -1.0), strict=True))
        ),
        Slider("temperature", "Temperature T", 0.1, 10.0, default=1.0, log=True),
        Choice("true_class", "True class", _CLASSES, default="A"),
    )
    presets = {
        "knowing nothing": dict(z1=0.0, z2=0.0, z3=0.0),
        "a lead of one": dict(),
        "all up by three": dict(z1=5.0, z2=4.0, z3=2.0),
        "sure and right": dict(z1=6.0, z2=-1.0, z3=-2.0),
        "sure and wrong": dict(z1=-4.0, z2=5.0, z3=-2.0),
        "cold": dict(temperature=0.1),
        "hot": dict(temperature=10.0),
    }
    look_for = {
        "knowing nothing": "Three times ⅓, and the loss is ln 3 = 1.099.",
        "a lead of one": "One more logit is e = 2.72 times the probability: compare A with B.",
        "all up by three": "Every logit 3 higher, and the bars stay as they were.",
        "sure and right": "Nothing is left to learn here: the arrows are gone.",
        "sure and wrong": "The arrows are as long as they can be: A should rise, B should fall.",
        "cold": "Differences count ten times: nearly all goes to the largest.",
        "hot": "Differences count a tenth: nearly all alike.",
    }

    def compute(self, z1, z2, z3, temperature, true_class):
        logits, label = np.array([z1, z2, z3]), np.array([_CLASSES.index(true_class)])
        scaled, h = logits / temperature, 1e-5
        # (up or down, which logit, 3)
        nudged = scaled + h * np.array([1, -1])[:, None, None] * np.eye(3)
        up, down = cross_entropy.value(nudged[..., None, :], label)
        return SimpleNamespace(
            logits=logits,
            temperature=temperature,
            label=int(label[0]),
            target=one_hot(label, 3)[0],
            p=softmax(scaled),
            loss=float(cross_entropy.value(scaled[None], label)),
            gradient=cross_entropy.grad(scaled[None], label)[0],
            measured=(up - down) / (2 * h),
        )

    def stage(self, figure):
        axes = frames.panels(figure, ["logits", "softmax", "gradient"])
        titles = ("Logits z", "p = softmax(z/T)", "Gradient p − y")
        for ax, title, low, high in zip(axes, titles, (-7, 0, -1.15), (7, 1.35, 1.15), strict=True):
            ax.set(xlim=(-0.6, 2.6), ylim=(low, high), title=title, xlabel="class")
            ax.set_xticks(range(3), _CLASSES)
            ax.axhline(0, color=GRAY, linewidth=1)
        left, middle, right = axes
        left.set_xlabel("class (drag the circles)")
        middle.set_yticks(np.arange(0, 1.1, 0.25))
        middle.axhline(1 / 3, color=GRAY, linestyle=":", linewidth=1.5, label="⅓")
        artists = {"target": None}
        for j, color in enumerate(_COLORS):
            artists[f"z{j}"] = left.bar([j], [1], width=0.6, color=color)[0]
            artists[f"p{j}"] = middle.bar([j], [1], width=0.6, color=color)[0]
            artists[f"g{j}"] = right.add_patch(Polygon(_block_arrow(j, 1.0), color=color, linewidth=0))
            artists[f"text{j}"] = Label(middle, j, 0, ha="center", fontsize=9, box="white", pad=0.5)
        artists["target"] = middle.bar([0], [1], width=0.72, fill=False, edgecolor=BLACK, linewidth=1.5)[0]
        artists["target"].set_linestyle("--")
        artists |= {
            "handles": frames.moving_line(left, **frames.start_style()),
            "tops": frames.moving_line(middle, color=GRAY, linewidth=2.5, zorder=0.9),
            "loss": frames.moving_text(middle, 0.5, 0.97, ha="center", va="top"),
            "measured": frames.moving_line(right, "o", color=BLACK, markersize=5, label="measured", zorder=6),
        }
        outline = Line2D([], [], color=BLACK, linestyle="--", linewidth=1.5, label="target y")
        frames.legend(middle, [outline, *middle.get_legend_handles_labels()[0]])
        arrow = Line2D([], [], color=GRAY, linewidth=4, label="formula")
        frames.legend(right, [arrow, artists["measured"]])
        return artists

    def draw(self, artists, r):
        for j in range(3):
            artists[f"z{j}"].set_height(r.logits[j])
            artists[f"p{j}"].set_height(r.p[j])
            artists[f"text{j}"].set(y=r.p[j] + 0.025, text=f"{r.p[j]:.2f}")
            artists[f"g{j}"].set_xy(_block_arrow(j, r.gradient[j]))
        artists["target"].set_x(r.label - 0.36)
        artists["handles"].set_data(range(3), r.logits)
        ends = np.arange(3)[:, None] + np.array([-0.42, 0.42, np.nan])  # nan lifts the pen between two bars
        artists["tops"].set_data(ends.ravel(), np.repeat(r.p, 3))
        artists["loss"].set_text(f"loss = −ln p({_CLASSES[r.label]}) = {_number(r.loss)}")
        artists["measured"].set_data(range(3), r.measured)

    def describe(self, r):
        p = ", ".join(f"{letter} {value:.3f}" for letter, value in zip(_CLASSES, r.p, strict=True))
        logits = ", ".join(f"{value:.3g}" for value in r.logits)
        gradient = ", ".join(_signed(value) for value in r.gradient)
        scaled = f" of z/T; for z, {1 / r.temperature:.2g} times" if r.temperature != 1 else ""
        return (
            f"Logits ({logits}) at T = {r.temperature:.3g}: {p}. The true class is {_CLASSES[r.label]}: the "
            f"cross-entropy is {_number(r.loss)}, its gradient p − y = ({gradient}){scaled}."
        )

    def handles(self, r):
        return [("logits", j, float(z), (f"z{j + 1}",)) for j, z in enumerate(r.logits)]

    def pointer(self, axes, x, y):
        column = int(np.clip(round(x), 0, 2))
        return {"logits": {f"z{column + 1}": y}}.get(axes, {"true_class": _CLASSES[column]})

    def drag(self, held, axes, x, y):
        return {held[0]: y}  # of the bar that was taken, wherever the pointer goes


def _block_arrow(x: float, height: float) -> np.ndarray:
    """The corners of a broad arrow from (x, 0) to (x, height); a short one is all head."""
    neck = height - np.clip(height, -0.14, 0.14)
    across = x + np.array([-0.08, -0.08, -0.2, 0, 0.2, 0.08, 0.08])
    return np.stack([across, np.array([0, neck, neck, height, neck, neck, 0])], axis=1)


def _number(value: float) -> str:
    """Three digits, and a plain 0 for what is nearly nothing or nothing at all."""
    value = float(value)
    return "0" if value == 0 else f"{value:.2g}" if abs(value) < 0.01 else f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:+.2f}"  # never -0.00
