"""Layers and models: modules that own their parameters; autograd finds the way back."""

from course_lib.torch_nn.layers.containers import Residual, Sequential, mlp
from course_lib.torch_nn.layers.dense import Activate, Dense, Flatten
from course_lib.torch_nn.layers.dropout import Dropout
from course_lib.torch_nn.layers.normalization import BatchNorm, LayerNorm

__all__ = [
    "Activate",
    "BatchNorm",
    "Dense",
    "Dropout",
    "Flatten",
    "LayerNorm",
    "Residual",
    "Sequential",
    "mlp",
]
