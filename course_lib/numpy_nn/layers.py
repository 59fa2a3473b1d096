"""Layers: a forward and a backward pass, with the parameters held outside.

A layer holds its constructor's arguments and nothing else. ``init`` draws parameters, ``forward`` returns the
output and a cache of what the way back needs, ``backward`` turns the gradient of the loss with respect to the
output into those with respect to the input and the parameters. A model is a layer too.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from course_lib.numpy_nn.initializers import Initializer, he_normal
from course_lib.validation import generator, natural

__all__ = ["Dense", "Layer", "Sequential"]

Params = Any


class Layer(Protocol):
    """What every layer and every model offers."""

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Draw parameters."""

    def forward(
        self,
        params: Params,
        x: np.ndarray,
        *,
        train: bool = False,
        rng: np.random.Generator | None = None,
    ) -> tuple[np.ndarray, Any]:
        """Return the output and the cache."""

    def backward(self, params: Params, cache: Any, dy: np.ndarray) -> tuple[np.ndarray, Params]:
        """Return the gradients with respect to the input and to the parameters."""


def _T(matrix: np.ndarray) -> np.ndarray:
    """Transpose each matrix of a stack."""
    return np.swapaxes(matrix, -1, -2)


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
        x = cache
        return dy @ _T(params["W"]), {"W": _T(x) @ dy, "b": dy.sum(axis=-2)}


class Sequential:
    """Chain layers: each takes the output of the one before, and gradients flow back in reverse order.

    Args:
        layers: what to chain; a chain is itself a layer, so chains nest.

    Raises:
        TypeError: something in the list is not a layer.

    >>> model = Sequential([Dense(2, 8), Dense(8, 1)])
    >>> params = model.init(np.random.default_rng(0), runs=(5,))
    >>> y, cache = model.forward(params, np.ones((4, 2)))
    >>> y.shape
    (5, 4, 1)
    >>> dx, grads = model.backward(params, cache, np.ones_like(y))
    >>> grads[0]["W"].shape
    (5, 2, 8)
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        for layer in layers:
            if not all(hasattr(layer, method) for method in ("init", "forward", "backward")):
                raise TypeError(f"layers must be a list of layers such as Dense(2, 1), got {layer!r} in it")
        self.layers = list(layers)

    def __repr__(self) -> str:
        return f"Sequential({self.layers!r})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> list[Params]:
        """Draw the parameters of every layer: a list, one entry a layer."""
        return [layer.init(rng, runs) for layer in self.layers]

    def forward(
        self,
        params: list[Params],
        x: np.ndarray,
        *,
        train: bool = False,
        rng: np.random.Generator | None = None,
    ) -> tuple[np.ndarray, list[Any]]:
        """Pass x through every layer; the cache is a list, one entry a layer."""
        caches = []
        for layer, p in zip(self.layers, params, strict=True):
            x, cache = layer.forward(p, x, train=train, rng=rng)
            caches.append(cache)
        return x, caches

    def backward(
        self, params: list[Params], caches: list[Any], dy: np.ndarray
    ) -> tuple[np.ndarray, list[Params]]:
        """Pass dy back through every layer, last one first; gradients come in the order of the layers."""
        grads = []
        for layer, p, cache in reversed(list(zip(self.layers, params, caches, strict=True))):
            dy, grad = layer.backward(p, cache, dy)
            grads.append(grad)
        return dy, grads[::-1]
