"""What a fully connected net is made of: Dense, an activation after it, and Flatten before it."""

from typing import Any

import numpy as np

from course_lib.core import generator, natural
from course_lib.numpy_nn.activations import Activation
from course_lib.numpy_nn.initializers import Initializer, he_normal

__all__ = ["Activate", "Dense", "Flatten"]

Params = Any


class Dense:
    """Connect every input to every output: y = x W + b.

    With dy = ∂L/∂y:   ∂L/∂W = xᵀ dy,   ∂L/∂b = Σ dy over the samples,   ∂L/∂x = dy Wᵀ.

    Args:
        n_in: inputs.
        n_out: outputs.
        init: the initializer of W; b starts at 0.

    Raises:
        TypeError, ValueError: a size is not a whole number from 1 up.

    >>> layer = Dense(2, 3)
    >>> params = layer.init(np.random.default_rng(0))
    >>> y, cache = layer.forward(params, np.ones((4, 2)))
    >>> y.shape
    (4, 3)

    W is (in, out) here, so that the code reads as the formula does; ``torch.nn.Linear`` keeps (out, in).
    """

    def __init__(self, n_in: int, n_out: int, init: Initializer = he_normal) -> None:
        self.n_in = natural("n_in", n_in)
        self.n_out = natural("n_out", n_out)
        self.initializer = init

    def __repr__(self) -> str:
        return f"Dense({self.n_in}, {self.n_out})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Draw W, shape runs + (n_in, n_out), and set b, shape runs + (n_out,), to 0."""
        W = self.initializer(generator("rng", rng), self.n_in, self.n_out, runs)
        return {"W": W, "b": np.zeros((*runs, self.n_out))}

    def forward(
        self, params: Params, x: np.ndarray, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Map x of shape (n, n_in), or runs + (n, n_in), to y of shape runs + (n, n_out)."""
        W, b = params["W"], params["b"]
        x = np.asarray(x, dtype=W.dtype)
        runs = W.shape[:-2]
        if x.ndim < 2 or x.shape[-1] != self.n_in or x.shape[:-2] not in ((), runs):
            raise ValueError(
                f"x must have shape (n, {self.n_in}), for all runs or after their axes {runs}, got {x.shape}"
            )
        return x @ W + b[..., None, :], x  # runs + (n, n_out)

    def backward(self, params: Params, cache: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, Params]:
        """Return ∂L/∂x, shape runs + (n, n_in), and ∂L/∂W and ∂L/∂b in the shapes of W and b."""
        return dy @ params["W"].mT, self.parameter_gradients(params, cache, dy)

    def parameter_gradients(self, params: Params, cache: np.ndarray, dy: np.ndarray) -> Params:
        """Return ∂L/∂W and ∂L/∂b alone: a first layer has nobody to pass ∂L/∂x on to."""
        x = cache
        return {"W": x.mT @ dy, "b": np.einsum("...nk->...k", dy)}  # the sum over the samples n


class Activate:
    """Apply an activation to every entry: y = f(x), ∂L/∂x = ∂L/∂y ⊙ f′(x).

    Args:
        activation: what to apply, one of ``activations``.

    Raises:
        TypeError: it has no derivative df.

    >>> from course_lib.numpy_nn.activations import relu
    >>> y, cache = Activate(relu).forward({}, np.array([[-2.0, 3.0]]))
    >>> y
    array([[0., 3.]])
    """

    def __init__(self, activation: Activation) -> None:
        if not hasattr(activation, "df"):
            raise TypeError(f"activation must be an Activation such as activations.relu, got {activation!r}")
        self.activation = activation

    def __repr__(self) -> str:
        return f"Activate({self.activation.name})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Return no parameters."""
        return {}

    def forward(
        self, params: Params, x: np.ndarray, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Return y = f(x); the cache is x and y."""
        y = self.activation.f(x)
        return y, (x, y)

    def backward(
        self, params: Params, cache: tuple[np.ndarray, np.ndarray], dy: np.ndarray
    ) -> tuple[np.ndarray, Params]:
        """Return ∂L/∂x, and no gradients of parameters."""
        x, y = cache
        slope = self.activation.df_of_a(y) if self.activation.df_of_a else self.activation.df(x)
        return dy * slope, {}


class Flatten:
    """Make one axis of the last few: (..., channels, height, width) becomes (..., features).

    Args:
        n_axes: how many to join; 2 for images without channels.

    Raises:
        TypeError, ValueError: n_axes is not a whole number from 1 up.

    >>> y, shape = Flatten().forward({}, np.ones((5, 1, 8, 8)))
    >>> y.shape
    (5, 64)

    It counts from the right, so that samples and runs stay; ``torch.nn.Flatten()`` joins all axes but one.
    """

    def __init__(self, n_axes: int = 3) -> None:
        self.n_axes = natural("n_axes", n_axes)

    def __repr__(self) -> str:
        return f"Flatten({self.n_axes})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Return no parameters."""
        return {}

    def forward(
        self, params: Params, x: np.ndarray, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, tuple[int, ...]]:
        """Return x with its last axes joined; the cache is their lengths."""
        x = np.asarray(x)
        if x.ndim <= self.n_axes:
            raise ValueError(f"x must have {self.n_axes} axes after those of its samples, got {x.shape}")
        return x.reshape(*x.shape[: -self.n_axes], -1), x.shape[-self.n_axes :]

    def backward(self, params: Params, cache: tuple[int, ...], dy: np.ndarray) -> tuple[np.ndarray, Params]:
        """Return ∂L/∂x with its last axis parted again, and no gradients of parameters."""
        return dy.reshape(*dy.shape[:-1], *cache), {}
