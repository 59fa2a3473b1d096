"""A walker with the noise of a batch, in a landscape with a sharp and a flat minimum."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np

from course_lib import surfaces
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.plots import BLACK, BLUE, GREEN, LIGHT, ORANGE, SKY, VERMILION, frames
from course_lib.theory import escape_probability

_SIZES = (1, 2, 4, 6, 8, 12, 16, 32)
_STEPS = 120
_WALKERS = 70  # of each batch size
_FLAT = 1.0  # curvature of the flat minimum
_EDGES = np.linspace(-6, 8, 71)
_CENTERS = (_EDGES[1:] + _EDGES[:-1]) / 2
_STARTS = ("sharp minimum", "anywhere")


@functools.lru_cache(maxsize=4)
def _landscape(sharp: float) -> SimpleNamespace:
    surface = surfaces.sharp_and_flat(sharp, _FLAT)
    (at_sharp,), (at_flat,) = surface.minima
    ridge = at_sharp + (at_flat - at_sharp) * np.sqrt(_FLAT) / (np.sqrt(sharp) + np.sqrt(_FLAT))
    grid = np.linspace(*_EDGES[[0, -1]], 281)
    return SimpleNamespace(surface=surface, ridge=float(ridge), grid=grid, curve=surface.f(grid[:, None]))


@functools.lru_cache(maxsize=256)
def _walk(lr: float, noise: float, sharp: float, start: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """All walkers of all batch sizes, at once.

    Returns:
        Points (steps + 1, sizes, walkers) in float32, and whether each has been beyond the ridge by then.
    """
    place, rng = _landscape(sharp), np.random.default_rng([seed, 8])
    shape = (len(_SIZES), _WALKERS)
    first = rng.uniform(-4, 6, shape) if start == _STARTS[1] else np.full(shape, -2.0)
    std = np.repeat(noise / np.sqrt(_SIZES), _WALKERS)
    shaky = surfaces.noisy(place.surface, std, rng)
    points = descend(shaky, SGD(lr), first.reshape(-1, 1), _STEPS).points.reshape(-1, *shape)
    return points.astype(np.float32), np.logical_or.accumulate(points > place.ridge, axis=0)


@functools.lru_cache(maxsize=64)
def _theory(lr: float, noise: float, sharp: float) -> np.ndarray:
    """The probability of having left the sharp well after each step, for every batch size."""
    std = noise / np.sqrt(_SIZES)
    return escape_probability(lr, sharp, _landscape(sharp).ridge + 2.0, std, _STEPS)


class SharpAndFlatExplorer(Explorer):
    """Two minima of one depth: noise shakes the walker out of the sharp one."""

    name = "sharp_and_flat"
    size = (9.0, 3.5)
    ghosts = ("left", "flat")
    controls = (
        Slider("batch_size", "Batch size B", 1, 32, default=8, log=True, integer=True, stops=_SIZES),
        Slider("lr", "Learning rate η", 0.005, 0.1, default=0.05, log=True),
        Slider("noise", "Noise of a sample σ", 2.0, 40.0, default=15.0, log=True),
        Slider("sharp", "Sharp curvature a", 5.0, 60.0, default=20.0, step=1.0),
        Slider("step", "Step shown", 0, _STEPS, default=_STEPS, integer=True, play=True),
        Choice("start", "Start", _STARTS, default=_STARTS[0]),
        Seed(),
    )
    presets = {
        "B = 8": dict(),
        "B = 32": dict(batch_size=32),
        "B = 1": dict(batch_size=1),
        "smaller rate": dict(lr=0.02),
        "no noise needed": dict(batch_size=32, lr=0.1, sharp=21.0, noise=2.0),
        "anywhere": dict(start="anywhere", batch_size=4),
    }
    look_for = {
        "B = 8": "Some have left the sharp well after 120 steps. The flat one lets few go.",
        "B = 32": "Half the noise, and none has left.",
        "B = 1": "All have left the sharp well. Some come back: the noise moves them everywhere.",
        "smaller rate": "The same noise in shorter steps: it averages out, and the well holds them.",
        "no noise needed": "ηa = 2.1 is above 2: the sharp minimum cannot hold anybody, at any B.",
        "anywhere": "Where they start no longer matters: those in the sharp well move over.",
    }

    def compute(self, batch_size, lr, noise, sharp, step, start, seed):
        place = _landscape(sharp)
        points, left = _walk(lr, noise, sharp, start, seed)
        column = _SIZES.index(batch_size)
        now = points[step]
        return SimpleNamespace(
            batch_size=batch_size,
            lr=lr,
            noise=noise,
            sharp=sharp,
            step=step,
            anywhere=start == _STARTS[1],
            curve=place.curve,
            ridge=place.ridge,
            heights=np.histogram(np.clip(now[column], *_EDGES[[0, -1]]), _EDGES)[0] / _WALKERS,
            places=now[column],
            levels=place.surface.f(now[column][:, None].astype(float)),
            flat=np.mean(now > place.ridge, axis=-1),  # of each batch size
            left=np.mean(left[step], axis=-1),
            theory=_theory(lr, noise, sharp)[step],
            column=column,
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["landscape", "sizes"], widths=[1.35, 1])
        left.set(
            xlim=_EDGES[[0, -1]], ylim=(-1.6, 9), xlabel="w", title=f"{_WALKERS} walkers and where they are"
        )
        left.set_ylabel("loss", labelpad=2)
        left.set_yticks(range(0, 9, 2))
        left.axhline(0, color=LIGHT, linewidth=1)
        right.set_xscale("log", base=2)
        right.set(xlim=(0.8, 40), ylim=(-0.03, 1.05), xlabel="batch size B", title="Share of walkers")
        right.set_xticks(_SIZES, [str(size) for size in _SIZES])
        right.minorticks_off()
        right.grid(color="#EBEBEB", linewidth=0.8)
        artists = {
            "curve": frames.moving_line(left, color=BLACK, linewidth=1.5),
            "ridge": frames.moving_line(left, ":", color=VERMILION, label="ridge"),
            "bars": frames.moving_band(left, steps=True, color=SKY, alpha=0.9),
            "walkers": frames.moving_line(left, "o", color=BLUE, markersize=4, alpha=0.45, label="walkers"),
            "theory": frames.moving_line(right, "--", color=ORANGE, label="theory"),
            "left": frames.moving_line(right, "o", color=BLUE, markersize=6, label="have left"),
            "flat": frames.moving_line(right, "s-", color=GREEN, markersize=4, label="now in the flat one"),
            "here": frames.moving_line(
                right, "o", color=BLACK, markersize=12, markerfacecolor="none", markeredgewidth=1.5
            ),
        }
        frames.legend(left, [artists["walkers"], artists["ridge"]])
        frames.legend(right, [artists[name] for name in ("left", "theory", "flat")])
        return artists

    def draw(self, artists, r):
        grid = _landscape(r.sharp).grid
        artists["curve"].set_data(grid, r.curve)
        artists["ridge"].set_data([r.ridge, r.ridge], [-1.6, 9])
        artists["bars"].set_data(_CENTERS, -1.5, -1.5 + 1.4 * np.sqrt(r.heights))
        x = np.clip(r.places, *_EDGES[[0, -1]])
        artists["walkers"].set_data(x, np.minimum(r.levels, 8.8))
        artists["left"].set_data(_SIZES, r.left)
        artists["flat"].set_data(_SIZES, r.flat)
        artists["theory"].set_data(_SIZES, np.full(len(_SIZES), np.nan) if r.anywhere else r.theory)
        artists["here"].set_data([_SIZES[r.column]], [r.left[r.column]])

    def describe(self, r):
        text = f"B = {r.batch_size}, η = {r.lr:.3g}, noise {r.noise:.3g}/√B, ηa = {r.lr * r.sharp:.2g}"
        flat = f"{100 * r.flat[r.column]:.0f} % of the walkers are in the flat well"
        if r.anywhere:
            return f"{text}: started anywhere, after {r.step} steps {flat}."
        left = f"{100 * r.left[r.column]:.0f} % have left the sharp well"
        return f"{text}: after {r.step} steps {left} (theory {100 * r.theory[r.column]:.0f} %), and {flat}."

    def pointer(self, axes, x, y):
        return {"sizes": {"batch_size": max(x, 0.5)}, "landscape": {}}[axes]
