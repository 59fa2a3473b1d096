"""Many runs at once, but not too many: a training is worked in chunks of runs that fit the cache."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from course_lib.core import History, Tree, generator, select_runs, tree_leaves, tree_map
from course_lib.numpy_nn.optimizers import Optimizer

__all__ = ["NUMBERS_AT_ONCE", "Chunk", "as_generators", "chunks", "joined"]

NUMBERS_AT_ONCE = 12_000  # parameters: about 64 nets of 2-8-8-8-1, whose activations fit the cache with them

Rngs = np.random.Generator | Sequence[np.random.Generator]


class Chunk(NamedTuple):
    """What belongs to some of the runs: their shape, parameters, optimizer, and sources of chance."""

    runs: tuple[int, ...]
    params: Tree
    optimizer: Optimizer
    order: np.ndarray  # Generators of the order of the samples: of shape () where all runs share one, or runs
    noise: Any  # likewise, for layers that draw, such as dropout
    augment: (
        np.ndarray
    )  # likewise, for augmentation: where all runs share one order, they share what is drawn
    rules: tuple = ()  # regularizer, early stopping and plateau, or None for each


def as_generators(rng: Rngs) -> np.ndarray:
    """Make an array of Generators: of shape () for one, of shape runs for a list.

    >>> as_generators([np.random.default_rng(0), np.random.default_rng(1)]).shape
    (2,)
    """
    rngs = np.array(rng, dtype=object)
    for item in rngs.flat:
        generator("rng", item)
    return rngs


def chunks(
    params: Tree, optimizer: Optimizer, rng: Rngs, runs: tuple[int, ...], *, split: bool, rules: tuple = ()
) -> Iterator[Chunk]:
    """Part the runs so that each chunk has about NUMBERS_AT_ONCE parameters, and at least one run.

    All runs of one Generator see the samples in the same order, whatever their chunk. Noise comes from
    Generators spawned from those given, so that a layer that draws does not change the order.

    Args:
        params: of shape runs + (...) each.
        optimizer: its array-valued hyperparameters are parted too.
        rng: one Generator, or a list with one for each run.
        runs: the shape of the runs.
        split: whether to part at all; otherwise there is one chunk, with the runs as they are.
        rules: more that has hyperparameters, parted like those of the optimizer.

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> params, rng = {"W": np.zeros((10, 60, 100))}, np.random.default_rng(0)
    >>> [chunk.runs for chunk in chunks(params, SGD(0.1), rng, runs=(10,), split=True)]
    [(2,), (2,), (2,), (2,), (2,)]
    """
    rngs, n_runs = as_generators(rng), int(np.prod(runs, dtype=int))
    of_a_run = sum(p.size for p in tree_leaves(params)) // max(n_runs, 1)
    size = max(NUMBERS_AT_ONCE // max(of_a_run, 1), 1)
    if not split or n_runs <= size:
        noise = _spawned(rngs)
        yield Chunk(runs, params, optimizer, rngs, noise, _augmenting(noise), rules)
        return
    shared = None
    for first in range(0, n_runs, size):
        part = slice(first, min(first + size, n_runs))
        if rngs.ndim:
            order = rngs.reshape(-1)[part]
        else:  # the last chunk draws from the Generator itself, which has then moved on as for a single chunk
            order = rngs if part.stop == n_runs else as_generators(deepcopy(rng))
        noise = _spawned(order if rngs.ndim else rngs)
        mine = tree_map(lambda p, part=part: p.reshape(-1, *p.shape[len(runs) :])[part], params)
        if rngs.ndim:
            augment = _augmenting(noise)
        else:
            shared = shared or _augmenting(noise).item()
            augment = as_generators(deepcopy(shared))
        own = select_runs(optimizer, runs, part), order, noise, augment, select_runs(rules, runs, part)
        yield Chunk((part.stop - first,), mine, *own)


def _spawned(rngs: np.ndarray) -> Any:
    children = [rng.spawn(1)[0] for rng in rngs.flat]
    return np.array(children, dtype=object).reshape(rngs.shape) if rngs.ndim else children[0]


def _augmenting(noise: Any) -> np.ndarray:
    """Generators of a third kind, spawned from those of the noise, so that neither changes the other."""
    return np.array(_spawned(np.array(noise, dtype=object)), dtype=object)


def joined(trained: list[tuple[Tree, History]], runs: tuple[int, ...]) -> tuple[Tree, History]:
    """Put the parameters and the histories of the chunks together again.

    >>> history = History(np.zeros((4, 2)), np.zeros((3, 2)), np.zeros((3, 2)), np.full(2, -1))
    >>> params, whole = joined([({"b": np.ones((2, 5))}, history)] * 3, runs=(2, 3))
    >>> params["b"].shape, whole.batch_loss.shape
    ((2, 3, 5), (4, 2, 3))
    """
    if len(trained) == 1:
        return trained[0]
    all_params, histories = zip(*trained)
    params = tree_map(lambda *parts: np.concatenate(parts).reshape(*runs, *parts[0].shape[1:]), *all_params)

    def put_together(name: str, axis: int) -> np.ndarray | None:
        parts = [getattr(history, name) for history in histories]
        if parts[0] is None:
            return None
        longest = max(map(len, parts))
        whole = np.concatenate([_prolonged(part, longest) if axis else part for part in parts], axis=axis)
        return whole.reshape(*whole.shape[:axis], *runs)

    series = {
        name: put_together(name, 1) for name in ("batch_loss", "train_loss", "validation_loss", "step_scale")
    }
    of_runs = {name: put_together(name, 0) for name in ("diverged_at", "best_epoch", "stopped_at")}
    updates = [history.n_updates for history in histories]
    n_updates = None if updates[0] is None else max(updates, key=len)
    return params, History(**series, **of_runs, n_updates=n_updates)


def _prolonged(series: np.ndarray, length: int) -> np.ndarray:
    """Repeat the last entry of a series that ended early."""
    missing = length - len(series)
    return np.concatenate([series, np.repeat(series[-1:], missing, axis=0)]) if missing else series
