"""Units that die."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from scipy.special import ndtr

from course_lib import datasets
from course_lib.core import tree_map
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn import activations as act
from course_lib.numpy_nn.layers import Activate, Dense, Sequential
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train
from course_lib.plots import BLACK, BLUE, GREEN, ORANGE, SKY, VERMILION, frames

_UNITS = 10
_RUNS = 16
_PARTS = (
    2,
    8,
    12,
    18,
)  # epochs shown at a time; the first part is short, so that a slider is answered at once

_EPOCHS = sum(_PARTS)
_PER_EPOCH = 4  # updates: 32 samples, batches of 8
_ALPHA = 0.2
_KEPT = 64  # trainings kept, about 1 MB each


def _training(lr: float, bias: float, kind: str, seed: int) -> Iterator[tuple[int, SimpleNamespace]]:
    """A net 1 → 10 → 1 trained from 16 starts at once: (epochs done, which units are off on all data)."""
    rng = np.random.default_rng([seed, 3])
    data = datasets.noisy_quadratic(rng, n=40, noise=0.1, weights=(2.0, 0.0, -1.5), x_range=(-1.5, 1.5))
    first = Dense(1, _UNITS)
    model = Sequential(
        [first, Activate(act.relu if kind == "ReLU" else act.leaky_relu(_ALPHA)), Dense(_UNITS, 1)]
    )
    params = model.init(rng, (_RUNS,))
    params[0]["b"] = np.full((_RUNS, _UNITS), bias)
    low, high = data.x_train.min(), data.x_train.max()
    spread = np.sqrt(2.0)  # of a weight of the first layer: He, one input
    born = ndtr(-bias / spread / high) - ndtr(bias / spread / -low) if bias < 0 else 0.0
    grid = np.linspace(-1.6, 1.6, 81)
    known = dict(born=float(born), grid=grid, x=data.x_train[:, 0], y=data.y_train[:, 0])

    order = np.random.default_rng([seed, 4])
    seen, losses, diverged_at = [params], [], np.full(_RUNS, -1)  # the parameters after every update
    for epochs in _PARTS:
        before = len(seen) - 1
        params, history = train(
            model,
            params,
            mse,
            SGD(lr),
            data,
            epochs=epochs,
            batch_size=8,
            rng=order,
            callback=lambda _, params: seen.append(params),
        )
        losses.append(history.train_loss[1 if losses else 0 :])  # a part begins where the last one ended
        newly = (diverged_at < 0) & (history.diverged_at >= 0)
        diverged_at = np.where(newly, before + history.diverged_at, diverged_at)
        # The updates are one more axis of runs: two calls look at all of them.
        every = tree_map(lambda *arrays: np.stack(arrays), *seen)
        z, _ = first.forward(every[0], data.x_train)  # (updates + 1, runs, samples, units)
        off = np.all(z <= 0, axis=-2)  # (updates + 1, runs, units)
        fits, _ = model.forward(tree_map(lambda array: array[::_PER_EPOCH], every), grid[:, None])
        yield (
            (len(seen) - 1) // _PER_EPOCH,
            SimpleNamespace(
                off=off.mean(axis=-1),
                since_start=np.logical_and.accumulate(off).mean(axis=(-2, -1)),
                fits=fits[..., 0],  # (epochs + 1, runs, 81)
                losses=np.concatenate(losses),  # (epochs + 1, runs)
                diverged_at=diverged_at,
                level=float(np.var(data.y_train)),
                **known,
            ),
        )


class DyingReluExplorer(Explorer):
    """Units that are off on all data: how many there are, and what becomes of them."""

    name = "dying_relu"
    ghosts = ("off", "loss")
    controls = (
        Slider("lr", "Learning rate η", 0.005, 0.5, default=0.05, log=True),
        Slider("bias", "Bias at the start", -4.0, 1.0, default=0.0, step=0.05),
        Choice("kind", "Hidden units", ("ReLU", "leaky ReLU"), default="ReLU"),
        Slider("epoch", "Epochs shown", 0, _EPOCHS, default=_EPOCHS, integer=True, play=True),
        Seed(),
    )
    presets = {
        "healthy": dict(),
        "steps too long": dict(lr=0.3),
        "far too long": dict(lr=0.4),
        "born dead": dict(lr=0.1, bias=-3.0),
        "born off, leaky": dict(lr=0.1, bias=-3.0, kind="leaky ReLU"),
        "few left": dict(lr=0.1, bias=-2.0),
        "few left, leaky": dict(lr=0.1, bias=-2.0, kind="leaky ReLU"),
    }
    look_for = {
        "healthy": "Hardly any unit dies, and every run fits the curve.",
        "steps too long": "Units die in the first epochs. Some runs end with a broken line.",
        "far too long": "Some runs diverge. In most others all units are dead, which leaves a level line.",
        "born dead": "Most units are off before the first step. The green line does not move at all.",
        "born off, leaky": "The same starts, with slope 0.2 on the left. Look at the loss, then at the fits.",
        "few left": "Two thirds of the units are dead. The rest must make do.",
        "few left, leaky": "The same starts. A unit that is off on all data still passes a gradient on.",
    }

    def __init__(self, **settings):
        self._trained: dict[tuple, SimpleNamespace] = {}  # by what a training depends on
        super().__init__(**settings)

    @property
    def takes_long(self) -> bool:
        s = self.settings  # another epoch of a training is at hand
        return (s["lr"], s["bias"], s["kind"], s["seed"]) not in self._trained

    def compute(self, lr, bias, kind, epoch, seed):
        yield 0.0, None  # training takes a moment
        key = (lr, bias, kind, seed)
        parts = [(_EPOCHS, self._trained[key])] if key in self._trained else _training(*key)
        for done, run in parts:
            if done == _EPOCHS:
                if len(self._trained) == _KEPT:
                    self._trained.clear()
                self._trained[key] = run
            shown = min(epoch, done)
            result = SimpleNamespace(
                lr=lr,
                bias=bias,
                leaky=kind == "leaky ReLU",
                epoch=shown,
                going=(run.diverged_at < 0) | (run.diverged_at > shown * _PER_EPOCH),  # (runs,)
                **vars(run),
            )
            yield done / _EPOCHS, result

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["off", "loss", "fit"], widths=[1.2, 1.0, 1.0])
        left.set(xlim=(0, _EPOCHS), ylim=(-0.03, 1.03), xlabel="epochs")
        left.set_title("Share of units off on all data")
        left.grid(color="#EBEBEB", linewidth=0.8)
        frames.loss_panel(middle, _EPOCHS, 3e-3, 3e2, xlabel="epochs", ylabel="")
        middle.set_title("Loss of 16 runs")
        right.set(xlim=(-1.6, 1.6), ylim=(-2.6, 4.2), xlabel="x", title="What the 16 nets say")
        band = {"color": SKY, "alpha": 0.4}
        artists = {
            "band": frames.moving_band(left, label="16 runs", **band),
            "off": frames.moving_line(left, color=BLUE, label="mean"),
            "since_start": frames.moving_line(left, "-.", color=GREEN, label="since start"),
            "born": frames.moving_line(left, "--", color=ORANGE, label="theory"),
            "now": frames.moving_line(left, "o", color=BLUE, markersize=6),
            "loss_band": frames.moving_band(middle, **band),
            "loss": frames.moving_line(middle, color=BLUE, label="median"),
            "loss_now": frames.moving_line(middle, "o", color=BLUE, markersize=6),
            "level": frames.moving_line(middle, ":", color=VERMILION, label="level line"),
            "fits": frames.moving_line(right, color=SKY, linewidth=0.8, label="nets"),
            "fit": frames.moving_line(right, color=BLUE, linewidth=1.8, label="typical"),
            "data": frames.moving_line(right, "o", color=BLACK, markersize=3, label="data"),
            "word": frames.moving_text(left, 0.5, 0.9, ha="center", color=VERMILION),
        }
        frames.legend(left, [artists[name] for name in ("band", "off", "since_start", "born")])
        frames.legend(middle, [artists["loss"], artists["level"]])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        """Runs that diverged are counted, and left out of the curves."""
        shown, stopped = r.epoch * _PER_EPOCH + 1, int(np.sum(~r.going))
        artists["word"].set_text(f"{stopped} of {_RUNS} runs diverged" if stopped else "")
        artists["born"].set_data([0, _EPOCHS], [r.born, r.born])
        artists["level"].set_data([0, _EPOCHS], [r.level, r.level])
        artists["data"].set_data(r.x, r.y)
        off, losses = r.off[:shown, r.going], r.losses[: r.epoch + 1, r.going]
        if not r.going.any():
            off, losses = np.full((shown, 1), np.nan), np.full((r.epoch + 1, 1), 1e9)
        at, epochs = np.arange(shown) / _PER_EPOCH, np.arange(r.epoch + 1)
        artists["off"].set_data(at, off.mean(axis=1))
        artists["now"].set_data(at[-1:], off[-1:].mean(axis=1))
        artists["band"].set_data(at, off.min(axis=1), off.max(axis=1))
        artists["since_start"].set_data(at, r.since_start[:shown])
        losses = frames.within(artists["loss"].axes, losses)
        artists["loss"].set_data(epochs, np.median(losses, axis=1))
        artists["loss_now"].set_data(epochs[-1:], np.median(losses[-1:], axis=1))
        artists["loss_band"].set_data(epochs, losses.min(axis=1), losses.max(axis=1))
        fits = np.clip(r.fits[r.epoch][r.going], -50, 50)
        artists["fits"].set_data(*frames.separate_lines(r.grid, fits))
        typical = np.argsort(losses[-1])[len(fits) // 2] if len(fits) else 0
        artists["fit"].set_data(r.grid, fits[typical] if len(fits) else np.full_like(r.grid, np.nan))

    def describe(self, r):
        text = (
            f"η = {r.lr:.3g}, bias {r.bias:.3g}, {'leaky ReLU' if r.leaky else 'ReLU'}: "
            f"{_percent(r.off[0].mean())} of the units are off on all data at the start "
            f"(theory {_percent(r.born)})"
        )
        if not r.going.any():
            return f"{text}; by epoch {r.epoch} all {_RUNS} runs diverged."
        off = r.off[r.epoch * _PER_EPOCH, r.going]
        text += f", {_percent(off.mean())} after {r.epoch} epochs "
        text += f"({_percent(off.min())} to {_percent(off.max())}); "
        text += f"typical loss {np.median(r.losses[r.epoch, r.going]):.2g}."
        return text + (f" {np.sum(~r.going)} of {_RUNS} runs diverged." if not r.going.all() else "")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
