"""A cell that runs again, or is deleted, lets go of the explorers that no other cell shows."""

from types import SimpleNamespace

import pytest

from course_lib.live import cells


class Shown:
    closed = 0

    def close(self):
        self.closed += 1


class Shell:
    """What there is of IPython: the message of the cell that runs, and events."""

    def __init__(self):
        self.metadata, self.hooks = {}, []
        self.events = SimpleNamespace(register=lambda event, hook: self.hooks.append((event, hook)))

    def get_parent(self):
        return {"metadata": self.metadata}

    def run(self, cell, *shown, deleted=()):
        self.metadata = {} if cell is None else {"cellId": cell, "deletedCells": list(deleted)}
        for event, hook in self.hooks:
            assert event == "pre_run_cell"
            hook(None)
        for one in shown:
            cells.remember(one)


@pytest.fixture
def shell(monkeypatch):
    made = Shell()
    monkeypatch.setattr(cells, "_shell", lambda: made)
    monkeypatch.setattr(cells, "_shown", {})
    monkeypatch.setattr(cells, "_watched", [])
    return made


def test_running_again_closes_the_last_one(shell):
    first, second = Shown(), Shown()
    shell.run("a", first)
    shell.run("b")
    assert first.closed == 0
    shell.run("a", second)
    assert (first.closed, second.closed) == (1, 0)
    assert len(shell.hooks) == 1


def test_what_another_cell_shows_as_well_stays(shell):
    shared = Shown()
    shell.run("a", shared)
    shell.run("b", shared, shared)
    shell.run("a")
    assert shared.closed == 0
    shell.run("b")
    assert shared.closed == 1


def test_deleted_cells_let_go(shell):
    gone = Shown()
    shell.run("a", gone)
    shell.run("b", deleted=["a"])
    assert gone.closed == 1


def test_without_the_name_of_a_cell_nothing_is_closed(shell):
    first = Shown()
    shell.run(None, first)
    shell.run(None, Shown())
    assert first.closed == 0


def test_without_a_shell_nothing_happens(monkeypatch):
    monkeypatch.setattr(cells, "_shell", lambda: None)
    cells.remember(Shown())
