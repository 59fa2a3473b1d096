"""Every idea of the course by hand, forward and backward, in NumPy."""

from course_lib.numpy_nn import (
    activations,
    analysis,
    autograd,
    ensembles,
    gradients,
    initializers,
    layers,
    linear_models,
    losses,
    optimizers,
    regularizers,
    training,
)

__all__ = [
    "activations",
    "analysis",
    "autograd",
    "ensembles",
    "gradients",
    "initializers",
    "layers",
    "linear_models",
    "losses",
    "optimizers",
    "regularizers",
    "training",
]
