"""What the desk keeps of a check: the try, and the answer if it is right."""

from __future__ import annotations

import dataclasses
from types import FrameType
from typing import Any

from course_lib.teaching.desk import answers, cells, progress
from course_lib.teaching.desk.files import desk_folder


def keep_verdict(exercise, answer: Any, verdict, caller: FrameType):
    """Write down a try, put a right answer into `my_nn.py`, and add to the verdict what to say of it.

    Args:
        exercise: whose check was called.
        answer: what the learner handed in.
        verdict: what the check says of it.
        caller: where it was called: the code of a notebook's cell.

    Returns:
        The verdict, with a sentence more if something was kept, or could not be.
    """
    if verdict.status == "not tried":
        return verdict
    right = verdict.status == "right"
    said = verdict.text
    notes = [progress.change(lambda record: progress.keep_try(record, exercise.name, right=right, said=said))]
    if right:
        answers.remember(exercise.name, verdict.answer)
    if right and desk_folder():
        notes.append(_keep_answer(exercise, answer, caller))
    return dataclasses.replace(verdict, text="\n".join([said, *filter(None, notes)]))


def _keep_answer(exercise, answer: Any, caller: FrameType) -> str:
    found = cells.written(answer, cells.cell_of(caller.f_code, caller.f_globals), exercise.name)
    if found is None:
        name = f"check.{exercise.name}(my_{exercise.name})"
        return f"To keep it in my_nn.py, give it a name in a cell, and check it by that name: {name}."
    return answers.keep(exercise.name, *found, fault=_fault, known=caller.f_globals)


def _fault(name: str, answer: Any) -> str:
    """What is wrong with an answer; with one to an exercise that the course no longer has, nothing."""
    from course_lib.teaching.check import by_name  # late: they stand on this room

    _, exercise = by_name().get(name, (None, None))
    verdict = exercise.judge(answer) if exercise else None
    return verdict.text if verdict and verdict.status != "right" else ""
