"""Models: layers of layers, which are layers too."""

import functools
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from course_lib.numpy_nn.activations import Activation, tanh
from course_lib.numpy_nn.initializers import Initializer, he_normal
from course_lib.numpy_nn.layers.dense import Activate, Dense, Params

__all__ = ["Layer", "Residual", "Sequential", "mlp", "parameter_gradients"]


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


class Residual:
    """Add what goes in to what a layer makes of it: y = x + F(x), ∂L/∂x = ∂L/∂y + (∂F/∂x)ᵀ ∂L/∂y.

    The first term reaches the layers before undiminished, however many such layers are stacked.

    Args:
        layer: F, a layer whose output has the shape of its input; most often a Sequential.

    Raises:
        TypeError: it is not a layer.

    >>> model = Residual(Dense(3, 3))
    >>> params = model.init(np.random.default_rng(0))  # those of the layer
    >>> dx, grads = model.backward(params, model.forward(params, np.ones((4, 3)))[1], np.ones((4, 3)))
    >>> np.allclose(dx, 1 + params["W"].sum(axis=1))
    True

    Source: He et al., Deep residual learning for image recognition, 2015.
    """

    def __init__(self, layer: Layer) -> None:
        self.layer = _checked_layer("layer", layer)

    def __repr__(self) -> str:
        return f"Residual({self.layer!r})"

    def init(self, rng: np.random.Generator, runs: tuple[int, ...] = ()) -> Params:
        """Draw the parameters of the layer."""
        return self.layer.init(rng, runs)

    def forward(
        self, params: Params, x: np.ndarray, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, Any]:
        """Return x + F(x); the cache is that of the layer."""
        y, cache = self.layer.forward(params, x, train=train, rng=rng)
        if y.shape[-np.ndim(x) :] != np.shape(x):
            raise ValueError(f"layer must keep the shape of x, got {np.shape(x)} -> {y.shape}")
        return np.asarray(x, dtype=y.dtype) + y, cache

    def backward(self, params: Params, cache: Any, dy: np.ndarray) -> tuple[np.ndarray, Params]:
        """Return ∂L/∂x and the gradients of the layer's parameters."""
        dx, grads = self.layer.backward(params, cache, dy)
        return dy + dx, grads

    def remember(self, params: Params, cache: Any) -> Params:
        """Return the parameters with what the layer learned from the batch by itself."""
        return _remember(self.layer, params, cache)


def parameter_gradients(layer: Layer, params: Params, cache: Any, dy: np.ndarray) -> Params:
    """Return the gradients of a layer's parameters, without that of its input where the layer can do so.

    >>> layer, x = Dense(2, 1), np.array([[3.0, 4.0]])
    >>> parameter_gradients(layer, layer.init(np.random.default_rng(0)), x, np.ones((1, 1)))["W"]
    array([[3.],
           [4.]])
    """
    if _spares_work(type(layer)):
        return layer.parameter_gradients(params, cache, dy)
    return layer.backward(params, cache, dy)[1]


@functools.cache
def _spares_work(kind: type) -> bool:
    """Whether the class that defines backward has the other too: a subclass may bring its own backward."""
    definer = next(base for base in kind.__mro__ if "backward" in vars(base))
    return "parameter_gradients" in vars(definer)


def _remember(layer: Layer, params: Params, cache: Any) -> Params:
    return layer.remember(params, cache) if hasattr(layer, "remember") else params


def _checked_layer(name: str, layer: Any) -> Layer:
    if not all(hasattr(layer, method) for method in ("init", "forward", "backward")):
        raise TypeError(f"{name} must hold layers such as Dense(2, 1), got {layer!r}")
    return layer


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
        self.layers = [_checked_layer("layers", layer) for layer in layers]

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

    def parameter_gradients(self, params: list[Params], caches: list[Any], dy: np.ndarray) -> list[Params]:
        """Do what ``backward`` does, except for ∂L/∂x, which is a third of the first layer's work."""
        if not self.layers:
            return []
        *later, first = reversed(list(zip(self.layers, params, caches, strict=True)))
        grads = []
        for layer, p, cache in later:
            dy, grad = layer.backward(p, cache, dy)
            grads.append(grad)
        grads.append(parameter_gradients(*first, dy))
        return grads[::-1]

    def remember(self, params: list[Params], caches: list[Any]) -> list[Params]:
        """Return the parameters with what the layers learned from the batch by themselves."""
        if not any([hasattr(layer, "remember") for layer in self.layers]):
            return params
        return [_remember(*of_one) for of_one in zip(self.layers, params, caches, strict=True)]


def mlp(sizes: Sequence[int], activation: Activation = tanh, init: Initializer = he_normal) -> Sequential:
    """Make a multilayer perceptron: Dense layers with an activation between them, and none after the last.

    Args:
        sizes: inputs, hidden units of each layer, outputs.
        activation: applied after every Dense layer but the last, whose outputs are predictions or logits.
        init: the initializer of every W.

    Raises:
        TypeError, ValueError: there are fewer than two sizes, or one is not a whole number from 1 up.

    >>> mlp([2, 8, 1])
    Sequential([Dense(2, 8), Activate(tanh), Dense(8, 1)])
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes must name the inputs and the outputs at least, as in [2, 1], got {sizes!r}")
    layers: list[Layer] = []
    for n_in, n_out in pairwise(sizes):
        layers += [Dense(n_in, n_out, init), Activate(activation)]
    return Sequential(layers[:-1])
