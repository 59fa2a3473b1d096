"""Optimizers: what turns a gradient into a step, in order of increasing complexity.

An optimizer is a frozen dataclass of hyperparameters. Its memory is a state that goes in and comes out::

    state = optimizer.init(params)
    step, state = optimizer.update(grads, state, params)
    params = params + step                       # tree_map(np.add, params, step) for a model

Each rule is written for one array and lifted to trees of parameters. Hyperparameters may be arrays of shape
runs, which gives every run its own. A learning rate may also be a schedule, a function of the number of
updates made so far.

>>> from course_lib.numpy_nn.optimizers import Adam, Chain, ClipByNorm
>>> Chain([ClipByNorm(1.0), Adam(lr=0.01)]).ops[1].b1
0.9
"""

from course_lib.numpy_nn.optimizers.adam import Adam, AdamState, AdamW
from course_lib.numpy_nn.optimizers.adaptive import AdaGrad, AdaGradState, RMSProp, RMSPropState
from course_lib.numpy_nn.optimizers.chains import (
    Chain,
    ChainState,
    ClipByNorm,
    ClipByValue,
    NoState,
    WeightDecay,
    for_each_run,
)
from course_lib.numpy_nn.optimizers.descent import SGD, Momentum, MomentumState, Nesterov, SGDState
from course_lib.numpy_nn.optimizers.effective import effective_rate, effective_rates
from course_lib.numpy_nn.optimizers.rule import Optimizer
from course_lib.numpy_nn.optimizers.second_order import bfgs, bfgs_update, lbfgs, lbfgs_direction, newton

__all__ = [
    "SGD",
    "AdaGrad",
    "AdaGradState",
    "Adam",
    "AdamState",
    "AdamW",
    "Chain",
    "ChainState",
    "ClipByNorm",
    "ClipByValue",
    "Momentum",
    "MomentumState",
    "Nesterov",
    "NoState",
    "Optimizer",
    "RMSProp",
    "RMSPropState",
    "SGDState",
    "WeightDecay",
    "bfgs",
    "bfgs_update",
    "effective_rate",
    "effective_rates",
    "for_each_run",
    "lbfgs",
    "lbfgs_direction",
    "newton",
]
