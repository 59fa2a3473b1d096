"""Optimizers: in order of increasing complexity, each a ``torch.optim.Optimizer`` written out.

PyTorch's optimizers change the parameters in place and keep their memory in ``self.state``. Hyperparameters
stand in ``param_groups``: each group of parameters may have its own, and a schedule writes the rate there.

>>> import torch
>>> from course_lib.torch_nn.optimizers import Adam
>>> Adam([torch.zeros(1)], lr=0.01).param_groups[0]["b1"]
0.9
"""

from course_lib.torch_nn.optimizers.adam import Adam, AdamW
from course_lib.torch_nn.optimizers.adaptive import AdaGrad, RMSProp
from course_lib.torch_nn.optimizers.chains import Chain, ClipByNorm, ClipByValue, WeightDecay
from course_lib.torch_nn.optimizers.descent import SGD, Momentum, Nesterov
from course_lib.torch_nn.optimizers.second_order import bfgs, bfgs_update, lbfgs, lbfgs_direction, newton

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Chain",
    "ClipByNorm",
    "ClipByValue",
    "Momentum",
    "Nesterov",
    "RMSProp",
    "WeightDecay",
    "bfgs",
    "bfgs_update",
    "lbfgs",
    "lbfgs_direction",
    "newton",
]
