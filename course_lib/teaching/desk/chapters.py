"""The learner's working copies of the chapters: made, brought up to date, made anew, and backed up.

Each working copy names in its metadata the edition of the course that it was last merged with, so that one
atomic replacement moves text and edition together: a process that is killed leaves the old pair or the new,
and a browser that later saves an old text brings its old edition back with it. Before a working copy is
replaced, the new edition lies in the desk as a base for the next merge, and what is replaced in the backups.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from course_lib.teaching.desk.editions import digest, keep, kept, marks, parsed, written
from course_lib.teaching.desk.files import COURSE, MARK, backup_path, locked, write_atomically
from course_lib.teaching.desk.merge import Notebook, merge

NOTEBOOKS = COURSE / "notebooks"
_LOST = {"cells": [], "metadata": {}}  # the edition to merge from where none is kept


def update(desk: Path, course: Path = NOTEBOOKS) -> Iterator[str]:
    """Bring the working copies up to date, and say in a line each which have changed.

    A chapter that is new, or whose working copy was deleted, comes as a fresh copy; a working copy whose
    chapter the course no longer has stays. While JupyterLab serves the desk, working copies stay as they are.

    Args:
        desk: the learner's folder; it is made if need be.
        course: the folder of the course's chapters.

    Yields:
        What happened, one line at a time.

    Raises:
        OSError: the desk cannot be written; nothing in it has changed.
        ValueError: the desk is the folder of the course itself.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as desk:
        ...     first, again = list(update(Path(desk))), list(update(Path(desk)))
        >>> first[0], again
        ('00_start_here: new', [])
    """
    if not _behind(desk, course):
        return
    with locked(desk):
        _remove_unfinished(desk)
        behind = _behind(desk, course)  # again: another process may have been here before this one
        here = [file for file in behind if _copy(desk, file).exists()]
        address = _address_of_server(desk) if here else None
        for file in behind:
            if file not in here or not address:
                yield f"{file.stem}: {_said(desk, file)}"
    if address:
        names = ", ".join(file.stem for file in here)
        yield f"JupyterLab is open at {address}. Close it and start it again to update {names}."


def reset(desk: Path, chapter: str, course: Path = NOTEBOOKS) -> str:
    """Put a fresh copy of a chapter on the desk, and the old one into the backups.

    Args:
        desk: the learner's folder; it is made if need be.
        chapter: its number or how its name begins, such as "06" or "06_optimizers".
        course: the folder of the course's chapters.

    Returns:
        What happened, and where the old copy is.

    Raises:
        OSError: the desk cannot be written; the working copy is as it was.
        ValueError: no chapter is called so, or the desk is the folder of the course itself.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as desk:
        ...     reset(Path(desk), "06")
        '06_optimizers: a fresh copy'
    """
    file = _chosen(chapter, _chapters(desk, course))
    with locked(desk):
        fresh, copy = _fresh(desk, file), _copy(desk, file)
        backup = _backup(copy, copy.read_bytes()) if copy.exists() else None
        _write(copy, fresh)
    said = f"{file.stem}: a fresh copy"
    if backup:
        said += f"; the old one is {backup}"
    if backup and (address := _address_of_server(desk)):
        said += f". If it is open at {address}, close it there without saving"
    return said


# -- which chapters ------------------------------------------------------------------------------


def _chapters(desk: Path, course: Path) -> list[Path]:
    if (desk / "notebooks").resolve() == course.resolve():
        raise ValueError(f"COURSE_DESK must name a folder of its own, not that of the course ({desk})")
    return sorted(course.glob("[!.]*.ipynb"))


def _chosen(chapter: str, files: list[Path]) -> Path:
    start = f"{int(chapter):02d}" if chapter.isdecimal() else chapter
    chosen = [file for file in files if start and file.name.startswith(start)]
    if len(chosen) != 1:
        numbers = ", ".join(file.stem.partition("_")[0] for file in files)
        raise ValueError(f"CHAPTER must be one of {numbers}, as in: make reset CHAPTER=06; it is {chapter!r}")
    return chosen[0]


def _behind(desk: Path, course: Path) -> list[Path]:
    """The chapters whose working copy is not of the course's present edition."""
    return [file for file in _chapters(desk, course) if _edition_on(desk, file) != digest(file.read_bytes())]


def _edition_on(desk: Path, file: Path) -> str | None:
    try:
        return marks(parsed(_copy(desk, file).read_bytes())).get("edition")
    except (OSError, ValueError):  # there is none, or it is damaged: to be seen to
        return None


def _copy(desk: Path, file: Path) -> Path:
    return desk / "notebooks" / file.name


# -- one working copy ----------------------------------------------------------------------------


def _said(desk: Path, file: Path) -> str:
    """Bring one working copy up to date and say how it went; its faults do not stop the others."""
    try:
        return _deliver(desk, file)
    except Exception as error:  # nobody is to see a traceback for a chapter that is still as it was
        return f"left as it was ({type(error).__name__}: {error})"


def _deliver(desk: Path, file: Path) -> str:
    fresh, copy = _fresh(desk, file), _copy(desk, file)
    if not copy.exists():
        _write(copy, fresh)
        return "new"
    before = copy.read_bytes()
    mine = _read(before)
    base = kept(desk, marks(mine).get("edition", "")) if mine else None
    text, said = fresh, "updated"
    if not base or marks(base).get("fresh") != digest(before):  # else nobody has ever saved it
        backup = _backup(copy, before)
        said = f"a fresh copy; yours could not be read as a notebook and is now {backup}"
        if mine:
            text, said = _merged(base, mine, fresh)
    if copy.read_bytes() != before:
        return "left as it is, because another program is writing it; start again to update it"
    _write(copy, text)
    return said


def _merged(base: Notebook | None, mine: Notebook, fresh: str) -> tuple[str, str]:
    course = parsed(fresh.encode())
    merged, clashes = merge(base or _LOST, mine, course)
    said = "updated, with all that you wrote in it"
    if clashes:
        said += f"; clashes with it: {clashes}, each told of in a note below your cell"
    if not base:
        said += " (the edition that you began with is lost, so every difference counts as yours)"
    return written(merged, marks(course)["edition"]), said


def _fresh(desk: Path, file: Path) -> str:
    """The text of a fresh copy, after its edition was kept for the merge with the next one."""
    data = file.read_bytes()
    course, edition = _read(data), digest(data)
    if course is None:
        raise ValueError(f"the course's own file is damaged; get it back with: git checkout {file}")
    keep(desk, course, edition)
    return written(course, edition)


def _read(data: bytes) -> Notebook | None:
    try:
        return parsed(data)
    except ValueError:
        return None


def _write(path: Path, data: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data)


def _backup(copy: Path, data: bytes) -> Path:
    """Where a working copy now lies that is about to be replaced."""
    backup = backup_path(copy.parents[1], copy.name)
    write_atomically(backup, data)
    return backup


def _remove_unfinished(desk: Path) -> None:
    """Remove what a killed process left half written; under the lock nobody else is writing a chapter."""
    for folder in ("notebooks", f"{MARK}/base", "backups/*"):
        for file in desk.glob(f"{folder}/.*.new"):
            file.unlink()


# -- JupyterLab ----------------------------------------------------------------------------------


def _address_of_server(desk: Path) -> str | None:
    """Where a running JupyterLab serves the desk: what is open and unsaved there is in the browser alone."""
    from jupyter_server.serverapp import list_running_servers  # late: more than a second

    with suppress(OSError, ValueError):  # a server that is just starting may have written half of its file
        for server in list_running_servers():
            root, place = Path(server["root_dir"]).resolve(), desk.resolve()
            if (place.is_relative_to(root) or root.is_relative_to(place)) and _answers(server):
                return server["url"]
    return None


def _answers(server: dict) -> bool:
    """Whether somebody listens there; after a crash another process may have the number of the server's."""
    host = "localhost" if server["hostname"] in ("", "*", "0.0.0.0", "::") else server["hostname"]
    with suppress(OSError), socket.create_connection((host, server["port"]), timeout=1):
        return True
    return bool(server.get("sock"))
