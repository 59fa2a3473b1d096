"""The names of a table's columns: is the first line names, and does a column only number the rows?"""

import re

from course_lib.datasets.csv_files import SEPARATORS, Sheet, shown
from course_lib.datasets.numerals import complaint, is_missing, is_word, like_a_number

__all__ = ["name_columns"]

# What pandas and R call the column of row numbers: nothing; and pandas, once it has read that, 'Unnamed: 0'.
INDEX = re.compile(r"|Unnamed: 0(\.[0-9]+)?")


def name_columns(sheet: Sheet, header: bool | None = None) -> Sheet:
    """Name the columns of a table, and leave out a nameless column that numbers the rows.

    Args:
        sheet: the lines of the file.
        header: whether the first line holds the names; None: it does if it holds words and no numbers.

    Returns:
        The rows of values under their columns, which are called "column 1" and so on if the file names none.

    Raises:
        ValueError: the first line may be names or a sample; a column has no name, or that of another one; a
            row is too short or too long; a line is a comment.

    >>> from pathlib import Path
    >>> lines = [(1, ["", "a", "label"]), (2, ["0", "0.5", "1"]), (3, ["1", "0.7", "0"])]
    >>> sheet = name_columns(Sheet(Path("own.csv"), ",", lines))
    >>> sheet.columns, sheet.notes
    (('a', 'label'), ("the column '' numbers the rows and was left out",))
    """
    _refuse_comments(sheet)
    _refuse_empty_ends(sheet)
    if header is None:
        header, notes = _has_header(sheet)
        sheet = sheet._replace(notes=sheet.notes + notes)
    line, first = sheet.lines[0]
    if header:
        sheet = _with_index_name(sheet._replace(columns=tuple(first), lines=sheet.lines[1:]))
    else:
        sheet = sheet._replace(columns=_numbered(first))
    _refuse_ragged(sheet)
    _refuse_repeated(sheet)
    sheet = _without_index(sheet)
    _refuse_names(sheet, line)
    return sheet


def _numbered(row: list[str]) -> tuple[str, ...]:
    return tuple(f"column {j}" for j in range(1, len(row) + 1))


def _refuse_comments(sheet: Sheet) -> None:
    """Refuse a line that starts as a comment does, and holds fewer values than the others."""
    n_columns = max(len(row) for _, row in sheet.lines)
    for line, row in sheet.lines:
        comment = row[0].startswith(("#", "%", "//", "sep=")) and not is_missing(row[0])
        if comment and sum(map(bool, row)) < n_columns:
            raise sheet.error(f"{shown(row[0])} is not a row of the table; delete the line", line)


def _refuse_empty_ends(sheet: Sheet) -> None:
    """Refuse rows that all end in a separator, unless the column it opens has a name."""
    (_, first), *rows = sheet.lines
    named = first[-1] and not any(len(row) > len(first) for _, row in rows)
    if named or any(row[-1] for _, row in rows):
        return
    line = rows[0][0] if first[-1] else sheet.lines[0][0]
    what = f"nothing follows the last of the {SEPARATORS[sheet.separator]}, in this line and all others"
    raise sheet.error(f"{what}; fill in the labels, or end the lines sooner", line)


def _has_header(sheet: Sheet) -> tuple[bool, tuple[str, ...]]:
    """Whether the first line names the columns, and what there is to note about that."""
    line, first = sheet.lines[0]
    from_0, from_1 = ([str(start + j) for j in range(len(first))] for start in (0, 1))
    if first == ["", *from_0[:-1]] and len(first) > 2:
        return True, (f"line {line} counts the columns from 0 and was taken as their names",)
    if first == from_0 and len(first) > 2:
        what = f"{', '.join(first[:3])}{' …' if len(first) > 3 else ''} may name the columns or be a sample"
        raise sheet.error(f"{what}; give header=True for names, header=False for a sample", line)
    _refuse_mixed(sheet)
    if any(map(is_word, first)):
        return True, ()
    counts = first in (from_0, from_1) and first not in (["0"], ["1", "2"])
    return False, (f"line {line} counts the columns and was taken as a sample",) if counts else ()


def _refuse_mixed(sheet: Sheet) -> None:
    """Refuse a first line with words beside numbers, or beside what stands for a missing value."""
    line, first = sheet.lines[0]
    if not any(map(is_word, first)):
        return
    has_number = any(like_a_number(cell) and not is_missing(cell) for cell in first)
    for j, cell in enumerate(first):
        if is_word(cell) if has_number else cell and is_missing(cell):
            hint = "or give header=True if the line names the columns"
            raise sheet.error(f"{complaint(cell, j == len(first) - 1)}; {hint}", line, f"column {j + 1}")


def _with_index_name(sheet: Sheet) -> Sheet:
    """Add the name that R leaves out in front of the others, where the rows begin with their number."""
    n = len(sheet.columns) + 1
    if len(sheet.lines) > 1 and all(len(row) == n for _, row in sheet.lines) and _numbers_the_rows(sheet):
        return sheet._replace(columns=("", *sheet.columns))
    return sheet


def _numbers_the_rows(sheet: Sheet) -> bool:
    """Whether the first column counts from 0 or from 1."""
    first = [row[0] for _, row in sheet.lines]
    return any(first == [str(start + i) for i in range(len(first))] for start in (0, 1))


def _refuse_ragged(sheet: Sheet) -> None:
    n = len(sheet.columns)
    for line, row in sheet.lines:
        if len(row) != n:
            what = f"{len(row)} {'value' if len(row) == 1 else 'values'} where {n} columns are expected"
            raise sheet.error(f"{what}; give each line as many values as the first", line)


def _refuse_repeated(sheet: Sheet) -> None:
    """Refuse the names a second time; but of two columns named 0 and 1 there may be a sample 0, 1."""
    for line, row in sheet.lines:
        if tuple(row) == sheet.columns and (len(row) > 2 or not all(map(like_a_number, row))):
            raise sheet.error(
                "the names of the columns again, as in files put together; delete the line", line
            )


def _without_index(sheet: Sheet) -> Sheet:
    """Leave out a nameless first column that numbers the rows; note one that has a name, and keep it."""
    while sheet.columns and INDEX.fullmatch(sheet.columns[0]):
        index, *columns = sheet.columns
        if not _numbers_the_rows(sheet):
            what = "a column without a name that does not number the rows in order; name it, or delete it"
            raise sheet.error(what, sheet.lines[0][0], index)
        lines = [(line, row[1:]) for line, row in sheet.lines]
        notes = (*sheet.notes, f"the column {index!r} numbers the rows and was left out")
        sheet = sheet._replace(columns=tuple(columns), lines=lines, notes=notes)
    if len(sheet.columns) > 2 and len(sheet.lines) > 2 and _numbers_the_rows(sheet):
        note = f"the column {sheet.columns[0]!r} numbers the rows and was kept as a feature"
        sheet = sheet._replace(notes=(*sheet.notes, note))
    return sheet


def _refuse_names(sheet: Sheet, line: int) -> None:
    """Refuse a column without a name, and two of the same name."""
    for j, name in enumerate(sheet.columns):
        if not name:
            raise sheet.error(f"column {j + 1} of {len(sheet.columns)} has no name; give it one", line)
        if name in sheet.columns[:j]:
            raise sheet.error(f"two columns are named {shown(name)}; rename one of them", line)
