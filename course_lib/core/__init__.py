"""The ground everything stands on: trees of arrays, the runs axis, divergence, histories, argument checks.

>>> import numpy as np
>>> from course_lib.core.runs import lead
>>> from course_lib.core.trees import tree_map
>>> tree_map(lambda p: p / 2, {"W": 3.0, "b": 5.0})
{'W': 1.5, 'b': 2.5}
>>> lead(np.array([0.1, 0.2]), np.zeros((2, 3))).shape
(2, 1)
"""

from course_lib.core.divergence import LIMIT, Guard, first_bad, hold_from, is_good
from course_lib.core.history import History, Trajectory
from course_lib.core.runs import broadcast_runs, lead, runs_shape, select_runs
from course_lib.core.trees import Tree, from_vector, map_named, to_vector, tree_from, tree_leaves, tree_map
from course_lib.core.validation import (
    finite_array,
    flag,
    generator,
    in_interval,
    interval,
    natural,
    non_negative,
    one_of,
    positive,
    same_shape,
)

__all__ = [
    "LIMIT",
    "Guard",
    "History",
    "Trajectory",
    "Tree",
    "broadcast_runs",
    "finite_array",
    "first_bad",
    "flag",
    "from_vector",
    "generator",
    "hold_from",
    "in_interval",
    "interval",
    "is_good",
    "lead",
    "map_named",
    "natural",
    "non_negative",
    "one_of",
    "positive",
    "runs_shape",
    "same_shape",
    "select_runs",
    "to_vector",
    "tree_from",
    "tree_leaves",
    "tree_map",
]
