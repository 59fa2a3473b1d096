"""Softmax and its cross-entropy."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from course_lib.explorers.losses.common import three_digits
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.activations import softmax
from course_lib.numpy_nn.losses import cross_entropy, one_hot
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, Label, frames

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
        titles = ("Logits z", "p = softmax(z/T)", "Gradient p − y (arrows)")
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
        frames.legend(right, [artists["measured"]])
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
        artists["loss"].set_text(f"loss = −ln p({_CLASSES[r.label]}) = {three_digits(r.loss)}")
        artists["measured"].set_data(range(3), r.measured)

    def describe(self, r):
        p = ", ".join(f"{letter} {value:.3f}" for letter, value in zip(_CLASSES, r.p, strict=True))
        logits = ", ".join(f"{value:.3g}" for value in r.logits)
        gradient = ", ".join(_signed(value) for value in r.gradient)
        scaled = f" of z/T; for z, {1 / r.temperature:.2g} times" if r.temperature != 1 else ""
        return (
            f"Logits ({logits}) at T = {r.temperature:.3g}: {p}. The true class is {_CLASSES[r.label]}: the "
            f"cross-entropy is {three_digits(r.loss)}, its gradient p − y = ({gradient}){scaled}."
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


def _signed(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:+.2f}"  # never -0.00
