"""Linear models in one go, with and without penalties: what descent on the same loss ends at.

Each minimizes ``losses.mse`` plus a penalty of ``regularizers`` over W and b, with b left out of the penalty:

L(W, b) = 1/(n k) Σ (x W + b − y)² + penalty(W)

The best b makes the errors sum to 0, so x and y are centered, W is found, and b = ȳ − x̄ W. What is returned
are the parameters of a Dense(d, k) layer. Strengths may be arrays of shape runs: one call, a whole path.
"""

from typing import NamedTuple

import numpy as np

from course_lib.core import broadcast_runs, finite_array, lead, natural, non_negative, positive
from course_lib.numpy_nn.regularizers import soft_threshold

__all__ = ["elastic_net", "lasso", "least_squares", "ridge"]

Params = dict[str, np.ndarray]
Strength = float | np.ndarray


def least_squares(x: np.ndarray, y: np.ndarray) -> Params:
    """Fit without a penalty.

    W = X⁺ Y, the pseudoinverse of the centered x times the centered y: where many W fit equally well, the
    one of the smallest norm.

    Args:
        x: samples, shape (n, d).
        y: targets, shape (n, k).

    Returns:
        {"W": (d, k), "b": (k,)}.

    Raises:
        TypeError, ValueError: the arrays are not finite, or of shapes that do not belong together.

    >>> fit = least_squares([[1.0], [2.0], [3.0]], [[2.5], [4.5], [6.5]])
    >>> fit["W"].round(6), fit["b"].round(6)
    (array([[2.]]), array([0.5]))

    Source: Legendre, 1805. Equals sklearn.linear_model.LinearRegression.
    """
    return ridge(x, y, 0.0)


def ridge(x: np.ndarray, y: np.ndarray, lam: Strength) -> Params:
    """Fit with an L2 penalty, λ/2 Σ W².

    Setting the gradient to zero, 2/(nk) Xᵀ(XW − Y) + λW = 0, gives

    W = (XᵀX + m I)⁻¹ XᵀY,   m = n k λ/2

    With X = U S Vᵀ this is V [s/(s² + m)] UᵀY, so that one decomposition serves every λ, and λ = 0 too.

    Args:
        x: samples, shape (n, d).
        y: targets, shape (n, k).
        lam: λ, zero or a positive number, or an array of shape runs.

    Returns:
        {"W": runs + (d, k), "b": runs + (k,)}.

    Raises:
        TypeError, ValueError: the arrays are not finite, or of shapes that do not belong together.

    >>> x, y = np.array([[-1.0], [0.0], [1.0]]), np.array([[-2.0], [0.0], [2.0]])
    >>> ridge(x, y, np.array([0.0, 4 / 3]))["W"].ravel().round(6)  # m = 2, and the sum of the x² is 2
    array([2., 1.])

    Source: Hoerl and Kennard, Ridge regression, 1970. sklearn.linear_model.Ridge penalizes the sum of the
    squares in place of their mean: its alpha is m.
    """
    problem, lam = _centered(x, y), non_negative("lam", lam, array=True)
    U, s, Vt = np.linalg.svd(problem.X, full_matrices=False)
    n, d, k = *problem.X.shape, problem.Y.shape[1]
    m = np.asarray(n * k * lam / 2)[..., None]
    usable = s > np.finfo(float).eps * max(n, d) * s.max(initial=0)  # the others are rounding of 0
    shrink = np.divide(s, s * s + m, out=np.zeros(m.shape[:-1] + s.shape), where=usable)  # runs + (rank,)
    return problem.with_bias(Vt.T @ (shrink[..., None] * (U.T @ problem.Y)))


def lasso(x: np.ndarray, y: np.ndarray, lam: Strength, **settings: float) -> Params:
    """Fit with an L1 penalty, λ Σ |W|. Some weights come out exactly zero, the more the larger λ is.

    Above λ = max |2/(nk) XᵀY| all are zero. The arguments are those of ``elastic_net`` with l2 = 0.

    >>> x, y = np.array([[-1.0], [0.0], [1.0]]), np.array([[-2.0], [0.0], [2.0]])
    >>> lasso(x, y, np.array([0.0, 4 / 3, 3.0]))["W"].ravel().round(6)
    array([2., 1., 0.])

    Source: Tibshirani, Regression shrinkage and selection via the lasso, 1996. For one output,
    sklearn.linear_model.Lasso is the same with alpha = λ/2.
    """
    return elastic_net(x, y, lam, 0.0, **settings)


def elastic_net(
    x: np.ndarray,
    y: np.ndarray,
    l1: Strength,
    l2: Strength,
    *,
    tolerance: float = 1e-12,
    max_sweeps: int = 20_000,
) -> Params:
    """Fit with both penalties, λ₁ Σ |W| + λ₂/2 Σ W², by coordinate descent.

    With all other weights held, the best weight of feature j is known in one step. In terms of G = 2/(nk) XᵀX
    and c = 2/(nk) XᵀY,

    w_j ← soft_threshold(c_j − Σ_{i≠j} G_ji w_i, λ₁) / (G_jj + λ₂)

    and the features take turns until a whole sweep changes nothing.

    Args:
        x: samples, shape (n, d).
        y: targets, shape (n, k).
        l1: λ₁, zero or a positive number, or an array of shape runs.
        l2: λ₂, likewise.
        tolerance: a sweep that moves no prediction by more than this part of the spread of y is the last.
        max_sweeps: how many there are at most; features that are nearly copies of each other, such as high
            powers of x, need many.

    Returns:
        {"W": runs + (d, k), "b": runs + (k,)}.

    Raises:
        TypeError, ValueError: the arrays are not finite, or of shapes that do not belong together.

    >>> x, y = np.array([[-1.0], [0.0], [1.0]]), np.array([[-2.0], [0.0], [2.0]])
    >>> elastic_net(x, y, l1=4 / 3, l2=4 / 3)["W"].round(6)
    array([[0.5]])

    Source: Friedman, Hastie and Tibshirani, Regularization paths for generalized linear models via coordinate
    descent, 2010. For one output, sklearn.linear_model.ElasticNet is the same with alpha = (λ₁ + λ₂)/2 and
    l1_ratio = λ₁/(λ₁ + λ₂).
    """
    problem = _centered(x, y)
    l1, l2 = (non_negative(name, h, array=True) for name, h in (("l1", l1), ("l2", l2)))
    tolerance, max_sweeps = positive("tolerance", tolerance), natural("max_sweeps", max_sweeps)
    (n, d), k = problem.X.shape, problem.Y.shape[1]
    G, c = 2 / (n * k) * problem.X.T @ problem.X, 2 / (n * k) * problem.X.T @ problem.Y
    W = np.zeros((*broadcast_runs(np.shape(l1), np.shape(l2)), d, k))
    l1, l2 = lead(l1, W[..., 0, :]), lead(l2, W[..., 0, :])
    small = tolerance * np.sqrt(np.mean(np.square(problem.Y)))
    spread = np.sqrt(np.diag(G) * k / 2)  # the standard deviation of each feature
    for _ in range(max_sweeps):
        before = W.copy()
        for j in np.flatnonzero(spread):  # a constant feature is the bias's work
            pull = c[j] - G[j] @ W + G[j, j] * W[..., j, :]
            W[..., j, :] = soft_threshold(pull, l1) / (G[j, j] + l2)
        if np.all(np.abs(W - before) * spread[:, None] <= small):
            break
    return problem.with_bias(W)


class _Centered(NamedTuple):
    """Samples and targets less their means, and the means."""

    X: np.ndarray
    Y: np.ndarray
    x_mean: np.ndarray
    y_mean: np.ndarray

    def with_bias(self, W: np.ndarray) -> Params:
        return {"W": W, "b": self.y_mean - self.x_mean @ W}


def _centered(x: np.ndarray, y: np.ndarray) -> _Centered:
    x = finite_array("x", x, shape=(None, None)).astype(float)
    y = finite_array("y", y, shape=(len(x), None)).astype(float)
    x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
    X = np.where(np.ptp(x, axis=0) > 0, x - x_mean, 0.0)  # not a rounding error
    return _Centered(X, y - y_mean, x_mean, y_mean)
