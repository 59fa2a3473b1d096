"""A straight line to fit by mini-batches: the data, its loss surface, the start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from course_lib import datasets, surfaces

N = 32  # training samples
START = (-0.5, 3.5)  # (w, b) before training


def line_data(seed: int) -> datasets.Dataset:
    """A noisy line, its samples sorted by x: the order in which they often arrive."""
    data = datasets.line(
        np.random.default_rng(seed), n=40, noise=0.8, weights=(2.0, 0.5), x_range=(-1.0, 3.0)
    )
    order = np.argsort(data.x_train[:, 0])
    return replace(data, x_train=data.x_train[order], y_train=data.y_train[order])


def loss_surface(data: datasets.Dataset) -> surfaces.Surface:
    x = data.x_train[:, 0]
    return surfaces.least_squares(np.stack([x, np.ones_like(x)], axis=1), data.y_train[:, 0])


def start_params(runs: tuple[int, ...]) -> dict[str, np.ndarray]:
    w, b = START
    return {"W": np.full((*runs, 1, 1), w), "b": np.full((*runs, 1), b)}
