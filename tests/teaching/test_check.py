"""Every exercise: its solution in the chapter is right, its likely mistakes are named, nothing raises."""

import inspect
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

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
    if isinstance(exercise.reference, tuple):
        return all(map(np.array_equal, verdict.answer, exercise.reference))
    return verdict.answer == exercise.reference


def raises(*args):
    raise ZeroDivisionError("division by zero")


def calls_itself(*args):
    return calls_itself(*args)


async def waits(*args):
    return args


class Rude:
    """Raises whatever is asked of it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError

    __len__ = __bool__ = __float__ = __iter__ = __str__ = __array__ = __repr__

    def __eq__(self, other):
        raise RuntimeError

    def __hash__(self):
        raise RuntimeError


class RudeFunction(Rude):
    def __call__(self, *args):
        return object()


NONSENSE = {  # made anew for each test: some cannot even be looked at
    "raises": lambda: raises,
    "gives a text": lambda: lambda *args: "two",
    "gives another shape": lambda: lambda *args: np.zeros((7, 7)),
    "takes no arguments": lambda: lambda: 1,
    "gives nan": lambda: lambda *args: np.nan,
    "gives its arguments": lambda: lambda *args: args,
    "gives a dict": lambda: lambda *args: {"w": 1},
    "gives a complex number": lambda: lambda *args: 1j,
    "gives ragged rows": lambda: lambda *args: [[1, 2], 3],
    "gives an object": lambda: lambda *args: object(),
    "gives a function": lambda: lambda *args: raises,
    "gives None among numbers": lambda: lambda *args: (1.0, None),
    "gives something rude": lambda: lambda *args: Rude(),
    "exits": lambda: lambda *args: sys.exit(),
    "yields": lambda: lambda *args: (yield),
    "calls itself": lambda: calls_itself,
    "a coroutine": lambda: waits,
    "something rude": Rude,
    "a rude function": RudeFunction,
    "a rude class": lambda: Rude,
    "a class": lambda: object,
    "a ufunc": lambda: np.arctan2,
    "a built-in": lambda: print,
    "a text": lambda: "2",
    "bytes": lambda: b"2",
    "a dict": lambda: {},
    "an empty list": lambda: [],
    "a set": lambda: {1, 2},
    "a text in a list": lambda: [1, "two"],
    "None in a list": lambda: [None],
    "nan": lambda: np.nan,
    "inf": lambda: np.inf,
    "a number too large": lambda: 10**400,
    "a complex number": lambda: 1j,
    "a module": lambda: sys,
    "a generator": lambda: (number for number in range(3)),
    "an array of texts": lambda: np.array(["2"]),
    "an array of objects": lambda: np.array([object(), 1]),
    "a date": lambda: np.datetime64("2000-01-01"),
    "an empty tensor": lambda: torch.zeros(2, 0),
}


@pytest.mark.parametrize(("chapter", "exercise"), ALL)
def test_nonsense_is_answered_and_never_raises(chapter, exercise, capfd):
    for what, make in NONSENSE.items():
        verdict = exercise.judge(make())
        assert verdict.status == "wrong", what
        assert len(verdict.text) < 400, what
        assert goes_on_with_the_reference(verdict, exercise), what
    assert "".join(capfd.readouterr()) == ""


def test_an_unforeseen_mistake_shows_what_it_gives():
    from course_lib.teaching import check

    text = check.updates_per_epoch(lambda n, batch_size: 3.5).text
    assert text == "Not yet. Yours gives 3.5 for n = 100, batch_size = 32; 4 is right."


def test_an_unforeseen_mistake_in_one_of_three_arrays_shows_that_one():
    from course_lib.teaching import check

    verdict = check.adam_update.judge(lambda w, m, v, g, t, lr, b1, b2, eps: (w + 1, m, v))
    assert "w, the first value: yours gives [2, -1, 1.5]" in verdict.text
    assert "[0.9032, -2.05, 0.5952] is right" in verdict.text
