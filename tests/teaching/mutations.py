"""How a place in an answer can be changed: a constant, an axis, a comparison, an index, a sign, an order."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

SWAPS = (
    ("max", "min", "sum"),
    ("mean", "sum", "max", "min", "median", "std", "var", "prod"),
    ("std", "var"),
    ("maximum", "minimum"),
    ("argmax", "argmin", "max"),
    ("exp", "expm1", "exp2"),
    ("log", "log2", "log10", "log1p"),
    ("log1p", "log", "expm1"),
    ("sqrt", "cbrt", "square", "abs"),
    ("abs", "sign", "square"),
    ("sign", "abs"),
    ("ceil", "floor", "round"),
    ("tanh", "sinh", "arctan", "cosh"),
    ("sin", "cos"),
    ("cos", "sin"),
    ("diag", "trace"),
    ("outer", "multiply", "dot"),
    ("eye", "ones"),
    ("diff", "cumsum"),
    ("append", "subtract"),
    ("eigvalsh", "eigvals", "diag"),
    ("solve", "lstsq"),
    ("sort", "unique", "flip"),
    ("range", "enumerate"),
)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
OPERATORS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add, ast.MatMult),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Sub),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult, ast.Add),
    ast.MatMult: (ast.Mult,),
}
COMMUTATIVE = (ast.Add, ast.Mult)
SYMMETRIC = ("max", "min", "maximum", "minimum", "logaddexp", "hypot")
REDUCTIONS = ("max", "min", "sum", "mean", "argmax", "argmin")
# What is positive by its meaning: `abs` of it changes nothing.
# fmt: off
POSITIVE = {
    "lr", "lr_limit", "lr_min", "lam", "eps", "alpha", "h", "b1", "b2", "beta", "low", "high", "total", "s",
    "sigma", "std", "variance", "curvatures", "p", "u", "v_hat", "margin", "limit", "wanted", "training",
    "rival", "validation", "use", "n", "n_in", "n_out", "n_classes", "depth", "batch_size", "new_batch_size",
    "n_updates", "t", "steps", "epochs", "accumulate", "size", "sizes", "epoch", "kept", "patience",
    "k", "i", "order", "labels", "nodes",
}
# fmt: on
AXES = (0, 1, -1, None)


def changes(node: ast.AST, names: list[str], counted: bool) -> Iterator:
    """Functions that change a copy of `node` where it stands."""
    kinds = {
        ast.Constant: _constant,
        ast.Compare: _comparison,
        ast.BinOp: _operation,
        ast.AugAssign: _assignment,
        ast.UnaryOp: _sign,
        ast.Subscript: _subscript,
        ast.Call: _call,
        ast.Attribute: _attribute,
        ast.BoolOp: _boolean,
        ast.IfExp: _condition,
        ast.If: _condition,
        ast.Tuple: _sequence,
        ast.List: _sequence,
    }
    if type(node) in kinds:
        yield from kinds[type(node)](node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _name(node, names, counted)
    for field in ("body", "orelse"):
        if isinstance(getattr(node, field, None), list):
            yield from _statements(field, getattr(node, field))


def _become(new: ast.AST):
    """A change that turns a node into `new`, whatever kinds the two are of."""

    def change(node):
        node.__class__ = new.__class__
        node.__dict__.clear()
        node.__dict__.update(copy.deepcopy(new).__dict__)

    return change


def _put(field: str, value):
    return lambda node: setattr(node, field, copy.deepcopy(value))


def _number(value) -> ast.expr:
    return ast.parse(repr(value), mode="eval").body


def _constant(node):
    if isinstance(node.value, bool):
        yield _become(ast.Constant(not node.value))
    elif isinstance(node.value, (int, float)):
        n = node.value
        for new in (n + 1, n - 1, 0, 1, -n, 2 * n, n / 2):
            if new != n:
                yield _become(_number(new))


def _comparison(node):
    for operator in COMPARISONS:
        yield _put("ops", [operator()])
    if not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        yield _become(ast.Compare(node.comparators[0], node.ops, [node.left]))
    yield _become(ast.Constant(True))
    yield _become(ast.Constant(False))


def _operation(node):
    for operator in OPERATORS.get(type(node.op), ()):
        yield _put("op", operator())
    if not isinstance(node.op, COMMUTATIVE):
        yield _become(ast.BinOp(node.right, node.op, node.left))
    yield _become(node.left)
    yield _become(node.right)
    yield _become(ast.UnaryOp(ast.USub(), node))
    # (a ∘ b) ∘ c becomes a ∘ (b ∘ c), and the other way around: parentheses are lost.
    if isinstance(node.left, ast.BinOp) and _matters(node.left.op, node.op):
        inner = node.left
        yield _become(ast.BinOp(inner.left, inner.op, ast.BinOp(inner.right, node.op, node.right)))
    if isinstance(node.right, ast.BinOp) and _matters(node.op, node.right.op):
        inner = node.right
        yield _become(ast.BinOp(ast.BinOp(node.left, node.op, inner.left), inner.op, inner.right))
    if isinstance(node.op, ast.MatMult):
        for side in ("left", "right"):
            yield _put(side, ast.Attribute(getattr(node, side), "T", ast.Load()))


def _matters(first, second):
    """Whether it matters which of two operators in a row comes first: a + b − c and a·b/c do not mind."""
    return not any(
        isinstance(first, one) and isinstance(second, other)
        for one, other in ((ast.Add, (ast.Add, ast.Sub)), ((ast.Mult, ast.MatMult), (ast.Mult, ast.Div)))
    )


def _assignment(node):
    """`w -= step` becomes `w += step`, and `w = step`."""
    for operator in OPERATORS.get(type(node.op), ()):
        yield _put("op", operator())
    yield _become(ast.Assign([node.target], node.value))


def _sign(node):
    yield _become(node.operand)


def _subscript(node):
    yield _become(node.value)
    if isinstance(node.slice, ast.Slice):
        for new in ("a[1:]", "a[:-1]", "a[:1]", "a[-1:]", "a[::-1]", "a[::2]", "a[0]", "a[-1]"):
            yield _put("slice", ast.parse(new, mode="eval").body.slice)
    elif isinstance(node.slice, ast.Constant):
        for index in (0, 1, 2, -1, -2):
            yield _put("slice", _number(index))
    elif isinstance(node.slice, ast.Tuple):
        yield _put("slice", ast.Tuple(node.slice.elts[::-1], ast.Load()))
        for entry in node.slice.elts:
            yield _put("slice", entry)
        for entry in node.slice.elts[1:]:
            yield _put("slice", ast.Tuple([ast.Slice(), entry], ast.Load()))


def _call(node):
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    for old, *others in SWAPS:
        for other in others if name == old else ():
            isolated = isinstance(node.func, ast.Name)
            yield _put("func", ast.Name(other) if isolated else ast.Attribute(node.func.value, other))
    yield _become(ast.UnaryOp(ast.USub(), node))
    if isinstance(node.func, ast.Attribute):
        yield _become(node.func.value)  # z.max(…) becomes z
    if name in ("len", "range"):
        yield _become(ast.BinOp(node, ast.Add(), ast.Constant(1)))
        yield _become(ast.BinOp(node, ast.Sub(), ast.Constant(1)))
    yield from _arguments(node, name)
    yield from _keywords(node)


def _arguments(node, name):
    """One argument in place of the call, one entry in place of a reduction, two arguments exchanged."""
    for argument in node.args:
        yield _become(argument)
    for index in (0, 1, 2, -1) if name in REDUCTIONS and node.args else ():
        yield _become(ast.Subscript(node.args[0], _number(index), ast.Load()))
    for i in range(len(node.args) if name not in SYMMETRIC else 0):
        for j in range(i):
            swapped = list(node.args)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            yield _put("args", swapped)


def _keywords(node):
    """A keyword dropped, another axis, or an axis where there was none."""
    has_axis = False
    for i, keyword in enumerate(node.keywords):
        before, after = node.keywords[:i], node.keywords[i + 1 :]
        yield _put("keywords", [*before, *after])
        has_axis = has_axis or keyword.arg == "axis"
        for axis in AXES if keyword.arg == "axis" else ():
            yield _put("keywords", [*before, ast.keyword("axis", _number(axis)), *after])
    if len(node.args) <= 1 and not has_axis:
        yield _put("keywords", [*node.keywords, ast.keyword("axis", _number(1))])


def _attribute(node):
    if node.attr == "T":
        yield _become(node.value)
    if isinstance(node.value, ast.Name) and node.value.id == "np" and node.attr in ("inf", "pi"):
        for new in (0.0, 1.0, 2.0, 3.14, 180.0):
            yield _become(_number(new))
        yield _become(ast.UnaryOp(ast.USub(), node))
    if node.attr == "shape":
        yield _become(ast.Subscript(node, ast.Slice(None, None, _number(-1)), ast.Load()))


def _boolean(node):
    yield _put("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for value in node.values:
        yield _become(value)


def _condition(node):
    yield _put("test", ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.IfExp):
        yield _become(node.body)
        yield _become(node.orelse)


def _sequence(node):
    if len(node.elts) < 2 or not isinstance(node.ctx, ast.Load):
        return
    yield _put("elts", node.elts[::-1])
    for i in range(len(node.elts)):
        yield _put("elts", node.elts[:i] + node.elts[i + 1 :])
        yield _become(node.elts[i])
        yield _put("elts", [node.elts[i]] * len(node.elts))
    for i in range(1, len(node.elts)):
        swapped = list(node.elts)
        swapped[i - 1], swapped[i] = swapped[i], swapped[i - 1]
        yield _put("elts", swapped)


def _name(node, names, counted):
    if node.id not in names:
        return
    for other in names:
        yield _put("id", other)
    if counted:
        return
    yield _become(ast.UnaryOp(ast.USub(), node))
    for operator in (ast.Add(), ast.Sub()):
        yield _become(ast.BinOp(node, operator, ast.Constant(1)))
    for function in ("abs", "np.sqrt", "np.square", "np.sort", "np.sign"):
        if function == "abs" and node.id in POSITIVE:
            continue
        yield _become(ast.Call(ast.parse(function, mode="eval").body, [node], []))


def _statements(field, body):
    """A statement is lost, two change places, or a pair that is assigned at once is assigned one by one."""
    for i, statement in enumerate(body):
        if not isinstance(statement, ast.FunctionDef):
            yield _put(field, [*body[:i], *body[i + 1 :]] or [ast.Pass()])
        if i:
            yield _put(field, [*body[: i - 1], statement, body[i - 1], *body[i + 1 :]])
        if isinstance(statement, ast.Assign) and _both_tuples(statement.targets[0], statement.value):
            pairs = zip(statement.targets[0].elts, statement.value.elts, strict=True)
            single = [ast.Assign([target], value) for target, value in pairs]
            yield _put(field, [*body[:i], *single, *body[i + 1 :]])
            yield _put(field, [*body[:i], *single[::-1], *body[i + 1 :]])
        if isinstance(statement, ast.If):
            yield _put(field, [*body[:i], *statement.body, *body[i + 1 :]])
        if isinstance(statement, ast.For):
            yield _put(field, [*body[:i], *statement.body, *body[i + 1 :]])


def _both_tuples(target, value):
    return isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
