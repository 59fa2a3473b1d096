"""Data with a known truth: each generator draws samples, and sets some of them aside to test on.

A generator takes an explicit source of randomness first, so that the same seed gives the same data.
Regression comes first, then classification, in the order in which a boundary gets harder to draw.
"""

from collections.abc import Callable, Sequence

import numpy as np

from course_lib.core import finite_array, generator, interval, natural, non_negative, positive
from course_lib.datasets.dataset import Dataset
from course_lib.datasets.splits import train_test_split

__all__ = [
    "POLYNOMIAL",
    "blobs",
    "circles",
    "line",
    "moons",
    "noisy_polynomial",
    "noisy_quadratic",
    "spirals",
    "xor",
]


POLYNOMIAL = (2.5, 4.0, -5.0, -5.0, 2.0, 0.75)  # a wave of degree 5 whose highest power matters little


def _dataset(name: str, rng: np.random.Generator, x: np.ndarray, y: np.ndarray, test_size: float) -> Dataset:
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=test_size, rng=rng)
    return Dataset(name, x_train, y_train, x_test, y_test)


def line(
    rng: np.random.Generator,
    n: int = 100,
    noise: float = 0.1,
    *,
    weights: tuple[float, float] = (2.0, 0.5),
    x_range: tuple[float, float] = (-2.0, 2.0),
    test_size: float = 0.2,
) -> Dataset:
    """Draw points along y = w x + b, with normal noise on y.

    Args:
        rng: the source of randomness.
        n: samples in all.
        noise: standard deviation of the noise on y.
        weights: the true (w, b).
        x_range: x is uniform between these.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 1) and y of shape (N, 1), in a training and a test part.

    >>> line(np.random.default_rng(0), 10, noise=0)
    Dataset('line', 8 to train on, 2 to test on, x (1,) -> y (1,))
    """
    return _polynomial("line", rng, n, noise, weights, 2, x_range, test_size)


def noisy_quadratic(
    rng: np.random.Generator,
    n: int = 100,
    noise: float = 0.3,
    *,
    weights: tuple[float, float, float] = (1.0, -2.0, 0.5),
    x_range: tuple[float, float] = (-2.0, 2.0),
    test_size: float = 0.2,
) -> Dataset:
    """Draw points along y = w₁x² + w₂x + w₃, with normal noise on y.

    Args:
        rng: the source of randomness.
        n: samples in all.
        noise: standard deviation of the noise on y; its square is the least mean squared error to hope for.
        weights: the true (w₁, w₂, w₃).
        x_range: x is uniform between these.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 1) and y of shape (N, 1), in a training and a test part.

    >>> data = noisy_quadratic(np.random.default_rng(0), 10, noise=0)
    >>> x = data.x_train
    >>> bool(np.allclose(data.y_train, 1.0 * x**2 - 2.0 * x + 0.5))
    True
    """
    return _polynomial("noisy quadratic", rng, n, noise, weights, 3, x_range, test_size)


def noisy_polynomial(
    rng: np.random.Generator,
    n: int = 100,
    noise: float = 0.3,
    *,
    weights: Sequence[float] = POLYNOMIAL,
    x_range: tuple[float, float] = (-1.0, 1.0),
    test_size: float = 0.2,
) -> Dataset:
    """Draw points along a polynomial of any degree, with normal noise on y.

    Args:
        rng: the source of randomness.
        n: samples in all.
        noise: standard deviation of the noise on y; its square is the least mean squared error to hope for.
        weights: the true weights, that of the highest power first, as ``numpy.polyval`` takes them.
        x_range: x is uniform between these.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 1) and y of shape (N, 1), in a training and a test part.

    >>> data = noisy_polynomial(np.random.default_rng(0), 10, noise=0, weights=(2.0, 0.0, 0.0, 1.0))
    >>> bool(np.allclose(data.y_train, 2 * data.x_train**3 + 1))
    True
    """
    return _polynomial("noisy polynomial", rng, n, noise, weights, None, x_range, test_size)


def _polynomial(
    name: str,
    rng: np.random.Generator,
    n: int,
    noise: float,
    weights: Sequence[float],
    n_weights: int | None,
    x_range: tuple[float, float],
    test_size: float,
) -> Dataset:
    generator("rng", rng)
    n, noise = natural("n", n, minimum=2), non_negative("noise", noise)
    weights = finite_array("weights", weights, shape=(n_weights,))
    x = rng.uniform(*interval("x_range", x_range), (n, 1))
    y = np.polyval(weights, x) + noise * rng.normal(size=(n, 1))
    return _dataset(name, rng, x, y, test_size)


def _two_classes(
    name: str,
    rng: np.random.Generator,
    n: int,
    noise: float,
    clean: Callable[[np.ndarray, np.ndarray], np.ndarray],
    test_size: float,
) -> Dataset:
    """Alternate two classes, place samples by ``clean(labels, u)``, u uniform in [0, 1), and add noise."""
    generator("rng", rng)
    n, noise = natural("n", n, minimum=2), non_negative("noise", noise)
    labels = np.arange(n) % 2
    x = clean(labels, rng.random(n)) + noise * rng.normal(size=(n, 2))
    return _dataset(name, rng, x, labels, test_size)


def blobs(
    rng: np.random.Generator,
    n: int = 200,
    noise: float = 1.0,
    *,
    centers: tuple[tuple[float, ...], ...] = ((-2.0, 0.0), (2.0, 0.0)),
    test_size: float = 0.2,
) -> Dataset:
    """Draw round clouds, one a class; for two of them a straight line is the best boundary there is.

    Args:
        rng: the source of randomness.
        n: samples in all.
        noise: standard deviation of each cloud.
        centers: the middle of each class, one point of d coordinates each.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, d), labels of shape (N,).

    >>> blobs(np.random.default_rng(0), 10)
    Dataset('blobs', 8 to train on, 2 to test on, x (2,) -> y ())
    """
    generator("rng", rng)
    n, noise = natural("n", n, minimum=2), non_negative("noise", noise)
    centers = finite_array("centers", centers, shape=(None, None))
    labels = np.arange(n) % len(centers)
    x = centers[labels] + noise * rng.normal(size=(n, centers.shape[1]))
    return _dataset("blobs", rng, x, labels, test_size)


def xor(rng: np.random.Generator, n: int = 200, noise: float = 0.2, *, test_size: float = 0.2) -> Dataset:
    """Draw four clouds around (±1, ±1), of class 1 where the signs differ: no straight line separates them.

    Args:
        rng: the source of randomness.
        n: samples in all, half of each class.
        noise: standard deviation of the noise on both coordinates.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 2), labels 0 and 1 of shape (N,), in a training and a test part.

    >>> xor(np.random.default_rng(0), 10, noise=0).x_train.shape
    (8, 2)
    """

    def corners(label: np.ndarray, u: np.ndarray) -> np.ndarray:
        x = np.where(u < 0.5, -1.0, 1.0)
        return np.stack([x, np.where(label == 1, -x, x)], axis=1)

    return _two_classes("xor", rng, n, noise, corners, test_size)


def moons(rng: np.random.Generator, n: int = 200, noise: float = 0.1, *, test_size: float = 0.2) -> Dataset:
    """Draw two half circles of radius 1 that reach into each other.

    Args:
        rng: the source of randomness.
        n: samples in all, half of each class.
        noise: standard deviation of the noise on both coordinates.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 2), labels 0 and 1 of shape (N,), in a training and a test part.

    >>> moons(np.random.default_rng(0), 10).y_train.dtype
    dtype('int64')
    """

    def half_circles(label: np.ndarray, u: np.ndarray) -> np.ndarray:
        angle, sign = np.pi * u, 1 - 2 * label
        return np.stack([label + sign * np.cos(angle), 0.5 * label + sign * np.sin(angle)], axis=1)

    return _two_classes("moons", rng, n, noise, half_circles, test_size)


def circles(rng: np.random.Generator, n: int = 200, noise: float = 0.1, *, test_size: float = 0.2) -> Dataset:
    """Draw a circle of radius 0.5, class 1, inside one of radius 1, class 0.

    Args:
        rng: the source of randomness.
        n: samples in all, half of each class.
        noise: standard deviation of the noise on both coordinates.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 2), labels 0 and 1 of shape (N,), in a training and a test part.

    >>> circles(np.random.default_rng(0), 10, noise=0).x_train.shape
    (8, 2)
    """

    def rings(label: np.ndarray, u: np.ndarray) -> np.ndarray:
        radius, angle = 1 - 0.5 * label, 2 * np.pi * u
        return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    return _two_classes("circles", rng, n, noise, rings, test_size)


def spirals(
    rng: np.random.Generator, n: int = 200, noise: float = 0.05, *, turns: float = 1.5, test_size: float = 0.2
) -> Dataset:
    """Draw two spirals wound into each other, from the origin out to radius 1.

    Args:
        rng: the source of randomness.
        n: samples in all.
        noise: standard deviation of the noise on both coordinates.
        turns: how often each spiral winds around the origin.
        test_size: the fraction of the samples set aside.

    Returns:
        x of shape (N, 2), labels 0 and 1 of shape (N,), in a training and a test part.

    >>> spirals(np.random.default_rng(0), 10).x_train.shape
    (8, 2)
    """
    turns = positive("turns", turns)

    def arms(label: np.ndarray, u: np.ndarray) -> np.ndarray:
        radius = np.sqrt(u)  # evenly spread over the disc, not crowded in the middle
        angle = 2 * np.pi * turns * radius + np.pi * label
        return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    return _two_classes("spirals", rng, n, noise, arms, test_size)
