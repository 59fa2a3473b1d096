"""Sharpness: the largest curvature of the loss of a model, found without its Hessian.

A net of P parameters has a Hessian of P² numbers. Products of it with a vector cost two gradients each, and a
few dozen of them give its largest eigenvalue.
"""

from collections.abc import Callable

import numpy as np

from course_lib.core import (
    Tree,
    finite_array,
    from_vector,
    generator,
    lead,
    map_named,
    natural,
    positive,
    to_vector,
)
from course_lib.numpy_nn.layers import Layer, parameter_gradients
from course_lib.numpy_nn.losses import Loss

__all__ = ["hessian_vector_product", "largest_eigenvalue", "sharpness"]


def hessian_vector_product(
    model: Layer, params: Tree, loss: Loss, x: np.ndarray, y: np.ndarray, v: Tree, h: float = 1e-5
) -> Tree:
    """Multiply the Hessian of the loss by a vector, by a central difference of gradients.

    H v ≈ ‖v‖/(2ε) (g(θ + ε u) − g(θ − ε u)),   u = v/‖v‖,   ε = h max(1, ‖θ‖)

    Args:
        model: a layer, most often a Sequential. Dropout and batch normalization behave as when trained.
        params: θ, its parameters.
        loss: the loss.
        x: samples.
        y: targets.
        v: a tree like params. Running statistics are no weights: their part of v counts as 0.
        h: the step. The error falls as h², until rounding of about 1e-16/h takes over.

    Returns:
        A tree like params.

    Raises:
        TypeError, ValueError: h is not a positive number, or the trees differ.

    >>> from course_lib.numpy_nn.layers import Dense
    >>> from course_lib.numpy_nn.losses import mse
    >>> params, v = {"W": np.ones((1, 1)), "b": np.zeros(1)}, {"W": np.ones((1, 1)), "b": np.zeros(1)}
    >>> hessian_vector_product(Dense(1, 1), params, mse, np.array([[3.0]]), np.zeros((1, 1)), v)["W"].round(6)
    array([[18.]])

    Source: Pearlmutter, Fast exact multiplication by the Hessian, 1994, which also has an exact form; the
    PyTorch twin takes it, by going backward twice.
    """
    positive("h", h, "1e-5 is usual")
    n_runs = _n_runs(model, params, loss, x, y)
    v = map_named(lambda name, d, p: np.zeros_like(p) if name.startswith("running_") else d, v, params)
    theta, direction = to_vector(params, n_runs), to_vector(v, n_runs)
    length = np.linalg.norm(direction, axis=-1, keepdims=True)
    u = np.divide(direction, length, out=np.zeros_like(direction), where=length > 0)
    eps = h * np.maximum(1, np.linalg.norm(theta, axis=-1, keepdims=True))

    def gradient(at: np.ndarray) -> np.ndarray:
        params_there = from_vector(at, params, n_runs)
        pred, cache = model.forward(params_there, x)
        return to_vector(parameter_gradients(model, params_there, cache, loss.grad(pred, y)), n_runs)

    product = length / (2 * eps) * (gradient(theta + eps * u) - gradient(theta - eps * u))
    return from_vector(product, params, n_runs)


def sharpness(
    model: Layer,
    params: Tree,
    loss: Loss,
    x: np.ndarray,
    y: np.ndarray,
    *,
    rng: np.random.Generator,
    n_iterations: int = 40,
) -> np.ndarray:
    """Find the largest eigenvalue of the Hessian of the loss.

    Gradient descent is stable around a minimum while η is below 2 divided by it.

    Args:
        model, params, loss, x, y: as for ``hessian_vector_product``.
        rng: draws the direction to start from, one for all runs.
        n_iterations: products with the Hessian; 40 give six digits for most nets.

    Returns:
        The eigenvalue of each run, shape runs.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> from course_lib.numpy_nn.layers import Dense
    >>> from course_lib.numpy_nn.losses import mse
    >>> x, y, params = np.array([[1.0], [-1.0]]), np.zeros((2, 1)), {"W": np.ones((1, 1)), "b": np.zeros(1)}
    >>> sharpness(Dense(1, 1), params, mse, x, y, rng=np.random.default_rng(0)).round(6)  # H = 2/N XᵀX = 2 I
    np.float64(2.0)

    Source: Keskar et al., 2017, and Cohen et al., Gradient descent on neural networks typically occurs at the
    edge of stability, 2021, whose sharpness this is; others mean the rise of the loss in a ball.
    """
    n_runs = _n_runs(model, params, loss, x, y)
    theta = to_vector(params, n_runs)
    start = np.broadcast_to(generator("rng", rng).normal(size=theta.shape[-1]), theta.shape)
    learned = map_named(lambda name, p: np.full(p.shape, not name.startswith("running_"), float), params)

    def multiply(v: np.ndarray) -> np.ndarray:
        tree = from_vector(v, params, n_runs)
        return to_vector(hessian_vector_product(model, params, loss, x, y, tree), n_runs)

    return largest_eigenvalue(multiply, start * to_vector(learned, n_runs), n_iterations)


def largest_eigenvalue(
    multiply: Callable[[np.ndarray], np.ndarray], start: np.ndarray, n_iterations: int = 40
) -> np.ndarray:
    """Find the largest eigenvalue of a symmetric matrix that is known by its products alone, after Lanczos.

    v, Hv, H²v, … made orthonormal turn H into a small tridiagonal matrix, whose largest eigenvalue is the
    best estimate that these products allow. Power iteration uses the last of them alone: it takes many more,
    and ends at the eigenvalue that is largest in *size*, which near a saddle may be a negative one.

    Args:
        multiply: v, shape runs + (P,) -> H v, the same shape.
        start: any direction, shape runs + (P,).
        n_iterations: products; P of them at most are made, which are exact.

    Returns:
        An array of shape runs.

    Raises:
        TypeError, ValueError: the start is not finite, or the number not a whole one.

    >>> H = np.diag([1.0, 4.0, -9.0])
    >>> largest_eigenvalue(lambda v: np.matvec(H, v), np.ones(3)).round(9)
    np.float64(4.0)

    Source: Lanczos, 1950; all vectors are made orthogonal anew at each step, because rounding spoils it.
    """
    start = finite_array("start", start)
    n = min(natural("n_iterations", n_iterations), start.shape[-1])
    T = np.zeros((*start.shape[:-1], n, n))
    basis = np.zeros((n, *start.shape))
    v = start / np.linalg.norm(start, axis=-1, keepdims=True)
    size = np.zeros(start.shape[:-1])
    ended = np.zeros(start.shape[:-1], dtype=bool)
    for k in range(n):
        basis[k] = v
        r = multiply(v)
        # A run whose space is used up goes on with a value that lies inside its spectrum.
        T[..., k, k] = np.where(ended, T[..., 0, 0], np.vecdot(v, r))
        size = np.maximum(size, np.linalg.norm(r, axis=-1))
        for _ in range(2):  # twice is enough (Parlett)
            for q in basis[: k + 1]:
                r = r - np.vecdot(q, r)[..., None] * q
        length = np.linalg.norm(r, axis=-1)
        ended = ended | (length <= 1e-10 * size)
        if k + 1 < n:
            T[..., k, k + 1] = T[..., k + 1, k] = np.where(ended, 0, length)
        v = np.where(ended[..., None], 0, r / lead(np.where(ended, 1, length), r))
    return np.linalg.eigvalsh(T)[..., -1]


def _n_runs(model: Layer, params: Tree, loss: Loss, x: np.ndarray, y: np.ndarray) -> int:
    """The number of leading axes that are runs: those of the loss."""
    return np.ndim(loss.value(model.forward(params, x[:1])[0], y[:1]))
