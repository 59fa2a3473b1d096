"""The learning rate that an optimizer uses in effect, for each parameter."""

import functools

import numpy as np

from course_lib.core import Tree, finite_array, lead, tree_map
from course_lib.numpy_nn.optimizers.adam import Adam, AdamState
from course_lib.numpy_nn.optimizers.adaptive import AdaGrad, AdaGradState, RMSProp, RMSPropState
from course_lib.numpy_nn.optimizers.descent import SGD, SGDState, _rate
from course_lib.numpy_nn.optimizers.rule import Optimizer

__all__ = ["effective_rate", "effective_rates"]


@functools.singledispatch
def effective_rate(state: object, optimizer: Optimizer, params: Tree) -> Tree:
    """Compute the factor between gradient and step that the last update used, for each parameter.

    SGD: η.   AdaGrad: η / (√s + ε).   RMSProp: η / (√v + ε).   Adam: η / (√v̂ + ε)

    The last step was −factor · g for the first three, −factor · m̂ for Adam; AdamW's decay comes beside it.

    Args:
        state: what the update returned, after at least one.
        optimizer: the rule itself.
        params: the parameters, whose shapes are those of the result.

    Returns:
        A tree like the parameters.

    Raises:
        TypeError: the optimizer has no such factor: momentum, or a chain.

    >>> optimizer, w = AdaGrad(lr=0.1), np.zeros(2)
    >>> state = optimizer.init(w)
    >>> for _ in range(4):
    ...     _, state = optimizer.update(np.array([1.0, 5.0]), state, w)
    >>> effective_rate(state, optimizer, w).round(4)  # 0.1 / (|g| √4)
    array([0.05, 0.01])
    """
    raise TypeError(
        f"optimizer must be SGD, AdaGrad, RMSProp, Adam or AdamW, without more memory, got {optimizer!r}"
    )


@effective_rate.register
def _(state: SGDState, optimizer: SGD, params: Tree) -> Tree:
    rate = _rate(optimizer.lr, state.t - 1)
    return tree_map(lambda w: np.broadcast_to(lead(rate, w), np.shape(w)).copy(), params)


@effective_rate.register
def _(state: AdaGradState, optimizer: AdaGrad, params: Tree) -> Tree:
    rate = _rate(optimizer.lr, state.t - 1) / (1 + optimizer.lr_decay * (state.t - 1))
    return tree_map(lambda s: lead(rate, s) / (np.sqrt(s) + lead(optimizer.eps, s)), state.s)


@effective_rate.register
def _(state: RMSPropState, optimizer: RMSProp, params: Tree) -> Tree:
    if state.m is not None or state.u is not None:
        raise TypeError(f"optimizer must be RMSProp without centering and momentum, got {optimizer!r}")
    rate = _rate(optimizer.lr, state.t - 1)
    return tree_map(lambda v: lead(rate, v) / (np.sqrt(v) + lead(optimizer.eps, v)), state.v)


@effective_rate.register
def _(state: AdamState, optimizer: Adam, params: Tree) -> Tree:
    rate, t = _rate(optimizer.lr, state.t - 1), state.t if optimizer.bias_correction else np.inf

    def factor(v: np.ndarray) -> np.ndarray:
        v_hat = v / (1 - np.power(lead(optimizer.b2, v), t))
        return lead(rate, v) / (np.sqrt(v_hat) + lead(optimizer.eps, v))

    return tree_map(factor, state.v if state.v_max is None else state.v_max)


def effective_rates(optimizer: Optimizer, grads: np.ndarray) -> np.ndarray:
    """Replay an optimizer over a series of gradients, and keep its effective rate after each.

    Args:
        optimizer: SGD, AdaGrad, RMSProp, Adam or AdamW.
        grads: gradients in the order of the updates, shape (T, ...).

    Returns:
        The factors, of the same shape.

    Raises:
        TypeError, ValueError: the gradients are not finite, or the optimizer has no such factor.

    >>> effective_rates(AdaGrad(lr=1.0), np.full((4, 1), 2.0)).ravel().round(3)  # 1 / (2 √t)
    array([0.5  , 0.354, 0.289, 0.25 ])
    """
    grads = finite_array("grads", grads, shape=(None, *np.shape(grads)[1:]))
    params, rates = np.zeros_like(grads[0]), np.empty_like(grads)
    state = optimizer.init(params)
    for t, g in enumerate(grads):
        _, state = optimizer.update(g, state, params)
        rates[t] = effective_rate(state, optimizer, params)
    return rates
