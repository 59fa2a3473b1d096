"""What an answer may not do: end the kernel, or wait for somebody to type."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from course_lib.teaching.judging.reading import Refused

_ABSENT = object()


@contextmanager
def no_way_out() -> Iterator[None]:
    """Inside, quit() and exit() raise SystemExit, and input() says that numbers come as arguments.

    IPython's quit() raises nothing: it makes a note, and the kernel ends after the cell. Python's own closes
    the standard input before it raises.

    Example:
        >>> with no_way_out():
        ...     quit()
        Traceback (most recent call last):
        SystemExit
    """
    places = [(builtins, "quit", _ends), (builtins, "exit", _ends), (builtins, "input", _asks)]
    if shell := _shell():
        places.append((shell, "ask_exit", _ends))
    before = [vars(holder).get(name, _ABSENT) for holder, name, _ in places]
    try:
        for holder, name, instead in places:
            setattr(holder, name, instead)
        yield
    finally:
        for (holder, name, _), value in zip(places, before):
            if value is not _ABSENT:
                setattr(holder, name, value)
            elif name in vars(holder):
                delattr(holder, name)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if hasattr(ipython, "get_ipython") else None


def _ends(*args: Any, **kwargs: Any) -> NoReturn:
    raise SystemExit


def _asks(*args: Any, **kwargs: Any) -> NoReturn:
    raise Refused("An answer gets its numbers as arguments: leave out input().")
