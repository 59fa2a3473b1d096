"""What a learner might well write, and what is not right, is not taken for right."""

import warnings

import pytest

from course_lib.teaching.check import EXERCISES
from tests.teaching.wrong_answers import WRONG

BY_NAME = {exercise.name: exercise for exercises in EXERCISES.values() for exercise in exercises}
BY_WEIGHTS = {"xor_net"}  # any function is a wrong answer where a net is asked for
ANSWERS = [
    pytest.param(name, answer, id=f"{name}-{number}")
    for name, answers in WRONG.items()
    for number, answer in enumerate(answers)
]


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_a_plausible_wrong_answer_is_wrong_and_not_taken_for_another_one(name, answer):
    exercise = BY_NAME[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong answer may overflow
        verdict = exercise.judge(answer)
    assert verdict.status == "wrong"
    assert "It stopped" not in verdict.text
    assert not any(said in verdict.text for said in exercise.mistakes), verdict


def test_every_exercise_has_wrong_answers_that_it_does_not_name():
    least = {name: 4 for name in BY_NAME if name not in BY_WEIGHTS}
    assert {name: min(4, len(WRONG.get(name, ()))) for name in least} == least


@pytest.mark.parametrize("chapter", ["00_start_here", "01_gradient_descent", "02_losses", "06_optimizers"])
def test_two_hints_lead_to_each_answer(chapter):
    for exercise in EXERCISES[chapter]:
        assert len(exercise.hints) == 2, exercise.name
        assert all(hint.endswith((".", "?")) for hint in exercise.hints)
