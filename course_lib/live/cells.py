"""Which cell of a notebook shows which widget, so that a cell that runs again lets go of its last one.

It takes a front end that names the cell it runs, as JupyterLab, Notebook and VS Code do; without a name,
nothing is let go of.
"""

from __future__ import annotations

from typing import Any, Protocol


class Closable(Protocol):
    def close(self) -> None: ...


_shown: dict[str, list[Closable]] = {}  # the name of a cell -> what it shows
_watched: list[Any] = []  # the shell whose cells are watched


def remember(shown: Closable) -> None:
    """Note that the cell that is running shows this; it is closed when no cell does so any more."""
    shell = _shell()
    cell = _metadata(shell).get("cellId")
    if cell is None:
        return
    if shell not in _watched:
        shell.events.register("pre_run_cell", _on_run)
        _watched.append(shell)
    if not any(one is shown for one in _shown.setdefault(cell, [])):
        _shown[cell].append(shown)


def _on_run(_info) -> None:
    metadata = _metadata(_shell())
    for cell in [metadata.get("cellId"), *metadata.get("deletedCells", [])]:
        _forget(cell)


def _forget(cell: str | None) -> None:
    for shown in _shown.pop(cell, []):
        if not any(one is shown for others in _shown.values() for one in others):
            shown.close()


def _shell():
    from IPython import get_ipython  # late: only a notebook has cells

    return get_ipython()


def _metadata(shell) -> dict[str, Any]:
    """What the front end says of the cell that is running."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return parent.get("metadata") or {}
