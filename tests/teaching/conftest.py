"""A desk for a test, or a kernel without one that remembers nothing yet."""

import pytest

from course_lib.teaching import hints
from course_lib.teaching.desk import answers, progress


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """The folder of a desk, which is not made yet."""
    monkeypatch.setenv("COURSE_DESK", str(tmp_path / "desk"))
    return tmp_path / "desk"


@pytest.fixture
def no_desk(monkeypatch):
    monkeypatch.setenv("COURSE_DESK", "")
    monkeypatch.setattr(progress, "_of_this_kernel", progress._empty())
    monkeypatch.setattr(answers, "_of_this_kernel", {})
    monkeypatch.setattr(hints, "_given", {})
