"""Where weights start: in order of history, each a function (rng, n_in, n_out, runs) -> weights.

All but ``zeros`` and ``normal`` choose the variance of a weight from the layer's size, so that signals keep
their scale from layer to layer. The uniform and the normal form of a scheme have one and the same variance:
that of U(−a, a) is a²/3.
"""

from collections.abc import Callable

import numpy as np

__all__ = ["Initializer", "he_normal", "he_uniform", "normal", "xavier_normal", "xavier_uniform", "zeros"]

Initializer = Callable[..., np.ndarray]


def zeros(rng: np.random.Generator, n_in: int, n_out: int, runs: tuple[int, ...] = ()) -> np.ndarray:
    """Start every weight at 0: fine for biases and for a single layer, but hidden units then stay alike.

    Args:
        rng: not used; there so that all initializers are called alike.
        n_in: inputs of the layer.
        n_out: outputs of the layer.
        runs: leading axes, one entry for each independent training.

    Returns:
        Weights of shape runs + (n_in, n_out).

    >>> zeros(np.random.default_rng(0), 2, 3).shape
    (2, 3)
    """
    return np.zeros((*runs, n_in, n_out))


def normal(std: float = 0.01) -> Initializer:
    """Make an initializer that draws from N(0, std²), whatever the size of the layer.

    >>> normal(std=0.01)(np.random.default_rng(0), 2, 3, runs=(5,)).shape
    (5, 2, 3)
    """

    def init(rng: np.random.Generator, n_in: int, n_out: int, runs: tuple[int, ...] = ()) -> np.ndarray:
        return rng.normal(0.0, std, (*runs, n_in, n_out))

    return init


def xavier_uniform(rng: np.random.Generator, n_in: int, n_out: int, runs: tuple[int, ...] = ()) -> np.ndarray:
    """Draw from U(−a, a) with a = √(6 / (n_in + n_out)), for tanh-like units.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward networks, 2010.

    >>> bool(abs(xavier_uniform(np.random.default_rng(0), 2, 4)).max() < 1)
    True
    """
    a = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-a, a, (*runs, n_in, n_out))


def xavier_normal(rng: np.random.Generator, n_in: int, n_out: int, runs: tuple[int, ...] = ()) -> np.ndarray:
    """Draw from a normal distribution of *variance* 2 / (n_in + n_out), for tanh-like units.

    >>> xavier_normal(np.random.default_rng(0), 2, 4).shape
    (2, 4)
    """
    return rng.normal(0.0, np.sqrt(2 / (n_in + n_out)), (*runs, n_in, n_out))


def he_uniform(rng: np.random.Generator, n_in: int, n_out: int, runs: tuple[int, ...] = ()) -> np.ndarray:
    """Draw from U(−a, a) with a = √(6 / n_in), for ReLU units, which silence half of their inputs.

    Source: He et al., Delving deep into rectifiers, 2015. PyTorch calls the scheme kaiming.

    >>> bool(abs(he_uniform(np.random.default_rng(0), 6, 4)).max() < 1)
    True
    """
    a = np.sqrt(6 / n_in)
    return rng.uniform(-a, a, (*runs, n_in, n_out))


def he_normal(rng: np.random.Generator, n_in: int, n_out: int, runs: tuple[int, ...] = ()) -> np.ndarray:
    """Draw from a normal distribution of *variance* 2 / n_in, for ReLU units.

    >>> he_normal(np.random.default_rng(0), 6, 4).shape
    (6, 4)
    """
    return rng.normal(0.0, np.sqrt(2 / n_in), (*runs, n_in, n_out))
