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


@contextmanager
def undisturbed() -> Iterator[None]:
    """Draw and compute as in a fresh process: Matplotlib's own defaults, floating-point errors as they come.

    Only the settings that differ are changed, for as long as this lasts, and put back one by one: a cell that
    changes others at the same time on another thread keeps what it set.
    """
    params = mpl.rcParams
    theirs = {
        name: value
        for name, value in dict.items(params)
        if value is not (ours := _OURS.get(name, value)) and value != ours
    }
    dict.update(params, {name: _OURS[name] for name in theirs})
    try:
        with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"), _special_functions():
            yield
    finally:
        dict.update(params, {n: value for n, value in theirs.items() if dict.get(params, n) is _OURS[n]})


@contextmanager
def _special_functions() -> Iterator[None]:
    special = sys.modules.get("scipy.special")
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
