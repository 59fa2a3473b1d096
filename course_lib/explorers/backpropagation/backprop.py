"""A small network, step by step."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.activations import relu, sigmoid, tanh
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import mse
from course_lib.plots import BLACK, BLUE, GRAY, LIGHT, VERMILION, Label, frames

_WEIGHTS = ("w₁₁", "w₁₂", "w₂₁", "w₂₂", "u₁", "u₂")  # w_ij leads from input i to hidden unit j
_PLACES = {"x₁": (0.72, 3.05), "x₂": (0.72, 1.15), "h₁": (4.0, 3.05), "h₂": (4.0, 1.15), "out": (7.55, 2.1)}
_HALF = {"x": 0.6, "h": 0.78, "o": 0.78}  # half the width of a box
_EDGES = (("x₁", "h₁"), ("x₁", "h₂"), ("x₂", "h₁"), ("x₂", "h₂"), ("h₁", "out"), ("h₂", "out"))
_LABEL_AT = (0.64, 0.3, 0.3, 0.64, 0.5, 0.5)  # how far along its edge a label stands
_STEPS = 11
_BENDS = {"tanh": tanh, "sigmoid": sigmoid, "ReLU": relu}

# The step at which each weight has been used, going forward, and at which its gradient is known, going back.
_USED, _KNOWN = (1, 2, 1, 2, 3, 3), (9, 10, 9, 10, 6, 6)


class BackpropExplorer(Explorer):
    """A network of two inputs, two hidden units and one output, forward and then backward."""

    name = "backprop"
    size = (8.4, 4.6)
    controls = (
        Slider("step", "Step", 0, _STEPS, default=_STEPS, integer=True, play=True),
        Choice("activation", "Activation f", tuple(_BENDS), default="tanh"),
        Slider("x1", "Input x₁", -2.0, 2.0, default=1.0, step=0.1),
        Slider("x2", "Input x₂", -2.0, 2.0, default=-0.5, step=0.1),
        Slider("w11", "w₁₁ (x₁ to unit 1)", -2.0, 2.0, default=0.6, step=0.1),
        Slider("w12", "w₁₂ (x₁ to unit 2)", -2.0, 2.0, default=-1.0, step=0.1),
        Slider("w21", "w₂₁ (x₂ to unit 1)", -2.0, 2.0, default=0.8, step=0.1),
        Slider("w22", "w₂₂ (x₂ to unit 2)", -2.0, 2.0, default=0.4, step=0.1),
        Slider("u1", "u₁ (unit 1 to ŷ)", -2.0, 2.0, default=1.5, step=0.1),
        Slider("u2", "u₂ (unit 2 to ŷ)", -2.0, 2.0, default=0.5, step=0.1),
    )
    presets = {
        "from the start": dict(step=0),
        "the way back begins": dict(step=5),
        "through one unit": dict(step=7),
        "all gradients": dict(),
        "a saturated unit": dict(x1=2.0, w11=2.0, w12=-0.2, u1=-1.0),
        "a dead unit": dict(activation="ReLU"),
        "alike": dict(w11=0.5, w12=0.5, w21=0.5, w22=0.5, u1=1.0, u2=1.0),
        "u is zero": dict(u1=0.0, u2=0.0),
    }
    look_for = {
        "from the start": "Only inputs and weights are known. Move the step on: values, then gradients.",
        "the way back begins": "All values stand. One number starts the way back: ∂L/∂ŷ.",
        "through one unit": "δ₁ takes two factors: the weight on the edge, and the slope f′(z₁).",
        "all gradients": "Each weight: the value at its start times the δ at its end. Try it on any edge.",
        "a saturated unit": "tanh is level at a₁. The error is large; the edges into unit 1 learn little.",
        "a dead unit": "z₂ is negative, so f′ = 0: no gradient passes unit 2, whatever u₂ is.",
        "alike": "Two units that start alike get gradients alike, and stay alike for ever.",
        "u is zero": "u has a gradient and W has none: δ passes through u on its way.",
    }

    def compute(self, step, activation, x1, x2, w11, w12, w21, w22, u1, u2):
        f = _BENDS[activation]
        model = mlp([2, 2, 1], f)
        hidden = {"W": np.array([[w11, w12], [w21, w22]]), "b": np.zeros(2)}
        params = [hidden, {}, {"W": np.array([[u1], [u2]]), "b": np.zeros(1)}]
        x, target = np.array([[x1, x2]]), np.ones((1, 1))
        y, caches = model.forward(params, x)
        z, a = caches[1]
        dy = mse.grad(y, target)
        dx, grads = model.backward(params, caches, dy)
        da, _ = model.layers[2].backward(params[2], caches[2], dy)
        delta, _ = model.layers[1].backward({}, caches[1], da)
        return SimpleNamespace(
            step=step,
            activation=tuple(_BENDS).index(activation),
            x=x[0],
            z=z[0],
            a=a[0],
            y=float(y[0, 0]),
            loss=float(mse.value(y, target)),
            weights=np.append(hidden["W"].ravel(), [u1, u2]),
            gradients=np.append(grads[0]["W"].ravel(), grads[2]["W"].ravel()),
            dy=float(dy[0, 0]),
            da=da[0],
            slope=f.df(z)[0],
            delta=delta[0],
            dx=dx[0],
        )

    def stage(self, figure):
        axes = figure.add_axes([0.01, 0.02, 0.98, 0.86])
        axes.set(xlim=(0, 8.4), ylim=(0.0, 4.0), label="network", title="Loss L = (ŷ − 1)², all biases 0")
        axes.set_axis_off()
        swatches = [
            Line2D([], [], color=BLUE, linewidth=3, label="value, going forward"),
            Line2D([], [], color=VERMILION, linewidth=3, linestyle="--", label="∂L/∂(it), going back"),
            Line2D([], [], color=BLACK, marker="s", markersize=9, markerfacecolor="none", linestyle="none"),
        ]
        swatches[2].set_label("now")
        frames.legend(axes, swatches)
        artists = {}
        for number, (start, end) in enumerate(_EDGES):
            (x0, y0), (x1, y1) = _PLACES[start], _PLACES[end]
            x0, x1 = x0 + _HALF[start[0]], x1 - _HALF[end[0]]
            artists[f"edge{number}"] = axes.plot([x0, x1], [y0, y1], color=LIGHT, zorder=1)[0]
            at = _LABEL_AT[number]
            x, y = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
            style = {"ha": "center", "box": "white", "pad": 2.8}
            artists[f"weight{number}"] = Label(axes, x, y + 0.04, va="bottom", color=BLUE, **style)
            artists[f"gradient{number}"] = Label(axes, x, y - 0.04, va="top", color=VERMILION, **style)
        for name, (x, y) in _PLACES.items():
            half, tall = _HALF[name[0]], 0.52 if name[0] == "x" else 0.72
            patch = FancyBboxPatch(
                (x - half + 0.06, y - tall / 1 + 0.06),
                2 * half - 0.12,
                2 * tall - 0.12,
                boxstyle="round,pad=0.06",
                facecolor="white",
                edgecolor=GRAY,
                zorder=2,
            )
            artists[f"box {name}"] = axes.add_patch(patch)
            lines = 2 if name[0] == "x" else 4
            for line in range(lines):
                height = y + (lines / 2 - line - 0.5) * 0.3
                color = BLUE if line < lines / 2 else VERMILION
                text = Label(axes, x, height, ha="center", va="center", color=color, zorder=4)
                artists[f"{name} {line}"] = text
        artists["formula"] = Label(axes, 4.2, 0.12, ha="center", va="center", fontsize=11, zorder=4)
        return artists

    def draw(self, artists, r):
        s = r.step
        for k in range(6):
            artists[f"weight{k}"].set_text(f"{_WEIGHTS[k]} = {_number(r.weights[k])}")
            known = s >= _KNOWN[k]
            artists[f"gradient{k}"].set_text(f"∂ {_number(r.gradients[k])}" if known else "")
            line = artists[f"edge{k}"]
            line.set_color(VERMILION if known else BLUE if s >= _USED[k] else LIGHT)
            line.set_linestyle("--" if known else "-")
        for i, name in enumerate(("x₁", "x₂")):
            artists[f"{name} 0"].set_text(f"{name} = {_number(r.x[i])}")
            artists[f"{name} 1"].set_text(f"∂ {_number(r.dx[i])}" if s >= 11 else "")
        for j, name in enumerate(("h₁", "h₂")):
            sub, there, back = name[1], s >= 1 + j, s >= 7 + j
            artists[f"{name} 0"].set_text(f"z{sub} = {_number(r.z[j])}" if there else f"z{sub}")
            artists[f"{name} 1"].set_text(f"a{sub} = {_number(r.a[j])}" if there else f"a{sub}")
            artists[f"{name} 2"].set_text(f"∂a{sub} {_number(r.da[j])}" if back else "")
            artists[f"{name} 3"].set_text(f"δ{sub} = {_number(r.delta[j])}" if back else "")
        artists["out 0"].set_text(f"ŷ = {_number(r.y)}" if s >= 3 else "ŷ")
        artists["out 1"].set_text(f"L = {_number(r.loss)}" if s >= 4 else "L")
        artists["out 2"].set_text(f"δ = {_number(r.dy)}" if s >= 5 else "")
        artists["out 3"].set_text("")
        now = {0: "x₁x₂", 1: "h₁", 2: "h₂", 3: "out", 4: "out", 5: "out", 7: "h₁", 8: "h₂", 11: "x₁x₂"}
        for name in _PLACES:
            active = name in now.get(s, "")
            artists[f"box {name}"].set(edgecolor=BLACK if active else GRAY, linewidth=2.6 if active else 1.0)
        artists["formula"].set_text(self._formula(r))

    def _formula(self, r) -> str:
        """What happens in the present step, with its numbers."""
        x, z, a, (w11, w12, w21, w22, u1, u2) = r.x, r.z, r.a, r.weights
        n, j = _number, 0 if r.step in (1, 7, 9) else 1
        sub, w = "₁₂"[j], ((w11, w21), (w12, w22))[j]
        grads = r.gradients
        return (
            f"Inputs: x₁ = {n(x[0])}, x₂ = {n(x[1])}",
            *(f"z{sub} = {n(x[0])}·{_in(w[0])} + {_in(x[1])}·{_in(w[1])} = {n(z[j])},  a{sub} = f(z{sub})",)
            * 2,
            f"ŷ = {n(a[0])}·{_in(u1)} + {_in(a[1])}·{_in(u2)} = {n(r.y)}",
            f"L = ({n(r.y)} − 1)² = {n(r.loss)}",
            f"δ = ∂L/∂ŷ = 2(ŷ − 1) = {n(r.dy)}",
            f"∂L/∂u₁ = a₁δ = {n(grads[4])},  ∂L/∂u₂ = a₂δ = {n(grads[5])}",
            *(
                f"∂L/∂a{sub} = δu{sub} = {n(r.da[j])},  δ{sub} = {n(r.da[j])} · f′(z{sub}) = "
                f"{n(r.da[j])}·{_in(r.slope[j])} = {n(r.delta[j])}",
            )
            * 2,
            *(f"∂L/∂w₁{sub} = x₁δ{sub} = {n(grads[j])},  ∂L/∂w₂{sub} = x₂δ{sub} = {n(grads[2 + j])}",) * 2,
            f"Two paths add: ∂L/∂x₁ = w₁₁δ₁ + w₁₂δ₂ = {n(r.dx[0])},  ∂L/∂x₂ = {n(r.dx[1])}",
        )[r.step]

    def describe(self, r):
        way = "forward" if r.step < 5 else "backward"
        inputs = f"{tuple(_BENDS)[r.activation]}, x = ({_number(r.x[0])}, {_number(r.x[1])})"
        results = f"ŷ = {_number(r.y)}, L = {_number(r.loss)}"
        return f"Step {r.step} of {_STEPS}, {way} ({inputs}; {results}). {self._formula(r)}."


def _number(value: float) -> str:
    """Three digits at most behind the point, with a true minus sign."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        return "0" if size < 1e-12 else f"{value:.0e}".replace("e-0", "e-").replace("-", "−")
    return text.replace("-", "−")


def _in(value: float) -> str:
    """A factor or a term inside a formula: negative ones in brackets."""
    text = _number(value)
    return f"({text})" if text.startswith("−") else text
