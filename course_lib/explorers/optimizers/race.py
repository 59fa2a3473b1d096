"""The optimizer race: several rules from one start, each with a learning rate of its own."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib import surfaces
from course_lib.live import Choice, Explorer, Several, Slider
from course_lib.numpy_nn import optimizers
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLACK, BLUE, GREEN, ORANGE, PURPLE, VERMILION, contours, frames

_STEPS = 100
_FAR = 1e3  # beyond this a point is only drawn as leaving the picture
_LOW, _HIGH = 1e-8, 1e3
_SURFACES = {
    "ravine": surfaces.ravine(),
    "Rosenbrock": surfaces.rosenbrock,
    "Beale": surfaces.beale,
    "Himmelblau": surfaces.himmelblau,
    "Styblinski-Tang": surfaces.styblinski_tang,
    "Rastrigin": surfaces.rastrigin,
}
_RACERS = {  # name -> (the setting of its rate, its default, color, line, marker)
    "SGD": ("sgd", 0.03, BLACK, "-", "o"),
    "Momentum": ("momentum", 0.005, BLUE, "-", "s"),
    "Nesterov": ("nesterov", 0.006, PURPLE, "--", "D"),
    "AdaGrad": ("adagrad", 1.5, GREEN, "-", "^"),
    "RMSProp": ("rmsprop", 0.1, ORANGE, "-", "v"),
    "Adam": ("adam", 0.3, VERMILION, "-", "P"),
}
_RATES = tuple(setting for setting, *_ in _RACERS.values())


def _rates(*rates: float) -> dict[str, float]:
    """The settings of all learning rates, in the order of the racers."""
    return dict(zip(_RATES, rates, strict=True))


@functools.lru_cache(maxsize=512)
def _run(racer: str, lr: float, surface: str, start: tuple[float, float]):
    """The path of one racer; the others' are kept while its own rate moves."""
    return descend(_SURFACES[surface], getattr(optimizers, racer)(lr), np.array(start), _STEPS)


@functools.cache
def _ground(surface: str) -> SimpleNamespace:
    """The level lines of a surface, its lowest value, and the minima that have it."""
    chosen = _SURFACES[surface]
    x, y = (np.linspace(low, high, 161) for low, high in chosen.bounds)
    values = chosen.f(np.stack(np.meshgrid(x, y), axis=-1))
    depths = chosen.f(chosen.minima)
    return SimpleNamespace(
        lines=contours.level_lines(x, y, values, n=10),
        lowest=float(depths[0]),
        minima=chosen.minima[depths < depths[0] + 1e-6],
    )


class RaceExplorer(Explorer):
    """Optimizers that start together: their paths over a surface, and how their losses fall."""

    name = "race"
    size = (8.8, 4.0)
    apart = _RATES
    ghosts = tuple(f"{part} {racer}" for part in ("path", "loss") for racer in _RACERS)
    controls = (
        Choice("surface", "Surface", tuple(_SURFACES), default="ravine"),
        Several("racers", "Optimizers", tuple(_RACERS), default=tuple(_RACERS)),
        Slider("across", "Start, across", 0.0, 1.0, default=0.08, step=0.01),
        Slider("up", "Start, up", 0.0, 1.0, default=0.72, step=0.01),
        Slider("step", "Step shown", 0, _STEPS, default=_STEPS, integer=True, play=True),
        *(
            Slider(setting, f"η of {racer}", 1e-4, 3.0, default=lr, log=True)
            for racer, (setting, lr, *_) in _RACERS.items()
        ),
    )
    presets = {
        "a ravine": dict(),
        "a bent valley": dict(surface="Rosenbrock", across=0.15, up=0.6)
        | _rates(0.002, 0.0017, 0.0016, 2.0, 0.25, 0.6),
        "a plateau": dict(surface="Beale", across=0.65, up=0.65)
        | _rates(0.03, 0.011, 0.0037, 2.1, 0.21, 0.23),
        "four minima": dict(surface="Himmelblau", across=0.49, up=0.45)
        | _rates(0.016, 0.005, 0.005, 1.0, 0.075, 0.16),
        "beside a saddle": dict(surface="Styblinski-Tang", across=0.9, up=0.52)
        | _rates(0.02, 0.01, 0.01, 0.5, 0.1, 0.2),
        "many minima": dict(surface="Rastrigin", across=0.2, up=0.8)
        | _rates(0.002, 0.005, 0.005, 1.1, 0.11, 0.83),
        "one rate for all": _rates(*[0.1] * len(_RACERS)),
    }
    look_for = {
        "a ravine": "SGD zigzags or crawls. Who walks straight, and who overshoots?",
        "a bent valley": "Into the valley is easy. Along its floor, who still moves?",
        "a plateau": "Small gradients everywhere: those that divide by their size do not mind.",
        "four minima": "All end in one minimum. Drag the start: where do they part?",
        "beside a saddle": "The gradient points at the saddle first: level, no minimum. Who is off first?",
        "many minima": "Three stay in the first hole. Do the others search better, or is their η larger?",
        "one rate for all": "η = 0.1 means something else to each rule. Never compare them at one rate.",
    }

    def compute(self, surface, racers, across, up, step, **rates):
        chosen = _SURFACES[surface]
        (left, right), (bottom, top) = chosen.bounds
        start = (left + across * (right - left), bottom + up * (top - bottom))
        paths = {racer: _run(racer, rates[_RACERS[racer][0]], surface, start) for racer in racers}
        ground = _ground(surface)
        return SimpleNamespace(
            surface=surface,
            start=start,
            step=step,
            ground=ground,
            points={racer: path.points for racer, path in paths.items()},
            excess={racer: path.losses - ground.lowest for racer, path in paths.items()},
            diverged={racer: int(path.diverged_at) for racer, path in paths.items()},
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["surface", "loss"], widths=[1, 1.05])
        left.set(xlabel="$w_1$", title="The paths")
        left.set_ylabel("$w_2$", labelpad=0)
        frames.loss_panel(right, _STEPS, _LOW, _HIGH, ylabel="")
        right.set(title="Loss above the lowest")
        artists = {
            "levels": contours.moving_contours(left, color="#C4C4C4"),
            "minima": frames.moving_line(left, **frames.minimum_style()),
            "word": frames.moving_text(right, 0.02, 0.03, color=VERMILION, fontsize=9),
        }
        for racer, (_, _, color, line, marker) in _RACERS.items():
            style = {"color": color, "linestyle": line, "linewidth": 1.5}
            artists[f"path {racer}"] = frames.moving_line(left, **style)
            artists[f"loss {racer}"] = frames.moving_line(right, **style)
            for ax, part in ((left, "head"), (right, "end")):
                artists[f"{part} {racer}"] = frames.moving_line(
                    ax, linestyle=line, color=color, marker=marker, markersize=7, label=racer, zorder=4
                )
        artists["start"] = frames.moving_line(left, zorder=5, **frames.start_style())
        heads = [artists[f"head {racer}"] for racer in _RACERS]
        frames.legend(left, heads[:3])
        frames.legend(right, heads[3:])
        return artists

    def draw(self, artists, r):
        chosen, left = _SURFACES[r.surface], artists["start"].axes
        left.set(xlim=chosen.bounds[0], ylim=chosen.bounds[1])
        artists["levels"].set_segments(r.ground.lines)
        artists["minima"].set_data(*r.ground.minima.T)
        artists["start"].set_data(*np.transpose([r.start]))
        for racer in _RACERS:
            end = r.step + 1 if racer in r.points else 0
            if 0 <= r.diverged.get(racer, -1) < end:
                end = r.diverged[racer]
            points = np.clip(r.points.get(racer, np.empty((0, 2)))[:end], -_FAR, _FAR)
            losses = frames.within(artists["word"].axes, r.excess.get(racer, np.empty(0))[:end])
            steps = np.arange(len(losses))
            artists[f"path {racer}"].set_data(*points.T)
            artists[f"head {racer}"].set_data(*points[-1:].T)
            artists[f"loss {racer}"].set_data(steps, losses)
            artists[f"end {racer}"].set_data(steps[-1:], losses[-1:])
        artists["word"].set_text(self._diverged(r))

    @staticmethod
    def _diverged(r) -> str:
        lost = [f"{racer} {step}" for racer, step in r.diverged.items() if 0 <= step <= r.step]
        return f"diverged at step: {', '.join(lost)}" if lost else ""

    def describe(self, r):
        where = f"{r.surface} from ({r.start[0]:.2f}, {r.start[1]:.2f}), after {r.step} steps"
        if not r.points:
            return f"{where}: no optimizer is chosen."
        going = {
            racer: float(excess[r.step])
            for racer, excess in r.excess.items()
            if not 0 <= r.diverged[racer] <= r.step
        }
        order = [f"{racer} {_short(going[racer])}" for racer in sorted(going, key=going.get)]
        text = f"loss above the lowest: {', '.join(order)}." if order else "nobody is left."
        lost = self._diverged(r)
        return f"{where}: {text}" + (f" {lost[0].upper()}{lost[1:]}." if lost else "")

    def handles(self, r):
        return [("surface", *r.start, ("across", "up"))]

    def pointer(self, axes, x, y):
        if axes == "loss":
            return {"step": x}
        (left, right), (bottom, top) = _SURFACES[self.settings["surface"]].bounds
        return {"across": (x - left) / (right - left), "up": (y - bottom) / (top - bottom)}


def _short(value: float) -> str:
    return "below 1e-8" if value < _LOW else f"{value:.1g}" if value < 1 else f"{value:.3g}"
