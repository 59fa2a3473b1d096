"""The two loops of the course, which work all runs at once: descend a surface, train a model.

>>> from course_lib.numpy_nn.optimizers import SGD
>>> from course_lib.numpy_nn.training.descend import descend
>>> from course_lib.surfaces import quadratic
>>> descend(quadratic((10.0,)), SGD(lr=0.05), start=[1.0], n_steps=3).points[:, 0]
array([1.   , 0.5  , 0.25 , 0.125])
"""

from course_lib.numpy_nn.training.descend import descend
from course_lib.numpy_nn.training.lr_range import RangeTest, range_test
from course_lib.numpy_nn.training.settings import BatchSize, Plateau, Regularizer
from course_lib.numpy_nn.training.train import train
from course_lib.numpy_nn.training.trainer import Trainer, start_training

__all__ = [
    "BatchSize",
    "Plateau",
    "RangeTest",
    "Regularizer",
    "Trainer",
    "descend",
    "range_test",
    "start_training",
    "train",
]
