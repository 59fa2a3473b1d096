"""The explorer of dropout: masks, what a unit of the next layer gets, and the mean of many thinned nets."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import numpy as np
from matplotlib.colors import ListedColormap, Normalize

from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn.activations import identity, tanh
from course_lib.numpy_nn.layers import Dense, Dropout
from course_lib.plots import BLUE, LIGHT, ORANGE, SKY, VERMILION, Heatmap, frames

_MASKS, _AVERAGES = 256, 12  # masks of one average, and averages that make the band
_SHOWN = (16, 32)  # masks and units of the grid
_BINS = np.linspace(-1, 3, 61)
_WAYS = ("inverted", "not scaled", "scaled twice")
_UNITS = {"linear": identity, "tanh": tanh}


@functools.lru_cache(maxsize=256)
def _sums(p: float, width: int, way: str, seed: int) -> SimpleNamespace:
    """What a unit over `width` inputs sums up: under 12 times 256 masks, and in evaluation."""
    rng = np.random.default_rng([seed, width])
    a = rng.uniform(0.5, 1.5, width)
    params = {"W": (1 + rng.normal(size=(width, 1))) / width, "b": np.zeros(1)}
    unit, keep = Dense(width, 1), 1 - p
    dropped, mask = Dropout(p).forward({}, np.tile(a, (_AVERAGES * _MASKS, 1)), train=True, rng=rng)
    in_training = keep if way == "not scaled" else 1.0  # takes the scaling of Dropout back
    in_evaluation = keep if way == "scaled twice" else 1.0
    kept = np.full(_SHOWN, np.nan)  # nan: there is no such unit
    kept[:, :width] = mask[: _SHOWN[0], : _SHOWN[1]] > 0
    terms = a * params["W"][:, 0]
    return SimpleNamespace(
        z=unit.forward(params, in_training * dropped)[0].reshape(_AVERAGES, _MASKS),
        evaluation=float(unit.forward(params, in_evaluation * a[None])[0].item()),
        kept=kept,
        mean=float(in_training * terms.sum()),
        std=float(in_training * np.sqrt(p / keep * np.sum(terms**2))),
    )


class DropoutExplorer(Explorer):
    """Dropout at one unit: what it gets under random masks, in evaluation, and on average over masks."""

    name = "dropout"
    size = (9.2, 3.5)
    ghosts = ("density", "average")
    controls = (
        Slider("p", "Drop probability p", 0.0, 0.9, default=0.5, step=0.05),
        Slider("width", "Units before it", 2, 200, default=24, integer=True, step=2),
        Choice("way", "Scaling", _WAYS, default="inverted"),
        Choice("unit", "The unit is", tuple(_UNITS), default="linear"),
        Slider("masks", "Masks averaged M", 1, _MASKS, default=64, integer=True, play=True),
        Seed(),
    )
    presets = {
        "inverted": dict(),
        "not scaled": dict(way="not scaled"),
        "scaled twice": dict(way="scaled twice"),
        "wide": dict(width=200),
        "nearly all dropped": dict(p=0.9),
        "two units": dict(width=2),
        "after a bend": dict(unit="tanh", p=0.7, masks=256),
    }
    look_for = {
        "inverted": "The mean over masks is the value in evaluation: nothing is left to correct.",
        "not scaled": "Half the inputs are missing in training, none in evaluation: twice as much arrives.",
        "scaled twice": "Up in training, and down in evaluation: half as much arrives as was trained on.",
        "wide": "More units share the sum, so that the same p makes less noise.",
        "nearly all dropped": "Each input that is kept counts ten times. The mean is right, the noise large.",
        "two units": "Two inputs have four masks: the unit knows four values.",
        "after a bend": "The mean over masks is no longer what evaluation says: a bend does not keep means.",
    }

    def compute(self, p, width, way, unit, masks, seed):
        sums, f = _sums(p, width, way, seed), _UNITS[unit]
        out = f(sums.z)  # (averages, masks)
        running = np.cumsum(out, axis=1) / np.arange(1, _MASKS + 1)
        counts, _ = np.histogram(out, _BINS)
        return SimpleNamespace(
            p=p,
            width=width,
            way=_WAYS.index(way),
            linear=unit == "linear",
            masks=masks,
            kept=np.nan_to_num(sums.kept, nan=0.5),
            density=counts / counts.max(initial=1),
            mean=float(out.mean()),
            std=float(out.std()),
            evaluation=float(f(np.array(sums.evaluation))),
            theory_mean=sums.mean,
            theory_std=sums.std,
            running=running,
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["masks", "unit", "average"], widths=[1, 1, 1])
        rows, columns = _SHOWN
        left.set(xlim=(0.5, columns + 0.5), ylim=(rows + 0.5, 0.5))
        kept = Heatmap(left, Normalize(0, 1), ListedColormap(["#FFFFFF", "#EFEFEF", SKY]))
        left.set(xlabel="unit", ylabel="mask", title="Kept (blue) and dropped")
        left.set(xticks=(1, 8, 16, 24, 32), yticks=(1, 4, 8, 12, 16))
        middle.set(xlim=(-1, 3), ylim=(0, 1.08), xlabel="output of the unit", yticks=())
        middle.set_title("One unit of the next layer")
        right.set_xscale("log")
        right.set(xlim=(1, _MASKS), ylim=(-1, 3), xlabel="masks averaged M")
        right.set_xticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
        right.minorticks_off()
        right.set_title("Mean over M thinned nets")
        right.grid(color="#EBEBEB", linewidth=0.8)
        style = {"color": SKY, "alpha": 0.4}
        artists = {
            "kept": kept,
            "density": frames.moving_line(
                middle, color=BLUE, linewidth=1.5, drawstyle="steps-post", label="training"
            ),
            "mean": frames.moving_line(middle, color=BLUE, linewidth=3, label="its mean"),
            "evaluation": frames.moving_line(middle, ":", color=VERMILION, linewidth=2.2, label="evaluation"),
            "theory": frames.moving_line(middle, "--", color=ORANGE, linewidth=1.5),
            "here": frames.moving_line(right, color=LIGHT, linewidth=5, zorder=0),
            "band": frames.moving_band(right, label=f"{_AVERAGES} times", **style),
            "average": frames.moving_line(right, color=BLUE, linewidth=1.4, label="one"),
            "spread": frames.moving_line(right, "--", color=ORANGE, linewidth=1.5, label="theory"),
            "level": frames.moving_line(right, ":", color=VERMILION, linewidth=2.2),
        }
        frames.legend(middle, [artists[name] for name in ("density", "mean", "evaluation")])
        frames.legend(right, [artists[name] for name in ("band", "average", "spread")])
        return artists

    def draw(self, artists, r):
        artists["kept"].set_values(r.kept[::-1])  # the first mask on top
        artists["density"].set_data(_BINS, np.append(r.density, 0))
        artists["mean"].set_data([r.mean] * 2, [0, 1.08])
        artists["evaluation"].set_data([r.evaluation] * 2, [0, 1.08])
        sides = r.theory_mean + r.theory_std * np.array([-1, 1])
        bracket = [sides[0], sides[0], np.nan, sides[1], sides[1]], [0, 1.08, np.nan, 0, 1.08]
        artists["theory"].set_data(*(bracket if r.linear else ([], [])))
        at = np.arange(1, _MASKS + 1)
        artists["here"].set_data([r.masks] * 2, [-1, 3])
        artists["average"].set_data(at, r.running[0])
        artists["band"].set_data(at, r.running.min(axis=0), r.running.max(axis=0))
        artists["level"].set_data([1, _MASKS], [r.evaluation] * 2)
        reach = 2 * r.theory_std / np.sqrt(at)
        curves = np.array([r.theory_mean - reach, r.theory_mean + reach])
        artists["spread"].set_data(*(frames.separate_lines(at, curves) if r.linear else ([], [])))

    def describe(self, r):
        ends = r.running[:, r.masks - 1]
        theory = f" (theory {r.theory_mean:.2f} and {r.theory_std:.2f})" if r.linear else ""
        return (
            f"p = {r.p:.2f}, {r.width} units, {_WAYS[r.way]}: in training the unit has mean {r.mean:.2f}, "
            f"spread {r.std:.2f}{theory}, and in evaluation {r.evaluation:.2f}. "
            f"Means over {r.masks} masks lie between {ends.min():.2f} and {ends.max():.2f}."
        )

    def pointer(self, axes, x, y):
        return {"average": {"masks": x}}.get(axes, {})
