"""Hints: one more each time, the solution last, and an unknown name is told the known ones."""

import dataclasses

import pytest

from course_lib.teaching import check
from course_lib.teaching.desk import progress

pytestmark = pytest.mark.usefixtures("no_desk")


@pytest.fixture
def with_hints(monkeypatch):
    exercise = dataclasses.replace(check.gradient_step, hints=("Which way is up?", "Subtract."))
    monkeypatch.setitem(check.EXERCISES, "01_gradient_descent", (exercise,))


def test_one_hint_after_the_other_and_then_the_solution(with_hints):
    first, second, third, fourth = (repr(check.hint("gradient_step")) for _ in range(4))
    assert first == "Hint 1 of 2. Which way is up?\n\nRun this cell again for more."
    assert second.startswith("Hint 1 of 2. Which way is up?\n\nHint 2 of 2. Subtract.")
    assert "return w - lr * gradient" not in second
    assert "return w - lr * gradient" in third
    assert "Run this cell again" not in third
    assert fourth == third
    assert progress.read()[0]["exercises"]["gradient_step"]["hints"] == 3


def test_powers_in_a_solution_stay_powers():
    for _ in range(3):
        shown = repr(check.hint("mean_squared_error"))
    assert "** 2" in shown
    assert "**Solution" not in shown


def test_a_notebook_shows_it_as_markdown(with_hints):
    assert check.hint("gradient_step")._repr_markdown_().startswith("**Hint 1 of 2.** Which way is up?")


@pytest.mark.parametrize(
    "exercise", [e for row in check.EXERCISES.values() for e in row], ids=lambda e: e.name
)
def test_every_exercise_ends_with_its_solution(exercise):
    shown = ""
    for _ in range(max(len(exercise.hints), 1) + 1):
        assert "**Solution.**" not in shown
        shown = check.hint(exercise.name)._repr_markdown_()
    assert "**Solution.**\n\n```python\n" in shown
    assert "my_" in shown


def test_an_unknown_name_is_told_near_ones():
    with pytest.raises(ValueError, match=r"no exercise 'adam_step'; there is .*'adam_update'"):
        check.hint("adam_step")


@pytest.mark.parametrize("name", [None, 3, "", {}])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="there is no exercise"):
        check.hint(name)
