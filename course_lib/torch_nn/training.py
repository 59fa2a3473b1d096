"""The two loops of the course as one writes them in PyTorch: descend a function, train a model.

They work one run at a time and return what their NumPy twins return, so that the same figures draw both.
"""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, TensorDataset

from course_lib.datasets import Dataset
from course_lib.divergence import first_bad, hold_from
from course_lib.history import History, Trajectory
from course_lib.torch_nn.datasets import tensor_datasets
from course_lib.validation import finite_array, natural

__all__ = ["descend", "train"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def descend(
    f: Callable[[torch.Tensor], torch.Tensor],
    make_optimizer: Callable[[Iterable[torch.Tensor]], Optimizer],
    start: np.ndarray,
    n_steps: int,
) -> Trajectory:
    """Follow an optimizer down a function; autograd supplies the gradient.

    Args:
        f: maps a tensor of shape (d,) to a scalar tensor, by PyTorch operations.
        make_optimizer: takes the list of parameters: ``lambda params: SGD(params, lr=0.1)``.
        start: the starting point, shape (d,).
        n_steps: the number of steps T.

    Returns:
        The points (T+1, d), their losses (T+1,), and where the run diverged, or -1.

    Raises:
        TypeError, ValueError: the start is not a finite vector, or n_steps not a whole number.

    >>> from course_lib.torch_nn.optimizers import SGD
    >>> bowl = lambda w: 5 * w.square().sum()
    >>> descend(bowl, lambda params: SGD(params, lr=0.05), start=[1.0], n_steps=3).points[:, 0]
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    w = torch.tensor(finite_array("start", start, shape=(None,)), dtype=torch.float64, requires_grad=True)
    n_steps = natural("n_steps", n_steps, minimum=0)
    optimizer = make_optimizer([w])
    points, losses = [w.detach().clone()], [f(w).item()]
    for _ in range(n_steps):
        optimizer.zero_grad()
        f(w).backward()
        optimizer.step()
        points.append(w.detach().clone())
        losses.append(f(w).item())
    step = first_bad(losses)
    return Trajectory(
        hold_from(step, torch.stack(points).numpy()), hold_from(step, np.array(losses)), np.array(step)
    )


def train(
    model: nn.Module,
    loss: Loss,
    optimizer: Optimizer,
    dataset: Dataset,
    *,
    epochs: int,
    batch_size: int,
    generator: torch.Generator | None = None,
    shuffle: bool = True,
    callback: Callable[[int, nn.Module], None] | None = None,
) -> tuple[nn.Module, History]:
    """Train a model by mini-batches: forward, loss, backward, update.

    Args:
        model: a module; it is trained in place.
        loss: maps (pred, target) to a scalar tensor.
        optimizer: made with ``model.parameters()``.
        dataset: x and y of the training part and of the test part.
        epochs: how often to go through the training part.
        batch_size: samples an update; the last batch of an epoch is shorter where it does not divide N.
        generator: the source of the order of the samples; PyTorch's global one where None.
        shuffle: draw a new order each epoch.
        callback: called as ``callback(update, model)`` after every update, counted from 1.

    Returns:
        The model, and the history of the losses. Where the training diverged, the losses are held at the last
        good ones, and the model is as the divergence left it.

    Raises:
        TypeError, ValueError: an argument is out of range, or shapes do not belong together.

    >>> from course_lib.datasets import line
    >>> from course_lib.torch_nn import layers, losses, optimizers
    >>> model = layers.Dense(1, 1)
    >>> model, history = train(model, losses.mse, optimizers.SGD(model.parameters(), lr=0.1),
    ...                        line(np.random.default_rng(0), 50), epochs=20, batch_size=10)
    >>> bool(history.train_loss[-1] < 0.1)
    True
    """
    epochs = natural("epochs", epochs, minimum=0)
    batch_size = natural("batch_size", batch_size, maximum=len(dataset.x_train))
    train_part, test_part = tensor_datasets(dataset, dtype=next(model.parameters()).dtype)
    loader = DataLoader(train_part, batch_size=batch_size, shuffle=shuffle, generator=generator)
    batch_loss = []
    train_loss, test_loss = [_evaluate(model, loss, train_part)], [_evaluate(model, loss, test_part)]
    for _ in range(epochs):
        model.train()
        for x, y in loader:
            pred = model(x)
            error = loss(pred, y)
            optimizer.zero_grad()
            error.backward()
            optimizer.step()
            batch_loss.append(error.item())
            if callback:
                callback(len(batch_loss), model)
        train_loss.append(_evaluate(model, loss, train_part))
        test_loss.append(_evaluate(model, loss, test_part))
    return model, _history(batch_loss, train_loss, test_loss, updates_per_epoch=len(loader))


@torch.no_grad()
def _evaluate(model: nn.Module, loss: Loss, part: TensorDataset) -> float:
    model.eval()
    x, y = part.tensors
    return loss(model(x), y).item()


def _history(
    batch_loss: list[float], train_loss: list[float], test_loss: list[float], updates_per_epoch: int
) -> History:
    """Find where the training diverged, and hold every loss from there on."""
    update = first_bad([*batch_loss, train_loss[-1]])
    epoch = -(-update // updates_per_epoch) if update > 0 else update  # the first evaluation after it
    return History(
        hold_from(update, np.array(batch_loss)),
        hold_from(epoch, np.array(train_loss)),
        hold_from(epoch, np.array(test_loss)),
        np.array(update),
    )
