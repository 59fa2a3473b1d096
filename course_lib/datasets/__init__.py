"""Data to learn from: generators whose truth is known, the small tables in ``data``, and the reader's own.

>>> import numpy as np
>>> from course_lib.datasets import moons
>>> moons(np.random.default_rng(0), n=200, noise=0.1)
Dataset('moons', 160 to train on, 40 to test on, x (2,) -> y ())
"""

from course_lib.datasets import augmentation
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
from course_lib.datasets.preprocessing import StandardScaler, polynomial_features
from course_lib.datasets.splits import (
    k_fold,
    leave_one_out,
    stratified_k_fold,
    train_test_split,
    train_validation_test_split,
)
from course_lib.datasets.tables import Table, load_table

__all__ = [
    "POLYNOMIAL",
    "Dataset",
    "StandardScaler",
    "Table",
    "augmentation",
    "blobs",
    "circles",
    "k_fold",
    "leave_one_out",
    "line",
    "load_diabetes",
    "load_digits",
    "load_names",
    "load_sunspots",
    "load_table",
    "moons",
    "noisy_polynomial",
    "noisy_quadratic",
    "polynomial_features",
    "spirals",
    "stratified_k_fold",
    "train_test_split",
    "train_validation_test_split",
    "xor",
]
