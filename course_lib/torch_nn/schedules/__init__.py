"""Learning-rate schedules that drive a PyTorch optimizer: ``course_lib.schedules`` in a LambdaLR.

Each takes the optimizer first. The rate at the start, η, is that of the optimizer, for each of its
groups. Call the scheduler's ``step()`` after every ``optimizer.step()``.
"""

from course_lib.torch_nn.schedules.cycles import cosine_annealing, cosine_restarts, cyclic, one_cycle
from course_lib.torch_nn.schedules.decay import (
    constant,
    exponential_decay,
    exponential_range,
    inverse_time_decay,
    multi_step,
    polynomial_decay,
    step_decay,
)
from course_lib.torch_nn.schedules.driver import drive
from course_lib.torch_nn.schedules.plateau import ReduceOnPlateau
from course_lib.torch_nn.schedules.warmup import cosine_warmup, linear_warmup

__all__ = [
    "ReduceOnPlateau",
    "constant",
    "cosine_annealing",
    "cosine_restarts",
    "cosine_warmup",
    "cyclic",
    "drive",
    "exponential_decay",
    "exponential_range",
    "inverse_time_decay",
    "linear_warmup",
    "multi_step",
    "one_cycle",
    "polynomial_decay",
    "step_decay",
]
