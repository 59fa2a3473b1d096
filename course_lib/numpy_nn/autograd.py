"""A scalar automatic differentiation engine that one can read in a sitting.

Every operation returns a new Value that remembers what it was made from, and its derivative by each of these.
``backward`` walks from the result to the inputs and applies the chain rule: the derivative that arrives times
the local one, added to what other paths have brought.
"""

import math
from numbers import Real
from typing import NamedTuple

__all__ = ["Edge", "Graph", "Value"]


class Value:
    """A number that knows how it was computed.

    Attributes:
        data: the number.
        grad: ∂(result)/∂(this), after ``result.backward()``; before that, 0. It adds up over calls.
        label: a name to draw.
        op: the operation that made it; "" for an input.
        parents: the Values it was made from.
        local: ∂(this)/∂(parent) for each of them.

    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> z = x * y + x
    >>> z.backward()
    >>> z.data, x.grad, y.grad
    (8.0, 4.0, 2.0)

    The idea is that of Andrej Karpathy's micrograd; PyTorch does the same with tensors.
    """

    def __init__(
        self,
        data: float,
        label: str = "",
        *,
        op: str = "",
        parents: tuple["Value", ...] = (),
        local: tuple[float, ...] = (),
    ) -> None:
        if not isinstance(data, Real) or isinstance(data, bool):
            raise TypeError(f"data must be a number, got {data!r}")
        self.data, self.grad, self.label = float(data), 0.0, label
        self.op, self.parents, self.local = op, parents, local

    def __repr__(self) -> str:
        return f"Value({self.label + ' = ' if self.label else ''}{self.data:g}, grad {self.grad:g})"

    # each operation: its result beside its local derivatives

    def __add__(self, other: "Value | float") -> "Value":
        a, b = self, _value(other)
        return Value(a.data + b.data, op="+", parents=(a, b), local=(1.0, 1.0))

    def __sub__(self, other: "Value | float") -> "Value":
        a, b = self, _value(other)
        return Value(a.data - b.data, op="−", parents=(a, b), local=(1.0, -1.0))

    def __mul__(self, other: "Value | float") -> "Value":
        a, b = self, _value(other)
        return Value(a.data * b.data, op="×", parents=(a, b), local=(b.data, a.data))

    def __truediv__(self, other: "Value | float") -> "Value":
        a, b = self, _value(other)
        if b.data == 0:
            raise ValueError(f"the divisor must not be 0, got {b!r}")
        q = a.data / b.data
        return Value(q, op="÷", parents=(a, b), local=(1 / b.data, -q / b.data))

    def __pow__(self, n: float) -> "Value":
        """Raise to a power that is a plain number; for a variable exponent, write (b * a.log()).exp()."""
        if not isinstance(n, Real):
            raise TypeError(f"n must be a plain number, got {n!r}; a ** b is (b * a.log()).exp()")
        x = self.data
        if (x < 0 and n != int(n)) or (x == 0 and n != 0 and n < 1):
            raise ValueError(f"data must be positive to have a power {n:g} with a slope, got {x:g}")
        slope = n * x ** (n - 1) if n else 0.0
        return Value(x**n, op=f"**{n:g}", parents=(self,), local=(slope,))

    def exp(self) -> "Value":
        """Return e to this power."""
        e = math.exp(self.data) if self.data < 709 else math.inf
        return Value(e, op="exp", parents=(self,), local=(e,))

    def log(self) -> "Value":
        """Return the natural logarithm."""
        if self.data <= 0:
            raise ValueError(f"data must be positive to have a logarithm, got {self.data:g}")
        return Value(math.log(self.data), op="log", parents=(self,), local=(1 / self.data,))

    def sin(self) -> "Value":
        """Return the sine."""
        return Value(math.sin(self.data), op="sin", parents=(self,), local=(math.cos(self.data),))

    def cos(self) -> "Value":
        """Return the cosine."""
        return Value(math.cos(self.data), op="cos", parents=(self,), local=(-math.sin(self.data),))

    def tanh(self) -> "Value":
        """Return the hyperbolic tangent."""
        a = math.tanh(self.data)
        return Value(a, op="tanh", parents=(self,), local=(1 - a**2,))

    def relu(self) -> "Value":
        """Return the number where it is positive, and 0 elsewhere."""
        return Value(max(self.data, 0.0), op="relu", parents=(self,), local=(float(self.data > 0),))

    def sigmoid(self) -> "Value":
        """Return 1 / (1 + e^−x), as (1 + tanh(x/2)) / 2, which cannot overflow."""
        a = (1 + math.tanh(self.data / 2)) / 2
        return Value(a, op="sigmoid", parents=(self,), local=(a * (1 - a),))

    # what follows from these

    def __neg__(self) -> "Value":
        return self * -1

    def __radd__(self, other: float) -> "Value":
        return _value(other) + self

    def __rsub__(self, other: float) -> "Value":
        return _value(other) - self

    def __rmul__(self, other: float) -> "Value":
        return _value(other) * self

    def __rtruediv__(self, other: float) -> "Value":
        return _value(other) / self

    # the way back

    def ancestors(self) -> list["Value"]:
        """List all Values that this one was made from, and itself last: each comes after its parents."""
        order: list[Value] = []
        seen: set[Value] = set()
        stack = [(self, False)]
        while stack:
            value, parents_done = stack.pop()
            if parents_done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack += [(parent, False) for parent in reversed(value.parents)]
        return order

    def backward(self) -> None:
        """Add ∂(this)/∂(value) to the grad of every Value that this one was made from.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward(), x.grad
        (None, 6.0)
        >>> y.backward(), x.grad  # gradients add up: set them to 0 before the next pass
        (None, 12.0)
        """
        arrived = {self: 1.0}  # of this pass alone; grad may hold more from passes before
        for value in reversed(self.ancestors()):  # each only when all it leads to is done
            for parent, local in zip(value.parents, value.local):
                arrived[parent] = arrived.get(parent, 0.0) + arrived[value] * local
        for value, grad in arrived.items():
            value.grad += grad

    def zero_grad(self) -> None:
        """Set the grad of every Value that this one was made from to 0."""
        for value in self.ancestors():
            value.grad = 0.0

    def graph(self) -> "Graph":
        """Return what is needed to draw how this Value was made: its nodes, layer by layer, and its edges.

        >>> x, y = Value(2.0, "x"), Value(3.0, "y")
        >>> graph = (x * y + x).graph()
        >>> [(node.op or node.label, depth) for node, depth in zip(graph.nodes, graph.depths)]
        [('x', 0), ('y', 0), ('×', 1), ('+', 2)]
        >>> [(edge.start, edge.end, edge.local) for edge in graph.edges]
        [(0, 2, 3.0), (1, 2, 2.0), (2, 3, 1.0), (0, 3, 1.0)]
        """
        nodes = self.ancestors()
        number = {node: i for i, node in enumerate(nodes)}
        depths: list[int] = []
        for node in nodes:
            depths.append(1 + max((depths[number[parent]] for parent in node.parents), default=-1))
        edges = [
            Edge(number[parent], number[node], local)
            for node in nodes
            for parent, local in zip(node.parents, node.local)
        ]
        return Graph(nodes, depths, edges)


def _value(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


class Edge(NamedTuple):
    """From the node numbered start to the node numbered end, whose derivative by it is local."""

    start: int
    end: int
    local: float


class Graph(NamedTuple):
    """The nodes of a computation, each after its parents; how far each is from the inputs; the edges."""

    nodes: list[Value]
    depths: list[int]
    edges: list[Edge]
