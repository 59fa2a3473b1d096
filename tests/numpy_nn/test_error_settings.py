"""Activations and losses are silent wherever they are finite, whatever the process makes of rounding to 0."""

import numpy as np
import pytest
import scipy.special

from course_lib.numpy_nn import activations, losses

FAR = np.array([[-1e3, 0.0, 1e3], [-800, -745, 30], [1e-320, -1e-320, 5e-324], [40, -40, 710]])
LABELS = np.array([0, 1, 2, 0])
PAIRS = {
    "mse": (losses.mse, FAR, np.ones_like(FAR)),
    "binary cross-entropy": (losses.binary_cross_entropy, FAR, (FAR > 0).astype(float)),
    "cross-entropy": (losses.cross_entropy, FAR, LABELS),
    "multiclass hinge": (losses.multiclass_hinge(), FAR, LABELS),
    "ranking hinge": (losses.ranking_hinge(), FAR, FAR[::-1]),
}


@pytest.fixture(autouse=True)
def errors_are_raised():
    with np.errstate(all="raise"), scipy.special.errstate(all="raise"):
        yield


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_activations(name):
    activation = activations.ACTIVATIONS[name]
    for function in (activation.f, activation.df, activation):
        assert np.isfinite(function(FAR)).all()
    if activation.df_of_a:
        assert np.isfinite(activation.df_of_a(activation(FAR))).all()


def test_softmax():
    p = activations.softmax(FAR)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    assert np.isfinite(activations.softmax_jacobian(p)).all()
    assert np.isfinite(activations.softmax_backward(p, FAR[::-1])).all()


@pytest.mark.parametrize("name", PAIRS)
def test_losses(name):
    loss, pred, target = PAIRS[name]
    assert np.isfinite(loss.value(pred, target))
    assert np.isfinite(loss.grad(pred, target)).all()


def test_what_is_wrong_is_still_raised():
    with pytest.raises(FloatingPointError):
        losses.mse.value(np.array([[1e300]]), np.array([[0.0]]))
