"""What is said of a wrong answer: where it differs, what that looks like, and never two equal numbers."""

import io
import math
import re

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.teaching import check
from course_lib.teaching.check import EXERCISES
from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.words import brief, digits_that_differ

TABLE = np.array([[1.0, -2.0], [3.0, 0.5]])
LARGE = np.arange(20.0).reshape(4, 5)


def says(reference, answer, **more):
    exercise = Exercise(name="of_x", reference=lambda x: reference, mistakes={}, cases=((1.0,),), **more)
    verdict = exercise.judge(lambda x: answer)
    assert verdict.status == "wrong"
    return verdict.text


@pytest.mark.parametrize(
    ("answer", "looks"),
    [
        (3 * TABLE, "Every value is 3 times what it should be."),
        (TABLE / 2, "Every value is 0.5 times what it should be."),
        (-TABLE, "The sign of every value is turned."),
        (np.abs(TABLE), "The sizes are right, and some signs are not."),
        (TABLE + 0.5, "Every value is 0.5 too large."),
        (TABLE - 2, "Every value is 2 too small."),
        (TABLE.T, "It is transposed."),
        (TABLE[::-1], "The values are right, in another order."),
        (0 * TABLE, "Every value is 0."),
        (TABLE * np.nan, "nan is what 0/0 or ∞ − ∞ gives"),
        (TABLE + np.inf, "inf is a number too large for a float"),
        (TABLE + [[0, 0], [1, 0]], "1 of 4 entries differ, the first at [1, 0]."),
        (TABLE * (1 + 2e-6), "They nearly agree"),
    ],
)
def test_what_wrong_numbers_look_like_is_said(answer, looks):
    assert looks in says(TABLE, answer)
    if "nearly" not in looks:
        assert looks in says(TABLE, torch.tensor(answer.copy(), dtype=torch.float32))


def test_a_large_array_shows_where_it_differs():
    wrong = LARGE.copy()
    wrong[2, 1] = wrong[3, 3] = 7.5
    assert "Yours has 7.5 at [2, 1] for x = 1; 11 is right there. 2 of 20 entries differ." in says(
        LARGE, wrong
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            LARGE.T,
            "An array of shape (4, 5) is asked for; yours for x = 1 is of shape (5, 4). It is transposed.",
        ),
        (LARGE[..., None], "An axis of length 1 is too many."),
        (3.0, "yours for x = 1 is one number."),
        ((LARGE, LARGE), "of shape (2, 4, 5)."),
        ([[1, 2], [3]], "One array is asked for, and this is 2 values"),
    ],
)
def test_another_shape_is_said(answer, said):
    assert said in says(LARGE, answer)


def test_one_number_is_asked_for():
    assert says(2.0, TABLE) == "One number is asked for; yours for x = 1 is of shape (2, 2)."


def test_the_right_values_in_another_order_are_told_from_wrong_ones():
    w, m, v = np.ones(3), np.arange(3.0), np.zeros(3)
    wanted = "These are the right values in another order: (w, m, v) is asked for."
    assert wanted in says((w, m, v), (m, v, w), returns=("w", "m", "v"))
    assert wanted in says((w, m, v), np.stack([v, m, w]), returns=("w", "m", "v"))
    assert "These are the right values in another order." in says((w, m), (m, w))
    assert "another order: (w, b)" in says(np.array([1.0, 2.0]), np.array([2.0, 1.0]), returns=("w", "b"))
    assert "v, the third value: yours gives [5, 5, 5]" in says((w, m, v), (w, m, v + 5), returns="wmv")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((1.0, None), "The second value is None."),
        (None, "Your function returns nothing: is `return` missing?"),
        (1.0, "2 values are asked for; yours is one number. The order is (w, v)."),
        ((1.0, 2.0, 3.0), "2 values are asked for; yours has 3. The order is (w, v)."),
        ((1.0, "two"), "Numbers are asked for, and this is the text 'two'."),
        ((1.0, 1j), "These are complex numbers. Real ones are asked for."),
    ],
)
def test_what_is_missing_in_a_tuple_is_said(answer, said):
    assert says((1.0, 2.0), answer, returns=("w", "v")) == said


@pytest.mark.parametrize("empty", [..., (1.0, ...), [[1.0, ...], 2.0], {"w": ...}])
def test_an_ellipsis_anywhere_is_not_tried_yet(empty):
    assert check.best_settings.judge(lambda low, high: empty).status == "not tried"


@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e9])
@pytest.mark.parametrize("apart", [1e-2, 1e-4, 1.5e-6, 1e-8])
def test_two_equal_numbers_are_never_shown_as_a_difference(scale, apart):
    right = scale * np.array([1 / 3, 2 / 3, 1.0])
    for wrong in (right * (1 + apart), np.append(right[:2], right[2] * (1 + apart))):
        text = says(right, wrong, rtol=apart / 2)
        yours, asked = re.search(r"gives (\[.*?\]) for x = 1; (\[.*?\]) is right", text).groups()
        assert yours != asked


def test_neighboring_floats_are_told_apart():
    third = 1 / 3
    digits = digits_that_differ(third, np.nextafter(third, 1))
    assert brief(third, digits) != brief(np.nextafter(third, 1), digits)


ALL = [pytest.param(e, id=f"{chapter[:2]}-{e.name}") for chapter, es in EXERCISES.items() for e in es]


@pytest.mark.parametrize("exercise", ALL)
def test_a_slightly_wrong_answer_shows_the_digits(exercise):
    """Off by a little more than is allowed, in float64: no mistake of the list, and no two equal numbers."""
    off = 1 + 4 * exercise.rtol

    def nearly(result):
        parts = [np.asarray(part) * off for part in result] if isinstance(result, tuple) else None
        return parts or np.asarray(result) * off

    reference = exercise.reference
    answer = (lambda *case: nearly(reference(*case))) if callable(reference) else nearly(reference)
    verdict = exercise.judge(answer)
    assert verdict.status == "wrong"
    found = re.search(r"(?:gives|has) (\[.*\]|[^ ]+?)(?: at .*?)? for .*; (.*?) is right", verdict.text)
    assert not callable(reference) or found.group(1) != found.group(2)


# -- errors ----------------------------------------------------------------------------------------


def outer_of_rows(x, z, U):
    d = U * (1 - np.tanh(z) ** 2)
    return x.T @ d


def weights_from_the_left(delta, W, z):
    back = W @ delta
    return back * (1 - np.tanh(z) ** 2)


def entry_by_entry(x, z, U):
    return x * z


def in_torch(delta, W, z):
    back = torch.tensor(W) @ torch.tensor(delta)
    return back


@pytest.mark.parametrize(
    ("judge", "answer", "said"),
    [
        (
            check.weight_gradient.judge,
            outer_of_rows,
            "`return x.T @ d`: x has shape (2,), d has shape (3,). "
            "An array with one dimension has no transpose: `.T` leaves it as it is. Is np.outer meant?",
        ),
        (
            check.delta_step.judge,
            weights_from_the_left,
            "`back = W @ delta`: W has shape (2, 2), delta has shape (3, 2). In A @ B, rows of A meet "
            "columns of B. Is a transpose missing, or the order turned?",
        ),
        (
            check.weight_gradient.judge,
            entry_by_entry,
            "`return x * z`: x has shape (2,), z has shape (3,). Entry by entry, shapes are held together "
            "from the right: equal lengths, or a length of 1.",
        ),
        (
            check.delta_step.judge,
            in_torch,
            "`back = torch.tensor(W) @ torch.tensor(delta)`: W has shape (2, 2), delta has shape (3, 2).",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_shown_by_name(judge, answer, said):
    text = judge(answer).text
    assert text.startswith("The shapes do not fit at line ")
    assert said in text
    assert "gufunc" not in text
    assert "broadcast" not in text


def helper(w):
    raise LookupError("first line\nsecond line")


def test_an_error_is_short_and_names_the_line_of_the_learner():
    text = check.gradient_step.judge(lambda w, gradient, lr: helper(w)).text
    line = helper.__code__.co_firstlineno + 1
    code = '`raise LookupError("first line\\nsecond line")`'
    given = "for w = [0.5, -1.5, 2], gradient = [1, -2, 0.5], lr = 0.1"
    assert text == f"It stopped at line {line}, {code} {given} with LookupError: first line"


def no_inverse(w, gradient, lr):
    return np.linalg.inv(np.zeros((2, 2))) @ w


def test_an_error_inside_a_library_is_told_at_the_line_of_the_learner():
    text = check.gradient_step.judge(no_inverse).text
    assert "`return np.linalg.inv(np.zeros((2, 2))) @ w` for w = " in text
    assert text.endswith("with LinAlgError: Singular matrix")


def double(answer):
    cases = ((1.5,), (np.array([1.0, -2.0]),))
    return Exercise(name="double", reference=lambda z: 2 * z, mistakes={}, cases=cases).judge(answer)


def reads_too_far(z):
    values, i = [1.0, 2.0], 1
    return values[i + 1] + z


def uses_an_if(z):
    if z > 0:
        return 2 * z
    return -2 * z


def uses_what_comes_later(z):
    twice = later * z  # noqa: F821
    later = 2  # noqa: F841
    return twice


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (uses_an_if, "An `if` asks once for the whole array; np.where or a mask decides entry by entry."),
        (lambda z: max(z, 0), "np.maximum goes entry by entry."),
        (
            lambda z: len(z) * 2,
            "1.5 with TypeError: object of type 'float' has no len(). z is one number",
        ),
        (lambda z: z.shape, "z is one number here; NumPy functions take both"),
        (lambda z: z[0], "z is one number here; NumPy functions take both"),
        (lambda z: [2 * entry for entry in z], "z is one number here"),
        (lambda z: 2 * math.exp(z), "math.exp takes one number; np.exp takes arrays too."),
        (lambda z: z * 2.0 ^ 2.0, "The power is `**`"),
        (lambda z: 0.5 * z(1 + z), "Is a `*` missing before a parenthesis?"),
        (lambda z: 2 * cos(z), "Is np.cos meant?"),  # noqa: F821
        (lambda z: z * pi, "Is np.pi meant?"),  # noqa: F821
        (lambda z: z * factor, "Define factor in this cell or in one above"),  # noqa: F821
        (uses_what_comes_later, "On the way to this line, later has got no value yet."),
        (reads_too_far, "The index is 2, and values has length 2: its entries are values[0] to values[1]."),
    ],
)
def test_an_error_is_told_with_its_usual_cause_and_for_which_input(answer, said):
    stopped, _, told = double(answer).text.rpartition("` for z = ")  # the line of code has `said` in it too
    assert stopped.startswith("It stopped at line ")
    assert told.startswith(("1.5 with ", "[1, -2] with "))
    assert said in told
    assert "a.any" not in told


@pytest.mark.parametrize(
    "answer", [lambda z: 0.5 * ..., lambda z: np.exp(...), lambda z: math.exp(...), lambda z: (...).shape]
)
def test_an_ellipsis_that_is_computed_with_is_not_tried_yet(answer):
    verdict = double(answer)
    assert verdict.status == "not tried"
    assert verdict.text.startswith("Not tried yet: a `...` is left at line ")


def returns_in_one_branch(z):
    if np.ndim(z) == 0:
        return 2 * z


def test_a_branch_without_return_is_told_from_a_function_without():
    assert double(returns_in_one_branch).text == (
        "It returns nothing for z = [1, -2]: is a `return` missing there? "
        "In 1 of 2 cases it returns something."
    )
    assert double(lambda z: None).text == "Your function returns nothing: is `return` missing?"


def dot_of_rows(x, z, U):
    return np.dot(x, U * (1 - np.tanh(z) ** 2))


def product_of_rows(x, z, U):
    return x @ z


def entries_beside_a_product(delta, W, z):
    return (1 - np.tanh(z) ** 2) * (W @ delta.T)


def product_beside_entries(delta, W, z):
    return z * 2 * (W @ delta)


@pytest.mark.parametrize(
    ("judge", "answer", "said", "not_said"),
    [
        (check.weight_gradient.judge, dot_of_rows, "Is np.outer meant", "transpose"),
        (check.weight_gradient.judge, product_of_rows, "Is np.outer meant", "transpose"),
        (check.delta_step.judge, entries_beside_a_product, "Entry by entry", "In A @ B"),
        (check.delta_step.judge, product_beside_entries, "In A @ B", "Entry by entry"),
    ],
)
def test_the_operation_that_failed_is_the_one_that_is_spoken_of(judge, answer, said, not_said):
    text = judge(answer).text
    assert said in text
    assert not_said not in text


def test_arguments_by_name_only_are_named():
    def by_name(*, z):
        return 2 * z

    assert double(by_name).text == (
        "Your function takes z by name only, and gets it by place: leave out the `*` before."
    )


def test_a_ragged_weight_is_named():
    text = check.xor_net.judge(([[1, 1], [1]], [0, -1], [1, -2], 0)).text
    assert text.startswith("W1, the first value: one array is asked for, and this is 2 values")


def test_texts_in_an_array_are_called_texts():
    assert says(2.0, np.array(["1", "2"])) == "Numbers are asked for, and this is an array of texts."


def test_no_zero_has_a_sign():
    assert brief([-0.0, 0.0, -1.0]) == "[0, 0, -1]"
    assert brief(-0.0, digits=17) == "0.0"


def test_a_check_is_short_to_look_at_and_says_how_to_call_it():
    assert repr(check.sigmoid_slope) == "the check of exercise sigmoid_slope: check.sigmoid_slope(my_…)"
    with pytest.raises(TypeError, match=r"check\.sigmoid_slope\(my_…\)"):
        check.sigmoid_slope()


def test_a_typo_in_the_name_of_a_check_is_answered_with_the_near_ones():
    with pytest.raises(AttributeError, match=r"no exercise 'sigmoid_slop'.* check\.sigmoid_slope"):
        check.sigmoid_slop  # noqa: B018
    assert not hasattr(check, "__wrapped__")


def test_no_named_mistake_contradicts_itself():
    for exercises in EXERCISES.values():
        for exercise in exercises:
            assert not any(said.startswith("Right,") for said in exercise.mistakes), exercise.name


def test_another_number_of_arguments_is_named():
    text = check.gradient_step.judge(lambda w, lr: w).text
    assert text == "Your function takes (w, lr), and (w, gradient, lr) is asked for."
    assert "takes (*weights)" not in check.gradient_step.judge(lambda *weights: weights[0]).text


# -- a property instead of a reference -------------------------------------------------------------


@pytest.mark.parametrize(
    "net",
    [
        ([[1, 1], [1, 1]], [0, -1], [[1], [-2]], 0),
        ([[2, -2], [-2, 2]], [0, 0], [0.5, 0.5], [0.0]),
        (torch.tensor([[1.0, 1.0], [1.0, 1.0]], requires_grad=True), np.array([0, -1]), [1, -2], 0.0),
        ([[-1, 1], [-1, 1]], [1, -1], [-1, -1], 1),
    ],
)
def test_any_weights_that_solve_xor_are_right(net):
    verdict = check.xor_net.judge(net)
    assert verdict.status == "right", verdict
    assert [part.shape for part in verdict.answer] == [(2, 2), (2,), (2, 1), (1,)]


def test_a_function_that_has_the_values_of_xor_is_no_net():
    assert check.xor_net.judge(lambda x1, x2: x1 != x2).status == "wrong"
    assert check.xor_net.judge([0, 1, 1, 0]).status == "wrong"


def test_an_outcome_is_not_called_by_the_names_of_the_answer():
    line = Exercise(
        name="line",
        reference=(2.0, 1.0),
        mistakes={},
        returns=("w", "b"),
        outcome=lambda line, x: line[0] * x + line[1],
        cases=((np.array([0.0, 1.0]),),),
    )
    assert line.judge((2, 1)).status == "right"
    assert line.judge((2, 2)).text == (
        "Not yet. Yours gives [2, 4] for x = [0, 1]; [1, 3] is right. Every value is 1 too large."
    )
    assert line.judge((2,)).text == "2 values are asked for; yours has 1."


def test_wrong_weights_are_told_what_comes_out():
    text = check.xor_net.judge(([[1, 1], [1, 1]], [0, -1], [1, -1.5], 0)).text
    assert text == "Not yet. Yours gives 0.5 for x1 = 1, x2 = 1; 0 is right. 3 of 4 cases are right."


# -- curves ----------------------------------------------------------------------------------------

DRAWN = [param for param in ALL if param.values[0].curve]


@pytest.mark.parametrize("exercise", DRAWN)
def test_a_wrong_curve_is_drawn_beside_the_right_one(exercise):
    drawn = [exercise.judge(mistake).drawing for mistake in exercise.mistakes.values()]
    assert sum(drawing is not None for drawing in drawn) >= len(drawn) / 2
    assert exercise.judge(exercise.reference).drawing is None
    assert exercise.judge(lambda *case: "two").drawing is None


def test_a_drawing_is_a_picture_and_says_the_verdict():
    wrong = check.warmup.judge(lambda t, n_updates, lr: lr)
    shown, about = wrong._repr_mimebundle_()
    assert about["image/png"]["alt"]
    assert shown["text/plain"] == "Not yet. There is no warmup in it."
    picture = Image.open(io.BytesIO(shown["image/png"]))
    assert picture.size > (400, 200)
    assert len(picture.convert("RGB").getcolors(100_000)) > 20
    assert check.warmup.judge(...)._repr_mimebundle_() == ({"text/plain": "Not tried yet."}, {})


def test_two_curves_that_look_alike_are_not_drawn():
    naive = check.stable_softplus.judge(lambda z: np.log(1 + np.exp(z)))
    assert (naive.status, naive.drawing) == ("wrong", None)


def test_a_curve_that_stops_or_is_no_number_is_left_out():
    def only_short(t, n_updates, lr):
        if n_updates == 20:
            raise ValueError
        return 2 * lr

    assert check.warmup.judge(only_short).drawing is None
    endless = check.warmup.judge(lambda t, n_updates, lr: np.inf)
    assert endless._repr_mimebundle_()[0]["text/plain"].startswith("Not yet.")


def test_the_right_numbers_one_bracket_too_deep_are_told_so():
    text = check.paths_add.judge(lambda *case: [[part] for part in check.paths_add.reference(*case)]).text
    assert text == "Not yet. The numbers are right. Return them as one array, without further brackets."
