"""Datasets: the course's arrays as PyTorch's ``DataLoader`` takes them."""

import numpy as np
import torch
from torch.utils.data import TensorDataset

from course_lib.datasets import Dataset

__all__ = ["tensor_datasets"]


def tensor_datasets(
    dataset: Dataset, dtype: torch.dtype = torch.float64
) -> tuple[TensorDataset, TensorDataset]:
    """Turn the training and the test part of a dataset into TensorDatasets.

    Args:
        dataset: arrays, samples first.
        dtype: the type of inputs and of real targets; integer labels become int64, as cross-entropy wants.

    Returns:
        The training part and the test part, each of pairs (x, y).

    >>> from course_lib.datasets import line
    >>> train, test = tensor_datasets(line(np.random.default_rng(0), 10))
    >>> len(train), len(test)
    (8, 2)
    """

    def tensor(a: np.ndarray) -> torch.Tensor:
        return torch.tensor(a, dtype=dtype if a.dtype.kind == "f" else torch.int64)

    return (
        TensorDataset(tensor(dataset.x_train), tensor(dataset.y_train)),
        TensorDataset(tensor(dataset.x_test), tensor(dataset.y_test)),
    )
