"""Ensembles: the mean of several predictions is better than they are on average.

The members lie on the first axis: the runs of one training, or repeated forward passes with dropout.
"""

from typing import Any, NamedTuple

import numpy as np

from course_lib.core import Tree, generator, natural
from course_lib.numpy_nn.activations import softmax
from course_lib.numpy_nn.layers import Layer

__all__ = ["Ambiguity", "ambiguity", "mc_dropout", "mean_prediction", "mean_probability"]


def mean_prediction(preds: np.ndarray) -> np.ndarray:
    """Average the members' predictions, for regression: shape (M, ..., n, k) becomes (..., n, k).

    >>> mean_prediction(np.array([[[1.0]], [[3.0]]]))
    array([[2.]])

    Source: Breiman, Bagging predictors, 1996.
    """
    return _members("preds", preds).mean(axis=0)


def mean_probability(logits: np.ndarray) -> np.ndarray:
    """Average the members' probabilities, for classification: p = (1/M) Σ softmax(zᵢ).

    Args:
        logits: zᵢ, shape (M, ..., n, C).

    Returns:
        Probabilities of shape (..., n, C). The mean of logits instead would be a geometric mean.

    >>> mean_probability(np.array([[[0.0, 0.0]], [[0.0, np.log(3.0)]]]))
    array([[0.375, 0.625]])

    Source: Lakshminarayanan et al., Simple and scalable predictive uncertainty estimation, 2017.
    """
    return softmax(_members("logits", logits)).mean(axis=0)


class Ambiguity(NamedTuple):
    """The parts of an ensemble's squared error: ensemble = members − ambiguity."""

    ensemble: np.ndarray  # the error of the mean prediction
    members: np.ndarray  # the mean error of the members
    ambiguity: np.ndarray  # their spread about the mean prediction, never negative


def ambiguity(preds: np.ndarray, target: np.ndarray) -> Ambiguity:
    """Part the squared error of an ensemble in that of its members and their disagreement.

    (f̄ − y)² = (1/M) Σ (fᵢ − y)² − (1/M) Σ (fᵢ − f̄)², each as a mean over the n samples and k outputs

    So an ensemble is never worse than its members on average, and gains by as much as they differ.

    Args:
        preds: fᵢ, shape (M, ..., n, k).
        target: y, shape (n, k), or (..., n, k).

    Raises:
        ValueError: the shapes do not belong together.

    >>> ambiguity(np.array([[[1.0]], [[3.0]]]), target=np.array([[1.5]]))
    Ambiguity(ensemble=np.float64(0.25), members=np.float64(1.25), ambiguity=np.float64(1.0))

    Source: Krogh and Vedelsby, Neural network ensembles, cross validation, and active learning, 1995.
    """
    preds, target = _members("preds", preds), np.asarray(target)
    ahead = preds.ndim - 1 - target.ndim
    if preds.ndim < 3 or ahead < 0 or preds.shape[1 + ahead :] != target.shape:
        raise ValueError(
            f"target must have the shape of one prediction, (..., n, k), got {target.shape} for {preds.shape}"
        )
    mean = preds.mean(axis=0)

    def squared(difference: np.ndarray) -> np.ndarray:
        return np.square(difference).mean(axis=(-2, -1))

    return Ambiguity(
        squared(mean - target), squared(preds - target).mean(axis=0), squared(preds - mean).mean(axis=0)
    )


def mc_dropout(
    model: Layer, params: Tree, x: np.ndarray, n_passes: int, rng: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Predict many times with dropout left on; the spread tells how unsure the model is.

    Every layer is in training mode, as dropout is; BatchNorm would measure x, so leave it out of the model.

    Args:
        model: a model with Dropout in it.
        params: its parameters, with any runs.
        x: inputs, shape (n, d).
        n_passes: T, forward passes.
        rng: draws what is dropped: a Generator, or what ``Dropout`` takes for many runs.

    Returns:
        The mean and the standard deviation (with 1/T) over the passes, in the shape of a prediction.

    Raises:
        TypeError, ValueError: n_passes is not a whole number from 1 up, or rng no Generator.

    >>> from course_lib.numpy_nn.layers import Dropout
    >>> mean, std = mc_dropout(Dropout(0.5), {}, np.ones((1, 1)), n_passes=2000, rng=np.random.default_rng(0))
    >>> mean.round(1), std.round(1)  # 0 or 2, with equal chances
    (array([[1.]]), array([[1.]]))

    Source: Gal and Ghahramani, Dropout as a Bayesian approximation, 2016.
    """
    n_passes = natural("n_passes", n_passes)
    for one in np.array(rng, dtype=object).flat:
        generator("rng", one)
    passes = np.stack([model.forward(params, x, train=True, rng=rng)[0] for _ in range(n_passes)])
    return passes.mean(axis=0), passes.std(axis=0)


def _members(name: str, value: np.ndarray) -> np.ndarray:
    value = np.asarray(value)
    if value.ndim < 2 or len(value) == 0:
        raise ValueError(f"{name} must hold one prediction a member, (M, ..., n, k), got shape {value.shape}")
    return value
