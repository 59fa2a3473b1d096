"""The four tables beside this file: small, offline, and checked against their SHA-256 before they are read.

Where each comes from, under which license, and whose data it is, stands in ``data/README.md``.
"""

import csv
import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_lib.datasets.tables import Table, load_table

__all__ = ["DATA", "Names", "Sunspots", "load_diabetes", "load_digits", "load_names", "load_sunspots"]

DATA = Path(__file__).parent / "data"


class Names(NamedTuple):
    """First names of the 1990 US census, women first, each in order of frequency."""

    name: np.ndarray  # (N,) lower-case letters
    sex: np.ndarray  # (N,) 'F' or 'M'
    percent: np.ndarray  # (N,) of the women, or of the men, who bear it


class Sunspots(NamedTuple):
    """The mean number of sunspots in each year."""

    year: np.ndarray  # (N,) 1700 to 2008
    sunspots: np.ndarray  # (N,)


def load_digits() -> Table:
    """Load 1,797 handwritten digits of 8 x 8 pixels.

    Returns:
        x of shape (1797, 64), gray levels from 0 to 16, row by row; y of shape (1797,), the digits 0 to 9.

    >>> load_digits()
    Table('digits', 1797 samples of 64 features)
    """
    return load_table(_verified("digits.csv.gz"))


def load_diabetes() -> Table:
    """Load 532 records of women tested for diabetes, with 7 features each.

    Returns:
        x of shape (532, 7), in the units that ``data/README.md`` names; y of shape (532,), 1 for diabetes.

    >>> load_diabetes().columns[:3]
    ('pregnancies', 'glucose', 'blood_pressure')
    """
    return load_table(_verified("pima_diabetes.csv"))


def load_names() -> Names:
    """Load the first names of the 1990 US census.

    >>> names = load_names()
    >>> str(names.name[0]), str(names.sex[0]), float(names.percent[0])
    ('mary', 'F', 2.629)
    """
    with _verified("names.csv").open(encoding="utf-8", newline="") as file:
        name, sex, percent = zip(*list(csv.reader(file))[1:], strict=True)
    return Names(np.array(name), np.array(sex), np.array(percent, dtype=float))


def load_sunspots() -> Sunspots:
    """Load the number of sunspots in each year from 1700 to 2008.

    >>> load_sunspots().year[[0, -1]]
    array([1700, 2008])
    """
    table = load_table(_verified("sunspots.csv"), task="regression")
    return Sunspots(table.x[:, 0].astype(np.int64), table.y[:, 0])


def _verified(file: str) -> Path:
    """Return the path of a file in ``data/``, after comparing its SHA-256 with the one on record."""
    path = DATA / file
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; {_way_back(path)}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != _recorded_sha256(file):
        raise ValueError(
            f"{path} is not the file this course was tested with: its SHA-256 differs from the one in "
            f"{path.with_name('SHA256SUMS')}; {_way_back(path)}"
        )
    return path


def _way_back(path: Path) -> str:
    """Say how to get a file of the course again: from the clone, or with the package."""
    clone = next((folder for folder in path.parents if (folder / ".git").exists()), None)
    if clone and (clone / "requirements.txt").exists():
        return f"get it back with: git -C {clone} checkout -- {path.relative_to(clone).as_posix()}"
    return "get it back by installing course_lib again"


def _recorded_sha256(file: str) -> str:
    lines = (DATA / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in map(str.split, lines)}[file]
