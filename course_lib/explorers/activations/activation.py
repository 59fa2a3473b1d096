"""The activations with their slopes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.plots import BLACK, BLUE, LIGHT, ORANGE, VERMILION, frames

_NAMES = {  # what the learner reads -> (alpha, beta) -> the activation
    "identity": lambda alpha, beta: act.identity,
    "sigmoid": lambda alpha, beta: act.sigmoid,
    "hard sigmoid": lambda alpha, beta: act.hard_sigmoid,
    "tanh": lambda alpha, beta: act.tanh,
    "hard tanh": lambda alpha, beta: act.hard_tanh,
    "softsign": lambda alpha, beta: act.softsign,
    "ReLU": lambda alpha, beta: act.relu,
    "leaky ReLU": lambda alpha, beta: act.leaky_relu(alpha),
    "ELU": lambda alpha, beta: act.elu(alpha),
    "softplus": lambda alpha, beta: act.softplus,
    "swish": lambda alpha, beta: act.swish(beta),
    "GELU": lambda alpha, beta: act.gelu,
    "GELU, tanh form": lambda alpha, beta: act.gelu_tanh,
}
_ALL = tuple(_NAMES)
_Z = np.linspace(-6, 6, 301)
_PROBES = np.linspace(-6, 6, 25)  # where the slope is measured


class ActivationExplorer(Explorer):
    """Activations with their derivatives: one in full, beside another one or beside all."""

    name = "activation"
    ghosts = ("f", "df")
    controls = (
        Choice("main", "Activation", _ALL, default="sigmoid"),
        Choice("second", "Compare with", ("nothing", "all", *_ALL), default="tanh"),
        Slider("z", "Point z", -6.0, 6.0, default=1.0, step=0.05),
        Slider("alpha", "α (leaky, ELU)", 0.0, 1.5, default=0.2, step=0.01),
        Slider("beta", "β of swish", 0.0, 10.0, default=1.0, step=0.1),
    )
    presets = {
        "two S-curves": dict(z=0.0),
        "saturated": dict(main="sigmoid", second="hard sigmoid", z=5.0),
        "a slow tail": dict(main="softsign", second="tanh", z=4.0),
        "a kink": dict(main="ReLU", second="leaky ReLU", z=-2.0),
        "a rounded kink": dict(main="ELU", second="ReLU", alpha=1.0, z=-1.0),
        "below zero": dict(main="swish", second="GELU", z=-2.0),
        "nearly ReLU": dict(main="swish", second="ReLU", beta=10.0, z=0.0),
        "two forms of GELU": dict(main="GELU", second="GELU, tanh form", z=2.0),
        "all": dict(main="ReLU", second="all", alpha=1.0, z=1.0),
    }
    look_for = {
        "two S-curves": "At 0 tanh is four times as steep: slope 1 against ¼.",
        "saturated": "Drag the point to the right. What is left of a gradient that passes here?",
        "a slow tail": "Softsign levels off as well, but its slope falls like 1/z², not like e to the −2|z|.",
        "a kink": "Left of 0 ReLU has slope 0, not a small slope. The measured dot at 0 sits at ½.",
        "a rounded kink": "With α = 1 the slope is continuous. With other α it jumps at 0.",
        "below zero": "Both dip below 0 and come back, so the slope is negative on part of the left.",
        "nearly ReLU": "Move β from 0 to 10: half a line, SiLU, nearly ReLU.",
        "two forms of GELU": "Can you see the difference anywhere?",
        "all": "Two families: those that stay between two levels, and those that keep rising to the right.",
    }

    def compute(self, main, second, z, alpha, beta):
        every = {name: make(alpha, beta) for name, make in _NAMES.items()}
        shown = every if second == "all" else {second: every[second]} if second in every else {}
        f = every[main]
        others = [every[name] for name in shown if name != main]
        at = np.array(z)
        slopes = f.df(_Z)
        top = int(np.argmax(slopes))
        return SimpleNamespace(
            z=z,
            main=_ALL.index(main),
            second=_ALL.index(second) if second in every else -1,
            n_others=len(others),
            f=f(_Z),
            df=slopes,
            value=float(f(at)),
            slope=float(f.df(at)),
            steepest=float(slopes[top]),
            steepest_at=float(_Z[top]),
            level=float(np.ptp(slopes)) < 1e-9,
            plateau=int(np.sum(slopes > slopes[top] - 1e-9)) > 1,
            measured=numerical_gradient(lambda at: np.sum(f(at)), _PROBES),
            others=np.array([other(_Z) for other in others]).reshape(-1, len(_Z)),
            other_slopes=np.array([other.df(_Z) for other in others]).reshape(-1, len(_Z)),
            other_value=float(others[0](at)) if len(others) == 1 else 0.0,
            other_slope=float(others[0].df(at)) if len(others) == 1 else 0.0,
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["function", "slope"])
        left.set(xlim=(-6, 6), ylim=(-1.8, 3.4), xlabel="z", title="The function a = f(z)")
        right.set(xlim=(-6, 6), ylim=(-0.2, 1.6), xlabel="z", title="Its slope f′(z)")
        for ax in (left, right):
            ax.grid(color="#EBEBEB", linewidth=0.8)
            ax.axhline(0, color=LIGHT, linewidth=1.2)
            ax.axvline(0, color=LIGHT, linewidth=1.2)
        artists = {
            "others": frames.moving_line(left, color=ORANGE, linewidth=1.2, label="compared"),
            "f": frames.moving_line(left, color=BLUE, linewidth=2.2, label="f"),
            "tangent": frames.moving_line(left, "--", color=VERMILION, linewidth=1.3, label="tangent at z"),
            "point": frames.moving_line(left, **frames.start_style()),
            "other_slopes": frames.moving_line(right, color=ORANGE, linewidth=1.2, label="compared"),
            "df": frames.moving_line(right, color=BLUE, linewidth=2.2, label="f′"),
            "measured": frames.moving_line(right, "o", color=BLACK, markersize=3.5, label="measured"),
            "slope": frames.moving_line(right, **frames.start_style()),
            "name": frames.moving_text(left, 0.03, 0.95, va="top", color=BLUE),
            "other_name": frames.moving_text(left, 0.03, 0.86, va="top", color="#9A6A00"),
        }
        frames.legend(left, [artists[name] for name in ("f", "others", "tangent")])
        frames.legend(right, [artists[name] for name in ("df", "other_slopes", "measured")])
        return artists

    def draw(self, artists, r):
        artists["f"].set_data(_Z, r.f)
        artists["df"].set_data(_Z, r.df)
        artists["others"].set_data(*frames.separate_lines(_Z, r.others))
        artists["other_slopes"].set_data(*frames.separate_lines(_Z, r.other_slopes))
        artists["measured"].set_data(_PROBES, r.measured)
        artists["tangent"].set_data(r.z + np.array([-2.5, 2.5]), r.value + r.slope * np.array([-2.5, 2.5]))
        artists["point"].set_data([r.z], [np.clip(r.value, -1.8, 3.4)])
        artists["slope"].set_data([r.z], [r.slope])
        artists["name"].set_text(_ALL[r.main])
        artists["other_name"].set_text(
            _ALL[r.second] if r.n_others == 1 else "all others" if r.n_others else ""
        )

    def describe(self, r):
        text = f"{_ALL[r.main]} at z = {r.z:.2f}: value {r.value:.4g}, slope {r.slope:.3g}."
        if r.level:
            text += f" Its slope is {r.steepest:.3g} everywhere."
        else:
            where = "" if r.plateau else f", at z = {r.steepest_at:.3g}"
            text += f" Between −6 and 6 its largest slope is {r.steepest:.3g}{where}."
        if r.n_others == 1:
            text += f" {_ALL[r.second]} has value {r.other_value:.4g} and slope {r.other_slope:.3g} there."
        return text + (f" Beside it, the other {r.n_others}." if r.n_others > 1 else "")

    def handles(self, r):
        return [("function", r.z, float(np.clip(r.value, -1.8, 3.4)), ("z",))]

    def pointer(self, axes, x, y):
        return {"z": x}
