"""Splits: which samples are trained on, which choose between models, and which judge the one chosen."""

import numpy as np

from course_lib.core import generator, in_interval, natural

__all__ = [
    "k_fold",
    "leave_one_out",
    "stratified_k_fold",
    "train_test_split",
    "train_validation_test_split",
]


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


Fold = tuple[np.ndarray, np.ndarray]  # the numbers of the samples to train on, and of those to validate with


def k_fold(n: int, k: int, rng: np.random.Generator) -> list[Fold]:
    """Split n samples k times, so that each is in the validation part once.

    Args:
        n: samples.
        k: folds, from 2 to n; their sizes differ by 1 at most.
        rng: the source of the order.

    Returns:
        For each fold the sample numbers of its training part, (n − n/k,), and of its validation part, (n/k,).

    Raises:
        TypeError, ValueError: k is not a whole number from 2 to n.

    >>> [(len(train), len(validation)) for train, validation in k_fold(10, 3, np.random.default_rng(0))]
    [(6, 4), (7, 3), (7, 3)]

    The sizes are those of ``sklearn.model_selection.KFold(k, shuffle=True)``.
    """
    k = natural("k", k, minimum=2, maximum=natural("n", n, minimum=2))
    fold = np.empty(n, dtype=int)
    fold[generator("rng", rng).permutation(n)] = np.sort(np.arange(n) % k)
    return _folds(fold, k)


def stratified_k_fold(labels: np.ndarray, k: int, rng: np.random.Generator) -> list[Fold]:
    """Split samples k times as ``k_fold`` does, with the share of each class in every part.

    In each fold, the count of a class differs by 1 at most from that in any other, and so does the size.

    Args:
        labels: the class of each sample, shape (n,).
        k: folds, from 2 to the size of the smallest class.
        rng: the source of the order.

    Returns:
        What ``k_fold`` returns.

    Raises:
        TypeError, ValueError: k is not such a number, or labels is not of shape (n,).

    >>> folds = stratified_k_fold(np.array([0] * 6 + [1] * 3), 3, np.random.default_rng(0))
    >>> [np.array([0] * 6 + [1] * 3)[validation].tolist() for _, validation in folds]
    [[0, 0, 1], [0, 0, 1], [0, 0, 1]]

    Samples are dealt out like cards, class after class. scikit-learn's StratifiedKFold keeps the same bounds.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or len(labels) == 0:
        raise ValueError(f"labels must have shape (n,), one class a sample, got shape {labels.shape}")
    counts = np.unique(labels, return_counts=True)[1]
    k = natural("k", k, minimum=2, maximum=max(int(counts.min()), 2))
    if counts.min() < k:
        raise ValueError(f"labels must hold at least k = {k} samples of each class, got {counts.tolist()}")
    order = generator("rng", rng).permutation(len(labels))
    dealt = order[np.argsort(labels[order], kind="stable")]  # class after class, in random order within each
    fold = np.empty(len(labels), dtype=int)
    fold[dealt] = np.arange(len(labels)) % k
    return _folds(fold, k)


def leave_one_out(n: int) -> list[Fold]:
    """Split n samples n times, with one sample at a time to validate with.

    >>> [validation.tolist() for _, validation in leave_one_out(3)]
    [[0], [1], [2]]

    Equals ``sklearn.model_selection.LeaveOneOut``.
    """
    n = natural("n", n, minimum=2)
    return _folds(np.arange(n), n)


def _folds(fold: np.ndarray, k: int) -> list[Fold]:
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]
