"""Augmentation against scipy.ndimage, and each picture with a draw of its own."""

import numpy as np
import pytest
from scipy import ndimage

from course_lib.datasets import augmentation
from course_lib.datasets.augmentation import affine, compose, flip, random_affine, random_flip, random_noise

rng_of = np.random.default_rng


def scipy_affine(picture, matrix, offset):
    middle = (np.array(picture.shape) - 1) / 2
    start = middle + offset - matrix @ middle
    return ndimage.affine_transform(picture, matrix, start, order=1, mode="grid-constant", cval=0.0)


@pytest.mark.parametrize("shape", [(8, 8), (5, 9), (1, 4)])
def test_every_picture_has_its_own_transform_and_it_is_scipy_s(shape):
    rng = rng_of(0)
    x = rng.normal(size=(2, 30, *shape))
    matrix, offset = np.eye(2) + rng.normal(0, 0.5, (2, 30, 2, 2)), rng.normal(0, 2, (2, 30, 2))
    ours = affine(x, matrix, offset)
    for i in np.ndindex(2, 30):
        np.testing.assert_allclose(ours[i], scipy_affine(x[i], matrix[i], offset[i]), atol=1e-12)


@pytest.mark.parametrize("degrees", [-70, -12.5, 0, 30, 90, 180])
def test_turns_are_scipy_s_and_counterclockwise(degrees):
    x = rng_of(0).random((9, 9))
    theirs = ndimage.rotate(x, degrees, reshape=False, order=1, mode="grid-constant")
    np.testing.assert_allclose(augmentation.rotate(x, degrees), theirs, atol=1e-9)


def test_shifts_are_scipy_s():
    x = rng_of(0).random((8, 8))
    theirs = ndimage.shift(x, (1.3, -2.6), order=1, mode="grid-constant")
    np.testing.assert_allclose(augmentation.shift(x, 1.3, -2.6), theirs, atol=1e-12)
    np.testing.assert_array_equal(augmentation.shift(x, 2, 1)[2:, 1:], x[:-2, :-1])


def test_scaling_is_scipy_s():
    x = rng_of(0).random((8, 8))
    for factor in (0.7, 1.0, 1.6):
        theirs = scipy_affine(x, np.eye(2) / factor, np.zeros(2))
        np.testing.assert_allclose(augmentation.scale(x, factor), theirs, atol=1e-12)
    factors = np.array([0.7, 1.0, 1.6])
    each = augmentation.scale(np.stack([x] * 3), factors)
    np.testing.assert_array_equal(each, [augmentation.scale(x, factor) for factor in factors])


def test_rows_of_64_are_pictures_of_8_by_8():
    x = rng_of(0).random((3, 5, 64))
    pictures = x.reshape(3, 5, 8, 8)
    degrees = rng_of(1).uniform(-20, 20, (3, 5))
    turned = augmentation.rotate(pictures, degrees)
    np.testing.assert_array_equal(augmentation.rotate(x, degrees), turned.reshape(x.shape))
    np.testing.assert_array_equal(flip(x), pictures[..., ::-1].reshape(x.shape))


def test_a_stack_of_pictures_64_pixels_wide_is_no_stack_of_digits():
    x = rng_of(0).random((2, 64, 64))
    np.testing.assert_array_equal(flip(x), x[..., ::-1])
    np.testing.assert_array_equal(augmentation.shift(x, 3, 0)[:, 3:], x[:, :-3])


def test_random_parts_draw_for_each_picture_within_their_bounds():
    x = np.zeros((200, 9, 9))
    x[:, 4, 4] = 1
    moved = random_affine(pixels=2)(x, rng_of(0))
    np.testing.assert_allclose(moved.sum(axis=(1, 2)), 1)  # bilinear mixing keeps the sum inside
    row = (moved.sum(axis=2) * np.arange(9)).sum(axis=1) - 4
    assert len(np.unique(row)) == 200
    assert -2 <= row.min() < -1.9
    assert 1.9 < row.max() <= 2
    flipped = random_flip(0.3)(np.tile(np.arange(2.0), (4000, 3, 1)), rng_of(0))[:, 0, 0]
    assert flipped.mean() == pytest.approx(0.3, abs=0.03)
    flipped = random_flip()(np.tile(np.arange(2.0), (4000, 3, 1)), rng_of(0))[:, 0, 0]
    assert flipped.mean() == pytest.approx(0.5, abs=0.03)
    assert random_noise(0.5)(np.zeros((500, 64)), rng_of(0)).std() == pytest.approx(0.5, rel=0.02)


def test_composed_parts_come_in_order_and_a_seed_repeats():
    x = rng_of(0).random((4, 64))
    both = compose(random_affine(pixels=1, degrees=5, zoom=0.1), random_noise(0.1))
    np.testing.assert_array_equal(both(x, rng_of(3)), both(x, rng_of(3)))
    assert (both(x, rng_of(3)) != both(x, rng_of(4))).any()
    doubled = compose(lambda x, rng: x + 1, lambda x, rng: 2 * x)
    np.testing.assert_array_equal(doubled(x, rng_of(0)), 2 * (x + 1))
    np.testing.assert_array_equal(random_affine()(x, rng_of(0)), x)


def test_float32_stays_float32():
    x = np.ones((2, 64), dtype=np.float32)
    both = compose(random_affine(pixels=1), random_flip(), random_noise(0.1))
    assert both(x, rng_of(0)).dtype == np.float32
