"""A right answer is right in whatever form it comes."""

import pytest

from course_lib.teaching.check import EXERCISES
from tests.teaching import other_forms

BY_NAME = {exercise.name: exercise for exercises in EXERCISES.values() for exercise in exercises}
FORMS = [
    pytest.param(name.partition("__")[0], answer, id=name)
    for name, answer in vars(other_forms).items()
    if "__" in name and not name.startswith("__")
] + [
    pytest.param(name, answer, id=f"{name}-{answer!r}")
    for name, answers in other_forms.NUMBERS.items()
    for answer in answers
]
BY_WEIGHTS = {"xor_net"}  # what is asked for is a net, and not a function that has its values


@pytest.mark.parametrize(("name", "answer"), FORMS)
def test_another_form_of_a_right_answer_is_right(name, answer):
    verdict = BY_NAME[name](answer)
    assert verdict.status == "right", verdict


def test_every_exercise_has_a_right_answer_in_another_form():
    assert {form.values[0] for form in FORMS} == set(BY_NAME) - BY_WEIGHTS
