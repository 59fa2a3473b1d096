"""The check of a gradient by differences."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, frames

_FUNCTIONS = {  # name: f, f′, f″ and f‴
    "sin x": (np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)),
    "exp x": (np.exp, np.exp, np.exp, np.exp),
    "x cubed": (lambda x: x**3, lambda x: 3 * x**2, lambda x: 6 * x, lambda x: 6 + 0 * x),
    "x squared": (lambda x: x**2, lambda x: 2 * x, lambda x: 2 + 0 * x, lambda x: 0 * x),
}
_EPS = float(np.finfo(float).eps)
_METHODS = ("forward", "central")


@functools.lru_cache(256)
def _errors(function: str, x: float, steps: tuple[float, ...]) -> np.ndarray:
    """The error of the numerical slope for both methods and every step, (2, steps).

    Rounding is chance, so this is the root mean square over three points next to each other.
    """
    f, df, *_ = _FUNCTIONS[function]
    points = x * np.array([0.998, 1.0, 1.002])
    slopes = [
        [[numerical_gradient(f, np.array(p), h, method) for p in points] for h in steps]
        for method in _METHODS
    ]
    return np.sqrt(np.mean((np.array(slopes) - df(points)) ** 2, axis=-1))


class GradientCheckExplorer(Explorer):
    """The error of a numerical slope against its step h: large steps err, and so does rounding."""

    name = "gradient_check"
    ghosts = ("forward", "central")
    controls = (
        Slider("h", "Step h", 1e-13, 1.0, default=0.5, log=True),
        Slider("x", "Point x", -3.0, 3.0, default=1.0, step=0.1),
        Choice("function", "Function", tuple(_FUNCTIONS), default="sin x"),
    )
    presets = {
        "a large step": dict(),
        "the usual step": dict(h=1e-5),
        "best for forward": dict(h=1.5e-8),
        "far too small": dict(h=1e-13),
        "a lucky point": dict(x=0.0, h=0.1),
        "no third derivative": dict(function="x squared", h=0.5),
    }
    look_for = {
        "a large step": "The central chord is almost as steep as the tangent. The forward one is not.",
        "the usual step": "With 1e-5 the central difference is right to about eleven digits.",
        "best for forward": "The forward difference never gets below about 1e-8.",
        "far too small": "The change of f is lost in its last digits. Both are off in the third digit.",
        "a lucky point": "f″ = 0: the forward error falls like h², too. And f = x = 0: nothing to round.",
        "no third derivative": "Exact for every h on a parabola: only rounding is left.",
    }
    _steps = np.logspace(-13, 0, 40)

    def compute(self, h, x, function):
        f, df, d2f, d3f = _FUNCTIONS[function]
        return SimpleNamespace(
            h=h,
            x=x,
            function=tuple(_FUNCTIONS).index(function),
            slope=float(df(x)),
            estimates=np.array([numerical_gradient(f, np.array(x), h, method) for method in _METHODS]),
            errors=_errors(function, x, tuple(self._steps)),
            here=_errors(function, x, (h,))[:, 0],
            cut_off=np.array([np.abs(d2f(x)) / 2 * self._steps, np.abs(d3f(x)) / 6 * self._steps**2]),
            rounding=_EPS * (np.abs(f(x)) + np.abs(x * df(x))) / self._steps,  # of f, and of x + h
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["chords", "error"], widths=[1, 1.25])
        left.set(xlim=(-4.1, 4.1), ylim=(-4, 4), xlabel="x", title="The slope, and two chords")
        left.set_ylabel("f − f(x)", labelpad=0)
        right.set_xscale("log")
        right.set_yscale("log")
        right.set(xlim=(6e-14, 2), ylim=(1e-16, 10), xlabel="step h", title="Error of the numerical slope")
        right.grid(color="#EBEBEB", linewidth=0.8)
        for power, color in ((1 / 2, ORANGE), (1 / 3, BLUE)):
            right.axvline(_EPS**power, color=color, linestyle=":", linewidth=1.5)
        for power, word in ((1 / 2, r"$ε^{1/2}$ "), (1 / 3, r" $ε^{1/3}$")):
            side = "right" if power == 1 / 2 else "left"
            right.text(_EPS**power, 3e-16, word, ha=side, va="bottom", fontsize=9)
        artists = {
            "f": frames.moving_line(left, color=GRAY, linewidth=2.5, label="f"),
            "tangent": frames.moving_line(left, color=BLACK, linewidth=1.2, label="tangent"),
            "chord0": frames.moving_line(left, "--", color=ORANGE, label="forward"),
            "chord1": frames.moving_line(left, "-.", color=BLUE, label="central"),
            "ends": frames.moving_line(left, "o", color=BLACK, markersize=5),
            "point": frames.moving_line(left, zorder=5, **frames.start_style()),
            "rounding": frames.moving_line(right, color=GREEN, linewidth=1.3, label="rounding"),
            "theory0": frames.moving_line(right, "--", color=ORANGE, linewidth=1.3, label="½|f″|h"),
            "theory1": frames.moving_line(right, "-.", color=BLUE, linewidth=1.3, label="|f‴|h²/6"),
            "forward": frames.moving_line(right, "s", color=ORANGE, markersize=4, label="forward"),
            "central": frames.moving_line(right, "o", color=BLUE, markersize=4, label="central"),
            "now": frames.moving_line(right, zorder=6, **frames.start_style()),
        }
        frames.legend(left, [artists[name] for name in ("f", "tangent", "chord0", "chord1")])
        names = ("forward", "central", "theory0", "theory1", "rounding")
        frames.legend(right, [artists[name] for name in names])
        return artists

    def draw(self, artists, r):
        f = tuple(_FUNCTIONS.values())[r.function][0]
        grid, y = np.linspace(-4.1, 4.1, 165), float(f(r.x))
        artists["f"].set_data(grid, f(grid) - y)  # measured from the point, which stays at half height
        reach = np.array([-2.0, 2.0])
        artists["tangent"].set_data(r.x + reach, r.slope * reach)
        ends = np.array([r.x - r.h, r.x, r.x + r.h])
        for number, start in enumerate((r.x, r.x - r.h)):
            across = start + np.array([-1.0, 3.0])
            artists[f"chord{number}"].set_data(across, f(start) - y + r.estimates[number] * (across - start))
        artists["ends"].set_data(ends, f(ends) - y)
        artists["point"].set_data([r.x], [0])
        axes = artists["now"].axes
        for number, method in enumerate(_METHODS):
            artists[f"theory{number}"].set_data(self._steps, frames.within(axes, r.cut_off[number]))
            seen = np.maximum(r.errors[number], 2e-16)  # an error of exactly 0 is drawn at the lower edge
            artists[method].set_data(self._steps, seen)
        artists["rounding"].set_data(self._steps, frames.within(axes, r.rounding))
        artists["now"].set_data([r.h, r.h], np.maximum(r.here, 2e-16))

    def describe(self, r):
        best = self._steps[r.errors.argmin(axis=1)]
        return (
            f"{tuple(_FUNCTIONS)[r.function]} at x = {r.x:g}, step h = {r.h:.2g}: the forward error is "
            f"{_power(r.here[0])}, the central {_power(r.here[1])}. "
            f"Least errors at h about {_power(best[0])} (forward) and {_power(best[1])} (central)."
        )

    def handles(self, r):
        return [("chords", r.x, 0.0, ("x",))]

    def pointer(self, axes, x, y):
        return {"x": x} if axes == "chords" else {"h": x}


def _power(value: float) -> str:
    """The order of magnitude, which is all that is the same on every machine."""
    return "0" if value < 1e-18 else f"1e{round(np.log10(value)):d}" if value < 0.05 else f"{value:.2f}"
