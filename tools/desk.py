"""Makes the learner's desk or brings it up to date: `python tools/desk.py`. `make lab` does so by itself.

    python tools/desk.py              # one line for each chapter that changed
    python tools/desk.py reset 06     # a fresh copy of chapter 06; the old one goes to the backups

The desk is the folder `my_course`, or the one that the environment variable COURSE_DESK names; if that is
empty, there is none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from course_lib.teaching.desk.chapters import reset, update
from course_lib.teaching.desk.files import COURSE, desk_folder


def main(arguments: list[str]) -> int:
    desk = chosen_desk()
    if arguments and (arguments[0] != "reset" or len(arguments) > 2):
        print("Write: python tools/desk.py, or: python tools/desk.py reset 06")
        return 2
    if not desk:
        print("There is no desk: COURSE_DESK is empty.")
        return 1 if arguments else 0
    if arguments:
        chapter = "".join(arguments[1:])
        return 0 if told(lambda: [reset(desk, chapter)]) else 1
    return 0 if told(lambda: update(desk)) else 1


def chosen_desk() -> Path | None:
    """The learner's desk, or None if none is wanted."""
    os.environ.setdefault("COURSE_DESK", str(COURSE / "my_course"))
    return desk_folder()


def told(lines: Callable[[], Iterable[str]]) -> bool:
    """Print these lines as they come; if something stops them, one that says what, and return False."""
    try:
        for line in lines():
            print(line, flush=True)
    except TimeoutError:
        print("Another program is at work at your desk, which is left as it is; start again to update it.")
    except OSError as error:
        print(f"Your desk cannot be written: {error.strerror or error} ({error.filename or chosen_desk()}).")
        print("Another folder will do: name it in the environment variable COURSE_DESK.", flush=True)
    except ValueError as error:
        print(f"{error}.")
    except Exception as error:  # a desk never keeps JupyterLab from opening, whatever is wrong with it
        print(f"Your desk is left as it is: {error}.")
    else:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
