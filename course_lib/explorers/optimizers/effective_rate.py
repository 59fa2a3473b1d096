"""The explorer of effective rates: what adaptive rules make of one learning rate, for each weight."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn.optimizers import SGD, AdaGrad, Adam, RMSProp, effective_rates
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLUE, GRAY, GREEN, ORANGE, VERMILION, contours, frames
from course_lib.surfaces import noisy, ravine

_STEPS = 100
_RULES = ("AdaGrad", "RMSProp", "Adam")
_START = np.array([-2.6, 1.4])
_LOW, _HIGH = 1e-3, 1e2  # of the rates drawn
_FAR = 1e3


def _rule(name: str, lr: float, decay: float) -> AdaGrad | RMSProp | Adam:
    return {
        "AdaGrad": lambda: AdaGrad(lr),
        "RMSProp": lambda: RMSProp(lr, decay),
        "Adam": lambda: Adam(lr, b2=decay),
    }[name]()


@functools.lru_cache(maxsize=128)
def _plain_losses(condition: float, angle: float) -> np.ndarray:
    """Of plain descent, without noise, at its best rate."""
    return descend(ravine((1.0, condition), angle), SGD(2 / (1 + condition)), _START, _STEPS).losses


@functools.lru_cache(maxsize=128)
def _descent(
    rule: str, lr: float, decay: float, condition: float, angle: float, noise: float, seed: int
) -> SimpleNamespace:
    """The path, the rate in effect for each weight at each step, and plain descent at its best."""
    optimizer, surface = _rule(rule, lr, decay), ravine((1.0, condition), angle)
    path = descend(noisy(surface, noise, np.random.default_rng(seed)), optimizer, _START, _STEPS)
    again = noisy(surface, noise, np.random.default_rng(seed))  # the same noise once more
    grads = np.array([again.grad(w) for w in path.points[:-1]])
    return SimpleNamespace(
        points=path.points,
        rates=effective_rates(optimizer, grads),  # (steps, 2)
        losses=path.losses,
        plain=_plain_losses(condition, angle),
        curvatures=np.diag(surface.hessian(_START)),
        levels=contours.ellipses(
            (0, 0),
            surface.hessian(_START),
            condition**0.5 * np.array([0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 5, 7]),
        ),
        floor=lr / noise if noise > 0 else 0.0,  # of a mean square of gradients that are noise alone
    )


class EffectiveRateExplorer(Explorer):
    """One learning rate goes in; each weight gets its own, and it changes from step to step."""

    name = "effective_rate"
    size = (9.2, 3.5)
    ghosts = ("path", "rate0", "rate1", "loss")
    controls = (
        Choice("rule", "Rule", _RULES, default="AdaGrad"),
        Slider("lr", "Learning rate η", 0.01, 3.0, default=0.5, log=True),
        Slider("decay", "β₂ (not AdaGrad)", 0.5, 0.999, default=0.9, step=0.001),
        Slider("condition", "Condition number κ", 1.0, 100.0, default=30.0, log=True),
        Slider("angle", "Angle of the ravine", 0, 45, default=0, integer=True),
        Slider("noise", "Noise σ", 0.0, 5.0, default=0.5, step=0.05),
        Slider("step", "Step shown", 1, _STEPS, default=_STEPS, integer=True, play=True),
        Seed(),
    )
    presets = {
        "AdaGrad": dict(noise=0.0),
        "AdaGrad, all noise": dict(noise=3.0, lr=0.3),
        "RMSProp": dict(rule="RMSProp", lr=0.05, noise=0.0),
        "RMSProp never rests": dict(rule="RMSProp", lr=0.3, noise=0.0),
        "Adam": dict(rule="Adam", lr=0.3, decay=0.99, noise=0.0),
        "a ravine at 45°": dict(angle=45, noise=0.0),
        "Adam at 45°": dict(rule="Adam", lr=0.3, decay=0.99, angle=45, noise=0.0),
        "noise": dict(rule="RMSProp", lr=0.05, noise=3.0),
    }
    look_for = {
        "AdaGrad": "On steep ground w₂ gets the small rate, w₁ the large one: the path is straight.",
        "AdaGrad, all noise": "Gradients without end. The rate of w₁ comes down to η/(σ√t), and on.",
        "RMSProp": "As the gradients shrink, the rates grow. That of w₂ is past its limit already.",
        "RMSProp never rests": "Both rates climb to 2/λ, the limit of chapter 01. There it swings for good.",
        "Adam": "The same division, and momentum with it. Here the rates are those of the mean gradient m̂.",
        "a ravine at 45°": "Both weights see the same curvature. Equal rates cannot straighten this path.",
        "Adam at 45°": "What is left is the momentum of Adam.",
        "noise": "The rates settle near η/σ: the mean square forgets, and noise is all that is left of it.",
    }

    def compute(self, rule, lr, decay, condition, angle, noise, step, seed):
        run = _descent(rule, lr, decay, condition, angle, noise, seed)
        return SimpleNamespace(
            rule=_RULES.index(rule),
            lr=lr,
            decay=decay,
            condition=condition,
            noise=noise,
            step=step,
            **vars(run),
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["surface", "rate", "loss"], widths=[1.1, 1.15, 0.9])
        left.set(xlim=(-3.3, 3.3), ylim=(-3.3, 3.3), xlabel="$w_1$", title="The path of the weights")
        left.set_ylabel("$w_2$", labelpad=0)
        left.set_aspect("equal")
        middle.set_xscale("log")
        middle.set_yscale("log")
        middle.set(xlim=(1, _STEPS), ylim=(_LOW, _HIGH), xlabel="step t", title="Learning rate in effect")
        middle.grid(color="#EBEBEB", linewidth=0.8)
        frames.loss_panel(right, _STEPS, 1e-6, 1e3, ylabel="")
        right.set_title("Loss")
        artists = {
            "levels": contours.moving_contours(left),
            "minimum": frames.moving_line(left, **frames.minimum_style()),
            "path": frames.moving_line(left, **frames.path_style() | {"color": VERMILION}),
            "loss": frames.moving_line(right, color=VERMILION, label="this rule"),
            "plain": frames.moving_line(right, "--", color=GRAY, label="SGD, best η"),
            "floor": frames.moving_line(middle, "--", color=ORANGE, linewidth=1.5, label="noise alone"),
        }
        for i, (color, mark) in enumerate(((BLUE, "o"), (GREEN, "s"))):
            style = {"color": color, "zorder": 3}
            artists[f"rate{i}"] = frames.moving_line(
                middle, marker=mark, markersize=4, markevery=0.15, label=f"$w_{i + 1}$", **style
            )
            artists[f"limit{i}"] = frames.moving_line(
                middle, ":", color=color, linewidth=1.5, label="limit 2/λ" if i == 0 else None
            )
        artists["minimum"].set_data([0], [0])
        frames.legend(middle, [artists[name] for name in ("rate0", "rate1", "limit0", "floor")])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        artists["levels"].set_segments(r.levels)
        points = np.clip(r.points[: r.step + 1], -_FAR, _FAR)
        artists["path"].set_data(*points.T)
        t = np.arange(1, _STEPS + 1)
        for i in range(2):
            artists[f"rate{i}"].set_data(t[: r.step], np.clip(r.rates[: r.step, i], _LOW / 10, _HIGH * 10))
            artists[f"limit{i}"].set_data([1, _STEPS], [2 / r.curvatures[i]] * 2)
        right = artists["loss"].axes
        artists["loss"].set_data(np.arange(r.step + 1), frames.within(right, r.losses[: r.step + 1]))
        artists["plain"].set_data(np.arange(_STEPS + 1), frames.within(right, r.plain))
        falls = np.sqrt(t) if r.rule == 0 else np.ones(_STEPS)  # a sum grows with t, a mean does not
        artists["floor"].set_data(t, r.floor / falls)
        artists["floor"].set_visible(r.floor > 0)

    def describe(self, r):
        first, last = r.rates[0], r.rates[r.step - 1]
        rule = _RULES[r.rule]
        memory = {"AdaGrad": "", "RMSProp": f", β₂ = {r.decay:.3g}", "Adam": f", β₂ = {r.decay:.3g}"}[rule]
        return (
            f"{rule}, η = {r.lr:.3g}{memory}, κ = {r.condition:.3g}, noise {r.noise:.3g}: the rates in "
            f"effect begin at {first[0]:.2g} and {first[1]:.2g}; at step {r.step} they are {last[0]:.2g} and "
            f"{last[1]:.2g}, and the loss is {_brief(r.losses[r.step])}."
        )

    def pointer(self, axes, x, y):
        return {"step": x} if axes in ("rate", "loss") else {}


def _brief(loss: float) -> str:
    return f"{loss:.2g}" if loss > 1e-12 else "below 1e-12"
