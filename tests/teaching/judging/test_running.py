"""A learner's code can do no harm: it ends, it prints after the verdict, it leaves settings as they were."""

import builtins
import random
import re
import subprocess
import sys
import threading
import time
import warnings

import IPython
import numpy as np
import pytest
import torch
from IPython.core.autocall import ExitAutocall
from IPython.core.interactiveshell import InteractiveShell

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
    assert re.match(r"It was stopped after .+ at line \d+, `", verdict.text)
    assert "a loop that never ends, or one very large computation" in verdict.text
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


def test_one_long_call_is_told_with_the_time_it_took():
    def sleeps(x):
        time.sleep(1.6)
        return 2 * x

    text = double(seconds=0.2).judge(sleeps).text
    assert "It was stopped after 2 seconds (0.2 are allowed; it could not be stopped sooner)" in text
    assert "one very large computation" in text


def test_an_answer_does_not_wait_for_somebody_to_type():
    before = builtins.input
    verdict = double().judge(lambda x: 2 * float(input("x? ")))
    assert verdict.text == "An answer gets its numbers as arguments: leave out input()."
    assert builtins.input is before


@pytest.mark.parametrize("way", ["quit()", "exit()", "get_ipython().ask_exit()", "sys.exit()"])
def test_no_way_out_ends_the_kernel_from_inside_an_answer(way):
    code = f"""
from tests.teaching.judging.test_running import double
import sys
verdict = double().judge(lambda x: {way})
assert "It ends Python itself" in verdict.text, verdict
assert not sys.stdin.closed
assert "ask_exit" not in vars(get_ipython())
"""
    shell = InteractiveShell()
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InteractiveShell, "ask_exit", lambda self: asked.append(1), raising=False)
        patch.setattr(IPython, "get_ipython", lambda: shell)
        patch.setattr(InteractiveShell, "_instance", shell, raising=False)
        shell.user_ns.update(quit=ExitAutocall(shell), exit=ExitAutocall(shell))
        result = shell.run_cell(code)
    result.raise_error()
    assert not asked


def test_an_answer_is_run_once_for_each_case():
    for factor in (2, 3):
        seen = []
        double().judge(lambda x: seen.append(x) or factor * x)  # noqa: B023
        assert len(seen) == 2


def test_a_patched_numpy_makes_nothing_right(monkeypatch):
    for name in ("allclose", "isclose", "all", "array_equal"):
        monkeypatch.setattr(np, name, lambda *args, **kwargs: True)
    exercise = double()
    tried = exercise.judge(lambda x: 0 * x).status, exercise.judge(lambda x: 2 * x).status
    monkeypatch.undo()
    assert tried == ("wrong", "right")
