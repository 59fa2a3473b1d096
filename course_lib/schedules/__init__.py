"""Learning-rate schedules: functions of the number of updates made so far, and a rule that watches the loss.

A schedule stands where a learning rate stands, ``Adam(lr=cosine_annealing(0.01, 1000))``. Its numbers may be
arrays of shape runs, which gives every run a schedule of its own.

>>> from course_lib.schedules import linear_warmup, step_decay
>>> schedule = linear_warmup(step_decay(0.1, every=30), n_updates=5)
>>> schedule(4), schedule(5)
(0.08000000000000002, 0.1)
"""

from course_lib.schedules.cycles import cosine_annealing, cosine_restarts, cyclic, one_cycle
from course_lib.schedules.decay import (
    constant,
    exponential_decay,
    exponential_range,
    inverse_time_decay,
    multi_step,
    polynomial_decay,
    step_decay,
)
from course_lib.schedules.early_stopping import EarlyStopping, EarlyStoppingState
from course_lib.schedules.plateau import PlateauState, ReduceOnPlateau
from course_lib.schedules.schedule import Schedule, rates
from course_lib.schedules.warmup import cosine_warmup, linear_warmup

__all__ = [
    "EarlyStopping",
    "EarlyStoppingState",
    "PlateauState",
    "ReduceOnPlateau",
    "Schedule",
    "constant",
    "cosine_annealing",
    "cosine_restarts",
    "cosine_warmup",
    "cyclic",
    "exponential_decay",
    "exponential_range",
    "inverse_time_decay",
    "linear_warmup",
    "multi_step",
    "one_cycle",
    "polynomial_decay",
    "rates",
    "step_decay",
]
