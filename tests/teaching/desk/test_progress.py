"""What is written down of guesses, tries and hints, and what happens to a file that cannot be used."""

import json
import os
import subprocess
import sys

import pytest

from course_lib.teaching import progress as report
from course_lib.teaching.desk import progress


def stored(desk):
    return json.loads((desk / "progress.json").read_text(encoding="utf-8"))


def guess(name, text, right):
    return progress.change(lambda record: progress.keep_guess(record, name, text, right=right))


def attempt(name, said, right=False):
    return progress.change(lambda record: progress.keep_try(record, name, right=right, said=said))


def test_the_first_guess_counts(desk):
    guess("01-mirror", "0.1", False)
    guess("01-mirror", "0.2", True)
    assert stored(desk)["guesses"]["01-mirror"]["guess"] == "0.1"
    assert stored(desk)["guesses"]["01-mirror"]["right"] is False


def test_tries_are_counted_until_it_is_right_and_a_repetition_is_no_try(desk):
    for said in ("wrong sign", "wrong sign", "a factor 2", "wrong sign"):
        attempt("gradient_step", said)
    attempt("gradient_step", "Right.", right=True)
    attempt("gradient_step", "wrong again")
    entry = stored(desk)["exercises"]["gradient_step"]
    assert entry["tries"] == 4
    assert entry["right"] is not None


def test_the_most_hints_are_kept(desk):
    for number in (1, 2, 1):
        progress.change(lambda record, number=number: progress.keep_hint(record, "gradient_step", number))
    assert stored(desk)["exercises"]["gradient_step"]["hints"] == 2


def test_without_a_desk_the_kernel_remembers_and_nothing_is_written(no_desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert guess("01-mirror", "0.2", True) == ""
    assert progress.read()[0]["guesses"]["01-mirror"]["right"]
    assert list(tmp_path.iterdir()) == []
    assert "as long as the kernel" in repr(report())


WHOLE = {"guess": "0.2", "right": True, "when": "2026-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"version": 1, "guesses": {', "it is damaged"),
        ("", "it is damaged"),
        ("[]", "not a record"),
        ('{"version": 2, "guesses": {}, "exercises": {}}', "of version 2"),
        ('{"version": 1, "exercises": {}}', "no guesses"),
        (
            '{"version": 1, "guesses": {"01-mirror": {"guess": "0.2"}}, "exercises": {}}',
            "'01-mirror' is not whole",
        ),
        (
            '{"version": 1, "guesses": {}, "exercises": {"gradient_step": {"tries": "three"}}}',
            "'gradient_step' is not whole",
        ),
        ("\x00\x00\x00", "it is damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside(desk, text, said):
    desk.mkdir()
    (desk / "progress.json").write_text(text)
    note = guess("01-limit", "0.2", True)
    assert said in note
    (aside,) = desk.glob("backups/*/progress.json")
    assert aside.read_text() == text
    assert str(aside.relative_to(desk)) in note
    assert list(stored(desk)["guesses"]) == ["01-limit"]
    assert guess("01-other", "1", True) == ""


def test_a_file_that_is_no_text_is_set_aside(desk):
    desk.mkdir()
    (desk / "progress.json").write_bytes(b"\xff\xfe\x00broken")
    assert "damaged" in attempt("gradient_step", "wrong")
    assert stored(desk)["exercises"]["gradient_step"]["tries"] == 1


def test_where_nothing_can_be_written_the_kernel_remembers_and_says_so(no_desk, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_DESK", str(tmp_path / "file" / "desk"))
    assert "lasts only as long as the kernel" in guess("01-mirror", "0.2", True)
    record, note = progress.read()
    assert record["guesses"]["01-mirror"]["right"]
    assert "cannot be read" in note
    assert "cannot be read" in repr(report())


WRITE_MANY = """
import sys
from course_lib.teaching.desk import progress
for at in range(40):
    progress.change(lambda record: progress.keep_guess(record, f"{sys.argv[1]}-{at}", "x", right=True))
    said = f"{sys.argv[1]} {at}"
    progress.change(lambda record: progress.keep_try(record, "gradient_step", right=False, said=said))
"""


def test_two_kernels_that_write_at_the_same_time_lose_nothing(desk):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE_MANY, name], env=os.environ, stderr=subprocess.PIPE)
        for name in ("01", "02", "03")
    ]
    assert [writer.communicate()[1] for writer in writers] == [b"", b"", b""]
    assert len(stored(desk)["guesses"]) == 120
    assert stored(desk)["exercises"]["gradient_step"]["tries"] == 120
    assert not list(desk.glob("backups/*"))
    assert not list(desk.glob(".*.new"))


def test_a_kernel_killed_while_it_writes_leaves_a_whole_file(desk):
    for moment in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE_MANY.replace("range(40)", "range(4000)"), "01"], env=os.environ
        )
        while not (desk / "progress.json").exists():
            assert writer.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(0.005 * moment)
        writer.kill()
        writer.wait()
        assert progress._fault(stored(desk)) == ""
        assert attempt("gradient_step", f"after {moment}") == ""


# -- the table -----------------------------------------------------------------------------------


def test_the_table_counts_by_chapter(desk):
    attempt("gradient_step", "wrong")
    attempt("gradient_step", "Right.", right=True)
    attempt("adam_update", "wrong")
    progress.change(lambda record: progress.keep_hint(record, "adam_update", 2))
    guess("01-mirror", "0.2", True)
    guess("01-limit", "0.1", False)
    guess("06-start", "1", True)
    lines = repr(report()).splitlines()
    assert lines[0].split() == ["chapter", "solved", "tries", "hints", "guesses", "right"]
    assert lines[1].split() == ["01", "gradient", "descent", "1", "of", "6", "2", "0", "1", "of", "2"]
    assert lines[2].split()[-7:] == ["of", "7", "1", "2", "1", "of", "1"]
    assert lines[3] == "Your guesses in order (● right, ○ not): ●○●"
    assert "| 01 gradient descent | 1 of 6 | 2 | 0 | 1 of 2 |" in report()._repr_markdown_()


def test_from_twenty_guesses_on_the_first_and_the_last_are_compared(desk):
    for at in range(20):
        guess(f"01-question-{at}", "x", right=at >= 8)
    assert "Of the first 10, 2 were right; of the last 10, 10." in repr(report())


def test_nothing_done_is_said_in_one_line(desk):
    assert repr(report()) == report()._repr_markdown_() == "No guesses and no answers yet."
