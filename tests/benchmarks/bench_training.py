"""How many samples a second are trained on, beside the same loop in eager PyTorch, on one thread each.

    python -m tests.benchmarks.bench_training

2-8-8-8-1 is the small net of the explorers; its runs share one call. 784-256-10 is a net of everyday size.
"""

import os

os.environ.update(
    OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1"
)  # before NumPy is loaded

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.datasets import Dataset
from course_lib.numpy_nn import activations, layers, losses
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import train

ROUNDS = 15


def small_data() -> Dataset:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(750, 2))
    y = np.sin(2 * x[:, :1]) * x[:, 1:]
    return Dataset("small", x[:600], y[:600], x[600:], y[600:])


def large_data() -> Dataset:
    rng = np.random.default_rng(0)
    x, y = rng.random((2304, 784), dtype=np.float32), rng.integers(0, 10, 2304)
    return Dataset("large", x[:2048], y[:2048], x[2048:], y[2048:])


def train_in_pytorch(model: nn.Module, loss: Callable, data: Dataset, epochs: int, batch_size: int) -> None:
    """What ``train`` does, for one net: batches in a new order, and the losses written down."""
    parts = [torch.from_numpy(a) for a in (data.x_train, data.y_train, data.x_test, data.y_test)]
    x_train, y_train, x_test, y_test = parts
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
    batch_loss, epoch_loss = [], []
    for _ in range(epochs):
        for batch in torch.randperm(len(x_train)).split(batch_size):
            error = loss(model(x_train[batch]), y_train[batch])
            optimizer.zero_grad()
            error.backward()
            optimizer.step()
            batch_loss.append(error.item())
        with torch.no_grad():
            epoch_loss.append((loss(model(x_train), y_train).item(), loss(model(x_test), y_test).item()))


def small_in_pytorch(data: Dataset) -> Callable[[int], None]:
    sizes = [2, 8, 8, 8]
    hidden = [part for n, m in zip(sizes, sizes[1:]) for part in (nn.Linear(n, m), nn.Tanh())]
    model = nn.Sequential(*hidden, nn.Linear(8, 1)).double()
    return lambda epochs: train_in_pytorch(model, F.mse_loss, data, epochs, batch_size=30)


def small_in_numpy(data: Dataset, runs: tuple[int, ...]) -> Callable[[int], None]:
    model, rng = layers.mlp([2, 8, 8, 8, 1], activations.tanh), np.random.default_rng(0)
    params = model.init(rng, runs)
    return lambda epochs: train(
        model, params, losses.mse, SGD(0.03), data, epochs=epochs, batch_size=30, rng=rng
    )


def large_in_pytorch(data: Dataset) -> Callable[[int], None]:
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    return lambda epochs: train_in_pytorch(model, F.cross_entropy, data, epochs, batch_size=256)


def large_in_numpy(data: Dataset) -> Callable[[int], None]:
    model, rng = layers.mlp([784, 256, 10], activations.relu), np.random.default_rng(0)
    params = [{name: p.astype(np.float32) for name, p in layer.items()} for layer in model.init(rng)]
    return lambda epochs: train(
        model, params, losses.cross_entropy, SGD(0.03), data, epochs=epochs, batch_size=256, rng=rng
    )


def samples_per_second(
    trainings: dict[str, tuple[Callable[[int], None], int, int]], n: int
) -> dict[str, float]:
    """Time the trainings in turn, so that all meet the same machine; the best of several rounds of each.

    What is timed is the processor's work for this one thread, so that other programs disturb little.

    Args:
        trainings: how to train for some epochs, how many epochs to time, and how many runs that trains.
        n: training samples.
    """
    best = dict.fromkeys(trainings, 0.0)
    for run, _, _ in trainings.values():
        run(1)  # what is done once only
    for _ in range(ROUNDS):
        for name, (run, epochs, runs) in trainings.items():
            start = time.process_time()
            run(epochs)
            best[name] = max(best[name], runs * epochs * n / (time.process_time() - start))
    return best


def report(title: str, rates: dict[str, float], wanted: dict[str, float]) -> None:
    print(f"{title:<24}{'samples/s':>12}{'ratio':>8}{'wanted':>8}")
    base = rates["PyTorch"]
    for name, rate in rates.items():
        print(f"  {name:<22}{rate:>12,.0f}{rate / base:>8.1f}{wanted.get(name, ''):>8}")


def main() -> None:
    torch.set_num_threads(1)
    data = small_data()
    trainings = {"PyTorch": (small_in_pytorch(data), 5, 1), "NumPy": (small_in_numpy(data, ()), 10, 1)}
    for runs, epochs in ((16, 10), (64, 5), (256, 2)):
        trainings[f"NumPy, {runs} runs at once"] = (small_in_numpy(data, (runs,)), epochs, runs)
    wanted = {"NumPy": 3, "NumPy, 16 runs at once": 20, "NumPy, 64 runs at once": 30}
    report("2-8-8-8-1, B = 30", samples_per_second(trainings, len(data.x_train)), wanted)
    data = large_data()
    trainings = {"PyTorch": (large_in_pytorch(data), 3, 1), "NumPy": (large_in_numpy(data), 3, 1)}
    report("784-256-10, B = 256, float32", samples_per_second(trainings, len(data.x_train)), {"NumPy": 0.9})


if __name__ == "__main__":
    main()
