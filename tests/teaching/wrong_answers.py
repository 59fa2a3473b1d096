"""Wrong answers as a learner might write them, beside those that an exercise knows by name."""

import math

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return 1 - np.tanh(z) ** 2


def model(w, x):
    return w[0] * x**2 + w[1] * x + w[2]


# -- 00 --------------------------------------------------------------------------------------------


def cut(X, order, n_validation, n_test):
    n_train = len(X) - n_validation - n_test
    return [X[part] for part in np.split(order, [n_train, n_train + n_validation])]


def prepared_by(turn):
    def prepare(X, order, n_validation, n_test):
        parts = cut(X, order, n_validation, n_test)
        return tuple(turn(part, parts[0]) for part in parts)

    return prepare


def prepared_with_deviations_of_all(X, order, n_validation, n_test):
    parts = cut(X, order, n_validation, n_test)
    return tuple((part - parts[0].mean(axis=0)) / X.std(axis=0) for part in parts)


def prepared_from_all_that_is_not_test(X, order, n_validation, n_test):
    parts = cut(X, order, n_validation, n_test)
    known = np.concatenate(parts[:2])
    return tuple((part - known.mean(axis=0)) / known.std(axis=0) for part in parts)


def prepared_with_the_test_part_first(X, order, n_validation, n_test):
    test, validation, train = np.split(X[order], [n_test, n_test + n_validation])
    return tuple((part - train.mean(axis=0)) / train.std(axis=0) for part in (train, validation, test))


def prepared_with_a_sample_lost(X, order, n_validation, n_test):
    train, validation, test = cut(X, order, n_validation, n_test)
    return tuple((part - train.mean(axis=0)) / train.std(axis=0) for part in (train[:-1], validation, test))


def epoch_that_ends_with_all_samples(w, x, y, order, gradient, lr, batch_size):
    for first in range(0, len(order) - batch_size, batch_size):
        batch = order[first : first + batch_size]
        w = w - lr * gradient(w, x[batch], y[batch])
    return w - lr * gradient(w, x, y)


def epoch_with_gradient_before_the_loop(w, x, y, order, gradient, lr, batch_size):
    slope = gradient(w, x, y)
    for _ in range(0, len(order), batch_size):
        w = w - lr * slope
    return w


def epoch_that_returns_in_the_loop(w, x, y, order, gradient, lr, batch_size):
    for first in range(batch_size, len(order), batch_size):
        batch = order[first : first + batch_size]
        return w - lr * gradient(w, x[batch], y[batch])


def epoch_with_a_last_batch_of_its_own_weight(w, x, y, order, gradient, lr, batch_size):
    for first in range(0, len(order), batch_size):
        batch = order[first : first + batch_size]
        w = w - lr * gradient(w, x[batch], y[batch]) * len(batch) / batch_size
    return w


def epoch_that_fills_the_last_batch(w, x, y, order, gradient, lr, batch_size):
    for first in range(0, len(order), batch_size):
        batch = np.take(order, range(first, first + batch_size), mode="wrap")
        w = w - lr * gradient(w, x[batch], y[batch])
    return w


def epoch_by_numbers_of_batches(w, x, y, order, gradient, lr, batch_size):
    for first in range(len(order) // batch_size):
        batch = order[first : first + batch_size]
        w = w - lr * gradient(w, x[batch], y[batch])
    return w


# -- 01 --------------------------------------------------------------------------------------------


def step_of_the_first_entry(w, gradient, lr):
    w[0] = w[0] - lr * gradient[0]
    return w


def one_more_if_more_than_half(n, batch_size):
    updates = n // batch_size
    if n % batch_size > batch_size / 2:
        updates += 1
    return updates


def one_more_unless_they_are_equal(n, batch_size):
    return n // batch_size + (n != batch_size)


def fit(x, y, lr, steps, *, start=0.0, error_of=lambda error: error, share=1.0, decay=1.0, b_scale=1.0):
    w = b = start
    for _ in range(steps):
        error = error_of(w * x + b - y)
        w, b = w - lr * 2 * np.mean(error * x) * share, b - lr * 2 * np.mean(error) * b_scale
        lr *= decay
    return w, b


def fit_until_it_stands_still(x, y, lr, steps):
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        if np.mean(error**2) < 1:
            break
        w, b = w - lr * 2 * np.mean(error * x), b - lr * 2 * np.mean(error)
    return w, b


def curvatures(X):
    return np.linalg.eigvalsh(2 / len(X) * X.T @ X)


def regression(
    X, y, order, lr, batch_size, *, start=0.0, error_of=lambda e: e, decay=1.0, rows=lambda o: o, loss=None
):
    w, losses = np.full(X.shape[1], start), []
    for samples in rows(order):
        for i in range(0, len(samples), batch_size):
            batch = samples[i : i + batch_size]
            w = w - lr * 2 / len(batch) * X[batch].T @ error_of(X[batch] @ w - y[batch])
            lr *= decay
        losses.append(loss(X @ w - y) if loss else np.mean((X @ w - y) ** 2))
    return w, losses


def regression_sample_by_sample(X, y, order, lr, batch_size):
    return regression(X, y, order, lr, 1)


def regression_with_a_loss_of_every_update(X, y, order, lr, batch_size):
    w, losses = np.zeros(X.shape[1]), []
    for samples in order:
        for i in range(0, len(samples), batch_size):
            batch = samples[i : i + batch_size]
            w = w - lr * 2 / len(batch) * X[batch].T @ (X[batch] @ w - y[batch])
            losses.append(np.mean((X @ w - y) ** 2))
    return w, losses


def halving(X, y, lr, steps, *, start=0.0, worse=lambda trial, loss: trial > loss, shrink=lambda lr: lr / 2):
    w = np.full(X.shape[1], start)
    for _ in range(steps):
        trial = w - lr * 2 / len(X) * X.T @ (X @ w - y)
        if worse(np.mean((X @ trial - y) ** 2), np.mean((X @ w - y) ** 2)):
            lr = shrink(lr)
        else:
            w = trial
    return w, lr


def halving_once_and_for_all(X, y, lr, steps):
    w, halved = halving(X, y, lr, 1)
    for _ in range(steps - 1):
        w = w - halved * 2 / len(X) * X.T @ (X @ w - y)
    return w, halved


def halving_and_trying_at_once(X, y, lr, steps):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        gradient = 2 / len(X) * X.T @ (X @ w - y)
        if np.mean((X @ (w - lr * gradient) - y) ** 2) > np.mean((X @ w - y) ** 2):
            lr = lr / 2
        w = w - lr * gradient
    return w, lr


# -- 02 --------------------------------------------------------------------------------------------


def logistic(X, y, lr, steps, *, start=0.0, p_of=sigmoid, b_share=None):
    w, b, losses = np.full(X.shape[1], start), 0.0, []
    for _ in range(steps):
        z = X @ w + b
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        error = p_of(z) - y
        w = w - lr * X.T @ error / len(y)
        b = b - lr * np.sum(error) * (b_share or 1 / len(y))
    return w, b, np.array(losses)


def stable_gradient(z, labels):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - np.eye(z.shape[1])[labels]) / len(z)


def stable_loss(z, labels):
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), labels])


def softmax_rows(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_fit(
    X,
    labels,
    n_classes,
    lr,
    order,
    batch_size,
    *,
    start=0.0,
    decay=1.0,
    p_of=softmax_rows,
    b_mean=False,
    backwards=False,
):
    W, b = np.full((X.shape[1], n_classes), start), np.zeros(n_classes)
    W[0] = 2 * start
    for epoch in order[::-1] if backwards else order:
        for first in range(0, len(X), batch_size):
            batch = epoch[first : first + batch_size]
            delta = (p_of(X[batch] @ W + b) - np.eye(n_classes)[labels[batch]]) / len(batch)
            W = W - lr * X[batch].T @ delta * np.linspace(1, 1 + start, n_classes)
            b = b - lr * (delta.mean(axis=0) if b_mean else delta.sum(axis=0))
            lr = lr * decay
    return W, b


# -- 06 --------------------------------------------------------------------------------------------


def adam(w, m, v, g, t, lr, b1, b2, eps, *, m_of=None, v_of=None, step=None):
    m = m_of(m, g, b1) if m_of else b1 * m + (1 - b1) * g
    v = v_of(v, g, b2) if v_of else b2 * v + (1 - b2) * g**2
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    down = step(m_hat, v_hat, eps) if step else m_hat / (np.sqrt(v_hat) + eps)
    return w - lr * down, m, v


def adam_corrected_after_the_root(w, m, v, g, t, lr, b1, b2, eps):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    return w - lr * m / (1 - b1**t) / (np.sqrt(v) / (1 - b2**t) + eps), m, v


def nadam(w, m, v, g, t, lr, b1, b2, eps):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = (b1 * m + (1 - b1) * g) / (1 - b1**t)
    return w - lr * m_hat / (np.sqrt(v / (1 - b2**t)) + eps), m, v


def cauchy_step(g, H):
    return -(g @ g) / (g @ H @ g) * g


# -- 07 --------------------------------------------------------------------------------------------


def too_high_at_the_boundary(training, rival, validation, use, wanted):
    if training >= wanted:
        return 2 if rival < training / 2 else 1
    if validation >= wanted:
        return 3
    return 4 if use >= wanted else 0


def healthy_without_a_look_at_training(training, rival, validation, use, wanted):
    if validation <= wanted and use <= wanted:
        return 0
    if training > wanted:
        return 2 if rival < training / 2 else 1
    return 3 if validation > wanted else 4


def use_before_validation(training, rival, validation, use, wanted):
    if training > wanted:
        return 2 if rival < training / 2 else 1
    if use > wanted:
        return 4
    return 3 if validation > wanted else 0


def never_a_mismatch(training, rival, validation, use, wanted):
    if training > wanted:
        return 2 if rival < training / 2 else 1
    return 3 if max(validation, use) > wanted else 0


def stop(losses, patience, *, keep_first=True, limit=None):
    best, kept, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best or (not keep_first and loss <= best):
            best, kept, waited = loss, epoch, 0
        else:
            waited += 1
        if waited > patience or (limit and epoch >= limit):
            break
    return epoch, kept


def stop_at_a_run_of_rises(losses, patience):
    rises = 0
    for epoch in range(2, len(losses) + 1):
        rises = rises + 1 if losses[epoch - 1] > losses[epoch - 2] else 0
        if rises == patience:
            return epoch, epoch - patience
    return len(losses), len(losses)


def stop_and_keep_the_best_of_all(losses, patience):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return epoch, np.argmin(losses) + 1


WRONG = {
    "mean_squared_error": (3.0, 25 / 3, 1.25, -5 / 3, 1.6),
    "count_updates": (25, 19, 80, 12.8, 100),
    "prepare": (
        prepared_by(lambda part, known: (part - np.median(known, axis=0)) / known.std(axis=0)),
        prepared_by(lambda part, known: (known.mean(axis=0) - part) / known.std(axis=0)),
        prepared_by(lambda part, known: (part - known.mean(axis=0)) / known.max(axis=0)),
        prepared_by(lambda part, known: (part - known.min(axis=0)) / np.ptp(known, axis=0)),
        prepared_by(lambda part, known: (part - known.mean(axis=0)) / known.std()),
        prepared_with_deviations_of_all,
        prepared_from_all_that_is_not_test,
        prepared_with_the_test_part_first,
        prepared_with_a_sample_lost,
    ),
    "one_epoch": (
        epoch_that_ends_with_all_samples,
        epoch_with_gradient_before_the_loop,
        epoch_that_returns_in_the_loop,
        epoch_with_a_last_batch_of_its_own_weight,
        epoch_that_fills_the_last_batch,
        epoch_by_numbers_of_batches,
    ),
    "project_faults": (
        (1, 3, 5),
        (3, 4, 8),
        (2, 5, 8),
        (3, 5, 8, 10),
        (3, 5, 6),
        (4, 5),
        (8, 5, 3),
        (3, 5, 8, 7),
    ),
    # -- 01
    "gradient_step": (
        step_of_the_first_entry,
        lambda w, gradient, lr: lr * (w - gradient),
        lambda w, gradient, lr: w * (1 - lr * gradient),
        lambda w, gradient, lr: w - lr * np.mean(gradient),
        lambda w, gradient, lr: w - lr * np.abs(gradient),
        lambda w, gradient, lr: w - lr * gradient**2,
        lambda w, gradient, lr: w - lr,
    ),
    "rate_limit": (
        lambda X: 2 / curvatures(X)[1],
        lambda X: 2 / np.linalg.norm(X, axis=0).max(),
        lambda X: 2 / np.linalg.norm(2 / len(X) * X.T @ X),
        lambda X: 2 / np.mean(curvatures(X)),
        lambda X: 2 / np.max(X) ** 2,
        lambda X: 2 / np.linalg.eigvalsh(np.cov(X.T)).max(),
        lambda X: 2 * curvatures(X)[-1],
        lambda X: 2 / np.linalg.eigvalsh(2 / X.shape[1] * X.T @ X).max(),
    ),
    "updates_per_epoch": (
        one_more_if_more_than_half,
        one_more_unless_they_are_equal,
        lambda n, batch_size: max(1, n // batch_size),
        lambda n, batch_size: n // batch_size + n % batch_size,
        lambda n, batch_size: math.ceil(batch_size / n),
        lambda n, batch_size: math.ceil(n / (batch_size + 1)),
        lambda n, batch_size: n % batch_size,
    ),
    "linear_regression": (
        regression_sample_by_sample,
        regression_with_a_loss_of_every_update,
        lambda *a: regression(*a, start=1.0),
        lambda *a: regression(*a, error_of=np.sign),
        lambda *a: regression(*a, error_of=np.abs),
        lambda *a: regression(*a, decay=0.9),
        lambda *a: regression(*a, rows=lambda order: order[::-1]),
        lambda *a: regression(*a, loss=lambda error: np.mean(np.abs(error))),
        lambda *a: regression(*a, loss=lambda error: np.sqrt(np.mean(error**2))),
        lambda *a: regression(*a, loss=lambda error: np.mean(error**2) / 2),
    ),
    "halving_descent": (
        halving_once_and_for_all,
        halving_and_trying_at_once,
        lambda *a: halving(*a, start=1.0),
        lambda *a: halving(*a, worse=lambda trial, loss: trial >= loss),
        lambda *a: halving(*a, worse=lambda trial, loss: trial < loss),
        lambda *a: halving(*a, shrink=lambda lr: 0.9 * lr),
        lambda *a: halving(*a, shrink=lambda lr: lr - 0.01),
        lambda X, y, lr, steps: halving(X, y, lr, steps + 1),
    ),
    "fit_line": (
        fit_until_it_stands_still,
        lambda x, y, lr, steps: fit(x, y, lr, steps + 1),
        lambda x, y, lr, steps: fit(x, y, lr, steps - 1),
        lambda x, y, lr, steps: fit(x, y, lr, steps, start=1.0),
        lambda x, y, lr, steps: fit(x, y, lr, steps, error_of=np.sign),
        lambda x, y, lr, steps: fit(x, y, lr, steps, error_of=np.abs),
        lambda x, y, lr, steps: fit(x, y, lr, steps, b_scale=len(x)),
        lambda x, y, lr, steps: fit(x, y, lr, steps, decay=0.9),
    ),
    # -- 02
    "logistic_regression": (
        lambda X, y, lr, steps: logistic(X, y, lr, steps + 1),
        lambda X, y, lr, steps: logistic(X, y, lr, steps, start=1.0),
        lambda X, y, lr, steps: logistic(X, y, lr, steps, p_of=np.tanh),
        lambda X, y, lr, steps: logistic(X, y, lr, steps, p_of=lambda z: sigmoid(z) > 0.5),
        lambda X, y, lr, steps: logistic(X, y, lr, steps, b_share=1.0),
        lambda X, y, lr, steps: logistic(X, y, lr, steps)[::-1],
    ),
    "one_hot": (
        lambda labels, n_classes: np.eye(len(np.unique(labels)))[labels % len(np.unique(labels))],
        lambda labels, n_classes: np.eye(n_classes)[np.unique(labels, return_inverse=True)[1]],
        lambda labels, n_classes: np.eye(n_classes)[np.sort(labels)],
        lambda labels, n_classes: np.eye(n_classes)[::-1][labels],
        lambda labels, n_classes: np.bincount(labels, minlength=n_classes),
    ),
    "stable_softmax": (
        lambda z: np.exp(z - z[:, -1:]) / np.exp(z - z[:, -1:]).sum(axis=1, keepdims=True),
        lambda z: np.exp(z - 1000) / np.exp(z - 1000).sum(axis=1, keepdims=True),
        lambda z: np.exp(np.clip(z, -500, 500)) / np.exp(np.clip(z, -500, 500)).sum(axis=1, keepdims=True),
        lambda z: np.nan_to_num(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)),
        lambda z: (
            np.exp(z - np.abs(z).max(axis=1, keepdims=True))
            / np.exp(z - np.abs(z).max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        ),
    ),
    "untrained_loss": (2.0, 2.31, 2.2, 4.61, 1 - math.log(10)),
    "mean_cross_entropy": (
        lambda z, labels: -np.mean(np.log(sigmoid(z))[np.arange(len(labels)), labels]),
        lambda z, labels: np.mean(np.logaddexp.reduce(z, axis=1) - z.max(axis=1)),
        lambda z, labels: np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), np.sort(labels)]),
        lambda z, labels: np.logaddexp.reduce(z, axis=1).mean(),
        lambda z, labels: np.mean(
            np.minimum(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), labels], 27.6)
        ),
    ),
    "softmax_regression": (
        lambda *a: softmax_fit(*a, start=0.1),
        lambda *a: softmax_fit(*a, decay=0.9),
        lambda *a: softmax_fit(*a, p_of=sigmoid),
        lambda *a: softmax_fit(*a, b_mean=True),
        lambda *a: softmax_fit(*a, backwards=True),
        lambda *a: softmax_fit(*a)[:1],
    ),
    "mended_loss": (
        lambda z, labels: (stable_loss(z, labels), stable_gradient(z, labels) * (labels > 0)[:, None]),
        lambda z, labels: (stable_loss(z, labels), -stable_gradient(z, labels)),
        lambda z, labels: (stable_loss(z, labels) * len(z), stable_gradient(z, labels)),
        lambda z, labels: (min(stable_loss(z, labels), 100.0), stable_gradient(z, labels)),
        lambda z, labels: (stable_loss(z, labels), stable_gradient(z, labels) / z.shape[1]),
    ),
    # -- 03
    "merged_bias": (
        lambda b1, W2, b2: (b1 @ W2) * b2,
        lambda b1, W2, b2: b1 @ W2 + b1 + b2,
        lambda b1, W2, b2: b1.sum() + b2,
        lambda b1, W2, b2: W2.sum(axis=0) * b1 + b2,
    ),
    "sigmoid_slope": (
        lambda z: np.exp(-z) / (1 + np.exp(-z) ** 2),
        lambda z: sigmoid(z) * (1 + sigmoid(z)),
        lambda z: sigmoid(z) * (1 - z),
        lambda z: sigmoid(z) - sigmoid(z**2),
    ),
    "tanh_slope": (
        lambda z: 1 - np.tanh(z**2),
        lambda z: (1 - np.tanh(z)) ** 2,
        lambda z: 4 * sigmoid(z) * (1 - sigmoid(z)),
        lambda z: 1 / np.cosh(z**2),
    ),
    "leaky_slope": (
        lambda z, alpha: np.where(z > alpha, 1.0, alpha),
        lambda z, alpha: np.where(z > -alpha, 1.0, alpha),
        lambda z, alpha: np.where(z > 0, 1.0, 1 - alpha),
        lambda z, alpha: np.where(z > 0, 1.0, 0.1),
        lambda z, alpha: np.where(z > 0, 1.0, -alpha * z),
    ),
    "elu_slope": (
        lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(z) - 1),
        lambda z, alpha: np.where(z > 0, 1.0, np.exp(alpha * z)),
        lambda z, alpha: np.where(z > 0, 1.0, alpha + np.exp(z)),
        lambda z, alpha: np.where(z > 0, 1.0, alpha * z * np.exp(z)),
        lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(z - 1)),
    ),
    "stable_softplus": (
        lambda z: np.where(z > 5, z, np.log1p(np.exp(z))),
        lambda z: np.maximum(z, 0) + np.exp(-np.abs(z)),
        lambda z: np.nan_to_num(np.log(1 + np.exp(z))),
        lambda z: np.log(1 + np.exp(np.minimum(z, 700))),
        lambda z: np.abs(z) + np.log1p(np.exp(-np.abs(z))),
    ),
    "gelu_tanh": (
        lambda z: 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
        lambda z: 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (1 + 0.044715 * z**3))),
        lambda z: 0.5 * z * (1 + np.tanh(np.sqrt(2) / np.pi * (z + 0.044715 * z**3))),
        lambda z: 0.5 * z + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)),
    ),
    "activation_backward": (
        lambda da, z: da * (1 - np.tanh(z)) ** 2,
        lambda da, z: da - np.tanh(z) ** 2,
        lambda da, z: da * (1 - np.tanh(z) ** 2).mean(),
        lambda da, z: da * (1 - np.tanh(z) ** 2).mean(axis=0),
    ),
    "relu_bends": (
        lambda nodes, y: np.diff(np.diff(y) / np.diff(nodes), append=0.0),
        lambda nodes, y: np.cumsum(np.diff(y) / np.diff(nodes)),
        lambda nodes, y: np.diff(np.diff(y) / np.diff(nodes), prepend=0.0) / np.diff(nodes),
        lambda nodes, y: np.diff(y) / nodes[1:],
    ),
    # -- 04
    "weight_gradient": (
        lambda x, z, U: np.outer(x, U * (1 - np.tanh(z))),
        lambda x, z, U: np.outer(x, U) * slope(z).mean(),
        lambda x, z, U: np.outer(x, U + slope(z)),
        lambda x, z, U: np.outer(np.tanh(x), U * slope(z)),
        lambda x, z, U: np.outer(x, U * slope(z)).sum(axis=0),
    ),
    "delta_step": (
        lambda delta, W, z: slope(z) * (delta @ W.T) / len(delta),
        lambda delta, W, z: (1 - np.tanh(z)) * (delta @ W.T),
        lambda delta, W, z: slope(delta) * (delta @ W.T),
        lambda delta, W, z: slope(z) * (delta @ np.linalg.inv(W)),
        lambda delta, W, z: slope(z) * (delta @ W.T).mean(axis=0),
    ),
    "batch_gradient": (
        lambda a, delta: a.T @ delta / (len(a) - 1),
        lambda a, delta: a.T @ delta / a.shape[1],
        lambda a, delta: np.outer(a.sum(axis=0), delta.mean(axis=0)),
        lambda a, delta: np.outer(a[0], delta[0]),
        lambda a, delta: a.T @ delta / len(a) ** 2,
    ),
    "bias_gradient": (
        lambda delta: delta.sum(axis=0) / delta.shape[1],
        lambda delta: delta.sum(axis=0, keepdims=True),
        lambda delta: delta.max(axis=0),
        lambda delta: np.abs(delta).sum(axis=0),
        lambda delta: delta[-1],
    ),
    "paths_add": (
        lambda x, y: np.array([2 * x + y, y]),
        lambda x, y: np.array([y, x]),
        lambda x, y: np.array([2 * x, x]),
        lambda x, y: np.array([2 * x + y, 1]),
        lambda x, y: np.array([3 * x + y, x]),
    ),
    "central_slope": (
        lambda x, h: np.sin((x + h) - (x - h)) / (2 * h),
        lambda x, h: (np.sin(x + h) - 2 * np.sin(x) + np.sin(x - h)) / h**2,
        lambda x, h: (np.sin(x + h) + np.sin(x - h)) / (2 * h),
        lambda x, h: (np.sin(x + 0.01) - np.sin(x - 0.01)) / 0.02,
    ),
    # -- 05
    "logistic_start": (
        lambda x, y: x.T @ (1 - y) / len(x),
        lambda x, y: x.mean(axis=0) * (0.5 - y).mean(),
        lambda x, y: x.T @ (0.5 - y.mean() * np.ones(len(y))) / len(x),
        lambda x, y: x.T @ (0.5 - (2 * y - 1)) / len(x),
        lambda x, y: np.mean(0.5 - y),
    ),
    "signal_size": (
        lambda std, n, depth: (std * math.sqrt(n)) ** (depth - 1),
        lambda std, n, depth: std * math.sqrt(n * depth),
        lambda std, n, depth: std * math.sqrt(n) ** depth,
        lambda std, n, depth: (std * math.sqrt(n / 2)) ** depth,
        lambda std, n, depth: (std * math.sqrt(n)) ** (depth / 2),
    ),
    "uniform_bound": (
        lambda variance: math.sqrt(2 * variance),
        lambda variance: -math.sqrt(3 * variance),
        lambda variance: math.sqrt(3) / variance,
        lambda variance: 2 * math.sqrt(variance),
        lambda variance: math.sqrt(variance**3),
    ),
    "xavier_bound": (
        lambda n_in, n_out: math.sqrt(6 / n_in + n_out),
        lambda n_in, n_out: math.sqrt(12 / (n_in + n_out)),
        lambda n_in, n_out: math.sqrt(1 / (n_in + n_out)),
        lambda n_in, n_out: math.sqrt(6 / n_in) + math.sqrt(6 / n_out),
        lambda n_in, n_out: math.sqrt(6 / max(n_in, n_out)),
    ),
    "he_std": (
        lambda n_in, n_out: math.sqrt(2 * n_in),
        lambda n_in, n_out: math.sqrt(2 / min(n_in, n_out)),
        lambda n_in, n_out: math.sqrt(2 / max(n_in, n_out)),
        lambda n_in, n_out: math.sqrt(2 / (n_in - 1)),
        lambda n_in, n_out: math.sqrt(n_in / 2),
    ),
    "clip_by_norm": (
        lambda g, limit: g * min(1.0, limit / np.sqrt(np.mean(g**2))),
        lambda g, limit: limit * np.sign(g) if np.linalg.norm(g) > limit else g,
        lambda g, limit: g * (limit / np.linalg.norm(g)) ** 2 if np.linalg.norm(g) > limit else g,
        lambda g, limit: g * limit / np.linalg.norm(g) if np.linalg.norm(g) > 1 else g,
        lambda g, limit: g * min(1.0, limit / abs(g.sum())),
    ),
    "residual_backward": (
        lambda dy, W: dy @ (1 + W.T),
        lambda dy, W: 2 * dy @ W.T,
        lambda dy, W: dy + dy * np.diag(W),
        lambda dy, W: dy + dy @ W @ W.T,
        lambda dy, W: dy + (dy @ W.T).mean(axis=0),
    ),
    # -- 06
    "escape_curvature": (
        lambda H: min(np.min(H), 0),
        lambda H: min(np.trace(H), 0),
        lambda H: max(np.linalg.eigvalsh(H)[0], 0),
        lambda H: np.sum(np.linalg.eigvalsh(H) < 0),
        lambda H: min(np.linalg.eigvalsh(H), key=abs),
        lambda H: min(np.linalg.eigvalsh(H)[1], 0),
        lambda H: np.linalg.eigh(H)[1][:, 0],
        lambda H: -np.max(np.abs(np.linalg.eigvalsh(H))),
    ),
    "newton_step": (
        cauchy_step,
        lambda g, H: -np.linalg.solve(np.abs(H), g),
        lambda g, H: -np.linalg.solve(H + np.eye(len(g)), g),
        lambda g, H: -g / np.linalg.eigvalsh(H),
        lambda g, H: -g / np.linalg.det(H),
        lambda g, H: -np.linalg.inv(H) * g,
        lambda g, H: -np.linalg.solve(H @ H, g),
        lambda g, H: g - np.linalg.solve(H, g),
    ),
    "momentum_update": (
        lambda w, v, g, lr, beta: (w - lr * v + g, beta * v + g),
        lambda w, v, g, lr, beta: (w - lr * beta * (v + g), beta * (v + g)),
        lambda w, v, g, lr, beta: (w - lr * (v + beta * g), v + beta * g),
        lambda w, v, g, lr, beta: (w - lr * (v + g), v + g),
        lambda w, v, g, lr, beta: (w - lr * beta * v, beta * v + g),
        lambda w, v, g, lr, beta: (w - lr * (beta * v - g), beta * v - g),
        lambda w, v, g, lr, beta: (w - lr * ((1 - beta) * v + beta * g), (1 - beta) * v + beta * g),
        lambda w, v, g, lr, beta: (w - lr * g, beta * v + g),
    ),
    "best_settings": (
        lambda low, high: (
            4 / (np.sqrt(low) + np.sqrt(high)),
            ((np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))) ** 2,
        ),
        lambda low, high: (
            (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
            ((high - low) / (high + low)) ** 2,
        ),
        lambda low, high: ((2 / np.sqrt(low + high)) ** 2, ((high - low) / (high + low))),
        lambda low, high: ((2 / (np.sqrt(low) + np.sqrt(high))) ** 2, 1 - np.sqrt(low / high)),
        lambda low, high: (2 / high, 0.9),
        lambda low, high: (
            (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
            1 - np.sqrt(low) * (2 / (np.sqrt(low) + np.sqrt(high))) ** 2,
        ),
    ),
    "adagrad_update": (
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s) + np.sqrt(g**2) + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / np.sqrt(s + g**2) + eps, s + g**2),
        lambda w, s, g, lr, eps: (w - g / (np.sqrt(s + g**2) + eps), s + g**2),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2) + eps), np.sqrt(s + g**2)),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + g**2 + eps) + eps), s + g**2 + eps),
        lambda w, s, g, lr, eps: (w - lr * g / (np.sqrt(s + np.abs(g)) + eps), s + np.abs(g)),
        lambda w, s, g, lr, eps: (w - lr * g**2 / (np.sqrt(s + g**2) + eps), s + g**2),
        lambda w, s, g, lr, eps: (
            w - lr * g / (np.sqrt(0.9 * s + 0.1 * g**2) + eps),
            0.9 * s + 0.1 * g**2,
        ),
    ),
    "adam_update": (
        adam_corrected_after_the_root,
        nadam,
        lambda *a: adam(*a, m_of=lambda m, g, b1: b1 * m + g),
        lambda *a: adam(*a, v_of=lambda v, g, b2: b2 * v + g**2),
        lambda *a: adam(*a, m_of=lambda m, g, b1: (1 - b1) * m + b1 * g),
        lambda *a: adam(*a, v_of=lambda v, g, b2: np.maximum(v, b2 * v + (1 - b2) * g**2)),
        lambda *a: adam(*a, v_of=lambda v, g, b2: b2 * v + (1 - b2) * np.sum(g**2)),
        lambda *a: adam(*a, step=lambda m_hat, v_hat, eps: m_hat / np.sqrt(v_hat) + eps),
        lambda *a: adam(*a, step=lambda m_hat, v_hat, eps: m_hat / (np.sqrt(v_hat) * eps)),
        lambda *a: adam(*a, step=lambda m_hat, v_hat, eps: np.sign(m_hat)),
        lambda w, *a: (w, *adam(w, *a)[1:]),
    ),
    "adamw_update": (
        lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / np.sqrt(v_hat) + eps - lr * lam * w,
        lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / np.sqrt(v_hat) - lr * lam * w,
        lambda w, m_hat, v_hat, lr, lam, eps: w - m_hat / (np.sqrt(v_hat) + eps) - lr * lam * w,
        lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * lam * w**2,
        lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * w,
        lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * lam / 2 * w,
        lambda w, m_hat, v_hat, lr, lam, eps: w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * lam,
        lambda w, m_hat, v_hat, lr, lam, eps: w * (1 - lr * lam) + lr * m_hat / (np.sqrt(v_hat) + eps),
    ),
    # -- 07
    "diagnosis": (
        too_high_at_the_boundary,
        healthy_without_a_look_at_training,
        use_before_validation,
        never_a_mismatch,
    ),
    "l2_gradient": (
        lambda params, lam: lam * np.append(params[:-1], 1.0),
        lambda params, lam: lam * np.append(0.0, params[1:]),
        lambda params, lam: lam * np.append(params[:-1] ** 2, 0.0),
        lambda params, lam: lam * np.append(np.abs(params[:-1]), 0.0),
        lambda params, lam: lam * np.append(params[:-1], params[-1] / 2),
        lambda params, lam: lam * np.append(params[:-1], 0.0) / len(params),
    ),
    "ridge_weights": (
        lambda X, y, lam: np.linalg.solve(X.T @ X, X.T @ y) / (1 + lam),
        lambda X, y, lam: np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y) / len(X),
        lambda X, y, lam: np.linalg.solve(X.T @ X + len(X) * np.sqrt(lam) / 2 * np.eye(X.shape[1]), X.T @ y),
        lambda X, y, lam: np.linalg.solve(
            X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y + len(X) * lam / 2
        ),
    ),
    "soft_threshold": (
        lambda w, t: np.where(np.abs(w) > t, w - t, 0),
        lambda w, t: np.where(w > t, w - t, w),
        lambda w, t: np.where(np.abs(w) > t, np.sign(w) * (np.abs(w) - t), w),
        lambda w, t: np.sign(w) * np.maximum(np.abs(w) - t / 2, 0),
        lambda w, t: np.maximum(np.abs(w - t), 0),
        lambda w, t: np.sign(w) * np.maximum(np.abs(w) - t, t),
    ),
    "dropout_forward": (
        lambda x, u, p: x * (u > p) / (1 - p),
        lambda x, u, p: x * (u >= 1 - p) / (1 - p),
        lambda x, u, p: x * (u >= 0.5) / (1 - p),
        lambda x, u, p: x[u >= p] / (1 - p),
        lambda x, u, p: np.where(u < p, p, x / (1 - p)),
    ),
    "stop_early": (
        stop_at_a_run_of_rises,
        stop_and_keep_the_best_of_all,
        lambda losses, patience: stop(losses, patience - 1, keep_first=False)[:1] * 2,
        lambda losses, patience: stop(losses, 99, limit=patience),
        lambda losses, patience: (np.argmin(losses) + 1 + patience, np.argmin(losses) + 1),
    ),
    "training_fold": (
        lambda order, k, i: np.sort(order[order != i]),
        lambda order, k, i: np.sort(np.delete(order, i)),
        lambda order, k, i: np.sort(np.concatenate([order[: i * k], order[(i + 1) * k :]])),
        lambda order, k, i: np.sort(order[np.arange(len(order)) % (k + 1) != i]),
        lambda order, k, i: np.sort(order)[::-1][np.arange(len(order)) % k != i],
    ),
    # -- 08
    "batch_noise": (
        lambda sigma, batch_size, n: sigma / math.sqrt(batch_size) * math.sqrt((n - batch_size) / (n + 1)),
        lambda sigma, batch_size, n: sigma / math.sqrt(batch_size - 1) * math.sqrt((n - batch_size) / n),
        lambda sigma, batch_size, n: sigma * math.sqrt((n - batch_size) / (n - 1)),
        lambda sigma, batch_size, n: sigma / math.sqrt(n) * math.sqrt((n - batch_size) / (n - 1)),
        lambda sigma, batch_size, n: sigma / math.sqrt(batch_size) * math.sqrt(1 - batch_size / (n - 1)),
        lambda sigma, batch_size, n: sigma / math.sqrt(batch_size * (n - batch_size) / (n - 1)),
    ),
    "updates_in_all": (
        lambda n, batch_size, epochs, accumulate: epochs * math.ceil(n / batch_size) / accumulate,
        lambda n, batch_size, epochs, accumulate: epochs * round(n / (batch_size * accumulate)),
        lambda n, batch_size, epochs, accumulate: math.ceil(math.ceil(n / batch_size) * epochs / accumulate),
        lambda n, batch_size, epochs, accumulate: epochs * max(1, n // (batch_size * accumulate)),
    ),
    "accumulate": (
        lambda grads, sizes: sum(size * g for g, size in zip(grads, sizes)) / (sizes[0] * len(sizes)),
        lambda grads, sizes: sum(g / size for g, size in zip(grads, sizes)),
        lambda grads, sizes: sum(g / size for g, size in zip(grads, sizes)) / len(grads),
        lambda grads, sizes: sum(size * g for g, size in zip(grads, sorted(sizes))) / sum(sizes),
        lambda grads, sizes: np.mean([size * g for g, size in zip(grads, sizes)]) / sum(sizes),
        lambda grads, sizes: sum(grads) / sum(sizes),
    ),
    "scaled_rate": (
        lambda lr, batch_size, new_batch_size, lr_limit: new_batch_size / batch_size,
        lambda lr, batch_size, new_batch_size, lr_limit: (
            lr * new_batch_size / batch_size if lr * new_batch_size / batch_size < lr_limit else lr
        ),
        lambda lr, batch_size, new_batch_size, lr_limit: min(
            lr * (new_batch_size - batch_size) / batch_size, lr_limit
        ),
        lambda lr, batch_size, new_batch_size, lr_limit: min(lr * (new_batch_size // batch_size), lr_limit),
        lambda lr, batch_size, new_batch_size, lr_limit: min(lr * new_batch_size / batch_size, 1.0),
    ),
    "cosine_annealing": (
        lambda t, n_updates, lr, lr_min: lr_min + (lr - lr_min) * (1 - t / n_updates),
        lambda t, n_updates, lr, lr_min: (
            lr_min + (lr - lr_min) * (1 + math.cos(math.pi * t / n_updates)) ** 2 / 4
        ),
        lambda t, n_updates, lr, lr_min: lr + (lr - lr_min) * (1 + math.cos(math.pi * t / n_updates)) / 2,
        lambda t, n_updates, lr, lr_min: (
            lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(t, n_updates - 1) / n_updates)) / 2
        ),
        lambda t, n_updates, lr, lr_min: lr_min + (lr + lr_min) * (1 + math.cos(math.pi * t / n_updates)) / 2,
    ),
    "warmup": (
        lambda t, n_updates, lr: min(lr, (t + 1) / n_updates),
        lambda t, n_updates, lr: lr * min(1.0, (t + 2) / n_updates),
        lambda t, n_updates, lr: lr * min(1.0, ((t + 1) / n_updates) ** 2),
        lambda t, n_updates, lr: lr * min(1.0, t / max(1, n_updates - 1)),
        lambda t, n_updates, lr: lr / min(1.0, (t + 1) / n_updates),
    ),
}
