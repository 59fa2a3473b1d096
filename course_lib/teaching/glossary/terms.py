"""The terms themselves, which stand in `terms.csv`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple


class Term(NamedTuple):
    """One line of the glossary.

    In `symbol`, `x_{i}` has a subscript and `x^{i}` a superscript. Everything else is Unicode, so that it can
    be read in a table, and read aloud.
    """

    english: str  # "batch, mini-batch": two words for one thing
    chinese: str
    symbol: str
    meaning: str
    chapter: str  # "00, 01": those that explain it

    def names(self) -> set[str]:
        """Its English words, without what stands in parentheses.

        Example:
            >>> sorted(Term("batch, mini-batch (of data)", "", "", "", "").names())
            ['batch', 'mini-batch']
        """
        return parts(self.english)


def parts(words: str) -> set[str]:
    """What is listed between commas, without what stands in parentheses.

    Example:
        >>> sorted(parts("轮次 (epoch), 更新"))
        ['更新', '轮次']
    """
    return {part.partition(" (")[0].strip() for part in words.split(",")}


def _read() -> tuple[Term, ...]:
    with open(Path(__file__).parent / "terms.csv", encoding="utf-8", newline="") as file:
        return tuple(Term(**row) for row in csv.DictReader(file))


TERMS = _read()
