"""Dropout: noise while training, nothing afterwards."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.core import generator, in_interval

__all__ = ["Dropout"]


class Dropout:
    """Set each entry to 0 with probability p while training, and scale the others up by 1 / (1 − p).

    y = x ⊙ m,   m = 0 with probability p, and 1 / (1 − p) otherwise;   ∂L/∂x = ∂L/∂y ⊙ m

    The scaling keeps the mean of every entry, so that nothing is left to do after training. This is called
    inverted dropout; it is PyTorch's.

    Args:
        p: the probability to drop an entry, from 0 up to but not including 1.

    Raises:
        TypeError, ValueError: p is not such a number.

    >>> dropout = Dropout(0.5)
    >>> y, mask = dropout.forward({}, np.ones(6), train=True, rng=np.random.default_rng(0))
    >>> y
    array([2., 0., 0., 0., 2., 2.])
    >>> dropout.forward({}, np.ones(6))[0]
    array([1., 1., 1., 1., 1., 1.])

    Source: Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, 2014. There,
    and in many texts, p is the probability to *keep* an entry, and the weights are scaled after training.
    """

    def __init__(self, p: float) -> None:
        self.p = in_interval("p", p, 0, 1, closed="left")

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> dict:
        """Return no parameters."""
        return {}

    def forward(
        self,
        params: dict,
        x: np.ndarray,
        *,
        train: bool = False,
        rng: np.random.Generator | Sequence[np.random.Generator] | None = None,
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Return x, with entries dropped where train is set; the cache is the mask m.

        Entries are drawn from rng: from one Generator for all, or from a list or array of shape runs with one
        for each run of x, so that a run drops the same entries in company as alone.
        """
        if not train:
            return x, None
        kept = _uniform(rng, np.shape(x)) >= self.p
        mask = kept.astype(np.result_type(np.asarray(x), np.float32)) / (1 - self.p)
        return x * mask, mask

    def backward(self, params: dict, cache: np.ndarray | None, dy: np.ndarray) -> tuple[np.ndarray, dict]:
        """Return ∂L/∂x, and no gradients of parameters."""
        return (dy if cache is None else dy * cache), {}


def _uniform(rng: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Draw from U(0, 1), each run from its own Generator if there are several."""
    if isinstance(rng, np.random.Generator):
        return rng.random(shape)
    rngs = np.array(rng, dtype=object)
    for one in rngs.flat:
        generator("rng", one)
    if shape[: rngs.ndim] != rngs.shape:
        raise ValueError(f"rng must hold one Generator for each run of x {shape}, got shape {rngs.shape}")
    draws = [one.random(shape[rngs.ndim :]) for one in rngs.flat]
    return np.reshape(draws, shape)
