"""Exercises of the first steps: a loss, a model, preparing data, counting updates."""

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
        "This is the mean of |ŷ − y|. Square each difference first.": 1.0,
        "This is the mean of ŷ − y: differences of opposite sign cancel. Square each one first.": -1.0,
        "This is the root of the MSE. Leave the root out.": float(np.sqrt(5 / 3)),
        "This divides by N − 1, as a sample variance does. The loss divides by N.": 2.5,
        "Nearly: give two decimals, or the fraction.": 1.7,
    },
    rtol=5e-3,
    right="Right: (1 + 0 + 4) / 3.",
)

_X = np.array([-2.0, -1.0, 0.5, 3.0])
_Y = np.array([1.0, -2.0, 0.5, 4.0])
_W = np.array([0.5, -1.5, 2.0])


def _loss(w, x, y):
    return np.mean((w[0] * x**2 + w[1] * x + w[2] - y) ** 2)


quadratic_loss = Exercise(
    name="quadratic_loss",
    minutes=6,
    difficulty="standard",
    reference=_loss,
    mistakes={
        "This is a sum over the samples; the loss is their mean.": lambda w, x, y: len(x) * _loss(w, x, y),
        "The weights are in reverse: w₁ goes with x², w₃ stands alone.": lambda w, x, y: _loss(w[::-1], x, y),
        "There is a factor ½ too many.": lambda w, x, y: _loss(w, x, y) / 2,
        "This is the root of the loss. Leave the root out.": lambda w, x, y: np.sqrt(_loss(w, x, y)),
        "This squares the mean of ŷ − y. Square each difference first, then take the mean.": (
            lambda w, x, y: np.mean(w[0] * x**2 + w[1] * x + w[2] - y) ** 2
        ),
        "This divides by 3, the number of weights. Divide by the number of samples.": (
            lambda w, x, y: len(x) * _loss(w, x, y) / 3
        ),
        "The constant w₃ is missing.": lambda w, x, y: _loss(np.array([w[0], w[1], 0.0]), x, y),
        "One square is missing: the loss squares ŷ − y.": lambda w, x, y: np.mean(
            np.abs(w[0] * x**2 + w[1] * x + w[2] - y)
        ),
        "This is the mean of ŷ − y itself: differences of opposite sign cancel. Square them.": (
            lambda w, x, y: np.mean(w[0] * x**2 + w[1] * x + w[2] - y)
        ),
    },
    cases=((_W, _X, _Y), (-_W, _Y[:3], _X[:3])),
    right="Right: this is the landscape that training walks in.",
)

_TRAIN = np.array([[1.0, -100.0], [2.0, 300.0], [6.0, 200.0]])
_TEST = np.array([[3.0, 400.0], [0.0, -150.0]])
_WIDE = np.array([[2.0, -1.0, 0.5], [-2.0, 0.25, 3.0], [0.0, 4.0, 1.0], [5.0, -3.0, -2.5]])


def _standardize(train, test):
    return (test - train.mean(axis=0)) / train.std(axis=0)


standardize = Exercise(
    name="standardize",
    minutes=6,
    difficulty="standard",
    reference=_standardize,
    mistakes={
        "The mean and the deviation are those of the test part. Take them from the training part: "
        "at the time of use the test data are not known.": lambda train, test: _standardize(test, test),
        "One mean for the whole table. Each column has its own: axis=0.": (
            lambda train, test: (test - train.mean()) / train.std()
        ),
        "This divides by the variance. Divide by its root, the standard deviation.": (
            lambda train, test: (test - train.mean(axis=0)) / train.var(axis=0)
        ),
        "The deviation is that of the test part. Take it from the training part too.": (
            lambda train, test: (test - train.mean(axis=0)) / test.std(axis=0)
        ),
        "The mean is that of the test part. Take it from the training part too.": (
            lambda train, test: (test - test.mean(axis=0)) / train.std(axis=0)
        ),
        "Parentheses are lost: subtract first, then divide.": (
            lambda train, test: test - train.mean(axis=0) / train.std(axis=0)
        ),
        "This is the training part. The test part is asked for, on the training part's scale.": (
            lambda train, test: _standardize(train, train)
        ),
        "This brings the training part to 0 … 1. Take its mean away and divide by its deviation.": (
            lambda train, test: (test - train.min(axis=0)) / (train.max(axis=0) - train.min(axis=0))
        ),
        "The mean is not taken away.": lambda train, test: test / train.std(axis=0),
        "Centered, but not scaled: divide by the standard deviation.": (
            lambda train, test: test - train.mean(axis=0)
        ),
        "This uses both parts together, so the test part leaks into the preparation.": (
            lambda train, test: _standardize(np.concatenate([train, test]), test)
        ),
        "This divides by N − 1 inside the deviation (ddof=1). NumPy's default, and this course's, is N.": (
            lambda train, test: (test - train.mean(axis=0)) / train.std(axis=0, ddof=1)
        ),
    },
    cases=((_TRAIN, _TEST), (_TEST, _TRAIN), (_WIDE, np.array([[1.0, -2.0, 0.0]]))),
    right="Right: the training part sets the scale for everything that follows.",
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
)
