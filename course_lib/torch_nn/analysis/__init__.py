"""What a loss looks like where a training stands: its sharpness."""

from course_lib.torch_nn.analysis.sharpness import hessian_vector_product, largest_eigenvalue, sharpness

__all__ = [
    "hessian_vector_product",
    "largest_eigenvalue",
    "sharpness",
]
