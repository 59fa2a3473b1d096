"""Exercises of the first steps: a loss, preparing data, updates, and the faults of a project."""

from functools import partial

import numpy as np

from course_lib.teaching.exercise import Exercise

mean_squared_error = Exercise(
    name="mean_squared_error",
    minutes=3,
    difficulty="warm-up",
    reference=5 / 3,
    mistakes={
        "This is the sum of the squares: divide by the number of samples, 3.": 5.0,
        "There is a factor ½ too many: this course's MSE has none.": 5 / 6,
        "This is the mean of |ŷ − y|, or of y − ŷ. Square each difference first.": 1.0,
        "This is the mean of ŷ − y, where opposite errors would cancel. Square each one first.": -1.0,
        "This is the root of the MSE. Leave the root out.": float(np.sqrt(5 / 3)),
        "This divides by N − 1, as a sample variance does. The loss divides by N.": 2.5,
        "Nearly: give two decimals, or the fraction.": 1.7,
    },
    rtol=5e-3,
    right="Right: (1 + 0 + 4) / 3.",
    hints=(
        "Three differences, one for each sample: ŷ − y. What is each of them squared?",
        "The differences are −1, 0 and −2. Square each one, and take the mean of the three.",
    ),
)

count_updates = Exercise(
    name="count_updates",
    minutes=3,
    difficulty="warm-up",
    reference=20,
    mistakes={
        "That leaves out the last, shorter batch of each epoch: 100 = 32 + 32 + 32 + 4.": 15,
        "That is one epoch. There are 5.": 4,
        "That is one update for each sample and batch. An update uses 32 samples at once.": 160,
        "That is the number of samples seen. An update uses a whole batch of them.": 500,
        "An epoch has a whole number of updates: the last batch is just shorter.": 500 / 32,
        "That treats the epochs as one long row. Each epoch ends with its own short batch.": 16,
        "That is one update per epoch, which is what a batch of all 100 samples would give.": 5,
    },
    rtol=1e-9,
    right="Right: 4 updates an epoch, 5 epochs.",
    hints=(
        "How many batches does one epoch need until all 100 samples were used?",
        "Three batches of 32 leave 4 samples, which make a batch too. And there are 5 epochs.",
    ),
)

_TABLE = np.array([[1.0, -100], [2, 300], [6, 200], [3, 400], [0, -150], [-4, 50], [5, 250], [7, 90]])
_ORDER = np.array([3, 0, 6, 7, 1, 4, 2, 5])
_WIDE = np.array([[2.0, -1, 0.5], [-2, 0.25, 3], [0, 4, 1], [5, -3, -2.5], [-1, 2, 8]])


def _parts(X, order, n_validation, n_test):
    n_train = len(order) - n_validation - n_test
    return X[order[:n_train]], X[order[n_train : n_train + n_validation]], X[order[n_train + n_validation :]]


def _prepare(X, order, n_validation, n_test, of=lambda parts, X: parts[0]):
    parts = _parts(X, order, n_validation, n_test)
    known = of(parts, X)
    return tuple((part - known.mean(axis=0)) / known.std(axis=0) for part in parts)


def _scaled(turn):
    """Each part turned by what the training part says."""
    return lambda X, order, n_validation, n_test: tuple(
        turn(part, _parts(X, order, n_validation, n_test)[0])
        for part in _parts(X, order, n_validation, n_test)
    )


def _each_by_itself(X, order, n_validation, n_test):
    parts = _parts(X, order, n_validation, n_test)
    return tuple((part - part.mean(axis=0)) / part.std(axis=0) for part in parts)


def _overlapping(X, order, n_validation, n_test):
    rest, test = order[: len(order) - n_test], order[len(order) - n_test :]
    known = X[rest]
    return tuple(
        (X[part] - known.mean(axis=0)) / known.std(axis=0) for part in (rest, rest[-n_validation:], test)
    )


prepare = Exercise(
    name="prepare",
    minutes=15,
    difficulty="build",
    reference=_prepare,
    mistakes={
        "The mean and the deviation are those of all samples, so the held-out parts leak into the scale. "
        "Take them from the training part.": partial(_prepare, of=lambda parts, X: X),
        "The mean and the deviation are those of the test part. Take them from the training part: "
        "at the time of use the test data are not known.": partial(_prepare, of=lambda parts, X: parts[2]),
        "Each part is standardized by itself. Give all parts one scale, that of the training part: "
        "at the time of use there is one new sample and nothing to take a mean of.": _each_by_itself,
        "The samples are not shuffled: take them as `order` says.": (
            lambda X, order, n_validation, n_test: _prepare(X, np.sort(order), n_validation, n_test)
        ),
        "The validation samples are in the training part too: each sample belongs to one part.": _overlapping,
        "The parts are cut from the other end: the training part comes first in `order`, "
        "the test part last.": (
            lambda X, order, n_validation, n_test: _prepare(X, order[::-1], n_validation, n_test)
        ),
        "The numbers of validation and test samples are exchanged.": (
            lambda X, order, n_validation, n_test: _prepare(X, order, n_test, n_validation)
        ),
        "The parts are right, and not standardized.": _parts,
        "Centered, but not scaled: divide by the standard deviation.": _scaled(
            lambda part, train: part - train.mean(axis=0)
        ),
        "The mean is not taken away.": _scaled(lambda part, train: part / train.std(axis=0)),
        "This divides by the variance. Divide by its root, the standard deviation.": _scaled(
            lambda part, train: (part - train.mean(axis=0)) / train.var(axis=0)
        ),
        "One mean and one deviation for the whole table. Each column has its own: axis=0.": _scaled(
            lambda part, train: (part - train.mean()) / train.std()
        ),
        "This divides by N − 1 in the deviation (ddof=1). This course, as NumPy, divides by N.": _scaled(
            lambda part, train: (part - train.mean(axis=0)) / train.std(axis=0, ddof=1)
        ),
    },
    cases=(
        (_TABLE, _ORDER, 1, 2),
        (-_TABLE[:, ::-1], _ORDER[::-1], 3, 2),
        (_WIDE[:, ::-1], np.array([4, 0, 2, 1, 3]), 2, 1),
    ),
    returns=("train", "validation", "test"),
    right="Right: no sample in two parts, and the training part sets the scale for everything that follows.",
    hints=(
        "How many samples are left to train on? `X[order[:that_many]]` is the training part. "
        "Where does the validation part begin and end?",
        "Take `mean = train.mean(axis=0)` and `std = train.std(axis=0)` of the training part, then return "
        "`(part - mean) / std` for each of the three parts.",
    ),
)


def _parabola_slopes(w, x, y):
    """Of the mean squared error of w1 x² + w2 x + w3; handed to the answer, which need not know how."""
    error = w[0] * x**2 + w[1] * x + w[2] - y
    return 2 * np.array([np.mean(error * x**2), np.mean(error * x), np.mean(error)])


def _pull(w, x, y):
    """Of the mean of ln cosh(w - x y), one weight: slopes that are no straight line in w."""
    return np.mean(np.tanh(w - x * y), axis=0, keepdims=True)


def _batches(order, batch_size):
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


def _epoch(w, x, y, order, gradient, lr, batch_size):
    for batch in _batches(order, batch_size):
        w = w - lr * gradient(w, x[batch], y[batch])
    return w


def _with_batches(batches):
    """An epoch that cuts `order` in another way."""

    def epoch(w, x, y, order, gradient, lr, batch_size):
        for batch in batches(order, batch_size):
            w = w - lr * gradient(w, x[batch], y[batch])
        return w

    return epoch


def _from_the_old_weights(w, x, y, order, gradient, lr, batch_size):
    return w - lr * sum(gradient(w, x[batch], y[batch]) for batch in _batches(order, batch_size))


def _other_targets(w, x, y, order, gradient, lr, batch_size):
    for first, batch in zip(range(0, len(order), batch_size), _batches(order, batch_size)):
        w = w - lr * gradient(w, x[batch], y[first : first + batch_size])
    return w


def _divided_again(w, x, y, order, gradient, lr, batch_size):
    for batch in _batches(order, batch_size):
        w = w - lr * gradient(w, x[batch], y[batch]) / len(batch)
    return w


_X = np.array([-2.0, -1.0, 0.5, 3.0, 1.5])
_Y = np.array([1.0, -2.0, 0.5, 4.0, -1.0])
_W = np.array([0.5, -1.5, 2.0])
_MIXED = np.array([2, 4, 0, 3, 1])

one_epoch = Exercise(
    name="one_epoch",
    minutes=15,
    difficulty="build",
    reference=_epoch,
    mistakes={
        "The samples come as they stand in x. Take them as `order` says.": (
            lambda w, x, y, order, gradient, lr, batch_size: _epoch(
                w, x, y, np.sort(order), gradient, lr, batch_size
            )
        ),
        "The inputs come as `order` says and the targets do not: x[batch] needs y[batch].": _other_targets,
        "The last, shorter batch is left out. An epoch passes through all samples.": _with_batches(
            lambda order, size: _batches(order[: len(order) // size * size], size)
        ),
        "Only the first batch is used. An epoch passes through all samples.": _with_batches(
            lambda order, size: [order[:size]]
        ),
        "All gradients are taken at the old weights. Each batch begins where the one before has ended.": (
            _from_the_old_weights
        ),
        "This goes uphill: subtract the gradient.": (
            lambda w, x, y, order, gradient, lr, batch_size: _epoch(w, x, y, order, gradient, -lr, batch_size)
        ),
        "This is one update with all samples. There is one for each batch.": (
            lambda w, x, y, order, gradient, lr, batch_size: w - lr * gradient(w, x, y)
        ),
        "The slopes are those of a mean already: do not divide by the batch size again.": _divided_again,
        "There is one update for each sample. There is one for each batch.": (
            lambda w, x, y, order, gradient, lr, batch_size: _epoch(w, x, y, order, gradient, lr, 1)
        ),
        "The learning rate is missing.": (
            lambda w, x, y, order, gradient, lr, batch_size: _epoch(w, x, y, order, gradient, 1, batch_size)
        ),
        "The batches overlap: the next one begins `batch_size` further on.": _with_batches(
            lambda order, size: [order[first : first + size] for first in range(len(order))]
        ),
    },
    cases=(
        (_W, _X, _Y, _MIXED, _parabola_slopes, 0.01, 3),
        (-_W, _X[:4], _Y[:4], np.array([3, 1, 0, 2]), _parabola_slopes, 0.02, 2),
        (_W[:1], _X, _Y, _MIXED[::-1], _pull, 0.1, 2),
    ),
    right="Right: call it again and again, each time with a new order, and you have a training.",
    hints=(
        "The numbers of the first batch are `order[:batch_size]`. Where does the next one begin? A third "
        "argument of `range` is its step.",
        "In a loop over `first in range(0, len(order), batch_size)`: take `batch = order[first : first + "
        "batch_size]`, the gradient on `x[batch]` and `y[batch]`, and the new `w`. Return it at the end.",
    ),
)

project_faults = Exercise(
    name="project_faults",
    minutes=8,
    difficulty="fault",
    reference=(3, 5, 8),
    mistakes={
        "Lines 3 and 5 are wrong. One more is: which samples choose the degree, and which judge it?": (3, 5),
        "Lines 3 and 8 are wrong. One more is: in how many parts is sample `order[33]`?": (3, 8),
        "Lines 5 and 8 are wrong. One more is: which samples does the scale come from?": (5, 8),
        "Line 3 is wrong, and not the only one. Follow one sample through the parts.": (3,),
        "Line 5 is wrong, and not the only one. What else knows of the test part before the end?": (5,),
        "Line 8 is wrong, and not the only one. What else knows of the test part?": (8,),
        "Line 11 is not wrong: once the degree is chosen, the test part is looked at.": (3, 5, 8, 11),
        "Line 9 is not wrong: the smallest loss is right, if it is that of the right part.": (3, 5, 8, 9),
        "Line 9 takes the smallest loss, which is right. Where does that loss come from? Line 8.": (3, 5, 9),
        "Line 11 is right: there the test part is looked at, once. Where is that too early?": (3, 5, 11),
        "Line 10 is right: it fits the training part. Look at what judges the fit in line 8.": (3, 5, 10),
        "Line 7 is right: it fits the training part. Look at what judges the fit in line 8.": (3, 5, 7),
    },
    rtol=1e-9,
    right="Right: the scale knows all samples, six samples are in two parts, and the test part chooses.",
    hints=(
        "Count the samples of the three parts of line 5. Do they add up?",
        "For each line ask: does it use samples of the test part before the last line? Does it let a sample "
        "stand in two parts? Three lines are wrong.",
    ),
)
