"""Every exercise: its solution in the chapter is right, its likely mistakes are named, nothing raises."""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest

from course_lib.teaching.check import EXERCISES

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ALL = [
    pytest.param(chapter, e, id=f"{chapter[:2]}-{e.name}") for chapter, es in EXERCISES.items() for e in es
]
SOLUTION = re.compile(r"<summary>Solution: <code>(\w+)</code></summary>\s*```python\n(.*?)```", re.DOTALL)


def cells(chapter, kind):
    notebook = json.loads((NOTEBOOKS / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def solution(chapter, name):
    """What the folded solution of an exercise leaves behind: a function or a number called my_…"""
    found = {key: code for text in cells(chapter, "markdown") for key, code in SOLUTION.findall(text)}
    namespace = {"np": np}
    exec(found[name], namespace)
    (answer,) = (value for key, value in namespace.items() if key.startswith("my_"))
    return answer


@pytest.mark.parametrize(("chapter", "exercise"), ALL)
def test_the_folded_solution_is_right(chapter, exercise):
    answer = solution(chapter, exercise.name)
    verdict = exercise.judge(answer)
    assert verdict.status == "right", verdict
    assert repr(verdict).startswith("Right")
    if callable(answer):
        assert inspect.unwrap(verdict.answer) is answer
        assert verdict.answer.__name__ == answer.__name__


@pytest.mark.parametrize(("chapter", "exercise"), ALL)
def test_each_likely_mistake_is_named(chapter, exercise):
    assert len(exercise.mistakes) >= 2
    for said, mistake in exercise.mistakes.items():
        verdict = exercise.judge(mistake)
        assert verdict.status == "wrong"
        assert said in verdict.text, f"took it for another mistake: {verdict}"
        assert goes_on_with_the_reference(verdict, exercise)


@pytest.mark.parametrize(("chapter", "exercise"), ALL)
def test_the_stub_of_the_chapter_is_not_tried_yet(chapter, exercise):
    stubs = [code for code in cells(chapter, "code") if re.search(rf"check\.{exercise.name}\(my_", code)]
    assert len(stubs) == 1, f"{chapter} has {len(stubs)} cells that check {exercise.name}"
    assert "..." in stubs[0]
    namespace = {"np": np, "check": __import__("course_lib.teaching.check", fromlist=["check"])}
    exec(stubs[0], namespace)
    for nothing in (None, ...):
        assert exercise.judge(nothing).status == "not tried"


def goes_on_with_the_reference(verdict, exercise):
    if callable(exercise.reference):
        return inspect.unwrap(verdict.answer) is exercise.reference
    return all(map(np.array_equal, np.atleast_1d(verdict.answer), np.atleast_1d(exercise.reference)))


def raises(*args):
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize(("chapter", "exercise"), ALL)
@pytest.mark.parametrize(
    "nonsense",
    [
        raises,
        lambda *args: "two",
        lambda *args: np.zeros((7, 7)),
        lambda: 1,
        lambda *args: np.nan,
        "two",
        {},
        np.nan,
    ],
    ids=["raises", "text", "shape", "no arguments", "nan function", "a text", "a dict", "nan"],
)
def test_nonsense_is_answered_and_never_raises(chapter, exercise, nonsense):
    verdict = exercise.judge(nonsense)
    assert verdict.status == "wrong"
    assert goes_on_with_the_reference(verdict, exercise)


def test_an_unforeseen_mistake_shows_what_it_gives():
    from course_lib.teaching import check

    text = check.largest_rate(lambda curvatures: 3.0).text
    assert text == "Not yet. Yours gives 3 for curvatures = [1, 10, 3]; 0.2 is right."


def test_an_unforeseen_mistake_in_one_of_three_arrays_shows_that_one():
    from course_lib.teaching import check

    verdict = check.adam_update.judge(lambda w, m, v, g, t, lr, b1, b2, eps: (w + 1, m, v))
    assert "w, the first of the returned values: yours gives [2, -1, 1.5]" in verdict.text
    assert "[0.9032, -2.05, 0.5952] is right" in verdict.text
