"""A right answer is right in every form it may come in, and the notebook can go on with it."""

import copy
import functools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from course_lib.teaching import check
from course_lib.teaching.check import EXERCISES

ALL = [pytest.param(e, id=f"{chapter[:2]}-{e.name}") for chapter, es in EXERCISES.items() for e in es]
FUNCTIONS = [param for param in ALL if callable(param.values[0].reference)]


def is_a_tuple_of_like_arrays(exercise):
    result = exercise.reference(*copy.deepcopy(exercise.cases[0]))
    return isinstance(result, tuple) and len({np.shape(part) for part in result}) == 1


TUPLES = [param for param in FUNCTIONS if is_a_tuple_of_like_arrays(*param.values)]


def deep(change, value):
    """A change made to every array or number in tuples, lists and dicts."""
    if isinstance(value, dict):
        return {key: deep(change, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(deep(change, part) for part in value)
    return change(value)


def single(value):
    return np.asarray(value, dtype=np.float32)


def tensor(dtype, requires_grad):
    return lambda value: torch.tensor(np.array(value), dtype=dtype).requires_grad_(requires_grad)


def read_only(value):
    array = np.array(value)
    array.setflags(write=False)
    return array


FORMS = {
    "float32": single,
    "lists": lambda value: np.asarray(value).tolist(),
    "0-d arrays": np.asarray,
    "Fortran order": np.asfortranarray,
    "read-only arrays": read_only,
    "objects": lambda value: np.asarray(value, dtype=float).astype(object),
    "tensors": tensor(torch.float64, False),
    "tensors that require gradients": tensor(torch.float64, True),
    "float32 tensors that require gradients": tensor(torch.float32, True),
}


@pytest.mark.parametrize("exercise", ALL)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_right_answer_is_right_in_every_form(exercise, form):
    reference = exercise.reference
    answer = (lambda *case: deep(form, reference(*case))) if callable(reference) else deep(form, reference)
    verdict = exercise.judge(answer)
    assert verdict.status == "right", verdict
    goes_on(exercise, verdict)


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_an_answer_that_computes_in_float32_is_right(exercise):
    def narrow(value):
        return single(value) if np.asarray(value).dtype.kind == "f" else value

    verdict = exercise.judge(lambda *case: deep(single, exercise.reference(*deep(narrow, case))))
    assert verdict.status == "right", verdict


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_an_answer_that_works_in_place_and_prints_is_right(exercise):
    def in_place(*case):
        result = exercise.reference(*copy.deepcopy(case))
        print("I am here:", case)
        for part in case:
            if isinstance(part, np.ndarray):
                part *= 0
            elif isinstance(part, list):
                part.clear()
        return result

    before = copy.deepcopy(exercise.cases)
    verdict = exercise.judge(in_place)
    assert verdict.status == "right", verdict
    assert repr(verdict).startswith(f"{exercise.right}\n\nIt printed:\n  I am here:")
    assert equal(exercise.cases, before)
    goes_on(exercise, verdict)


@pytest.mark.parametrize("exercise", TUPLES)
def test_a_stack_of_what_is_asked_for_is_as_good_as_a_tuple(exercise):
    verdict = exercise.judge(lambda *case: np.stack(exercise.reference(*case)))
    assert verdict.status == "right", verdict
    goes_on(exercise, verdict)


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_an_answer_that_writes_into_one_array_again_and_again_is_right(exercise):
    kept = {}

    def answer(*case):
        result = exercise.reference(*case)
        if not isinstance(result, np.ndarray):
            return result
        mine = kept.setdefault(result.shape, np.empty(result.shape, result.dtype))
        mine[...] = result
        return mine

    assert exercise.judge(answer).status == "right"


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_the_reference_is_as_safe_as_an_answer(exercise):
    verdict = exercise.judge(...)
    assert verdict.status == "not tried"
    goes_on(exercise, verdict)


def goes_on(exercise, verdict):
    """Twice, with the same arguments, which stay as they are; in the structure, dtype and shape asked for."""
    reference = exercise.reference
    if not callable(reference):
        assert equal(verdict.answer, reference, rtol=exercise.rtol)
        return
    for case in exercise.cases:
        mine = copy.deepcopy(case)
        with np.errstate(all="ignore"):
            right = reference(*copy.deepcopy(case))
            for _ in range(2):
                assert equal(verdict.answer(*mine), right, rtol=1e-4)
        assert equal(mine, case)
        arrays = [verdict.answer(*mine)] if isinstance(right, np.ndarray) else []
        for array in arrays:
            array += 1  # later cells may do so


def equal(one, other, rtol=0.0):
    if isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key], rtol) for key in other)
    if isinstance(other, (list, tuple)):
        return (
            type(one) is type(other)
            and len(one) == len(other)
            and all(map(functools.partial(equal, rtol=rtol), one, other))
        )
    same_kind = np.asarray(one).dtype == np.asarray(other).dtype and np.shape(one) == np.shape(other)
    if (
        not isinstance(one, np.ndarray)
        and isinstance(other, (int, float))
        and not isinstance(one, (int, float))
    ):
        return False
    scale = np.max(np.abs(other)[np.isfinite(other)], initial=0.0)
    return same_kind and np.allclose(one, other, rtol=rtol, atol=1e-5 * scale * (rtol > 0), equal_nan=True)


@pytest.mark.parametrize(
    "five_thirds", [Fraction(5, 3), Decimal("1.667"), np.float32(5 / 3), [5 / 3], torch.tensor([5 / 3])]
)
def test_a_number_may_be_of_any_kind(five_thirds):
    verdict = check.mean_squared_error.judge(five_thirds)
    assert verdict.status == "right"
    assert type(verdict.answer) is float


def test_a_table_of_true_and_false_is_a_table_of_ones_and_zeros():
    verdict = check.one_hot.judge(lambda labels, n_classes: labels[:, None] == np.arange(n_classes))
    assert verdict.status == "right"
    assert verdict.answer(np.array([1]), 2).tolist() == [[0.0, 1.0]]


def test_a_text_is_no_number():
    for text in ("20", ["20"], np.array("20"), b"20"):
        assert check.count_updates.judge(text).status == "wrong"


def test_whole_numbers_stay_whole():
    answer = check.updates_per_epoch.judge(lambda n, batch_size: np.ceil(n / batch_size)).answer
    assert (answer(10, 3), type(answer(10, 3))) == (4, int)


def test_an_answer_may_be_written_in_torch():
    def clip(g, limit):
        g = torch.tensor(g, requires_grad=True)
        return g * torch.clamp(limit / g.norm(), max=1.0)

    verdict = check.clip_by_norm.judge(clip)
    assert verdict.status == "right", verdict
    assert isinstance(verdict.answer(np.array([3.0, 4.0]), 1.0), np.ndarray)


def test_later_cells_may_use_the_names_of_the_exercise():
    answer = check.gradient_step.judge(lambda weights, slope, eta: weights - eta * slope).answer
    assert answer(np.ones(2), lr=0.5, gradient=np.ones(2)).tolist() == [0.5, 0.5]


def test_float32_is_no_excuse_for_a_wrong_answer():
    for param in FUNCTIONS:
        (exercise,) = param.values
        for said, mistake in exercise.mistakes.items():
            verdict = exercise.judge(lambda *case: deep(single, mistake(*case)))  # noqa: B023
            assert verdict.status == "wrong", (exercise.name, said)
