"""Every idea of the course by hand, forward and backward, in NumPy."""

from course_lib.numpy_nn import (
    activations,
    autograd,
    ensembles,
    gradients,
    initializers,
    layers,
    losses,
    optimizers,
    training,
)

__all__ = [
    "activations",
    "autograd",
    "ensembles",
    "gradients",
    "initializers",
    "layers",
    "losses",
    "optimizers",
    "training",
]
