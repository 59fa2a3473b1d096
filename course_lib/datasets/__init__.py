"""Data to learn from: generators whose truth is known, the small tables in ``data/``, and the reader's own.

>>> import numpy as np
>>> from course_lib.datasets import moons
>>> moons(np.random.default_rng(0), n=200, noise=0.1)
Dataset('moons', 160 to train on, 40 to test on, x (2,) -> y ())
"""

from course_lib.datasets.bundled import load_diabetes, load_digits, load_names, load_sunspots
from course_lib.datasets.dataset import Dataset
from course_lib.datasets.generators import (
    POLYNOMIAL,
    blobs,
    circles,
    line,
    moons,
    noisy_polynomial,
    noisy_quadratic,
    spirals,
    xor,
)
from course_lib.datasets.tables import Table, load_table

__all__ = [
    "POLYNOMIAL",
    "Dataset",
    "Table",
    "blobs",
    "circles",
    "line",
    "load_diabetes",
    "load_digits",
    "load_names",
    "load_sunspots",
    "load_table",
    "moons",
    "noisy_polynomial",
    "noisy_quadratic",
    "spirals",
    "xor",
]
