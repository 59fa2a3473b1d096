"""Exercises of gradient descent."""

import math

import numpy as np

from course_lib import datasets
from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.curves import Curve

_W = np.array([0.5, -1.5, 2.0])
gradient_step = Exercise(
    name="gradient_step",
    minutes=3,
    difficulty="warm-up",
    reference=lambda w, gradient, lr: w - lr * gradient,
    mistakes={
        "This walks uphill: the gradient points to where the loss grows. Subtract it.": (
            lambda w, gradient, lr: w + lr * gradient
        ),
        "The learning rate is missing.": lambda w, gradient, lr: w - gradient,
        "This is the step alone. Add it to w.": lambda w, gradient, lr: -lr * gradient,
        "This is the step, and uphill at that. Subtract it from w.": lambda w, gradient, lr: lr * gradient,
        "The gradient is made to length 1 first. Its length counts: flat ground, short steps.": (
            lambda w, gradient, lr: w - lr * gradient / np.linalg.norm(gradient)
        ),
        "This divides by the learning rate.": lambda w, gradient, lr: w - gradient / lr,
        "Only the sign of the gradient is used; its size counts too.": (
            lambda w, gradient, lr: w - lr * np.sign(gradient)
        ),
    },
    cases=((_W, np.array([1.0, -2.0, 0.5]), 0.1), (np.array([2.0]), np.array([-3.0]), 0.5)),
    right="Right. This one line is gradient descent.",
    hints=(
        "The gradient points to where the loss grows. Which way do you want to go, and how far?",
        "The step is minus the learning rate times the gradient. What is asked for is where w is after it.",
    ),
)

_FLAT_FIRST = np.array([[0.5, 2.0, 1.0], [-1.0, 0.0, 1.0], [0.0, -3.0, 1.0], [1.5, -0.5, 1.0]])
_STEEP_FIRST = np.array([[4.0, 0.1], [-3.0, 0.2], [2.0, -0.6], [0.0, 0.3], [1.0, 0.1]])


def _curvatures(X):
    return np.linalg.eigvalsh(2 / len(X) * X.T @ X)


rate_limit = Exercise(
    name="rate_limit",
    minutes=6,
    difficulty="standard",
    reference=lambda X: 2 / _curvatures(X)[-1],
    mistakes={
        "1/λmax is safe, and twice as large still does not diverge: the factor is 1 − ηλ, down to −1.": (
            lambda X: 1 / _curvatures(X)[-1]
        ),
        "That is the limit of the flattest direction. The steepest one diverges first.": (
            lambda X: 2 / _curvatures(X)[0]
        ),
        "That is the best rate, 2/(λ₁ + λₙ). The largest one is a little above it.": (
            lambda X: 2 / (_curvatures(X)[0] + _curvatures(X)[-1])
        ),
        "The 2 of the Hessian is lost: H = 2/N XᵀX, from the square in the loss.": (
            lambda X: 4 / _curvatures(X)[-1]
        ),
        "This is for a loss that is a sum. Ours is a mean: H = 2/N XᵀX.": (
            lambda X: 2 / _curvatures(X)[-1] / len(X)
        ),
        "The sum of all curvatures (the trace) is too careful: each direction lives by its own.": (
            lambda X: 2 / np.sum(_curvatures(X))
        ),
        "The diagonal holds the curvatures along the axes. The valley is turned: take the eigenvalues.": (
            lambda X: 2 / np.max(np.diag(2 / len(X) * X.T @ X))
        ),
        "That is a limit for each direction. One rate serves all: return the smallest of them.": (
            lambda X: 2 / _curvatures(X)
        ),
        "These are singular values of X. The eigenvalues of XᵀX are their squares.": (
            lambda X: len(X) / np.linalg.svd(X)[1][0]
        ),
        "That is the condition number.": lambda X: _curvatures(X)[-1] / _curvatures(X)[0],
        "That is the largest curvature. What is the limit that belongs to it?": lambda X: _curvatures(X)[-1],
    },
    cases=((_FLAT_FIRST,), (_STEEP_FIRST,), (-_STEEP_FIRST[:3],)),
    right="Right: from the inputs alone, before any training. The targets y play no part.",
    hints=(
        "Which matrix holds the curvatures of this loss, and which of its eigenvalues sets the limit?",
        "The Hessian is 2/N XᵀX, of shape (d, d). np.linalg.eigvalsh gives the eigenvalues of a symmetric "
        "matrix, the smallest first; the limit is 2 divided by the largest.",
    ),
)

updates_per_epoch = Exercise(
    name="updates_per_epoch",
    minutes=4,
    difficulty="warm-up",
    reference=lambda n, batch_size: math.ceil(n / batch_size),
    mistakes={
        "The last, shorter batch is an update too: round up.": lambda n, batch_size: n // batch_size,
        "A number of updates is whole: round up.": lambda n, batch_size: n / batch_size,
        "Rounding to the nearest loses a short last batch: round up.": lambda n, batch_size: round(
            n / batch_size
        ),
        "This is one batch short: (n − 1) // B counts the batches before the last.": (
            lambda n, batch_size: (n - 1) // batch_size
        ),
        "One too many where the batch size divides N.": lambda n, batch_size: n // batch_size + 1,
        "That is the batch size, the number of samples in one update.": lambda n, batch_size: batch_size,
    },
    cases=((100, 32), (64, 16), (5, 5), (7, 2), (11, 4), (6, 4), (3, 8)),
    right="Right: ⌈N/B⌉.",
    hints=(
        "Deal out 7 samples in batches of 2, and then 6. How many batches are there each time?",
        "Divide n by the batch size. A part of a batch counts as one more, so the result is rounded up, "
        "and nothing is added where it divides.",
    ),
)


# -- two loops to build ----------------------------------------------------------------------------

_ROWS = np.array([[1.0, 1.0], [-0.5, 1.0], [2.0, 1.0], [0.5, 1.0], [-1.5, 1.0], [3.0, 1.0], [0.0, 1.0]])
_TARGETS = np.array([2.0, -1.0, 3.5, 2.5, -2.0, 7.0, 0.0])
_ORDERS = np.array([[3, 0, 6, 1, 5, 2, 4], [5, 4, 1, 0, 2, 6, 3], [2, 6, 0, 4, 3, 5, 1]])


def _loss(X, y, w):
    return np.mean((X @ w - y) ** 2)


def _linear_regression(
    X,
    y,
    order,
    lr,
    batch_size,
    *,
    divide=len,
    shuffled=True,
    drop_last=False,
    stale=False,
    fresh_start=False,
    loss=lambda X, y, w, batch: _loss(X, y, w),
    loss_first=False,
    targets=lambda batch: batch,
):
    """Linear regression by mini-batches, with the mistakes that learners make as options."""
    w, losses = np.zeros(X.shape[1]), []
    for samples in order if shuffled else [np.arange(len(X))] * len(order):
        if fresh_start:
            w = np.zeros(X.shape[1])
        before = w
        for i in range(0, len(samples), batch_size):
            batch = samples[i : i + batch_size]
            if drop_last and len(batch) < batch_size:
                continue
            error = X[batch] @ (before if stale else w) - y[targets(batch)]
            w = w - 2 * lr * X[batch].T @ error / divide(batch)
        losses.append(loss(X, y, before if loss_first else w, batch))
    return w, np.array(losses)


def _all_at_once(X, y, order, lr, batch_size):
    """Each update takes the gradient of the whole data."""
    w, losses = np.zeros(X.shape[1]), []
    for _ in order:
        for _ in range(0, len(X), batch_size):
            w = w - 2 * lr * X.T @ (X @ w - y) / len(X)
        losses.append(_loss(X, y, w))
    return w, np.array(losses)


def _shuffled_again(X, y, order, lr, batch_size):
    """Each epoch shuffles what the last one has shuffled."""
    rows = np.arange(len(X))
    again = [rows := rows[samples] for samples in order]
    return _linear_regression(X, y, again, lr, batch_size)


_POINTS = datasets.line(np.random.default_rng(0), n=40, noise=0.8, weights=(2.0, 0.5), x_range=(-1.0, 3.0))
_LINE = np.concatenate([_POINTS.x_train, np.ones_like(_POINTS.x_train)], axis=1)
_SHUFFLED = np.random.default_rng(0).permuted(np.tile(np.arange(32), (10, 1)), axis=1)


linear_regression = Exercise(
    name="linear_regression",
    minutes=20,
    difficulty="build",
    returns=("w", "losses"),
    reference=_linear_regression,
    mistakes={
        "The gradients of a batch are added up. Take their mean: divide by the samples in the batch.": (
            lambda *a: _linear_regression(*a, divide=lambda batch: 1)
        ),
        "The last batch of an epoch may be shorter. Divide by the samples that it has, not by batch_size.": (
            lambda X, y, order, lr, B: _linear_regression(X, y, order, lr, B, divide=lambda batch: B)
        ),
        "This divides by N. The mean is over the samples of the batch.": (
            lambda X, *a: _linear_regression(X, *a, divide=lambda batch: len(X))
        ),
        "A factor 2 is lost in the gradient.": (
            lambda X, y, order, lr, B: _linear_regression(X, y, order, lr / 2, B)
        ),
        "This walks uphill: subtract the gradient.": (
            lambda X, y, order, lr, B: _linear_regression(X, y, order, -lr, B)
        ),
        "The last, shorter batch is left out. It is an update too.": (
            lambda *a: _linear_regression(*a, drop_last=True)
        ),
        "order is not used: the rows are taken as they come.": (
            lambda *a: _linear_regression(*a, shuffled=False)
        ),
        "Every epoch uses the first row of order. Each has a row of its own.": (
            lambda X, y, order, *a: _linear_regression(X, y, order[[0] * len(order)], *a)
        ),
        "The gradients of an epoch are all taken at the weights it began with. Each update starts from the "
        "one before.": lambda *a: _linear_regression(*a, stale=True),
        "w is set to 0 at the start of every epoch. It starts at 0 once.": (
            lambda *a: _linear_regression(*a, fresh_start=True)
        ),
        "X is shuffled and y is not: each row has got the target of another one.": (
            lambda *a: _linear_regression(*a, targets=np.sort)
        ),
        "X and y are shuffled in every epoch, and stay so for the next. Each row of order is for X and y as "
        "they came.": _shuffled_again,
        "Every update takes the gradient of all the data. Take that of the batch.": _all_at_once,
        "The losses are those of the last batch. Take the mean over all rows of X.": (
            lambda *a: _linear_regression(*a, loss=lambda X, y, w, batch: _loss(X[batch], y[batch], w))
        ),
        "The losses are taken before each epoch. Take them after it.": (
            lambda *a: _linear_regression(*a, loss_first=True)
        ),
        "The losses are sums of squares. Take the mean.": (
            lambda X, *a: _linear_regression(X, *a, loss=lambda X, y, w, batch: len(X) * _loss(X, y, w))
        ),
        "This is one epoch. Is `return` inside the loop?": (
            lambda X, y, order, *a: _linear_regression(X, y, order[:1], *a)
        ),
        "The losses come first here. Return w, then the losses.": lambda *a: _linear_regression(*a)[::-1],
        "This is w alone. Return the losses too.": lambda *a: _linear_regression(*a)[0],
    },
    cases=(
        (_ROWS, _TARGETS, _ORDERS, 0.05, 3),
        (
            _ROWS[:4] @ np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -1.0]]),
            -_TARGETS[:4],
            _ORDERS[:1, :4] % 4,
            0.1,
            2,
        ),
    ),
    curve=Curve(
        lambda answer: (np.arange(1, 11), answer(_LINE, _POINTS.y_train[:, 0], _SHUFFLED, 0.04, 4)[1]),
        "epoch",
        "loss on all samples",
    ),
    right="Right: a whole training, for any linear model. It is yours now.",
    hints=(
        "Two loops, one inside the other: over the epochs (the rows of order), and over the batches of an "
        "epoch. What is done once an update, and what once an epoch?",
        "Cut a row of order into pieces of batch_size; the last may be shorter. For a piece, take these rows "
        "of X and of y, and step by −lr · 2/b · Xᵀ(Xw − y), with b the rows it has. After the pieces, note "
        "the mean loss on all rows.",
    ),
)


def _halving_descent(
    X, y, lr, steps, *, stay=True, scale=2.0, halve=0.5, grow=1.0, against="last", start_counts=True
):
    """Descent that halves its rate, with the mistakes that learners make as options."""
    w = np.zeros(X.shape[1])
    loss = first = _loss(X, y, w) if start_counts else np.inf
    for _ in range(steps):
        trial = w - lr * scale / len(X) * X.T @ (X @ w - y)
        trial_loss = _loss(X, y, trial)
        if trial_loss > (loss if against == "last" else first):
            lr = lr * halve
            if stay:
                continue
        else:
            lr = lr * grow
        w, loss = trial, trial_loss
    return w, lr


def _halving_until_it_falls(X, y, lr, steps):
    """Halvings are not counted as steps."""
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        gradient = 2 / len(X) * X.T @ (X @ w - y)
        while _loss(X, y, w - lr * gradient) > _loss(X, y, w):
            lr = lr / 2
        w = w - lr * gradient
    return w, lr


halving_descent = Exercise(
    name="halving_descent",
    minutes=15,
    difficulty="build",
    returns=("w", "lr"),
    reference=_halving_descent,
    mistakes={
        "The rate is halved, and the bad step is taken all the same. Stay where you are.": (
            lambda *a: _halving_descent(*a, stay=False)
        ),
        "The rate is never halved.": lambda *a: _halving_descent(*a, halve=1.0),
        "A bad step is taken, and the rate stays as it is: this is plain descent.": (
            lambda *a: _halving_descent(*a, halve=1.0, stay=False)
        ),
        "The rate is divided by 4. Halve it.": lambda *a: _halving_descent(*a, halve=0.25),
        "The rate is doubled. A step that was too long asks for a smaller one.": (
            lambda *a: _halving_descent(*a, halve=2.0)
        ),
        "The rate is doubled after every good step. It is only ever halved here.": (
            lambda *a: _halving_descent(*a, grow=2.0)
        ),
        "The rate is halved after every good step. Halve it where the loss would grow.": (
            lambda *a: _halving_descent(*a, grow=0.5, halve=1.0)
        ),
        "A factor 2 is lost in the gradient.": lambda *a: _halving_descent(*a, scale=1.0),
        "This walks uphill: subtract the gradient.": lambda *a: _halving_descent(*a, scale=-2.0),
        "This is the gradient of the sum. Divide by N.": (
            lambda X, *a: _halving_descent(X, *a, scale=2.0 * len(X))
        ),
        "The loss is compared with that of the start. Compare it with the last one.": (
            lambda *a: _halving_descent(*a, against="first")
        ),
        "The first trial is taken whatever its loss is. Compare it with the loss at w = 0.": (
            lambda *a: _halving_descent(*a, start_counts=False)
        ),
        "Halvings are not counted here. Each trial is one of the steps, whether it is taken or not.": (
            _halving_until_it_falls
        ),
        "The rate comes first here. Return w, then lr.": lambda *a: _halving_descent(*a)[::-1],
        "This is w alone. Return the rate too.": lambda *a: _halving_descent(*a)[0],
        "This is the rate alone. Return w, then lr.": lambda *a: _halving_descent(*a)[1],
    },
    cases=(
        (_ROWS, 0.1 * _TARGETS - 3, 0.4, 12),  # barely too large: the first step is good
        (_ROWS[:5], -_TARGETS[:5], 40.0, 11),
        (_ROWS[2:], _TARGETS[2:], 9.0, 3),  # the last trial is not taken
        (_FLAT_FIRST, np.array([3.0, -1.0, 2.0, 0.0]), 0.01, 4),  # never too large
        (_ROWS[:3], np.zeros(3), 0.5, 3),  # it starts at the minimum: the loss stays 0
    ),
    right="Right: it finds a rate by itself, below the limit or near it.",
    hints=(
        "A step is tried first, and judged by its loss. What changes if it is good, and what if it is bad?",
        "Compute trial = w − lr · gradient and its loss. If that loss is larger than the loss at w, only the "
        "rate changes: lr/2. Otherwise w becomes trial. Either way one step is used up.",
    ),
)

# -- a fault to find -------------------------------------------------------------------------------


def _fit_line(
    x, y, lr, steps, *, bias=True, at_once=True, sign=-1.0, scale=None, forget=True, stale=False, offset=True
):
    """Fit a line, with the mistakes that learners make as options."""
    w = b = 0.0
    scale = 2 / len(x) if scale is None else scale
    sum_w = sum_b = 0.0
    stale_residual = w * x + b - y
    for _ in range(steps):
        residual = stale_residual if stale else w * x + (b if offset else 0.0) - y
        sum_w = scale * np.sum(residual * x) + (0.0 if forget else sum_w)
        w = w + sign * lr * sum_w
        if not at_once:
            residual = w * x + b - y
        sum_b = scale * np.sum(residual) + (0.0 if forget else sum_b)
        if bias:
            b = b + sign * lr * sum_b
    return w, b


def _sample_by_sample(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        for x_i, y_i in zip(x, y, strict=True):
            error = w * x_i + b - y_i
            w, b = w - 2 * lr * error * x_i, b - 2 * lr * error
    return w, b


def _spread(x, y, lr, steps, forget=True):
    """A column of predictions minus a row of targets: every prediction meets every target."""
    return _fit_line(x, np.full(len(y), np.mean(y)), lr, steps, forget=forget)


fit_line = Exercise(
    name="fit_line",
    minutes=10,
    difficulty="fault",
    returns=("w", "b"),
    reference=_fit_line,
    mistakes={
        "This is the loop as it was. Print the shape of what is squared, and w.grad in two steps.": (
            lambda *a: _spread(*a, forget=False)
        ),
        "One fault is left, in the shapes. (N, 1) minus (N,) is (N, N): every prediction is compared with "
        "every target, and the best line is flat.": _spread,
        "One fault is left: backward() adds to .grad, so the gradients pile up. Call zero_grad() in every "
        "step.": lambda *a: _fit_line(*a, forget=False),
        "b never moves: it has a gradient of its own, 2/N Σ(ŷ − y).": lambda *a: _fit_line(*a, bias=False),
        "b is updated with a prediction that already uses the new w. Take both gradients first, "
        "then update both.": lambda *a: _fit_line(*a, at_once=False),
        "This walks uphill: subtract the gradients.": lambda *a: _fit_line(*a, sign=1.0),
        "The errors are computed once, before the loop. They change with every step.": (
            lambda *a: _fit_line(*a, stale=True)
        ),
        "This is one step. Is `return` inside the loop?": lambda x, y, lr, steps: _fit_line(x, y, lr, 1),
        "b comes first here. Return w, then b.": lambda *a: _fit_line(*a)[::-1],
        "This is the best line there is. Return where the given number of steps ends.": (
            lambda x, y, lr, steps: np.polyfit(x, y, 1)
        ),
        "A factor 2 is lost in the gradient.": lambda x, *a: _fit_line(x, *a, scale=1 / len(x)),
        "This updates after every sample. A full-batch step takes one gradient from all samples.": (
            _sample_by_sample
        ),
        "b is missing in the prediction: it is wx + b, also inside the loop.": (
            lambda *a: _fit_line(*a, offset=False)
        ),
        "These are the predictions. Return the two numbers w and b.": (
            lambda x, *a: _fit_line(x, *a)[0] * x + _fit_line(x, *a)[1]
        ),
        "This is the gradient of the sum. Divide by N.": lambda *a: _fit_line(*a, scale=2.0),
    },
    cases=(
        (np.array([1.0, 2.0, 3.0]), np.array([2.5, 4.5, 6.5]), 0.05, 5),
        (np.array([2.0, -1.0, 0.0, 3.0]), np.array([-2.0, 1.0, 0.5, 0.0]), 0.02, 3),
    ),
    right="Right: both faults are gone.",
    hints=(
        "Print inside the loop: the shape of x * w + b − y, and w.grad before each backward(). Which of them "
        "is not what you expect?",
        "y has to get the shape (N, 1) of x, or x that of y. And the gradients of the step before must be "
        "thrown away before backward() adds new ones.",
    ),
)
