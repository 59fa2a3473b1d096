"""Numerical gradients, and the check of a gradient worked out by hand against them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.core import Tree, finite_array, generator, one_of, positive, tree_leaves, tree_map
from course_lib.numpy_nn.layers import Layer
from course_lib.numpy_nn.losses import Loss

__all__ = ["check_gradients", "numerical_gradient"]


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5, method: str = "central"
) -> np.ndarray:
    """Estimate the gradient of a function by differences, one entry of x at a time.

    forward:  ∂f/∂xᵢ ≈ (f(x + h eᵢ) − f(x)) / h              off by order h
    central:  ∂f/∂xᵢ ≈ (f(x + h eᵢ) − f(x − h eᵢ)) / 2h      off by order h²

    Args:
        f: maps an array like x to a number.
        x: where; any shape.
        h: the step. Rounding spoils small ones: best are about 1e-8 (forward) and 1e-5 (central).
        method: ``central`` or ``forward``.

    Returns:
        An array of the shape of x.

    Raises:
        TypeError, ValueError: x is not finite, h is not a positive number, or the method is unknown.

    >>> numerical_gradient(lambda x: np.sum(x**2), np.array([1.0, 3.0])).round(6)
    array([2., 6.])
    """
    h = positive("h", h, "1e-5 is usual")
    one_of("method", method, ["central", "forward"])
    x = finite_array("x", x).astype(float)
    grad = np.empty_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h if method == "central" else 0
        grad[i] = (f(up) - f(down)) / (2 * h if method == "central" else h)
    return grad


def check_gradients(
    layer_or_loss: Layer | Loss,
    *inputs: Tree,
    rng: np.random.Generator,
    h: float = 1e-5,
    train: bool = False,
) -> float:
    """Compare gradients by hand with central differences, along one random direction.

    A layer's output is made a number, s = Σ R ⊙ y, by a random R, which is then the gradient that comes from
    above. Along a random direction v over parameters and input, g·v must equal (s(+h v) − s(−h v)) / 2h. A
    wrong entry anywhere shows, because v leaves none out; two evaluations do where ``numerical_gradient``
    needs two for each entry.

    Args:
        layer_or_loss: what to check.
        inputs: params and x for a layer; pred and target for a loss.
        rng: draws R and v.
        h: the step.
        train: whether the layer is to behave as in training; dropout then drops the same entries each time.

    Returns:
        |analytic − numeric| / max(|analytic|, |numeric|): about 1e-9 where the gradient is right, and about 1
        where it is wrong.

    Raises:
        TypeError: what is given is neither a layer nor a loss.
        ValueError: s has a kink where it is checked, such as ReLU at 0: there it has a slope on either side,
            and no difference can tell whether a gradient is right.

    >>> from course_lib.numpy_nn.layers import Dense
    >>> rng = np.random.default_rng(0)
    >>> layer = Dense(2, 3)
    >>> check_gradients(layer, layer.init(rng), rng.normal(size=(4, 2)), rng=rng) < 1e-7
    True
    """
    h, rng = positive("h", h, "1e-5 is usual"), generator("rng", rng)
    if hasattr(layer_or_loss, "backward"):
        s, at, grads = _layer_as_function(layer_or_loss, *inputs, rng, train)
    elif hasattr(layer_or_loss, "grad"):
        s, at, grads = _loss_as_function(layer_or_loss, *inputs)
    else:
        raise TypeError(f"layer_or_loss must have a method backward or grad, got {layer_or_loss!r}")
    v = _without_statistics(tree_map(lambda a: rng.normal(size=np.shape(a)), at))
    numeric = (s(_moved(at, v, h)) - s(_moved(at, v, -h))) / (2 * h)
    analytic = sum(np.vdot(g, d) for g, d in zip(tree_leaves(grads), tree_leaves(v), strict=True))
    largest = max(abs(analytic), abs(numeric), np.finfo(float).tiny)
    if abs(analytic - numeric) > 1e-4 * largest:
        _refuse_kink(s, at, v, h)
    return float(abs(analytic - numeric) / largest)


def _slopes(s: Callable[[Tree], float], at: Tree, v: Tree, h: float) -> tuple[float, float]:
    """The slope of s along v, measured on either side."""
    here = s(at)
    return float(here - s(_moved(at, v, -h))) / h, float(s(_moved(at, v, h)) - here) / h


def _refuse_kink(s: Callable[[Tree], float], at: Tree, v: Tree, h: float) -> None:
    """Raise an error if the slopes stay apart: where s is smooth, an eighth of the step brings them near."""
    (left, right), (left_near, right_near) = _slopes(s, at, v, h), _slopes(s, at, v, h / 8)
    apart, near = abs(right - left), abs(right_near - left_near)
    if apart > 1e-3 * max(abs(left), abs(right)) and not apart / 16 < near < apart / 4:
        raise ValueError(
            f"inputs lie on a kink: the slope is {left:.3g} on one side and {right:.3g} on the other, so "
            "that no difference can judge a gradient; move them a little, as in x + 0.01"
        )


Function = tuple[Callable[[Tree], float], Tree, Tree]  # s, where to check it, its gradient there


def _layer_as_function(
    layer: Layer, params: Any, x: np.ndarray, rng: np.random.Generator, train: bool
) -> Function:
    def forward(params: Any, x: np.ndarray) -> tuple[np.ndarray, Any]:
        return layer.forward(params, x, train=train, rng=np.random.default_rng(seed))

    seed = rng.integers(2**32)
    y, cache = forward(params, x)
    R = rng.normal(size=y.shape)
    dx, dparams = layer.backward(params, cache, R)
    # an x shared by all runs gets a gradient from each of them
    dx = dx.reshape(-1, *x.shape).sum(axis=0)
    return lambda at: np.vdot(R, forward(*at)[0]), (params, x), (dparams, dx)


def _loss_as_function(loss: Loss, pred: np.ndarray, target: np.ndarray) -> Function:
    return lambda at: np.sum(loss.value(at, target)), pred, loss.grad(pred, target)


def _without_statistics(direction: Tree) -> Tree:
    """Leave running statistics where they are: they follow the data, not a gradient."""
    if isinstance(direction, dict):
        return {
            name: np.zeros_like(part) if name.startswith("running_") else _without_statistics(part)
            for name, part in direction.items()
        }
    if isinstance(direction, (list, tuple)):
        return type(direction)(map(_without_statistics, direction))
    return direction


def _moved(at: Tree, direction: Tree, h: float) -> Tree:
    return tree_map(lambda a, d: a + h * d, at, direction)
