"""Trees with names, and trees as vectors: for what asks which parameter an array is, or for one long vector.

>>> map_named(lambda name, p: name, [{"W": 1.0, "b": 2.0}, {}])
[{'W': 'W', 'b': 'b'}, {}]
"""

from collections.abc import Callable

import numpy as np

from course_lib.core import Tree, tree_leaves, tree_map

__all__ = ["from_vector", "map_named", "to_vector"]


def map_named(f: Callable, tree: Tree, *others: Tree, name: str = "") -> Tree:
    """Apply a function to the name and the value of every leaf of a tree.

    Args:
        f: takes the name, which is the key of the innermost dict, and one leaf of each tree.
        tree: a tree.
        others: trees of the same structure.
        name: that of a leaf that stands in no dict.

    >>> map_named(lambda name, p: p if name == "W" else 0 * p, {"W": 3.0, "b": 5.0})
    {'W': 3.0, 'b': 0.0}
    """
    if isinstance(tree, dict):
        return {key: map_named(f, tree[key], *[other[key] for other in others], name=key) for key in tree}
    if isinstance(tree, (list, tuple)):
        parts = [map_named(f, *children, name=name) for children in zip(tree, *others, strict=True)]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return None if tree is None else f(name, tree, *others)


def to_vector(tree: Tree, n_lead: int = 0) -> np.ndarray:
    """Lay all leaves of a tree end to end.

    Args:
        tree: leaves of shape runs + (...).
        n_lead: the number of leading axes to keep, those of the runs.

    Returns:
        An array of shape runs + (P,), where P counts the parameters of one run.

    >>> to_vector([{"W": np.array([[1.0], [2.0]]), "b": np.array([3.0])}])
    array([1., 2., 3.])
    """
    leaves = [p.reshape(*p.shape[:n_lead], -1) for p in map(np.asarray, tree_leaves(tree))]
    return np.concatenate(leaves, axis=-1)


def from_vector(vector: np.ndarray, like: Tree, n_lead: int = 0) -> Tree:
    """Take a vector apart into a tree: the way back from ``to_vector``.

    Args:
        vector: shape (*lead, P); the leading axes need not be those of ``like``.
        like: a tree of the structure wanted, its leaves of shape runs + (...).
        n_lead: the number of leading axes of the leaves of ``like``.

    Raises:
        ValueError: the vector is too long or too short.

    >>> from_vector(np.array([1.0, 2.0, 3.0]), like={"W": np.zeros((2, 1)), "b": np.zeros(1)})["b"]
    array([3.])
    """
    vector, used = np.asarray(vector), 0

    def take(p: np.ndarray) -> np.ndarray:
        nonlocal used
        own = np.shape(p)[n_lead:]
        first, used = used, used + int(np.prod(own, dtype=int))
        return vector[..., first:used].reshape(*vector.shape[:-1], *own)

    sizes = sum(int(np.prod(np.shape(p)[n_lead:], dtype=int)) for p in tree_leaves(like))
    if vector.shape[-1] != sizes:
        raise ValueError(f"vector must have {sizes} entries, one for each parameter, got {vector.shape[-1]}")
    return tree_map(take, like)
