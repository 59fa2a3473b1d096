"""Exercises of gradient descent."""

import math

import numpy as np

from course_lib.teaching.exercise import Exercise

_X = np.array([-2.0, -1.0, 0.5, 3.0])
_Y = np.array([1.0, -2.0, 0.5, 4.0])
_W = np.array([0.5, -1.5, 2.0])


def _predict(w, x):
    return w[0] * x**2 + w[1] * x + w[2]


slope_w1 = Exercise(
    name="slope_w1",
    minutes=4,
    difficulty="warm-up",
    reference=lambda w, x, y: 2 * np.mean((_predict(w, x) - y) * x**2),
    mistakes={
        "A factor 2 is lost: the derivative of (ŷ − y)² is 2(ŷ − y).": lambda w, x, y: np.mean(
            (_predict(w, x) - y) * x**2
        ),
        "The mean of products is not the product of means: multiply sample by sample, then average.": (
            lambda w, x, y: 2 * np.mean(_predict(w, x) - y) * np.mean(x**2)
        ),
        "A factor 2 is lost, and this is a sum. The loss is a mean of squares.": (
            lambda w, x, y: np.sum((_predict(w, x) - y) * x**2)
        ),
        "These are all three partial derivatives. Only the one for w₁ is asked for.": (
            lambda w, x, y: 2 * np.mean((_predict(w, x) - y) * np.stack([x**2, x, x**0]), axis=1)
        ),
        "The inner derivative is missing: ∂ŷ/∂w₁ = x².": lambda w, x, y: 2 * np.mean(_predict(w, x) - y),
        "The inner derivative is that of w₂: ∂ŷ/∂w₂ = x. For w₁ it is x².": lambda w, x, y: (
            2 * np.mean((_predict(w, x) - y) * x)
        ),
        "The sign is turned: it is ŷ − y, the prediction first.": lambda w, x, y: (
            2 * np.mean((y - _predict(w, x)) * x**2)
        ),
        "This is the sum over the samples. The loss is a mean: divide by N.": lambda w, x, y: (
            2 * np.sum((_predict(w, x) - y) * x**2)
        ),
        "The difference is squared still. Differentiating takes one power off.": lambda w, x, y: (
            2 * np.mean((_predict(w, x) - y) ** 2 * x**2)
        ),
        "The weights are in reverse: w₁ goes with x², w₃ stands alone.": lambda w, x, y: (
            2 * np.mean((_predict(w[::-1], x) - y) * x**2)
        ),
        "2x is the derivative of x² by x. Here x is fixed and w₁ moves: ∂ŷ/∂w₁ = x².": lambda w, x, y: (
            2 * np.mean((_predict(w, x) - y) * 2 * x)
        ),
        "y is missing: it is the error ŷ − y that is multiplied by x².": lambda w, x, y: (
            2 * np.mean(_predict(w, x) * x**2)
        ),
    },
    cases=((_W, _X, _Y), (-_W, _Y, _X)),
    right="Right: equation (5) for w₁.",
    hints=(
        "Nudge w₁ alone, for one sample: how much does the prediction ŷᵢ move, and how much then (ŷᵢ − yᵢ)²?",
        "By the chain rule each sample gives 2(ŷᵢ − yᵢ) times the number that w₁ is multiplied by in ŷᵢ. "
        "Multiply sample by sample, and take the mean last.",
    ),
)

_STEPS = ((_W, np.array([1.0, -2.0, 0.5]), 0.1), (np.array([2.0]), np.array([-3.0]), 0.5))

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
    cases=_STEPS,
    right="Right. This one line is gradient descent.",
    hints=(
        "The gradient points to where the loss grows. Which way do you want to go, and how far?",
        "The step is minus the learning rate times the gradient. What is asked for is where w is after it.",
    ),
)

largest_rate = Exercise(
    name="largest_rate",
    minutes=5,
    difficulty="standard",
    reference=lambda curvatures: 2 / np.max(curvatures),
    mistakes={
        "1/λmax is safe, and twice as large still does not diverge: the factor is 1 − ηλ, down to −1.": (
            lambda curvatures: 1 / np.max(curvatures)
        ),
        "That is the limit of the flattest direction. The steepest one diverges first.": (
            lambda curvatures: 2 / np.min(curvatures)
        ),
        "That is the best rate, 2/(λ₁ + λₙ). The largest one is a little above it.": (
            lambda curvatures: 2 / (np.min(curvatures) + np.max(curvatures))
        ),
        "The sum of all curvatures is too careful: each direction lives by its own.": (
            lambda curvatures: 2 / np.sum(curvatures)
        ),
        "That is a limit for each direction. One rate serves all: return the smallest of them.": (
            lambda curvatures: 2 / curvatures
        ),
        "That is the limit of the first direction in the list. The steepest one counts.": (
            lambda curvatures: 2 / curvatures[0]
        ),
        "That is the limit of the last direction in the list. The steepest one counts.": (
            lambda curvatures: 2 / curvatures[-1]
        ),
        "The mean curvature does not help: the steepest direction diverges first.": (
            lambda curvatures: 2 / np.mean(curvatures)
        ),
        "That is the condition number.": lambda curvatures: np.max(curvatures) / np.min(curvatures),
        "It falls as the curvature grows: turn the fraction over.": lambda curvatures: np.max(curvatures) / 2,
        "A step multiplies by 1 − ηλ, and λ is the curvature already: nothing is squared.": (
            lambda curvatures: 2 / np.max(curvatures) ** 2
        ),
    },
    cases=(
        (np.array([1.0, 10.0, 3.0]),),
        (np.array([0.4, 0.2, 0.1, 0.5]),),
        (np.array([6.0, 0.5, 6.0]),),  # the steepest twice, and first
    ),
    right="Right: the steepest direction sets the limit.",
    hints=(
        "One rate serves all directions, and each has a limit of its own. Which direction diverges first?",
        "Along a direction of curvature λ a step multiplies by 1 − ηλ, which reaches −1 at η = 2/λ. "
        "The smallest of these limits counts.",
    ),
)

updates_per_epoch = Exercise(
    name="updates_per_epoch",
    minutes=4,
    difficulty="standard",
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
    return np.array([w, b])


def _sample_by_sample(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        for x_i, y_i in zip(x, y, strict=True):
            error = w * x_i + b - y_i
            w, b = w - 2 * lr * error * x_i, b - 2 * lr * error
    return np.array([w, b])


fit_line = Exercise(
    name="fit_line",
    minutes=15,
    difficulty="build",
    returns=("w", "b"),
    reference=_fit_line,
    mistakes={
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
        "The gradients pile up from step to step. Start each step with fresh ones "
        "(in PyTorch: zero_grad).": lambda *a: _fit_line(*a, forget=False),
    },
    cases=(
        (np.array([1.0, 2.0, 3.0]), np.array([2.5, 4.5, 6.5]), 0.05, 5),
        (np.array([2.0, -1.0, 0.0, 3.0]), np.array([-2.0, 1.0, 0.5, 0.0]), 0.02, 3),
    ),
    right="Right: that is a whole training loop.",
    hints=(
        "What does one step need, and in which order? The predictions, the errors, and then two gradients.",
        "The error is wx + b − y. Its mean, times 2, is the gradient for b; for w, multiply each error by "
        "its x first. Compute both before you change w or b, and return after the loop.",
    ),
)
