"""Code shown from the package, so that what is read is what runs."""

from __future__ import annotations

import ast
import inspect
import textwrap
from types import ModuleType


class Source:
    """Python code that a notebook shows highlighted."""

    def __init__(self, code: str):
        self.code = code

    def __repr__(self) -> str:
        return self.code

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.code}\n```"


def show_source(*things, docstrings: bool = False) -> Source:
    """The source of functions, methods, classes or modules, as it stands in the package.

    Args:
        *things: what to show, in this order.
        docstrings: whether to keep their docstrings; without them the code alone is left.

    Returns:
        The code, which Jupyter shows highlighted.

    Raises:
        TypeError: for something without Python source, such as a number.

    Example:
        >>> from course_lib.numpy_nn.optimizers import SGD
        >>> show_source(SGD.update)
        def update(self, grads: Tree, state: SGDState, params: Tree) -> tuple[Tree, SGDState]:
            lr = _rate(self.lr, state.t)
            step = tree_map(lambda g: -lead(lr, g) * g, grads)
            return step, SGDState(t=state.t + 1)
    """
    return Source("\n\n\n".join(_source(thing, docstrings) for thing in things))


def _source(thing, docstrings: bool) -> str:
    if not (inspect.isroutine(thing) or inspect.isclass(thing) or isinstance(thing, ModuleType)):
        raise TypeError(f"show_source takes functions, classes and modules, got {thing!r}")
    code = textwrap.dedent(inspect.getsource(thing)).rstrip()
    return code if docstrings else _without_docstrings(code)


def _without_docstrings(code: str) -> str:
    """Cut the lines of every docstring; all other lines, comments among them, stay as they are."""
    lines = code.splitlines()
    cut: set[int] = set()
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
            cut.update(range(first.lineno, first.end_lineno + 1))
            if not lines[first.end_lineno : first.end_lineno + 1] or lines[first.end_lineno].strip() == "":
                cut.add(first.end_lineno + 1)  # the blank line after it
    return "\n".join(line for number, line in enumerate(lines, start=1) if number not in cut)
