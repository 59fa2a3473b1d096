"""The learner's own library, as a milestone gets it."""

import pytest

from course_lib.teaching import check, my_nn

STEP = "# %% gradient_step: my_step\n\ndef my_step(w, gradient, lr):\n    return w - lr * gradient\n"


pytestmark = pytest.mark.usefixtures("no_desk")


def test_without_answers_it_says_what_is_missing(capsys):
    assert my_nn("gradient_step", "fit_line") is None
    assert "Not yet" in (said := capsys.readouterr().out)
    assert "gradient_step and fit_line" in said


def test_without_a_desk_the_right_answers_of_this_kernel_serve():
    check.gradient_step(lambda w, gradient, lr: w - lr * gradient)
    check.updates_per_epoch(lambda n, batch_size: n)  # wrong
    mine = my_nn("gradient_step")
    assert mine.gradient_step(1.0, 2.0, 0.25) == 0.5
    assert vars(my_nn()).keys() == {"gradient_step"}


def test_the_file_on_the_desk_serves_another_kernel(desk, capsys):
    desk.mkdir()
    (desk / "my_nn.py").write_text(STEP)
    assert my_nn("gradient_step").gradient_step(1.0, 2.0, 0.25) == 0.5
    assert my_nn("gradient_step", "fit_line") is None
    assert "gradient_step" not in capsys.readouterr().out


def test_a_file_that_stops_is_named(desk, capsys):
    desk.mkdir()
    (desk / "my_nn.py").write_text("1 / 0\n" + STEP)
    assert my_nn("gradient_step") is None
    assert "my_nn.py cannot be used: it stops with ZeroDivisionError" in capsys.readouterr().out


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(ValueError, match=r"no exercise 'adam'; there is .*adam_update"):
        my_nn("adam")
