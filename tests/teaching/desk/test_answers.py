"""Right answers become the learner's own library, and a wrong one never does."""

import os
import runpy
import subprocess
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_lib.teaching.check import gradient_step
from course_lib.teaching.desk import answers, cells


@pytest.fixture
def notebook(desk):
    """A function that runs a cell, as a kernel does, and returns the verdict that it ends with."""
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shell.run_cell("import numpy as np\n\nfrom course_lib.teaching import check", store_history=True)

    def run(cell):
        result = shell.run_cell(cell, store_history=True)
        result.raise_error()
        return result.result

    return run


def library(desk):
    return runpy.run_path(str(desk / "my_nn.py"))


STEP = "def my_step(w, gradient, lr):\n    return w - lr * gradient\n\n\n"
CHECK_STEP = "check.gradient_step(my_step)"


def test_a_right_answer_stands_in_the_library(notebook, desk):
    verdict = notebook(STEP + CHECK_STEP)
    assert verdict.status == "right"
    assert verdict.text.endswith("It is in your my_nn.py now.")
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5
    assert "# %% gradient_step: my_step" in (desk / "my_nn.py").read_text()


def test_checked_again_it_says_no_more_and_writes_nothing(notebook, desk):
    notebook(STEP + CHECK_STEP)
    written = (desk / "my_nn.py").stat().st_mtime_ns
    assert "my_nn.py" not in notebook(STEP + CHECK_STEP).text
    assert (desk / "my_nn.py").stat().st_mtime_ns == written


def test_a_wrong_answer_and_none_are_not_kept(notebook, desk):
    notebook("def my_step(w, gradient, lr):\n    return w + lr * gradient\n\n\n" + CHECK_STEP)
    notebook("def my_step(w, gradient, lr):\n    return ...\n\n\n" + CHECK_STEP)
    assert not (desk / "my_nn.py").exists()


def test_a_newer_right_answer_takes_the_place_of_an_older_one_and_a_wrong_one_does_not(notebook, desk):
    notebook(STEP + CHECK_STEP)
    notebook("def my_step(w, gradient, lr):\n    return -lr * gradient + w\n\n\n" + CHECK_STEP)
    notebook("def my_step(w, gradient, lr):\n    return 7\n\n\n" + CHECK_STEP)
    text = (desk / "my_nn.py").read_text()
    assert "-lr * gradient + w" in text
    assert text.count("def my_step") == 1


def test_the_helpers_of_its_cell_come_along_and_nothing_else(notebook, desk):
    notebook(
        "from math import fsum\n\nimport os\n\nfactor = 1.0\nsizes = {}\nsizes['unit'] = factor\n"
        "print('not this')\nother = 3\n\n\n# down the slope\ndef moved(lr, g):\n"
        "    return sizes['unit'] * lr * g\n\n\n"
        + STEP.replace("lr * gradient", "moved(lr, gradient)")
        + CHECK_STEP
    )
    text = (desk / "my_nn.py").read_text()
    for wanted in ("factor = 1.0", "sizes = {}", "sizes['unit'] = factor", "# down the slope\ndef moved"):
        assert wanted in text
    for unwanted in ("not this", "other", "import os", "fsum", "check."):
        assert unwanted not in text
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5


def test_an_answer_that_leans_on_another_cell_is_right_and_not_kept(notebook, desk):
    notebook("factor = 1.0")
    verdict = notebook(STEP.replace("lr *", "factor * lr *") + CHECK_STEP)
    assert verdict.status == "right"
    assert "name 'factor' is not defined" in verdict.text
    assert verdict.text.endswith("`factor` comes from another cell: define it in this one, too.")
    assert not (desk / "my_nn.py").exists()


@pytest.mark.parametrize(
    ("before", "expression", "line"),
    [
        ("import statistics as st", "st.fmean([lr]) *", "import statistics as st"),
        ("from statistics import fmean", "fmean([lr]) *", "from statistics import fmean"),
        (
            "from statistics import fmean as middle",
            "middle([lr]) *",
            "from statistics import fmean as middle",
        ),
        ("from math import *", "fabs(lr) *", "from math import fabs"),
        ("from course_lib.core import lead", "lead(lr, gradient) *", "from course_lib.core"),
    ],
)
def test_imports_of_other_cells_come_along(notebook, desk, before, expression, line):
    notebook(before)
    assert "It is in your my_nn.py now." in notebook(STEP.replace("lr *", expression) + CHECK_STEP).text
    assert line in (desk / "my_nn.py").read_text()
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("calls = 0\n\n\n", "    global calls\n    calls += 1\n    return w - lr * gradient\n"),
        ("from math import *\n\n\n", "    return w - fabs(lr) * gradient\n"),
        (
            "ones = []\nfor _ in range(1):\n    ones.append(1.0)\n\n\n",
            "    return w - ones[0] * lr * gradient\n",
        ),
        ("one = {}\none.update(size=1.0)\n\n\n", "    return w - one['size'] * lr * gradient\n"),
        ("", "    import math\n\n    return w - math.fabs(lr) * gradient\n"),
        ("", "    def down(g):\n        return -lr * g\n\n    return w + down(gradient)\n"),
    ],
    ids=["global", "star", "filled in a loop", "filled by a method", "import inside", "function inside"],
)
def test_all_that_its_cell_does_for_it_comes_along(notebook, desk, before, body):
    text = notebook(f"{before}def my_step(w, gradient, lr):\n{body}\n\n{CHECK_STEP}").text
    assert "It is in your my_nn.py now." in text
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5


def test_an_answer_may_use_an_earlier_one(notebook, desk):
    notebook(STEP + CHECK_STEP)
    cell = """
def my_fit_line(x, y, lr, steps):
    w = np.zeros(2)
    for _ in range(steps):
        error = w[0] * x + w[1] - y
        w = my_step(w, np.array([2 * np.mean(error * x), 2 * np.mean(error)]), lr)
    return w[0], w[1]


check.fit_line(my_fit_line)"""
    assert "It is in your my_nn.py now." in notebook(cell).text
    w, _ = library(desk)["my_fit_line"](np.array([1.0, 2.0, 3.0]), np.array([2.5, 4.5, 6.5]), 0.1, 500)
    assert abs(w - 2) < 0.01


@pytest.mark.parametrize("magic", ["%%time\n", "%%capture\n"])
def test_a_magic_above_the_cell_does_not_hide_it(notebook, desk, magic):
    notebook(magic + STEP + CHECK_STEP)
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5


def test_the_answer_may_be_named_in_the_call(notebook, desk):
    notebook(STEP + "check.gradient_step(answer=my_step)")
    assert "my_step" in library(desk)


def test_a_function_from_another_cell_is_found_there(notebook, desk):
    notebook(STEP)
    notebook(CHECK_STEP)
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5


def test_a_number_and_a_lambda_are_kept_by_their_names(notebook, desk):
    notebook("my_error = 5 / 3\n\ncheck.mean_squared_error(my_error)")
    notebook(
        "my_step = lambda w, gradient, lr: w - lr * gradient\nverdict = check.gradient_step(my_step)\nverdict"
    )
    assert library(desk)["my_error"] == 5 / 3
    assert library(desk)["my_step"](1.0, 2.0, 0.25) == 0.5


def test_an_answer_without_a_name_is_asked_for_one(notebook, desk):
    verdict = notebook("check.gradient_step(lambda w, gradient, lr: w - lr * gradient)")
    assert verdict.text.endswith("check.gradient_step(my_gradient_step).")
    assert not (desk / "my_nn.py").exists()


def test_two_helpers_of_one_name_do_not_spoil_each_other(notebook, desk):
    notebook(
        "def helper(a, b):\n    return a * b\n\n\n"
        + STEP.replace("lr * gradient", "helper(lr, gradient)")
        + CHECK_STEP
    )
    kept = (desk / "my_nn.py").read_text()
    verdict = notebook(
        "def helper(a, b):\n    return -(-a // b)\n\n\ndef my_updates_per_epoch(n, batch_size):\n"
        "    return helper(n, batch_size)\n\n\ncheck.updates_per_epoch(my_updates_per_epoch)"
    )
    assert verdict.status == "right"
    assert "gradient_step would be wrong there, because two cells use `helper`" in verdict.text
    assert (desk / "my_nn.py").read_text() == kept


def test_what_the_learner_writes_into_the_file_stays(notebook, desk):
    notebook(STEP + CHECK_STEP)
    file = desk / "my_nn.py"
    file.write_text(file.read_text().replace("import math\n", "import math\n\n# my own words\nMINE = 3\n", 1))
    notebook("my_error = 5 / 3\n\ncheck.mean_squared_error(my_error)")
    assert "# my own words" in file.read_text()
    assert library(desk)["MINE"] == 3
    assert library(desk)["my_error"] == 5 / 3


def test_a_file_that_is_no_python_any_more_is_set_aside(notebook, desk):
    notebook(STEP + CHECK_STEP)
    (desk / "my_nn.py").write_text("def my_step(:\n")
    verdict = notebook("my_error = 5 / 3\n\ncheck.mean_squared_error(my_error)")
    (aside,) = desk.glob("backups/*/my_nn.py")
    assert aside.read_text() == "def my_step(:\n"
    assert str(aside.relative_to(desk)) in verdict.text
    assert library(desk)["my_error"] == 5 / 3


def test_a_file_that_stops_is_named_and_left_alone(notebook, desk):
    notebook(STEP + CHECK_STEP)
    file = desk / "my_nn.py"
    file.write_text(file.read_text().replace("import math\n", "import math\n\nmath.sqrt(-1)\n", 1))
    before = file.read_text()
    verdict = notebook("my_error = 5 / 3\n\ncheck.mean_squared_error(my_error)")
    assert verdict.status == "right"
    assert "my_nn.py cannot be used: it stops with ValueError" in verdict.text
    assert file.read_text() == before


def test_a_file_that_never_ends_is_named(notebook, desk, monkeypatch):
    monkeypatch.setattr(answers, "_SECONDS", 0.2)
    desk.mkdir()
    (desk / "my_nn.py").write_text("while True:\n    pass\n")
    verdict = notebook(STEP + CHECK_STEP)
    assert verdict.status == "right"
    assert "takes longer than 0.2 s to import" in verdict.text


def test_a_desk_that_cannot_be_written_spoils_no_verdict(notebook, desk, monkeypatch):
    (desk.parent / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_DESK", str(desk.parent / "file" / "desk"))
    verdict = notebook(STEP + CHECK_STEP)
    assert verdict.status == "right"
    assert "could not be put into my_nn.py" in verdict.text


def test_without_a_desk_nothing_is_said_of_it(notebook, monkeypatch):
    monkeypatch.setenv("COURSE_DESK", "")
    assert notebook(STEP + CHECK_STEP).text == gradient_step.right


def test_printing_at_import_is_not_heard(notebook, desk, capsys):
    notebook("print('loud') or setattr(np, 'course_test', 1)\n" + STEP + CHECK_STEP)
    assert capsys.readouterr().out.count("loud") == 1


KEEP = """
import sys
from course_lib.teaching.desk import answers
from course_lib.teaching.desk.verdicts import _fault
cells = {
    "gradient_step": "def my_step(w, gradient, lr):\\n    return w - lr * gradient",
    "updates_per_epoch": "def my_updates(n, batch_size):\\n    return -(-n // batch_size)",
}
name, variable = sys.argv[1:]
for at in range(10):
    answers.keep(name, variable, cells[name] + f"  # {at}", _fault)
"""


def test_two_kernels_that_keep_answers_at_the_same_time_lose_none(desk):
    pairs = (("gradient_step", "my_step"), ("updates_per_epoch", "my_updates"))
    writers = [
        subprocess.Popen([sys.executable, "-c", KEEP, *pair], env=os.environ, stderr=subprocess.PIPE)
        for pair in pairs
    ]
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    assert {"my_step", "my_updates"} <= set(library(desk))
    assert sorted(path.name for path in desk.iterdir()) == [".desk", "my_nn.py"]


@pytest.mark.parametrize(
    "cell",
    [
        "x = (1,\n",  # no Python
        "check.gradient_step(some.thing)",
        "check.gradient_step(my_step); check.gradient_step(my_other)",
        "my_check(my_step)",
        "",
    ],
)
def test_where_it_was_written_is_not_guessed(cell):
    assert cells.written(None, cell, "gradient_step") is None
