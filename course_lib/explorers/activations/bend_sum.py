"""An explorer of curves built from bends: what one hidden layer can draw."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from matplotlib.ticker import NullLocator

from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.layers import Dense
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, LIGHT, ORANGE, SKY, VERMILION, frames


@dataclass(frozen=True)
class _Target:
    """A curve on [0, 1] that is level at both ends, with the bounds its theory needs."""

    f: Callable[[np.ndarray], np.ndarray]
    steepest: float  # max |f′|
    bend: float  # max |f″|; at a corner the slope jumps instead
    jump: float = 0.0  # the jump of the slope at a corner

    def straight(self, n):
        """The largest error of n straight pieces: h²/8 max |f″|, and at a corner h/4 times the jump."""
        return self.bend / (8 * np.square(n)) + self.jump / (4 * np.asarray(n))

    def steps(self, n):
        """The error of n steps: half of what the curve rises in one piece."""
        return self.steepest / (2 * np.asarray(n))


_TARGETS = {
    "hill": _Target(lambda x: np.sin(np.pi * x) ** 2, steepest=np.pi, bend=2 * np.pi**2),
    "rise": _Target(lambda x: np.sin(np.pi * x / 2) ** 2, steepest=np.pi / 2, bend=np.pi**2 / 2),
    "two hills": _Target(
        lambda x: (np.sin(2 * np.pi * x) ** 2 + np.sin(np.pi * x) ** 2) / 2,
        steepest=4.298,
        bend=5 * np.pi**2,
    ),
    "tent, a corner": _Target(
        lambda x: np.clip(1.4 - 4 * np.abs(x - 0.45), 0, 1.4), steepest=4.0, bend=0.0, jump=8.0
    ),
}
_KINDS = ("hard sigmoid", "sigmoid", "ReLU")
_MOST = 40
_SIZES = np.unique(np.geomspace(1, _MOST, 24).round().astype(int))
_X = np.linspace(0, 1, 481)[:, None]  # (481, 1): 480 is divisible by most n, so nodes lie on the grid


def _hidden(kind: str, n: int, sharpness: float, target: _Target) -> tuple[act.Activation, dict, dict]:
    """The weights of a network 1 → n → 1 that puts one bend of the right height into each of n intervals."""
    nodes = np.linspace(0, 1, n + 1)
    rises = np.diff(target.f(nodes))  # what each piece has to add
    f = {"hard sigmoid": act.hard_sigmoid, "sigmoid": act.sigmoid, "ReLU": act.relu}[kind]
    if kind == "ReLU":
        places, heights = nodes[:-1], np.diff(rises * n, prepend=0) / sharpness  # changes of the slope
        steepness = sharpness
    else:
        places, heights = (nodes[:-1] + nodes[1:]) / 2, rises
        steepness = sharpness * n / float(f.df(0.0))  # at sharpness 1 a bend is as steep as a straight piece
    hidden = {"W": np.full((1, n), steepness), "b": -steepness * places}
    output = {"W": heights[:, None], "b": target.f(nodes[:1])}
    return f, hidden, output


@functools.lru_cache(maxsize=256)
def _error(kind: str, n: int, sharpness: float, target: str) -> float:
    f, hidden, output = _hidden(kind, n, sharpness, _TARGETS[target])
    a = f(Dense(1, n).forward(hidden, _X)[0])
    return float(np.abs(Dense(n, 1).forward(output, a)[0] - _TARGETS[target].f(_X)).max())


class BendSumExplorer(Explorer):
    """A curve from a constant and n bends: the pieces, their sum, and how the error falls."""

    name = "bend_sum"
    ghosts = ("sum", "errors")
    controls = (
        Slider("n", "Number of pieces n", 1, _MOST, default=6, integer=True),
        Slider("sharpness", "Sharpness", 0.2, 20.0, default=1.0, log=True),
        Choice("kind", "Pieces", _KINDS, default="hard sigmoid"),
        Choice("target", "Curve to build", tuple(_TARGETS), default="hill"),
        Slider("added", "Pieces added so far", 0, _MOST, default=_MOST, integer=True, play=True),
    )
    presets = {
        "six straight pieces": dict(),
        "one after the other": dict(n=8, added=3),
        "twice as many": dict(n=12),
        "soft pieces": dict(kind="sigmoid", n=12),
        "a staircase": dict(kind="sigmoid", n=12, sharpness=20.0),
        "blurred": dict(kind="sigmoid", n=12, sharpness=0.3),
        "ReLU": dict(kind="ReLU", n=6),
        "ReLU, half built": dict(kind="ReLU", n=8, added=4),
        "a corner": dict(target="tent, a corner", n=13),
    }
    look_for = {
        "six straight pieces": "Each piece rises in its own sixth, by what the curve rises there.",
        "one after the other": "Three of eight pieces. Right of the third nothing has happened yet.",
        "twice as many": "Half the width: a quarter of the error.",
        "soft pieces": "Sigmoids of the same slope in the middle. No corners any more.",
        "a staircase": "Too sharp: steps. Their error falls only like 1/n.",
        "blurred": "Too soft: each piece leaks far into its neighbors.",
        "ReLU": "The same sum, in other pieces: each ReLU changes the slope from its node on, for ever.",
        "ReLU, half built": "Without the later pieces the line goes straight on.",
        "a corner": "Only pieces with a corner in them are wrong. The bound falls like 1/n, as for steps.",
    }

    def compute(self, n, sharpness, kind, target, added):
        chosen = _TARGETS[target]
        f, hidden, output = _hidden(kind, n, sharpness, chosen)
        a = f(Dense(1, n).forward(hidden, _X)[0])  # (481, n)
        some = {"W": output["W"] * (np.arange(n) < added)[:, None], "b": output["b"]}
        built = Dense(n, 1).forward(some, a)[0][:, 0]
        sizes = np.unique(np.append(_SIZES, n))
        return SimpleNamespace(
            n=n,
            sharpness=sharpness,
            kind=_KINDS.index(kind),
            added=min(added, n),
            surface=target,
            target=chosen.f(_X[:, 0]),
            built=built,
            pieces=(a * output["W"][:, 0]).T[:added],
            constant=float(output["b"][0]),
            off=float(np.abs(built - chosen.f(_X[:, 0])).max()),
            sizes=sizes,
            errors=np.array([_error(kind, int(size), sharpness, target) for size in sizes]),
            error=_error(kind, n, sharpness, target),
            straight=chosen.straight(sizes),
            steps=chosen.steps(sizes),
            predicted=float(chosen.straight(n)),
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["curve", "pieces", "error"], widths=[1.15, 1.0, 1.0])
        left.set(xlim=(0, 1), ylim=(-0.45, 1.75), xlabel="x", title="Constant + sum of the pieces")
        middle.set(xlim=(0, 1), ylim=(-1.15, 1.15), xlabel="x", title="The pieces")
        middle.axhline(0, color=LIGHT, linewidth=1)
        frames.loss_panel(right, _MOST, 3e-4, 3, xlabel="number of pieces n", ylabel="")
        right.set_xscale("log")
        right.set(xlim=(0.9, _MOST * 1.15), title="Largest error")
        right.set_xticks([1, 2, 5, 10, 20, 40], ["1", "2", "5", "10", "20", "40"])
        right.xaxis.set_minor_locator(NullLocator())
        artists = {
            "target": frames.moving_line(left, color=BLACK, linewidth=1.3, label="curve"),
            "sum": frames.moving_line(left, color=BLUE, linewidth=2.0, label="sum"),
            "nodes": frames.moving_line(left, "|", color=GRAY, markersize=7),
            "pieces": frames.moving_line(middle, color=SKY, linewidth=1.3, label="each piece"),
            "last": frames.moving_line(middle, color=VERMILION, linewidth=2.0, label="the last"),
            "errors": frames.moving_line(right, "o", color=BLUE, markersize=3.5, label="measured"),
            "straight": frames.moving_line(right, "--", color=ORANGE, linewidth=1.5, label="lines"),
            "steps": frames.moving_line(right, ":", color=GREEN, linewidth=1.8, label="steps"),
            "here": frames.moving_line(right, "o", color=VERMILION, markersize=8),
        }
        frames.legend(left, [artists[name] for name in ("target", "sum")])
        frames.legend(middle)
        frames.legend(right, [artists[name] for name in ("errors", "straight", "steps")])
        return artists

    def draw(self, artists, r):
        x = _X[:, 0]
        artists["target"].set_data(x, r.target)
        artists["sum"].set_data(x, r.built)
        nodes = np.linspace(0, 1, r.n + 1)
        artists["nodes"].set_data(nodes, np.full(r.n + 1, -0.4))
        axes = artists["pieces"].axes
        axes.set_ylim((-4.4, 4.4) if _KINDS[r.kind] == "ReLU" else (-1.15, 1.15))
        artists["pieces"].set_data(*frames.separate_lines(x, r.pieces))
        artists["last"].set_data(*frames.separate_lines(x, r.pieces[-1:]))
        right = artists["errors"].axes
        artists["errors"].set_data(r.sizes, frames.within(right, r.errors))
        artists["straight"].set_data(r.sizes, r.straight)
        artists["steps"].set_data(r.sizes, r.steps)
        artists["here"].set_data([r.n], frames.within(right, np.array([r.error])))

    def describe(self, r):
        kind = _KINDS[r.kind] + "s" * (r.n > 1)
        pieces = f"{r.n} {kind}, sharpness {r.sharpness:.3g}, for the {r.surface}"
        if r.added < r.n:
            return (
                f"{pieces}: with {r.added} added so far, the sum is off by up to {r.off:.2g}; "
                f"with all {r.n}, by {_tiny(r.error)}."
            )
        return (
            f"{pieces}: the sum is off by at most {_tiny(r.error)}. "
            f"Theory for straight pieces: at most {r.predicted:.2g}."
        )

    def pointer(self, axes, x, y):
        return {"n": x} if axes == "error" else {}


def _tiny(value: float) -> str:
    return f"{value:.2g}" if value >= 1e-9 else "0"
