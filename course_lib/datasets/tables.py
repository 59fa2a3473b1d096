"""Tables of numbers in CSV files, one sample a row and the label last."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from course_lib.core import flag, one_of
from course_lib.datasets.csv_files import SEPARATORS, Sheet, read_sheet, shown
from course_lib.datasets.dataset import Dataset
from course_lib.datasets.headers import name_columns
from course_lib.datasets.numerals import MARKS, decimal_mark, read_numbers
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
        notes: what was decided about the file it was read from, in short sentences.

    >>> Table("tiny", np.zeros((3, 2)), np.zeros(3, dtype=int), ("a", "b", "label"))
    Table('tiny', 3 samples of 2 features)
    >>> Table("tiny", np.zeros((3, 1)), np.ones(3, dtype=int), ("a", "label"), ("no sample is of class 0",))
    Table('tiny', 3 samples of 1 features; no sample is of class 0)
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        size = f"{len(self.x)} samples of {self.x.shape[1]} features"
        return f"Table({self.name!r}, {'; '.join((size, *self.notes))})"

    def split(self, rng: np.random.Generator, test_size: float = 0.2) -> Dataset:
        """Shuffle the samples and set a fraction of them aside to test on.

        >>> table = Table("tiny", np.zeros((5, 2)), np.zeros(5, dtype=int), ("a", "b", "label"))
        >>> table.split(np.random.default_rng(0))
        Dataset('tiny', 4 to train on, 1 to test on, x (2,) -> y ())
        """
        x_train, x_test, y_train, y_test = train_test_split(self.x, self.y, test_size=test_size, rng=rng)
        return Dataset(self.name, x_train, y_train, x_test, y_test)


def load_table(
    path: str | Path,
    task: str = "classification",
    *,
    header: bool | None = None,
    decimal: str | None = None,
) -> Table:
    """Read a CSV file of numbers, plain or gzipped, whose last column is the label.

    What the file leaves open and can be told from its values is decided, and said in the table's notes; what
    cannot be told, or looks wrong, is refused.

    Args:
        path: a file with values separated by commas, semicolons or tabs, in UTF-8; gzipped if its name ends
            in .gz.
        task: ``classification`` makes the labels integers of shape (N,) and demands class numbers: whole,
            from 0 up, below 1,000 or below N; ``regression`` keeps them floats, of shape (N, 1).
        header: whether the first line names the columns; None: it does if it holds words and no numbers.
        decimal: what stands before decimals, "." or ","; None: a comma if the values have commas.

    Returns:
        The samples, in the order of the file. A first column that has no name and numbers the rows is left
        out.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is damaged or not CSV; a value is missing, not a number, not finite or not a
            class number; a row is too short or too long; names and numbers, or decimals and thousands, cannot
            be told apart. The message names the file, the line, the column and the value.

    >>> from course_lib.datasets.bundled import DATA
    >>> load_table(DATA / "pima_diabetes.csv")
    Table('pima_diabetes', 532 samples of 7 features)
    """
    _check_arguments(path, task, header, decimal)
    sheet = name_columns(read_sheet(Path(path)), header)
    if not sheet.lines or len(sheet.columns) < 2:
        raise ValueError(_no_table(sheet))
    mark = decimal or decimal_mark(sheet)
    values = read_numbers(sheet, mark)
    x, y, notes = values[:, :-1], values[:, -1:], (*_separators(sheet, mark), *sheet.notes)
    if task == "classification":
        y = _class_numbers(sheet, mark)
        notes = (*notes, *_absent_classes(y))
    return Table(sheet.path.name.split(".")[0], x, y, sheet.columns, notes)


def _check_arguments(path: str | Path, task: str, header: bool | None, decimal: str | None) -> None:
    one_of("task", task, ["classification", "regression"])
    if not isinstance(path, (str, Path)):
        raise TypeError(f"path must be the name of a CSV file, got {path!r}")
    if header is not None:
        flag("header", header)
    if decimal is not None:
        one_of("decimal", decimal, [".", ","])


def _no_table(sheet: Sheet) -> str:
    """What to say of a file without rows, or with a single column."""
    wanted = "rows of two or more numbers with commas, semicolons or tabs between, the label last"
    if not sheet.lines:
        return (
            f"{sheet.path} must hold {wanted}; it holds only the names {', '.join(map(shown, sheet.columns))}"
        )
    line, row = sheet.lines[0]
    held = f"line {line} holds {shown(row[0]) if row else 'its number'}"
    return "; ".join((f"{sheet.path} must hold {wanted}", held, *sheet.notes))


def _separators(sheet: Sheet, mark: str) -> tuple[str, ...]:
    """A note on how the values were told apart, unless by commas, with decimal points."""
    if (sheet.separator, mark) == (",", "."):
        return ()
    used = any(mark in cell for _, row in sheet.lines for cell in row)
    decimals = f", decimal {MARKS[mark]}s" if used else ""
    return (f"values separated by {SEPARATORS[sheet.separator]}{decimals}",)


def _class_numbers(sheet: Sheet, mark: str) -> np.ndarray:
    """The labels as integers. Their text is judged, as 1e19 and 0.99999999999999999 are whole as floats."""
    largest = max(1000, len(sheet.lines)) - 1
    labels = []
    for line, row in sheet.lines:
        label = _exact(row[-1].replace(mark, "."))
        if not 0 <= label <= largest or label != int(label):
            why = f"{_plain(row[-1])} is not a class number 0, 1, 2 … {largest}"
            hint = "give task='regression' if the label is a quantity"
            raise sheet.error(f"{why}; {hint}", line, sheet.columns[-1])
        labels.append(int(label))
    return np.array(labels, dtype=np.int64)


def _exact(numeral: str) -> Decimal:
    try:
        return Decimal(numeral)
    except InvalidOperation:  # an exponent of twenty digits
        return Decimal(-1)


def _plain(cell: str) -> str:
    return shown(cell)[1:-1]


def _absent_classes(y: np.ndarray) -> tuple[str, ...]:
    """A note if the labels leave some class out, as labels from 1 up do."""
    absent = np.flatnonzero(np.bincount(y) == 0)
    if absent.size == 0:
        return ()
    if absent.size == 1:
        return (f"no sample is of class {absent[0]}",)
    return (f"{absent.size} of the classes 0 to {y.max()} have no sample",)
