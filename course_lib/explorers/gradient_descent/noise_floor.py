"""Where mini-batch descent settles."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from course_lib.explorers.gradient_descent.straight_line import N, line_data, loss_surface, start_params
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn.layers import Dense
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train
from course_lib.plots import BLUE, SKY, VERMILION, frames, maps

_RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(0.002, 0.5, 25))
_SIZES = (1, 2, 4, 8, 16, 32)
_GONE = 1e12  # the loss drawn for a run that diverged: out of the picture


class NoiseFloorExplorer(Explorer):
    """A map over learning rate and batch size: too slow, too noisy, diverged, and the good ground between."""

    name = "noise_floor"
    n_seeds = 16
    epochs = 20
    ghosts = ("median",)
    controls = (
        Slider("lr", "Learning rate η", 0.002, 0.5, default=0.05, log=True, stops=_RATES),
        Choice("batch_size", "Batch size B", _SIZES, default=2),
        Seed(),
    )
    presets = {
        "slow corner": dict(lr=0.0025, batch_size=32),
        "noisy corner": dict(lr=0.1, batch_size=1),
        "good ground": dict(lr=0.016, batch_size=2),
        "over the edge": dict(lr=0.25, batch_size=1),
    }
    look_for = {
        "slow corner": "Large batch, small rate: few and timid updates. It is still far away.",
        "noisy corner": "Small batch, large rate: there in one epoch, and then it shakes.",
        "good ground": "The dark diagonal: twice the batch wants about twice the rate.",
        "over the edge": "The limit of a single sample is lower than the limit of the mean of all.",
    }

    def __init__(self, **settings):
        self._maps: dict[int, dict] = {}  # by seed: the columns that are done, by batch size
        super().__init__(**settings)

    @property
    def takes_long(self) -> bool:
        columns = self._maps.get(self.settings["seed"], ())
        return len(columns) < len(_SIZES)  # another cell of a map is at hand

    def compute(self, lr, batch_size, seed):
        row = _RATES.index(lr)
        columns = self._maps.setdefault(seed, {})
        yield 0.0, None  # a column takes a moment
        for size in (batch_size, *_SIZES):  # the column in view comes first
            if size not in columns:
                columns[size] = self._column(size, seed)
                if len(columns) < len(_SIZES):
                    yield len(columns) / len(_SIZES), self._so_far(columns, row, batch_size)
        yield 1.0, self._so_far(columns, row, batch_size)

    def _column(self, batch_size, seed) -> SimpleNamespace:
        """All learning rates and all seeds of one batch size, as one training."""
        data = line_data(seed)
        surface = loss_surface(data)
        runs = (len(_RATES), self.n_seeds)
        # Cells are compared in pairs: run k sees the samples in the same orders in all of them.
        rngs = [np.random.default_rng([seed, run]) for _ in _RATES for run in range(self.n_seeds)]
        start = start_params((len(rngs),))
        _, history = train(
            Dense(1, 1),
            start,
            mse,
            SGD(np.repeat(_RATES, self.n_seeds)),
            data,
            epochs=self.epochs,
            batch_size=batch_size,
            rng=rngs,
        )
        excess = history.train_loss - float(surface.f(surface.minima[0]))
        updates = np.arange(len(excess))[:, None] * -(-N // batch_size)
        gone = (history.diverged_at >= 0) & (updates >= history.diverged_at)
        excess = np.where(gone, _GONE, excess)  # train holds such a run at its last good loss
        return SimpleNamespace(
            excess=np.maximum(excess, 1e-12).reshape(-1, *runs),
            diverged=(history.diverged_at >= 0).reshape(runs).sum(axis=-1),  # how many of the runs
        )

    def _so_far(self, columns, row, batch_size) -> SimpleNamespace:
        final = np.full((len(_RATES), len(_SIZES)), np.nan)  # nan: not computed yet
        diverged = np.zeros(final.shape, dtype=bool)
        for size, column in columns.items():
            final[:, _SIZES.index(size)] = np.median(column.excess[-1], axis=-1)
            diverged[:, _SIZES.index(size)] = column.diverged > 0
        return SimpleNamespace(
            row=row,
            column=_SIZES.index(batch_size),
            final=final,
            diverged=diverged,
            curves=columns[batch_size].excess[:, row],  # (epochs + 1, seeds)
            lost=int(columns[batch_size].diverged[row]),
            done=len(columns),
        )

    def stage(self, figure):
        left, right = frames.panels(figure, ["map", "loss"])
        left.set_xlabel("batch size B")
        left.set_ylabel("learning rate η", labelpad=2)
        left.set_title(f"Median of {self.n_seeds}, {self.epochs} epochs: loss above the least")
        artists = maps.map_panel(
            figure,
            left,
            _SIZES,
            _RATES,
            low=1e-3,
            high=10,
            row_ticks=(0.002, 0.005, 0.02, 0.05, 0.2, 0.5),
            lost=f"at least 1 of {self.n_seeds} diverged",
        )
        frames.loss_panel(right, self.epochs, 1e-5, 1e3, xlabel="epochs", ylabel="")
        right.set(title="The chosen cell: 16 runs", xticks=range(0, self.epochs + 1, 5))
        artists |= {
            "band": frames.moving_band(right, color=SKY, alpha=0.4, label="all runs"),
            "median": frames.moving_line(right, color=BLUE, label="median"),
            "word": frames.moving_text(right, 0.5, 0.5, ha="center", color=VERMILION),
        }
        frames.legend(left, [artists["crosses"]])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        maps.show_map(artists, r.final, r.diverged, r.column, r.row)
        artists["word"].set_text(f"{r.lost} of {self.n_seeds} runs diverge here" if r.lost else "")
        epochs = np.arange(len(r.curves))
        curves = frames.within(artists["median"].axes, r.curves)
        artists["median"].set_data(epochs, np.median(curves, axis=1))
        artists["band"].set_data(epochs, curves.min(axis=1), curves.max(axis=1))

    def describe(self, r):
        cell = f"η = {_RATES[r.row]:.2g}, B = {_SIZES[r.column]}"
        if r.lost:
            return f"{cell}: {r.lost} of {self.n_seeds} runs diverge."
        above = np.median(r.curves[-1])
        text = f"{cell}: after {self.epochs} epochs typically {above:.2g} above the least loss."
        if r.done < len(_SIZES):
            return f"{text} {r.done} of {len(_SIZES)} columns of the map are done."
        best = np.argmin(np.where(r.diverged, np.inf, r.final)[:, r.column])
        return f"{text} The best η of this column is {_RATES[best]:.2g}."

    def pointer(self, axes, x, y):
        if axes != "map":
            return {}
        batch_size, lr = maps.cell_at(x, y, _SIZES, _RATES)
        return {"batch_size": batch_size, "lr": lr}
