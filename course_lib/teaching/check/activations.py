"""Exercises of activations: slopes, stable forms, layers that merge, curves from bends."""

import math

import numpy as np

from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.curves import Curve, over

_B1, _B2 = np.array([1.0, -2.0, 0.5]), np.array([0.3, 1.0, -1.0])
_W2 = np.array([[1.0, 2.0, -1.0], [0.0, 1.5, 3.0], [-2.0, 0.5, 1.0]])

merged_bias = Exercise(
    name="merged_bias",
    minutes=5,
    difficulty="standard",
    reference=lambda b1, W2, b2: b1 @ W2 + b2,
    mistakes={
        "b₁ goes through the second layer too: multiply it by W₂.": lambda b1, W2, b2: b1 + b2,
        "The first bias is lost.": lambda b1, W2, b2: b2,
        "The second bias is missing.": lambda b1, W2, b2: b1 @ W2,
        "The order is turned: rows come first in this course, so it is b₁ W₂.": lambda b1, W2, b2: (
            W2 @ b1 + b2
        ),
        "b₂ does not go through W₂: it is added behind it.": lambda b1, W2, b2: (b1 + b2) @ W2,
        "This multiplies entry by entry. A layer takes a matrix product: @.": lambda b1, W2, b2: (
            b1 * np.diag(W2) + b2
        ),
    },
    cases=((_B1, _W2, _B2), (_B2, _W2.T - 1, _B1)),
    right="Right: two layers, one matrix and one bias.",
)

_Z = np.array([-3.0, 0.5, -0.25, 2.0, -1.0])


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


sigmoid_slope = Exercise(
    name="sigmoid_slope",
    minutes=3,
    difficulty="warm-up",
    curve=over(np.linspace(-4, 4, 201), lambda f, z: f(z), "z", "σ′(z)"),
    reference=lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
    mistakes={
        "z stands where σ(z) should: the slope is σ(z)(1 − σ(z)).": lambda z: z * (1 - z),
        "This is σ itself.": _sigmoid,
        "This is 1 − σ. Multiply it by σ.": lambda z: 1 - _sigmoid(z),
        "1 − a² is the slope of tanh. For σ it is a(1 − a).": lambda z: 1 - _sigmoid(z) ** 2,
        "The sign is turned: σ rises everywhere.": lambda z: _sigmoid(z) * (_sigmoid(z) - 1),
        "This is 1/(1 + e⁻ᶻ)². The inner derivative, e⁻ᶻ, is missing.": lambda z: _sigmoid(z) ** 2,
    },
    cases=((_Z,), (1.5,)),
    right="Right: σ′ = σ(1 − σ), at most ¼.",
)

tanh_slope = Exercise(
    name="tanh_slope",
    minutes=3,
    difficulty="warm-up",
    curve=over(np.linspace(-4, 4, 201), lambda f, z: f(z), "z", "tanh′(z)"),
    reference=lambda z: 1 - np.tanh(z) ** 2,
    mistakes={
        "The square is missing: tanh′ = 1 − tanh².": lambda z: 1 - np.tanh(z),
        "z stands where tanh z should.": lambda z: 1 - z**2,
        "a(1 − a) is the slope of σ. For tanh it is 1 − a².": lambda z: np.tanh(z) * (1 - np.tanh(z)),
        "1/cosh z wants a square: tanh′ = 1/cosh² z.": lambda z: 1 / np.cosh(z),
        "The sign is turned: tanh rises everywhere.": lambda z: np.tanh(z) ** 2 - 1,
        "tanh z = 2σ(2z) − 1. By the chain rule there are two factors 2, outside and inside.": (
            lambda z: (1 - np.tanh(z) ** 2) / 2
        ),
        "This is 1 + tanh². The sign of the square is minus.": lambda z: 1 + np.tanh(z) ** 2,
    },
    cases=((_Z,), (1.5,)),
    right="Right: 1 − tanh², which is 1 at z = 0.",
)

leaky_slope = Exercise(
    name="leaky_slope",
    minutes=3,
    difficulty="warm-up",
    curve=over(np.linspace(-4, 4, 201), lambda f, z: f(z, 0.2), "z", "slope, α = 0.2"),
    reference=lambda z, alpha: np.where(z > 0, 1.0, alpha),
    mistakes={
        "The slopes are on the wrong sides: α belongs to z < 0.": lambda z, alpha: np.where(
            z > 0, alpha, 1.0
        ),
        "This is plain ReLU. The leak is missing: slope α for z < 0.": lambda z, alpha: np.where(
            z > 0, 1.0, 0.0
        ),
        "This is the value. Its slope is asked for.": lambda z, alpha: np.where(z > 0, z, alpha * z),
        "Left of 0 this is αz, the value. The slope there is α.": lambda z, alpha: np.where(
            z > 0, 1.0, alpha * z
        ),
        "The slope is α on the left, not −α: the function rises there too.": (
            lambda z, alpha: np.where(z > 0, 1.0, -alpha)
        ),
        "The slopes of both sides are added. Left of 0 it is α alone.": (
            lambda z, alpha: np.where(z > 0, 1.0 + alpha, alpha)
        ),
        "The larger of the two slopes is right for α below 1 only. Let the sign of z decide.": (
            lambda z, alpha: np.maximum(alpha, z > 0)
        ),
    },
    cases=((_Z, 0.1), (_Z, 0.6), (_Z, 2.0)),
    right="Right: 1 on the right, α on the left, and nowhere 0.",
)

_FAR = np.array([800.0, -800.0, 1.5, -0.5])  # e⁸⁰⁰ overflows

elu_slope = Exercise(
    name="elu_slope",
    minutes=4,
    difficulty="standard",
    curve=over(np.linspace(-4, 4, 201), lambda f, z: f(z, 0.5), "z", "slope, α = 0.5"),
    reference=lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0))),
    mistakes={
        "Left of 0 this is the value α(eᶻ − 1). Differentiating takes the −1 away.": lambda z, alpha: (
            np.where(z > 0, 1.0, alpha * (np.exp(z) - 1))
        ),
        "The factor α is missing on the left.": lambda z, alpha: np.where(z > 0, 1.0, np.exp(z)),
        "Right of 0 the function is z, with slope 1.": lambda z, alpha: alpha * np.exp(z),
        "A constant slope α is leaky ReLU. ELU bends: αeᶻ.": lambda z, alpha: np.where(z > 0, 1.0, alpha),
        "This is the value. Its slope is asked for.": lambda z, alpha: np.where(
            z > 0, z, alpha * (np.exp(z) - 1)
        ),
        "The sign in the exponent is turned: for z < 0, eᶻ is below 1.": lambda z, alpha: np.where(
            z > 0, 1.0, alpha * np.exp(-z)
        ),
        "Left of 0 the slope is αeᶻ, not 0: ELU keeps a gradient there.": lambda z, alpha: np.where(
            z > 0, 1.0, 0.0
        ),
        "For large z, eᶻ is inf, and 0 · inf is nan. np.where chooses; a product does not.": (
            lambda z, alpha: (z > 0) + (z < 0) * alpha * np.exp(z)
        ),
    },
    cases=((_Z, 0.5), (_Z, 2.0), (_FAR, 1.5)),
    right="Right. At 0 from the left it is α: the slope is continuous for α = 1 only.",
)

_WIDE = np.array([1000.0, -40.0, -1.0, 0.0, 0.5, -1000.0, 3.0, 8.0])


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


stable_softplus = Exercise(
    name="stable_softplus",
    minutes=8,
    difficulty="standard",
    curve=over(np.linspace(-4, 4, 201), lambda f, z: f(z), "z", "softplus(z)"),
    reference=_softplus,
    mistakes={
        "The formula holds, but e¹⁰⁰⁰ overflows. Take the larger of 0 and z out of the logarithm first.": (
            lambda z: np.log(1 + np.exp(z))
        ),
        "This holds for large z, but at z = −1000 e⁺¹⁰⁰⁰ overflows in it. Use |z|.": (
            lambda z: z + np.log1p(np.exp(-z))
        ),
        "This is ReLU. The rounding of the corner, ln(1 + e^−|z|), is missing.": lambda z: np.maximum(z, 0),
        "The part max(z, 0) is missing.": lambda z: np.log1p(np.exp(-np.abs(z))),
        "Cutting z off keeps it finite, and wrong: softplus(1000) is 1000.": (
            lambda z: np.log1p(np.exp(np.minimum(z, 20)))
        ),
        "The logarithm is the natural one, not that to base 2.": lambda z: (
            np.maximum(z, 0) + np.log2(1 + np.exp(-np.abs(z)))
        ),
        "The sign of z is turned: this falls where softplus rises.": lambda z: _softplus(-z),
    },
    cases=((_WIDE,), (_Z,)),
    right="Right, at −1000 and at 1000 too.",
)


_ROOT = math.sqrt(2 / math.pi)


def _gelu_tanh(z, constant=_ROOT, cubic=0.044715, power=3, half=0.5, one=1.0):
    return half * z * (one + np.tanh(constant * (z + cubic * z**power)))


gelu_tanh = Exercise(
    name="gelu_tanh",
    minutes=4,
    difficulty="standard",
    curve=over(np.linspace(-4, 4, 201), lambda f, z: f(z), "z", "gelu(z)"),
    reference=_gelu_tanh,
    mistakes={
        "The root is missing: the factor is √(2/π) = 0.798.": lambda z: _gelu_tanh(z, constant=2 / math.pi),
        "The fraction under the root is turned over: √(2/π), not √(π/2).": (
            lambda z: _gelu_tanh(z, constant=math.sqrt(math.pi / 2))
        ),
        "A zero is missing: 0.044715.": lambda z: _gelu_tanh(z, cubic=0.44715),
        "The constant is 0.044715 and multiplies z³, not z².": lambda z: _gelu_tanh(z, power=2),
        "The factor ½ is missing.": lambda z: _gelu_tanh(z, half=1.0),
        "The 1 + is missing: 1 + tanh lies between 0 and 2.": lambda z: _gelu_tanh(z, one=0.0),
        "The cubic term is missing.": lambda z: _gelu_tanh(z, cubic=0.0),
        "This is zΦ(z) itself. Asked for is (9), which comes near to it.": (
            lambda z: z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2
        ),
        "This is z σ(1.702 z), a coarser form of GELU.": lambda z: z * _sigmoid(1.702 * z),
        "√(2/π) is outside the bracket: it multiplies the cubic term as well.": (
            lambda z: 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * z + 0.044715 * z**3))
        ),
    },
    cases=((_Z,), (1.0,)),
    right="Right: within 0.0005 of zΦ(z).",
)

_DA = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
_ZZ = np.array([[0.5, -1.0, 2.0], [-0.3, 1.5, 0.8]])

activation_backward = Exercise(
    name="activation_backward",
    minutes=5,
    difficulty="standard",
    reference=lambda da, z: da * (1 - np.tanh(z) ** 2),
    mistakes={
        "f′ is missing: the gradient passes the activation unchanged.": lambda da, z: da,
        "This multiplies by f(z). The chain rule takes f′(z).": lambda da, z: da * np.tanh(z),
        "This is f′ alone. Multiply it by what comes from above.": lambda da, z: 1 - np.tanh(z) ** 2,
        "This divides by f′. The chain rule multiplies.": lambda da, z: da / (1 - np.tanh(z) ** 2),
        "f′ is taken at ∂L/∂a. Take it at z.": lambda da, z: da * (1 - np.tanh(da) ** 2),
        "The square is missing: tanh′ = 1 − tanh².": lambda da, z: da * (1 - np.tanh(z)),
        "This is 1 − z². The slope of tanh is 1 − a², with a = tanh z.": lambda da, z: da * (1 - z**2),
        "tanh is taken twice: f′(z) = 1 − tanh² z, with z as it came in.": (
            lambda da, z: da * (1 - np.tanh(np.tanh(z)) ** 2)
        ),
        "An activation acts on each sample alone: nothing is averaged.": (
            lambda da, z: da * (1 - np.tanh(z) ** 2) / len(z)
        ),
    },
    cases=((_DA, _ZZ), (_ZZ - 1, _DA)),
    right="Right: entry by entry, ∂L/∂z = ∂L/∂a ⊙ f′(z).",
)


def _slopes(nodes, y):
    return np.diff(y) / np.diff(nodes)


def _from_bends(answer):
    """The curve through five points that the coefficients of an answer make."""
    nodes, y = np.array([0.0, 0.5, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 0.5, 0.75, -0.5])
    x = np.linspace(-0.5, 3.0, 281)
    return x, y[0] + np.maximum(x[:, None] - nodes[:-1], 0) @ answer(nodes, y)


relu_bends = Exercise(
    name="relu_bends",
    minutes=12,
    difficulty="standard",
    curve=Curve(_from_bends, "x", "y"),
    reference=lambda nodes, y: np.diff(_slopes(nodes, y), prepend=0.0),
    mistakes={
        "These are the slopes. A started ReLU goes on: each new one adds the change only.": _slopes,
        "These are the rises. Divide each by the width of its interval first.": (
            lambda nodes, y: np.diff(np.diff(y), prepend=0.0)
        ),
        "The first slope is forgotten: the first ReLU starts with it, coming from slope 0.": (
            lambda nodes, y: np.diff(_slopes(nodes, y))
        ),
        "The first slope is missing: before the first node the slope is 0.": (
            lambda nodes, y: np.diff(_slopes(nodes, y), prepend=_slopes(nodes, y)[0])
        ),
        "The signs are turned: the change is the new slope minus the old one.": (
            lambda nodes, y: -np.diff(_slopes(nodes, y), prepend=0.0)
        ),
        "The intervals are not equally wide. Divide each rise by its own width.": (
            lambda nodes, y: np.diff(np.diff(y) / np.mean(np.diff(nodes)), prepend=0.0)
        ),
        "These are the heights at the nodes. ReLUs need changes of slope.": lambda nodes, y: y[:-1],
        "The fraction is turned over: a slope is rise by width.": (
            lambda nodes, y: np.diff(1 / _slopes(nodes, y), prepend=0.0)
        ),
    },
    cases=(
        (np.array([0.0, 0.5, 0.75, 1.5]), np.array([1.0, 2.0, 0.5, 0.75])),
        (np.array([-1.0, 0.0, 2.0]), np.array([0.5, -1.0, 3.0])),
    ),
    right="Right: a curve through any points, one ReLU for each interval.",
)
