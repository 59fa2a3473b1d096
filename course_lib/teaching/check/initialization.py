"""Exercises of initialization: starts, variances, bounds, clipping, residual connections."""

import math

import numpy as np

from course_lib.teaching.exercise import Exercise

_X = np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25], [2.0, 1.0]])
_LABELS = np.array([1.0, 0.0, 0.0, 1.0])

logistic_start = Exercise(
    name="logistic_start",
    minutes=6,
    difficulty="standard",
    reference=lambda x, y: x.T @ (0.5 - y) / len(x),
    mistakes={
        "At w = 0 the prediction is σ(0) = ½, not 0.": lambda x, y: x.T @ (0.0 - y) / len(x),
        "The sign is turned: it is prediction minus label.": lambda x, y: x.T @ (y - 0.5) / len(x),
        "The loss is a mean over the samples: divide by their number.": lambda x, y: x.T @ (0.5 - y),
        "The slope of σ cancels with cross-entropy: there is no factor ¼ left.": (
            lambda x, y: x.T @ (0.5 - y) / len(x) / 4
        ),
        "This divides by the number of features. Divide by the number of samples.": (
            lambda x, y: x.T @ (0.5 - y) / x.shape[1]
        ),
        "Zero weights do not mean a zero gradient: the inputs are not zero.": lambda x, y: np.zeros(
            x.shape[1]
        ),
        "The factor 2 belongs to the squared error. Cross-entropy has none.": (
            lambda x, y: 2 * x.T @ (0.5 - y) / len(x)
        ),
    },
    cases=((_X, _LABELS), (_X[:3] - 0.5, _LABELS[1:])),
    right="Right: not zero, so a single layer may start at zero.",
)

signal_size = Exercise(
    name="signal_size",
    minutes=5,
    difficulty="standard",
    reference=lambda std, n, depth: (std * math.sqrt(n)) ** depth,
    mistakes={
        "std is the standard deviation; you took it for the variance.": (
            lambda std, n, depth: math.sqrt(std * n) ** depth
        ),
        "This is the mean square. Its root is asked for.": lambda std, n, depth: (n * std**2) ** depth,
        "This is the factor of one layer. There are more, and they multiply.": (
            lambda std, n, depth: std * math.sqrt(n)
        ),
        "n variances are added, so the size grows with √n, not with n.": (
            lambda std, n, depth: (n * std) ** depth
        ),
        "Layers multiply, they do not add: a power, not a product with depth.": (
            lambda std, n, depth: depth * std * math.sqrt(n)
        ),
        "The number of inputs is missing: n terms are added in every unit.": lambda std, n, depth: std**depth,
        "√n is in the denominator. A unit adds up n terms, which makes it larger.": (
            lambda std, n, depth: (std / math.sqrt(n)) ** depth
        ),
        "√n stands here once. It belongs to the factor of every layer.": (
            lambda std, n, depth: std**depth * math.sqrt(n)
        ),
    },
    cases=((0.01, 64, 10), (0.3, 5, 3)),
    right="Right: 0.08 a layer for 64 units and 0.01, and ten layers leave 10⁻¹¹.",
)

uniform_bound = Exercise(
    name="uniform_bound",
    minutes=5,
    difficulty="standard",
    reference=lambda variance: math.sqrt(3 * variance),
    mistakes={
        "This is the standard deviation. A uniform number lies up to √3 of them from 0.": (
            lambda variance: variance**0.5
        ),
        "The root is missing: a²/3 = variance.": lambda variance: 3 * variance,
        "a²/12 is the variance of an interval of width a. Yours is 2a wide.": (
            lambda variance: math.sqrt(12 * variance)
        ),
        "The fraction is turned over: a² = 3 · variance.": lambda variance: math.sqrt(variance / 3),
        "The 3 belongs under the root.": lambda variance: 3 * math.sqrt(variance),
        "The argument is already the variance: do not square it.": lambda variance: math.sqrt(3) * variance,
        "The 6 of Xavier's bound is 3 · 2; the 2 is in the variance.": (
            lambda variance: math.sqrt(6 * variance)
        ),
    },
    cases=((0.5,), (0.02,)),
    right="Right: a = √(3 · variance).",
)

xavier_bound = Exercise(
    name="xavier_bound",
    minutes=5,
    difficulty="standard",
    reference=lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)),
    mistakes={
        "The root is over the 6 alone. It covers the whole fraction.": (
            lambda n_in, n_out: math.sqrt(6) / (n_in + n_out)
        ),
        "The root is missing.": lambda n_in, n_out: 6 / (n_in + n_out),
        "This is the standard deviation. The bound is √3 times as large.": (
            lambda n_in, n_out: math.sqrt(2 / (n_in + n_out))
        ),
        "This is the variance. The bound is the root of three times that.": (
            lambda n_in, n_out: 2 / (n_in + n_out)
        ),
        "n_out is missing: this is He's bound.": lambda n_in, n_out: math.sqrt(6 / n_in),
        "Only n_out is in it. Xavier balances both ways, with n_in + n_out.": (
            lambda n_in, n_out: math.sqrt(6 / n_out)
        ),
        "The factor 2 of the variance is missing: 3 · 2 = 6.": lambda n_in, n_out: math.sqrt(
            3 / (n_in + n_out)
        ),
        "n_in and n_out are added, not multiplied.": lambda n_in, n_out: math.sqrt(6 / (n_in * n_out)),
        "The root is over the sum alone. It covers the 6 as well.": (
            lambda n_in, n_out: 6 / math.sqrt(n_in + n_out)
        ),
    },
    cases=((50, 200), (7, 3)),
    right="Right: √(6 / (n_in + n_out)), whose variance is 2 / (n_in + n_out).",
)

he_std = Exercise(
    name="he_std",
    minutes=3,
    difficulty="warm-up",
    reference=lambda n_in, n_out: math.sqrt(2 / n_in),
    mistakes={
        "This is the variance. The root of it is asked for.": lambda n_in, n_out: 2 / n_in,
        "n_out stands where n_in should: a unit adds up its inputs.": lambda n_in, n_out: math.sqrt(
            2 / n_out
        ),
        "The factor 2 is missing. ReLU loses half of the mean square.": lambda n_in, n_out: math.sqrt(
            1 / n_in
        ),
        "This is Xavier's. He's has n_in alone.": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
        "This is the bound of the uniform form.": lambda n_in, n_out: math.sqrt(6 / n_in),
        "The root is over the 2 alone. It covers the whole fraction.": lambda n_in, n_out: (
            math.sqrt(2) / n_in
        ),
        "ReLU halves, so the variance is doubled. Yours is halved once more.": (
            lambda n_in, n_out: math.sqrt(1 / (2 * n_in))
        ),
        "The factor 2 belongs under the root.": lambda n_in, n_out: 2 / math.sqrt(n_in),
        "The root is taken twice.": lambda n_in, n_out: (2 / n_in) ** 0.25,
    },
    cases=((50, 200), (7, 3)),
    right="Right: variance 2 / n_in, standard deviation √(2 / n_in).",
)

_LONG, _SHORT = np.array([3.0, -0.2, 4.0, 0.5]), np.array([0.3, -0.1, 0.2])


def _norm(g, order=2):
    return np.linalg.norm(g, order)


clip_by_norm = Exercise(
    name="clip_by_norm",
    minutes=8,
    difficulty="standard",
    reference=lambda g, limit: g * min(1.0, limit / _norm(g)),
    mistakes={
        "This cuts each entry. By norm, all entries shrink by one factor.": (
            lambda g, limit: np.clip(g, -limit, limit)
        ),
        "Short gradients are made longer. The factor is at most 1.": lambda g, limit: g * limit / _norm(g),
        "This divides by the squared norm. The root is missing.": (
            lambda g, limit: g * min(1.0, limit / _norm(g) ** 2)
        ),
        "This is the sum of sizes. The norm is the root of the sum of squares.": (
            lambda g, limit: g * min(1.0, limit / _norm(g, 1))
        ),
        "This uses the largest entry. The norm has them all.": (
            lambda g, limit: g * min(1.0, limit / _norm(g, np.inf))
        ),
        "The limit is missing: long gradients come out with length 1.": (
            lambda g, limit: g * min(1.0, 1 / _norm(g))
        ),
        "max stands where min should: this lengthens the short ones and leaves the long ones.": (
            lambda g, limit: g * max(1.0, limit / _norm(g))
        ),
        "The fraction is turned over: limit / norm.": lambda g, limit: g * min(1.0, _norm(g) / limit),
        "This is the norm after clipping. The gradient is asked for.": lambda g, limit: min(_norm(g), limit),
        "Long gradients are set to zero. They should be shortened.": (
            lambda g, limit: g * (_norm(g) <= limit)
        ),
        "Nothing is clipped.": lambda g, limit: g,
    },
    cases=((_LONG, 2.5), (_SHORT, 1.5), (_LONG, 4.5), (_LONG, 9.0), (_SHORT, 0.4)),
    right="Right: shorter if too long, untouched if not, and never turned.",
)

_DY = np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 0.25]])
_W = np.array([[0.5, -1.0], [2.0, 0.3]])

residual_backward = Exercise(
    name="residual_backward",
    minutes=8,
    difficulty="standard",
    reference=lambda dy, W: dy + dy @ W.T,
    mistakes={
        "The direct way is missing: x also reaches the output unchanged.": lambda dy, W: dy @ W.T,
        "Only the direct way is there. The gradient also comes back through W.": lambda dy, W: dy,
        "On the way back it is the transpose of W.": lambda dy, W: dy + dy @ W,
        "Two ways add. This multiplies them.": lambda dy, W: dy * (dy @ W.T),
        "Add dy, the gradient, and not the number 1.": lambda dy, W: 1 + dy @ W.T,
        "Both ways count in full: their sum, not their mean.": lambda dy, W: (dy + dy @ W.T) / 2,
        "The sign of the second way is turned.": lambda dy, W: dy - dy @ W.T,
    },
    cases=((_DY, _W), (_DY[:2] - 1, _W.T + 0.5)),
    right="Right: ∂L/∂x = ∂L/∂y (I + W)ᵀ.",
)
