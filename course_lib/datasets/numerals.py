"""From the cells of a table to its numbers: which mark stands before decimals, and what is no number."""

import re
from typing import NoReturn

import numpy as np

from course_lib.datasets.csv_files import Sheet, shown

__all__ = ["MARKS", "complaint", "decimal_mark", "is_missing", "is_word", "like_a_number", "read_numbers"]

NUMBER = {  # by decimal mark; only these digits: float() also takes '1_000', 'nan' and '１'
    mark: re.compile(rf"[-+]?([0-9]+[{mark}]?[0-9]*|[{mark}][0-9]+)([eE][-+]?[0-9]+)?") for mark in ".,"
}
# 1,234: one and a bit, or more than a thousand?
AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}")
# 1,234.5 and 1.234.567 and 1 234: there is no doubt that thousands are separated.
THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([.,' \u00a0\u202f][0-9]{3})+([.,][0-9]*)?")
MISSING = re.compile(r"|[?*.]|--?|#?n/a|na|<na>|[-+]?nan|null|none|nil", re.IGNORECASE)
MARKS = {".": "point", ",": "comma"}


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a missing value; 'Na' may name a column of sodium and does not.

    >>> [cell for cell in ("NA", "Na", "?", "0") if is_missing(cell)]
    ['NA', '?']
    """
    return bool(MISSING.fullmatch(cell)) and cell != "Na"


def like_a_number(cell: str) -> bool:
    """Whether a cell is written as a number is, even one that ``read_numbers`` refuses.

    >>> [cell for cell in ("1,5", "1.234,5", "1_000", "inf", "x1") if like_a_number(cell)]
    ['1,5', '1.234,5', '1_000', 'inf']
    """
    if any(pattern.fullmatch(cell) for pattern in (*NUMBER.values(), THOUSANDS)):
        return True
    try:
        float(cell)
    except ValueError:
        return False
    return True


def is_word(cell: str) -> bool:
    """Whether a cell may name a column or a class: it has a letter, is no number and does not mean "missing".

    >>> [cell for cell in ("x1", "5 %", "nan", "inf", "1e5") if is_word(cell)]
    ['x1']
    """
    return any(map(str.isalpha, cell)) and not is_missing(cell) and not like_a_number(cell)


def decimal_mark(sheet: Sheet) -> str:
    """Find whether the numbers of a table have decimal points or decimal commas.

    Args:
        sheet: rows of numbers under their columns.

    Returns:
        The mark: a comma where some number has a comma, otherwise a point.

    Raises:
        ValueError: both marks occur, or every mark has three digits behind it and one to three before it, so
            that it may separate thousands. A point between values separated by commas is above that doubt.

    >>> from pathlib import Path
    >>> decimal_mark(Sheet(Path("own.csv"), ";", [(1, ["0,5", "2"])], ("a", "label")))
    ','
    """
    if sheet.separator == "," and not any("," in cell for _, row in sheet.lines for cell in row):
        return "."
    points, commas = (_with_mark(sheet, mark) for mark in ".,")
    if points and commas:
        (line, column, cell), (other_line, _, other) = commas[0], points[0]
        what = f"{shown(cell)} has a comma, {shown(other)} on line {other_line} a point"
        raise sheet.error(f"{what}; write decimal points, and do not separate thousands", line, column)
    if commas or sheet.separator != ",":
        _refuse_ambiguous(sheet, commas or points, "," if commas else ".")
    return "," if commas else "."


def _refuse_ambiguous(sheet: Sheet, marked: list[tuple[int, str, str]], mark: str) -> None:
    """Refuse numbers of which every one may be read with decimals or with thousands."""
    if marked and all(AMBIGUOUS.fullmatch(cell) for _, _, cell in marked):
        line, column, cell = marked[0]
        what = f"{shown(cell)} may be {cell.replace(mark, '.')} or {cell.replace(mark, '')}"
        hint = f"give decimal={mark!r} if the {MARKS[mark]} is a decimal one, or else take it out"
        raise sheet.error(f"{what}; {hint}", line, column)


def _with_mark(sheet: Sheet, mark: str) -> list[tuple[int, str, str]]:
    """Line, column and cell of every number with a decimal mark."""
    return [
        (line, column, cell)
        for line, row in sheet.lines
        for column, cell in zip(sheet.columns, row)
        if mark in cell and NUMBER[mark].fullmatch(cell)
    ]


def read_numbers(sheet: Sheet, mark: str) -> np.ndarray:
    """Turn all cells into numbers.

    Args:
        sheet: N rows under d columns.
        mark: what stands before the decimals, a point or a comma.

    Returns:
        Finite numbers of shape (N, d).

    Raises:
        ValueError: a cell is missing, not a number or not finite.

    >>> from pathlib import Path
    >>> read_numbers(Sheet(Path("own.csv"), ";", [(1, ["0,5", "2"])], ("a", "label")), ",")
    array([[0.5, 2. ]])
    """
    pattern = NUMBER[mark]

    def number(cell: str) -> float:
        return float(cell.replace(mark, ".")) if pattern.fullmatch(cell) else np.nan

    values = np.array([[number(cell) for cell in row] for _, row in sheet.lines])
    wrong = np.argwhere(~np.isfinite(values))
    if wrong.size:
        _refuse_value(sheet, *wrong[0], mark)
    return values


def _refuse_value(sheet: Sheet, i: int, j: int, mark: str) -> NoReturn:
    """Raise the error that says why row i has no number in column j."""
    line, row = sheet.lines[i]
    if all(map(is_word, row)):
        words = ", ".join(map(shown, row[:3])) + (", …" if len(row) > 3 else "")
        hint = "delete the line if it is a header, or give each word a number"
        raise sheet.error(f"no number, but {words}; {hint}", line)
    raise sheet.error(complaint(row[j], j == len(row) - 1, mark), line, sheet.columns[j])


def complaint(cell: str, is_label: bool = False, mark: str = ".") -> str:
    """Say why a cell is not a number, and what would do.

    Args:
        cell: the text of the cell.
        is_label: whether it stands in the last column.
        mark: what stands before decimals, a point or a comma.

    >>> complaint("NA")
    "'NA' stands for a missing value; fill it in, or delete the line"
    """
    other = "," if mark == "." else "."
    if is_missing(cell):
        what = f"{shown(cell)} stands for a missing value" if cell else "the value is missing"
        return f"{what}; fill it in, or delete the line"
    if NUMBER[mark].fullmatch(cell):
        return f"{shown(cell)} is not a finite number; the largest is about 1.8e308"
    if NUMBER[other].fullmatch(cell):
        return f"{shown(cell)} has no decimal {MARKS[mark]}; give decimal={other!r} if that is how to read it"
    if THOUSANDS.fullmatch(cell):
        return f"{shown(cell)} separates thousands; write it without, as in 1234{mark}5"
    if cell.lower() in ("true", "false"):
        return f"{shown(cell)} is not a finite number; write 1 for true and 0 for false"
    if is_label and is_word(cell):
        return f"{shown(cell)} is not a finite number; number the classes 0, 1, 2 …"
    return f"{shown(cell)} is not a finite number; write digits as in -1234.5 or 1.2e3"
