"""A map of learning rate against weight decay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from course_lib.explorers.batch_size_and_learning_rate import small_nets
from course_lib.explorers.batch_size_and_learning_rate.rate_map import (
    MEASURES,
    RATES,
    SEEDS,
    RateMapExplorer,
)
from course_lib.live import Choice, Seed, Slider
from course_lib.numpy_nn.optimizers import SGD, Chain, WeightDecay
from course_lib.plots import maps

DECAYS = tuple(float(f"{decay:.3g}") for decay in np.geomspace(1e-4, 1, 30))
DECAY_EPOCHS = 40
_DECAY_UPDATES = 5 * DECAY_EPOCHS  # B = 8


class RateDecayMapExplorer(RateMapExplorer):
    """Learning rate against weight decay: two settings that are best chosen together."""

    name = "rate_decay_map"
    size = (9.2, 3.9)
    across, columns, column_ticks = "decay", DECAYS, (1e-4, 1e-3, 0.01, 0.1, 1)
    title = f"{len(RATES) * len(DECAYS) * SEEDS:,} trainings on 40 samples"
    along_label = f"ηλ = 1/{_DECAY_UPDATES}"
    colors: ClassVar = {
        "training loss": (0.05, 0.1, 0.2, 0.3, 0.5, 0.7),
        "test loss": (0.3, 0.4, 0.5, 0.6, 0.7),
        "test error": (0.1, 0.2, 0.3, 0.4, 0.5),
    }
    kept: ClassVar[dict[tuple, SimpleNamespace]] = {}
    controls = (
        Slider("lr", "Learning rate η", RATES[0], RATES[-1], default=0.365, log=True, stops=RATES),
        Slider("decay", "Weight decay λ", DECAYS[0], DECAYS[-1], default=0.0117, log=True, stops=DECAYS),
        Choice("measure", "Color", MEASURES, default="test loss"),
        Seed(few=1),
    )
    presets = {
        "no decay to speak of": dict(decay=1e-4, lr=0.86),
        "some": dict(decay=0.0418, lr=0.365),
        "too much": dict(decay=0.386, lr=0.0873),
        "small rate, any decay": dict(decay=0.000924, lr=0.0209),
        "training loss": dict(decay=1e-4, lr=0.86, measure="training loss"),
    }
    look_for = {
        "no decay to speak of": "The training loss falls on, the test loss turns up: overfitting.",
        "some": "The two losses stay nearer to each other, and the test loss is lower.",
        "too much": "The weights are pulled to 0, and the net answers hardly more than ½.",
        "small rate, any decay": "Too few and too short steps: nothing is learned by heart, nothing decays.",
        "training loss": "By the training loss no decay is best. That is the wrong map to choose by.",
    }

    def column_key(self, value, settings):
        return value, settings["seed"]

    def trained(self, key):
        decay, seed = key
        return small_nets.trained_runs(
            small_nets.noisy_moons(seed),
            32,
            lambda rates: Chain([WeightDecay(decay), SGD(rates)]),
            rates=RATES,
            n_seeds=SEEDS,
            batch_size=8,
            updates=_DECAY_UPDATES,
            marks=10,
            seed=seed,
        )

    def along(self, row, column):
        rates = 1 / (_DECAY_UPDATES * np.array(DECAYS))  # the decay has had the time that it needs
        inside = (rates >= RATES[0]) & (rates <= RATES[-1])
        return np.stack([np.flatnonzero(inside), maps.place(rates[inside], RATES)], axis=1)

    def budget(self, settings):
        return {"epochs": DECAY_EPOCHS}

    def cell_name(self, r):
        return f"η = {RATES[r.row]:.2g}, λ = {DECAYS[r.column]:.2g}"
