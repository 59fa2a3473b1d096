"""Augmentation: more training pictures out of those there are, by changes that keep the label.

A change must keep what the picture means. A digit shifted by a pixel is the same digit. Flipped from left to
right, a 2 is no digit at all, and turned by 180 degrees a 6 is a 9: there, a flip teaches what is wrong.

Pictures are (..., h, w), or digits of 64 numbers (..., 64), which are read as (..., 8, 8). Shifting, turning
and scaling are one operation: each pixel of the result asks for the color at an affinely transformed place of
the picture, mixed from the four pixels around it; outside the picture it finds 0.
"""

from collections.abc import Callable
from math import isqrt

import numpy as np

from course_lib.core import finite_array, generator, in_interval, non_negative, positive

__all__ = [
    "affine",
    "compose",
    "flip",
    "noise",
    "random_affine",
    "random_flip",
    "random_noise",
    "rotate",
    "scale",
    "shift",
]

Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def affine(x: np.ndarray, matrix: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Give each pixel p of the result the color of x at the place A (p − c) + c + t, c the middle.

    Args:
        x: pictures, (..., h, w) or (..., 64).
        matrix: A, shape (2, 2), or (..., 2, 2) with one for each picture; places are (row, column).
        offset: t in pixels, shape (2,), or (..., 2) with one for each picture.

    Returns:
        Pictures in the shape of x; 0 where the place lies outside.

    Raises:
        TypeError, ValueError: x holds no pictures, or the others do not have such shapes.

    >>> affine(np.array([[1.0, 2.0], [3.0, 4.0]]), np.eye(2), [0.0, 0.5])  # asks half a pixel to the right
    array([[1.5, 1. ],
           [3.5, 2. ]])

    Equals ``scipy.ndimage.affine_transform`` of order 1 with ``mode="grid-constant"``.
    """
    x = finite_array("x", x)
    pictures = _pictures(x)
    matrix, offset = finite_array("matrix", matrix), finite_array("offset", offset)
    if matrix.shape[-2:] != (2, 2) or offset.shape[-1:] != (2,):
        raise ValueError(
            f"matrix and offset must have shapes (..., 2, 2) and (..., 2), got {matrix.shape}, {offset.shape}"
        )
    *ahead, h, w = pictures.shape
    middle = np.array([h - 1, w - 1]) / 2
    pixels = np.stack(np.meshgrid(np.arange(h), np.arange(w), indexing="ij"), axis=-1).reshape(-1, 2)
    places = (pixels - middle) @ matrix.mT + (middle + offset)[..., None, :]  # (..., h w, 2)
    places = np.broadcast_to(places, (*ahead, h * w, 2)).reshape(-1, h * w, 2)
    return _bilinear(pictures.reshape(-1, h, w), places).astype(x.dtype, copy=False).reshape(x.shape)


def _bilinear(pictures: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Colors of pictures (m, h, w) at places (m, n, 2), mixed from the four pixels around each."""
    _, h, w = pictures.shape
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))  # a border of 0
    row, column = np.clip(places[..., 0] + 1, 0, h + 1), np.clip(places[..., 1] + 1, 0, w + 1)
    top, left = np.minimum(row.astype(int), h), np.minimum(column.astype(int), w)
    down, right = row - top, column - left
    which = np.arange(len(pictures))[:, None]
    upper = padded[which, top, left] * (1 - right) + padded[which, top, left + 1] * right
    lower = padded[which, top + 1, left] * (1 - right) + padded[which, top + 1, left + 1] * right
    return upper * (1 - down) + lower * down


def _pictures(x: np.ndarray) -> np.ndarray:
    """Read (..., 64) as (..., 8, 8); anything else must be pictures already."""
    if x.ndim and x.shape[-1] == 64 and (x.ndim < 3 or x.shape[-2] != 64):
        side = isqrt(x.shape[-1])
        return x.reshape(*x.shape[:-1], side, side)
    if x.ndim < 2:
        raise ValueError(f"x must hold pictures (..., h, w) or digits (..., 64), got shape {x.shape}")
    return x


def shift(x: np.ndarray, down: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Move pictures by some pixels, numbers or one for each picture; what enters is 0.

    >>> shift(np.array([[1.0, 2.0], [3.0, 4.0]]), down=1, right=0)
    array([[0., 0.],
           [1., 2.]])
    """
    down, right = finite_array("down", down), finite_array("right", right)
    return affine(x, np.eye(2), -np.stack(np.broadcast_arrays(down, right), axis=-1))


def rotate(x: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """Turn pictures counterclockwise about their middle; a number, or one for each picture.

    >>> rotate(np.array([[1.0, 2.0], [3.0, 4.0]]), 90).round(12)
    array([[2., 4.],
           [1., 3.]])
    """
    return affine(x, _turn(finite_array("degrees", degrees)), np.zeros(2))


def _turn(degrees: np.ndarray) -> np.ndarray:
    """From a place (row, column) of the result to that of the picture; rows count downward."""
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.stack([np.stack([cos, sin], axis=-1), np.stack([-sin, cos], axis=-1)], axis=-2)


def scale(x: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Enlarge pictures about their middle by a factor, or shrink them below 1; one, or one for each.

    >>> scale(np.array([[0.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 0.0]]), 2)[1]
    array([2., 4., 2.])
    """
    factor = np.asarray(positive("factor", factor, array=True))
    return affine(x, np.eye(2) / factor[..., None, None], np.zeros(2))


def flip(x: np.ndarray) -> np.ndarray:
    """Mirror pictures left to right. Right for cats and galaxies, wrong for digits: a flipped 2 is none.

    >>> flip(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 1.],
           [4., 3.]])
    """
    x = finite_array("x", x)
    return _pictures(x)[..., ::-1].reshape(x.shape)


def noise(x: np.ndarray, std: float, rng: np.random.Generator) -> np.ndarray:
    """Add normal noise to every pixel; the result may leave the range of gray levels.

    >>> bool(np.std(noise(np.zeros((100, 64)), 0.1, np.random.default_rng(0))).round(2) == 0.1)
    True
    """
    x = finite_array("x", x)
    return x + (non_negative("std", std) * generator("rng", rng).normal(size=x.shape)).astype(x.dtype)


def random_affine(*, pixels: float = 0.0, degrees: float = 0.0, zoom: float = 0.0) -> Augment:
    """Make an augmentation that shifts, turns and scales each picture by amounts of its own.

    Args:
        pixels: shifts are uniform in [−pixels, pixels], in both directions.
        degrees: turns are uniform in [−degrees, degrees].
        zoom: factors are uniform in [1 − zoom, 1 + zoom]; below 1.

    Returns:
        A function (x, rng) -> x, as ``train(augment=...)`` takes it.

    >>> x = np.ones((3, 64))
    >>> random_affine(pixels=1, degrees=10)(x, np.random.default_rng(0)).shape
    (3, 64)
    """
    pixels, degrees = non_negative("pixels", pixels), non_negative("degrees", degrees)
    zoom = in_interval("zoom", zoom, 0, 1, closed="left")

    def augment(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        ahead = _pictures(np.asarray(x)).shape[:-2]
        offset = rng.uniform(-pixels, pixels, (*ahead, 2))
        turn = _turn(rng.uniform(-degrees, degrees, ahead))
        return affine(x, turn / rng.uniform(1 - zoom, 1 + zoom, ahead)[..., None, None], offset)

    return augment


def random_flip(p: float = 0.5) -> Augment:
    """Make an augmentation that mirrors each picture with probability p; see ``flip`` for where it is wrong.

    >>> random_flip(p=1.0)(np.array([[[1.0, 2.0]]]), np.random.default_rng(0))
    array([[[2., 1.]]])
    """
    p = in_interval("p", p, 0, 1)

    def augment(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        x = np.asarray(x)
        chosen = rng.random(_pictures(x).shape[:-2]) < p
        return np.where(chosen.reshape(chosen.shape + (1,) * (x.ndim - chosen.ndim)), flip(x), x)

    return augment


def random_noise(std: float) -> Augment:
    """Make an augmentation that adds normal noise to every pixel.

    >>> random_noise(0.1)(np.zeros((3, 64)), np.random.default_rng(0)).shape
    (3, 64)
    """
    std = non_negative("std", std)
    return lambda x, rng: noise(x, std, rng)


def compose(*parts: Augment) -> Augment:
    """Chain augmentations, the first one first.

    >>> both = compose(random_affine(pixels=1), random_noise(0.1))
    >>> both(np.zeros((3, 64)), np.random.default_rng(0)).shape
    (3, 64)
    """
    for part in parts:
        if not callable(part):
            raise TypeError(f"parts must be functions (x, rng) -> x, got {part!r}")

    def augment(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        for part in parts:
            x = part(x, rng)
        return x

    return augment
