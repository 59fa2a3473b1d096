"""The graph of a small computation, and the way the gradient takes back through it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.autograd import Value
from course_lib.plots import BLACK, BLUE, GRAY, LIGHT, VERMILION, Label, frames

_EXPRESSIONS = {
    "x·y + x·z": lambda x, y, z: x * y + x * z,
    "(x + y)·z + x": lambda x, y, z: (x + y) * z + x,
    "tanh(x·y + z)": lambda x, y, z: (x * y + z).tanh(),
    "(x·y − z)²": lambda x, y, z: (x * y - z) ** 2,
}
_PARTS = {
    "x·y + x·z": "p = x·y,  q = x·z,  L = p + q",
    "(x + y)·z + x": "p = x + y,  q = p·z,  L = q + x",
    "tanh(x·y + z)": "p = x·y,  q = p + z,  L = tanh q",
    "(x·y − z)²": "p = x·y,  q = p − z,  L = q²",
}
_CHAIN = ((0.75, 2.9), (0.75, 1.9), (0.75, 0.9), (3.05, 2.4), (5.35, 1.65), (7.65, 1.65))
_PLACES = {  # of x, y and z, and of the operations p, q and L
    "x·y + x·z": ((0.75, 1.9), (0.75, 2.9), (0.75, 0.9), (4.2, 2.55), (4.2, 1.25), (7.65, 1.9)),
    "(x + y)·z + x": ((0.75, 2.9), (0.75, 1.9), (0.75, 0.9), (3.05, 2.0), (5.35, 1.2), (7.65, 2.0)),
    "tanh(x·y + z)": _CHAIN,
    "(x·y − z)²": _CHAIN,
}
_LETTERS = ("x", "y", "z", "p", "q", "L")
_WIDTH, _HEIGHT = 1.3, 0.74
_STEPS = 4


class GraphExplorer(Explorer):
    """The computation graph of an expression: values from left to right, gradients from right to left."""

    name = "graph"
    size = (8.4, 4.2)
    controls = (
        Slider("step", "Step of backward", 0, _STEPS, default=_STEPS, integer=True),
        Choice("expression", "Expression L", tuple(_EXPRESSIONS), default="x·y + x·z"),
        Slider("x", "x", -3.0, 3.0, default=2.0, step=0.1),
        Slider("y", "y", -3.0, 3.0, default=-1.0, step=0.1),
        Slider("z", "z", -3.0, 3.0, default=1.5, step=0.1),
    )
    presets = {
        "values only": dict(step=0),
        "the result begins": dict(step=1),
        "add passes on": dict(step=2),
        "one path of two": dict(step=3),
        "both paths": dict(),
        "multiply exchanges": dict(expression="(x·y − z)²"),
        "a level tanh": dict(expression="tanh(x·y + z)", x=3.0, y=2.0, z=1.0),
        "used early and late": dict(expression="(x + y)·z + x"),
    }
    look_for = {
        "values only": "Every box knows its value and its local derivatives, and no gradient yet.",
        "the result begins": "∂L/∂L = 1. Everything else follows from this 1.",
        "add passes on": "Both local derivatives of + are 1: p and q get what L has.",
        "one path of two": "x has heard from one of its two users. Its gradient is not complete.",
        "both paths": "x was copied into two products, so its gradient is a sum of two terms.",
        "multiply exchanges": "x gets what arrives times y, and y gets it times x.",
        "a level tanh": "The local derivative of tanh is nearly 0 here, and nothing gets past it.",
        "used early and late": "x enters twice, once near the end: its gradient is z + 1.",
    }

    def compute(self, step, expression, x, y, z):
        leaves = [Value(x, "x"), Value(y, "y"), Value(z, "z")]
        result = _EXPRESSIONS[expression](*leaves)
        result.backward()
        graph = result.graph()
        nodes = leaves + [node for node in graph.nodes if node.parents]  # x, y, z, p, q and L
        place = [nodes.index(node) for node in graph.nodes]
        edges = np.array([(place[edge.start], place[edge.end]) for edge in graph.edges])
        local = np.array([edge.local for edge in graph.edges])
        passed = np.array([edge.local * graph.nodes[edge.end].grad for edge in graph.edges])
        sent = step >= 7 - edges[:, 1]  # L passes its gradient on at step 2, q at step 3, p at step 4
        arrived = np.bincount(edges[:, 0], weights=passed * sent, minlength=6)
        reached = np.bincount(edges[:, 0], weights=sent, minlength=6) > 0
        arrived[5] = reached[5] = step >= 1
        return SimpleNamespace(
            step=step,
            expression=tuple(_EXPRESSIONS).index(expression),
            values=np.array([node.data for node in nodes]),
            arrived=arrived,
            reached=reached,
            edges=edges,
            local=local,
            passed=passed,
            sent=sent,
        )

    def stage(self, figure):
        axes = figure.add_axes([0.01, 0.02, 0.98, 0.85])
        axes.set(xlim=(0, 8.4), ylim=(0.15, 3.6), label="graph")
        axes.set_axis_off()
        swatches = [
            Line2D([], [], color=BLUE, linewidth=3, label="value"),
            Line2D([], [], color=VERMILION, linewidth=3, linestyle="--", label="gradient so far, ∂L/∂(it)"),
            Line2D([], [], color=GRAY, marker="$2$", linestyle="none", label="on an edge: local derivative"),
        ]
        frames.legend(axes, swatches)
        artists = {"title": Label(axes, 4.2, 3.42, ha="center", va="center", fontsize=12, zorder=5)}
        for k in range(6):
            artists[f"edge{k}"] = frames.moving_line(axes, color=LIGHT, zorder=1)
            style = {"ha": "center", "va": "center", "box": "white", "pad": 1.0}
            artists[f"local{k}"] = Label(axes, 0, 0, color="#555555", zorder=3, **style)
        for k in range(6):
            patch = FancyBboxPatch(
                (0, 0),
                _WIDTH - 0.12,
                _HEIGHT - 0.12,
                boxstyle="round,pad=0.06",
                facecolor="white",
                edgecolor=GRAY,
                zorder=2,
            )
            artists[f"box{k}"] = axes.add_patch(patch)
            for word, color in (("value", BLUE), ("gradient", VERMILION)):
                artists[f"{word}{k}"] = Label(axes, 0, 0, ha="center", va="center", color=color, zorder=4)
        artists["formula"] = Label(axes, 4.2, 0.3, ha="center", va="center", fontsize=11, zorder=4)
        return artists

    def draw(self, artists, r):
        name = tuple(_EXPRESSIONS)[r.expression]
        places = np.array(_PLACES[name])
        artists["title"].set_text(f"L = {name}:   {_PARTS[name]}")
        for k in range(6):
            line, text = artists[f"edge{k}"], artists[f"local{k}"]
            if k >= len(r.edges):
                line.set_data([], [])
                text.set_text("")
                continue
            ends = places[r.edges[k]] + np.array([[_WIDTH / 2, 0], [-_WIDTH / 2, 0]])
            line.set_data(ends[:, 0], ends[:, 1])
            line.set(color=VERMILION if r.sent[k] else BLUE, linestyle="--" if r.sent[k] else "-")
            text.set_position(ends.mean(axis=0))
            text.set_text(_number(r.local[k]))
        for k, (x, y) in enumerate(places):
            box = artists[f"box{k}"]
            box.set_x(x - _WIDTH / 2 + 0.06)
            box.set_y(y - _HEIGHT / 2 + 0.06)
            box.set(edgecolor=BLACK if k == self._active(r) else GRAY)
            box.set_linewidth(2.6 if k == self._active(r) else 1.0)
            artists[f"value{k}"].set(position=(x, y + 0.15), text=f"{_LETTERS[k]} = {_number(r.values[k])}")
            gradient = f"∂ {_number(r.arrived[k])}" if r.reached[k] else ""
            artists[f"gradient{k}"].set(position=(x, y - 0.16), text=gradient)
        artists["formula"].set_text(self._formula(r))

    @staticmethod
    def _active(r) -> int:
        """The box that passes its gradient on in this step; at step 1, the result, which gets its 1."""
        return -1 if r.step == 0 else 5 if r.step == 1 else 7 - r.step

    def _formula(self, r) -> str:
        """What happens in the present step, with its numbers."""
        if r.step == 0:
            return f"Forward: L = {_number(r.values[5])}, and every local derivative"
        if r.step == 1:
            return "∂L/∂L = 1"
        end = self._active(r)
        arrived = _number(r.arrived[end])
        terms = [
            f"{_LETTERS[r.edges[k, 0]]} gets {arrived}·{_in(r.local[k])} = {_number(r.passed[k])}"
            for k in np.flatnonzero(r.edges[:, 1] == end)
        ]
        return f"{_LETTERS[end]} passes back: " + ",   ".join(terms)

    def describe(self, r):
        name = tuple(_EXPRESSIONS)[r.expression]
        known = [f"{_LETTERS[k]} {_number(r.arrived[k])}" for k in range(6) if r.reached[k]]
        leaves = ", ".join(f"{_LETTERS[k]} = {_number(r.values[k])}" for k in (0, 1, 2, 5))
        gradients = f" Gradients so far: {', '.join(known)}." if known else ""
        return f"L = {name} with {leaves}. Step {r.step} of {_STEPS}: {self._formula(r)}.{gradients}"


def _number(value: float) -> str:
    """Two digits behind the point where they matter, with a true minus sign."""
    size = abs(value)
    if size < 1e-12:
        return "0"
    text = f"{value:.0e}".replace("e-0", "e-") if size < 0.005 else f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _in(value: float) -> str:
    """A factor inside a formula: negative ones in brackets."""
    text = _number(value)
    return f"({text})" if text.startswith("−") else text
