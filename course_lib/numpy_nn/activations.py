"""Activations: the derivative beside its function, in order of history, and softmax with its Jacobian.

Each stays finite and silent at |z| = 1000. Where a function has a kink, its derivative there is PyTorch's.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.core import non_negative

__all__ = [
    "ACTIVATIONS",
    "Activation",
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
    "softmax_backward",
    "softmax_jacobian",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]

Function = Callable[[np.ndarray], np.ndarray]


def _without_underflow(function: Function) -> Function:
    """Let e⁻¹⁰⁰⁰ be 0 where the process raises an error for that.

    It tries first: entering ``errstate`` at every call would cost a small net 4 % of its speed.
    """

    @functools.wraps(function)
    def guarded(z: np.ndarray) -> np.ndarray:
        try:
            return function(z)
        except FloatingPointError:
            with np.errstate(under="ignore"):
                return function(z)

    return guarded


@dataclass(frozen=True)
class Activation:
    """A function of one number, applied to every entry of an array, and its derivative.

    Attributes:
        name: the usual name.
        tex: the formula, in TeX.
        f: the function, z -> a.
        df: its derivative ∂a/∂z, as a function of z.
        range: the values f comes between, (low, high); it need not reach them.
        df_of_a: the derivative as a function of a = f(z), where that spares computing f a second time.

    >>> relu
    Activation('relu')
    >>> relu(np.array([-2.0, 3.0])), relu.df(np.array([-2.0, 3.0]))
    (array([0., 3.]), array([0., 1.]))
    """

    name: str
    tex: str
    f: Function
    df: Function
    range: tuple[float, float] = (-np.inf, np.inf)
    df_of_a: Function | None = None

    def __post_init__(self) -> None:
        for name in ("f", "df", "df_of_a"):
            if function := getattr(self, name):
                object.__setattr__(self, name, _without_underflow(function))

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """Return f(z)."""
        return self.f(z)

    def __repr__(self) -> str:
        return f"Activation({self.name!r})"


def _where(condition: np.ndarray, yes: np.ndarray, no: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Choose between two values, in the floating type of z."""
    return np.where(condition, yes, no).astype(np.result_type(np.asarray(z), np.float32), copy=False)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(−z)) with an exponential that cannot overflow: for z < 0, as exp(z) / (1 + exp(z))."""
    e = np.exp(-np.abs(z))
    return np.where(np.greater_equal(z, 0), 1, e) / (1 + e)


def _normal_cdf(z: np.ndarray) -> np.ndarray:
    """Φ(z), the share of a standard normal distribution below z."""
    from scipy import special  # late, because it is slow to import

    with special.errstate(all="ignore"):
        return special.ndtr(z)


def _normal_pdf(z: np.ndarray) -> np.ndarray:
    """φ(z) = Φ′(z), the density of a standard normal distribution."""
    return np.exp(-0.5 * np.square(z)) / math.sqrt(2 * math.pi)


def _sigmoid_slope(z: np.ndarray) -> np.ndarray:
    """σ′ = σ (1 − σ), largest at 0, where it is ¼."""
    a = _sigmoid(z)
    return a * (1 - a)


# The tanh form of GELU: a cubic bends tanh until it nearly is 2Φ − 1.
_K, _C = math.sqrt(2 / math.pi), 0.044715


def _bent_tanh(z: np.ndarray) -> np.ndarray:
    return np.tanh(_K * (z + _C * z * np.square(z)))


def _bent_tanh_slope(z: np.ndarray) -> np.ndarray:
    return (1 - np.square(_bent_tanh(z))) * _K * (1 + 3 * _C * np.square(z))


# fmt: off
identity = Activation("identity", "z",
    f =lambda z: z,
    df=np.ones_like)

sigmoid = Activation("sigmoid", r"\frac{1}{1 + e^{-z}}", range=(0, 1),
    f =_sigmoid,
    df=_sigmoid_slope,                           df_of_a=lambda a: a * (1 - a))

# PyTorch's: slope 1/6 between −3 and 3. Keras has had 1/5 between −2.5 and 2.5, BinaryConnect 1/2 between ±1.
hard_sigmoid = Activation("hard sigmoid", r"\min(\max(z + 3, 0), 6) / 6", range=(0, 1),
    f =lambda z: np.clip(np.add(z, 3), 0, 6) / 6,
    df=lambda z: _where(np.abs(z) < 3, 1 / 6, 0, z))

tanh = Activation("tanh", r"\frac{e^z - e^{-z}}{e^z + e^{-z}}", range=(-1, 1),
    f =np.tanh,
    df=lambda z: 1 - np.square(np.tanh(z)),      df_of_a=lambda a: 1 - np.square(a))

hard_tanh = Activation("hard tanh", r"\min(\max(z, -1), 1)", range=(-1, 1),
    f =lambda z: np.clip(z, -1, 1),
    df=lambda z: _where(np.abs(z) < 1, 1, 0, z))

softsign = Activation("softsign", r"\frac{z}{1 + |z|}", range=(-1, 1),
    f =lambda z: z / (1 + np.abs(z)),
    df=lambda z: 1 / np.square(1 + np.abs(z)))

relu = Activation("relu", r"\max(z, 0)", range=(0, np.inf),
    f =lambda z: np.maximum(z, 0),
    df=lambda z: _where(np.greater(z, 0), 1, 0, z))

# torch.nn.Softplus returns z itself above 20, which is too little by at most 2e-9.
softplus = Activation("softplus", r"\ln(1 + e^z)", range=(0, np.inf),
    f =lambda z: np.logaddexp(0, z),
    df=_sigmoid)

gelu = Activation("gelu", r"z\,\Phi(z)", range=(-0.16998, np.inf),
    f =lambda z: z * _normal_cdf(z),
    df=lambda z: _normal_cdf(z) + z * _normal_pdf(z))

# For the years when the exact form was slow: within 0.0005 of it. PyTorch: nn.GELU(approximate="tanh").
gelu_tanh = Activation("gelu, tanh form", r"\tfrac{z}{2}(1 + \tanh(\sqrt{2/\pi}\,(z + 0.044715 z^3)))",
    range=(-0.17005, np.inf),
    f =lambda z: z / 2 * (1 + _bent_tanh(z)),
    df=lambda z: (1 + _bent_tanh(z)) / 2 + z / 2 * _bent_tanh_slope(z))


def leaky_relu(alpha: float = 0.01) -> Activation:
    """Make a ReLU that lets a fraction alpha of the negative side through, so that no unit dies.

    >>> leaky_relu(alpha=0.1)(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])

    Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, 2013.
    """
    alpha = non_negative("alpha", alpha, "0.01 is usual")
    return Activation("leaky relu", rf"\max(z, 0) + {alpha:g} \min(z, 0)",
        range=(-np.inf if alpha else 0, np.inf),
        f =lambda z: _where(np.greater(z, 0), z, np.multiply(alpha, z), z),
        df=lambda z: _where(np.greater(z, 0), 1, alpha, z))


def elu(alpha: float = 1.0) -> Activation:
    """Make an exponential linear unit, which levels off at −alpha; its slope is continuous for alpha = 1.

    >>> elu(alpha=2.0)(np.array([-1000.0, 3.0]))
    array([-2.,  3.])

    Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by ELUs, 2015.
    """
    alpha = non_negative("alpha", alpha, "1 is usual")
    return Activation("elu", rf"z \text{{ if }} z > 0 \text{{ else }} {alpha:g} (e^z - 1)",
        range=(-alpha, np.inf),
        f =lambda z: _where(np.greater(z, 0), z, alpha * np.expm1(np.minimum(z, 0)), z),
        df=lambda z: _where(np.greater(z, 0), 1, alpha * np.exp(np.minimum(z, 0)), z))


def swish(beta: float = 1.0) -> Activation:
    """Make z σ(βz): half the identity at beta = 0, SiLU at 1, and nearly ReLU for large beta.

    >>> swish()(1.0).round(4)
    np.float64(0.7311)

    Source: Ramachandran, Zoph and Le, Searching for activation functions, 2017; SiLU: Elfwing et al., 2017.
    """
    beta = non_negative("beta", beta, "1 is usual, and called SiLU")
    return Activation("swish", rf"z\,\sigma({beta:g} z)",
        range=(-0.27847 / beta if beta else -np.inf, np.inf),
        f =lambda z: z * _sigmoid(np.multiply(beta, z)),
        df=lambda z: _sigmoid(np.multiply(beta, z)) + beta * z * _sigmoid_slope(np.multiply(beta, z)))
# fmt: on


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


def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    """Turn scores into probabilities: pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ).

    Adding a number to all scores changes nothing; taking the largest away keeps the exponentials below 1.

    Args:
        z: scores, or logits.
        axis: along which the probabilities sum to 1.

    Returns:
        An array of the shape of z.

    >>> softmax(np.array([1000.0, 1000.0, 0.0]))
    array([0.5, 0.5, 0. ])

    Unlike an activation, it mixes the entries, so that its derivative is a matrix: ``softmax_jacobian``.
    """
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(p: np.ndarray) -> np.ndarray:
    """Return ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ), the matrix diag(p) − p pᵀ. Only its diagonal is p (1 − p).

    Args:
        p: probabilities from softmax, shape (..., k).

    Returns:
        Matrices of shape (..., k, k), row i for pᵢ; each is symmetric, and its rows sum to 0.

    >>> softmax_jacobian(np.array([0.5, 0.5]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = np.asarray(p)
    return p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :])  # (..., k, k)


def softmax_backward(p: np.ndarray, dp: np.ndarray) -> np.ndarray:
    """Take the gradient back through softmax: ∂L/∂z = p ⊙ (∂L/∂p − Σ p ⊙ ∂L/∂p).

    It is the product of ∂L/∂p with the Jacobian, without the k × k matrix.

    Args:
        p: probabilities from softmax along the last axis, shape (..., k).
        dp: ∂L/∂p, of the same shape.

    Returns:
        ∂L/∂z, of the same shape.

    >>> p, dp = np.array([0.5, 0.5]), np.array([1.0, 0.0])
    >>> softmax_backward(p, dp), dp @ softmax_jacobian(p)
    (array([ 0.25, -0.25]), array([ 0.25, -0.25]))
    """
    return p * (dp - np.sum(p * dp, axis=-1, keepdims=True))


# A product of tiny probabilities is 0, and no error whatever the process makes of underflow.
softmax, softmax_jacobian, softmax_backward = map(
    np.errstate(under="ignore"), (softmax, softmax_jacobian, softmax_backward)
)
