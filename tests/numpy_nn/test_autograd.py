"""The scalar engine against PyTorch: on every operation, on random expressions, and on paths that meet."""

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_lib.numpy_nn.autograd import Value

N_INPUTS = 3

# how both engines write it; the arguments are numbers already computed
UNARY = {
    "exp of tanh": lambda v: v.tanh().exp(),
    "log of 1 + square": lambda v: (v * v + 1).log(),
    "sin": lambda v: v.sin(),
    "cos": lambda v: v.cos(),
    "tanh": lambda v: v.tanh(),
    "relu": lambda v: v.relu(),
    "sigmoid": lambda v: v.sigmoid(),
    "minus": lambda v: -v,
    "square": lambda v: v**2,
    "cube": lambda v: v**3,
    "power": lambda v: (v * v + 0.5) ** -1.5,
    "2 -": lambda v: 2 - v,
    "3 *": lambda v: 3 * v,
    "1 +": lambda v: 1 + v,
    "1 / (2 + square)": lambda v: 1 / (2 + v**2),
    "- 0.5": lambda v: v - 0.5,
    "/ 4": lambda v: v / 4,
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
}

number = st.floats(-3, 3, allow_subnormal=False)
step = st.one_of(
    st.tuples(st.sampled_from(sorted(UNARY)), st.integers(0, 99)),
    st.tuples(st.sampled_from(sorted(BINARY)), st.integers(0, 99), st.integers(0, 99)),
)


def compute(inputs, steps):
    """Run a random program: each step takes earlier results, so that paths part and meet."""
    results = list(inputs)
    for name, *arguments in steps:
        operation = UNARY.get(name) or BINARY[name]
        results.append(operation(*(results[i % len(results)] for i in arguments)))
    return sum(results[-3:], start=0.0 * results[0])


@settings(deadline=None)  # the first expression loads PyTorch's autograd
@given(st.lists(number, min_size=N_INPUTS, max_size=N_INPUTS), st.lists(step, min_size=1, max_size=12))
def test_random_expressions_have_pytorch_s_gradients(numbers, steps):
    ours = [Value(x) for x in numbers]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
    try:
        result = compute(ours, steps)
    except OverflowError:
        assume(False)
    expected = compute(theirs, steps)
    assume(abs(result.data) < 1e50)
    result.backward()
    expected.backward()
    assert result.data == pytest.approx(expected.item(), rel=1e-9, abs=1e-9)
    for value, tensor in zip(ours, theirs):
        gradient = 0.0 if tensor.grad is None else tensor.grad.item()  # None where it is not used
        assume(abs(gradient) < 1e50)
        assert value.grad == pytest.approx(gradient, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("name", UNARY)
def test_every_operation_alone(name):
    for x in (-1.3, -0.2, 0.0, 0.4, 2.1):
        value, tensor = Value(x), torch.tensor(x, dtype=torch.float64, requires_grad=True)
        result, expected = UNARY[name](value), UNARY[name](tensor)
        result.backward()
        expected.backward()
        assert result.data == pytest.approx(expected.item(), rel=1e-12)
        assert value.grad == pytest.approx(tensor.grad.item(), rel=1e-12, abs=1e-15)


def test_paths_add_up():
    x = Value(3.0)
    (x + x + x * x).backward()
    assert x.grad == 1 + 1 + 2 * 3


def test_a_value_that_is_used_early_and_late():
    x = Value(2.0)
    y = x * x
    z = y * x + y  # x reaches z by four paths, y by two
    z.backward()
    assert x.grad == 3 * 2**2 + 2 * 2
    assert y.grad == 2 + 1


def test_gradients_add_up_over_passes_until_they_are_zeroed():
    x = Value(3.0)
    y = (x * x).tanh() * x
    y.backward()
    once = x.grad
    y.backward()
    assert x.grad == pytest.approx(2 * once)
    y.zero_grad()
    y.backward()
    assert x.grad == once


def test_a_long_chain_does_not_exhaust_the_stack():
    x = value = Value(1.0)
    for _ in range(5000):
        value = value + 0.001
    value.backward()
    assert x.grad == 1


def test_extreme_numbers():
    for x in (-1000.0, 1000.0):
        value = Value(x)
        value.sigmoid().backward()
        assert value.grad == 0
        assert value.sigmoid().data == float(x > 0)


def test_the_graph_of_a_neuron():
    x, w, b = Value(2.0, "x"), Value(-0.5, "w"), Value(0.1, "b")
    a = (x * w + b).tanh()
    nodes, depths, edges = a.graph()
    assert [node.op or node.label for node in nodes] == ["x", "w", "×", "b", "+", "tanh"]
    assert depths == [0, 0, 1, 0, 2, 3]
    assert [(edge.start, edge.end) for edge in edges] == [(0, 2), (1, 2), (2, 4), (3, 4), (4, 5)]
    assert [edge.local for edge in edges][:4] == [-0.5, 2.0, 1.0, 1.0]
    assert edges[-1].local == pytest.approx(1 - math.tanh(-0.9) ** 2)


def test_a_value_shows_its_name_and_its_gradient():
    x = Value(2, "x")
    (x * 3).backward()
    assert repr(x) == "Value(x = 2, grad 3)"
    assert repr(Value(0.5)) == "Value(0.5, grad 0)"
