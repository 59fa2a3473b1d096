"""Trees of arrays: the parameters of a model, its gradients, the state of an optimizer.

A *tree* is an array, None, or a dict, list, tuple or NamedTuple of trees.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

__all__ = ["Tree", "from_vector", "map_named", "to_vector", "tree_from", "tree_leaves", "tree_map"]

Tree = Any  # None | array | dict | list | tuple | NamedTuple, nested


def tree_map(f: Callable, tree: Tree, *others: Tree) -> Tree:
    """Apply a function to every leaf of a tree, or to the matching leaves of several.

    Args:
        f: takes one leaf of each tree.
        tree: a tree; None is an empty place and stays None.
        others: trees of the same structure.

    Returns:
        A tree of that structure, holding the results.

    Raises:
        ValueError: the trees differ in structure.

    >>> tree_map(lambda w, step: w + step, [{"W": 1.0}, {}], [{"W": 0.5}, {}])
    [{'W': 1.5}, {}]

    The idea and the name are those of ``jax.tree.map``.
    """
    leaves = [tree_leaves(each, like=tree) for each in (tree, *others)]
    return tree_from(map(f, *leaves), like=tree)


def tree_leaves(tree: Tree, like: Tree | None = None) -> list:
    """List the leaves of a tree.

    Args:
        tree: a tree.
        like: a tree of the same structure, whose order the leaves take; the tree itself if not given.

    Raises:
        ValueError: the trees differ in structure.

    >>> tree_leaves([{"W": 1.0, "b": 2.0}, {}, None])
    [1.0, 2.0]
    """
    leaves: list = []
    _gather(tree, tree if like is None else like, leaves)
    return leaves


def tree_from(leaves: Iterable, like: Tree) -> Tree:
    """Put leaves into a tree, the way back from ``tree_leaves``.

    >>> tree_from([10.0, 20.0], like=[{"W": 1.0, "b": 2.0}, {}, None])
    [{'W': 10.0, 'b': 20.0}, {}, None]
    """
    return _fill(like, iter(leaves))


# Every update of a training maps its parameters. The arrays in a dict are dealt with on the spot in the two
# functions below, because a call for each of them would double the time.


def _gather(tree: Tree, like: Tree, leaves: list) -> None:
    if tree is not like and _node(tree) != _node(like):
        raise ValueError(f"trees must have one structure, got {_node(like)} beside {_node(tree)}")
    if isinstance(like, dict):
        for key, part in like.items():
            own = tree[key]
            if type(own) is type(part) is np.ndarray:
                leaves.append(own)
            else:
                _gather(own, part, leaves)
    elif isinstance(like, (list, tuple)):
        for own, part in zip(tree, like):
            _gather(own, part, leaves)
    elif like is not None:
        leaves.append(tree)


def _fill(like: Tree, leaves: Iterator) -> Tree:
    if isinstance(like, dict):
        return {
            key: next(leaves) if type(part) is np.ndarray else _fill(part, leaves)
            for key, part in like.items()
        }
    if isinstance(like, (list, tuple)):
        parts = [_fill(part, leaves) for part in like]
        return type(like)(*parts) if hasattr(like, "_fields") else type(like)(parts)
    return None if like is None else next(leaves)


def _node(tree: Tree) -> str | tuple:
    """What must agree between trees in one place: the kind of node, and its keys or its length."""
    if isinstance(tree, np.ndarray):
        return "leaf"
    if isinstance(tree, dict):
        return "dict", tree.keys()
    if isinstance(tree, (list, tuple)):
        return type(tree).__name__, len(tree)
    return "None" if tree is None else "leaf"


# -- with names, and as one long vector ----------------------------------------------------------


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
