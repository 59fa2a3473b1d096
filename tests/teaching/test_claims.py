import numpy as np
import pytest

from course_lib.teaching import ClaimError, claim


def test_a_true_claim_prints_one_line(capsys):
    claim("the limit", measured=0.2012, predicted=0.2, rtol=0.02)
    assert capsys.readouterr().out == "✓ the limit: measured 0.201, predicted 0.2 (within 2 %)\n"


@pytest.mark.parametrize(
    "wrong",
    [
        dict(measured=0.21, predicted=0.2, rtol=0.02),
        dict(measured=0.21, predicted=0.2, atol=0.009),
        dict(measured=1.0 + 1e-15, predicted=1.0, atol=0),
        dict(measured=[1.0, 2.0, 3.1], predicted=[1.0, 2.0, 3.0], rtol=0.01),
        dict(measured=[1.0, 9.0], predicted=1.0, rtol=0.01),
        dict(measured=float("nan"), predicted=1.0, rtol=0.5),
        dict(measured=float("nan"), at_most=1.0),
        dict(measured=float("inf"), at_least=1.0, at_most=2.0),
        dict(measured=2.0, at_most=1.0),
        dict(measured=[0.5, 2.0], at_most=1.0),
        dict(measured=0.5, at_least=1.0),
        dict(measured=3.0, at_least=1.0, at_most=2.0),
    ],
)
def test_a_false_claim_raises_and_prints_nothing(wrong, capsys):
    with pytest.raises(ClaimError, match="not so: the limit: measured"):
        claim("the limit", **wrong)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "unclear",
    [
        dict(measured=1.0),
        dict(measured=1.0, predicted=1.0),
        dict(measured=1.0, predicted=1.0, rtol=0.1, at_most=2.0),
        dict(measured=1.0, at_most=2.0, rtol=0.1),
    ],
)
def test_a_claim_without_one_clear_expectation_is_refused(unclear):
    with pytest.raises(TypeError, match=r"give|needs"):
        claim("the limit", **unclear)


def test_negative_tolerance_is_refused():
    with pytest.raises(ValueError, match="rtol"):
        claim("the limit", measured=1.0, predicted=1.0, rtol=-0.1)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        claim("the limit", measured=np.ones(3), predicted=np.ones(2), rtol=0.1)


def test_rounding_errors_are_shown_as_zero(capsys):
    claim("no difference", measured=3e-16, predicted=0, atol=1e-12)
    claim("many", measured=np.arange(10) * 1e-20, at_most=1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✓ no difference: measured 0, predicted 0 (within 1e-12)"
    assert lines[1] == "✓ many: measured 10 values from 0 to 0, at most 1"
