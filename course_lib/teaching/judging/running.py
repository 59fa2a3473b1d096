"""A learner's code, run so that it does no harm: endless loops end, prints are kept, settings restored."""

from __future__ import annotations

import ctypes
import io
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib.teaching.judging.way_out import no_way_out

LINES = 10  # of what an answer prints, so many are shown
_CHARACTERS = 1500
_AGAIN = 0.05  # seconds until a loop that catches every exception is interrupted once more


class TimeIsUp(BaseException):
    """Raised in the thread that is judged; no Exception, so that `except Exception` does not swallow it."""


@dataclass(frozen=True)
class Attempt:
    """What came of running some code: a value, or the exception that stopped it; and what it printed."""

    value: Any = None
    error: BaseException | None = None
    printed: str = ""
    took: float = field(default=0.0, compare=False, repr=False)  # seconds


def attempt(function: Callable[[], Any], seconds: float) -> Attempt:
    """Call a function of no arguments; whatever it raises is part of the result, and settings are restored.

    Args:
        function: what to call.
        seconds: after this time it is stopped, with `TimeIsUp` as its error.

    Returns:
        Its value or its error, and what it printed.

    Raises:
        KeyboardInterrupt: the learner stopped it; what it has printed so far is printed now.

    Example:
        >>> attempt(lambda: print("hello") or 1 / 0, seconds=5)
        Attempt(value=None, error=ZeroDivisionError('division by zero'), printed='hello')
    """
    value = error = None
    printed, begun = _Printed(), time.perf_counter()
    try:
        with _restored(), no_way_out(), redirect_stdout(printed), redirect_stderr(printed):
            try:
                value = _within(seconds, function)
            except KeyboardInterrupt:
                raise
            except BaseException as caught:  # sys.exit() too, or a learner's own BaseException
                error = caught
    except KeyboardInterrupt:
        print(printed.shown())
        raise
    return Attempt(value, error, printed.shown(), time.perf_counter() - begun)


def _within(seconds: float, function: Callable[[], Any]) -> Any:
    watch = _Watch(seconds)
    try:
        watch.start()
        try:
            return function()
        finally:
            watch.stop()
    except BaseException:
        watch.stop()  # it, or an interrupt, may have come in the middle of the first stop
        raise


class _Watch:
    """Raises TimeIsUp in the thread that made it. Signals would do so in the main thread only."""

    def __init__(self, seconds: float):
        self.seconds, self.judged = seconds, threading.get_ident()
        self.lock, self.ended, self.armed = threading.Lock(), threading.Event(), True

    def start(self) -> None:
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            with self.lock:
                if self.armed:
                    self._raise(ctypes.py_object(TimeIsUp))
            wait = _AGAIN

    def _raise(self, error) -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.judged), error)

    def stop(self) -> None:
        """Disarm it, and take back an exception that is on its way: none may reach the notebook later."""
        while self.armed:
            try:
                with self.lock:
                    self.armed = False
                    self._raise(None)
            except TimeIsUp:  # it arrived just here
                continue
        self.ended.set()


class _Printed(io.TextIOBase):
    """A place to print to that keeps the beginning: an endless loop that prints shall not fill the memory."""

    def __init__(self):
        self.text, self.lines_in_all = "", 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.lines_in_all += text.count("\n")
        self.text += text[: max(0, _CHARACTERS - len(self.text))]
        return len(text)

    def shown(self) -> str:
        lines = self.text.rstrip("\n").split("\n")
        if len(lines) <= LINES and len(self.text) < _CHARACTERS:
            return "\n".join(lines)
        more = self.lines_in_all - min(len(lines), LINES)
        rest = f"… and {more} more lines" if more > 1 else "… and more"
        return "\n".join([*lines[:LINES], rest])


@contextmanager
def _restored() -> Iterator[None]:
    """Warnings are silent inside, and what code may set for everybody is put back."""
    torch = sys.modules.get("torch")
    drawn = random.getstate(), np.random.get_state()  # noqa: NPY002  a learner may use the global generator
    torch_drawn = torch.get_rng_state() if hasattr(torch, "get_rng_state") else None
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), np.printoptions():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(drawn[0])
        np.random.set_state(drawn[1])  # noqa: NPY002
        if torch_drawn is not None:
            torch.set_rng_state(torch_drawn)
