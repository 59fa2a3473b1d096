"""Activations: plain functions of a tensor, in order of history; autograd knows their derivatives.

``torch.nn.functional`` has all of them. Here they are written out, except where PyTorch's own operation
decides about a kink.
"""

import math
from collections.abc import Callable

import torch
from torch.nn import functional as F

from course_lib.core import non_negative

__all__ = [
    "ACTIVATIONS",
    "elu",
    "gelu",
    "gelu_tanh",
    "hard_sigmoid",
    "hard_tanh",
    "identity",
    "leaky_relu",
    "relu",
    "sigmoid",
    "softmax",
    "softmax_jacobian",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]

Activation = Callable[[torch.Tensor], torch.Tensor]


def identity(z: torch.Tensor) -> torch.Tensor:
    """Return z: what the last layer of a regression has. PyTorch: nn.Identity.

    >>> identity(torch.tensor(2.0))
    tensor(2.)
    """
    return z


def sigmoid(z: torch.Tensor) -> torch.Tensor:
    """Return σ(z) = (1 + tanh(z/2)) / 2, a form that cannot overflow. PyTorch: torch.sigmoid.

    >>> sigmoid(torch.tensor(0.0))
    tensor(0.5000)
    """
    return (1 + torch.tanh(z / 2)) / 2


def hard_sigmoid(z: torch.Tensor) -> torch.Tensor:
    """Return min(max(z + 3, 0), 6) / 6. PyTorch: F.hardsigmoid.

    >>> hard_sigmoid(torch.tensor(1.5))
    tensor(0.7500)
    """
    return F.relu6(z + 3) / 6


def tanh(z: torch.Tensor) -> torch.Tensor:
    """Return the hyperbolic tangent. PyTorch: torch.tanh.

    >>> tanh(torch.tensor(0.0))
    tensor(0.)
    """
    return torch.tanh(z)


def hard_tanh(z: torch.Tensor) -> torch.Tensor:
    """Return min(max(z, −1), 1). PyTorch: F.hardtanh; clamp has slope 1 at the kinks.

    >>> hard_tanh(torch.tensor(1.5))
    tensor(1.)
    """
    return F.hardtanh(z)


def softsign(z: torch.Tensor) -> torch.Tensor:
    """Return z / (1 + |z|). PyTorch: F.softsign.

    >>> softsign(torch.tensor(-1.0))
    tensor(-0.5000)
    """
    return z / (1 + z.abs())


def relu(z: torch.Tensor) -> torch.Tensor:
    """Return max(z, 0), with slope 0 at 0. PyTorch: torch.relu; clamp has slope 1 at 0.

    >>> relu(torch.tensor([-2.0, 3.0]))
    tensor([0., 3.])
    """
    return torch.relu(z)


def softplus(z: torch.Tensor) -> torch.Tensor:
    """Return ln(1 + e^z). PyTorch: F.softplus, which returns z itself above 20.

    >>> softplus(torch.tensor(1000.0))
    tensor(1000.)
    """
    return torch.logaddexp(z, torch.zeros_like(z))


def leaky_relu(alpha: float = 0.01) -> Activation:
    """Make a ReLU that lets a fraction alpha of the negative side through. PyTorch: F.leaky_relu.

    >>> leaky_relu(alpha=0.5)(torch.tensor([-2.0, 3.0]))
    tensor([-1.,  3.])
    """
    alpha = non_negative("alpha", alpha, "0.01 is usual")
    return lambda z: torch.where(z > 0, z, alpha * z)


def elu(alpha: float = 1.0) -> Activation:
    """Make an exponential linear unit, which levels off at −alpha. PyTorch: F.elu.

    >>> elu(alpha=2.0)(torch.tensor([-1000.0, 3.0]))
    tensor([-2.,  3.])
    """
    alpha = non_negative("alpha", alpha, "1 is usual")
    # the clamp keeps an overflow out of the branch that is not taken: its gradient would be 0 · ∞
    return lambda z: torch.where(z > 0, z, alpha * torch.expm1(z.clamp(max=0)))


def gelu(z: torch.Tensor) -> torch.Tensor:
    """Return z Φ(z), Φ(z) = (1 + erf(z/√2)) / 2. PyTorch: F.gelu.

    >>> gelu(torch.tensor(1.0))
    tensor(0.8413)
    """
    return z * (1 + torch.erf(z / math.sqrt(2))) / 2


def gelu_tanh(z: torch.Tensor) -> torch.Tensor:
    """Return GELU with a tanh for the normal distribution. PyTorch: F.gelu(z, approximate="tanh").

    >>> gelu_tanh(torch.tensor(1.0))
    tensor(0.8412)
    """
    return z * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2


def swish(beta: float = 1.0) -> Activation:
    """Make z σ(βz). PyTorch has beta = 1: F.silu.

    >>> swish()(torch.tensor(1.0))
    tensor(0.7311)
    """
    beta = non_negative("beta", beta, "1 is usual, and called SiLU")
    return lambda z: z * sigmoid(beta * z)


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "sigmoid": sigmoid,
    "hard_sigmoid": hard_sigmoid,
    "tanh": tanh,
    "hard_tanh": hard_tanh,
    "softsign": softsign,
    "relu": relu,
    "softplus": softplus,
    "leaky_relu": leaky_relu(),
    "elu": elu(),
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "swish": swish(),
}


def softmax(z: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Turn scores into probabilities: pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ). PyTorch: torch.softmax.

    >>> softmax(torch.tensor([1000.0, 1000.0, 0.0]))
    tensor([0.5000, 0.5000, 0.0000])
    """
    e = torch.exp(z - z.amax(dim, keepdim=True).detach())  # the shift cancels, and so does its gradient
    return e / e.sum(dim, keepdim=True)


def softmax_jacobian(p: torch.Tensor) -> torch.Tensor:
    """Return ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ), shape (..., k, k). PyTorch: torch.func.jacrev(torch.softmax).

    >>> softmax_jacobian(torch.tensor([0.5, 0.5]))
    tensor([[ 0.2500, -0.2500],
            [-0.2500,  0.2500]])
    """
    return torch.diag_embed(p) - p[..., :, None] * p[..., None, :]
