"""Exercises of regularization: a diagnosis, penalties, dropout, early stopping, folds."""

import numpy as np

from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.curves import over


def _diagnosis(training, rival, validation, use, wanted):
    if training > wanted:
        return 2 if rival < training / 2 else 1
    if validation > wanted:
        return 3
    return 4 if use > wanted else 0


def _validation_first(training, rival, validation, use, wanted):
    if validation > wanted:
        return 3
    return _diagnosis(training, rival, validation, use, wanted)


def _rival_exchanged(training, rival, validation, use, wanted):
    answer = _diagnosis(training, rival, validation, use, wanted)
    return {1: 2, 2: 1}.get(answer, answer)


def _gap(training, rival, validation, use, wanted):
    if validation - training > wanted:
        return 3
    return _diagnosis(training, rival, validation, use, wanted)


def _no_rival(training, rival, validation, use, wanted):
    return 1 if training > wanted else _diagnosis(training, rival, validation, use, wanted)


def _any_better_rival(training, rival, validation, use, wanted):
    answer = _diagnosis(training, rival, validation, use, wanted)
    return 2 if answer == 1 and rival < training else answer


def _rival_below_wanted(training, rival, validation, use, wanted):
    answer = _diagnosis(training, rival, validation, use, wanted)
    return (2 if rival < wanted else 1) if training > wanted else answer


def _gap_in_place_of_error(training, rival, validation, use, wanted):
    return _diagnosis(training, rival, max(validation - training, 0.0), use, wanted)


def _gap_in_use(training, rival, validation, use, wanted):
    return _diagnosis(training, rival, validation, use - validation, wanted)


def _no_use(training, rival, validation, use, wanted):
    return _diagnosis(training, rival, validation, 0.0, wanted)


def _always_four(training, rival, validation, use, wanted):
    return _diagnosis(training, rival, validation, 1.0, wanted)


diagnosis = Exercise(
    name="diagnosis",
    minutes=10,
    difficulty="standard",
    reference=_diagnosis,
    mistakes={
        "Begin with the training error. While it is too high, the validation error says nothing.": (
            _validation_first
        ),
        "1 and 2 are exchanged: where a rival can learn the samples, the optimization has failed.": (
            _rival_exchanged
        ),
        "The gap alone does not make it overfitting: the training error must be low enough first.": _gap,
        "Nothing looks at the rival. It tells a failed optimization from a model that is too small.": (
            _no_rival
        ),
        "A rival that is a little better proves nothing. It should have less than half the error.": (
            _any_better_rival
        ),
        "Hold the rival against the patient, not against `wanted`: less than half of its training error.": (
            _rival_below_wanted
        ),
        "Overfitting is told by the validation error itself. You compare its gap to the training error.": (
            _gap_in_place_of_error
        ),
        "A mismatch is told by the error in use itself. You compare its gap to the validation error.": (
            _gap_in_use
        ),
        "Nothing looks at the error in use. Low validation error is a promise about like data only.": _no_use,
        "Healthy is 0: only an error in use above what is wanted is a mismatch.": _always_four,
    },
    cases=(
        (0.4, 0.38, 0.45, 0.5, 0.1),
        (0.4, 0.02, 0.7, 0.7, 0.1),
        (0.01, 0.0, 0.3, 0.3, 0.1),
        (0.01, 0.0, 0.05, 0.4, 0.1),
        (0.02, 0.0, 0.05, 0.06, 0.1),
        # Each of these is close to a wrong boundary: the rival, the gaps, another `wanted`.
        (0.4, 0.15, 0.45, 0.5, 0.1),
        (0.4, 0.25, 0.45, 0.5, 0.1),
        (0.08, 0.02, 0.14, 0.2, 0.1),
        (0.08, 0.02, 0.09, 0.15, 0.1),
        (0.15, 0.1, 0.18, 0.19, 0.2),
        (0.2, 0.08, 0.09, 0.08, 0.1),
        (0.15, 0.09, 0.3, 0.3, 0.1),
        # Only some of the errors are too high.
        (0.2, 0.15, 0.08, 0.09, 0.1),
        (0.2, 0.08, 0.09, 0.3, 0.1),
        (0.05, 0.0, 0.2, 0.08, 0.1),
        # What is exactly `wanted` is not above it, and exactly half is not less than half.
        (0.1, 0.0, 0.1, 0.1, 0.1),
        (0.1, 0.0, 0.1, 0.3, 0.1),
        (0.1, 0.0, 0.3, 0.3, 0.1),
        (0.4, 0.2, 0.6, 0.6, 0.1),
    ),
    right="Right. Training first, then validation, then use.",
)

_PARAMS = np.array([2.0, -3.0, 0.5, 7.0])
_OTHER = np.array([-1.0, 4.0, 2.5])


def _penalty_gradient(params, lam):
    return lam * np.append(params[:-1], 0.0)


l2_gradient = Exercise(
    name="l2_gradient",
    minutes=4,
    difficulty="standard",
    reference=_penalty_gradient,
    mistakes={
        "λ is missing.": lambda params, lam: _penalty_gradient(params, 1.0),
        "The last entry is a bias: it is left out of the penalty.": lambda params, lam: lam * params,
        "The penalty is λ/2 Σ w². The ½ takes the factor 2 away.": lambda params, lam: _penalty_gradient(
            params, 2 * lam
        ),
        "The ½ is used twice: λ/2 Σ w² has the slope λ w.": lambda params, lam: _penalty_gradient(
            params, lam / 2
        ),
        "This is the step. The gradient has the other sign.": lambda params, lam: (
            -_penalty_gradient(params, lam)
        ),
        "This is the gradient of L1, λ sign(w).": lambda params, lam: _penalty_gradient(np.sign(params), lam),
        "This is the value of the penalty. Its gradient is asked for, one number for each parameter.": (
            lambda params, lam: lam / 2 * np.sum(params[:-1] ** 2)
        ),
        "This divides by the norm: that is the gradient of λ‖w‖, without the square.": (
            lambda params, lam: _penalty_gradient(params, lam / np.linalg.norm(params[:-1]))
        ),
        "The bias has the gradient 0 and keeps its place.": lambda params, lam: lam * params[:-1],
    },
    cases=((_PARAMS, 0.3), (_OTHER, 0.05)),
    right="Right: λ w for each weight, 0 for the bias.",
)

_W = np.array([3.0, -0.3, -1.5, 0.4, 0.0, -0.6, 0.5, 0.6])


soft_threshold = Exercise(
    name="soft_threshold",
    minutes=6,
    difficulty="standard",
    curve=over(np.linspace(-2, 2, 201), lambda f, w: f(w, 0.5), "w", "soft threshold, t = 0.5"),
    reference=lambda w, t: np.sign(w) * np.maximum(np.abs(w) - t, 0),
    mistakes={
        "The sign is lost: negative weights come out positive.": lambda w, t: np.maximum(np.abs(w) - t, 0),
        "Weights within t of 0 must stop at 0, not go through it.": lambda w, t: np.sign(w) * (np.abs(w) - t),
        "t is subtracted from negative weights too. They must move up, towards 0.": lambda w, t: w - t,
        "This keeps large weights as they are (a hard threshold). They shrink by t as well.": (
            lambda w, t: w * (np.abs(w) > t)
        ),
        "This cuts off what is beyond t. It is what is to be taken away.": lambda w, t: np.clip(w, -t, t),
        "Negative weights are all set to 0.": lambda w, t: np.maximum(w - t, 0),
        "This shrinks by a factor, as L2 does. L1 takes off t.": lambda w, t: w / (1 + t),
        "Weights grow: t is to be taken away.": lambda w, t: np.sign(w) * (np.abs(w) + t),
        "min stands where max should.": lambda w, t: np.sign(w) * np.minimum(np.abs(w) - t, 0),
    },
    cases=((_W, 0.5), (np.array([[0.3, -2.0]]), 0.1)),
    right="Right: t toward 0, and no farther than 0.",
)

# Centered, as the exercise says: every column sums to 0.
_X = np.array([[1.5, -2.0, 0.5], [-0.5, 1.0, 1.0], [1.5, 0.5, -1.0], [-2.0, -1.0, 0.5], [-0.5, 1.5, -1.0]])
_Y = np.array([2.0, -2.0, 0.5, -1.5, 1.0])
_X_FEW = np.array([[2.0, 1.0], [-1.0, 0.5], [0.0, -2.0], [-1.0, 0.5]])
_Y_FEW = np.array([1.0, -2.0, 0.25, 0.75])


def _solved(X, y, m):
    return np.linalg.solve(X.T @ X + m * np.eye(X.shape[1]), X.T @ y)


ridge_weights = Exercise(
    name="ridge_weights",
    minutes=8,
    difficulty="standard",
    reference=lambda X, y, lam: _solved(X, y, len(X) * lam / 2),
    mistakes={
        "The loss is a mean over n samples: λ stands beside XᵀX as nλ/2.": _solved,
        "The ½ is missing: (2/n) XᵀX w + λ w gives nλ/2.": lambda X, y, lam: _solved(X, y, len(X) * lam),
        "n is missing: multiply (2/n) XᵀX w + λ w by n/2.": lambda X, y, lam: _solved(X, y, lam / 2),
        "The penalty is missing: this is plain least squares.": lambda X, y, lam: _solved(X, y, 0.0),
        "The fraction is turned over: n stands above, nλ/2.": lambda X, y, lam: _solved(
            X, y, lam / (2 * len(X))
        ),
        "The sign of the penalty is turned.": lambda X, y, lam: _solved(X, y, -len(X) * lam / 2),
        "λ is added to every entry of XᵀX. It belongs on the diagonal: λ times the identity.": (
            lambda X, y, lam: np.linalg.solve(X.T @ X + len(X) * lam / 2, X.T @ y)
        ),
        "This uses the number of features. n is the number of samples.": lambda X, y, lam: _solved(
            X, y, X.shape[1] * lam / 2
        ),
        "The factor 2 of the squared error belongs under the fraction: nλ/2, not 2nλ.": (
            lambda X, y, lam: _solved(X, y, 2 * len(X) * lam)
        ),
    },
    cases=((_X, _Y, 0.3), (_X_FEW, _Y_FEW, 2.0)),
    right="Right: (XᵀX + nλ/2 · I)⁻¹ Xᵀy.",
)

_UNITS, _DRAWN = np.array([3.0, -2.0, 1.0, -4.0, 5.0]), np.array([0.5, 0.8, 0.1, 0.95, 0.25])


dropout_forward = Exercise(
    name="dropout_forward",
    minutes=6,
    difficulty="standard",
    reference=lambda x, u, p: x * (u >= p) / (1 - p),
    mistakes={
        "The mean is not kept: scale what is left by 1 / (1 − p).": lambda x, u, p: x * (u >= p),
        "This scales twice: 1 / (1 − p) once is enough.": lambda x, u, p: x * (u >= p) / (1 - p) ** 2,
        "This drops with probability 1 − p. p is the probability to drop.": lambda x, u, p: (
            x * (u < p) / (1 - p)
        ),
        "This keeps with probability p, as some papers define it. Here p is the probability to drop.": (
            lambda x, u, p: x * (u < p) / p
        ),
        "The right entries are kept, but scaled by 1/p, not 1 / (1 − p).": lambda x, u, p: x * (u >= p) / p,
        "Scale up, not down: what is left stands in for what is missing.": lambda x, u, p: (
            x * (u >= p) * (1 - p)
        ),
        "This divides by the share that happened to be kept. Divide by 1 − p, whatever was drawn.": (
            lambda x, u, p: x * (u >= p) / np.mean(u >= p)
        ),
        "Nothing is dropped.": lambda x, u, p: x / (1 - p),
        "This is the mask. Multiply x by it.": lambda x, u, p: (u >= p) / (1 - p),
        "This is evaluation, where nothing is done.": lambda x, u, p: x,
    },
    cases=((_UNITS, _DRAWN, 0.3), (_UNITS, _DRAWN, 0.6), (_UNITS, _DRAWN, 0.25)),
    right="Right: 0 or x / (1 − p).",
)


def _stopped(losses, patience, *, late=0, reset=True, keep="best", first=1, ties=False):
    best, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses, start=first):
        if loss < best or (ties and loss == best):
            best, best_epoch, waited = loss, epoch, 0 if reset else waited
        else:
            waited += 1
        if waited >= patience + late:
            break
    return np.array([epoch, {"best": best_epoch, "last": epoch}[keep]])


def _stop_early(losses, patience):
    return _stopped(losses, patience)


def _any_rise(losses, patience):
    """Compare with the epoch before, not with the best."""
    before, best_epoch, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        better = loss < before
        waited = 0 if better else waited + 1
        best_epoch = epoch if better else best_epoch
        before = loss
        if waited >= patience:
            break
    return np.array([epoch, best_epoch])


stop_early = Exercise(
    name="stop_early",
    minutes=12,
    difficulty="standard",
    returns=("stop", "keep"),
    reference=_stop_early,
    mistakes={
        "It stops an epoch late: after `patience` bad epochs it is enough.": lambda losses, patience: (
            _stopped(losses, patience, late=1)
        ),
        "It stops an epoch early.": lambda losses, patience: _stopped(losses, patience, late=-1),
        "It keeps the last epoch. Keep the best one.": lambda losses, patience: _stopped(
            losses, patience, keep="last"
        ),
        "Bad epochs are counted in all. An improvement sets the count back to 0.": (
            lambda losses, patience: _stopped(losses, patience, reset=False)
        ),
        "Compare with the best loss so far, not with the epoch before.": _any_rise,
        "A tie is no improvement.": lambda losses, patience: _stopped(losses, patience, ties=True),
        "Epochs are counted from 1 here.": lambda losses, patience: _stopped(losses, patience, first=0),
        "The two are exchanged: the epoch of the stop first, then the one to keep.": (
            lambda losses, patience: _stopped(losses, patience)[::-1]
        ),
        "It never stops: this is the best epoch of the whole run, in hindsight.": lambda losses, patience: (
            np.array([len(losses), np.argmin(losses) + 1])
        ),
    },
    cases=(
        (np.array([3.0, 2.0, 2.5, 1.5, 1.7, 1.6, 1.65, 1.9, 2.0, 1.0]), 3),
        (np.array([1.0, 0.8, 0.9, 0.7, 0.85, 0.75, 0.6, 0.9]), 2),
        (np.array([2.0, 1.5, 1.6, 1.4]), 3),  # never stops
        (np.array([2.0, 1.5, 1.25, 1.6]), 3),  # nor does this one, and its last epoch is not its best
        (np.array([-1.0, -0.5, -0.25, -2.0]), 2),  # the first epoch is the best
        (np.array([1.0, 0.5, 0.5, 0.6, 0.4]), 2),  # a tie
        (np.array([500.0, 400.0, -1.0, 2.0, -3.0, -2.5, -2.0, -4.0]), 2),  # large, and below 0
    ),
    right="Right: wait, stop, and go back to the best.",
)


def _kept(order, kept):
    return np.sort(order[kept])


def _blocks(order, k, i):
    return np.sort(np.concatenate([part for j, part in enumerate(np.array_split(order, k)) if j != i]))


training_fold = Exercise(
    name="training_fold",
    minutes=8,
    difficulty="standard",
    reference=lambda order, k, i: _kept(order, np.arange(len(order)) % k != i),
    mistakes={
        "This is the validation part of the fold. Its complement trains.": lambda order, k, i: _kept(
            order, np.arange(len(order)) % k == i
        ),
        "All samples train, also those that validate: the parts overlap.": lambda order, k, i: np.sort(order),
        "These are places in `order`, not the samples that stand there.": lambda order, k, i: np.flatnonzero(
            np.arange(len(order)) % k != i
        ),
        "Folds are counted from 0.": lambda order, k, i: _kept(order, np.arange(len(order)) % k != i - 1),
        "Blocks are another way to make folds. Here fold i has every k-th entry, from i on.": _blocks,
        "Only one other fold trains. All of the other k − 1 do.": lambda order, k, i: _kept(
            order, np.arange(len(order)) % k == (i + 1) % k
        ),
        "The array is right, but not sorted.": lambda order, k, i: order[np.arange(len(order)) % k != i],
    },
    cases=(
        (np.array([3, 0, 6, 2, 5, 1, 4]), 3, 1),
        (np.array([5, 3, 1, 0, 2, 4, 7, 6]), 4, 2),
        (np.array([2, 0, 4, 1, 3]), 2, 0),
    ),
    right="Right: each sample validates once and trains k − 1 times.",
)
