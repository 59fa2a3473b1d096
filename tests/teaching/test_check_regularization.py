"""Answers that are nearly right are not taken for right."""

import numpy as np
import pytest

from course_lib.teaching import check


def tree(training, rival, validation, use, wanted, *, clearly=0.5):
    if training > wanted:
        return 2 if rival < clearly * training else 1
    return 3 if validation > wanted else 4 if use > wanted else 0


def gaps(training, rival, validation, use, wanted):
    if training > wanted:
        return 2 if rival < training / 2 else 1
    return 3 if validation - training > wanted else 4 if use - validation > wanted else 0


@pytest.mark.parametrize(
    "answer",
    [
        lambda training, rival, validation, use, wanted: (
            (2 if rival < wanted else 1)
            if training > wanted
            else tree(training, rival, validation, use, wanted)
        ),
        gaps,
        lambda training, rival, validation, use, wanted: tree(training, rival, validation, use, 0.1),
        lambda *errors: tree(*errors, clearly=0.9),
        lambda *errors: tree(*errors, clearly=0.2),
    ],
    ids=["rival below wanted", "gaps", "a fixed 0.1", "rival slightly better", "rival far better"],
)
def test_a_tree_with_another_boundary_is_wrong(answer):
    assert check.diagnosis(tree).status == "right"
    assert check.diagnosis(answer).status == "wrong"


def stop(losses, patience, *, ties=False):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best or (ties and loss == best):
            best, kept = loss, epoch
        if epoch - kept >= patience:
            return np.array([epoch, kept])
    return np.array([epoch, kept])


def stop_or_nothing(losses, patience):
    """Forgets the run that never stops."""
    end, kept = stop(losses, patience)
    return np.array([end, kept]) if end - kept >= patience else None


def test_a_tie_is_no_improvement():
    assert check.stop_early(stop).status == "right"
    assert "A tie is no improvement" in check.stop_early(lambda *case: stop(*case, ties=True)).text


def test_a_run_that_never_stops_needs_an_answer_too():
    verdict = check.stop_early(stop_or_nothing)
    assert verdict.status == "wrong"
    assert "returns nothing" in verdict.text
