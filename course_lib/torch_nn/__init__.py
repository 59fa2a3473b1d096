"""The same ideas under the same names, written as one writes them in PyTorch."""

from course_lib.torch_nn import datasets, initializers, layers, losses, optimizers, training

__all__ = ["datasets", "initializers", "layers", "losses", "optimizers", "training"]
