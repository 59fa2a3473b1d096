"""Train a model, as one writes it in PyTorch: one run at a time."""

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from torch.utils.data import DataLoader, TensorDataset

from course_lib.core import History, first_bad, hold_from, is_good, natural
from course_lib.datasets import Dataset
from course_lib.schedules import EarlyStopping, EarlyStoppingState
from course_lib.torch_nn.datasets import tensor_datasets

__all__ = ["train"]

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def train(
    model: nn.Module,
    loss: Loss,
    optimizer: Optimizer,
    dataset: Dataset,
    *,
    epochs: int,
    batch_size: int | Callable[[int], int],
    generator: torch.Generator | None = None,
    shuffle: bool = True,
    callback: Callable[[int, nn.Module], None] | None = None,
    regularizer: Callable[[nn.Module], torch.Tensor] | None = None,
    early_stopping: EarlyStopping | None = None,
    scheduler: LRScheduler | None = None,
    accumulate: int = 1,
    augment: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> tuple[nn.Module, History]:
    """Train a model by mini-batches: forward, loss, backward, update.

    Args:
        model: a module; it is trained in place.
        loss: maps (pred, target) to a scalar tensor.
        optimizer: made with ``model.parameters()``.
        dataset: x and y of the training part and of the test part.
        epochs: how often to go through the training part.
        batch_size: samples an update; the last batch of an epoch is shorter where it does not divide N. Or a
            function of the epoch, counted from 0, for batches that grow.
        generator: the source of the order of the samples; PyTorch's global one where None.
        shuffle: draw a new order each epoch.
        callback: called as ``callback(update, model)`` after every update, counted from 1.
        regularizer: a function of the model, added to the loss. The losses written down are those of the
            data, without it.
        early_stopping: shown the loss over the test part after each epoch, which makes it a *validation*
            part. The model gets the weights of its best epoch back, whether or not it stopped.
        scheduler: stepped after every update; a ReduceLROnPlateau after every epoch, with the loss over the
            test part.
        accumulate: k micro-batches of batch_size samples make one update, by the mean gradient over all their
            samples.
        augment: a function x -> x applied to the inputs of each batch while training, such as a transform of
            torchvision.

    Returns:
        The model, and the history of the losses. Where the training diverged, the losses are held at the last
        good ones, and the model is as the divergence left it, unless early stopping kept better weights.

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
    epochs, accumulate = natural("epochs", epochs, minimum=0), natural("accumulate", accumulate)
    size = batch_size if callable(batch_size) else lambda epoch: batch_size
    n = len(dataset.x_train)
    natural("batch_size", size(0), maximum=n)
    train_part, test_part = tensor_datasets(dataset, dtype=next(model.parameters()).dtype)
    batch_loss, n_updates = [], [0]
    train_loss, validation_loss = [_evaluate(model, loss, train_part)], [_evaluate(model, loss, test_part)]
    best = _Best(early_stopping, model)
    for epoch in range(epochs):
        micro = natural("batch_size", size(epoch), maximum=n)
        loader = DataLoader(train_part, batch_size=micro * accumulate, shuffle=shuffle, generator=generator)
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            error = _backward(model, loss, augment(x) if augment else x, y, micro)
            if regularizer:
                regularizer(model).backward()
            optimizer.step()
            if scheduler and not isinstance(scheduler, ReduceLROnPlateau):
                scheduler.step()
            batch_loss.append(error)
            if callback:
                callback(len(batch_loss), model)
        train_loss.append(_evaluate(model, loss, train_part))
        validation_loss.append(_evaluate(model, loss, test_part))
        n_updates.append(len(batch_loss))
        if isinstance(scheduler, ReduceLROnPlateau):
            scheduler.step(validation_loss[-1])
        if best.stops(model, train_loss[-1], validation_loss[-1]):
            break
    best.restore(model)
    history = _history(batch_loss, train_loss, validation_loss, n_updates)
    return model, best.described(history)


def _backward(model: nn.Module, loss: Loss, x: torch.Tensor, y: torch.Tensor, micro: int) -> float:
    """Accumulate the gradients of the mean loss over micro-batches, each of which counts by its samples."""
    mean = 0.0
    for x_micro, y_micro in zip(x.split(micro), y.split(micro), strict=True):
        error = loss(model(x_micro), y_micro) * (len(x_micro) / len(x))
        error.backward()  # adds to the gradients that are there
        mean += error.item()
    return mean


class _Best:
    """The weights of the best epoch, where early stopping asks for them."""

    def __init__(self, rule: EarlyStopping | None, model: nn.Module) -> None:
        self.rule = rule
        if rule:
            self.state: EarlyStoppingState = rule.init()
            self.diverged = False
            self.weights = copy.deepcopy(model.state_dict())

    def stops(self, model: nn.Module, train_loss: float, validation_loss: float) -> bool:
        """Show the losses of an epoch to the rule; tell whether the training ends here."""
        if self.rule is None:
            return False
        self.diverged = not is_good(train_loss)
        if not self.diverged:
            self.state = self.rule.update(validation_loss, self.state)
            if self.state.waited == 0:
                self.weights = copy.deepcopy(model.state_dict())
        return self.diverged or bool(self.state.stopped)

    def restore(self, model: nn.Module) -> None:
        """Put the best weights into the model."""
        if self.rule:
            model.load_state_dict(self.weights)

    def described(self, history: History) -> History:
        """Write the best epoch and the last one into the history."""
        if self.rule is None:
            return history
        epoch = self.state.best_epoch + self.state.waited
        stopped_at = np.where(self.state.stopped & (history.diverged_at < 0), epoch, -1)
        return replace(history, best_epoch=np.array(self.state.best_epoch), stopped_at=stopped_at)


@torch.no_grad()
def _evaluate(model: nn.Module, loss: Loss, part: TensorDataset) -> float:
    model.eval()
    x, y = part.tensors
    return loss(model(x), y).item()


def _history(
    batch_loss: list[float], train_loss: list[float], validation_loss: list[float], n_updates: list[int]
) -> History:
    """Find where the training diverged, and hold every loss from there on."""
    update = first_bad([*batch_loss, train_loss[-1]])
    epoch = int(np.searchsorted(n_updates, update)) if update > 0 else update  # the first evaluation after it
    return History(
        hold_from(update, np.array(batch_loss)),
        hold_from(epoch, np.array(train_loss)),
        hold_from(epoch, np.array(validation_loss)),
        np.array(update),
        np.array(n_updates),
    )
