"""Exercises of backpropagation: one weight, one layer, a batch, paths that add, differences, and XOR."""

import numpy as np

from course_lib.teaching.exercise import Exercise


def _slope(z):
    return 1 - np.tanh(z) ** 2


weight_gradient = Exercise(
    name="weight_gradient",
    minutes=8,
    difficulty="standard",
    reference=lambda x, z, U: np.outer(x, U * _slope(z)),
    mistakes={
        "f′ is missing: the way from s to z leads through the activation.": lambda x, z, U: np.outer(x, U),
        "This table is transposed: W is (in, out), so row i belongs to input i.": (
            lambda x, z, U: np.outer(U * _slope(z), x)
        ),
        "f′ is missing, and the table is transposed.": lambda x, z, U: np.outer(U, x),
        "This has f(z) where f′(z) belongs: tanh′ = 1 − tanh².": lambda x, z, U: np.outer(x, U * np.tanh(z)),
        "U is missing: s depends on a_j through U_j.": lambda x, z, U: np.outer(x, _slope(z)),
        "This is 1 − z². The slope of tanh is 1 − a², with a = tanh z.": (
            lambda x, z, U: np.outer(x, U * (1 - z**2))
        ),
        "The units are added up. Each weight has a gradient of its own.": (
            lambda x, z, U: np.outer(x, np.sum(U * _slope(z)) * np.ones_like(z))
        ),
        "This is δ alone. Multiply it with the input at the other end of the edge.": (
            lambda x, z, U: U * _slope(z)
        ),
    },
    cases=(
        (np.array([1.0, -2.0]), np.array([0.3, -1.2, 0.8]), np.array([2.0, -1.0, 0.5])),
        (np.array([0.5, 3.0, -1.0]), np.array([-0.4, 0.6]), np.array([1.5, 0.7])),
    ),
    right="Right: equation (5), with the input at one end and the error at the other.",
)

delta_step = Exercise(
    name="delta_step",
    minutes=8,
    difficulty="standard",
    reference=lambda delta, W, z: _slope(z) * (delta @ W.T),
    mistakes={
        "This goes through W. The way back goes through Wᵀ: row i of W holds the edges that leave unit i.": (
            lambda delta, W, z: _slope(z) * (delta @ W)
        ),
        "f′ is missing: this is ∂L/∂a of the layer before, and δ is ∂L/∂z.": lambda delta, W, z: delta @ W.T,
        "f′ is missing, and W should be Wᵀ.": lambda delta, W, z: delta @ W,
        "This has f(z) where f′(z) belongs: tanh′ = 1 − tanh².": lambda delta, W, z: (
            np.tanh(z) * (delta @ W.T)
        ),
        "f′ must be multiplied in after Wᵀ: it belongs to the layer that δ arrives at.": (
            lambda delta, W, z: (_slope(z) * delta) @ W.T
        ),
        "This is 1 − z². The slope of tanh is 1 − a², with a = tanh z.": (
            lambda delta, W, z: (1 - z**2) * (delta @ W.T)
        ),
        "This adds f′. The chain rule multiplies.": lambda delta, W, z: _slope(z) + delta @ W.T,
    },
    cases=(
        (
            np.array([[1.0, -0.5], [0.2, 2.0], [-1.0, 0.4]]),
            np.array([[0.5, -1.0], [2.0, 0.3]]),
            np.array([[0.1, -0.7], [1.2, 0.4], [-0.3, 0.9]]),
        ),
        (
            np.array([[1.0, -0.5, 0.3], [0.2, 2.0, -1.0], [0.0, 1.0, 0.5], [-2.0, 0.4, 0.1]]),
            np.array([[0.5, -1.0, 1.5], [2.0, 0.3, -0.5], [-2.0, 1.0, 0.7]]),
            np.array([[0.1, -0.7, 0.5], [1.2, 0.4, -0.3], [0.8, -0.2, 0.6], [-0.5, 0.9, 0.0]]),
        ),
        (np.array([[2.0, 1.0]]), np.array([[1.0, 3.0], [-2.0, 0.5]]), np.array([[0.8, -0.2]])),
    ),
    right="Right: equation (9), the one line that is repeated for every layer.",
)

batch_gradient = Exercise(
    name="batch_gradient",
    minutes=8,
    difficulty="standard",
    reference=lambda a, delta: a.T @ delta / len(a),
    mistakes={
        "The 1/m is lost: L is the mean over the samples.": lambda a, delta: a.T @ delta,
        "This is transposed: the gradient has the shape of W, (in, out).": lambda a, delta: (
            delta.T @ a / len(a)
        ),
        "This is transposed, and the 1/m is lost.": lambda a, delta: delta.T @ a,
        "This divides by the units, not by the samples.": lambda a, delta: a.T @ delta / delta.shape[1],
        "This divides by all entries of δ. Only the samples are averaged.": (
            lambda a, delta: a.T @ delta / delta.size
        ),
        "A product of means is not the mean of the products: multiply first, sample by sample.": (
            lambda a, delta: np.outer(a.mean(axis=0), delta.mean(axis=0))
        ),
        "These are the m gradients of single samples. Take their mean.": (
            lambda a, delta: a[:, :, None] * delta[:, None, :]
        ),
    },
    cases=(
        (
            np.array([[1.0, 2.0, -1.0], [0.5, -1.0, 3.0], [2.0, 0.0, 1.0], [1.0, 1.0, -2.0]]),
            np.array([[0.3, -1.0], [1.2, 0.5], [-0.7, 2.0], [0.4, 0.1]]),
        ),
        (np.array([[1.0, -2.0], [3.0, 0.5], [1.5, 1.0]]), np.array([[2.0], [-1.0], [0.5]])),
        (np.array([[2.0, -1.0]]), np.array([[0.5, 1.0, -3.0]])),
    ),
    right="Right: equation (11). The matrix product adds up the samples by itself.",
)

bias_gradient = Exercise(
    name="bias_gradient",
    minutes=5,
    difficulty="standard",
    reference=lambda delta: delta.sum(axis=0),
    mistakes={
        "This is not summed over the batch: one b serves all samples, so their gradients add.": (
            lambda delta: delta
        ),
        "This sums over the units. The samples are axis 0.": lambda delta: delta.sum(axis=1),
        "The 1/m is in δ already; a mean divides a second time.": lambda delta: delta.mean(axis=0),
        "Everything is added up. Each unit has a bias of its own.": lambda delta: delta.sum(),
        "This is the first sample alone.": lambda delta: delta[0],
    },
    cases=(
        (np.array([[0.2, -1.0, 0.5], [0.4, 0.3, -0.1]]),),
        (np.array([[1.0, 2.0], [-0.5, 0.25], [2.0, 4.0]]),),
        (np.array([[0.5, -3.0]]),),
    ),
    right="Right: the bias is copied to every sample, so its gradients add.",
)

paths_add = Exercise(
    name="paths_add",
    minutes=5,
    difficulty="standard",
    returns=("∂L/∂x", "∂L/∂y"),
    reference=lambda x, y: np.array([2 * x + y, x]),
    mistakes={
        "One path of x is lost: this comes through the product alone. x is also in the sum.": (
            lambda x, y: np.array([x + y, x])
        ),
        "One path of x is lost: this comes through the sum alone. x is also a factor of the product.": (
            lambda x, y: np.array([x, x])
        ),
        "Paths add; here the two for x are multiplied.": lambda x, y: np.array([(x + y) * x, x]),
        "The gate × exchanges: a factor gets the other factor, not itself.": (
            lambda x, y: np.array([2 * x + y, x + y])
        ),
        "This is in the wrong order: the slope for x comes first.": lambda x, y: np.array([x, 2 * x + y]),
        "This is L. Its two slopes are asked for.": lambda x, y: (x + y) * x,
    },
    cases=((2.0, -0.5), (-1.0, 3.0), (0.25, -2.0)),
    right="Right: x reaches L on two paths, and they add to (x + y) + x.",
)

central_slope = Exercise(
    name="central_slope",
    minutes=5,
    difficulty="standard",
    reference=lambda x, h: (np.sin(x + h) - np.sin(x - h)) / (2 * h),
    mistakes={
        "The factor ½ is lost: the two points are 2h apart.": lambda x, h: (
            (np.sin(x + h) - np.sin(x - h)) / h
        ),
        "This is a central difference with half the h: its points are h apart. Take x + h and x − h.": (
            lambda x, h: (np.sin(x + h / 2) - np.sin(x - h / 2)) / h
        ),
        "This is the forward difference.": lambda x, h: (np.sin(x + h) - np.sin(x)) / h,
        "This is the backward difference.": lambda x, h: (np.sin(x) - np.sin(x - h)) / h,
        "This is the forward difference, and it is not divided by h.": lambda x, h: np.sin(x + h) - np.sin(x),
        "This is not divided by 2h: it is a change, not a slope.": lambda x, h: np.sin(x + h) - np.sin(x - h),
        "This is divided by 2 and not by h.": lambda x, h: (np.sin(x + h) - np.sin(x - h)) / 2,
        "Missing brackets: / 2 * h divides by 2 and then multiplies by h.": (
            lambda x, h: (np.sin(x + h) - np.sin(x - h)) / 2 * h
        ),
        "The forward difference spans h, not 2h.": lambda x, h: (np.sin(x + h) - np.sin(x)) / (2 * h),
        "The sign is turned: the point on the right comes first.": (
            lambda x, h: (np.sin(x - h) - np.sin(x + h)) / (2 * h)
        ),
        "This is the formula of the slope. The differences are to check it, so they must not use it.": (
            lambda x, h: np.cos(x)
        ),
    },
    cases=((1.0, 0.1), (-2.5, 0.3)),
    right="Right: odd in h, so that its error begins with h².",
)


def _xor_output(net, x1, x2):
    """What comes out of a net with two inputs, two ReLU units and one output, all given by its weights."""
    W1, b1, W2, b2 = net
    hidden = np.maximum(np.array([x1, x2]) @ W1 + b1, 0.0)
    return (hidden @ W2 + b2)[0]


def _net(W1, b1, W2, b2=0.0):
    return (
        np.array(W1, dtype=float),
        np.array(b1, dtype=float),
        np.array(W2, dtype=float)[:, None],
        np.array([b2]),
    )


_DIFFERENCES, _SUMS = [[1, -1], [-1, 1]], [[1, 1], [1, 1]]

xor_net = Exercise(
    name="xor_net",
    minutes=12,
    difficulty="standard",
    reference=_net(_DIFFERENCES, [0, 0], [1, 1]),
    returns=("W1", "b1", "W2", "b2"),
    outcome=_xor_output,
    mistakes={
        "This is OR: at (1, 1) it must come back to 0, so take the second unit off twice.": (
            _net(_SUMS, [0, -1], [1, -1])
        ),
        "This is AND.": _net(_SUMS, [-1, -1], [1, 0]),
        "This sees one of the two differences only. Add the other.": _net(_DIFFERENCES, [0, 0], [1, 0]),
        "There is no bend in this: a sum of inputs gives 2 at (1, 1).": _net(_SUMS, [0, 0], [1, 0]),
        "The two units cancel what the bend made: relu(z) − relu(−z) = z.": _net(
            _DIFFERENCES, [0, 0], [1, -1]
        ),
        "This is 1 where the inputs are equal. XOR is 1 where they differ.": (
            _net(_DIFFERENCES, [0, 0], [-1, -1], 1.0)
        ),
        "The second bend comes too soon: at (0, 1) the sum is 1, and nothing may be taken off yet.": (
            _net(_SUMS, [0, -0.5], [1, -2])
        ),
        "All outputs are equal: these weights see nothing of the inputs.": _net(
            [[0, 0], [0, 0]], [0, 0], [0, 0]
        ),
    },
    cases=((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)),
    right="Right: two bends, and the fourth point is won.",
)
