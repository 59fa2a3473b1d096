"""The same ideas under the same names, written as one writes them in PyTorch."""

from course_lib.torch_nn import (
    activations,
    datasets,
    ensembles,
    initializers,
    layers,
    losses,
    optimizers,
    training,
)

__all__ = [
    "activations",
    "datasets",
    "ensembles",
    "initializers",
    "layers",
    "losses",
    "optimizers",
    "training",
]
