"""How many steps each pair of settings takes: a map over the learning rate and a second hyperparameter."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from course_lib import surfaces
from course_lib.live import Choice, Explorer, Slider
from course_lib.numpy_nn.optimizers import Adam, Momentum, Nesterov, RMSProp
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLUE, ORANGE, contours, frames, maps
from course_lib.theory import best_momentum, largest_stable_rate

_STEPS = 300
_THERE = 1e-4  # of the loss at the start
_FAR = 1e3  # beyond this a point is only drawn as leaving the picture
_RATES = np.geomspace(1e-3, 3.0, 48)
_MEMORY = np.geomspace(1.0, 100.0, 36)  # 1 / (1 − β): about so many past gradients count
_BETAS = 1 - 1 / _MEMORY
_TICKS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
_SURFACES = {
    "bowl, κ = 10": surfaces.quadratic((1.0, 10.0)),
    "ravine, κ = 50": surfaces.ravine(),
    "Rosenbrock": surfaces.rosenbrock,
    "Beale": surfaces.beale,
    "Himmelblau": surfaces.himmelblau,
}
_RULES = {  # what the second axis is -> (η, β) to an optimizer
    "Momentum: β": Momentum,
    "Nesterov: β": Nesterov,
    "RMSProp: decay": RMSProp,
    "Adam: β₁": Adam,
    "Adam: β₂": lambda lr, beta: Adam(lr, 0.9, beta),
}
_WITH_A_LIMIT = {"Momentum: β": False, "Nesterov: β": True}  # is the gradient taken ahead?
_BESIDE_BEALE = {"surface": "Beale", "across": 0.65, "up": 0.65}
_BLOCK = 6  # rows of the map that are descended at once


@functools.lru_cache(maxsize=16)
def _columns(rule: str, surface: str, start: tuple[float, float]) -> dict[int, np.ndarray]:
    """The rows of one map that are done, by the number of their first; `_descend_rows` fills it."""
    return {}


def _descend_rows(rule: str, surface: str, start: tuple[float, float], first: int) -> np.ndarray:
    """Steps until the loss stays below, shape (rows, rates): nan if 300 are too few, inf if it diverged."""
    chosen, beta = _SURFACES[surface], _BETAS[first : first + _BLOCK]
    lr, beta = np.meshgrid(_RATES, beta)
    path = descend(chosen, _RULES[rule](lr, beta), np.array(start), _STEPS)
    above = path.losses - chosen.f(chosen.minima[0])
    late = above > _THERE * above[0]
    steps = _STEPS + 1.0 - np.argmax(late[::-1], axis=0)  # after the last that is above
    return np.where(path.diverged_at >= 0, np.inf, np.where(late[-1], np.nan, steps))


@functools.cache
def _lines(surface: str) -> list[np.ndarray]:
    x, y = (np.linspace(low, high, 121) for low, high in _SURFACES[surface].bounds)
    return contours.level_lines(x, y, _SURFACES[surface].f(np.stack(np.meshgrid(x, y), axis=-1)), n=10)


class StepsMapExplorer(Explorer):
    """Steps to the minimum for 1,728 pairs of settings, and the path of the pair that is chosen."""

    name = "steps_map"
    size = (8.8, 3.9)
    apart = ("across", "up")
    ghosts = ("path",)
    controls = (
        Choice("rule", "Second setting", tuple(_RULES), default="Momentum: β"),
        Choice("surface", "Surface", tuple(_SURFACES), default="bowl, κ = 10"),
        Slider("lr", "Learning rate η", 1e-3, 3.0, default=0.1, log=True),
        Slider("beta", "β (or decay)", 0.0, 0.99, default=0.9, step=0.01),
        Slider("across", "Start, across", 0.0, 1.0, default=0.1, step=0.01),
        Slider("up", "Start, up", 0.0, 1.0, default=0.7, step=0.01),
    )
    presets = {
        "momentum": dict(),
        "the best of the bowl": dict(lr=0.23, beta=0.27),
        "too close to the edge": dict(lr=0.36, beta=0.9),
        "a narrow ravine": dict(surface="ravine, κ = 50", lr=0.06, beta=0.57),
        "gradient taken ahead": dict(rule="Nesterov: β", surface="ravine, κ = 50", lr=0.02, beta=0.8),
        "Adam's first memory": dict(rule="Adam: β₁", lr=0.2, beta=0.9, **_BESIDE_BEALE),
        "Adam's second memory": dict(rule="Adam: β₂", lr=0.2, beta=0.99, **_BESIDE_BEALE),
        "four minima": dict(surface="Himmelblau", lr=0.01, beta=0.5, across=0.49, up=0.45),
    }
    look_for = {
        "momentum": "More β allows a larger η, up to the dashed line. Where is the dark ground?",
        "the best of the bowl": "The star: η and β of the closed form. Is any cell darker?",
        "too close to the edge": "Just left of the line: it converges, after many swings.",
        "a narrow ravine": "The best β is larger, and the dark ground narrower.",
        "gradient taken ahead": "The limit bends back at large β: ahead of itself, the step must be shorter.",
        "Adam's first memory": "No line here. Any β₁ up to 0.9 will do; η must fit.",
        "Adam's second memory": "A short second memory makes the steps restless. Which η stands which β₂?",
        "four minima": "White: it ended in another place, or too late. The limit is that of the minimum.",
    }

    def compute(self, rule, surface, lr, beta, across, up) -> Iterator[tuple[float, SimpleNamespace]]:
        (left, right), (bottom, top) = _SURFACES[surface].bounds
        start = (left + across * (right - left), bottom + up * (top - bottom))
        path = descend(_SURFACES[surface], _RULES[rule](lr, beta), np.array(start), _STEPS)
        done = _columns(rule, surface, start)
        for first in range(0, len(_BETAS), _BLOCK):
            if first not in done:
                yield len(done) * _BLOCK / len(_BETAS), self._so_far(rule, surface, lr, beta, path, done)
                done[first] = _descend_rows(rule, surface, start, first)
        yield 1.0, self._so_far(rule, surface, lr, beta, path, done)

    @property
    def takes_long(self) -> bool:
        s = self.settings
        (left, right), (bottom, top) = _SURFACES[s["surface"]].bounds
        start = (left + s["across"] * (right - left), bottom + s["up"] * (top - bottom))
        return len(_columns(s["rule"], s["surface"], start)) * _BLOCK < len(_BETAS)

    @staticmethod
    def _so_far(rule, surface, lr, beta, path, done) -> SimpleNamespace:
        chosen = _SURFACES[surface]
        steps = np.full((len(_BETAS), len(_RATES)), np.nan)
        for first, rows in done.items():
            steps[first : first + _BLOCK] = rows
        curvatures = np.linalg.eigvalsh(chosen.hessian(chosen.minima[0]))
        is_quadratic = len(chosen.minima) == 1 and surface not in ("Rosenbrock", "Beale")
        best = best_momentum(*curvatures) if rule == "Momentum: β" and is_quadratic else None
        ahead = _WITH_A_LIMIT.get(rule)
        limit = np.full(len(_BETAS), 9.0)  # beyond the map: no line
        if ahead is not None:
            limit = largest_stable_rate(_BETAS, float(curvatures.max()), nesterov=ahead)
        above = path.losses - chosen.f(chosen.minima[0])
        late = np.flatnonzero(above > _THERE * above[0])
        stopped = int(path.diverged_at)
        return SimpleNamespace(
            rule=tuple(_RULES).index(rule),
            surface=surface,
            lr=lr,
            beta=beta,
            points=path.points if stopped < 0 else path.points[:stopped],
            diverged_at=stopped,
            takes=int(late[-1]) + 1 if len(late) else 0,
            steps=np.nan_to_num(steps, nan=0.0, posinf=-1.0),  # 0: too few or not done yet; −1: diverged
            limit=limit,
            best=() if best is None else (best.lr, best.momentum),
            rows_done=min(len(done) * _BLOCK, len(_BETAS)),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["map", "surface"], widths=[1.25, 1])
        left.set(xlabel="learning rate η", title=f"Steps to {_THERE:g} of the first loss")
        artists = maps.map_panel(
            figure, left, _RATES, _MEMORY, low=5, high=_STEPS, column_ticks=(0.001, 0.01, 0.1, 1.0)
        )
        left.set_yticks([maps.place(1 / (1 - beta), _MEMORY) for beta in _TICKS], [f"{b:g}" for b in _TICKS])
        left.set_ylabel("β", labelpad=0, rotation=0)
        right.set(xlabel="$w_1$", title="The path of the chosen cell")
        right.set_ylabel("$w_2$", labelpad=0)
        artists |= {
            "limit": frames.moving_line(left, "--", color=ORANGE, linewidth=2.2, label="limit, theory"),
            "best": frames.moving_line(
                left, "*", color=ORANGE, markersize=13, markeredgecolor="black", label="best, theory"
            ),
            "levels": contours.moving_contours(right, color="#C4C4C4"),
            "minima": frames.moving_line(right, **frames.minimum_style()),
            "path": frames.moving_line(right, **frames.path_style(BLUE)),
            "start": frames.moving_line(right, zorder=5, **frames.start_style()),
            "word": frames.moving_text(right, 0.5, 0.03, ha="center"),
        }
        frames.legend(left, [artists[name] for name in ("crosses", "limit", "best")])
        return artists

    def draw(self, artists, r):
        row, column = maps.nearest(1 / (1 - r.beta), _MEMORY), maps.nearest(r.lr, _RATES)
        maps.show_map(artists, np.where(r.steps > 0, r.steps, np.nan), r.steps < 0, column, row)
        inside = r.limit < _RATES[-1]
        at = np.interp(np.log(r.limit[inside]), np.log(_RATES), np.arange(len(_RATES)))
        artists["limit"].set_data(at, np.flatnonzero(inside))
        best = [(maps.place(r.best[0], _RATES), maps.place(1 / (1 - r.best[1]), _MEMORY))] if r.best else []
        artists["best"].set_data(*np.reshape(best, (-1, 2)).T)
        chosen = _SURFACES[r.surface]
        artists["start"].axes.set(xlim=chosen.bounds[0], ylim=chosen.bounds[1])
        artists["levels"].set_segments(_lines(r.surface))
        artists["minima"].set_data(*chosen.minima.T)
        points = np.clip(r.points, -_FAR, _FAR)
        artists["path"].set_data(*points.T)
        artists["start"].set_data(*points[:1].T)
        artists["word"].set_text(self._outcome(r))

    @staticmethod
    def _outcome(r) -> str:
        if r.diverged_at >= 0:
            return f"diverged at step {r.diverged_at}"
        return f"{r.takes} steps" if r.takes <= _STEPS else f"not there in {_STEPS} steps"

    def describe(self, r):
        rule, _, second = tuple(_RULES)[r.rule].partition(": ")
        start = f" from ({r.points[0, 0]:.2f}, {r.points[0, 1]:.2f})" if len(r.points) else ""
        text = f"{rule} on {r.surface}{start}, η = {r.lr:.2g}, {second} = {r.beta:.2g}: {self._outcome(r)}."
        if r.rows_done < len(_BETAS):
            return f"{text} {r.rows_done} of {len(_BETAS)} rows of the map are done."
        there = r.steps > 0
        if not there.any():
            return f"{text} No cell of the map gets there."
        row, column = np.unravel_index(np.argmin(np.where(there, r.steps, np.inf)), there.shape)
        best = f"{r.steps[row, column]:.0f} steps at η = {_RATES[column]:.2g}, {second} = {_BETAS[row]:.2g}"
        return f"{text} The best cell takes {best}; {100 * (r.steps < 0).mean():.0f} % of all diverge."

    def handles(self, r):
        return [("surface", *map(float, r.points[0]), ("across", "up"))] if len(r.points) else []

    def pointer(self, axes, x, y):
        if axes == "map":
            lr, memory = maps.cell_at(x, y, _RATES, _MEMORY)
            return {"lr": float(lr), "beta": float(1 - 1 / memory)}
        if axes != "surface":
            return {}
        (left, right), (bottom, top) = _SURFACES[self.settings["surface"]].bounds
        return {"across": (x - left) / (right - left), "up": (y - bottom) / (top - bottom)}
