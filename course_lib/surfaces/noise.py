"""Surfaces whose gradients are noisy, as those of mini-batches are."""

from dataclasses import replace

import numpy as np

from course_lib.core import generator, lead, non_negative
from course_lib.surfaces.surface import Surface

__all__ = ["noisy"]


def noisy(surface: Surface, std: float | np.ndarray, rng: np.random.Generator) -> Surface:
    """Add Gaussian noise to the gradients of a surface; its values and Hessians stay exact.

    g(w) = ∇f(w) + σ ξ,   ξ ~ N(0, 1) for each weight, new at each call

    The gradient of a batch of B samples has noise of σ = s/√B, with s that of a single sample. To see several
    batch sizes at once, let std be an array: ``noisy(surface, s / np.sqrt(sizes), rng)``.

    Args:
        surface: any.
        std: σ, zero or a positive number, or an array of shape runs.
        rng: draws the noise of all runs.

    Returns:
        A surface to descend with ``training.descend``. Two calls of its grad differ.

    Raises:
        TypeError, ValueError: σ is not such a number, or rng not a Generator.

    >>> from course_lib.surfaces import quadratic
    >>> shaky = noisy(quadratic((1.0,)), std=np.array([0.0, 0.5]), rng=np.random.default_rng(0))
    >>> shaky.grad(np.ones((2, 1))).ravel().round(2)
    array([1.  , 0.93])
    """
    std, rng = non_negative("std", std, "0.1 is a usual start", array=True), generator("rng", rng)

    def grad(w: np.ndarray) -> np.ndarray:
        exact = np.asarray(surface.grad(w))
        return exact + lead(std, exact) * rng.standard_normal(exact.shape)

    return replace(surface, grad=grad)
