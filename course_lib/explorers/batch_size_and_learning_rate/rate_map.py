"""Maps of hundreds of trainings, one axis of which is the learning rate.

Each column of a map is one call of `train`, with all rates and all seeds as runs. Columns are kept, so that
another cell, another measure or a second picture of the same map asks for no new training.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from course_lib.live import Explorer
from course_lib.plots import BLACK, BLUE, GREEN, ORANGE, SKY, frames, maps

RATES = tuple(float(f"{rate:.3g}") for rate in np.geomspace(0.005, 20, 30))
SEEDS = 3
EPOCHS, UPDATES = 12, 48  # the two budgets: 48 updates are 12 epochs where B = 32
MEASURES = ("training loss", "test loss", "test error")
_GUESS = float(np.log(2))  # the loss of an answer that is always ½


class RateMapExplorer(Explorer):
    """What the two maps share: how they fill in, what they show of a cell, and what a click sets."""

    across: ClassVar[str]  # the setting along the columns
    columns: ClassVar[tuple]
    column_ticks: ClassVar[tuple]
    colors: ClassVar[dict[str, tuple]]  # a measure -> the ticks of the color bar, from end to end
    title: ClassVar[str]
    along_label: ClassVar[str]
    kept: ClassVar[dict[tuple, SimpleNamespace]]  # columns that have been trained, for all pictures
    ghosts = ("train", "test")

    def column_key(self, value, settings: dict[str, Any]) -> tuple:
        """What a column depends on."""
        raise NotImplementedError

    def trained(self, key: tuple) -> SimpleNamespace:
        """Train one column."""
        raise NotImplementedError

    @property
    def takes_long(self) -> bool:
        return any(self.column_key(value, self.settings) not in self.kept for value in self.columns)

    def compute(self, **settings) -> Iterator[tuple[float, SimpleNamespace]]:
        yield 0.0, None  # a column takes a moment
        chosen = self.columns.index(settings[self.across])
        if len(self.kept) > 1000:
            self.kept.clear()
        # The column in view comes first, then the others from the outside in: a map's outline shows early.
        order = sorted(range(len(self.columns)), key=lambda i: (i != chosen, i % 4, i))
        for i in order:
            key = self.column_key(self.columns[i], settings)
            if key not in self.kept:
                self.kept[key] = self.trained(key)
                so_far = self._so_far(settings, chosen)
                if so_far.done < len(self.columns):
                    yield so_far.done / len(self.columns), so_far
        yield 1.0, self._so_far(settings, chosen)

    def _so_far(self, settings, chosen) -> SimpleNamespace:
        shape = (len(RATES), len(self.columns))
        values, lost = np.full(shape, -1.0), np.zeros(shape, dtype=bool)  # −1: not trained yet
        for i, value in enumerate(self.columns):
            column = self.kept.get(self.column_key(value, settings))
            if column is not None:
                of = {"training loss": column.train[-1], "test loss": column.test[-1]}
                values[:, i] = np.median(of.get(settings["measure"], column.wrong), axis=-1)
                lost[:, i] = np.median(column.train[-1], axis=-1) > _GUESS
        row = RATES.index(settings["lr"])
        cell = self.kept[self.column_key(self.columns[chosen], settings)]
        good = np.where(lost | (values < 0), np.inf, values)
        return SimpleNamespace(
            row=row,
            column=chosen,
            values=values,
            lost=lost,
            best=np.where(np.isfinite(good).any(axis=0), good.argmin(axis=0), -1),  # of each column; −1: none
            train=cell.train[:, row],
            test=cell.test[:, row],
            error=float(np.median(cell.wrong[row])),
            updates=cell.updates,
            measure=MEASURES.index(settings["measure"]),
            done=int((values >= 0).all(axis=0).sum()),
            along=self.along(row, chosen),
            **self.budget(settings),
        )

    def along(self, row: int, column: int) -> np.ndarray:
        """A line that theory draws: (points, 2) of column number and place of the rate."""
        raise NotImplementedError

    def cell_name(self, r) -> str:
        """The settings of the chosen cell."""
        raise NotImplementedError

    def budget(self, settings: dict[str, Any]) -> dict[str, float]:
        """The budget in `epochs`."""
        raise NotImplementedError

    def stage(self, figure):
        left, right = frames.panels(figure, ["map", "loss"], widths=[1.25, 1])
        artists = maps.map_panel(
            figure,
            left,
            self.columns,
            RATES,
            low=self.colors[MEASURES[0]][0],
            high=self.colors[MEASURES[0]][-1],
            column_ticks=self.column_ticks,
            row_ticks=(0.01, 0.1, 1, 10),
            lost="worse than a guess",
        )
        left.set_xlabel(self.control(self.across).label)
        left.set_ylabel("learning rate η", labelpad=2)
        left.set_title(self.title)
        bar, ticks = artists["map"].scale.colorbar, sorted(set().union(*self.colors.values()))
        bar.locator, bar.minorlocator = FixedLocator(ticks), NullLocator()  # these stay when the limits move
        bar.formatter = StrMethodFormatter("{x:g}")
        frames.loss_panel(right, EPOCHS, 0.03, 3, ylabel="")
        right.set(title=f"The chosen cell: {SEEDS} runs", xlabel="share of the budget used")
        right.set(xlim=(0, 1), yticks=(0.03, 0.1, 0.3, 1, 3))
        right.set_yticklabels(["0.03", "0.1", "0.3", "1", "3"])
        right.minorticks_off()
        right.axhline(_GUESS, color=BLACK, linewidth=0.8, linestyle=":")
        band = {"alpha": 0.35}
        artists |= {
            "best": frames.moving_line(
                left,
                "o",
                color="white",
                markeredgecolor=BLACK,
                markeredgewidth=0.8,
                markersize=4.5,
                label="best of a column",
            ),
            "along": frames.moving_line(left, "--", color=ORANGE, linewidth=1.8, label=self.along_label),
            "train_band": frames.moving_band(right, color=SKY, **band),
            "test_band": frames.moving_band(right, color=GREEN, **band),
            "train": frames.moving_line(right, color=BLUE, label="training"),
            "test": frames.moving_line(right, "-.", color=GREEN, label="test"),
            "word": frames.moving_text(right, 0.5, 0.04, ha="center"),
        }
        frames.legend(left, [artists[name] for name in ("crosses", "best", "along")])
        frames.legend(right, [artists[name] for name in ("train", "test")])
        return artists

    def draw(self, artists, r):
        values, ticks = np.where(r.values < 0, np.nan, r.values), self.colors[MEASURES[r.measure]]
        artists["map"].scale.set_clim(ticks[0], ticks[-1])
        maps.show_map(artists, values, r.lost, r.column, r.row)
        found = np.flatnonzero(r.best >= 0)
        artists["best"].set_data(found, r.best[found])
        artists["along"].set_data(*r.along.T)
        x = r.updates / r.updates[-1]
        for name, curves in (("train", r.train), ("test", r.test)):
            inside = frames.within(artists["train"].axes, curves)
            artists[name].set_data(x, np.median(inside, axis=1))
            artists[f"{name}_band"].set_data(x, inside.min(axis=1), inside.max(axis=1))
        artists["word"].set_text(f"{r.updates[-1]} updates, {r.epochs:.3g} epochs")

    def describe(self, r):
        loss = f"training loss {np.median(r.train[-1]):.2g}, test loss {np.median(r.test[-1]):.2g}"
        text = f"{self.cell_name(r)}: after {r.updates[-1]} updates ({r.epochs:.3g} epochs) {loss}"
        text += f", test error {100 * r.error:.0f} %."
        if r.done < len(self.columns):
            return f"{text} {r.done} of {len(self.columns)} columns of the map are done."
        best = r.best[r.column]
        rate = f"{RATES[best]:.2g}" if best >= 0 else "not in the map"
        return f"{text} By {MEASURES[r.measure]}, the best η of this column is {rate}."

    def pointer(self, axes, x, y):
        if axes != "map":
            return {}
        value, rate = maps.cell_at(x, y, self.columns, RATES)
        return {self.across: value, "lr": rate}
