"""From the bytes of a CSV file, plain or gzipped, to lines of cells: nothing is a number yet.

In the order of the work: what the file is, which bytes it holds, which text they spell, which cells it makes.
"""

import codecs
import csv
import gzip
import io
import os
import re
import zlib
from itertools import islice
from pathlib import Path
from typing import NamedTuple

__all__ = ["LARGEST", "SEPARATORS", "Line", "Sheet", "read_sheet", "shown"]

LARGEST = 2**30  # bytes of text, all of which is held in memory
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
Line = tuple[int, list[str]]  # the number of a line in its file, and its cells

BINARY = {
    b"PK\x03\x04": "a ZIP archive, as Excel's .xlsx is",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1\x15": "a Parquet file",
    b"\x80": "a Python pickle",
    b"\x93NUMPY": "a NumPy array",
    b"\x89HDF": "an HDF5 file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF-": "a PDF document",
    b"BZh91AY&SY": "compressed by bzip2",
    b"\xfd7zXZ": "compressed by xz",
}
TEXT = {r"\s*<[!?a-zA-Z]": "HTML or XML", r'\s*(\{\s*["}]|\[\s*[\[{"\d-])': "JSON"}
# A number in any country's writing, with separators of thousands or without.
ANY_NUMBER = re.compile(r"[-+]?([0-9]+\.?|[0-9]*([.,][0-9]+)+)([eE][-+]?[0-9]+)?")


class Sheet(NamedTuple):
    """The cells of a table as its file spells them.

    Attributes:
        path: the file.
        separator: what stands between two values: a comma, a semicolon or a tab.
        lines: each line that holds a value: its number in the file, and its cells without spaces around them.
        columns: the names of the columns, once they are known.
        notes: what was decided about the file.

    >>> Sheet(Path("own.csv"), ",", []).error("the value is missing", line=3, column="a")
    ValueError("own.csv, line 3, column 'a': the value is missing")
    """

    path: Path
    separator: str
    lines: list[Line]
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def error(self, what: str, line: int | None = None, column: str | None = None) -> ValueError:
        """Make the error that says what is wrong, and where.

        >>> Sheet(Path("own.csv"), ",", []).error("two headers", line=3)
        ValueError('own.csv, line 3: two headers')
        """
        at_line = "" if line is None else f", line {line}"
        at_column = "" if column is None else f", column {column!r}"
        return ValueError(f"{self.path}{at_line}{at_column}: {what}")


def shown(cell: str) -> str:
    """Quote a cell for a message, and cut it where it is long.

    >>> shown("NA")
    "'NA'"
    """
    return repr(cell if len(cell) <= 40 else f"{cell[:37]}...")


def read_sheet(path: Path) -> Sheet:
    """Read the cells of a CSV file.

    Args:
        path: text in UTF-8, or in UTF-16 with a mark in front, plain or compressed by gzip (then named .gz);
            values are separated by commas, semicolons or tabs, whichever makes most cells numbers.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is not a CSV file, is damaged, or holds no values.

    >>> from course_lib.datasets.bundled import DATA
    >>> sheet = read_sheet(DATA / "sunspots.csv")
    >>> sheet.separator, sheet.lines[:2]
    (',', [(1, ['year', 'sunspots']), (2, ['1700', '5'])])
    """
    text, notes = _decoded(path, _unpacked(path))
    separator = _separator(text)
    lines = _split(path, text, separator)
    full = [(number, row) for number, row in lines if any(row)]
    if not full:
        raise ValueError(f"{path} must hold at least one row of numbers, but it is empty")
    return Sheet(path, separator, full, notes=(*notes, *_emptied(lines)))


def _unpacked(path: Path) -> bytes:
    """The bytes of the text, of a plain or a gzipped file."""
    if not os.path.exists(path):  # unlike path.exists(), never an error for a name too long
        raise FileNotFoundError(f"path must name an existing CSV file, got {str(path)!r}")
    if not os.path.isfile(path):
        raise _not_csv(path, "it is a folder" if os.path.isdir(path) else "it is not a plain file")
    gzipped = path.suffix.lower() == ".gz"
    with path.open("rb") as file:
        if (file.read(2) == b"\x1f\x8b") != gzipped:
            raise _not_csv(path, _wrong_name(gzipped))
    try:
        with (gzip.open if gzipped else open)(path, "rb") as file:
            raw = file.read(LARGEST + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _not_csv(path, f"the compressed file is damaged ({error}); get it again") from error
    if len(raw) > LARGEST:
        raise _not_csv(path, f"it holds more than {LARGEST:,} bytes; make a smaller table of it")
    return raw


def _wrong_name(gzipped: bool) -> str:
    if gzipped:
        return "its name ends in .gz and its bytes are not gzip's; take .gz off the name if it was unpacked"
    return "it is compressed by gzip and its name does not end in .gz; add .gz to the name"


def _decoded(path: Path, raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, and a note if it is not in UTF-8."""
    for start, kind in BINARY.items():
        if raw.startswith(start):
            raise _not_csv(path, f"it starts like {kind}; save the table as CSV")
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")  # -sig: Excel writes a mark
    except UnicodeDecodeError as error:
        raise _not_csv(path, _wrong_bytes(error)) from error
    if "\0" in text:
        line = _line_number(text[: text.index("\0")])
        raise _not_csv(path, f"line {line} holds a zero byte, which no text does; save it as 'CSV UTF-8'")
    for start, kind in TEXT.items():
        if re.match(start, text):
            raise _not_csv(path, f"it starts like {kind} ({shown(text.strip())}); save the table as CSV")
    return text, ("the text is UTF-16",) if wide else ()


def _wrong_bytes(error: UnicodeDecodeError) -> str:
    if error.encoding != "utf-8":
        return f"its text is not whole UTF-16 ({error.reason}); save it as 'CSV UTF-8'"
    line = _line_number(error.object[: error.start].decode("latin-1"))
    byte = error.object[error.start]
    return (
        f"byte 0x{byte:02x} on line {line} is not UTF-8, as in Latin-1 or other text; save it as 'CSV UTF-8'"
    )


def _line_number(before: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", before)) + 1


def _separator(text: str) -> str:
    """The separator that makes the largest part of the first hundred lines numbers."""
    lines = [re.sub(r'"[^"]*"', "0", line) for line in islice(io.StringIO(text, newline=""), 100)]

    def part_of_numbers(separator: str) -> float:
        rows = [line.split(separator) for line in lines if separator in line]
        return sum(sum(map(_like_a_number, row)) / len(row) for row in rows)

    return max(SEPARATORS, key=lambda separator: (part_of_numbers(separator), text.count(separator)))


def _like_a_number(cell: str) -> bool:
    return ANY_NUMBER.fullmatch(cell.strip()) is not None


def _split(path: Path, text: str, separator: str) -> list[Line]:
    """Every line of the text as cells; a quoted cell may run over several lines."""
    if '"' in text:
        text = re.sub(r'" +(?=[,;\t\r\n]|$)', '"', text)  # '"a" ,' is read as '"a",'
    file = io.StringIO(text, newline="")
    reader = csv.reader(file, delimiter=separator, skipinitialspace=True, strict=True)
    lines, start = [], 1
    try:
        for row in reader:
            lines.append((reader.line_num, [cell.strip() for cell in row]))
            start = reader.line_num + 1
    except csv.Error as error:
        what = (
            f"line {start} does not fall into values ({error}); look for a quotation mark without a partner"
        )
        raise _not_csv(path, what) from error
    return lines


def _emptied(lines: list[Line]) -> tuple[str, ...]:
    """A note on the lines of separators alone."""
    numbers = [number for number, row in lines if len(row) > 1 and not any(row)]
    if not numbers:
        return ()
    if len(numbers) == 1:
        return (f"line {numbers[0]} holds separators alone and was left out",)
    return (f"{len(numbers)} lines hold separators alone and were left out",)


def _not_csv(path: Path, why: str) -> ValueError:
    return ValueError(f"{path} must be a CSV file in UTF-8, plain or compressed by gzip: {why}")
