"""A net that learns to part points of the plane, as far as a picture asks, and that remembers how it went."""

from __future__ import annotations

import functools
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from course_lib import datasets, schedules
from course_lib.core import Tree, tree_map
from course_lib.numpy_nn import activations, optimizers
from course_lib.numpy_nn.initializers import he_normal, xavier_normal
from course_lib.numpy_nn.layers import Activate, Dense, Dropout, Sequential
from course_lib.numpy_nn.losses import binary_cross_entropy
from course_lib.numpy_nn.regularizers import ElasticNet
from course_lib.numpy_nn.training import start_training

EPOCHS, STRIDE = 200, 2  # the time axis, and the epochs between two pictures
RUNS = 5  # seeds of the weights and of the order of the samples
MOST_SAMPLES, TEST_SAMPLES = 120, 400
_LARGEST = 1e6  # of a weight that is drawn: beyond it the run is lost, and float32 overflows
DATA = {  # name -> (generator, scale, middle), so that each fills the same picture
    "blobs": (functools.partial(datasets.blobs, centers=((-1.0, -0.5), (1.0, 0.5))), 1.0, (0.0, 0.0)),
    "moons": (datasets.moons, 1.2, (0.5, 0.25)),
    "circles": (datasets.circles, 1.6, (0.0, 0.0)),
    "xor": (datasets.xor, 1.0, (0.0, 0.0)),
    "spirals": (functools.partial(datasets.spirals, turns=1.0), 1.9, (0.0, 0.0)),
}
ACTIVATIONS = {
    "tanh": activations.tanh,
    "ReLU": activations.relu,
    "leaky ReLU": activations.leaky_relu(0.1),
    "swish": activations.swish(),
    "sigmoid": activations.sigmoid,
    "none": activations.identity,
}
_SATURATING = ("tanh", "sigmoid", "none")  # these are started by Xavier's rule, the others by He's
OPTIMIZERS = ("SGD", "Momentum", "AdaGrad", "RMSProp", "Adam", "AdamW")
SCHEDULES = ("constant", "step", "cosine", "warmup, cosine")
BATCH_SIZES = (1, 2, 4, 8, 16, 32, "all")


@functools.lru_cache(maxsize=16)
def _points(data: str, noise: float, seed: int) -> datasets.Dataset:
    """All samples there may be; `noise` is in units of the picture."""
    generator, scale, middle = DATA[data]
    n = MOST_SAMPLES + TEST_SAMPLES
    drawn = generator(np.random.default_rng(seed), n, noise / scale, test_size=TEST_SAMPLES / n)
    parts = {f"x_{part}": scale * (getattr(drawn, f"x_{part}") - middle) for part in ("train", "test")}
    parts |= {f"y_{part}": getattr(drawn, f"y_{part}")[:, None].astype(float) for part in ("train", "test")}
    return replace(drawn, **parts)


def net(layers: int, width: int, activation: str, dropout: float) -> Sequential:
    """Two inputs, hidden layers of one width, and one logit."""
    init = xavier_normal if activation in _SATURATING else he_normal
    parts, n_in = [], 2
    for _ in range(layers):
        parts += [Dense(n_in, width, init), Activate(ACTIVATIONS[activation])]
        parts += [Dropout(dropout)] if dropout else []
        n_in = width
    return Sequential([*parts, Dense(n_in, 1, xavier_normal)])


def schedule_of(name: str, lr: float, n_updates: int) -> schedules.Schedule:
    """A schedule over the whole time axis."""
    match name:
        case "step":
            return schedules.step_decay(lr, every=-(-n_updates // 3))
        case "cosine":
            return schedules.cosine_annealing(lr, n_updates)
        case "warmup, cosine":
            warm = n_updates // 10
            return schedules.linear_warmup(schedules.cosine_annealing(lr, n_updates - warm), warm)
    return schedules.constant(lr)


class LiveTraining:
    """Several runs of one training, advanced as far as asked for; what was is kept, every few epochs.

    Args:
        data, noise, samples, seed: the points.
        layers, width, activation, dropout: the net.
        optimizer, schedule, lr, batch_size, l1, l2: how it is trained. AdamW takes l2 as weight decay.
    """

    def __init__(
        self,
        data: str,
        noise: float,
        samples: int,
        layers: int,
        width: int,
        activation: str,
        optimizer: str,
        schedule: str,
        lr: float,
        batch_size: int | str,
        l1: float,
        l2: float,
        dropout: float,
        seed: int,
    ):
        points = _points(data, noise, seed)
        self.data = replace(points, x_train=points.x_train[:samples], y_train=points.y_train[:samples])
        size = samples if batch_size == "all" else min(batch_size, samples)
        self.updates_per_epoch = -(-samples // size)
        self.rate = schedule_of(schedule, lr, EPOCHS * self.updates_per_epoch)
        self.model = net(layers, width, activation, dropout)
        decays = {"weight_decay": l2} if optimizer == "AdamW" else {}
        penalties = l1, 0.0 if decays else l2
        self._trainer = start_training(
            self.model,
            self.model.init(np.random.default_rng([seed, 1]), (RUNS,)),
            binary_cross_entropy,
            getattr(optimizers, optimizer)(self.rate, **decays),
            self.data,
            rng=[np.random.default_rng([seed, 2, run]) for run in range(RUNS)],
            batch_size=size,
            regularizer=ElasticNet(*penalties) if any(penalties) else None,
        )
        self._x = np.concatenate([self.data.x_train, self.data.x_test])
        self._lock = threading.Lock()  # work that was called off may still be in its last epoch
        self._kept: list[SimpleNamespace] = []
        self._keep()

    @property
    def epoch(self) -> int:
        """The last epoch at hand."""
        return STRIDE * (len(self._kept) - 1)

    def updates_to(self, epoch: int) -> int:
        """The updates that are missing until an epoch."""
        return max(epoch - self.epoch, 0) * self.updates_per_epoch

    def go_on(self, epoch: int, seconds: float = np.inf) -> int:
        """Train until an epoch, or for about so long; return how far it is, at most the epoch asked for."""
        end = time.monotonic() + seconds
        with self._lock:
            while self.epoch < epoch:
                self._trainer.advance_epochs(STRIDE)
                self._keep()
                if time.monotonic() > end:
                    break
        return min(epoch, self.epoch)

    def at(self, epoch: int) -> SimpleNamespace:
        """What is kept of an epoch: `params` of all runs, in float32."""
        return self._kept[epoch // STRIDE]

    def until(self, epoch: int, name: str) -> np.ndarray:
        """One series up to an epoch, (pictures, RUNS): train_loss, test_loss, train_right or test_right."""
        return np.array([getattr(kept, name) for kept in self._kept[: epoch // STRIDE + 1]])

    def diverged_until(self, epoch: int) -> np.ndarray:
        """Which runs had diverged at each picture up to an epoch, (pictures, RUNS)."""
        return self.until(epoch, "diverged") >= 0

    def _keep(self) -> None:
        """Keep the parameters, and how the runs do on both parts."""
        params, n = self._trainer.params, len(self.data.x_train)
        logits, _ = self.model.forward(params, self._x)
        kept = SimpleNamespace(params=_drawable(params), diverged=self._trainer.diverged_at)
        for part, z in (("train", logits[:, :n]), ("test", logits[:, n:])):
            y = getattr(self.data, f"y_{part}")
            setattr(kept, f"{part}_loss", binary_cross_entropy.value(z, y))
            setattr(kept, f"{part}_right", np.mean((z > 0) == y, axis=(-2, -1)))
        self._kept.append(kept)


def _drawable(params: Tree) -> Tree:
    return tree_map(lambda p: np.clip(p, -_LARGEST, _LARGEST).astype(np.float32), params)
