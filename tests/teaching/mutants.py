"""Small changes of a right answer, made by a program: what a slip of the pen leaves of it.

A mutant is the source of an answer with one place changed. The answers are our own, never a learner's.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Iterator

from tests.teaching.mutations import changes


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Each mutant of `source` once: the lines that tell it from the original, and its tree."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    counted = {id(name) for node in ast.walk(tree) for name in _counted(node)}
    for place, node in enumerate(ast.walk(tree)):
        for change in changes(node, _names(tree), id(node) in counted):
            mutant = copy.deepcopy(tree)
            change(list(ast.walk(mutant))[place])
            ast.fix_missing_locations(mutant)
            text = ast.unparse(mutant)
            if text not in seen:
                seen.add(text)
                yield _difference(ast.unparse(tree), text), ast.parse(text)


def _difference(before: str, after: str) -> str:
    """The lines of a mutant that the original has not, or else the lines that it lost."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    new = [line[2:].strip() for line in lines if line.startswith("+ ")]
    lost = [line[2:].strip() for line in lines if line.startswith("- ")]
    if not new:
        return "without " + "; ".join(lost)
    return ("moved " if sorted(new) == sorted(lost) else "") + "; ".join(new)


def _names(tree: ast.AST) -> list[str]:
    """The arguments and the variables of an answer."""
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    stored = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return sorted({name for name in arguments | stored if not name.startswith("my_")})


def _counted(node: ast.AST) -> list:
    """What only its length or shape is asked of: another value there is the same answer."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return node.args
    return [node.value] if isinstance(node, ast.Attribute) and node.attr == "shape" else []
