"""What a learner wrote in a notebook's cell, and what of that cell an answer needs."""

from __future__ import annotations

import ast
import builtins
import linecache
import symtable
import sys
from collections.abc import Mapping
from types import CodeType, ModuleType
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
    assigned = set().union(*(_bound(s) for s in statements if not _is_import(s)))
    wanted, chosen = {name}, [s for s in statements if _imports_all(s)]
    while new := [s for s in statements if s not in chosen and _changes(s, assigned) & wanted]:
        chosen += new
        wanted |= {word for statement in new for word in words(statement)}
    lines = cell.splitlines()
    blocks = [_lines(statement, lines) for statement in statements if statement in chosen]
    gaps = [
        "" if at == 0 else "\n\n\n" if "def " in f"{blocks[at - 1]}{block}" else "\n"
        for at, block in enumerate(blocks)
    ]
    return "".join(gap + block for gap, block in zip(gaps, blocks))


_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def words(code: ast.AST) -> set[str]:
    """All names in a piece of code."""
    inside = list(ast.walk(code))
    declared = {
        name for node in inside if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names
    }
    return declared | {node.id for node in inside if isinstance(node, ast.Name)}


def defined(code: str) -> set[str]:
    """The names that code defines when it is imported.

    Example:
        >>> sorted(defined("import numpy as np\\nlr = 0.1\\ndef step(w): return w"))
        ['lr', 'np', 'step']
    """
    return set().union(*(_bound(statement) for statement in ast.parse(code).body))


def missing(code: str) -> set[str]:
    """The names that code takes from elsewhere.

    Example:
        >>> sorted(missing("def step(w): return w - lr * torch.sign(w)"))
        ['lr', 'torch']
    """
    tables, names = [symtable.symtable(code, "a cell", "exec")], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        globally = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (globally or symbol.is_global())
        }
    return names - defined(code) - set(dir(builtins))


def import_of(name: str, value: Any) -> str | None:
    """The line that imports what a name stands for, if it is part of a module.

    Example:
        >>> import_of("F", ast), import_of("read", ast.parse), import_of("lr", 0.1)
        ('import ast as F', 'from ast import parse as read', None)
    """
    if isinstance(value, ModuleType):
        return f"import {value.__name__}" + (f" as {name}" if value.__name__ != name else "")
    home, own = getattr(value, "__module__", None), getattr(value, "__name__", name)
    if home in (None, "__main__") or getattr(sys.modules.get(home), own, None) is not value:
        return None
    return f"from {home} import {own}" + (f" as {name}" if own != name else "")


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    if isinstance(statement, _DEFINITION):
        return {statement.name}
    inside = list(ast.walk(statement))
    named = {node.name for node in inside if isinstance(node, _DEFINITION)}
    imported = {(node.asname or node.name).split(".")[0] for node in inside if isinstance(node, ast.alias)}
    stored = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return named | imported | stored


def _changes(statement: ast.stmt, assigned: set[str]) -> set[str]:
    """The names that a statement defines, or whose contents it sets: by a part, or by a method."""
    bound = _bound(statement)
    if isinstance(statement, _DEFINITION):
        return bound
    inside = list(ast.walk(statement))
    parts = [
        n for n in inside if isinstance(n, (ast.Attribute, ast.Subscript)) and isinstance(n.ctx, ast.Store)
    ]
    methods = [n.func for n in inside if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    owners = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
    called = {node.value.id for node in methods if isinstance(node.value, ast.Name)}
    return bound | owners | (called & assigned)


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def _imports_all(statement: ast.stmt) -> bool:
    return _is_import(statement) and any(alias.name == "*" for alias in statement.names)


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
        given.id
        for call in calls
        for given in [*call.args[:1], *(word.value for word in call.keywords if word.arg == "answer")]
        if ast.unparse(call.func).split(".")[-1] == check and isinstance(given, ast.Name)
    ]
    if len(set(named)) != 1:
        return None
    for cell in (checked_in, _source(answer)):
        if any(named[0] in _bound(statement) for statement in _parsed(cell).body):
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
    return cell_of(code, answer.__globals__) if code else ""


def cell_of(code: CodeType, namespace: Mapping[str, Any]) -> str:
    """The source of the notebook cell that a piece of code was compiled from.

    Args:
        code: compiled by IPython.
        namespace: its global names; IPython's history is among them, for cells that begin with a magic.
    """
    lines = linecache.getlines(code.co_filename)
    if lines or "In" not in namespace:
        return "".join(lines)
    cell = namespace["In"][-1]
    match _parsed(cell).body:
        case [
            ast.Expr(
                ast.Call(func=ast.Attribute(attr="run_cell_magic"), args=[_, _, ast.Constant(str(inner))])
            )
        ]:
            return inner
    return cell
