"""The Playground: a net on points of the plane that trains while one watches, with everything to be set."""

from __future__ import annotations

import functools
import itertools
import time
from types import SimpleNamespace

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from course_lib.explorers.regularization import live_training
from course_lib.explorers.regularization.live_training import (
    EPOCHS,
    MOST_SAMPLES,
    RUNS,
    STRIDE,
    TEST_SAMPLES,
    LiveTraining,
)
from course_lib.live import Choice, Explorer, Seed, Slider
from course_lib.numpy_nn.activations import sigmoid
from course_lib.plots import BLACK, BLUE, GRAY, GREEN, ORANGE, PURPLE, VERMILION, fields, frames

_BOX = (-2.3, 2.3)  # the picture, in both directions
_N = 41  # points of the grid in each direction
_GRID = np.split(fields.grid(_BOX, _BOX, _N).astype(np.float32), [420, 840, 1260])  # each fits the cache
_AXIS = np.linspace(*_BOX, _N)
_TEST_SHOWN = 60  # of the test samples: more would hide the field
_AT_ONCE = 60  # updates that take no longer than a picture
_FIRST = 0.003  # seconds of training before the first picture, so that it shows what a move has changed ...
_PART = 0.08  # ... and between two pictures after it
_SLICE = 0.002  # seconds of training in which it cannot be stopped
_PENALTIES = (0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
_SMALL = 0.01  # of a weight that hardly counts
_GONE = 1e9  # the loss drawn for a run that diverged: out of the picture
_LOW, _HIGH = 1e-3, 10.0
_SWEPT = 160  # updates times layers of a training among the many of a sweep
_NOISY = dict(noise=0.5, samples=30, layers=2, width=16, activation="ReLU", epoch=200)

_training = functools.lru_cache(maxsize=8)(LiveTraining)


class PlaygroundExplorer(Explorer):
    """Train a net on points of the plane: its boundary, its losses, and the lines of its first layer."""

    name = "playground"
    size = (9.2, 3.8)
    ghosts = ("train", "test")
    controls = (
        Slider("epoch", "Epoch", 0, EPOCHS, default=60, integer=True, step=STRIDE, play=True),
        Choice("data", "Data", tuple(live_training.DATA), default="moons"),
        Slider("noise", "Noise σ", 0.0, 0.6, default=0.25, step=0.05),
        Slider("samples", "Training samples N", 10, MOST_SAMPLES, default=60, integer=True, step=2),
        Slider("layers", "Hidden layers", 0, 4, default=1, integer=True),
        Slider("width", "Units in each", 1, 16, default=8, integer=True),
        Choice("activation", "Activation", tuple(live_training.ACTIVATIONS), default="tanh"),
        Choice("optimizer", "Optimizer", live_training.OPTIMIZERS, default="Adam"),
        Choice("schedule", "Schedule", live_training.SCHEDULES, default="constant"),
        Slider("lr", "Learning rate η", 0.001, 10.0, default=0.03, log=True),
        Choice("batch_size", "Batch size B", live_training.BATCH_SIZES, default=16),
        Choice("l1", "L1 penalty λ₁", _PENALTIES, default=0),
        Choice("l2", "L2 penalty λ₂", _PENALTIES, default=0),
        Slider("dropout", "Dropout p", 0.0, 0.8, default=0.0, step=0.05),
        Seed(few=3),
    )
    presets = {
        "just enough": dict(),
        "no hidden layer": dict(data="xor", layers=0),
        "one unit": dict(width=1, epoch=200),
        "three lines": dict(data="circles", noise=0.15, width=3, epoch=200),
        "deep, no bend": dict(data="circles", activation="none", layers=4),
        "spirals": dict(data="spirals", noise=0.1, samples=120, layers=3, width=12, lr=0.01, epoch=200),
        "fits the noise": _NOISY,
        "L2": _NOISY | dict(l2=0.03),
        "L1": _NOISY | dict(l1=0.01),
        "dropout": _NOISY | dict(dropout=0.5),
        "batch of one": dict(optimizer="SGD", lr=0.1, batch_size=1),
        "too fast": dict(lr=3.0),
        "diverges": dict(optimizer="Momentum", lr=3.0, activation="leaky ReLU", layers=3, width=16),
    }
    look_for = {
        "just enough": "Two moons, eight units. Press Play: when does the line bend? When does the gap open?",
        "no hidden layer": "A straight line cannot part four crossed clouds, however long it trains.",
        "one unit": "One unit bends nothing: the boundary is its line, moved.",
        "three lines": "Three units close a ring, and its corners lie between their lines. What can two do?",
        "deep, no bend": "Five layers without an activation are one line. Choose tanh.",
        "spirals": "Lines only at first; layer upon layer bends them. Go back in time to see it.",
        "fits the noise": "30 samples, 337 weights and biases: training loss to 0, test loss up and up.",
        "L2": "The same with λ₂: a smoother boundary, and a test loss that stays down.",
        "L1": "The same with λ₁: nine weights in ten are next to zero, and most lines have gone.",
        "dropout": "The same with p = 0.5: slower to fit the noise, and the test loss rises less.",
        "batch of one": "60 small noisy updates an epoch. Set B to all: one update, hardly a bend.",
        "too fast": "η is a hundred times too large: the losses jump, and so does the boundary.",
        "diverges": "Too large a step, and momentum: all five seeds are lost at once.",
    }

    # -- numbers ---------------------------------------------------------------------------------

    @property
    def takes_long(self) -> bool:
        training, epoch = self._at_hand()
        return epoch - training.epoch > STRIDE and training.updates_to(epoch) > _AT_ONCE

    def _at_hand(self) -> tuple[LiveTraining, int]:
        settings = self.settings
        epoch = settings.pop("epoch")
        return _training(**settings), epoch

    def compute(self, epoch, **settings):
        training = _training(**settings)
        begun = training.epoch
        there = training.go_on(epoch, _FIRST if self.takes_long else np.inf)
        next_part = 0.0
        while there < epoch:
            result = None
            if time.monotonic() > next_part:
                result, next_part = self._seen(training, there, epoch, settings), time.monotonic() + _PART
            yield (there - begun) / (epoch - begun), result
            there = training.go_on(epoch, _SLICE)
        yield 1.0, self._seen(training, epoch, epoch, settings)

    def _seen(self, training: LiveTraining, epoch: int, asked: int, settings: dict) -> SimpleNamespace:
        """What the picture shows of a training at one of its epochs."""
        kept = training.at(epoch)
        parts = [training.model.forward(kept.params, points)[0] for points in _GRID]
        first = [layer["W"][0] for layer in kept.params if "W" in layer]  # of the first run
        all_weights = np.concatenate([w.ravel() for w in first])
        went = training.diverged_until(epoch)
        losses = {
            part: np.where(went, _GONE, training.until(epoch, f"{part}_loss")) for part in ("train", "test")
        }
        logits = np.concatenate(parts, axis=-2).reshape(RUNS, _N, _N)
        lines, strengths = _lines(kept.params[0], first[1] if len(first) > 1 else None)
        return SimpleNamespace(
            epoch=epoch,
            asked=asked,
            rate=float(training.rate(epoch * training.updates_per_epoch)),
            net="-".join(map(str, [2, *[settings["width"]] * settings["layers"], 1])),
            train_x=training.data.x_train,
            train_y=training.data.y_train[:, 0],
            test_x=training.data.x_test[:_TEST_SHOWN],
            test_y=training.data.y_test[:_TEST_SHOWN, 0],
            field=sigmoid(fields.finer(logits[0])),
            boundary=_boundary(logits[0]),
            others=[line for field in logits[1:] for line in _boundary(field)],
            lines=lines,
            strengths=strengths,
            train=losses["train"],
            test=losses["test"],
            right={"train": kept.train_right, "test": kept.test_right},
            small=int(np.sum(np.abs(all_weights) < _SMALL)),
            n_weights=all_weights.size,
            diverged=kept.diverged,
        )

    # -- picture ---------------------------------------------------------------------------------

    def stage(self, figure):
        left, middle, right = frames.panels(figure, ["plane", "loss", "units"], widths=[1, 1, 1])
        for ax in (left, right):
            ax.set(xlim=_BOX, ylim=_BOX, xlabel="$x_1$", xticks=(-2, 0, 2), yticks=(-2, 0, 2))
            ax.set_ylabel("$x_2$", labelpad=-4)
        left.set_title("One net, and where 4 others say ½")
        right.set_title("The units of the first layer")
        frames.loss_panel(middle, EPOCHS, _LOW, _HIGH, xlabel="epoch", ylabel="")
        middle.set(title=f"Cross-entropy, {RUNS} seeds")
        style = {"alpha": 0.3}
        last = {"marker": "o", "markersize": 3.5, "markevery": [-1]}
        artists = {
            "field": fields.moving_field(left),
            "others": left.add_collection(
                LineCollection([], colors=PURPLE, linewidths=0.8, zorder=2), autolim=False
            ),
            "boundary": left.add_collection(
                LineCollection([], colors=BLACK, linewidths=1.8, zorder=4), autolim=False
            ),
            "lines": right.add_collection(LineCollection([], colors=BLUE, zorder=2), autolim=False),
            "bent": right.add_collection(
                LineCollection([], colors=BLACK, linewidths=1.2, linestyles="dashed", zorder=3), autolim=False
            ),
            "train_band": frames.moving_band(middle, color=GREEN, **style),
            "test_band": frames.moving_band(middle, color=VERMILION, **style),
            "train": frames.moving_line(middle, color=GREEN, label="training", **last),
            "test": frames.moving_line(middle, "--", color=VERMILION, label="test", **last),
            "now": frames.moving_line(middle, color=GRAY, linewidth=1, zorder=1),
            "word": frames.moving_text(middle, 0.5, 0.9, ha="center", color=VERMILION),
            "small": frames.moving_text(right, 0.03, 0.03, fontsize=9),
        }
        for label, (marker, color) in enumerate((("o", BLUE), ("^", ORANGE))):
            common = {"linestyle": "none", "marker": marker, "zorder": 3}
            test = {"markersize": 4.5, "markerfacecolor": "white", "markeredgecolor": color, "label": "test"}
            train = {"markersize": 5.5, "markerfacecolor": color, "markeredgecolor": BLACK}
            train |= {"markeredgewidth": 0.6, "label": f"class {label}"}
            artists[f"test{label}"] = frames.moving_line(left, **common, **test)
            artists[f"train{label}"] = frames.moving_line(left, **common, **train)
        frames.legend(left, [artists[name] for name in ("train0", "train1", "test0")])
        frames.legend(middle, [artists["train"], artists["test"]])
        lines = {"unit gets 0": {"color": BLUE}, "boundary": {"color": BLACK, "linestyle": "--"}}
        frames.legend(right, [Line2D([], [], label=label, **style) for label, style in lines.items()])
        return artists

    def draw(self, artists, r):
        fields.show_field(artists["field"], r.field)
        artists["boundary"].set_segments(r.boundary)
        artists["bent"].set_segments(r.boundary)
        artists["others"].set_segments(r.others)
        artists["lines"].set_segments(r.lines)
        artists["lines"].set_linewidths(0.3 + 4 * r.strengths)
        for part in ("train", "test"):
            x, y = getattr(r, f"{part}_x"), getattr(r, f"{part}_y")
            for label in (0, 1):
                artists[f"{part}{label}"].set_data(*x[y == label].T)
            losses = frames.within(artists[part].axes, getattr(r, part))
            epochs = STRIDE * np.arange(len(losses))
            artists[part].set_data(epochs, np.median(losses, axis=1))
            artists[f"{part}_band"].set_data(epochs, losses.min(axis=1), losses.max(axis=1))
        artists["now"].set_data([r.epoch] * 2, [_LOW, _HIGH])
        lost = r.diverged[r.diverged >= 0]
        artists["word"].set_text(f"{len(lost)} of {RUNS} diverged" if len(lost) else "")
        artists["small"].set_text(f"{r.small} of {r.n_weights} weights below {_SMALL}")

    def describe(self, r):
        going = f"In training, epoch {r.epoch} of {r.asked}" if r.epoch < r.asked else f"Epoch {r.epoch}"
        start = f"{going}, η = {r.rate:.2g}, net {r.net}:"
        lost = r.diverged[r.diverged >= 0]
        if len(lost):
            return f"{start} {len(lost)} of {RUNS} seeds diverged, the first at update {lost.min()}."
        right = {
            part: f"{100 * share[0]:.0f}% ({RUNS} seeds: {100 * share.min():.0f} to {100 * share.max():.0f}%)"
            for part, share in r.right.items()
        }
        losses = " and ".join(f"{np.median(getattr(r, part)[-1]):.2g}" for part in ("train", "test"))
        return (
            f"{start} right on {right['train']} of {len(r.train_x)} training samples and {right['test']} "
            f"of {TEST_SAMPLES} test samples; losses {losses}; "
            f"{r.small} of {r.n_weights} weights below {_SMALL}."
        )

    def pointer(self, axes, x, y):
        return {"epoch": x} if axes == "loss" else {}

    # -- what a sweep visits ---------------------------------------------------------------------

    @classmethod
    def corner_settings(cls):
        """Every data set with every activation, a small and a large net, a low and a high rate.

        The product of all ends has millions. Here the other controls take their ends and options in turn,
        each at its own pace, so that every one meets every data set and every activation; a test holds this.
        The last epoch stands where an epoch is little work: batches of one are the same work, 24,000 times.
        """
        corners = []
        data, acts = enumerate(live_training.DATA), enumerate(live_training.ACTIVATIONS)
        for (d, name), (a, activation), r in itertools.product(data, acts, range(4)):
            turn = 4 * (a + d) + r
            ends = {"layers": r & 1, "width": r & 1, "lr": r >> 1}
            ends |= {"noise": turn >> 1 & 1, "samples": turn >> 2 & 1, "dropout": turn >> 3 & 1}
            corner = {key: cls.control(key).corners()[end] for key, end in ends.items()}
            for pace, key in enumerate(("optimizer", "schedule", "batch_size", "l1", "l2")):
                options = cls.control(key).options
                corner[key] = options[(turn * (2 * pace + 1)) % len(options)]
            last = EPOCHS if _work_per_epoch(corner) <= 3 else STRIDE
            corner["epoch"] = last if turn >> 4 & 1 else 0
            corners.append({"data": name, "activation": activation} | corner | {"seed": 0})
        return corners

    @classmethod
    def random_settings(cls, rng):
        """One setting of every control; the epoch is one that is soon reached, for a sweep has many."""
        settings = super().random_settings(rng)
        affordable = _SWEPT // _work_per_epoch(settings) // STRIDE * STRIDE
        return settings | {"epoch": min(settings["epoch"], affordable)}


def _work_per_epoch(settings: dict) -> int:
    """Updates times layers."""
    samples, size = settings["samples"], settings["batch_size"]
    updates = 1 if size == "all" else -(-samples // min(size, samples))
    return updates * (1 + settings["layers"])


def _boundary(logits: np.ndarray) -> list[np.ndarray]:
    """The lines on which a net says one half."""
    return contour_generator(_AXIS, _AXIS, logits).lines(0.0)


def _lines(layer: dict[str, np.ndarray], outgoing: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Where the units of the first layer get 0, (units, 2, 2), and how much each counts, from 0 to 1."""
    W, b = layer["W"][0], layer["b"][0]
    length = np.maximum(np.linalg.norm(W, axis=0), 1e-6)
    normal = (W / length).T
    middle = np.clip(-b / length, -99, 99)[:, None] * normal
    along = 9 * np.stack([-normal[:, 1], normal[:, 0]], axis=1)
    counts = length if outgoing is None else length * np.linalg.norm(outgoing, axis=1)
    return np.stack([middle - along, middle + along], axis=1), counts / np.maximum(counts.max(), 1e-9)
