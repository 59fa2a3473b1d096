"""Normalization: shift and scale to mean 0 and variance 1, over a batch or within a sample.

Both then scale by gamma and shift by beta, which are learned, so that nothing is lost.
"""

from typing import Any

import numpy as np

from course_lib.core import in_interval, natural, positive

__all__ = ["BatchNorm", "LayerNorm"]

Params = dict[str, np.ndarray]


def _normalize(x: np.ndarray, axis: int, eps: float) -> tuple[np.ndarray, ...]:
    """Return x̂ = (x − μ) / √(σ² + ε), 1 / √(σ² + ε), μ and σ², with 1/B in the variance."""
    mean = x.mean(axis=axis, keepdims=True)
    var = np.square(x - mean).mean(axis=axis, keepdims=True)
    inverse_std = 1 / np.sqrt(var + eps)
    return (x - mean) * inverse_std, inverse_std, mean, var


def _normalize_backward(
    dx_hat: np.ndarray, x_hat: np.ndarray, inverse_std: np.ndarray, axis: int
) -> np.ndarray:
    """∂L/∂x = (∂L/∂x̂ − mean of ∂L/∂x̂ − x̂ · mean of ∂L/∂x̂ ⊙ x̂) / √(σ² + ε).

    Every x moves the mean and the variance too: that is where the two means come from.
    """
    through_mean = dx_hat.mean(axis=axis, keepdims=True)
    through_var = x_hat * (dx_hat * x_hat).mean(axis=axis, keepdims=True)
    return (dx_hat - through_mean - through_var) * inverse_std


class BatchNorm:
    """Normalize each feature over the samples of the batch, and remember a running mean for later.

    y = γ x̂ + β,   x̂ = (x − μ) / √(σ² + ε)

    While training, μ and σ² are those of the batch. Afterwards they are the running statistics, so that a
    sample gets one and the same output in any company. These lie beside gamma and beta in the parameters, for
    all to see, but no gradient moves them (theirs is 0): after each update, ``remember`` puts in

    running ← (1 − m) running + m (that of the batch),

    where the running variance, unlike the one in the formula, has 1/(B − 1). All this is as in PyTorch.

    Args:
        n: features.
        momentum: m, the weight of the newest batch; Keras and TensorFlow call 1 − m the momentum.
        eps: ε.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> layer = BatchNorm(1)
    >>> params = layer.init(np.random.default_rng(0))
    >>> y, cache = layer.forward(params, np.array([[1.0], [3.0]]), train=True)
    >>> y.ravel().round(4)
    array([-1.,  1.])
    >>> layer.remember(params, cache)["running_mean"]
    array([0.2])

    Source: Ioffe and Szegedy, Batch normalization, 2015.
    """

    def __init__(self, n: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.n = natural("n", n)
        self.momentum = in_interval("momentum", momentum, 0, 1)
        self.eps = positive("eps", eps, "1e-5 is usual")

    def __repr__(self) -> str:
        return f"BatchNorm({self.n})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Return gamma 1, beta 0, running_mean 0 and running_var 1, each of shape runs + (n,)."""
        names = {"gamma": 1.0, "beta": 0.0, "running_mean": 0.0, "running_var": 1.0}
        return {name: np.full((*runs, self.n), value) for name, value in names.items()}

    def forward(
        self, params: Params, x: np.ndarray, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, Any]:
        """Map x of shape (B, n), or runs + (B, n), to y of shape runs + (B, n)."""
        gamma, beta, mean, var = (params[name][..., None, :] for name in _NAMES)  # runs + (1, n)
        x = _checked_input(x, self.n, params["gamma"])
        if not train:
            inverse_std = 1 / np.sqrt(var + self.eps)
            x_hat = (x - mean) * inverse_std
            return gamma * x_hat + beta, (x_hat, inverse_std, None)
        B, m = x.shape[-2], self.momentum
        if B < 2:
            raise ValueError(f"x must hold at least 2 samples to have a variance, got shape {x.shape}")
        x_hat, inverse_std, batch_mean, batch_var = _normalize(x, -2, self.eps)
        running = {
            "running_mean": ((1 - m) * mean + m * batch_mean)[..., 0, :],
            "running_var": ((1 - m) * var + m * batch_var * (B / (B - 1)))[..., 0, :],
        }
        return gamma * x_hat + beta, (x_hat, inverse_std, running)

    def backward(self, params: Params, cache: Any, dy: np.ndarray) -> tuple[np.ndarray, Params]:
        """Return ∂L/∂x, and the gradients of gamma and beta; those of the running statistics are 0."""
        x_hat, inverse_std, running = cache
        dx_hat = dy * params["gamma"][..., None, :]
        if running is None:  # μ and σ² did not come from x
            dx = dx_hat * inverse_std
        else:
            dx = _normalize_backward(dx_hat, x_hat, inverse_std, -2)
        still = np.zeros_like(params["gamma"])
        dgamma, dbeta = (dy * x_hat).sum(axis=-2), dy.sum(axis=-2)
        return dx, {"gamma": dgamma, "beta": dbeta, "running_mean": still, "running_var": still}

    def remember(self, params: Params, cache: Any) -> Params:
        """Return the parameters with the running statistics that this forward pass led to."""
        _, _, running = cache
        return params if running is None else {**params, **running}


_NAMES = ("gamma", "beta", "running_mean", "running_var")


class LayerNorm:
    """Normalize the features of each sample on their own, whatever else is in the batch.

    y = γ x̂ + β,   x̂ = (x − μ) / √(σ² + ε), with μ and σ² over the last axis, in training and after it

    Args:
        n: features.
        eps: ε.

    Raises:
        TypeError, ValueError: an argument is out of range.

    >>> layer = LayerNorm(2)
    >>> y, cache = layer.forward(layer.init(np.random.default_rng(0)), np.array([[1.0, 3.0], [50.0, 40.0]]))
    >>> y.round(4)
    array([[-1.,  1.],
           [ 1., -1.]])

    Source: Ba, Kiros and Hinton, Layer normalization, 2016. Equals torch.nn.LayerNorm(n).
    """

    def __init__(self, n: int, eps: float = 1e-5) -> None:
        self.n = natural("n", n)
        self.eps = positive("eps", eps, "1e-5 is usual")

    def __repr__(self) -> str:
        return f"LayerNorm({self.n})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Return gamma 1 and beta 0, each of shape runs + (n,)."""
        return {"gamma": np.ones((*runs, self.n)), "beta": np.zeros((*runs, self.n))}

    def forward(
        self, params: Params, x: np.ndarray, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Map x of shape (B, n), or runs + (..., n), to y of the same shape with the runs ahead."""
        x = _checked_input(x, self.n, params["gamma"])
        x_hat, inverse_std, _, _ = _normalize(x, -1, self.eps)
        gamma, beta = (_beside(params[name], x) for name in ("gamma", "beta"))
        return gamma * x_hat + beta, (x_hat, inverse_std)

    def backward(
        self, params: Params, cache: tuple[np.ndarray, np.ndarray], dy: np.ndarray
    ) -> tuple[np.ndarray, Params]:
        """Return ∂L/∂x and the gradients of gamma and beta."""
        x_hat, inverse_std = cache
        dx = _normalize_backward(dy * _beside(params["gamma"], dy), x_hat, inverse_std, -1)
        over = tuple(range(params["gamma"].ndim - 1, dy.ndim - 1))  # all axes but the runs and the features
        return dx, {"gamma": (dy * x_hat).sum(axis=over), "beta": dy.sum(axis=over)}


def _beside(p: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Put axes of length 1 between the runs of a parameter and its features: runs + (1, ..., n)."""
    between = max(x.ndim - p.ndim, 1)
    return p.reshape(*p.shape[:-1], *(1,) * between, p.shape[-1])


def _checked_input(x: np.ndarray, n: int, gamma: np.ndarray) -> np.ndarray:
    """Give x the type of the parameters, and refuse it where its features or its runs are others."""
    x, runs = np.asarray(x, dtype=gamma.dtype), gamma.shape[:-1]
    own_runs = x.shape[: len(runs)] == runs and x.ndim >= len(runs) + 2
    if x.ndim < 2 or x.shape[-1] != n or not (own_runs or x.ndim == 2):
        raise ValueError(
            f"x must have shape (B, {n}), for all runs or after their axes {runs}, got {x.shape}"
        )
    return x
