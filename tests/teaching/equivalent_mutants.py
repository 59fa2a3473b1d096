"""The mutants of the folded solutions that are right answers too: exercise -> why -> the changed lines."""

EQUIVALENT = {
    "prepare": {
        "side by side or one after the other: neither line uses what the other assigns": (
            "deviation = train.std(axis=0); mean = train.mean(axis=0)",
            "mean = train.mean(axis=0); deviation = train.std(axis=0)",
            "moved mean, deviation = (train.mean(axis=0), train.std(axis=0))",
            "moved test = X[order[n_train + n_validation:]]",
            "moved validation = X[order[n_train:n_train + n_validation]]",
        ),
        "a deviation does not feel a shift or a turned sign": (
            "mean, deviation = (train.mean(axis=0), (-train).std(axis=0))",
            "mean, deviation = (train.mean(axis=0), (train + 1).std(axis=0))",
            "mean, deviation = (train.mean(axis=0), (train - 1).std(axis=0))",
        ),
        "both have one entry or row for each sample": ("n_train = len(X) - n_validation - n_test",),
        "numbers of samples and deviations are positive": (
            "n_train = len(order) - abs(n_validation) - n_test",
            "n_train = len(order) - n_validation - abs(n_test)",
            "train = X[order[:abs(n_train)]]",
            "validation = X[order[abs(n_train):n_train + n_validation]]",
            "validation = X[order[n_train:abs(n_train) + n_validation]]",
            "validation = X[order[n_train:n_train + abs(n_validation)]]",
            "test = X[order[abs(n_train) + n_validation:]]",
            "test = X[order[n_train + abs(n_validation):]]",
            "return tuple(((part - mean) / abs(deviation) for part in (train, validation, test)))",
        ),
    },
    "one_epoch": {
        "all have one entry for each sample": (
            "for first in range(0, len(x), batch_size):",
            "for first in range(0, len(y), batch_size):",
        ),
        "numbers of samples are not negative": (
            "batch = order[abs(first):first + batch_size]",
            "batch = order[first:abs(first) + batch_size]",
            "w = w - lr * gradient(w, x[abs(batch)], y[batch])",
            "w = w - lr * gradient(w, x[batch], y[abs(batch)])",
        ),
    },
    "rate_limit": {
        "XXᵀ and XᵀX have the same eigenvalues, besides zeros": ("H = X @ (2 / len(X) * X.T)",),
        "a product is the same in any order": ("H = 2 / len(X) * (X.T @ X)",),
        "H is symmetric": ("return 2 / np.linalg.eigvals(H).max()",),
    },
    "updates_per_epoch": {
        "between two whole numbers the rounding does not change": (
            "return (n + batch_size - 0.5) // batch_size",
        ),
    },
    "linear_regression": {
        "numbers of rows are not negative": (
            "batch = abs(samples)[i:i + batch_size]",
            "error = X[abs(batch)] @ w - y[batch]",
            "error = X[batch] @ w - y[abs(batch)]",
            "w = w - lr * 2 / len(batch) * X[abs(batch)].T @ error",
        ),
        "the transpose of an array with one axis is the array": (
            "error = X[batch] @ w.T - y[batch]",
            "losses.append(np.mean((X @ w.T - y) ** 2))",
            "w = w - lr * 2 / len(batch) * X[batch].T @ error.T",
        ),
        "an order has each sample once": (
            "for i in range(0, len(X), batch_size):",
            "for i in range(0, len(y), batch_size):",
        ),
        "side by side or one after the other: neither line uses what the other assigns": (
            "losses = []; w = np.zeros(X.shape[1])",
            "w = np.zeros(X.shape[1]); losses = []",
        ),
        "(−u)² = |u|² = u²": (
            "losses.append(np.mean((-(X @ w - y)) ** 2))",
            "losses.append(np.mean((y - X @ w) ** 2))",
        ),
        "a list of numbers is as good as an array": ("return (w, losses)",),
        "a product is the same in any order": ("w = w - lr * 2 / len(batch) * (X[batch].T @ error)",),
        "both have one entry or row for each sample": ("w = w - lr * 2 / len(error) * X[batch].T @ error",),
        "−0 is 0": ("w, losses = (-np.zeros(X.shape[1]), [])",),
        "the last axis of a table is axis 1": ("w, losses = (np.zeros(X.shape[-1]), [])",),
    },
    "halving_descent": {
        "−0 is 0": ("w = -np.zeros(X.shape[1])",),
        "the last axis of a table is axis 1": ("w = np.zeros(X.shape[-1])",),
        "the transpose of an array with one axis is the array": (
            "error = X @ w.T - y",
            "trial = w - lr * 2 / len(X) * X.T @ error.T",
            "if np.mean((X @ trial.T - y) ** 2) > np.mean(error ** 2):",
        ),
        "a product is the same in any order": ("trial = w - lr * 2 / len(X) * (X.T @ error)",),
        "(−u)² = |u|² = u²": (
            "if np.mean((y - X @ trial) ** 2) > np.mean(error ** 2):",
            "if np.mean((-(X @ trial - y)) ** 2) > np.mean(error ** 2):",
            "if np.mean((X @ trial - y) ** 2) > np.mean((-error) ** 2):",
            "if np.mean((X @ trial - y) ** 2) > np.mean(abs(error) ** 2):",
        ),
        "a sum is the same in any order": (
            "if np.mean((X @ trial - y) ** 2) > np.mean(np.sort(error) ** 2):",
        ),
        "both have one entry or row for each sample": (
            "trial = w - lr * 2 / len(error) * X.T @ error",
            "trial = w - lr * 2 / len(y) * X.T @ error",
        ),
    },
    "fit_line": {
        "an import may stand below the function that needs it": ("import torch",),
        "side by side or one after the other: neither line uses what the other assigns": (
            "x = torch.tensor(x)[:, None]; y = torch.tensor(y)[:, None]",
            "y = torch.tensor(y)[:, None]; x = torch.tensor(x)[:, None]",
            "moved w, b = (torch.zeros(1, dtype=torch.float64, requires_grad=True) for _ in range(2))",
        ),
        "zero_grad may stand anywhere between step and backward": (
            "moved loss = torch.mean((x * w + b - y) ** 2)",
        ),
        "float32 is exact enough, and PyTorch's own choice": (
            "w, b = (torch.zeros(1, requires_grad=True) for _ in range(2))",
        ),
        "an optimizer treats its parameters alike": ("optimizer = torch.optim.SGD([b, w], lr=lr)",),
        "a tensor with one entry is as good as a number": (
            "return (w, b.item())",
            "return (w.item(), b)",
        ),
        "(−u)² = |u|² = u²": (
            "loss = torch.mean((y - (x * w + b)) ** 2)",
            "loss = torch.mean((-(x * w + b - y)) ** 2)",
        ),
        "a gradient does not feel a shift, and a loss is not negative": (
            "(loss + 1).backward()",
            "(loss - 1).backward()",
            "abs(loss).backward()",
        ),
    },
    "stable_softmax": {
        "both parts of the quotient change their sign": ("e = -np.exp(z - z.max(axis=1, keepdims=True))",),
        "exponentials are positive": (
            "return abs(e) / e.sum(axis=1, keepdims=True)",
            "return e / abs(e).sum(axis=1, keepdims=True)",
        ),
        "the last axis of a table is axis 1": (
            "return e / e.sum(axis=-1, keepdims=True)",
            "e = np.exp(z - z.max(axis=-1, keepdims=True))",
        ),
        "equation (13): any shift is right that leaves no exponent far above 0": (
            "e = np.exp(z + 1 - z.max(axis=1, keepdims=True))",
            "e = np.exp(z - 1 - z.max(axis=1, keepdims=True))",
            "e = np.exp(z - (z + 1).max(axis=1, keepdims=True))",
            "e = np.exp(z - (z - 1).max(axis=1, keepdims=True))",
        ),
        "a sum is the same in any order": ("return e / np.sort(e).sum(axis=1, keepdims=True)",),
        "the largest of a row is the largest in any order": (
            "e = np.exp(z - np.sort(z).max(axis=1, keepdims=True))",
        ),
    },
    "mean_cross_entropy": {
        "equation (13): any shift is right that leaves no exponent far above 0": (
            "z = z + 1 - z.max(axis=1, keepdims=True)",
            "z = z - 1 - z.max(axis=1, keepdims=True)",
            "z = z - (z + 1).max(axis=1, keepdims=True)",
            "z = z - (z - 1).max(axis=1, keepdims=True)",
        ),
        "the last axis of a table is axis 1": (
            "z = z - z.max(axis=-1, keepdims=True)",
            "log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
        ),
        "the largest of a row is the largest in any order": (
            "z = z - np.sort(z).max(axis=1, keepdims=True)",
        ),
        "a sum is the same in any order": (
            "log_p = z - np.log(np.exp(np.sort(z)).sum(axis=1, keepdims=True))",
        ),
        "both have one entry or row for each sample": (
            "return -np.mean(log_p[np.arange(len(log_p)), labels])",
            "return -np.mean(log_p[np.arange(len(z)), labels])",
        ),
    },
    "logistic_regression": {
        "a sum is the same in any order": (
            "b = b - lr * np.mean(np.sort(error))",
            "losses.append(np.mean(np.logaddexp(0, np.sort(z)) - y * z))",
        ),
        "labels and one-hot rows are 0 and 1: |y|, √y, y² and sign(y) are y": (
            "error = 1 / (1 + np.exp(-z)) - abs(y)",
            "error = 1 / (1 + np.exp(-z)) - np.sign(y)",
            "error = 1 / (1 + np.exp(-z)) - np.sqrt(y)",
            "error = 1 / (1 + np.exp(-z)) - np.square(y)",
            "losses.append(np.mean(np.logaddexp(0, z) - abs(y) * z))",
            "losses.append(np.mean(np.logaddexp(0, z) - np.sign(y) * z))",
            "losses.append(np.mean(np.logaddexp(0, z) - np.sqrt(y) * z))",
            "losses.append(np.mean(np.logaddexp(0, z) - np.square(y) * z))",
        ),
        "neither line uses what the other assigns": (
            "losses = []; b = 0.0; w = np.zeros(X.shape[1])",
            "moved b = b - lr * np.mean(error)",
            "moved error = 1 / (1 + np.exp(-z)) - y",
            "w = np.zeros(X.shape[1]); b = 0.0; losses = []",
        ),
        "a list is as good as an array": ("return (w, b, losses)",),
        "a number may be multiplied before or after a product": ("w = w - lr * (X.T @ error) / len(y)",),
        "both have one entry or row for each sample": (
            "w = w - lr * X.T @ error / len(X)",
            "w = w - lr * X.T @ error / len(error)",
            "w = w - lr * X.T @ error / len(z)",
        ),
        "the transpose of an array with one axis is the array": (
            "w = w - lr * X.T @ error.T / len(y)",
            "z = X @ w.T + b",
        ),
        "−0 is 0": ("w, b, losses = (-np.zeros(X.shape[1]), 0.0, [])",),
        "the last axis of a table is axis 1": ("w, b, losses = (np.zeros(X.shape[-1]), 0.0, [])",),
    },
    "softmax_regression": {
        "a number may be multiplied before or after a product": ("W = W - lr * (X[batch].T @ delta)",),
        "indices are not negative": (
            "W = W - lr * X[abs(batch)].T @ delta",
            "batch = epoch[abs(start):start + batch_size]",
            "batch = epoch[start:abs(start) + batch_size]",
            "delta = (e / e.sum(axis=1, keepdims=True) - Y[abs(batch)]) / len(batch)",
            "z = X[abs(batch)] @ W + b",
        ),
        "neither line uses what the other assigns": (
            "W = np.zeros((X.shape[1], n_classes)); b = np.zeros(n_classes)",
            "b = np.zeros(n_classes); W = np.zeros((X.shape[1], n_classes))",
            "moved Y = np.eye(n_classes)[labels]",
            "moved b = b - lr * delta.sum(axis=0)",
        ),
        "−0 is 0": (
            "W, b = (-np.zeros((X.shape[1], n_classes)), np.zeros(n_classes))",
            "W, b = (np.zeros((X.shape[1], n_classes)), -np.zeros(n_classes))",
        ),
        "the last axis of a table is axis 1": (
            "W, b = (np.zeros((X.shape[-1], n_classes)), np.zeros(n_classes))",
            "delta = (e / e.sum(axis=-1, keepdims=True) - Y[batch]) / len(batch)",
            "e = np.exp(z - z.max(axis=-1, keepdims=True))",
        ),
        "a single zero is broadcast to all of them by the first update": (
            "W, b = (np.zeros((X.shape[1], n_classes)), np.zeros(np.sign(n_classes)))",
            "W, b = (np.zeros((X.shape[1], np.sign(n_classes))), np.zeros(n_classes))",
        ),
        "exponentials are positive": (
            "delta = (abs(e) / e.sum(axis=1, keepdims=True) - Y[batch]) / len(batch)",
            "delta = (e / abs(e).sum(axis=1, keepdims=True) - Y[batch]) / len(batch)",
        ),
        "both have one entry or row for each sample": (
            "delta = (e / e.sum(axis=1, keepdims=True) - Y[batch]) / len(e)",
            "delta = (e / e.sum(axis=1, keepdims=True) - Y[batch]) / len(z)",
            "for start in range(0, len(X), batch_size):",
            "for start in range(0, len(Y), batch_size):",
            "for start in range(0, len(labels), batch_size):",
        ),
        "labels and one-hot rows are 0 and 1: |y|, √y, y² and sign(y) are y": (
            "delta = (e / e.sum(axis=1, keepdims=True) - abs(Y)[batch]) / len(batch)",
            "delta = (e / e.sum(axis=1, keepdims=True) - np.sign(Y)[batch]) / len(batch)",
            "delta = (e / e.sum(axis=1, keepdims=True) - np.sqrt(Y)[batch]) / len(batch)",
            "delta = (e / e.sum(axis=1, keepdims=True) - np.square(Y)[batch]) / len(batch)",
        ),
        "a sum is the same in any order": (
            "delta = (e / np.sort(e).sum(axis=1, keepdims=True) - Y[batch]) / len(batch)",
        ),
        "both parts of the quotient change their sign": ("e = -np.exp(z - z.max(axis=1, keepdims=True))",),
        "equation (13): any shift is right that leaves no exponent far above 0": (
            "e = np.exp(z + 1 - z.max(axis=1, keepdims=True))",
            "e = np.exp(z - (z + 1).max(axis=1, keepdims=True))",
            "e = np.exp(z - (z - 1).max(axis=1, keepdims=True))",
            "e = np.exp(z - 1 - z.max(axis=1, keepdims=True))",
            "z = X[batch] @ (W + 1) + b",
            "z = X[batch] @ (W - 1) + b",
            "z = X[batch] @ W + (b + 1)",
            "z = X[batch] @ W + (b - 1)",
        ),
        "the largest of a row is the largest in any order": (
            "e = np.exp(z - np.sort(z).max(axis=1, keepdims=True))",
        ),
        "an empty batch moves nothing": ("for start in range(0, len(epoch) + 1, batch_size):",),
    },
    "mended_loss": {
        "−0 is 0": ("Y = -np.zeros(z.shape)",),
        "both have one entry or row for each sample": (
            "Y = np.zeros(log_p.shape)",
            "return (-np.mean(log_p[np.arange(len(Y)), labels]), (np.exp(log_p) - Y) / len(z))",
            "return (-np.mean(log_p[np.arange(len(labels)), labels]), (np.exp(log_p) - Y) / len(z))",
            "return (-np.mean(log_p[np.arange(len(log_p)), labels]), (np.exp(log_p) - Y) / len(z))",
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - Y) / len(Y))",
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - Y) / len(labels))",
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - Y) / len(log_p))",
        ),
        "indices are not negative": ("Y[i, abs(label)] = 1",),
        "a sum is the same in any order": (
            "log_p = z - np.log(np.exp(np.sort(z)).sum(axis=1, keepdims=True))",
        ),
        "the last axis of a table is axis 1": (
            "log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
            "z = z - z.max(axis=-1, keepdims=True)",
        ),
        "neither line uses what the other assigns": ("moved Y = np.zeros(z.shape)",),
        "labels and one-hot rows are 0 and 1: |y|, √y, y² and sign(y) are y": (
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - abs(Y)) / len(z))",
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - np.sign(Y)) / len(z))",
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - np.sqrt(Y)) / len(z))",
            "return (-np.mean(log_p[np.arange(len(z)), labels]), (np.exp(log_p) - np.square(Y)) / len(z))",
        ),
        "equation (13): any shift is right that leaves no exponent far above 0": (
            "z = z + 1 - z.max(axis=1, keepdims=True)",
            "z = z - (z + 1).max(axis=1, keepdims=True)",
            "z = z - (z - 1).max(axis=1, keepdims=True)",
            "z = z - 1 - z.max(axis=1, keepdims=True)",
        ),
        "the largest of a row is the largest in any order": (
            "z = z - np.sort(z).max(axis=1, keepdims=True)",
        ),
    },
    "merged_bias": {
        "the transpose of an array with one axis is the array": ("return b1.T @ W2 + b2",),
    },
    "sigmoid_slope": {
        "a lies between 0 and 1": (
            "return abs(a) * (1 - a)",
            "return a * (1 - abs(a))",
        ),
        "the slope is the same at z and at −z: σ(−z) = 1 − σ(z)": (
            "a = 1 / (1 + np.exp(z))",
            "a = 1 / (1 + np.exp(--z))",
            "a = 1 / (1 + np.exp(-abs(z)))",
        ),
    },
    "tanh_slope": {
        "(−u)² = |u|² = u²": (
            "return 1 - (-np.tanh(z)) ** 2",
            "return 1 - np.tanh(-z) ** 2",
            "return 1 - np.tanh(abs(z)) ** 2",
        ),
    },
    "leaky_slope": {
        "no entry is 0, as the exercise says": ("return np.where(z >= 0, 1.0, alpha)",),
        "the root and the sign of z are above 0 where z is (nan is above nothing)": (
            "return np.where(np.sqrt(z) > 0, 1.0, alpha)",
            "return np.where(np.sign(z) > 0, 1.0, alpha)",
        ),
    },
    "elu_slope": {
        "no entry is 0, as the exercise says": (
            "return np.where(z >= 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
        ),
        "the root and the sign of z are above 0 where z is (nan is above nothing)": (
            "return np.where(np.sqrt(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
            "return np.where(np.sign(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))",
        ),
        "where z is above 0 the other branch is taken: its exponent does not matter": (
            "return np.where(z > 0, 1.0, alpha * np.exp(z))",
            "return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 1)))",
        ),
    },
    "stable_softplus": {
        "|−z| = |z|": (
            "return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(-z)))",
            "return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(abs(z))))",
        ),
    },
    "activation_backward": {
        "(−u)² = |u|² = u²": (
            "return da * (1 - (-np.tanh(z)) ** 2)",
            "return da * (1 - np.tanh(-z) ** 2)",
            "return da * (1 - np.tanh(abs(z)) ** 2)",
        ),
    },
    "relu_bends": {
        "a difference does not feel a shift": (
            "slopes = np.diff(y + 1) / np.diff(nodes)",
            "slopes = np.diff(y - 1) / np.diff(nodes)",
            "slopes = np.diff(y) / np.diff(nodes + 1)",
            "slopes = np.diff(y) / np.diff(nodes - 1)",
        ),
        "nodes are in order already": ("slopes = np.diff(y) / np.diff(np.sort(nodes))",),
    },
    "weight_gradient": {
        "(−u)² = |u|² = u²": (
            "delta = U * (1 - (-np.tanh(z)) ** 2)",
            "delta = U * (1 - np.tanh(-z) ** 2)",
            "delta = U * (1 - np.tanh(abs(z)) ** 2)",
        ),
    },
    "delta_step": {
        "(−u)² = |u|² = u²": (
            "return (1 - (-np.tanh(z)) ** 2) * (delta @ W.T)",
            "return (1 - np.tanh(-z) ** 2) * (delta @ W.T)",
            "return (1 - np.tanh(abs(z)) ** 2) * (delta @ W.T)",
        ),
    },
    "batch_gradient": {
        "both have one entry or row for each sample": ("return a.T @ delta / len(delta)",),
    },
    "paths_add": {
        "side by side or one after the other: neither line uses what the other assigns": (
            "through_sum = x; through_product = x + y",
            "through_product = x + y; through_sum = x",
        ),
        "a list of numbers is as good as an array": ("return [through_sum + through_product, through_sum]",),
        "through_sum is x": (
            "return np.array([through_sum + through_product, x])",
            "return np.array([x + through_product, through_sum])",
        ),
    },
    "xor_net": {
        "a list of numbers is as good as an array": (
            "my_xor_net = ([[1.0, -1.0], [-1.0, 1.0]], np.zeros(2), np.array([[1.0], [1.0]]), 0.0)",
            "my_xor_net = (np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros(2), [[1.0], [1.0]], 0.0)",
        ),
        "−0 is 0": (
            "my_xor_net = (np.array([[1.0, -1.0], [-1.0, 1.0]]), -np.zeros(2), "
            "np.array([[1.0], [1.0]]), 0.0)",
        ),
        "the two units change places": (
            "my_xor_net = (-np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros(2), "
            "np.array([[1.0], [1.0]]), 0.0)",
            "my_xor_net = (np.array([[-1.0, 1.0], [1.0, -1.0]]), np.zeros(2), np.array([[1.0], [1.0]]), 0.0)",
        ),
        "a unit that is farther below 0 is still silent": (
            "my_xor_net = (np.array([[1.0, -2.0], [-1.0, 1.0]]), np.zeros(2), np.array([[1.0], [1.0]]), 0.0)",
            "my_xor_net = (np.array([[1.0, -1.0], [-2.0, 1.0]]), np.zeros(2), np.array([[1.0], [1.0]]), 0.0)",
        ),
    },
    "logistic_start": {
        "the transpose of an array with one axis is the array": ("return x.T @ (0.5 - y).T / len(x)",),
        "both have one entry or row for each sample": ("return x.T @ (0.5 - y) / len(y)",),
        "labels are 0 and 1: |y|, √y, y² and sign(y) are y": (
            "return x.T @ (0.5 - abs(y)) / len(x)",
            "return x.T @ (0.5 - np.sqrt(y)) / len(x)",
            "return x.T @ (0.5 - np.square(y)) / len(x)",
            "return x.T @ (0.5 - np.sign(y)) / len(x)",
        ),
    },
    "clip_by_norm": {
        "a norm does not ask for signs": (
            "return g * min(1.0, limit / np.linalg.norm(-g))",
            "return g * min(1.0, limit / np.linalg.norm(abs(g)))",
        ),
        "a norm does not ask for the order": ("return g * min(1.0, limit / np.linalg.norm(np.sort(g)))",),
    },
    "best_settings": {
        "total is squared both times": ("total = -(np.sqrt(low) + np.sqrt(high))",),
        "(−u)² = |u|² = u²": (
            "return ((-(2 / total)) ** 2, ((np.sqrt(high) - np.sqrt(low)) / total) ** 2)",
            "return ((2 / total) ** 2, (-((np.sqrt(high) - np.sqrt(low)) / total)) ** 2)",
            "return ((-2 / total) ** 2, ((np.sqrt(high) - np.sqrt(low)) / total) ** 2)",
            "return ((2 / -total) ** 2, ((np.sqrt(high) - np.sqrt(low)) / total) ** 2)",
            "return ((2 / total) ** 2, ((np.sqrt(low) - np.sqrt(high)) / total) ** 2)",
            "return ((2 / total) ** 2, (-(np.sqrt(high) - np.sqrt(low)) / total) ** 2)",
            "return ((2 / total) ** 2, ((np.sqrt(high) - np.sqrt(low)) / -total) ** 2)",
        ),
    },
    "adagrad_update": {
        "(−u)² = |u|² = u²": (
            "s = s + (-g) ** 2",
            "s = s + abs(g) ** 2",
        ),
    },
    "adam_update": {
        "neither of the two lines that change places uses what the other assigns": (
            "moved v = b2 * v + (1 - b2) * g ** 2",
            "moved m_hat = m / (1 - b1 ** t)",
            "moved v_hat = v / (1 - b2 ** t)",
        ),
        "a sum or a mean of squares is not negative": (
            "v_hat = abs(v) / (1 - b2 ** t)",
            "return (w - lr * m_hat / (np.sqrt(v_hat) + eps), m, abs(v))",
            "v = b2 * abs(v) + (1 - b2) * g ** 2",
        ),
        "(−u)² = |u|² = u²": (
            "v = b2 * v + (1 - b2) * (-g) ** 2",
            "v = b2 * v + (1 - b2) * abs(g) ** 2",
        ),
    },
    "ridge_weights": {
        "the transpose of an array with one axis is the array": (
            "return np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y.T)",
        ),
        "X and y are centered: a constant added to one factor of a product adds 0": (
            "return np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ (y + 1))",
            "return np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ (y - 1))",
            "return np.linalg.solve(X.T @ (X + 1) + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y)",
            "return np.linalg.solve(X.T @ (X - 1) + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y)",
            "return np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), (X + 1).T @ y)",
            "return np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), (X - 1).T @ y)",
            "return np.linalg.solve((X + 1).T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y)",
            "return np.linalg.solve((X - 1).T @ X + len(X) * lam / 2 * np.eye(X.shape[1]), X.T @ y)",
        ),
        "the last axis of a table is axis 1": (
            "return np.linalg.solve(X.T @ X + len(X) * lam / 2 * np.eye(X.shape[-1]), X.T @ y)",
        ),
        "both have one entry or row for each sample": (
            "return np.linalg.solve(X.T @ X + len(y) * lam / 2 * np.eye(X.shape[1]), X.T @ y)",
        ),
    },
    "soft_threshold": {
        "sign and size ignore what is lost: sign(sign w) = sign w, |−w| = |w|": (
            "return np.sign(np.sign(w)) * np.maximum(np.abs(w) - t, 0)",
            "return np.sign(w) * np.maximum(np.abs(-w) - t, 0)",
            "return np.sign(w) * np.maximum(np.abs(abs(w)) - t, 0)",
        ),
    },
    "stop_early": {
        "side by side or one after the other: neither line uses what the other assigns": (
            "best = np.inf; kept = 0",
            "kept = 0; best = np.inf",
            "best = loss; kept = epoch",
            "kept = epoch; best = loss",
        ),
        "the first epoch is better than infinity and sets it": (
            "best, kept = (np.inf, np.inf)",
            "best, kept = (np.inf, 1)",
            "best, kept = (np.inf, -1)",
        ),
        "a list of numbers is as good as an array": ("return [epoch, kept]",),
        "comparisons do not feel a shift": (
            "for epoch, loss in enumerate(losses + 1, start=1):",
            "for epoch, loss in enumerate(losses - 1, start=1):",
        ),
        "the count grows by 1, so that it meets patience before it passes it": (
            "if epoch - kept == patience:",
        ),
    },
    "training_fold": {
        "each sample number occurs once": ("return np.unique(order[trains])",),
        "a truth value is not negative": ("return np.sort(order[abs(trains)])",),
    },
    "updates_in_all": {
        "a whole number is the same number as a float": (
            "return epochs * np.ceil(n / (batch_size * accumulate))",
        ),
    },
    "accumulate": {
        "a sum is the same in any order": (
            "return sum((size * g for g, size in zip(grads, sizes))) / sum(np.sort(sizes))",
        ),
        "a product does not ask which factor comes first": (
            "return sum((size * g for g, size in zip(sizes, grads))) / sum(sizes)",
        ),
    },
    "cosine_annealing": {
        "cos(−u) = cos u": (
            "return lr_min + (lr - lr_min) * (1 + np.cos(-(np.pi * t / n_updates))) / 2",
            "return lr_min + (lr - lr_min) * (1 + np.cos(-(np.pi * t) / n_updates)) / 2",
            "return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * t / -n_updates)) / 2",
            "return lr_min + (lr - lr_min) * (1 + np.cos(-np.pi * t / n_updates)) / 2",
            "return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * -t / n_updates)) / 2",
        ),
    },
}
