"""Exercises of losses: logistic and softmax regression whole, the steps to them, and a loss to repair."""

import itertools
from functools import partial

import numpy as np

from course_lib.teaching.exercise import Exercise


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


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
    right="Right: any two classes are √2 apart. (A label of −1 would silently be the last class: the "
    "package refuses it.)",
    hints=(
        "Row i is a row of the identity matrix: which one?",
        "np.eye(n_classes) is that matrix, and an array of whole numbers as an index picks one row "
        "for each of them.",
    ),
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
    hints=(
        "Equation (13) says that any c may be added to a row of logits. Which c makes the largest "
        "exponent 0?",
        "Take z.max(axis=1, keepdims=True) away first: it has the shape (N, 1), so each row loses "
        "its own largest. Then exponentials, and each row divided by its own sum.",
    ),
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
    hints=(
        "Which probability does each of ten classes get when all logits are alike?",
        "Each gets 1/10. A sample costs minus the natural logarithm of the probability of its class.",
    ),
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
    hints=(
        "Do not form p at all: its smallest values become 0, and ln 0 is infinite. What is ln p on paper?",
        "Take the largest of each row away; then ln p = z − ln Σ exp(z) of what is left. "
        "log_p[np.arange(N), labels] picks one entry a row.",
    ),
)


def _logistic(
    X, y, lr, steps, *, bias=True, offset=True, sign=-1.0, share=None, at_once=True, stale=False, factor=None
):
    """Logistic regression, with the mistakes that learners make as options."""
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    share = 1 / len(y) if share is None else share
    start = _sigmoid(0 * y) - y
    for _ in range(steps):
        z = X @ w + (b if offset else 0.0)
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        error = start if stale else _sigmoid(z) - y
        if factor:
            error = error * factor(_sigmoid(z))
        w = w + sign * lr * share * X.T @ error
        if not at_once:
            error = _sigmoid(X @ w + b) - y
        b = b + bias * sign * lr * share * np.sum(error)
    return w, b, np.array(losses)


def _with_losses(loss_of, X, y, lr, steps):
    """The right weights, and losses as `loss_of(z, y)` takes them."""
    paths = [_logistic(X, y, lr, step)[:2] for step in range(steps)]
    losses = [loss_of(X @ w + b, y) for w, b in paths]
    return *_logistic(X, y, lr, steps)[:2], np.array(losses)


def _log_of_p(z, y):
    p = _sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _log_of_clipped(z, y):
    p = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _linear_regression(X, y, lr, steps):
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        error = X @ w + b - y
        losses.append(np.mean(error**2))
        w, b = w - lr * 2 * X.T @ error / len(y), b - lr * 2 * np.mean(error)
    return w, b, np.array(losses)


_HOURS = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
_PASSED = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
_TWO = np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25], [2.0, 1.0]])

logistic_regression = Exercise(
    name="logistic_regression",
    minutes=15,
    difficulty="build",
    returns=("w", "b", "the losses"),
    reference=_logistic,
    mistakes={
        "w and b are right. The losses are not finite: where p rounds to 0 or to 1, a logarithm takes 0. "
        "Use ln(1 + e^z), which np.logaddexp(0, z) computes, and never form p for the loss.": (
            lambda *a: _with_losses(_log_of_p, *a)
        ),
        "w and b are right. The loss is cut off: a clipped probability can never cost more than its limit. "
        "Use np.logaddexp(0, z), and no clip.": lambda *a: _with_losses(_log_of_clipped, *a),
        "w and b are right. The losses are sums: take the mean over the samples.": lambda *a: _with_losses(
            lambda z, y: np.sum(np.logaddexp(0, z) - y * z), *a
        ),
        "w and b are right. The losses are taken after each step. The first one belongs to w = 0.": (
            lambda X, y, lr, steps: (
                *_logistic(X, y, lr, steps)[:2],
                _logistic(X, y, lr, steps + 1)[2][1:],
            )
        ),
        "w and b are right. The losses are squared errors.": lambda *a: _with_losses(
            lambda z, y: np.mean((_sigmoid(z) - y) ** 2), *a
        ),
        "This walks uphill: subtract the gradients.": lambda *a: _logistic(*a, sign=1.0),
        "b never moves. Its gradient is the mean of p − y.": lambda *a: _logistic(*a, bias=False),
        "b is missing in the score: z = Xw + b, also inside the loop.": lambda *a: _logistic(
            *a, offset=False
        ),
        "The gradients are sums. The loss is a mean: divide by N.": lambda *a: _logistic(*a, share=1.0),
        "b is updated with a prediction that already uses the new w. Take both gradients first.": (
            lambda *a: _logistic(*a, at_once=False)
        ),
        "The errors are computed once, before the loop. They change with every step.": lambda *a: _logistic(
            *a, stale=True
        ),
        "There is a factor p(1 − p) too many: for the cross-entropy it cancels.": lambda *a: _logistic(
            *a, factor=lambda p: p * (1 - p)
        ),
        "This is the gradient of the squared error of σ(z). That of the cross-entropy is p − y.": (
            lambda *a: _logistic(*a, factor=lambda p: 2 * p * (1 - p))
        ),
        "A factor 2 is too many: nothing is squared here.": lambda X, y, lr, steps: _logistic(
            X, y, 2 * lr, steps
        ),
        "This fits a line by squared errors. The sigmoid is missing.": _linear_regression,
        "This is one step. Is `return` inside the loop?": lambda X, y, lr, steps: _logistic(X, y, lr, 1),
        "The last loss alone is returned. All of them are asked for, one a step.": lambda *a: (
            *_logistic(*a)[:2],
            _logistic(*a)[2][-1],
        ),
    },
    cases=(
        (_HOURS, _PASSED, 0.4, 3),
        (_TWO, np.array([1.0, 0.0, 0.0, 1.0]), 0.5, 4),
        # Scores of many hundreds.
        (np.array([[-60.0], [70.0], [40.0]]), np.array([0.0, 1.0, 0.0]), 1.0, 4),
    ),
    right="Right: logistic regression, whole, and its loss holds at any score.",
    hints=(
        "Each step needs, in this order: the scores z = Xw + b, their loss, the errors p − y, two gradients, "
        "two updates.",
        "The loss of a sample is ln(1 + e^z) − yz: np.mean(np.logaddexp(0, z) - y * z). The gradients are "
        "X.T @ (p - y) / N and the mean of p − y. Append the loss before the update.",
    ),
)


def _softmax_regression(
    X,
    labels,
    n_classes,
    lr,
    order,
    batch_size,
    *,
    bias=True,
    offset=True,
    sign=-1.0,
    divide="batch",
    rest=True,
    axis=1,
    only_diagonal=False,
    shuffled=True,
    squared=False,
    once=False,
    accumulate=False,
):
    """Softmax regression by mini-batches, with the mistakes that learners make as options."""
    W, b, Y = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes), np.eye(n_classes)[labels]
    grad_W, grad_b = np.zeros_like(W), np.zeros_like(b)
    for epoch in order[:1] if once else order:
        epoch = epoch if shuffled else np.sort(epoch)
        for start in range(0, len(epoch), batch_size):
            batch = epoch[start : start + batch_size]
            if len(batch) < batch_size and not rest:
                continue
            p = _softmax(X[batch] @ W + (b if offset else 0.0), axis=axis)
            delta = p - Y[batch]
            if only_diagonal:
                delta = delta * Y[batch]
            if squared:
                delta = 2 * (X[batch] @ W + b - Y[batch]) / n_classes
            delta = delta / {"batch": len(batch), "size": batch_size, "all": len(X), "no": 1}[divide]
            grad_W = X[batch].T @ delta + accumulate * grad_W
            grad_b = delta.sum(axis=0) + accumulate * grad_b
            W, b = W + sign * lr * grad_W, b + bias * sign * lr * grad_b
    return W, b


_FLOWERS = np.random.default_rng(2).normal(size=(7, 3)).round(2)
_KINDS = np.array([2, 0, 1, 1, 0, 3, 0])
_ORDER = np.array([[3, 1, 6, 0, 5, 2, 4], [6, 5, 4, 1, 0, 3, 2]])

softmax_regression = Exercise(
    name="softmax_regression",
    minutes=20,
    difficulty="build",
    returns=("W", "b"),
    reference=_softmax_regression,
    mistakes={
        "This walks uphill: subtract the gradients.": lambda *a: _softmax_regression(*a, sign=1.0),
        "b never moves. Its gradient is the sum of δ over the samples of the batch.": lambda *a: (
            _softmax_regression(*a, bias=False)
        ),
        "b is missing in the logits.": lambda *a: _softmax_regression(*a, offset=False),
        "The last batch of an epoch is smaller, and its gradient is divided by batch_size. Divide by the "
        "number of samples that it has.": lambda *a: _softmax_regression(*a, divide="size"),
        "The gradient is divided by the number of all samples. A step takes the mean over its batch.": (
            lambda *a: _softmax_regression(*a, divide="all")
        ),
        "The gradient of a batch is a sum here. The loss is a mean: divide by the samples of the batch.": (
            lambda *a: _softmax_regression(*a, divide="no")
        ),
        "The samples that are left over at the end of an epoch are left out. They make a smaller batch.": (
            lambda *a: _softmax_regression(*a, rest=False)
        ),
        "Softmax runs over the wrong axis: over the samples. Each row is one sample.": lambda *a: (
            _softmax_regression(*a, axis=0)
        ),
        "Only the column of the true class has a gradient here. All columns do: p − y.": lambda *a: (
            _softmax_regression(*a, only_diagonal=True)
        ),
        "The samples are taken in their own order. Each row of `order` says in which order an epoch takes "
        "them.": lambda *a: _softmax_regression(*a, shuffled=False),
        "This is one epoch. Each row of `order` is one.": lambda *a: _softmax_regression(*a, once=True),
        "This is the whole data at once, one step an epoch. Cut each epoch into batches.": (
            lambda X, labels, n_classes, lr, order, batch_size: _softmax_regression(
                X, labels, n_classes, lr, order, len(X)
            )
        ),
        "This takes the samples one by one. Each step takes batch_size of them.": (
            lambda X, labels, n_classes, lr, order, batch_size: _softmax_regression(
                X, labels, n_classes, lr, order, 1
            )
        ),
        "The gradients pile up from step to step. Start each step with fresh ones.": lambda *a: (
            _softmax_regression(*a, accumulate=True)
        ),
        "This is the squared error of the logits against the one-hot rows. The softmax is missing.": (
            lambda *a: _softmax_regression(*a, squared=True)
        ),
        "b comes first here. Return W, then b.": lambda *a: _softmax_regression(*a)[::-1],
    },
    cases=(
        (_FLOWERS, _KINDS, 4, 0.5, _ORDER, 3),
        (_FLOWERS[:5], _KINDS[:5], 3, 0.2, np.array([[4, 0, 2, 3, 1]]), 2),
        (900 * _FLOWERS[:4], _KINDS[:4], 3, 1.0, np.array([[3, 0, 1, 2], [2, 0, 3, 1]]), 2),
    ),
    right="Right: softmax regression, whole. The milestone below runs on it.",
    hints=(
        "Two loops: over the rows of `order`, and over the starts 0, B, 2B, … of the batches of a row. "
        "Inside: logits, softmax, δ = (P − Y)/B, two gradients, two updates.",
        "`batch = epoch[start : start + batch_size]` are the numbers of the samples: X[batch], Y[batch]. "
        "Divide by len(batch), which may be smaller at the end. W gets X[batch].T @ delta, and b gets "
        "delta.sum(axis=0).",
    ),
)


def _loss_and_gradient(z, labels, *, skips_0=False, axis=1, lowest=None, divide=True):
    """The mean cross-entropy of logits and its gradient, with the faults of the exercise as options.

    The loss comes from the logits, or with `lowest` from the probabilities, which are then cut off there.
    """
    e = _exponentials(z)
    p, Y = e / e.sum(axis=axis, keepdims=True), np.eye(z.shape[1])[labels]
    if skips_0:
        Y[labels == 0] = 0
    log_p = _picked(_log_softmax(z), labels)
    if lowest is not None:
        log_p = np.log(np.maximum(_picked(p, labels), lowest))
    return -np.mean(log_p), (p - Y) / len(z) if divide else p - Y


_SKIPS = "Class 0 is still never learned: `if label` is not true for the label 0."
_AXIS = "The softmax still runs down the columns: each row, a sample, must sum to 1."
_CLIP = "The loss is still cut off at −ln 0.001 = 6.9: take ln p from the logits, z − m − ln Σ exp(z − m)."
_LOG = "The clip is gone, and ln still takes a p that may become 0: take ln p from the logits, " + (
    "z − m − ln Σ exp(z − m)."
)


def _faulty(skips_0, axis, lowest):
    """What to say of an answer with some of the faults, and that answer."""
    of_the_loss = {None: [], 0.0: [_LOG], 1e-3: [_CLIP]}[lowest]
    left = [_SKIPS] * skips_0 + [_AXIS] * (axis == 0) + of_the_loss
    count = ("One fault is left.", "Two faults are left.", "Three faults are left.")[len(left) - 1]
    answer = partial(_loss_and_gradient, skips_0=skips_0, axis=axis, lowest=lowest)
    return " ".join([count, *left]), answer


_FAULTY = [
    _faulty(skips_0, axis, lowest)
    for skips_0, axis, lowest in itertools.product((True, False), (0, 1), (None, 0.0, 1e-3))
    if (skips_0, axis, lowest) != (False, 1, None)
]


def _mended(z, labels):
    return _loss_and_gradient(z, labels)


mended_loss = Exercise(
    name="mended_loss",
    minutes=10,
    difficulty="fault",
    returns=("the loss", "∂L/∂z"),
    reference=_mended,
    mistakes=dict(_FAULTY)
    | {
        "A smaller clip is still a clip: take ln p from the logits.": lambda z, labels: _loss_and_gradient(
            z, labels, lowest=1e-12
        ),
        "The loss is right. The 1/N of the gradient is lost.": lambda z, labels: _loss_and_gradient(
            z, labels, divide=False
        ),
    },
    cases=(
        (_FOUR, np.array([1, 0, 3])),
        (
            np.array([[0.5, -1.0, 2.0], [9.0, -3.0, 0.0], [1.0, 0.0, 0.25], [-2.0, 3.0, 1.0]]),
            np.array([0, 1, 2, 0]),
        ),
        (np.array([[1000.0, 0.0, -1000.0], [-900.0, 5.0, 4.0]]), np.array([2, 0])),
    ),
    right="Right: all three faults are gone, and no fourth came in.",
    hints=(
        "Three lines are at fault. Ask each: over which axis does this sum run? What is `if label` for the "
        "label 0? What is the most that a sample can cost?",
        "Divide by the sum over axis=1. Set Y[i, label] = 1 for every label. For the loss, take the largest "
        "of each row away and use log_p = z − ln Σ exp(z): no p, and no clip.",
    ),
)
