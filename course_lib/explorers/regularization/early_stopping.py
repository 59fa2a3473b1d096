"""The explorer of early stopping: the rule over recorded trainings, what it saves and what it loses."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from course_lib import datasets
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn.activations import relu
from course_lib.numpy_nn.layers import mlp
from course_lib.numpy_nn.losses import cross_entropy
from course_lib.numpy_nn.optimizers import Adam
from course_lib.numpy_nn.training import start_training
from course_lib.plots import BLACK, BLUE, GREEN, LIGHT, ORANGE, PURPLE, SKY, VERMILION, frames
from course_lib.schedules import EarlyStopping

_EPOCHS, _RUNS, _PART = 60, 6, 6
_SIZES = 150, 100, 500  # samples to train on, to stop by, and to judge by
_WRONG = 0.3  # share of the training labels that are drawn by lot
_KINDS = {"calm": (0.006, 25), "restless": (0.03, 10)}  # learning rate of Adam, batch size


@functools.lru_cache(maxsize=8)
def _digits(seed: int) -> tuple[datasets.Dataset, np.ndarray, np.ndarray]:
    """Digits to train on, some of whose labels are wrong, others to stop by, and others again to judge by."""
    table, rng = datasets.load_digits(), np.random.default_rng([seed, 7])
    train, validation, test = np.split(rng.permutation(len(table.x))[: sum(_SIZES)], np.cumsum(_SIZES[:2]))
    x, y = table.x / 16, table.y
    labels = np.where(rng.random(len(train)) < _WRONG, rng.integers(0, 10, len(train)), y[train])
    return datasets.Dataset("digits", x[train], labels, x[validation], y[validation]), x[test], y[test]


def _training(kind: str, seed: int) -> Iterator[SimpleNamespace]:
    """Six trainings from six starts at once, some epochs at a time: three losses after every epoch."""
    data, x_test, y_test = _digits(seed)
    model, (lr, batch_size) = mlp([64, 32, 10], activation=relu), _KINDS[kind]
    start = model.init(np.random.default_rng([seed, 8]), (_RUNS,))
    rngs = [np.random.default_rng([seed, 9, run]) for run in range(_RUNS)]
    trainer = start_training(model, start, cross_entropy, Adam(lr), data, batch_size=batch_size, rng=rngs)
    test = [cross_entropy.value(model.forward(start, x_test)[0], y_test)]
    for _ in range(_EPOCHS // _PART):
        for _ in range(_PART):
            trainer.advance_epochs(1)
            test.append(cross_entropy.value(model.forward(trainer.params, x_test)[0], y_test))
        history = trainer.history()
        yield SimpleNamespace(
            train=history.train_loss, validation=history.validation_loss, test=np.array(test)
        )  # (epochs + 1, runs) each


class EarlyStoppingExplorer(Explorer):
    """Patience over six recorded trainings: where each stops, which epoch it keeps, what that is worth."""

    name = "early_stopping"
    size = (9.2, 3.5)
    ghosts = ("validation",)
    controls = (
        Slider("patience", "Patience (epochs)", 1, 40, default=8, integer=True),
        Slider("min_delta", "min_delta", 0.0, 0.1, default=0.0, step=0.01),
        Slider("run", "Run shown", 1, _RUNS, default=1, integer=True),
        Choice("kind", "Training", tuple(_KINDS), default="calm"),
        Seed(few=2),
    )
    presets = {
        "patience 8": dict(),
        "no patience": dict(patience=1),
        "restless, no patience": dict(patience=1, kind="restless"),
        "restless, patience 8": dict(kind="restless"),
        "a demanding min_delta": dict(min_delta=0.1, patience=3),
        "never stops": dict(patience=40),
    }
    look_for = {
        "patience 8": "It waits 8 epochs beyond the best one, and then goes back to it.",
        "no patience": "One bad epoch is enough. Compare where the six runs stop with their best epochs.",
        "restless, no patience": "Bad epochs come early here: most runs stop long before their best epoch.",
        "restless, patience 8": "More patience than the bad epochs last: all runs find their best epoch.",
        "a demanding min_delta": "Small gains do not count, so it stops while the loss still falls.",
        "never stops": "So patient that most runs go to the end. The best epoch is kept all the same.",
    }

    def __init__(self, **settings):
        self._recorded: dict[tuple[str, int], SimpleNamespace] = {}
        super().__init__(**settings)

    @property
    def takes_long(self) -> bool:
        return (self.settings["kind"], self.settings["seed"]) not in self._recorded

    def compute(self, patience, min_delta, run, kind, seed):
        yield 0.0, None  # training takes a moment
        key = (kind, seed)
        for record in [self._recorded[key]] if key in self._recorded else _training(*key):
            done = (len(record.test) - 1) / _EPOCHS
            if done == 1:
                self._recorded[key] = record
            yield done, self._stopped(record, EarlyStopping(patience, min_delta), run, kind)

    def _stopped(self, record, rule, run, kind) -> SimpleNamespace:
        """The rule, shown the validation losses that were recorded."""
        state = rule.init((_RUNS,))
        for loss in record.validation[1:]:
            state = rule.update(loss, state)
        kept, runs = state.best_epoch, np.arange(_RUNS)
        hindsight = np.argmin(record.validation, axis=0)
        return SimpleNamespace(
            patience=rule.patience,
            min_delta=rule.min_delta,
            run=run - 1,
            calm=kind == "calm",
            epochs=len(record.test) - 1,
            train=record.train,
            validation=record.validation,
            test=record.test,
            kept=kept,
            stopped=state.stopped,
            end=kept + state.waited,
            hindsight=hindsight,
            kept_validation=record.validation[kept, runs],
            kept_test=record.test[kept, runs],
            hindsight_test=record.test[hindsight, runs],
            hindsight_validation=record.validation[hindsight, runs],
        )

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["losses", "epochs", "worth"], widths=[1.3, 1, 0.9])
        left.set_yscale("log")
        left.set(xlim=(0, _EPOCHS), ylim=(0.1, 5), xlabel="epochs", title="One training, and where it stops")
        left.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
        left.minorticks_off()
        middle.set(xlim=(0, _EPOCHS + 1), ylim=(_RUNS + 0.5, 0.5), xlabel="epochs", title="All six runs")
        middle.set_yticks(range(1, _RUNS + 1), [f"run {run}" for run in range(1, _RUNS + 1)], fontsize=8)
        right.set_yscale("log")
        right.set(xlim=(0.5, _RUNS + 0.5), ylim=(0.7, 5), xlabel="run", title="Test loss")
        right.set_yticks([0.7, 1, 2, 3, 5], ["0.7", "1", "2", "3", "5"])
        right.minorticks_off()
        for ax in (left, middle, right):
            ax.grid(color="#EBEBEB", linewidth=0.8)
        band = {"color": SKY, "alpha": 0.4}
        small = {"linestyle": "none", "markersize": 6, "clip_on": False}
        kept = {"marker": "o", "color": ORANGE, "label": "kept", "zorder": 4, **small}
        kept |= {"markersize": 8, "markerfacecolor": "none", "markeredgewidth": 2}
        hindsight = {"marker": "x", "color": PURPLE, "label": "best", "zorder": 5, **small}
        artists = {
            "band": frames.moving_band(left, **band),
            "train": frames.moving_line(left, "-.", color=GREEN, linewidth=1.3, label="training"),
            "test": frames.moving_line(left, color=BLACK, linewidth=1.0, label="test"),
            "validation": frames.moving_line(left, color=BLUE, label="validation"),
            "stop": frames.moving_line(left, "--", color=VERMILION, linewidth=1.5),
            "best": frames.moving_line(left, "o", color=ORANGE, markersize=9, zorder=5),
            "waits": frames.moving_line(middle, color=LIGHT, linewidth=5, zorder=1),
            "shown": frames.moving_line(middle, ">", color=BLACK, markersize=6, clip_on=False),
            "kept": frames.moving_line(middle, **kept),
            "ends": frames.moving_line(middle, marker="|", color=VERMILION, label="stop", **small),
            "hindsight": frames.moving_line(
                middle, marker="x", color=PURPLE, label="best", zorder=5, **small
            ),
            "kept_test": frames.moving_line(right, **kept),
            "best_test": frames.moving_line(right, **hindsight),
            "last_test": frames.moving_line(right, marker="s", color=BLACK, label="last", **small),
        }
        frames.legend(left, [artists[name] for name in ("train", "validation", "test")])
        frames.legend(middle, [artists[name] for name in ("kept", "ends", "hindsight")])
        frames.legend(right)
        return artists

    def draw(self, artists, r):
        epochs, runs = np.arange(r.epochs + 1), np.arange(1, _RUNS + 1)
        left = artists["train"].axes
        for name in ("train", "validation", "test"):
            artists[name].set_data(epochs, frames.within(left, getattr(r, name)[:, r.run]))
        spread = frames.within(left, r.validation)
        artists["band"].set_data(epochs, spread.min(axis=1), spread.max(axis=1))
        end, kept = r.end[r.run], r.kept[r.run]
        artists["stop"].set_data(*([[end, end], [0.1, 5]] if r.stopped[r.run] else [[], []]))
        artists["best"].set_data([kept], [r.kept_validation[r.run]])
        waits = np.stack([r.kept, r.end, np.full(_RUNS, np.nan)], axis=1)
        artists["waits"].set_data(waits.ravel(), np.repeat(runs, 3))
        artists["shown"].set_data([0], [r.run + 1])
        artists["kept"].set_data(r.kept, runs)
        artists["ends"].set_data(np.where(r.stopped, r.end, np.nan), runs)
        artists["hindsight"].set_data(r.hindsight, runs)
        for name, losses in (("kept", r.kept_test), ("best", r.hindsight_test), ("last", r.test[-1])):
            artists[f"{name}_test"].set_data(runs, np.clip(losses, 0.7, 5))

    def describe(self, r):
        kept, end = r.kept[r.run], r.end[r.run]
        ends = f"stops after epoch {end}" if r.stopped[r.run] else f"does not stop in {r.epochs} epochs"
        saved = 100 * (1 - np.mean(r.end) / max(r.epochs, 1))
        return (
            f"Patience {r.patience}, min_delta {r.min_delta:.3g}: run {r.run + 1} {ends} and keeps epoch "
            f"{kept}. Six runs save {saved:.0f} % of the epochs; mean test loss {np.mean(r.kept_test):.2g} "
            f"kept, {np.mean(r.hindsight_test):.2g} at the best epoch, {np.mean(r.test[-1]):.2g} at the last."
        )
