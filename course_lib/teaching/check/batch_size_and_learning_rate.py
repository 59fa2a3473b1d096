"""Exercises of batch size and learning rate: noise, updates, accumulation, scaling, schedules."""

import math

import numpy as np

from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.curves import over

batch_noise = Exercise(
    name="batch_noise",
    minutes=5,
    difficulty="standard",
    reference=lambda sigma, batch_size, n: (
        sigma / math.sqrt(batch_size) * math.sqrt((n - batch_size) / (n - 1))
    ),
    mistakes={
        "The noise falls with the root of B, not with B.": lambda sigma, batch_size, n: (
            sigma / batch_size * math.sqrt((n - batch_size) / (n - 1))
        ),
        "The last factor is missing: the batch is drawn without replacement.": (
            lambda sigma, batch_size, n: sigma / math.sqrt(batch_size)
        ),
        "This is the variance. The root of it is asked for.": lambda sigma, batch_size, n: (
            sigma**2 / batch_size * (n - batch_size) / (n - 1)
        ),
        "The root belongs over the last factor too.": lambda sigma, batch_size, n: (
            sigma / math.sqrt(batch_size) * (n - batch_size) / (n - 1)
        ),
        "sigma is the standard deviation; you took it for the variance.": lambda sigma, batch_size, n: (
            math.sqrt(sigma / batch_size * (n - batch_size) / (n - 1))
        ),
        "N − 1 stands below, not N: a batch of one sample has all of the noise.": (
            lambda sigma, batch_size, n: sigma / math.sqrt(batch_size) * math.sqrt((n - batch_size) / n)
        ),
    },
    cases=((3.0, 8, 100), (0.5, 40, 64)),
    right="Right: σ/√B, and the factor that says that a batch of everything has no noise.",
)

updates_in_all = Exercise(
    name="updates_in_all",
    minutes=4,
    difficulty="standard",
    reference=lambda n, batch_size, epochs, accumulate: epochs * math.ceil(n / (batch_size * accumulate)),
    mistakes={
        "The last, shorter batch of an epoch makes an update too: round up.": (
            lambda n, batch_size, epochs, accumulate: epochs * (n // (batch_size * accumulate))
        ),
        "Round up within each epoch: batches do not reach over its end.": (
            lambda n, batch_size, epochs, accumulate: math.ceil(epochs * n / (batch_size * accumulate))
        ),
        "These are the micro-batches. Only every k-th of them ends in an update.": (
            lambda n, batch_size, epochs, accumulate: epochs * math.ceil(n / batch_size)
        ),
        "One too many where the updates come out even: round up, and add nothing.": (
            lambda n, batch_size, epochs, accumulate: epochs * (n // (batch_size * accumulate) + 1)
        ),
        "These are the updates of one epoch.": lambda n, batch_size, epochs, accumulate: math.ceil(
            n / (batch_size * accumulate)
        ),
        "Nothing is rounded, and there is no part of an update.": (
            lambda n, batch_size, epochs, accumulate: epochs * n / (batch_size * accumulate)
        ),
        "Accumulation makes fewer updates, not more.": lambda n, batch_size, epochs, accumulate: (
            epochs * math.ceil(n / batch_size) * accumulate
        ),
        "The last, shorter group of micro-batches makes an update too.": (
            lambda n, batch_size, epochs, accumulate: epochs * (math.ceil(n / batch_size) // accumulate)
        ),
    },
    cases=((100, 8, 3, 1), (1000, 32, 5, 3), (65, 16, 2, 2), (96, 8, 3, 4), (5, 8, 2, 1)),
    right="Right: N/(kB), rounded up, in every epoch.",
)

_GRADIENTS = [np.array([1.0, -2.0, 0.5]), np.array([0.5, 4.0, -1.0]), np.array([-3.0, 1.0, 2.0])]


def _added(grads, sizes):
    return sum(grads)


def _mean(grads, sizes):
    return sum(grads) / len(grads)


def _by_size(grads, sizes):
    return sum(size * g for size, g in zip(sizes, grads, strict=True))


accumulate = Exercise(
    name="accumulate",
    minutes=10,
    difficulty="standard",
    reference=lambda grads, sizes: _by_size(grads, sizes) / sum(sizes),
    mistakes={
        "This is the sum. Micro-batches are means, so their mean is asked for.": _added,
        "This counts every micro-batch alike. The last one may be shorter, and then counts too much.": (
            _mean
        ),
        "Weighted by the samples, but not divided by their number.": _by_size,
        "This divides by the number of micro-batches, after weighting by samples.": (
            lambda grads, sizes: _by_size(grads, sizes) / len(grads)
        ),
        "This divides by the largest micro-batch. Divide by all samples.": (
            lambda grads, sizes: _by_size(grads, sizes) / max(sizes)
        ),
        "This is the last micro-batch alone: the others were zeroed.": lambda grads, sizes: grads[-1],
        "The shorter last micro-batch is left out.": (
            lambda grads, sizes: _by_size(grads[:-1], sizes[:-1]) / sum(sizes[:-1])
        ),
    },
    cases=((_GRADIENTS, [8, 8, 3]), (_GRADIENTS[:2], [5, 16])),
    right="Right: every sample counts once, wherever it stands.",
)

scaled_rate = Exercise(
    name="scaled_rate",
    minutes=3,
    difficulty="warm-up",
    reference=lambda lr, batch_size, new_batch_size, lr_limit: min(
        lr * new_batch_size / batch_size, lr_limit
    ),
    mistakes={
        "The rule ends at the limit of the steps: min(…, lr_limit) is missing.": (
            lambda lr, batch_size, new_batch_size, lr_limit: lr * new_batch_size / batch_size
        ),
        "This is the square-root rule. The linear one is asked for.": (
            lambda lr, batch_size, new_batch_size, lr_limit: min(
                lr * math.sqrt(new_batch_size / batch_size), lr_limit
            )
        ),
        "The fraction is turned over: a larger batch wants a larger rate.": (
            lambda lr, batch_size, new_batch_size, lr_limit: min(lr * batch_size / new_batch_size, lr_limit)
        ),
        "max stands where min should.": (
            lambda lr, batch_size, new_batch_size, lr_limit: max(lr * new_batch_size / batch_size, lr_limit)
        ),
        "The rate is not scaled.": lambda lr, batch_size, new_batch_size, lr_limit: min(lr, lr_limit),
        "The old batch size is missing: it is the ratio of the two that counts.": (
            lambda lr, batch_size, new_batch_size, lr_limit: min(lr * new_batch_size, lr_limit)
        ),
    },
    cases=((0.1, 32, 128, 0.5), (0.1, 32, 512, 0.8), (0.1, 32, 128, 0.25), (0.2, 64, 8, 0.5)),
    right="Right: in proportion to the batch, until the step itself is too long.",
)


def _wave(turn):
    """An answer that puts `turn(t, n_updates)` where π t/T should stand."""
    return lambda t, n_updates, lr, lr_min: lr_min + (lr - lr_min) * (1 + math.cos(turn(t, n_updates))) / 2


cosine_annealing = Exercise(
    name="cosine_annealing",
    minutes=5,
    difficulty="standard",
    curve=over(np.arange(101), lambda f, ts: [f(t, 100, 0.1, 0.01) for t in ts], "update t", "learning rate"),
    reference=_wave(lambda t, n: math.pi * t / n),
    mistakes={
        "½(1 + cos) is missing: cos alone falls below 0.": lambda t, n_updates, lr, lr_min: (
            lr_min + (lr - lr_min) * math.cos(math.pi * t / n_updates)
        ),
        "The ½ is missing: this begins at twice the rate.": lambda t, n_updates, lr, lr_min: (
            lr_min + (lr - lr_min) * (1 + math.cos(math.pi * t / n_updates))
        ),
        "π is missing: the cosine takes radians.": _wave(lambda t, n: t / n),
        "These are degrees: 180 stands where π should.": _wave(lambda t, n: 180 * t / n),
        "2π is a whole wave, which comes up again. Half of one is asked for.": _wave(
            lambda t, n: 2 * math.pi * t / n
        ),
        "π/2 is a quarter of a wave: it ends half way down.": _wave(lambda t, n: math.pi / 2 * t / n),
        "Off by one: t counts the updates made so far, and is 0 at first.": _wave(
            lambda t, n: math.pi * (t + 1) / n
        ),
        "Off by one: the least rate is reached after n_updates, not at n_updates − 1.": _wave(
            lambda t, n: math.pi * t / (n - 1)
        ),
        "This rises: a minus stands before the cosine.": lambda t, n_updates, lr, lr_min: (
            lr_min + (lr - lr_min) * (1 - math.cos(math.pi * t / n_updates)) / 2
        ),
        "lr_min is added without being taken off: it is lr − lr_min that falls to 0.": (
            lambda t, n_updates, lr, lr_min: lr_min + lr * (1 + math.cos(math.pi * t / n_updates)) / 2
        ),
        "The curve is cut off at lr_min. It is lr − lr_min that falls, down to 0, and lr_min stays.": (
            lambda t, n_updates, lr, lr_min: max(lr_min, lr * (1 + math.cos(math.pi * t / n_updates)) / 2)
        ),
        "lr_min is left out.": lambda t, n_updates, lr, lr_min: (
            lr * (1 + math.cos(math.pi * t / n_updates)) / 2
        ),
    },
    cases=((0, 100, 0.1, 0.01), (25, 100, 0.1, 0.01), (60, 80, 0.5, 0.002), (80, 80, 0.5, 0.002)),
    right="Right: η at first, halfway down in the middle, η_min at the end.",
)

warmup = Exercise(
    name="warmup",
    minutes=5,
    difficulty="standard",
    curve=over(np.arange(31), lambda f, ts: [f(t, 20, 0.5) for t in ts], "update t", "learning rate"),
    reference=lambda t, n_updates, lr: lr * min(1.0, (t + 1) / n_updates),
    mistakes={
        "It starts at 0: the first update, t = 0, moves nothing. Count it as 1.": (
            lambda t, n_updates, lr: lr * min(1.0, t / n_updates)
        ),
        "// rounds down: the rate stays 0 until the end of the warmup.": (
            lambda t, n_updates, lr: lr * min(1, (t + 1) // n_updates)
        ),
        "It never stops rising: min(1, …) is missing.": lambda t, n_updates, lr: lr * (t + 1) / n_updates,
        "The fraction is turned over.": lambda t, n_updates, lr: lr * min(1.0, n_updates / (t + 1)),
        "After the warmup the rate is lr, not 0.": lambda t, n_updates, lr: (
            lr * (t + 1) / n_updates if t < n_updates else 0.0
        ),
        "It reaches lr one update late: divide by n_updates.": lambda t, n_updates, lr: (
            lr * min(1.0, (t + 1) / (n_updates + 1))
        ),
        "At t = n_updates the warmup is over: the rate is lr, not a step above.": lambda t, n_updates, lr: (
            lr * (t + 1) / n_updates if t <= n_updates else lr
        ),
        "There is no warmup in it.": lambda t, n_updates, lr: lr,
        "max stands where min should.": lambda t, n_updates, lr: lr * max(1.0, (t + 1) / n_updates),
    },
    cases=((0, 10, 0.5), (5, 10, 0.5), (9, 10, 0.5), (10, 10, 0.5), (25, 10, 0.5), (0, 1, 0.2)),
    right="Right: η/T in the first update, η from the T-th on.",
)
