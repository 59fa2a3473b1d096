"""Every idea of the course by hand, forward and backward, in NumPy."""

from course_lib.numpy_nn import activations, gradients, initializers, layers, losses, optimizers, training

__all__ = ["activations", "gradients", "initializers", "layers", "losses", "optimizers", "training"]
