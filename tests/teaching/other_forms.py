"""Right answers in another form than the folded solutions: loops, another algebra, another NumPy function.

A function is called `<exercise>__<form>`; a number, which is right in any form, stands in `NUMBERS`.
"""

import math

import numpy as np

NUMBERS = {
    "mean_squared_error": (5 / 3, 1.67, 1.667, np.float32(5 / 3), np.array([1.0, 0.0, 4.0]).mean()),
    "project_faults": ((3, 5, 8), [3, 5, 8], np.array([3.0, 5.0, 8.0]), sorted({8, 3, 5})),
    "count_updates": (20, 20.0, np.int64(20), 5 * math.ceil(100 / 32)),
    "untrained_loss": (2.3, 2.303, math.log(10), np.float32(2.3026)),
}

# -- 00 --------------------------------------------------------------------------------------------


def prepare__split(X, order, n_validation, n_test):
    n = len(X)
    train, validation, test = np.split(X[order], [n - n_validation - n_test, n - n_test])
    mean, deviation = np.mean(train, 0), np.sqrt(np.var(train, 0))
    return (train - mean) / deviation, (validation - mean) / deviation, (test - mean) / deviation


def prepare__from_the_end(X, order, n_validation, n_test):
    test, rest = order[-n_test:], order[:-n_test]
    train, validation = rest[:-n_validation], rest[-n_validation:]
    X -= X[train].mean(axis=0)
    X /= X[train].std(axis=0)
    return [X[train], X[validation], X[test]]


def one_epoch__while(w, x, y, order, gradient, lr, batch_size):
    left = list(order)
    while left:
        batch, left = left[:batch_size], left[batch_size:]
        w -= lr * gradient(w, x[batch], y[batch])
    return w


def one_epoch__split(w, x, y, order, gradient, lr, batch_size):
    cuts = range(batch_size, len(x), batch_size)
    for x_batch, y_batch in zip(np.split(x[order], cuts), np.split(y[order], cuts)):
        w = w + gradient(w, x_batch, y_batch) * -lr
    return w


# -- 01 --------------------------------------------------------------------------------------------


def gradient_step__entries(w, gradient, lr):
    return np.array([w[i] - lr * gradient[i] for i in range(len(w))])


def gradient_step__in_place(w, gradient, lr):
    w += -lr * gradient
    return w


def rate_limit__singular_values(X):
    return len(X) / np.linalg.norm(X, 2) ** 2


def rate_limit__loops(X):
    n, d = np.shape(X)
    H = np.zeros((d, d))
    for row in X:
        H += 2 * np.outer(row, row) / n
    return min(2 / c for c in np.linalg.eig(H)[0])


def linear_regression__split(X, y, order, lr, batch_size):
    w, losses = np.zeros(X.shape[1]), []
    for row in order:
        for part in np.split(row, range(batch_size, len(row), batch_size)):
            gradient = np.zeros(len(w))
            for i in part:
                gradient += 2 * (X[i] @ w - y[i]) * X[i]
            w -= lr * gradient / len(part)
        losses.append(((X @ w - y) ** 2).sum() / len(y))
    return w, losses


def linear_regression__shuffled_copies(X, y, order, lr, batch_size):
    w, losses, updates = np.zeros(X.shape[1]), np.empty(len(order)), math.ceil(len(X) / batch_size)
    for epoch, row in enumerate(order):
        X_now, y_now = X[row], y[row]
        for k in range(updates):
            a = X_now[k * batch_size : (k + 1) * batch_size]
            e = a @ w - y_now[k * batch_size : (k + 1) * batch_size]
            w = w - lr * 2 * np.mean(a * e[:, None], axis=0)
        losses[epoch] = np.square(X @ w - y).mean()
    return w, losses


def halving_descent__loss_each_time(X, y, lr, steps):
    def loss(w):
        return np.mean((X @ w - y) ** 2)

    w = np.zeros(X.shape[1])
    for _ in range(steps):
        step = lr * 2 * np.mean((X @ w - y)[:, None] * X, axis=0)
        if loss(w - step) <= loss(w):
            w -= step
        else:
            lr /= 2
    return w, lr


def halving_descent__while(X, y, lr, steps):
    w, used = np.zeros(np.shape(X)[1]), 0
    while used < steps:
        used += 1
        trial = w - lr * 2 / len(y) * (X @ w - y) @ X
        if np.sum((X @ trial - y) ** 2) > np.sum((X @ w - y) ** 2):
            lr = 0.5 * lr
            continue
        w = trial
    return [w, lr]


def updates_per_epoch__if(n, batch_size):
    full = n // batch_size
    if n % batch_size > 0:
        full = full + 1
    return full


def updates_per_epoch__minus(n, batch_size):
    return -(-n // batch_size)


def updates_per_epoch__range(n, batch_size):
    return len(range(0, n, batch_size))


def fit_line__sums(x, y, lr, steps):
    w = b = 0.0
    n = len(x)
    for _ in range(steps):
        grad_w = grad_b = 0.0
        for i in range(n):
            error = w * x[i] + b - y[i]
            grad_w += 2 * error * x[i] / n
            grad_b += 2 * error / n
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b


def fit_line__matrix(x, y, lr, steps):
    X = np.stack([x, np.ones(len(x))], axis=1)
    w = np.zeros(2)
    for _ in range(steps):
        w = w - lr * 2 / len(x) * X.T @ (X @ w - y)
    return w


# -- 02 --------------------------------------------------------------------------------------------


def logistic_regression__folded(X, y, lr, steps):
    X1 = np.hstack([X, np.ones((len(X), 1))])
    v, losses = np.zeros(X1.shape[1]), []
    for _ in range(steps):
        z = X1 @ v
        losses.append(float(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))))
        v -= lr / len(y) * X1.T @ ((1 + np.tanh(z / 2)) / 2 - y)
    return v[:-1], v[-1], losses


def logistic_regression__loop(X, y, lr, steps):
    n, d = X.shape
    w, b, losses = np.zeros(d), 0.0, np.zeros(steps)
    for t in range(steps):
        grad_w, grad_b = np.zeros(d), 0.0
        for i in range(n):
            z = X[i] @ w + b
            losses[t] += np.logaddexp(0, -z if y[i] == 1 else z) / n
            error = 1 / (1 + np.exp(-z)) - y[i]
            grad_w += error * X[i] / n
            grad_b += error / n
        w, b = w - lr * grad_w, b - lr * grad_b
    return w, b, losses


def one_hot__loop(labels, n_classes):
    rows = np.zeros((len(labels), n_classes))
    for i, label in enumerate(labels):
        rows[i, label] = 1
    return rows


def one_hot__compare(labels, n_classes):
    return labels[:, None] == np.arange(n_classes)


def one_hot__fancy(labels, n_classes):
    rows = np.zeros((labels.size, n_classes), dtype=int)
    rows[np.arange(labels.size), labels] = 1
    return rows


def stable_softmax__rows(z):
    rows = []
    for row in z:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)


def stable_softmax__log(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])


def mean_cross_entropy__loop(z, labels):
    total = 0.0
    for row, label in zip(z, labels):
        m = row.max()
        total += m + np.log(np.sum(np.exp(row - m))) - row[label]
    return total / len(z)


def mean_cross_entropy__logaddexp(z, labels):
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[range(len(z)), labels])


def mean_cross_entropy__one_hot(z, labels):
    m = z.max(1)[:, None]
    log_p = z - m - np.log(np.exp(z - m).sum(1))[:, None]
    return -(np.eye(z.shape[1])[labels] * log_p).sum() / len(labels)


def softmax_regression__folded(X, labels, n_classes, lr, order, batch_size):
    V = np.zeros((X.shape[1] + 1, n_classes))
    for epoch in order:
        for batch in np.split(epoch, range(batch_size, len(epoch), batch_size)):
            x = np.append(X[batch], np.ones((len(batch), 1)), axis=1)
            z = x @ V
            delta = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
            delta[range(len(batch)), labels[batch]] -= 1
            V -= lr * x.T @ delta / len(batch)
    return V[:-1], V[-1]


def softmax_regression__samples(X, labels, n_classes, lr, order, batch_size):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for epoch in order:
        for start in range(0, len(epoch), batch_size):
            batch = epoch[start : start + batch_size]
            grad_W, grad_b = np.zeros_like(W), np.zeros_like(b)
            for i in batch:
                z = X[i] @ W + b
                delta = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
                delta[labels[i]] -= 1
                grad_W += np.outer(X[i], delta) / len(batch)
                grad_b += delta / len(batch)
            W -= lr * grad_W
            b -= lr * grad_b
    return W, b


def mended_loss__rows(z, labels):
    loss, gradient = 0.0, np.zeros(z.shape)
    for i, label in enumerate(labels):
        lse = np.logaddexp.reduce(z[i])
        loss += (lse - z[i, label]) / len(z)
        gradient[i] = np.exp(z[i] - lse) / len(z)
        gradient[i, label] -= 1 / len(z)
    return loss, gradient


def mended_loss__log(z, labels):
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    Y = labels[:, None] == np.arange(z.shape[1])
    return -(log_p * Y).sum() / len(z), (np.exp(log_p) - Y) / len(z)


# -- 03 --------------------------------------------------------------------------------------------


def merged_bias__sums(b1, W2, b2):
    return np.array([sum(b1[i] * W2[i, j] for i in range(len(b1))) + b2[j] for j in range(len(b2))])


def merged_bias__einsum(b1, W2, b2):
    return np.einsum("i,ij->j", b1, W2) + b2


def sigmoid_slope__quotient(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def sigmoid_slope__tanh(z):
    return (1 - np.tanh(z / 2) ** 2) / 4


def tanh_slope__cosh(z):
    return 1 / np.cosh(z) ** 2


def tanh_slope__product(z):
    a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return (1 + a) * (1 - a)


def leaky_slope__sum(z, alpha):
    return (z > 0) + alpha * (z < 0)


def leaky_slope__fill(z, alpha):
    slope = np.ones(len(z))
    slope[z < 0] = alpha
    return slope


def elu_slope__value(z, alpha):
    return np.where(z <= 0, alpha * (np.exp(z) - 1) + alpha, 1)


def elu_slope__loop(z, alpha):
    return [1.0 if v > 0 else alpha * math.exp(v) for v in z]


def stable_softplus__logaddexp(z):
    return np.logaddexp(0, z)


def stable_softplus__log(z):
    m = np.maximum(0, z)
    return m + np.log(np.exp(-m) + np.exp(z - m))


def stable_softplus__where(z):
    return np.where(z > 0, z, 0) + np.log(1 + np.exp(-abs(z)))


def gelu_tanh__sigmoid(z):
    return z / (1 + np.exp(-2 * np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


def gelu_tanh__factored(z):
    inner = math.sqrt(2 / math.pi) * z * (1 + 0.044715 * z * z)
    return z / 2 * (1 + np.tanh(inner))


def activation_backward__cosh(da, z):
    return da / np.cosh(z) ** 2


def activation_backward__in_place(da, z):
    a = np.tanh(z)
    da *= 1 - a * a
    return da


def relu_bends__loop(nodes, y):
    bends, before = [], 0.0
    for i in range(1, len(nodes)):
        slope = (y[i] - y[i - 1]) / (nodes[i] - nodes[i - 1])
        bends.append(slope - before)
        before = slope
    return bends


def relu_bends__concatenate(nodes, y):
    s = (y[1:] - y[:-1]) / (nodes[1:] - nodes[:-1])
    return s - np.concatenate([[0.0], s[:-1]])


# -- 04 --------------------------------------------------------------------------------------------


def weight_gradient__loop(x, z, U):
    G = np.zeros((len(x), len(z)))
    for i in range(len(x)):
        for j in range(len(z)):
            G[i, j] = U[j] * (1 - np.tanh(z[j]) ** 2) * x[i]
    return G


def weight_gradient__broadcast(x, z, U):
    return x[:, None] * U / np.cosh(z) ** 2


def delta_step__loop(delta, W, z):
    back = np.zeros(z.shape)
    for n in range(len(delta)):
        for i in range(W.shape[0]):
            back[n, i] = (1 - np.tanh(z[n, i]) ** 2) * sum(delta[n] * W[i])
    return back


def delta_step__einsum(delta, W, z):
    a = np.tanh(z)
    return np.einsum("mj,ij->mi", delta, W) * (1 + a) * (1 - a)


def batch_gradient__loop(a, delta):
    m = len(a)
    total = np.zeros((a.shape[1], delta.shape[1]))
    for i in range(m):
        total += np.outer(a[i], delta[i])
    return total / m


def batch_gradient__mean(a, delta):
    return (a[:, :, None] * delta[:, None, :]).mean(axis=0)


def batch_gradient__einsum(a, delta):
    return np.einsum("mi,mj->ij", a, delta) / a.shape[0]


def bias_gradient__builtin(delta):
    return sum(delta)


def bias_gradient__ones(delta):
    return np.ones(len(delta)) @ delta


def paths_add__multiplied(x, y):
    return [2 * x + y, x]


def paths_add__tuple(x, y):
    return (x + y) * 1 + x * 1, x * 1


def central_slope__mean(x, h):
    forward = (np.sin(x + h) - np.sin(x)) / h
    backward = (np.sin(x) - np.sin(x - h)) / h
    return (forward + backward) / 2


def central_slope__closed(x, h):
    return math.cos(x) * math.sin(h) / h


# -- 05 --------------------------------------------------------------------------------------------


def logistic_start__loop(x, y):
    g = np.zeros(x.shape[1])
    for row, label in zip(x, y):
        g += (0.5 - label) * row / len(x)
    return g


def logistic_start__mean(x, y):
    w = np.zeros(x.shape[1])
    p = 1 / (1 + np.exp(-x @ w))
    return np.mean((p - y)[:, None] * x, axis=0)


def signal_size__loop(std, n, depth):
    size = 1.0
    for _ in range(depth):
        size = size * std * n**0.5
    return size


def signal_size__square(std, n, depth):
    return math.sqrt((n * std**2) ** depth)


def uniform_bound__factors(variance):
    return math.sqrt(3) * math.sqrt(variance)


def uniform_bound__width(variance):
    return np.sqrt(12 * variance) / 2


def xavier_bound__variance(n_in, n_out):
    variance = 2 / (n_in + n_out)
    return (3 * variance) ** 0.5


def xavier_bound__factors(n_in, n_out):
    return math.sqrt(6) / math.sqrt(n_in + n_out)


def he_std__power(n_in, n_out):
    return (n_in / 2) ** -0.5


def he_std__factors(n_in, n_out):
    return math.sqrt(2) / math.sqrt(n_in)


def clip_by_norm__if(g, limit):
    norm = np.sqrt((g**2).sum())
    if norm > limit:
        g = g * limit / norm
    return g


def clip_by_norm__in_place(g, limit):
    g /= max(1.0, math.sqrt(g @ g) / limit)
    return g


def residual_backward__matrix(dy, W):
    return dy @ (np.eye(len(W)) + W).T


def residual_backward__einsum(dy, W):
    return np.einsum("nj,ij->ni", dy, W) + dy


# -- 06 --------------------------------------------------------------------------------------------


def escape_curvature__if(H):
    values, _ = np.linalg.eigh(H)
    lowest = values.min()
    return lowest if lowest < 0 else 0


def escape_curvature__negative_ones(H):
    values = np.linalg.eigvals(H)
    return min([value for value in values if value < 0], default=0.0)


def newton_step__inverse(g, H):
    return -np.linalg.inv(H) @ g


def newton_step__eigenvectors(g, H):
    values, Q = np.linalg.eigh(H)
    return -(Q @ ((Q.T @ g) / values))


def momentum_update__in_place(w, v, g, lr, beta):
    v *= beta
    v += g
    w -= lr * v
    return w, v


def momentum_update__spelled_out(w, v, g, lr, beta):
    return w - lr * beta * v - lr * g, g + v * beta


def best_settings__beta_first(low, high):
    root = (high**0.5 - low**0.5) / (high**0.5 + low**0.5)
    return (1 + root) ** 2 / high, root**2


def best_settings__condition_number(low, high):
    kappa = math.sqrt(high / low)
    return 4 / (low * (1 + kappa) ** 2), ((kappa - 1) / (kappa + 1)) ** 2


def adagrad_update__in_place(w, s, g, lr, eps):
    s += g * g
    w -= lr / (s**0.5 + eps) * g
    return w, s


def adagrad_update__entries(w, s, g, lr, eps):
    new_w, new_s = [], []
    for i in range(len(w)):
        new_s.append(s[i] + g[i] ** 2)
        new_w.append(w[i] - lr * g[i] / (math.sqrt(new_s[i]) + eps))
    return new_w, new_s


def adam_update__scaled(w, m, v, g, t, lr, b1, b2, eps):
    m = m + (1 - b1) * (g - m)
    v = v + (1 - b2) * (g * g - v)
    rate = lr / (1 - b1**t)
    root = np.sqrt(v) / np.sqrt(1 - b2**t)
    return w - rate * m / (root + eps), m, v


def adam_update__in_place(w, m, v, g, t, lr, b1, b2, eps):
    m *= b1
    m += (1 - b1) * g
    v *= b2
    v += (1 - b2) * g**2
    w -= lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return w, m, v


def adamw_update__factor(w, m_hat, v_hat, lr, lam, eps):
    return (1 - lr * lam) * w - lr * m_hat / (np.sqrt(v_hat) + eps)


def adamw_update__in_place(w, m_hat, v_hat, lr, lam, eps):
    w *= 1 - lr * lam
    w -= lr * (m_hat / (v_hat**0.5 + eps))
    return w


# -- 07 --------------------------------------------------------------------------------------------


def diagnosis__branches(training, rival, validation, use, wanted):
    if training > wanted and rival < 0.5 * training:
        return 2
    elif training > wanted:
        return 1
    elif validation > wanted:
        return 3
    elif use > wanted:
        return 4
    return 0


def diagnosis__healthy_first(training, rival, validation, use, wanted):
    if training <= wanted and validation <= wanted and use <= wanted:
        return 0
    if training <= wanted and validation <= wanted:
        return 4
    if training <= wanted:
        return 3
    return 2 if 2 * rival < training else 1


def l2_gradient__mask(params, lam):
    mask = np.ones(len(params))
    mask[-1] = 0
    return lam * params * mask


def l2_gradient__in_place(params, lam):
    params *= lam
    params[-1] = 0
    return params


def soft_threshold__where(w, t):
    return np.where(w > t, w - t, np.where(w < -t, w + t, 0.0))


def soft_threshold__clip(w, t):
    return w - np.clip(w, -t, t)


def ridge_weights__inverse(X, y, lam):
    n, d = X.shape
    return np.linalg.inv(X.T @ X + n * lam / 2 * np.identity(d)) @ X.T @ y


def ridge_weights__mean(X, y, lam):
    n = len(y)
    return np.linalg.solve(2 / n * X.T @ X + lam * np.eye(X.shape[1]), 2 / n * X.T @ y)


def ridge_weights__samples(X, y, lam):
    n = len(X)
    return X.T @ np.linalg.solve(X @ X.T + n * lam / 2 * np.eye(n), y)


def ridge_weights__more_rows(X, y, lam):
    n, d = X.shape
    rows = np.concatenate([X, np.sqrt(n * lam / 2) * np.eye(d)])
    return np.linalg.lstsq(rows, np.concatenate([y, np.zeros(d)]), rcond=None)[0]


def dropout_forward__where(x, u, p):
    return np.where(u < p, 0, x / (1 - p))


def dropout_forward__in_place(x, u, p):
    x[u < p] = 0
    x /= 1 - p
    return x


def stop_early__counter(losses, patience):
    best, kept, waited = losses[0], 1, 0
    for epoch in range(2, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss < best:
            best, kept, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return epoch, kept
    return len(losses), kept


def stop_early__argmin(losses, patience):
    for epoch in range(1, len(losses) + 1):
        kept = int(np.argmin(losses[:epoch])) + 1
        if epoch == kept + patience:
            return epoch, kept
    return len(losses), kept


def training_fold__difference(order, k, i):
    return np.setdiff1d(order, order[i::k])


def training_fold__list(order, k, i):
    return sorted(order[j] for j in range(len(order)) if j % k != i)


def training_fold__delete(order, k, i):
    return np.sort(np.delete(order, np.arange(i, len(order), k)))


# -- 08 --------------------------------------------------------------------------------------------


def batch_noise__one_root(sigma, batch_size, n):
    return math.sqrt(sigma**2 / batch_size * (n - batch_size) / (n - 1))


def batch_noise__powers(sigma, batch_size, n):
    return sigma * batch_size**-0.5 * ((n - batch_size) / (n - 1)) ** 0.5


def updates_in_all__twice(n, batch_size, epochs, accumulate):
    micro = math.ceil(n / batch_size)
    return epochs * math.ceil(micro / accumulate)


def updates_in_all__minus(n, batch_size, epochs, accumulate):
    return -(-n // (accumulate * batch_size)) * epochs


def updates_in_all__loop(n, batch_size, epochs, accumulate):
    updates = 0
    for _ in range(epochs):
        updates += len(range(0, n, batch_size * accumulate))
    return updates


def accumulate__loop(grads, sizes):
    total, n = 0, 0
    for g, size in zip(grads, sizes):
        total = total + g * size
        n += size
    return total / n


def accumulate__average(grads, sizes):
    return np.average(grads, axis=0, weights=sizes)


def accumulate__product(grads, sizes):
    return np.array(sizes) @ np.array(grads) / np.sum(sizes)


def scaled_rate__if(lr, batch_size, new_batch_size, lr_limit):
    rate = lr / batch_size * new_batch_size
    if rate > lr_limit:
        rate = lr_limit
    return rate


def scaled_rate__minimum(lr, batch_size, new_batch_size, lr_limit):
    return np.minimum(lr_limit, lr * (new_batch_size / batch_size))


def cosine_annealing__half_angle(t, n_updates, lr, lr_min):
    return lr_min + (lr - lr_min) * math.cos(math.pi * t / n_updates / 2) ** 2


def cosine_annealing__mixed(t, n_updates, lr, lr_min):
    share = (1 + np.cos(t / n_updates * np.pi)) / 2
    return share * lr + (1 - share) * lr_min


def warmup__if(t, n_updates, lr):
    if t < n_updates:
        return lr * (t + 1) / n_updates
    return lr


def warmup__minimum(t, n_updates, lr):
    return np.minimum(lr, lr / n_updates * (t + 1))
