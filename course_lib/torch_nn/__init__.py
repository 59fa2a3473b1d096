"""The same ideas under the same names, written as one writes them in PyTorch."""

from course_lib.torch_nn import (
    activations,
    analysis,
    datasets,
    ensembles,
    initializers,
    layers,
    losses,
    optimizers,
    regularizers,
    schedules,
    training,
)

__all__ = [
    "activations",
    "analysis",
    "datasets",
    "ensembles",
    "initializers",
    "layers",
    "losses",
    "optimizers",
    "regularizers",
    "schedules",
    "training",
]
