"""Switches of the whole process that others may have set, and that no explorer obeys."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
import numpy as np

from course_lib.plots import STYLE

_PROMPT = 0.001  # seconds for which slow work may keep other threads waiting, where Python's own are 5 ms
_waiting: list[float] = []  # what was there before the first of the works that go on now
_works = threading.Lock()


def _course_style() -> dict:
    """Matplotlib's defaults with the course's own style, whatever holds now."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        ours = dict(dict.items(mpl.rcParams))  # as they are, without resolving the backend
    return {name: ours[name] for name in ours.keys() - {"backend", "backend_fallback", "interactive"}}


_OURS = _course_style()
_drawing = threading.Lock()
_theirs: dict = {}  # what was set before the first of the drawings that go on now
_drawings = 0


@contextmanager
def course_style() -> Iterator[None]:
    """Draw with Matplotlib's own defaults and the course's style, whatever the process has set.

    Matplotlib knows one style for all threads. So this is for the milliseconds of a drawing, not for work
    beside which other code goes on. Only the settings that differ are changed, and put back one by one: a
    cell that changes others at the same time on another thread keeps what it set.
    """
    global _drawings, _theirs  # noqa: PLW0603  (they tell of the process, as Matplotlib's settings do)
    params = mpl.rcParams
    with _drawing:
        if _drawings == 0:
            _theirs = {
                name: value
                for name, value in dict.items(params)
                if value is not (ours := _OURS.get(name, value)) and value != ours
            }
            dict.update(params, {name: _OURS[name] for name in _theirs})
        _drawings += 1
    try:
        yield
    finally:
        with _drawing:
            _drawings -= 1
            if _drawings == 0:
                ours = [name for name in _theirs if dict.get(params, name) is _OURS[name]]
                dict.update(params, {name: _theirs[name] for name in ours})


@contextmanager
def usual_errors() -> Iterator[None]:
    """Compute as in a fresh process: floating-point errors as NumPy and SciPy take them by default."""
    special = sys.modules.get("scipy.special")
    with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        if special is None:
            yield
        else:
            with special.errstate(all="ignore"):
                yield


@contextmanager
def prompt_threads() -> Iterator[None]:
    """Let other threads of the process interrupt this one sooner than usual, as long as this lasts."""
    with _works:
        _waiting.append(sys.getswitchinterval())
        sys.setswitchinterval(_PROMPT)
    try:
        yield
    finally:
        with _works:
            before = _waiting.pop()
            if not _waiting:
                sys.setswitchinterval(before)
