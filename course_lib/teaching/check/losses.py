"""Exercises of losses: encoding classes, the gradients of the cross-entropies, stability, the hinge."""

import numpy as np

from course_lib.teaching.exercise import Exercise


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


bce_gradient = Exercise(
    name="bce_gradient",
    minutes=6,
    difficulty="standard",
    reference=lambda z, y: (_sigmoid(z) - y) / len(z),
    mistakes={
        "The sign is turned: it is p − y, the prediction first.": lambda z, y: (y - _sigmoid(z)) / len(z),
        "The 1/N is lost: the loss is a mean over the samples.": lambda z, y: _sigmoid(z) - y,
        "The sign is turned, and the 1/N is lost.": lambda z, y: y - _sigmoid(z),
        "This is z − y. The logits must become probabilities first: p = σ(z).": lambda z, y: (z - y) / len(z),
        "There is a factor p(1 − p) too many: it cancels against the one below −y/p + (1 − y)/(1 − p).": (
            lambda z, y: (_sigmoid(z) - y) * _sigmoid(z) * (1 - _sigmoid(z)) / len(z)
        ),
        "This is the gradient of the squared error of σ(z). That of the cross-entropy has no factor σ′.": (
            lambda z, y: 2 * (_sigmoid(z) - y) * _sigmoid(z) * (1 - _sigmoid(z)) / len(z)
        ),
        "This is ∂L/∂p. One more link of the chain leads to z: ∂p/∂z = p(1 − p).": (
            lambda z, y: (_sigmoid(z) - y) / (_sigmoid(z) * (1 - _sigmoid(z))) / len(z)
        ),
        "A factor 2 is too many: nothing is squared here.": lambda z, y: 2 * (_sigmoid(z) - y) / len(z),
        "This is p alone. Subtract the target.": lambda z, y: _sigmoid(z) / len(z),
        "This rounds the probabilities. The gradient needs them as they are.": (
            lambda z, y: ((z > 0) - y) / len(z)
        ),
        "This is the loss of each sample. Its slope is asked for.": lambda z, y: np.logaddexp(0, z) - y * z,
        "The samples are added up. There is one slope for each logit: return all N.": (
            lambda z, y: np.mean(_sigmoid(z) - y)
        ),
    },
    cases=(
        (np.array([-2.0, 0.5, 3.0, 1.0]), np.array([1.0, 0.0, 1.0, 1.0])),
        (np.array([0.25, -1.5]), np.array([0.0, 0.0])),
    ),
    right="Right: equation (8).",
)


def _eye_of(labels, n_classes, shift=0):
    return np.eye(n_classes)[np.asarray(labels) - shift]


one_hot = Exercise(
    name="one_hot",
    minutes=6,
    difficulty="standard",
    reference=_eye_of,
    mistakes={
        "Every 1 stands one column too far to the left: class numbers begin at 0 here.": (
            lambda labels, n_classes: _eye_of(labels, n_classes, 1)
        ),
        "The table lies on its side: one row for each sample, one column for each class.": (
            lambda labels, n_classes: _eye_of(labels, n_classes).T
        ),
        "The 0s and the 1s are exchanged.": lambda labels, n_classes: 1 - _eye_of(labels, n_classes),
        "The column of the class should hold a 1, not the number of the class.": (
            lambda labels, n_classes: _eye_of(labels, n_classes) * np.asarray(labels)[:, None]
        ),
        "There are only columns for the classes that occur here. All n_classes get one.": (
            lambda labels, n_classes: (np.asarray(labels)[:, None] == np.unique(labels)).astype(float)
        ),
        "The columns end with the largest label that occurs here. All n_classes get one.": (
            lambda labels, n_classes: _eye_of(labels, np.max(labels) + 1)
        ),
        "There is one column too many.": lambda labels, n_classes: _eye_of(labels, n_classes + 1),
        "These are the first rows of the identity, whatever the labels are.": (
            lambda labels, n_classes: np.eye(len(labels), n_classes)
        ),
    },
    cases=((np.array([2, 0, 3, 0, 2]), 4), (np.array([1, 0]), 3), (np.array([1]), 4)),
    right="Right: any two classes are √2 apart.",
)


def _softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _exponentials(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


def _bare_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


_LOGITS = np.array([[2.0, -1.0, 0.5], [0.0, 0.3, 3.0]])
_HUGE = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1000.0]])
_APART = np.array([[-1000.0, 1000.0, -1000.0, -999.0], [0.0, -2000.0, 1.0, 800.0]])

stable_softmax = Exercise(
    name="stable_softmax",
    minutes=8,
    difficulty="standard",
    reference=_softmax,
    mistakes={
        "Right for small logits only: exp(1000) is too large for any float, and three exp(−1000) are 0/0. "
        "Take each row's largest logit away first.": _bare_softmax,
        "The probabilities sum to 1 down the columns. They should do so along each row: axis=1.": (
            lambda z: _softmax(z, axis=0)
        ),
        "A row whose largest logit is far below that of the table vanishes. Each row has its own largest: "
        "axis=1, keepdims=True.": lambda z: _bare_softmax(z - z.max()),
        "The whole table sums to 1. Each row should: divide by its own sum.": (
            lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        ),
        "The sum goes over the whole table. Each row has its own sum: axis=1, keepdims=True.": lambda z: (
            _exponentials(z) / _exponentials(z).sum()
        ),
        "This is not divided yet: the rows must sum to 1.": _exponentials,
        "The exponential is missing.": lambda z: z / z.sum(axis=1, keepdims=True),
        "These are the logarithms of the probabilities.": lambda z: np.log(_softmax(z)),
        "The smallest is taken away. That makes the exponents larger: take the largest.": (
            lambda z: _bare_softmax(z - z.min(axis=1, keepdims=True))
        ),
        "The mean is taken away, say, or the first. What is far above it overflows: take the largest.": (
            lambda z: _bare_softmax(z - z.mean(axis=1, keepdims=True))
        ),
        "Softmax is applied twice.": lambda z: _softmax(_softmax(z)),
        "Each entry goes through a sigmoid of its own: nothing makes the rows sum to 1.": (
            lambda z: np.where(z > 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))
        ),
    },
    cases=((_LOGITS,), (_HUGE,), (_APART,), (np.array([[0.0, 1.0, 2.0, 3.0]]),)),
    right="Right: no exponent is ever above 0.",
)

untrained_loss = Exercise(
    name="untrained_loss",
    minutes=3,
    difficulty="warm-up",
    reference=float(np.log(10)),
    mistakes={
        "That is the logarithm to base 10. Losses use the natural one.": 1.0,
        "That is the logarithm to base 2, in bits. Losses use the natural one.": float(np.log2(10)),
        "That is the probability of each class. The loss is −ln of it.": 0.1,
        "The sign is turned: a logarithm of a probability is negative, and the loss is minus it.": float(
            -np.log(10)
        ),
        "That is how often such a guess is wrong. The loss is −ln of the probability of the true class.": 0.9,
        "That is −ln of the probability of being wrong. Take that of the true class, 0.1.": float(
            -np.log(0.9)
        ),
        "That is for two classes. Here there are ten.": float(np.log(2)),
        "That is −p ln p, one term of an entropy. A sample costs −ln of the probability of its class.": float(
            0.1 * np.log(10)
        ),
        "That is 1/p. Take its logarithm.": 10.0,
    },
    rtol=2e-3,
    right="Right: −ln(1/10) = ln 10 = 2.303.",
)


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _picked(table, labels):
    return table[np.arange(len(labels)), labels]


_FOUR = np.array([[2.0, -1.0, 0.5, 0.1], [0.0, 0.3, 3.0, -2.0], [1.0, 1.5, -0.7, 0.4]])

mean_cross_entropy = Exercise(
    name="mean_cross_entropy",
    minutes=8,
    difficulty="standard",
    reference=lambda z, labels: -np.mean(_picked(_log_softmax(z), labels)),
    mistakes={
        "Right for small logits only: somewhere exp overflows, or ln takes 0. Use "
        "ln p = z − m − ln Σ exp(z − m), with m the largest of the row.": lambda z, labels: (
            -np.mean(_picked(np.log(_bare_softmax(z)), labels))
        ),
        "The softmax is stable, and still ln takes 0: p underflows. Never form p: "
        "ln p = z − m − ln Σ exp(z − m).": lambda z, labels: -np.mean(_picked(np.log(_softmax(z)), labels)),
        "Softmax is applied twice: these are logits already, or its logarithm goes through softmax again.": (
            lambda z, labels: -np.mean(_picked(_log_softmax(_softmax(z)), labels))
        ),
        "The sum over the samples is not divided by their number.": lambda z, labels: (
            -np.sum(_picked(_log_softmax(z), labels))
        ),
        "This divides by N·C. The mean goes over the N samples only.": lambda z, labels: (
            -np.sum(_picked(_log_softmax(z), labels)) / z.size
        ),
        "The minus is lost.": lambda z, labels: np.mean(_picked(_log_softmax(z), labels)),
        "The labels are taken one too low: class 0 has the first column.": lambda z, labels: (
            -np.mean(_picked(_log_softmax(z), labels - 1))
        ),
        "Softmax runs over the wrong axis: over the samples. Each row is one sample.": lambda z, labels: (
            -np.mean(_picked(_log_softmax(z.T).T, labels))
        ),
        "This is minus the logit of the true class. The log-sum-exp of the row is missing.": (
            lambda z, labels: -np.mean(_picked(z, labels))
        ),
        "The logarithm is that to base 2.": lambda z, labels: (
            -np.mean(_picked(_log_softmax(z), labels)) / np.log(2)
        ),
        "These are the losses of the single samples. Take their mean.": lambda z, labels: (
            -_picked(_log_softmax(z), labels)
        ),
        "This is 1 − p of the true class. Take −ln p.": lambda z, labels: np.mean(
            1 - _picked(_softmax(z), labels)
        ),
        "This takes −ln of the mean probability. Take the mean of −ln p.": lambda z, labels: (
            -np.log(np.mean(_picked(_softmax(z), labels)))
        ),
        "log_p[:, labels] takes these columns of every row. Each row has its own label: "
        "log_p[np.arange(N), labels].": lambda z, labels: -np.mean(_log_softmax(z)[:, labels]),
    },
    cases=(
        (_FOUR, np.array([1, 3, 0])),
        (np.array([[1000.0, 0.0, -1000.0], [-900.0, 5.0, 4.0]]), np.array([0, 0])),
        (_APART, np.array([3, 1])),
    ),
    right="Right, and finite wherever the logits are.",
)

softmax_jacobian = Exercise(
    name="softmax_jacobian",
    minutes=8,
    difficulty="standard",
    reference=lambda p: np.diag(p) - np.outer(p, p),
    mistakes={
        "This is only the diagonal. Off it stand −pᵢpⱼ: raising one logit lowers all other probabilities.": (
            lambda p: np.diag(p * (1 - p))
        ),
        "This is only the diagonal, p(1 − p), as a vector. The whole is a matrix of shape (C, C): off the "
        "diagonal stand −pᵢpⱼ.": lambda p: p * (1 - p),
        "The sign of the second term is turned: diag(p) − p pᵀ.": lambda p: np.diag(p) + np.outer(p, p),
        "All signs are turned: diag(p) − p pᵀ.": lambda p: np.outer(p, p) - np.diag(p),
        "The term diag(p) is missing.": lambda p: -np.outer(p, p),
        "The term p pᵀ is missing.": np.diag,
        "This is pᵢ(1 − pⱼ). The 1 belongs to the diagonal only: pᵢ(δᵢⱼ − pⱼ).": lambda p: np.outer(p, 1 - p),
        "The identity stands where diag(p) should.": lambda p: np.eye(len(p)) - np.outer(p, p),
        "The diagonal is right; off it, the sign is turned.": lambda p: (
            np.outer(p, p) + np.diag(p - 2 * p * p)
        ),
        "p * p multiplies entry by entry. The outer product p pᵀ is a matrix: np.outer(p, p).": (
            lambda p: np.diag(p) - p * p
        ),
        "p @ p is one number. The outer product p pᵀ is a matrix: np.outer(p, p).": (
            lambda p: np.diag(p) - p @ p
        ),
    },
    cases=((np.array([0.5, 0.2, 0.3]),), (np.array([0.1, 0.25, 0.05, 0.6]),)),
    right="Right: its rows sum to 0, since the probabilities always sum to 1.",
)


def _hinge_slopes(true, corrupt, active):
    return np.array([true, corrupt]) * float(active)


hinge_gradient = Exercise(
    name="hinge_gradient",
    minutes=10,
    difficulty="standard",
    returns=("∂L/∂s", "∂L/∂s_c"),
    reference=lambda s, s_c, margin: _hinge_slopes(-1, 1, margin + s_c - s > 0),
    mistakes={
        "The two scores are exchanged: this rewards the corrupt one. The loss is max(0, Δ + s_c − s).": (
            lambda s, s_c, margin: _hinge_slopes(1, -1, margin + s - s_c > 0)
        ),
        "The signs are turned. More true score is less loss: −1. More corrupt score is more loss: +1.": (
            lambda s, s_c, margin: _hinge_slopes(1, -1, margin + s_c - s > 0)
        ),
        "Both slopes are −1 here. The corrupt score stands in the loss with a plus: its slope is +1.": (
            lambda s, s_c, margin: _hinge_slopes(-1, -1, margin + s_c - s > 0)
        ),
        "These are the slopes while the hinge is active. Beyond the margin both are 0.": (
            lambda s, s_c, margin: _hinge_slopes(-1, 1, True)
        ),
        "The condition is turned around: it is active while Δ + s_c − s is above 0.": (
            lambda s, s_c, margin: _hinge_slopes(-1, 1, margin + s_c - s <= 0)
        ),
        "The margin is missing in the condition: a lead that is smaller than Δ still costs.": (
            lambda s, s_c, margin: _hinge_slopes(-1, 1, s_c - s > 0)
        ),
        "The margin has the wrong sign in the condition: Δ + s_c − s > 0.": (
            lambda s, s_c, margin: _hinge_slopes(-1, 1, s_c - s - margin > 0)
        ),
        "The condition has the scores exchanged: it is Δ + s_c − s > 0.": (
            lambda s, s_c, margin: _hinge_slopes(-1, 1, margin + s - s_c > 0)
        ),
        "The margin is a constant: it does not scale the slopes.": lambda s, s_c, margin: _hinge_slopes(
            -margin, margin, margin + s_c - s > 0
        ),
        "The slopes do not grow with the violation: as long as the hinge is active, they are −1 and +1.": (
            lambda s, s_c, margin: _hinge_slopes(-1, 1, True) * max(0, margin + s_c - s)
        ),
        "These are the slopes of a squared hinge. Nothing is squared here.": lambda s, s_c, margin: (
            _hinge_slopes(-2, 2, True) * max(0, margin + s_c - s)
        ),
        "This is the loss. Its two slopes are asked for.": lambda s, s_c, margin: max(0, margin + s_c - s),
    },
    cases=(
        (3.0, 0.5, 2.0),
        (1.0, 0.5, 2.0),
        (-1.0, 0.75, 0.5),
        (0.5, -2.0, 3.0),
        (0.0, 1.0, 2.5),
        # Each of these turns the other way if a score is left out, or loses its sign.
        (3.0, 2.0, 1.5),
        (1.0, -2.0, 2.0),
        (-2.0, -1.0, 0.5),
    ),
    right="Right: −1 and +1 while active, 0 beyond the margin.",
)
