"""Splits: which samples are trained on, which choose between models, and which judge the one chosen."""

import numpy as np

from course_lib.validation import generator, in_interval

__all__ = ["train_test_split", "train_validation_test_split"]


def train_test_split(
    *arrays: np.ndarray, test_size: float = 0.2, rng: np.random.Generator
) -> list[np.ndarray]:
    """Shuffle samples and set a fraction of them aside.

    Args:
        arrays: any number of arrays with samples first; all are split alike.
        test_size: the fraction set aside, between 0 and 1; the number of samples is rounded to the nearest
            that leaves both parts at least one.
        rng: the source of the order.

    Returns:
        For each array its training and its test part, one after the other, as in scikit-learn.

    Raises:
        ValueError: the arrays differ in length, or there are too few samples.

    >>> x_train, x_test = train_test_split(np.arange(5), test_size=0.4, rng=np.random.default_rng(0))
    >>> len(x_train), len(x_test)
    (3, 2)
    """
    test_size = in_interval("test_size", test_size, 0, 1, closed="neither")
    return _split(arrays, [test_size], rng)


def train_validation_test_split(
    *arrays: np.ndarray,
    validation_size: float = 0.2,
    test_size: float = 0.2,
    rng: np.random.Generator,
) -> list[np.ndarray]:
    """Shuffle samples and split them in three: to train on, to choose with, to judge by at the very end.

    Args:
        arrays: any number of arrays with samples first; all are split alike.
        validation_size: the fraction of *all* samples that goes into the validation part.
        test_size: the fraction of all samples that goes into the test part.
        rng: the source of the order.

    Returns:
        For each array its training, validation and test part, one after the other.

    Raises:
        ValueError: the fractions leave nothing to train on, the arrays differ in length, or there are too few
            samples.

    >>> parts = train_validation_test_split(np.arange(10), rng=np.random.default_rng(0))
    >>> [len(part) for part in parts]
    [6, 2, 2]
    """
    validation_size = in_interval("validation_size", validation_size, 0, 1, closed="neither")
    test_size = in_interval("test_size", test_size, 0, 1, closed="neither")
    if validation_size + test_size >= 1:
        raise ValueError(
            "validation_size + test_size must be below 1, so that something is left to train on, "
            f"got {validation_size:g} + {test_size:g}"
        )
    return _split(arrays, [validation_size, test_size], rng)


def _split(
    arrays: tuple[np.ndarray, ...], held_out: list[float], rng: np.random.Generator
) -> list[np.ndarray]:
    """Apply one random order to every array and cut it: the training part, then those held out."""
    n = _n_samples(arrays, at_least=len(held_out) + 1)
    sizes = [max(1, round(fraction * n)) for fraction in held_out]
    while sum(sizes) >= n:  # leave one to train on
        sizes[sizes.index(max(sizes))] -= 1
    order = generator("rng", rng).permutation(n)
    parts = np.split(order, np.cumsum([n - sum(sizes), *sizes[:-1]]))
    return [np.asarray(array)[part] for array in arrays for part in parts]


def _n_samples(arrays: tuple[np.ndarray, ...], at_least: int) -> int:
    lengths = [len(array) for array in arrays]
    if not lengths or len(set(lengths)) != 1:
        raise ValueError(f"arrays must hold equally many samples, got {lengths}")
    if lengths[0] < at_least:
        raise ValueError(f"arrays must hold at least {at_least} samples to be split, got {lengths[0]}")
    return lengths[0]
