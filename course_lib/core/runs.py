"""The runs axis: leading axes that hold independent trainings side by side."""

import dataclasses
from typing import Any

import numpy as np

__all__ = ["broadcast_runs", "lead", "runs_shape", "select_runs"]


def lead(h: float | np.ndarray, like: np.ndarray) -> np.ndarray:
    """Line a hyperparameter up with the leading axes of an array, so that the two broadcast.

    A learning rate of shape ``runs`` meets weights of shape ``runs + (n_in, n_out)``; NumPy lines axes up
    from the right, so the axes missing on the right are appended, each of length 1.

    Args:
        h: a number, or an array of shape ``runs``.
        like: an array of shape ``runs + (...)``.

    Returns:
        h with shape ``runs + (1, ..., 1)``, in the floating type of ``like``, so that float32 stays float32.

    Raises:
        ValueError: h has axes that do not fit the leading axes of ``like``.

    >>> lead(np.array([0.1, 0.2, 0.3]), np.zeros((3, 2, 5))).shape
    (3, 1, 1)
    """
    if type(h) is float and isinstance(like, np.ndarray) and like.dtype.kind == "f":
        return like.dtype.type(h)  # the usual case, asked for at every update
    h, like = np.asarray(h), np.asarray(like)
    ahead = like.shape[: h.ndim]
    if h.ndim > like.ndim or any(n not in (1, m) for n, m in zip(h.shape, ahead, strict=True)):
        raise ValueError(f"h must fit the leading axes of shape {like.shape}, got shape {h.shape}")
    if h.dtype.kind == "f" and like.dtype.kind == "f":
        h = h.astype(like.dtype, copy=False)
    return h.reshape(h.shape + (1,) * (like.ndim - h.ndim))


def broadcast_runs(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Find the runs that several shapes span together.

    NumPy would line (3,) up with the right of (5, 3), ``lead`` with its left; so either is refused, and runs
    of two axes are asked for as (5, 1) and (1, 3).

    Args:
        shapes: the runs of several things; () goes with everything.

    Raises:
        ValueError: the shapes differ in their number of axes, or in a length that is not 1.

    >>> broadcast_runs((), (5, 1), (1, 3))
    (5, 3)
    """
    shapes = tuple(shape for shape in shapes if shape)
    one_length = len({len(shape) for shape in shapes}) <= 1
    if not one_length or any(len({*lengths} - {1}) > 1 for lengths in zip(*shapes)):
        shown = " and ".join(map(str, shapes))
        raise ValueError(f"runs must have as many axes each, of one length or of length 1, got {shown}")
    return np.broadcast_shapes(*shapes)


def runs_shape(hyperparameters: Any) -> tuple[int, ...]:
    """Find the runs that the array-valued hyperparameters of an optimizer span.

    Args:
        hyperparameters: a dataclass such as an optimizer, a tuple or list of them, a schedule, an array or
            a number.

    Returns:
        The broadcast shape of all array-valued hyperparameters; () where every one is a number.

    Raises:
        ValueError: two of them have shapes that do not broadcast.

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> runs_shape(SGD(lr=np.array([0.1, 0.2, 0.3])))
    (3,)
    """
    h = hyperparameters
    if callable(h):  # a schedule: step number -> learning rate
        return np.shape(h(0))
    if dataclasses.is_dataclass(h):
        h = [getattr(h, field.name) for field in dataclasses.fields(h)]
    if isinstance(h, (list, tuple)):
        return broadcast_runs(*map(runs_shape, h))
    return np.shape(h)


def select_runs(hyperparameters: Any, runs: tuple[int, ...], part: slice) -> Any:
    """Take the array-valued hyperparameters of some of the runs; those that are numbers serve all runs.

    Args:
        hyperparameters: what ``runs_shape`` takes.
        runs: the shape of all runs.
        part: which to take, counted along all axes of the runs in turn.

    Returns:
        The same kind of thing; arrays have one axis of runs.

    >>> from course_lib.numpy_nn.optimizers import SGD
    >>> select_runs(SGD(lr=np.array([0.1, 0.2, 0.3])), runs=(3,), part=slice(1, 3))
    SGD(lr=array([0.2, 0.3]))
    """
    h = hyperparameters
    if callable(h):
        return h if np.ndim(h(0)) == 0 else lambda t: select_runs(h(t), runs, part)
    if dataclasses.is_dataclass(h):
        fields = {field.name: getattr(h, field.name) for field in dataclasses.fields(h)}
        return dataclasses.replace(h, **{k: select_runs(v, runs, part) for k, v in fields.items()})
    if isinstance(h, (list, tuple)):
        return type(h)(select_runs(item, runs, part) for item in h)
    return h if np.ndim(h) == 0 else np.broadcast_to(h, runs).reshape(-1)[part]
