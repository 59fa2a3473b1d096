"""How far one has come: exercises, hints and guesses, chapter by chapter."""

from __future__ import annotations

from course_lib.teaching.desk import progress as kept
from course_lib.teaching.desk.files import desk_folder

_SHORT = 10  # guesses that are compared, first and last


class Report:
    """What `progress()` shows: a table, as text or as Markdown."""

    def __init__(self, head: list[str], rows: list[list[str]], lines: list[str]):
        self.head, self.rows, self.lines = head, rows, lines

    def __repr__(self) -> str:
        table = [self.head, *self.rows] if self.rows else []
        widths = [max(map(len, column)) for column in zip(*table)]
        padded = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table]
        return "\n".join(padded + self.lines)

    def _repr_markdown_(self) -> str:
        table = [self.head, [":--"] * len(self.head), *self.rows] if self.rows else []
        rows = "\n".join(f"| {' | '.join(row)} |" for row in table)
        return "\n\n".join([part for part in (rows, *self.lines) if part])


def progress() -> Report:
    """How far you have come in each chapter: what is solved, with how many hints, and how your guesses do.

    Example:
        >>> progress()  # doctest: +SKIP
        chapter              solved  tries  hints  guesses right
        01 gradient descent  2 of 5  3      1      4 of 6
        Your guesses in order (● right, ○ not): ●○●●○●
    """
    from course_lib.teaching.check import EXERCISES  # late: the registry knows everything in this room

    record, note = kept.read()
    chapters = {chapter: [e.name for e in exercises] for chapter, exercises in EXERCISES.items()}
    rows = [row for chapter, names in chapters.items() if (row := _row(chapter, names, record))]
    lines = [] if rows else ["No guesses and no answers yet."]
    lines += _guesses(record)
    if rows and desk_folder() is None:
        lines.append("This lasts as long as the kernel: there is no desk to keep it.")
    return Report(["chapter", "solved", "tries", "hints", "guesses right"], rows, lines + [note] * bool(note))


def _row(chapter: str, names: list[str], record: kept.Record) -> list[str] | None:
    """A line of the table; nothing for a chapter without a trace."""
    tried = [record["exercises"][name] for name in names if name in record["exercises"]]
    guesses = [guess for name, guess in record["guesses"].items() if name[:2] == chapter[:2]]
    if not tried and not guesses:
        return None
    return [
        chapter.replace("_", " "),
        f"{sum(entry['right'] is not None for entry in tried)} of {len(names)}",
        str(sum(entry["tries"] for entry in tried)),
        str(sum(entry["hints"] for entry in tried)),
        f"{sum(guess['right'] for guess in guesses)} of {len(guesses)}",
    ]


def _guesses(record: kept.Record) -> list[str]:
    """The guesses in the order in which they were made; from enough of them on, the first and the last."""
    right = [guess["right"] for guess in sorted(record["guesses"].values(), key=lambda guess: guess["when"])]
    if not right:
        return []
    lines = ["Your guesses in order (● right, ○ not): " + "".join("●" if good else "○" for good in right)]
    if len(right) >= 2 * _SHORT:
        first, last = sum(right[:_SHORT]), sum(right[-_SHORT:])
        lines.append(f"Of the first {_SHORT}, {first} were right; of the last {_SHORT}, {last}.")
    return lines
