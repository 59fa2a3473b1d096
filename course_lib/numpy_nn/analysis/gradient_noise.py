"""The noise of mini-batch gradients: each sample's own gradient, and how the mean of a few scatters."""

import numpy as np

from course_lib.core import Tree, finite_array, generator, natural, non_negative, to_vector, tree_map
from course_lib.numpy_nn.layers import Layer, parameter_gradients
from course_lib.numpy_nn.losses import Loss

__all__ = ["batch_gradients", "batch_variance", "gradient_variance", "noise_floor", "per_sample_gradients"]


def per_sample_gradients(model: Layer, params: Tree, loss: Loss, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss of each sample alone. Their mean is the gradient of the whole.

    The samples are made runs: N copies of the parameters, each with a batch of one. Dropout and batch
    normalization behave as when trained.

    Args:
        model: a layer, most often a Sequential.
        params: its parameters, with or without runs.
        loss: the loss, a mean over samples.
        x: samples, N of them, first axis.
        y: targets, N of them.

    Returns:
        Gradients of shape (N, *runs, P), P parameters laid end to end as by ``trees.to_vector``.

    Raises:
        ValueError: shapes do not belong together.

    >>> from course_lib.numpy_nn.layers import Dense
    >>> from course_lib.numpy_nn.losses import mse
    >>> params, x, y = {"W": np.array([[2.0]]), "b": np.zeros(1)}, np.array([[1.0], [3.0]]), np.zeros((2, 1))
    >>> per_sample_gradients(Dense(1, 1), params, mse, x, y)  # 2 (ŷ − y) (x, 1)
    array([[ 4.,  4.],
           [36., 12.]])

    ``torch.func.vmap(torch.func.grad(f))`` is PyTorch's way.
    """
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(f"x and y must have as many samples, and one at least, got {len(x)} and {len(y)}")
    runs = np.shape(loss.value(model.forward(params, x[:1])[0], y[:1]))
    n = len(x)

    def one_each(a: np.ndarray) -> np.ndarray:
        """(N, ...) -> (N, *runs, 1, ...)"""
        single = a.reshape(n, *[1] * len(runs), 1, *a.shape[1:])
        return np.broadcast_to(single, (n, *runs, 1, *a.shape[1:]))

    copies = tree_map(lambda p: np.broadcast_to(p, (n, *p.shape)), params)
    pred, cache = model.forward(copies, one_each(x))
    grads = parameter_gradients(model, copies, cache, loss.grad(pred, one_each(y)))
    return to_vector(grads, 1 + len(runs))


def gradient_variance(gradients: np.ndarray) -> np.ndarray:
    """Measure how far single gradients lie from their mean: σ² = 1/N Σ ‖gᵢ − ḡ‖².

    It is the sum of the variances of all P entries, the trace of their covariance.

    Args:
        gradients: shape (N, *runs, P), from ``per_sample_gradients`` or ``batch_gradients``.

    Returns:
        An array of shape runs.

    >>> gradient_variance([[1.0, 0.0], [-1.0, 0.0]])
    np.float64(1.0)
    """
    return np.sum(np.var(finite_array("gradients", gradients), axis=0), axis=-1)


def batch_variance(
    variance: np.ndarray, batch_size: int | np.ndarray, n: int | None = None
) -> float | np.ndarray:
    """Predict the variance of the gradient of a batch from that of single samples.

    drawn with replacement, or as soon as N is large:   σ²/B
    drawn without, as an epoch does:                    σ²/B · (N − B)/(N − 1)

    The noise, its root, falls as 1/√B: four times the batch, half the noise. Without replacement nothing is
    left to chance at B = N.

    Args:
        variance: σ², zero or positive.
        batch_size: B, one or an array of them.
        n: N, for batches drawn without replacement; None for drawing with replacement.

    Raises:
        TypeError, ValueError: a size is not from 1 up, or B is above N.

    >>> batch_variance(8.0, 4), batch_variance(8.0, np.array([1, 5]), n=5).tolist()
    (np.float64(2.0), [8.0, 0.0])

    Source: the correction for a finite population, Cochran, Sampling techniques, 1977.
    """
    variance, sizes = non_negative("variance", variance, array=True), np.asarray(batch_size)
    for size in sizes.flat:
        natural("batch_size", size.item(), maximum=n)
    without = 1.0 if n is None else (n - sizes) / max(n - 1, 1)
    return variance / sizes * without


def batch_gradients(
    gradients: np.ndarray,
    batch_size: int,
    n_batches: int,
    rng: np.random.Generator,
    *,
    replace: bool = False,
) -> np.ndarray:
    """Draw batches and average the gradients of their samples.

    Args:
        gradients: shape (N, *runs, P), from ``per_sample_gradients``.
        batch_size: B, samples a batch.
        n_batches: how many batches M to draw.
        rng: draws them.
        replace: whether a sample may come twice in a batch.

    Returns:
        Gradients of shape (M, *runs, P).

    Raises:
        TypeError, ValueError: a size is out of range, or rng not a Generator.

    >>> batch_gradients(np.array([[1.0], [3.0]]), batch_size=2, n_batches=3, rng=np.random.default_rng(0))
    array([[2.],
           [2.],
           [2.]])
    """
    gradients, rng = finite_array("gradients", gradients), generator("rng", rng)
    n = len(gradients)
    batch_size = natural("batch_size", batch_size, maximum=None if replace else n)
    share = np.zeros((natural("n_batches", n_batches), n))  # of each sample in each batch
    for row in share:
        np.add.at(row, rng.choice(n, batch_size, replace=replace), 1 / batch_size)
    return np.tensordot(share, gradients, axes=1)


def noise_floor(lr: float | np.ndarray, curvatures: np.ndarray, variances: np.ndarray) -> float | np.ndarray:
    """Predict how far above the minimum noisy descent on a bowl hovers in the end.

    E[L] − L* = Σ η cᵢ / (2 (2 − η λᵢ)),   which for small η is η/4 Σ cᵢ

    Along each eigenvector the variance of w settles where v = (1 − ηλ)² v + η² c, and it costs λv/2.

    Args:
        lr: η, zero or a positive number, or an array.
        curvatures: λ, the eigenvalues of the Hessian, shape (d,).
        variances: c, the variance of the gradient along each eigenvector, shape (d,) or (..., d).

    Returns:
        The mean excess loss, of the shape of lr; infinite where some ηλ is 2 or more.

    >>> noise_floor(0.1, curvatures=[10.0], variances=[4.0])
    np.float64(0.2)

    Source: Bottou, Curtis and Nocedal, Optimization methods for large-scale machine learning, 2018, bound the
    same for strongly convex losses; on a bowl it is exact.
    """
    lr = np.asarray(non_negative("lr", lr, array=True))[..., None]
    curvatures = finite_array("curvatures", curvatures, shape=(None,))
    room = 2 - lr * curvatures
    lost = lr * finite_array("variances", variances) / (2 * np.where(room > 0, room, 1))
    return np.where(np.all(room > 0, axis=-1), lost.sum(axis=-1), np.inf)[()]
