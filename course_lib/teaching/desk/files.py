"""Where the learner's desk is, and how its files are written so that nothing can be lost."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock

COURSE = Path(__file__).resolve().parents[3]
MARK = ".desk"  # the folder in a desk that holds what the course needs to know of it
_SECONDS = 10  # how long one waits for another process that writes


def desk_folder() -> Path | None:
    """The learner's desk, or None where there is none.

    `COURSE_DESK` names it; empty, it means none. Without that variable a desk is found when the work is done
    in its `notebooks`, as in an editor that opened a chapter there.

    Example:
        >>> os.environ["COURSE_DESK"] = ""
        >>> desk_folder()
    """
    named = os.environ.get("COURSE_DESK")
    if named:
        os.environ["COURSE_DESK"] = str(Path(named).expanduser().absolute())  # however the work moves about
        return Path(os.environ["COURSE_DESK"])
    if named is not None:
        return None
    above = Path.cwd().parent
    return above if (above / MARK).is_dir() else None


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file so that, whenever the process is killed, the old content or the new is there, whole.

    Args:
        path: the file; its folder must be there.
        text: what it shall hold; text is written in UTF-8.

    Raises:
        OSError: it cannot be written; the old file is as it was.

    Example:
        >>> folder = Path(tempfile.mkdtemp())
        >>> write_atomically(folder / "note.txt", "kept")
        >>> (folder / "note.txt").read_text()
        'kept'
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.chmod(temporary, path.stat().st_mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def locked(desk: Path) -> Iterator[None]:
    """Alone at the desk: other processes that ask wait until this one is done.

    The lock goes with its process: one that is killed leaves nothing locked.

    Args:
        desk: its folder.

    Raises:
        OSError: the desk cannot be written.
        TimeoutError: another process has not let go of it for 10 s.
    """
    (desk / MARK).mkdir(parents=True, exist_ok=True)
    with FileLock(desk / MARK / "lock", timeout=_SECONDS):
        yield


def backup_path(desk: Path, name: str) -> Path:
    """Where a file of this name may go in the backups: a dated folder, which is made."""
    now = f"{datetime.now():%Y-%m-%d_%H-%M-%S}"
    folders = (desk / "backups" / dated for dated in (now, *(f"{now}_{n}" for n in range(2, 1000))))
    path = next(folder / name for folder in folders if not (folder / name).exists())
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def set_aside(desk: Path, file: Path) -> Path:
    """Move a file of the desk into the backups, and return where it is now, seen from the desk."""
    path = backup_path(desk, file.name)
    os.replace(file, path)
    return path.relative_to(desk)
