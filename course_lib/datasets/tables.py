"""Tables of numbers in CSV files, one sample a row and the label last."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_lib.core import one_of
from course_lib.datasets.dataset import Dataset
from course_lib.datasets.splits import train_test_split

__all__ = ["Table", "load_table"]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """All samples of a table, not yet split.

    Attributes:
        name: what it is called in titles.
        x: the features, shape (N, d).
        y: the labels, integers of shape (N,) for classification, floats of shape (N, 1) for regression.
        columns: the names of the d features and of the label.

    >>> Table("tiny", np.zeros((3, 2)), np.zeros(3, dtype=int), ("a", "b", "label"))
    Table('tiny', 3 samples of 2 features)
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    columns: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {len(self.x)} samples of {self.x.shape[1]} features)"

    def split(self, rng: np.random.Generator, test_size: float = 0.2) -> Dataset:
        """Shuffle the samples and set a fraction of them aside to test on.

        >>> table = Table("tiny", np.zeros((5, 2)), np.zeros(5, dtype=int), ("a", "b", "label"))
        >>> table.split(np.random.default_rng(0))
        Dataset('tiny', 4 to train on, 1 to test on, x (2,) -> y ())
        """
        x_train, x_test, y_train, y_test = train_test_split(self.x, self.y, test_size=test_size, rng=rng)
        return Dataset(self.name, x_train, y_train, x_test, y_test)


def load_table(path: str | Path, task: str = "classification") -> Table:
    """Read a CSV file of numbers, plain or gzipped, whose last column is the label.

    Args:
        path: a file with values separated by commas; a first row without any number in it is a header.
        task: ``classification`` makes the labels integers of shape (N,) and demands whole numbers;
            ``regression`` keeps them floats, of shape (N, 1).

    Returns:
        The samples, in the order of the file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: a cell is empty, not a number or not finite, a row is too short or too long, or the file
            holds no samples; the message names the file, the line and the column.

    >>> from course_lib.datasets.bundled import DATA
    >>> load_table(DATA / "pima_diabetes.csv")
    Table('pima_diabetes', 532 samples of 7 features)
    """
    one_of("task", task, ["classification", "regression"])
    if not isinstance(path, (str, Path)):
        raise TypeError(f"path must be the name of a CSV file, got {path!r}")
    path = Path(path)
    columns, rows = _split_header(_read_lines(path))
    if not rows or len(columns) < 2:
        raise ValueError(f"{path} must hold rows of two or more numbers with commas between, the label last")
    values = np.array([_numbers(path, line, row, columns) for line, row in rows])
    x, y = values[:, :-1], values[:, -1:]
    if task == "classification":
        y = _class_numbers(path, y[:, 0], [line for line, _ in rows], columns[-1])
    return Table(path.name.split(".")[0], x, y, tuple(columns))


Line = tuple[int, list[str]]  # the number of a line in its file, and its cells


def _read_lines(path: Path) -> list[Line]:
    """Every line of the file that is not blank."""
    if not path.is_file():
        raise FileNotFoundError(f"path must name an existing CSV file, got {str(path)!r}")
    open_text = gzip.open if path.suffix == ".gz" else open
    try:
        with open_text(path, "rt", encoding="utf-8-sig", newline="") as file:  # -sig: Excel writes a mark
            reader = csv.reader(file, skipinitialspace=True)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, csv.Error) as error:
        raise ValueError(f"{path} must be a CSV file in UTF-8, or one compressed by gzip: {error}") from error
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise ValueError(f"{path} must hold at least one row of numbers, but it is empty")
    return lines


def _split_header(lines: list[Line]) -> tuple[list[str], list[Line]]:
    """The names of the columns, and the rows of numbers: a first row without any number is a header."""
    _, first = lines[0]
    if any(_is_number(cell) for cell in first):
        return [f"column {i}" for i in range(1, len(first) + 1)], lines
    return first, lines[1:]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbers(path: Path, line: int, row: list[str], columns: list[str]) -> list[float]:
    """Turn the cells of one row into numbers."""
    if len(row) != len(columns):
        raise ValueError(f"{path}, line {line}: {len(row)} values where {len(columns)} columns are expected")
    for cell, column in zip(row, columns):
        if not _is_number(cell) or not np.isfinite(float(cell)):
            what = f"{cell!r} is not a finite number" if cell else "the value is missing"
            raise ValueError(f"{path}, line {line}, column {column!r}: {what}")
    return [float(cell) for cell in row]


def _class_numbers(path: Path, y: np.ndarray, lines: list[int], column: str) -> np.ndarray:
    """Turn labels into integers, all of which must be whole and not negative."""
    wrong = np.flatnonzero((y != np.rint(y)) | (y < 0))
    if wrong.size:
        first = wrong[0]
        raise ValueError(
            f"{path}, line {lines[first]}, column {column!r}: {y[first]:g} is not a class number 0, 1, 2 …; "
            "give task='regression' if the label is a quantity"
        )
    return y.astype(np.int64)
