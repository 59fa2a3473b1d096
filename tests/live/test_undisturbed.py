"""What a learner or another library sets for the whole process does not reach into explorers."""

import subprocess
import sys
import threading

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.special

from course_lib.explorers import EXPLORERS
from course_lib.live.undisturbed import course_style, prompt_threads
from tests.live.waves import SlowWave, Wave, live, slide, wait_for

# What there is to set, and what each would do: to every picture, to some numbers, or only at the edges.
DISTURBANCES = """
import decimal, locale, warnings
import matplotlib as mpl, matplotlib.pyplot as plt, numpy as np, scipy.special
plt.style.use("dark_background")
mpl.rcParams.update({
    "font.size": 17, "font.family": "monospace", "text.color": "red", "mathtext.fontset": "stix",
    "lines.linewidth": 5, "path.sketch": (1, 100, 2), "path.simplify": False, "image.cmap": "jet",
    "axes.grid": True, "axes.unicode_minus": False, "axes.formatter.use_locale": True,
    "xtick.direction": "in", "figure.dpi": 30, "savefig.dpi": 30,
})
np.seterr(all="raise")
np.set_printoptions(precision=1, suppress=True, legacy="1.13")
np.random.seed(3)
scipy.special.seterr(all="raise")
warnings.simplefilter("error")
decimal.getcontext().prec = 2
"""
DRAW_ALL = """
import hashlib
from course_lib.explorers import EXPLORERS
for name, explorer in EXPLORERS.items():
    shown = explorer()
    print(name, hashlib.sha1(shown.png()).hexdigest(), shown.describe())
"""


def test_no_picture_and_no_word_depends_on_the_settings_of_the_process():
    started = [
        subprocess.Popen([sys.executable, "-c", code + DRAW_ALL], stdout=subprocess.PIPE, text=True)
        for code in ("", DISTURBANCES)
    ]
    fresh, disturbed = (process.communicate()[0].splitlines() for process in started)
    assert len(fresh) == len(EXPLORERS)
    assert [line for line, other in zip(fresh, disturbed, strict=True) if line != other] == []


def test_what_was_set_holds_again_afterwards():
    with mpl.rc_context(), np.errstate(all="raise"), scipy.special.errstate(all="raise"):
        plt.style.use("dark_background")
        params, errors, special = dict(mpl.rcParams), np.geterr(), scipy.special.geterr()
        Wave().set(height=0.3).png()
        assert (dict(mpl.rcParams), np.geterr(), scipy.special.geterr()) == (params, errors, special)


def test_what_a_cell_sets_meanwhile_is_kept():
    """A slider is answered on another thread than the cell that sets these."""
    with mpl.rc_context({"font.size": 20, "axes.grid": True}):
        with course_style():
            assert mpl.rcParams["font.size"] == 10
            mpl.rcParams["font.size"] = 31
        assert mpl.rcParams["font.size"] == 31
        assert mpl.rcParams["axes.grid"] is True


def test_two_drawings_at_once_leave_what_was_set():
    """The one that began first may end first: then the other still draws in our style."""
    with mpl.rc_context({"font.size": 20}):
        first, second = course_style(), course_style()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert mpl.rcParams["font.size"] == 10
        second.__exit__(None, None, None)
        assert mpl.rcParams["font.size"] == 20


def test_slow_work_leaves_the_style_of_other_code_alone():
    """It takes seconds, during which a cell may draw."""
    seen = []

    class Looking(SlowWave):
        def compute(self, **settings):
            for part in SlowWave.compute(self, **settings):
                seen.append(mpl.rcParams["font.size"])
                yield part

    with mpl.rc_context({"font.size": 20}):
        explorer, panel, _ = live(Looking)
        slide(panel, "height", 0.5)
        wait_for(lambda: explorer.result.part == 10 and panel.view.progress == -1)
        assert set(seen) == {20}


def test_settings_come_back_after_a_fault():
    with mpl.rc_context({"font.size": 20}):
        with pytest.raises(ZeroDivisionError), course_style():
            1 / 0  # noqa: B018
        assert mpl.rcParams["font.size"] == 20


def test_the_switch_interval_comes_back_with_the_last_work():
    before, inside = sys.getswitchinterval(), []
    with prompt_threads():

        def work():
            with prompt_threads():
                inside.append(sys.getswitchinterval())

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        inside.append(sys.getswitchinterval())
    assert inside == pytest.approx([0.001, 0.001])
    assert sys.getswitchinterval() == pytest.approx(before)
