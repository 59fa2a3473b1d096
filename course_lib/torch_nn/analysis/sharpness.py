"""Sharpness: the largest curvature of the loss of a model, by going backward twice."""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from course_lib.core import natural

__all__ = ["hessian_vector_product", "largest_eigenvalue", "sharpness"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def hessian_vector_product(
    model: nn.Module, loss: Loss, x: torch.Tensor, y: torch.Tensor, v: torch.Tensor
) -> torch.Tensor:
    """Multiply the Hessian of the loss by a vector: H v is the gradient of g·v.

    Args:
        model: a module, whose P parameters count in the order of ``model.parameters()``.
        loss: maps (pred, target) to a scalar tensor.
        x: samples.
        y: targets.
        v: shape (P,).

    >>> from course_lib.torch_nn import layers, losses
    >>> model, x = layers.Dense(1, 1), torch.tensor([[3.0]], dtype=torch.float64)
    >>> hessian_vector_product(model, losses.mse, x, 0 * x, torch.tensor([1.0, 0.0]).double())
    tensor([18.,  6.], dtype=torch.float64)
    """
    params = list(model.parameters())
    grads = torch.autograd.grad(loss(model(x), y), params, create_graph=True)
    along = parameters_to_vector(grads) @ v
    products = torch.autograd.grad(along, params, materialize_grads=True)
    return parameters_to_vector(products)


def sharpness(
    model: nn.Module,
    loss: Loss,
    x: torch.Tensor,
    y: torch.Tensor,
    *,
    generator: torch.Generator | None = None,
    n_iterations: int = 40,
) -> float:
    """Find the largest eigenvalue of the Hessian of the loss.

    Args:
        model, loss, x, y: as for ``hessian_vector_product``.
        generator: draws the direction to start from.
        n_iterations: products with the Hessian.

    >>> from course_lib.torch_nn import layers, losses
    >>> x = torch.tensor([[1.0], [-1.0]], dtype=torch.float64)
    >>> round(sharpness(layers.Dense(1, 1), losses.mse, x, 0 * x), 6)
    2.0
    """
    theta = parameters_to_vector(model.parameters())
    start = torch.randn(len(theta), dtype=theta.dtype, generator=generator)
    return largest_eigenvalue(lambda v: hessian_vector_product(model, loss, x, y, v), start, n_iterations)


def largest_eigenvalue(
    multiply: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, n_iterations: int = 40
) -> float:
    """Find the largest eigenvalue of a symmetric matrix that is known by its products alone, after Lanczos.

    Args:
        multiply: v, shape (P,) -> H v.
        start: any direction, shape (P,).
        n_iterations: products, P at most.

    >>> H = torch.diag(torch.tensor([1.0, 4.0, -9.0]))
    >>> round(largest_eigenvalue(lambda v: H @ v, torch.ones(3)), 4)
    4.0
    """
    basis, diagonal, beside = [start / start.norm()], [], []
    for _ in range(min(natural("n_iterations", n_iterations), len(start))):
        r = multiply(basis[-1])
        diagonal.append(basis[-1] @ r)
        size = r.norm()
        Q = torch.stack(basis)
        for _ in range(2):  # twice is enough (Parlett)
            r = r - Q.T @ (Q @ r)
        if r.norm() <= 1e-10 * size:  # the space is used up
            break
        beside.append(r.norm())
        basis.append(r / r.norm())
    beside = torch.stack(beside)[: len(diagonal) - 1] if beside else start[:0]
    T = torch.diag(torch.stack(diagonal)) + torch.diag(beside, 1) + torch.diag(beside, -1)
    return torch.linalg.eigvalsh(T)[-1].item()
