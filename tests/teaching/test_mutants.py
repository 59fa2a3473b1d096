"""No small change of a right answer is taken for right, unless it is a right answer too."""

import ast
import dataclasses
import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from course_lib.teaching.check import EXERCISES
from tests.teaching.equivalent_mutants import EQUIVALENT
from tests.teaching.mutants import mutants

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOLUTION = re.compile(r"<summary>Solution: <code>(\w+)</code></summary>\s*```python\n(.*?)```", re.DOTALL)
ALL = [
    pytest.param(chapter, exercise, id=exercise.name)
    for chapter, exercises in EXERCISES.items()
    for exercise in exercises
]


def solution(chapter, name):
    """The source of the folded solution of an exercise."""
    notebook = json.loads((NOTEBOOKS / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    return dict(found for text in cells for found in SOLUTION.findall(text))[name]


def answer_of(code):
    """What an answer's source leaves behind, or None if it cannot even be run."""
    namespace = {"np": np}
    try:
        exec(compile(code, "<answer>", "exec"), namespace)
    except Exception:
        return None
    return next((value for name, value in namespace.items() if name.startswith("my_")), None)


def survivors(exercise, source):
    """The mutants that are judged right. The same number in other words is no mutant."""
    original = answer_of(source)
    for change, tree in mutants(source):
        answer = answer_of(tree)
        same_number = isinstance(original, (int, float)) and answer == original
        if not same_number and exercise.judge(answer).status == "right":
            yield change


def as_this_python_writes_it(change):
    """A line of the table as `ast.unparse` of this Python has it: versions differ in their parentheses."""
    kind, code = re.match(r"(without |moved |)(.*)", change).groups()
    lines = ast.unparse(ast.parse(code + " pass" if code.endswith(":") else code)).split("\n")
    return kind + "; ".join(line for line in lines if line.strip() != "pass")


@pytest.mark.parametrize(("chapter", "exercise"), ALL)
def test_a_mutant_is_right_only_where_it_is_listed_with_a_reason(chapter, exercise):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a mutant may overflow, or not even be sound Python
        surviving = sorted(survivors(exercise, solution(chapter, exercise.name)))
    reasons = EQUIVALENT.get(exercise.name, {})
    listed = sorted(as_this_python_writes_it(change) for changes in reasons.values() for change in changes)
    assert surviving == listed


def test_a_case_that_is_too_easy_lets_a_mutant_through():
    from course_lib.teaching import check

    one_too_many = "return (n + batch_size - 0) // batch_size"
    source = solution("01_gradient_descent", "updates_per_epoch")
    easy = dataclasses.replace(check.updates_per_epoch, cases=((100, 32),))
    assert one_too_many in survivors(easy, source)
    assert one_too_many not in survivors(check.updates_per_epoch, source)


def test_the_table_is_about_exercises():
    assert set(EQUIVALENT) <= {exercise.values[1].name for exercise in ALL}
    assert all(reasons for reasons in EQUIVALENT.values())


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("def my_f(x):\n    return 2 * x", "return 3 * x"),
        ("def my_f(x):\n    return 2 * x", "return 0 * x"),
        ("def my_f(x):\n    return 2 * x", "return x"),
        ("def my_f(x):\n    return 2 * x", "return -(2 * x)"),
        ("def my_f(x):\n    return x.sum(axis=1)", "return x.sum(axis=0)"),
        ("def my_f(x):\n    return x.sum(axis=1, keepdims=True)", "return x.sum(axis=1)"),
        ("def my_f(x):\n    return x < 1", "return x <= 1"),
        ("def my_f(x):\n    return x[1:]", "return x[:-1]"),
        ("def my_f(x):\n    return x[0]", "return x[1]"),
        ("def my_f(x):\n    return np.max(x)", "return x[1]"),
        ("def my_f(x):\n    return np.max(x)", "return np.min(x)"),
        ("def my_f(x, y):\n    return x @ y", "return y @ x"),
        ("def my_f(x, y):\n    return x @ y", "return x @ y.T"),
        ("def my_f(x, y):\n    return x, y", "return (y, x)"),
        ("def my_f(x, y):\n    return x - y", "return x - x"),
        ("def my_f(x, y):\n    return np.sqrt(x) - y", "return x - y"),
        ("def my_f(x, y):\n    return (x + y) / y", "return x + y / y"),
        ("def my_f(x):\n    x = x + 1\n    return x", "without x = x + 1"),
        ("def my_f(x):\n    x, y = 1, x\n    return y", "x = 1; y = x"),
        ("def my_f(x):\n    return 1 if x > 0 else 2", "return 1 if not x > 0 else 2"),
        ("def my_f(x):\n    return x and 1", "return x or 1"),
    ],
)
def test_a_slip_of_the_pen_is_among_the_mutants(source, wanted):
    assert wanted in {change for change, _ in mutants(source)}
