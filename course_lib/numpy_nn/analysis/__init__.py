"""What a loss looks like where a training stands: the noise of its gradients, its sharpness."""

from course_lib.numpy_nn.analysis.gradient_noise import (
    batch_gradients,
    batch_variance,
    gradient_variance,
    noise_floor,
    per_sample_gradients,
)
from course_lib.numpy_nn.analysis.sharpness import hessian_vector_product, largest_eigenvalue, sharpness

__all__ = [
    "batch_gradients",
    "batch_variance",
    "gradient_variance",
    "hessian_vector_product",
    "largest_eigenvalue",
    "noise_floor",
    "per_sample_gradients",
    "sharpness",
]
