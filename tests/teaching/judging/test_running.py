"""A learner's code can do no harm: it ends, it prints after the verdict, it leaves settings as they were."""

import random
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
import torch

from course_lib.teaching.exercise import Exercise
from course_lib.teaching.judging.running import TimeIsUp, attempt


def double(seconds=5.0, **more):
    return Exercise(
        name="double",
        reference=lambda x: 2 * x,
        mistakes={},
        cases=((1.0,), (np.array([2.0]),)),
        seconds=seconds,
        **more,
    )


def endless(x):
    while True:
        x = x + 1


def endless_and_printing(x):
    while True:
        print("and again")


def endless_and_stubborn(x):
    while True:
        try:
            for _ in range(2):
                x = x + 1
        except BaseException:
            x = 0


@pytest.mark.parametrize("loop", [endless, endless_and_printing, endless_and_stubborn])
def test_an_endless_loop_ends_and_is_told(loop):
    begun = time.perf_counter()
    verdict = double(seconds=0.2).judge(loop)
    assert time.perf_counter() - begun < 10
    assert verdict.status == "wrong"
    assert "It was stopped after 0.2 seconds at line" in verdict.text
    assert "Does a loop never end?" in verdict.text
    assert len(repr(verdict)) < 500


def test_an_endless_loop_ends_in_another_thread_too():
    said = []
    thread = threading.Thread(target=lambda: said.append(double(seconds=0.2).judge(endless)), daemon=True)
    thread.start()
    thread.join(timeout=5)
    assert "stopped after 0.2 seconds" in said[0].text


def test_no_exception_comes_late():
    """Many answers that take as long as they may: each is stopped or not, and nothing comes afterwards."""

    def work(seconds):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            pass

    for tried in range(100):
        attempt(lambda: work(0.005 + (tried % 20 - 10) * 1e-5), seconds=0.005)  # noqa: B023
    work(0.2)


def test_time_is_up_passes_through_except_exception():
    assert not issubclass(TimeIsUp, Exception)


def test_the_learner_may_interrupt(capsys):
    def interrupted(x):
        print("so far")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        double().judge(interrupted)
    assert capsys.readouterr().out == "so far\n"


def test_what_is_printed_comes_after_the_verdict_and_is_cut(capfd):
    def prints(x):
        for number in range(30):
            print("line", number, file=sys.stderr if number % 2 else sys.stdout)
        return 2 * x

    verdict = double().judge(prints)
    first, _, *lines, last = repr(verdict).split("\n")
    assert first == "Right."
    assert lines == ["It printed:", *(f"  line {number}" for number in range(10))]
    assert last == "  … and 50 more lines"
    assert "".join(capfd.readouterr()) == ""


def test_what_is_printed_before_an_empty_answer_is_shown_too():
    verdict = double().judge(lambda x: print(f"x is {x}") or ...)
    assert repr(verdict) == "Not tried yet.\n\nIt printed:\n  x is 1.0"


def test_nothing_printed_adds_nothing():
    assert repr(double().judge(lambda x: 2 * x)) == "Right."


def test_settings_and_random_numbers_are_as_before(capfd):
    def meddles(x):
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        np.random.seed(1)  # noqa: NPY002
        random.seed(1)
        torch.manual_seed(1)
        warnings.simplefilter("error")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        sys.stdout = sys.stderr = None
        return 2 * x

    settings = np.geterr(), np.get_printoptions(), sys.stdout, sys.stderr, list(warnings.filters)
    random.seed(0), np.random.seed(0), torch.manual_seed(0)  # noqa: NPY002
    expected = random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002
    random.seed(0), np.random.seed(0), torch.manual_seed(0)  # noqa: NPY002
    assert double().judge(meddles).status == "wrong"  # its own warning is its error
    assert (np.geterr(), np.get_printoptions(), sys.stdout, sys.stderr, list(warnings.filters)) == settings
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == expected  # noqa: NPY002
    assert "".join(capfd.readouterr()) == ""


def test_warnings_are_no_errors_of_the_answer(capfd):
    def warns(x):
        warnings.warn("this will go away", DeprecationWarning, stacklevel=1)
        np.log(np.array(-1.0)), 1 / np.array(0.0)
        return 2 * x

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert double().judge(warns).status == "right"
    assert "".join(capfd.readouterr()) == ""


def test_the_checks_load_no_pictures_and_no_torch():
    code = "import sys, course_lib.teaching; print(*{'matplotlib', 'torch', 'ipywidgets'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
