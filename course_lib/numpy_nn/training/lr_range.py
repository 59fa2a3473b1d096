"""The learning-rate range test: let the rate grow from far too small to far too large, and watch the loss."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_lib.core import Tree, natural, positive
from course_lib.datasets import Dataset
from course_lib.numpy_nn.layers import Layer
from course_lib.numpy_nn.losses import Loss
from course_lib.numpy_nn.optimizers import SGD, Optimizer
from course_lib.numpy_nn.training.train import train

__all__ = ["RangeTest", "range_test"]

_SMOOTHING = 0.9
_SETTLED = 20  # updates until the running mean has forgotten its start
_BLOWN_UP = 4.0  # times the least smoothed loss so far


class RangeTest(NamedTuple):
    """What a range test shows. ``runs`` are those of the parameters.

    >>> RangeTest(np.array([0.1]), np.ones(1), np.ones(1), np.array(0.1), np.array(0.1)).tenth
    np.float64(0.01)
    """

    rates: np.ndarray  # (n_updates,)
    losses: np.ndarray  # (n_updates, *runs): each batch's, before the update made with the rate
    smoothed: np.ndarray  # (n_updates, *runs)
    steepest: np.ndarray  # runs: the rate at which the smoothed loss falls fastest
    blow_up: np.ndarray  # runs: the rate at which the loss has blown up, or the last rate

    @classmethod
    def of(cls, rates: np.ndarray, losses: np.ndarray, diverged_at: np.ndarray) -> "RangeTest":
        """Read a test that has been made, or as much of it as there is.

        Args:
            rates: of the updates, shape (n_updates,).
            losses: of the batches, shape (n_updates, *runs).
            diverged_at: the update after which each run diverged, or -1.

        >>> falls, then_grows = np.full(50, 0.5), np.full(50, 3.0)
        >>> bent = RangeTest.of(np.geomspace(0.01, 1, 100), np.append(falls, then_grows), np.array(-1))
        >>> bent.blow_up.round(2)  # the smoothed loss takes 9 updates to four times 0.5
        np.float64(0.15)
        """
        smoothed = _smoothed(losses)
        end = _blown_up(smoothed, diverged_at)
        return cls(rates, losses, smoothed, rates[_steepest(smoothed, end)], rates[end])

    @property
    def tenth(self) -> np.ndarray:
        """A tenth of the rate at which the loss blows up: a careful rate to start with."""
        return self.blow_up / 10


def range_test(
    model: Layer,
    params: Tree,
    loss: Loss,
    dataset: Dataset,
    lr_low: float,
    lr_high: float,
    n_updates: int,
    batch_size: int,
    rng: np.random.Generator,
    optimizer: Callable[..., Optimizer] = SGD,
) -> RangeTest:
    """Train with a learning rate that grows by the same factor at each update.

    ηₜ = η_low (η_high/η_low)^(t/(T−1)),   t = 0, …, T − 1

    The loss of the batches first stays, then falls, then blows up. A good rate lies where it falls: at the
    steepest place, or at a tenth of where it blows up. Blown up means: the smoothed loss is four times its
    least value so far, or the run has diverged. The smoothed loss is a running mean that forgets a tenth at
    each update, corrected for its start at 0.

    Args:
        model, params, loss, dataset, batch_size, rng: as for ``training.train``.
        lr_low: the first rate.
        lr_high: the last rate, above the first.
        n_updates: T, two or more; 100 are usual.
        optimizer: makes an optimizer of a schedule: SGD, Adam, …

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> from course_lib.datasets import line
    >>> from course_lib.numpy_nn.layers import Dense
    >>> from course_lib.numpy_nn.losses import mse
    >>> rng, model = np.random.default_rng(0), Dense(1, 1)
    >>> test = range_test(model, model.init(rng), mse, line(rng, 100), 1e-3, 10.0, 100, 10, rng)
    >>> bool(1e-3 < test.steepest < test.blow_up < 10)
    True

    Source: Smith, Cyclical learning rates for training neural networks, 2017.
    """
    lr_low, lr_high = positive("lr_low", lr_low), positive("lr_high", lr_high)
    n_updates = natural("n_updates", n_updates, minimum=2)
    if lr_high <= lr_low:
        raise ValueError(f"lr_high must be above lr_low, {lr_low:g}, got {lr_high:g}")
    rates = np.geomspace(lr_low, lr_high, n_updates)
    per_epoch = -(-len(dataset.x_train) // natural("batch_size", batch_size, maximum=len(dataset.x_train)))
    _, history = train(
        model,
        params,
        loss,
        optimizer(lambda t: float(rates[min(t, n_updates - 1)])),  # the last epoch may be longer than asked
        dataset,
        epochs=-(-n_updates // per_epoch),
        batch_size=batch_size,
        rng=rng,
    )
    return RangeTest.of(rates, history.batch_loss[:n_updates], history.diverged_at)


def _smoothed(losses: np.ndarray) -> np.ndarray:
    mean, smoothed = np.zeros(losses.shape[1:]), np.empty_like(losses)
    for t, loss in enumerate(losses):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        smoothed[t] = mean / (1 - _SMOOTHING ** (t + 1))
    return smoothed


def _blown_up(smoothed: np.ndarray, diverged_at: np.ndarray) -> np.ndarray:
    """The number of the first update at which each run has blown up, or the last."""
    last = len(smoothed) - 1
    over = smoothed > _BLOWN_UP * np.minimum.accumulate(smoothed, axis=0)
    first = np.where(over.any(axis=0), over.argmax(axis=0), last)
    return np.minimum(first, np.where(diverged_at >= 0, np.minimum(diverged_at, last), last))


def _steepest(smoothed: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Where the smoothed loss falls fastest over the logarithm of the rate, before it has blown up.

    Not in the first updates: their mean is one of few batches, and its slope is noise.
    """
    slope = np.gradient(smoothed, axis=0)
    t = np.arange(len(smoothed)).reshape(-1, *[1] * np.ndim(end))
    first = np.minimum(_SETTLED, end // 2)
    return np.where((t >= first) & (t <= end), slope, np.inf).argmin(axis=0)
