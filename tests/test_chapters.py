"""What a learner meets in a chapter: short open code, the rest folded, questions, and honest minutes."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from course_lib.teaching.check import EXERCISES

CHAPTERS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("[0-9][0-9]_*.ipynb"))
# A folded cell is of one kind, which its tag and its first line name: JupyterLab shows that line.
KINDS = {"setup": "# Set-up", "claim": "# Measurement", "figure": "# Picture", "predict": "# Question"}
MOST_LINES = 15  # of an open cell
# What only sets up, measures or draws, and so is folded.
FOLDED_CODE = {
    "setup": r"^(from course_lib\.explorers|import matplotlib|plt\.rcParams)",
    "claim": r"\bclaim\(",
    "figure": r"\bEXPLORERS\[|\bplt\.|\baxes\.|\bfigure\b",
    "predict": r"^predict\(",
}
QUESTIONS_IN_FULL = ("00", "01", "02", "06")  # the chapters of the second edition


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request) -> Path:
    return request.param


@pytest.fixture
def cells(path) -> list:
    return nbformat.read(path, as_version=4).cells


def code(cells) -> list:
    return [cell for cell in cells if cell.cell_type == "code"]


def is_folded(cell) -> bool:
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def lines(cell) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def test_a_folded_cell_says_of_which_kind_it_is(cells):
    for cell in code(cells):
        tags = cell.metadata.get("tags", [])
        if not is_folded(cell):
            assert tags == [], f"{cell.id} is open and has the tags {tags}"
            continue
        assert len(tags) == 1, cell.id
        assert cell.source.splitlines()[0] == KINDS[tags[0]], cell.id
        assert lines(cell) > 1, f"{cell.id} is empty"


def test_an_open_cell_is_short_and_neither_sets_up_nor_measures_nor_draws(cells):
    for cell in code(cells):
        if is_folded(cell):
            continue
        assert lines(cell) <= MOST_LINES, f"{cell.id} has {lines(cell)} lines"
        for kind, sign in FOLDED_CODE.items():
            found = re.search(sign, cell.source, re.MULTILINE)
            assert not found, f"{cell.id} holds {found[0]!r}, which is folded as {kind}"


def test_a_folded_cell_is_of_the_kind_that_it_says(cells):
    signs = {"figure": r"EXPLORERS\[|\.plot|axes|figure|show", "predict": r"^predict\("}
    for cell in code(cells):
        for kind in cell.metadata.get("tags", []):
            if kind in signs:
                assert re.search(signs[kind], cell.source, re.MULTILINE), f"{cell.id} is no {kind}"


# -- minutes -------------------------------------------------------------------------------------


def reading(cells) -> float:
    """Minutes to read and slide: 200 words a minute, a minute an equation, three an explorer.

    Solutions and "Going deeper" are extra; what is folded otherwise is read.
    """
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = text.partition("\n## Going deeper")[0]
    text = re.sub(r"<details><summary>Solution.*?</details>|```.*?```", "", text, flags=re.DOTALL)
    equations = re.findall(r"\$\$.*?\$\$", text, flags=re.DOTALL)
    words = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).split()
    explorers = [
        cell
        for cell in code(cells)
        if cell.metadata.get("tags") == ["figure"] and "EXPLORERS[" in cell.source
    ]
    return len(words) / 200 + len(equations) + 3 * len(explorers)


def test_the_promised_minutes_are_the_counted_ones(path, cells):
    promise = (
        r"\*\*Time\*\* about (\d+) minutes of reading and sliding, and (\d+) minutes for the exercises\."
    )
    found = re.search(promise, cells[0].source)
    assert found, "the title does not promise a time"
    to_read, to_solve = map(int, found.groups())
    assert abs(to_read - reading(cells)) <= 4
    assert abs(to_solve - sum(exercise.minutes for exercise in EXERCISES[path.stem])) <= 3


def test_each_exercise_says_its_minutes_and_how_hard_it_is(path, cells):
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    told = re.findall(r"\*\*Exercise \d+\*\* \(([a-z-]+), (\d+) min\)", text)
    known = [(exercise.difficulty, str(exercise.minutes)) for exercise in EXERCISES[path.stem]]
    assert Counter(told) == Counter(known)


def test_a_chapter_of_the_second_edition_has_hints_and_asks_by_predict(path, cells):
    if not path.stem.startswith(QUESTIONS_IN_FULL):
        return
    for exercise in EXERCISES[path.stem]:
        assert len(exercise.hints) >= 2, exercise.name
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "**Predict" not in text
    assert "**What happened.**" not in text  # it is folded
    assert text.count("<summary>What happened</summary>") >= 3


# -- questions -----------------------------------------------------------------------------------


def questions(cells) -> list[ast.Call]:
    asked = [cell for cell in code(cells) if cell.metadata.get("tags") == ["predict"]]
    return [ast.parse(cell.source).body[-1].value for cell in asked]


def test_questions_are_named_by_their_chapter_and_each_name_once(path, cells):
    names = [call.args[0].value for call in questions(cells)]
    assert all(name.startswith(path.stem[:3].replace("_", "-")) for name in names)
    assert len(set(names)) == len(names)


def test_every_guess_gets_a_reply_of_its_own(cells):
    for call in questions(cells):
        replies = ast.literal_eval(call.args[2])
        assert len(replies) >= 3, call.args[0].value
        assert len(set(replies.values())) == len(replies)
        assert "$" not in ast.unparse(call), "the form does not typeset mathematics"


def test_the_right_option_is_not_told_by_its_place():
    """Over the whole course it is neither always the first nor always the last."""
    places = []
    for path in CHAPTERS:
        for call in questions(nbformat.read(path, as_version=4).cells):
            replies = list(ast.literal_eval(call.args[2]))
            (right,) = (ast.literal_eval(word.value) for word in call.keywords if word.arg == "right")
            if isinstance(right, str):
                places.append(replies.index(right) / (len(replies) - 1))
    assert 0.2 < sum(places) / len(places) < 0.8
    assert max(Counter(places).values()) < 0.7 * len(places)


def test_a_stub_is_called_once_in_the_course():
    """All right answers stand in one file, `my_nn.py`."""
    found = re.compile(r"check\.\w+\((my_\w+)\)")
    names = [
        name
        for path in CHAPTERS
        for cell in code(nbformat.read(path, 4).cells)
        for name in found.findall(cell.source)
    ]
    assert [name for name, times in Counter(names).items() if times > 1] == []
