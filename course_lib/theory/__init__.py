"""Closed forms to draw beside an experiment.

>>> from course_lib.theory import largest_stable_rate
>>> float(largest_stable_rate(0.0, 10.0))  # without momentum: 2/λ
0.2
"""

from course_lib.theory.convergence import (
    BestMomentum,
    best_momentum,
    largest_stable_rate,
    measured_rate,
    momentum_rate,
)
from course_lib.theory.escape import escape_probability

__all__ = [
    "BestMomentum",
    "best_momentum",
    "escape_probability",
    "largest_stable_rate",
    "measured_rate",
    "momentum_rate",
]
