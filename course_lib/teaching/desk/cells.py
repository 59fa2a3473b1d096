"""What a learner wrote in a notebook's cell, and what of that cell an answer needs."""

from __future__ import annotations

import ast
import linecache
from typing import Any


def needed(cell: str, name: str) -> str:
    """The statements of a cell that a name needs, with the comments above them, in their order.

    Args:
        cell: Python source.
        name: what one of its statements defines.

    Returns:
        The source of the statement that defines it, and of those that define what it names, and so on.

    Example:
        >>> print(needed("rate = 0.1\\nprint(rate)\\ndef step(w, g):\\n    return w - rate * g", "step"))
        rate = 0.1
        <BLANKLINE>
        <BLANKLINE>
        def step(w, g):
            return w - rate * g
    """
    statements = ast.parse(cell).body
    wanted, chosen = {name}, set()
    while new := [s for s in statements if s not in chosen and _changes(s) & wanted]:
        chosen.update(new)
        wanted |= {word for statement in new for word in _words(statement, ast.Load)}
    lines = cell.splitlines()
    blocks = [_lines(statement, lines) for statement in statements if statement in chosen]
    gaps = [
        "" if at == 0 else "\n\n\n" if "def " in f"{blocks[at - 1]}{block}" else "\n"
        for at, block in enumerate(blocks)
    ]
    return "".join(gap + block for gap, block in zip(gaps, blocks))


def _changes(statement: ast.stmt) -> set[str]:
    """The names that a statement defines, or whose parts it sets."""
    if isinstance(statement, _DEFINITION):
        return {statement.name}
    inside = list(ast.walk(statement))
    defined = {node.name for node in inside if isinstance(node, _DEFINITION)}
    imported = {(node.asname or node.name).split(".")[0] for node in inside if isinstance(node, ast.alias)}
    parts = [
        node
        for node in inside
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store)
    ]
    owners = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
    return _words(statement, ast.Store) | defined | imported | owners


_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _words(statement: ast.stmt, context: type) -> set[str]:
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, context)}


def _lines(statement: ast.stmt, lines: list[str]) -> str:
    """A statement's lines, from its decorators and the comments right above it to its end."""
    first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return "\n".join(lines[first - 1 : statement.end_lineno])


def written(answer: Any, checked_in: str, check: str) -> tuple[str, str] | None:
    """How a learner called an answer, and the source of the cell that defines it; None if that is not known.

    Args:
        answer: what was handed in.
        checked_in: the source of the cell that calls the check.
        check: the name of the exercise.

    Example:
        >>> written(0.5, "my_rate = 0.5\\ncheck.largest_rate(my_rate)", "largest_rate")
        ('my_rate', 'my_rate = 0.5\\ncheck.largest_rate(my_rate)')
    """
    calls = [node for node in ast.walk(_parsed(checked_in)) if isinstance(node, ast.Call)]
    named = [
        call.args[0].id
        for call in calls
        if ast.unparse(call.func).split(".")[-1] == check and call.args and isinstance(call.args[0], ast.Name)
    ]
    if len(set(named)) != 1:
        return None
    for cell in (checked_in, _source(answer)):
        if any(named[0] in _changes(statement) for statement in _parsed(cell).body):
            return named[0], cell
    return None


def _parsed(cell: str) -> ast.Module:
    """A cell's statements; none of what is no Python, such as the file of a compiled function."""
    try:
        return ast.parse(cell)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _source(answer: Any) -> str:
    code = getattr(answer, "__code__", None)
    return cell_of(code) if code else ""


def cell_of(code) -> str:
    """The source of the notebook cell that this code object was compiled from."""
    return "".join(linecache.getlines(code.co_filename))
