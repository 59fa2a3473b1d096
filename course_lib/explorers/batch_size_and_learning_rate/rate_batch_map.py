"""A map of learning rate against batch size."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from course_lib.explorers.batch_size_and_learning_rate import small_nets
from course_lib.explorers.batch_size_and_learning_rate.rate_map import (
    EPOCHS,
    MEASURES,
    RATES,
    SEEDS,
    UPDATES,
    RateMapExplorer,
)
from course_lib.live import Choice, Seed, Slider
from course_lib.numpy_nn.optimizers import SGD, Momentum
from course_lib.plots import maps

SIZES = (*range(1, 13), 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96, 112, 128)


class RateBatchMapExplorer(RateMapExplorer):
    """Learning rate against batch size: where a net learns, and what the two have to do with each other."""

    name = "rate_batch_map"
    size = (9.2, 3.9)
    across, columns, column_ticks = "batch_size", SIZES, (1, 2, 4, 8, 16, 32, 64, 128)
    title = f"{len(RATES) * len(SIZES) * SEEDS:,} trainings on 128 samples"
    along_label = "η/B constant"
    colors: ClassVar = dict.fromkeys(MEASURES, (0.02, 0.05, 0.1, 0.2, 0.4, 0.7))
    kept: ClassVar[dict[tuple, SimpleNamespace]] = {}
    controls = (
        Slider("lr", "Learning rate η", RATES[0], RATES[-1], default=0.486, log=True, stops=RATES),
        Slider("batch_size", "Batch size B", 1, 128, default=16, log=True, integer=True, stops=SIZES),
        Choice("measure", "Color", MEASURES, default="training loss"),
        Choice("budget", "Budget", ("equal epochs", "equal updates"), default="equal epochs"),
        Choice("momentum", "Momentum μ", (0.0, 0.9), default=0.0),
        Seed(few=1),
    )
    presets = {
        "equal epochs": dict(lr=0.486, batch_size=16),
        "equal updates": dict(lr=0.486, batch_size=16, budget="equal updates"),
        "small batch": dict(lr=0.0493, batch_size=1),
        "the same, times 16": dict(lr=0.86, batch_size=16),
        "times 128": dict(lr=6.37, batch_size=128),
        "with momentum": dict(lr=0.0493, batch_size=16, momentum=0.9),
    }
    look_for = {
        "equal epochs": "12 epochs each. The good ground is a diagonal, and it bends. Where?",
        "equal updates": "48 updates each. Now large batches win: every update is at least as good.",
        "small batch": "A small batch and a small rate. Keep its curves in mind, or press Pin.",
        "the same, times 16": "16 times the batch and 16 times the rate: nearly the same curve.",
        "times 128": "The same ratio once more, and the rule is broken: too large a step.",
        "with momentum": "The whole map moves down: each gradient is used 1/(1 − 0.9) = 10 times.",
    }

    def column_key(self, value, settings):
        return value, settings["budget"], settings["momentum"], settings["seed"]

    def trained(self, key):
        batch_size, budget, momentum, seed = key
        updates = EPOCHS * -(-small_nets.N // batch_size) if budget == "equal epochs" else UPDATES
        rule = functools.partial(Momentum, momentum=momentum) if momentum else SGD
        return small_nets.trained_runs(
            small_nets.circles(seed), 16, rule, RATES, SEEDS, batch_size, updates, 12, seed
        )

    def along(self, row, column):
        rates = RATES[row] / SIZES[column] * np.array(SIZES)
        inside = (rates >= RATES[0]) & (rates <= RATES[-1])
        return np.stack([np.flatnonzero(inside), maps.place(rates[inside], RATES)], axis=1)

    def budget(self, settings):
        per_epoch = -(-small_nets.N // settings["batch_size"])
        return {"epochs": EPOCHS if settings["budget"] == "equal epochs" else UPDATES / per_epoch}

    def cell_name(self, r):
        return f"η = {RATES[r.row]:.2g}, B = {SIZES[r.column]}"
