"""Chapters merged cell by cell: what the learner wrote stays, what the course changed arrives."""

from __future__ import annotations

import copy
import json
import random

import nbformat
import pytest

from course_lib.teaching.desk.merge import merge
from tests.teaching.desk.notebooks import by_id, code, notebook, sources, text

STUB = "def my_step(w, g, lr):\n    return ...  # your line\n\n\nverdict = check.step(my_step)\nverdict"
SOLVED = STUB.replace("...  # your line", "w - lr * g")


def merged(base, mine, course):
    """The merged notebook, valid for nbformat; merging it once more with the same edition changes nothing."""
    result, clashes = merge(base, mine, course)
    again, none = merge(course, result, course)
    assert again == result
    assert none == 0
    result = nbformat.from_dict(json.loads(json.dumps(result)))
    nbformat.validate(result)
    ids = [cell.id for cell in result.cells]
    assert len(set(ids)) == len(ids)
    return result, clashes


def changed(content, name, source):
    """A notebook with another source in one cell."""
    content = copy.deepcopy(content)
    by_id(content)[name].source = source
    return content


def without(content, name):
    return notebook(*(cell for cell in copy.deepcopy(content.cells) if cell.id != name))


BASE = notebook(text("title", "# Steps"), code("exercise", STUB, "not tried yet"), text("end", "The end."))


def test_a_cell_that_only_the_course_changed_is_the_courses():
    result, clashes = merged(BASE, BASE, changed(BASE, "title", "# Steps, again"))
    assert (sources(result), clashes) == (["# Steps, again", STUB, "The end."], 0)


def test_a_cell_that_only_the_learner_changed_is_the_learners():
    result, clashes = merged(BASE, changed(BASE, "exercise", SOLVED), changed(BASE, "title", "# New"))
    assert (sources(result), clashes) == (["# New", SOLVED, "The end."], 0)


def test_lines_that_do_not_touch_are_all_there():
    mine = changed(BASE, "exercise", SOLVED)
    course = changed(BASE, "exercise", STUB.replace("check.step", "check.first_step"))
    result, clashes = merged(BASE, mine, course)
    assert result.cells[1].source == SOLVED.replace("check.step", "check.first_step")
    assert clashes == 0


@pytest.mark.parametrize(
    "course",
    [
        STUB.replace("...  # your line", "...  # one line"),  # the same line
        STUB.replace("w, g, lr", "w, g, lr, steps=1"),  # another line, but what is solved no longer fits it
    ],
)
def test_a_clash_leaves_the_learners_cell_and_shows_the_courses(course):
    result, clashes = merged(BASE, changed(BASE, "exercise", SOLVED), changed(BASE, "exercise", course))
    assert clashes == 1
    assert result.cells[1].source == SOLVED
    assert result.cells[2].id == "clash-exercise"
    assert f"```python\n{course}\n```" in result.cells[2].source
    assert len(result.cells) == 4


@pytest.mark.parametrize(
    ("base", "mine", "course"),
    [
        ("if a:\n    b()\nc()\nd()", "if a:\n    b()\nelse:\n    c()\nd()", "with a:\n    b()\nc()\nd()"),
        (
            "a()\nb()\n\nc()",
            "a()\nb()\nmine()\n\nc()",
            "a()\nb()\nc()",
        ),  # one inserts where the other deletes
    ],
)
def test_lines_that_do_not_fit_together_are_a_clash(base, mine, course):
    result, clashes = merged(*(notebook(code("cell", source)) for source in (base, mine, course)))
    assert (result.cells[0].source, clashes) == (mine, 1)
    assert course in result.cells[1].source


def test_a_changed_cell_that_the_course_dropped_stays_with_a_word():
    result, clashes = merged(BASE, changed(BASE, "exercise", SOLVED), without(BASE, "exercise"))
    assert [cell.id for cell in result.cells] == ["title", "exercise", "clash-exercise", "end"]
    assert result.cells[1].source == SOLVED
    assert "no longer has the cell above" in result.cells[2].source
    assert clashes == 1


def test_a_cell_that_the_learner_deleted_stays_away_unless_it_changed():
    assert sources(merged(BASE, without(BASE, "end"), BASE)[0]) == ["# Steps", STUB]
    result, clashes = merged(BASE, without(BASE, "end"), changed(BASE, "end", "The end, with `code`."))
    assert [cell.id for cell in result.cells] == ["title", "exercise", "clash-end"]
    assert "The end, with `code`." in result.cells[-1].source
    assert clashes == 1


def test_a_fence_is_longer_than_those_that_it_encloses():
    mine, course = changed(BASE, "end", "My end."), changed(BASE, "end", "````python\n1\n````")
    assert "`````markdown\n````python\n1\n````\n`````" in merged(BASE, mine, course)[0].cells[-1].source


def test_new_cells_of_both_keep_their_places():
    mine = copy.deepcopy(BASE)
    mine.cells[1:1] = [text("n1", "a note"), text("n2", "another")]
    mine.cells.insert(0, text("n0", "before all"))
    course = copy.deepcopy(BASE)
    course.cells.insert(1, text("play", "Play first."))
    course.cells.append(text("more", "Going deeper"))
    result, _ = merged(BASE, mine, course)
    assert [cell.id for cell in result.cells] == [
        "n0",
        "title",
        "n1",
        "n2",
        "play",
        "exercise",
        "end",
        "more",
    ]


def test_the_courses_order_holds_unless_the_learner_moved_cells():
    turned = notebook(*copy.deepcopy([BASE.cells[0], BASE.cells[2], BASE.cells[1]]))
    with_note = copy.deepcopy(BASE)
    with_note.cells.insert(2, text("note", "on the exercise"))
    order = [cell.id for cell in merged(BASE, with_note, turned)[0].cells]
    assert order == ["title", "end", "exercise", "note"]
    new = copy.deepcopy(BASE)
    new.cells.insert(2, text("new", "Look closely."))
    assert [cell.id for cell in merged(BASE, turned, new)[0].cells] == ["title", "end", "exercise", "new"]


def test_outputs_follow_the_source_and_never_clash():
    mine = changed(BASE, "exercise", SOLVED)
    by_id(mine)["exercise"].outputs = code("any", "", "Right").outputs
    course = copy.deepcopy(BASE)
    by_id(course)["exercise"].outputs = code("any", "", "not yet tried").outputs
    result, clashes = merged(BASE, mine, course)
    assert (result.cells[1].outputs[0].text, clashes) == ("Right", 0)
    mine.cells[1].source = STUB  # what the learner ran, as it came
    result, clashes = merged(BASE, mine, course)
    assert (result.cells[1].outputs[0].text, clashes) == ("not yet tried", 0)


def test_a_cell_that_the_learner_unfolded_stays_open():
    folded, open_ = {"source_hidden": True}, {"source_hidden": False}
    base = notebook(code("a", "1", jupyter=folded), code("b", "2"))
    mine = notebook(code("a", "1", jupyter=open_), code("b", "2", tags=["mine"]))
    course = notebook(code("a", "1 + 1", jupyter=folded, tags=["claim"]), code("b", "2", jupyter=folded))
    result, _ = merged(base, mine, course)
    assert result.cells[0].metadata == {"jupyter": open_, "tags": ["claim"]}
    assert result.cells[1].metadata == {"jupyter": folded, "tags": ["mine"]}


def test_pictures_in_the_text_of_both_are_there():
    picture = {"image/png": "iVBORw0KGgo="}
    base = notebook(text("a", "one\n\ntwo\n\nthree"))
    mine = changed(base, "a", "one\n\ntwo\n\nthree\n\n![](attachment:mine.png)")
    mine.cells[0].attachments = {"mine.png": picture}
    course = changed(base, "a", "One, ![](attachment:ours.png)\n\ntwo\n\nthree")
    course.cells[0].attachments = {"ours.png": picture}
    assert merged(base, mine, course)[0].cells[0].attachments == {"mine.png": picture, "ours.png": picture}


# -- notes of earlier updates --------------------------------------------------------------------


@pytest.fixture
def clashed():
    """A course of three editions; the learner's copy clashed with the second."""
    second = changed(BASE, "exercise", STUB.replace("my_step(w", "my_step(weights"))
    third = changed(second, "exercise", STUB.replace("my_step(w", "my_step(w_all"))
    return merged(BASE, changed(BASE, "exercise", SOLVED), second)[0], second, third


def test_a_note_stays_as_long_as_the_two_differ_and_does_not_multiply(clashed):
    mine, second, third = clashed
    result, clashes = merged(second, mine, changed(second, "title", "# Other"))
    assert ([cell.id for cell in result.cells], clashes) == (
        ["title", "exercise", "clash-exercise", "end"],
        0,
    )
    result, clashes = merged(second, mine, third)
    assert ([cell.id for cell in result.cells], clashes) == (
        ["title", "exercise", "clash-exercise", "end"],
        1,
    )
    assert "w_all" in result.cells[2].source
    mine = changed(mine, "exercise", second.cells[1].source)
    assert "clash-exercise" not in by_id(merged(second, mine, second)[0])


def test_a_note_in_which_the_learner_wrote_is_the_learners(clashed):
    mine, second, third = clashed
    mine = changed(mine, "clash-exercise", mine.cells[2].source + "\n\nI like mine better.")
    result, _ = merged(second, mine, third)
    assert len(result.cells) == 5
    assert [cell.metadata for cell in result.cells if "I like mine better." in cell.source] == [{}]
    assert "w_all" in by_id(result)["clash-exercise"].source


def test_a_note_that_the_learner_deleted_does_not_come_back(clashed):
    mine, second, _ = clashed
    result, _ = merged(second, without(mine, "clash-exercise"), changed(second, "end", "Done."))
    assert sources(result) == ["# Steps", SOLVED, "Done."]


# -- damage --------------------------------------------------------------------------------------


def test_without_the_edition_that_one_began_with_every_difference_stays_the_learners():
    mine = changed(without(BASE, "title"), "exercise", SOLVED)
    mine.cells.append(text("note", "mine"))
    result, clashes = merged({"cells": [], "metadata": {}}, mine, BASE)
    assert [cell.id for cell in result.cells] == ["title", "exercise", "clash-exercise", "end", "note"]
    assert result.cells[1].source == SOLVED
    assert clashes == 1


def test_cells_whose_ids_an_editor_dropped_are_known_by_their_text():
    mine = changed(BASE, "exercise", SOLVED)
    for cell in mine.cells:
        del cell["id"]
    mine.nbformat_minor = 4
    result, clashes = merged(BASE, mine, changed(BASE, "title", "# New"))
    assert (sources(result), clashes) == (["# New", SOLVED, "The end."], 0)


def test_a_cell_that_was_copied_with_its_id_is_a_cell_of_its_own():
    mine = copy.deepcopy(BASE)
    mine.cells.insert(2, code("exercise", SOLVED))
    result, _ = merged(BASE, mine, changed(BASE, "exercise", STUB + "\n"))
    assert sources(result) == ["# Steps", STUB + "\n", SOLVED, "The end."]


# -- at random -----------------------------------------------------------------------------------

WORDS = [
    "w = 1",
    "return w",
    "# why",
    "    g = 2",
    "",
    "x += 1",
    "A word.",
    "def f(x):",
    "    ...",
    "`a`",
    "<<<<<<<",
]


def lines(rng, mark):
    return [
        f"{rng.choice(WORDS)}{rng.choice(['', f'  # {mark}{rng.random()}'])}"
        for _ in range(rng.randint(1, 5))
    ]


def cell(rng, name, mark):
    kind = rng.choice([text, code])
    return kind(name, "\n".join(lines(rng, mark)), **rng.choice([{}, {"tags": [mark]}]))


def edited(rng, content, mark, moves):
    """Some cells deleted, some written in, some new, some moved; names of those that were touched."""
    content, touched = copy.deepcopy(content), set()
    cells = content.cells
    for number in range(rng.randint(0, 6)):
        at = rng.randrange(len(cells) + 1)
        what = rng.choice(["new", "line", "line", "line", "delete", "rewrite", "move", "type"])
        if what == "new":
            cells.insert(at, cell(rng, f"{mark}{number}", mark))
        elif at < len(cells):
            touched.add(cells[at].id)
            if what == "line":
                source = cells[at].source.split("\n")
                place = rng.randrange(len(source) + 1)
                source[place : place + rng.randint(0, 1)] = [f"{mark} line {rng.random()}"]
                cells[at].source = "\n".join(source)
            elif what == "rewrite":
                cells[at].source = "\n".join(lines(rng, mark))
            elif what == "type":
                cells[at] = text(cells[at].id, cells[at].source)
            elif what == "delete":
                del cells[at]
            elif moves:
                cells.insert(rng.randrange(len(cells)), cells.pop(at))
    return content, touched


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_nothing_is_lost_whatever_the_two_write(start):
    for seed in range(start, start + 100):
        rng = random.Random(seed)
        base = notebook(*(cell(rng, f"base-{n}", "base") for n in range(rng.randint(0, 6))))
        mine, touched = edited(rng, base, "mine", moves=seed % 2)
        course, _ = edited(rng, base, "course", moves=seed % 3 == 0)
        result, _ = merged(base, mine, course)
        found, given, now = by_id(result), by_id(mine), by_id(course)
        after = "\n".join(sources(result)).split("\n")
        before = "\n".join(sources(base)).split("\n")
        for line in "\n".join(sources(mine) + sources(course)).split("\n"):
            assert line in after or line in before, (seed, line)
        for name in given.keys() - touched & now.keys():
            if name in by_id(base):
                assert found[name] == now[name], (seed, name)
        for name, one in given.items():  # no cell of the learner's is empty-handed
            if name not in by_id(base):
                assert found[name].source == one.source, (seed, name)
        for name in now.keys() - by_id(base).keys():
            assert found[name] == now[name], (seed, name)
        kept = [one.id for one in result.cells]
        mine_kept = [one.id for one in mine.cells if one.id not in by_id(base)]
        assert sorted(mine_kept, key=kept.index) == mine_kept or seed % 2, seed
