"""The desk in a learner's hands: updates, resets, and everything that can go wrong with a file."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import socket
import sys
import time
from pathlib import Path

import pytest

from course_lib.teaching.desk import chapters
from course_lib.teaching.desk.chapters import reset, update
from course_lib.teaching.desk.files import COURSE, locked
from course_lib.teaching.desk.merge import merge
from tests.processes import run
from tests.teaching.desk.notebooks import by_id, code, notebook, read, sources, text, write

ONE, TWO = "01_steps.ipynb", "02_losses.ipynb"
STUB = "def my_{0}(w, lr):\n    return ...  # your line\n\n\nverdict = check.{0}(my_{0})\nverdict"


def solved(name: str) -> str:
    return STUB.format(name).replace("...  # your line", "w - lr")


def first_edition() -> dict:
    return {
        ONE: notebook(
            text("title", "# Steps"),
            code("picture", "explorer('steps')", "a picture"),
            code("exercise-step", STUB.format("step")),
            text("between", "Now with momentum."),
            code("exercise-momentum", STUB.format("momentum")),
            text("aside", "An aside."),
            text("end", "The end.\n\nOf the chapter."),
        ),
        TWO: notebook(text("title", "# Losses")),
    }


def second_edition() -> dict:
    """Texts around the exercises changed, a cell deleted, an exercise added, a stub with other arguments."""
    edition = first_edition()
    cells = by_id(edition[ONE])
    cells["title"].source = "# Steps, downhill"
    cells["between"].source = "Now with momentum, which remembers."
    cells["exercise-momentum"].source = STUB.format("momentum").replace("(w, lr)", "(w, v, lr)")
    cells["end"].source = "The end.\n\nOf this chapter."
    edition[ONE].cells = [cell for cell in edition[ONE].cells if cell.id != "aside"]
    edition[ONE].cells.insert(-1, code("exercise-nesterov", STUB.format("nesterov")))
    return edition


def publish(course: Path, edition: dict) -> None:
    for name, content in edition.items():
        write(course / name, content)


def work(desk: Path) -> None:
    """A learner solves two exercises, adds a cell and a note, and writes into one of our cells."""
    mine = read(desk / "notebooks" / ONE)
    cells = by_id(mine)
    cells["exercise-step"].source = solved("step")
    cells["exercise-step"].outputs = code("any", "", "Right").outputs
    cells["exercise-momentum"].source = solved("momentum")
    cells["end"].source = "The end.\n\nOf the chapter.\n\nI want to read this again."
    mine.cells.insert(2, text("note", "Mind the sign."))
    mine.cells.insert(4, code("try-it", "my_step(1.0, 0.1)"))
    write(desk / "notebooks" / ONE, mine)


WRITTEN = [
    *(solved("step") + "\n" + solved("momentum")).split("\n"),
    *("I want to read this again.", "Mind the sign.", "my_step(1.0, 0.1)"),
]


def holds_all(mine) -> bool:
    return not set(WRITTEN) - set("\n".join(sources(mine)).split("\n"))


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))  # no JupyterLab but a test's own
    publish(tmp_path / "course" / "notebooks", first_edition())
    return tmp_path / "course" / "notebooks"


@pytest.fixture
def desk(tmp_path, course) -> Path:
    """A desk with a learner's work on it."""
    desk = tmp_path / "my desk"
    list(update(desk, course))
    work(desk)
    return desk


def backups(desk: Path) -> list[Path]:
    return sorted((desk / "backups").glob("*/*"))


# -- the story -----------------------------------------------------------------------------------


def test_a_learners_story(tmp_path, monkeypatch):
    """Through the command, of a course that has the real code and small chapters."""
    folder, desk = tmp_path / "course", tmp_path / "my desk"
    for room in (COURSE / "course_lib").iterdir():
        if room.name != "teaching" and not room.name.startswith("__pycache__"):
            (folder / "course_lib").mkdir(parents=True, exist_ok=True)
            (folder / "course_lib" / room.name).symlink_to(room)
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(COURSE / "course_lib" / "teaching", folder / "course_lib" / "teaching", ignore=skip)
    shutil.copytree(COURSE / "tools", folder / "tools", ignore=skip)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("COURSE_DESK", str(desk))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))

    def command(*arguments: str) -> list[str]:
        done = run([sys.executable, "tools/desk.py", *arguments], folder, without="PYTEST_")
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    publish(folder / "notebooks", first_edition())
    assert command() == ["01_steps: new", "02_losses: new"]
    assert command() == []
    work(desk)
    before = (desk / "notebooks" / ONE).read_bytes()
    assert command() == []
    publish(folder / "notebooks", second_edition())
    [said] = command()
    assert said.startswith("01_steps: updated, with all that you wrote in it; clashes with it: 1")
    mine = read(desk / "notebooks" / ONE)
    assert sources(mine)[:8] == [
        "# Steps, downhill",
        "explorer('steps')",
        "Mind the sign.",
        solved("step"),
        "my_step(1.0, 0.1)",
        "Now with momentum, which remembers.",
        solved("momentum"),
        by_id(mine)["clash-exercise-momentum"].source,
    ]
    assert "def my_momentum(w, v, lr):" in mine.cells[7].source
    assert sources(mine)[8:] == [
        STUB.format("nesterov"),
        "The end.\n\nOf this chapter.\n\nI want to read this again.",
    ]
    assert mine.cells[1].outputs[0].text == "a picture"
    assert mine.cells[3].outputs[0].text == "Right"
    assert [file.read_bytes() for file in backups(desk)] == [before]
    assert command() == []
    assert "a picture" not in "".join(file.read_text() for file in desk.glob(".desk/base/*"))
    assert command("reset", "1")[0].startswith("01_steps: a fresh copy; the old one is ")
    assert sources(read(desk / "notebooks" / ONE)) == sources(second_edition()[ONE])
    assert len(backups(desk)) == 2
    monkeypatch.delenv("COURSE_DESK")
    assert command() == ["01_steps: new", "02_losses: new"]
    assert (folder / "my_course" / "notebooks" / ONE).exists()


def test_a_copy_that_nobody_saved_needs_no_backup(desk, course):
    edition = first_edition()
    edition[TWO].cells[0].source = "# Losses, all of them"
    publish(course, edition)
    assert list(update(desk, course)) == ["02_losses: updated"]
    assert sources(read(desk / "notebooks" / TWO)) == ["# Losses, all of them"]
    assert backups(desk) == []


def test_backups_of_the_same_second_stand_side_by_side(desk, course):
    written = []
    for _ in range(3):
        file = desk / "notebooks" / ONE
        mine = read(file)
        mine.cells.append(text(f"note-{len(written)}", "More."))
        write(file, mine)
        written.append(file.read_bytes())
        reset(desk, "01", course)
    assert sorted(file.read_bytes() for file in backups(desk)) == sorted(written)


def test_a_deleted_copy_comes_back_fresh_and_a_dropped_chapter_stays(desk, course):
    (desk / "notebooks" / TWO).unlink()
    (course / ONE).unlink()
    assert list(update(desk, course)) == ["02_losses: new"]
    assert holds_all(read(desk / "notebooks" / ONE))


def test_an_old_text_that_a_browser_saves_later_is_merged_again(desk, course):
    old = (desk / "notebooks" / ONE).read_bytes()
    publish(course, second_edition())
    list(update(desk, course))
    new = (desk / "notebooks" / ONE).read_bytes()
    (desk / "notebooks" / ONE).write_bytes(old)
    assert len(list(update(desk, course))) == 1
    assert (desk / "notebooks" / ONE).read_bytes() == new


def test_three_editions_one_after_the_other(desk, course):
    third = second_edition()
    by_id(third[ONE])["exercise-step"].source = STUB.format("step").replace("lr)", "lr, steps)", 1)
    third[TWO].cells.append(text("new", "More on losses."))
    for edition in (second_edition(), third, first_edition()):
        publish(course, edition)
        list(update(desk, course))
        assert holds_all(read(desk / "notebooks" / ONE))
    assert sources(read(desk / "notebooks" / TWO)) == ["# Losses"]


@pytest.mark.parametrize("chapter", ["1", "01", "01_steps", "01_steps.ipynb"])
def test_a_chapter_is_reset_by_number_or_name(desk, course, chapter):
    reset(desk, chapter, course)
    assert sources(read(desk / "notebooks" / ONE)) == sources(first_edition()[ONE])
    assert holds_all(read(*backups(desk)))


@pytest.mark.parametrize("chapter", ["", "9", "0", "steps", "../01"])
def test_a_chapter_that_there_is_not_is_named_with_those_that_there_are(desk, course, chapter):
    with pytest.raises(ValueError, match="must be one of 01, 02") as error:
        reset(desk, chapter, course)
    assert repr(chapter) in str(error.value)
    assert holds_all(read(desk / "notebooks" / ONE))


# -- killed --------------------------------------------------------------------------------------


def update_until(moment: int, desk: Path, course: Path) -> None:
    """Update, and die before the file operation of this number without any clearing up."""
    seen = 0

    def count(event: str, arguments: tuple) -> None:
        nonlocal seen
        mine = event.startswith("os.") or event in ("open", "tempfile.mkstemp", "shutil.copyfile")
        if event == "open" and str(arguments[0]).endswith(".ipynb") and "w" in (arguments[1] or ""):
            os._exit(1)  # a file that is written where it stands can be cut short
        if mine and str(desk) in str(arguments):
            seen += 1
            if seen == moment:
                os._exit(9)

    sys.addaudithook(count)
    list(update(desk, course))
    os._exit(0 if seen < moment else 1)


@pytest.fixture(scope="module")
def processes():
    """Processes that start at once, because one that has imported everything waits to be copied."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "nbdime.merging.generic"])
    return context


def is_whole_and_can_be_updated(desk: Path, course: Path) -> None:
    assert holds_all(read(desk / "notebooks" / ONE))
    list(update(desk, course))
    mine = read(desk / "notebooks" / ONE)
    assert holds_all(mine)
    assert mine.cells[0].source == "# Steps, downhill"
    assert not list(desk.rglob("*.new"))
    assert not list(update(desk, course))
    assert (desk / ".desk" / "base" / f"{mine.metadata.course_lib.edition}.ipynb").exists()


def test_killed_before_any_file_operation_nothing_is_lost(tmp_path, desk, course, processes):
    publish(course, second_edition())
    codes = []
    while codes[-1:] in ([], [9]):
        trial = tmp_path / f"desk {len(codes)}"
        shutil.copytree(desk, trial)
        process = processes.Process(target=update_until, args=(1 + len(codes), trial, course))
        process.start()
        process.join()
        codes.append(process.exitcode)
        is_whole_and_can_be_updated(trial, course)
    assert set(codes) == {0, 9}
    assert len(codes) >= 15


def say_when_done(desk: Path, course: Path, started, done) -> None:
    started.set()
    list(update(desk, course))
    done.set()


def test_killed_at_thirty_random_moments_nothing_is_lost(tmp_path, desk, course, processes):
    publish(course, second_edition())
    rng, wait, unfinished = random.Random(0), 0.1, 0
    for number in range(30):
        trial = tmp_path / f"desk {number}"
        shutil.copytree(desk, trial)
        started, done = processes.Event(), processes.Event()
        process = processes.Process(target=say_when_done, args=(trial, course, started, done))
        process.start()
        started.wait()
        time.sleep(wait * rng.random())
        unfinished += not done.is_set()
        wait *= 0.7 if done.is_set() else 1.3  # so that about half of them are killed in the midst of it
        process.kill()
        process.join()
        is_whole_and_can_be_updated(trial, course)
    assert unfinished >= 5, "too few were killed in time to tell"


# -- two at a time -------------------------------------------------------------------------------


def update_at(barrier, desk: Path, course: Path, said) -> None:
    barrier.wait()
    said.put(list(update(desk, course)))


def test_two_updates_at_once_do_the_work_once(desk, course, processes):
    publish(course, second_edition())
    barrier, said = processes.Barrier(2), processes.Queue()
    both = [processes.Process(target=update_at, args=(barrier, desk, course, said)) for _ in range(2)]
    for process in both:
        process.start()
    lines = said.get(timeout=30) + said.get(timeout=30)
    for process in both:
        process.join()
    assert [line.partition(":")[0] for line in lines] == ["01_steps"]
    assert len(backups(desk)) == 1
    is_whole_and_can_be_updated(desk, course)


def test_a_desk_at_which_somebody_else_works_is_left_alone(desk, course, monkeypatch):
    publish(course, second_edition())
    monkeypatch.setattr("course_lib.teaching.desk.files._SECONDS", 0.1)
    with locked(desk), pytest.raises(TimeoutError):
        list(update(desk, course))


@pytest.fixture
def server(tmp_path, desk):
    """Something that listens, and the file that a JupyterLab at the desk leaves about itself."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        about = {"pid": os.getpid(), "hostname": "127.0.0.1", "port": port, "root_dir": str(desk.parent)}
        about |= {"url": f"http://127.0.0.1:{port}/", "sock": ""}
        (tmp_path / "runtime").mkdir()
        (tmp_path / "runtime" / "jpserver-1.json").write_text(json.dumps(about))
        yield listening


def test_what_is_open_in_jupyterlab_is_left_alone_until_it_is_closed(desk, course, server):
    before = (desk / "notebooks" / ONE).read_bytes()
    publish(course, second_edition() | {"03_new.ipynb": notebook(text("title", "# New"))})
    new, left = update(desk, course)
    assert new == "03_new: new"
    assert f"JupyterLab is open at http://127.0.0.1:{server.getsockname()[1]}/" in left
    assert left.endswith("to update 01_steps.")
    assert (desk / "notebooks" / ONE).read_bytes() == before
    server.close()  # its file is still there, and its process, too, but it does not answer
    [line] = update(desk, course)
    assert line.startswith("01_steps: updated")
    assert holds_all(read(desk / "notebooks" / ONE))


def test_a_jupyterlab_elsewhere_does_not_matter(tmp_path, desk, course, server):
    file = tmp_path / "runtime" / "jpserver-1.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"root_dir": str(tmp_path / "runtime")}))
    publish(course, second_edition())
    [line] = update(desk, course)
    assert line.startswith("01_steps: updated")


def test_what_another_program_saves_in_the_meantime_stays(desk, course, monkeypatch):
    file = desk / "notebooks" / ONE
    later = file.read_bytes().replace(b"Mind the sign.", b"Mind both signs.")

    def slow(*editions):
        file.write_bytes(later)
        return merge(*editions)

    publish(course, second_edition())
    with monkeypatch.context() as patch:
        patch.setattr(chapters, "merge", slow)
        [line] = update(desk, course)
    assert "another program is writing it" in line
    assert file.read_bytes() == later
    list(update(desk, course))
    assert "Mind both signs." in sources(read(file))


# -- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damaged",
    [b"", b'{"cells": [', b"[]", b'{"cells": 3, "nbformat": 4}', b'{"nbformat": 3}', b"\xff\xfe{}", b"null"],
)
def test_what_is_no_notebook_goes_to_the_backups(desk, course, damaged):
    (desk / "notebooks" / TWO).write_bytes(damaged)
    [line] = update(desk, course)
    assert line.startswith("02_losses: a fresh copy; yours could not be read as a notebook and is now ")
    [backup] = backups(desk)
    assert str(backup) in line
    assert backup.read_bytes() == damaged
    assert sources(read(desk / "notebooks" / TWO)) == ["# Losses"]


def test_a_lost_base_is_said_and_costs_nothing(desk, course):
    shutil.rmtree(desk / ".desk")
    publish(course, second_edition())
    [line] = update(desk, course)
    assert "the edition that you began with is lost" in line
    mine = read(desk / "notebooks" / ONE)
    assert holds_all(mine)
    assert "Now with momentum, which remembers." in by_id(mine)["clash-between"].source
    assert list(update(desk, course)) == []


def test_a_chapter_that_the_course_itself_has_damaged_does_not_stop_the_others(desk, course):
    publish(course, second_edition())
    (course / "00_start.ipynb").write_text("<<<<<<< HEAD")
    first, second = update(desk, course)
    assert first.startswith("00_start: left as it was (ValueError: the course's own file is damaged")
    assert second.startswith("01_steps: updated")


def test_a_full_disk_leaves_a_chapter_as_it_was(desk, course, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = (desk / "notebooks" / ONE).read_bytes()
    publish(course, second_edition())
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        assert ["No space left" in line for line in update(desk, course)] == [True]
    assert (desk / "notebooks" / ONE).read_bytes() == before
    is_whole_and_can_be_updated(desk, course)


def test_the_folder_of_the_course_is_no_desk(course):
    with pytest.raises(ValueError, match="a folder of its own"):
        list(update(course.parent, course))
    assert not (course.parent / ".desk").exists()


# -- the command ---------------------------------------------------------------------------------


def command(desk: str, *arguments: str, monkeypatch) -> tuple[int, str]:
    monkeypatch.setenv("COURSE_DESK", desk)
    done = run([sys.executable, "tools/desk.py", *arguments], COURSE, without="PYTEST_")
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_desk_that_cannot_be_written_is_said_in_plain_words(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    status, said = command(str(tmp_path / "file" / "desk"), monkeypatch=monkeypatch)
    assert status == 1
    assert said.startswith("Your desk cannot be written: Not a directory (")
    assert "Traceback" not in said


def test_without_a_desk_there_is_nothing_to_do(monkeypatch):
    assert command("", monkeypatch=monkeypatch) == (0, "There is no desk: COURSE_DESK is empty.\n")
    assert command("", "reset", "06", monkeypatch=monkeypatch)[0] == 1


def test_a_desk_that_is_up_to_date_loads_nothing_heavy(tmp_path):
    """Else `make lab` would be slow every day."""
    heavy = {"nbdime", "nbformat", "jupyter_server", "torch", "matplotlib"}
    list(update(tmp_path / "desk"))
    script = (
        f"import sys; from pathlib import Path; from course_lib.teaching.desk.chapters import update; "
        f"print(*update(Path({str(tmp_path / 'desk')!r})), *({heavy!r} & set(sys.modules)))"
    )
    assert run([sys.executable, "-c", script], COURSE, without="PYTEST_").stdout == "\n"
