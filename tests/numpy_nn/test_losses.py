"""Losses on extreme logits, at kinks, at their known values; labels as rows."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course_lib.numpy_nn.losses import (
    binary_cross_entropy,
    cross_entropy,
    mse,
    multiclass_hinge,
    one_hot,
    ranking_hinge,
)
from course_lib.torch_nn import losses as torch_losses

CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def agree(loss, torch_losses, pred, target):
    """Value and gradient agree with those of PyTorch functions, and are finite in both precisions."""
    for torch_loss in torch_losses:
        t = torch.tensor(pred, requires_grad=True)
        torch_value = torch_loss(t, torch.tensor(target))
        torch_value.backward()
        np.testing.assert_allclose(loss.value(pred, target), torch_value.item(), **CLOSE)
        np.testing.assert_allclose(loss.grad(pred, target), t.grad.numpy(), **CLOSE)
    for dtype in (np.float64, np.float32):
        assert np.isfinite(loss.value(pred.astype(dtype), target))
        assert np.isfinite(loss.grad(pred.astype(dtype), target)).all()


EXTREME = np.array([[-1000.0], [-40.0], [0.0], [1e-9], [40.0], [1000.0]])


@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
def test_binary_cross_entropy_on_extreme_logits(y):
    twins = (torch_losses.binary_cross_entropy, F.binary_cross_entropy_with_logits)
    for z in EXTREME:
        agree(binary_cross_entropy, twins, z[None], np.full((1, 1), y))
    assert binary_cross_entropy.value([[-1000.0]], np.ones((1, 1))) == 1000
    assert binary_cross_entropy.value([[1000.0]], np.ones((1, 1))) == 0


def test_cross_entropy_on_extreme_logits():
    logits = np.array([[1000.0, -1000.0, 0.0], [1000.0, 1000.0, 1000.0], [-1000.0, -1000.0, 30.0]])
    twins = (torch_losses.cross_entropy, F.cross_entropy)
    for labels in ([0, 1, 2], [1, 0, 0], [2, 2, 1]):
        agree(cross_entropy, twins, logits, np.array(labels))
    assert cross_entropy.value(logits[:1], np.array([1])) == 2000


def test_the_hinges_on_extreme_scores_and_at_their_kinks():
    scores = np.array([[1000.0, -1000.0, 0.0], [1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    for margin in (0.0, 1.0, 2.5):
        twins = (
            torch_losses.multiclass_hinge(margin),
            lambda z, y, margin=margin: F.multi_margin_loss(z, y, margin=margin),
        )
        for label in range(3):
            agree(multiclass_hinge(margin), twins, scores, np.full(3, label))
        twins = (
            torch_losses.ranking_hinge(margin),
            lambda s, c, margin=margin: F.margin_ranking_loss(s, c, torch.ones_like(s), margin=margin),
        )
        for s_c in (scores[::-1].copy(), scores - margin, scores + 1000):
            agree(ranking_hinge(margin), twins, scores, s_c)


def test_the_gradient_of_the_corrupt_scores_is_the_other_one_turned_round():
    rng = np.random.default_rng(0)
    s, s_c = rng.normal(size=(2, 6, 1))
    tensors = [torch.tensor(a, requires_grad=True) for a in (s, s_c)]
    torch_losses.ranking_hinge(0.5)(*tensors).backward()
    grad = ranking_hinge(0.5).grad(s, s_c)
    assert 0 < np.count_nonzero(grad) < 6
    np.testing.assert_allclose(grad, tensors[0].grad.numpy(), **CLOSE)
    np.testing.assert_allclose(-grad, tensors[1].grad.numpy(), **CLOSE)


@pytest.mark.parametrize("n_classes", [2, 10])
def test_without_an_opinion_cross_entropy_is_the_logarithm_of_the_number_of_classes(n_classes):
    labels = np.arange(n_classes)
    assert cross_entropy.value(np.zeros((n_classes, n_classes)), labels) == pytest.approx(np.log(n_classes))


def test_two_classes_are_a_binary_choice():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(8, 1)), rng.integers(0, 2, 8)
    two = cross_entropy.value(np.hstack([np.zeros_like(z), z]), y)
    assert two == pytest.approx(binary_cross_entropy.value(z, y[:, None]))


def test_one_hot_rows_are_equally_far_apart():
    rows = one_hot(np.arange(5), 5)
    distances = np.linalg.norm(rows[:, None] - rows, axis=-1)
    np.testing.assert_allclose(distances[~np.eye(5, dtype=bool)], np.sqrt(2))


def test_one_hot_keeps_axes_and_equals_its_twin():
    labels = np.random.default_rng(0).integers(0, 4, (3, 6))
    rows = one_hot(labels, 4)
    assert rows.shape == (3, 6, 4)
    np.testing.assert_array_equal(rows, torch_losses.one_hot(torch.tensor(labels), 4).numpy())
    np.testing.assert_array_equal(rows, F.one_hot(torch.tensor(labels), 4).numpy())
    np.testing.assert_array_equal(rows.argmax(axis=-1), labels)


def test_whole_numbers_are_numbers():
    pred, target = np.array([[1], [4], [-2]]), np.array([[2], [4], [1]])
    official = F.mse_loss(torch.tensor(pred).double(), torch.tensor(target).double()).item()
    assert mse.value(pred, target) == pytest.approx(official)
    np.testing.assert_array_equal(mse.grad(pred, target), mse.grad(pred.astype(float), target.astype(float)))
    small = np.array([[100], [-100]], np.int8)
    assert mse.value(small, -small) == 200**2  # no overflow
