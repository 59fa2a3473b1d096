"""Layers and models: a forward and a backward pass, with the parameters held outside.

A layer holds its constructor's arguments and nothing else. ``init`` draws parameters, ``forward`` returns the
output and a cache of what the way back needs, ``backward`` turns the gradient of the loss with respect to the
output into those with respect to the input and the parameters. A model is a layer too. A layer that learns
something else from a batch than by gradients, as BatchNorm does, also has ``remember``, which returns the
parameters with it. A layer that has less to do where nobody asks for the gradient of its input, as Dense has,
also has ``parameter_gradients``.
"""

from course_lib.numpy_nn.layers.containers import Layer, Residual, Sequential, mlp, parameter_gradients
from course_lib.numpy_nn.layers.dense import Activate, Dense, Flatten, Params
from course_lib.numpy_nn.layers.dropout import Dropout
from course_lib.numpy_nn.layers.normalization import BatchNorm, LayerNorm

__all__ = [
    "Activate",
    "BatchNorm",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "LayerNorm",
    "Params",
    "Residual",
    "Sequential",
    "mlp",
    "parameter_gradients",
]
