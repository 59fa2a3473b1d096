"""The two loops of the course as one writes them in PyTorch: descend a function, train a model.

They work one run at a time and return what their NumPy twins return, so that the same figures draw both.
"""

from course_lib.torch_nn.training.descend import descend
from course_lib.torch_nn.training.train import train

__all__ = [
    "descend",
    "train",
]
