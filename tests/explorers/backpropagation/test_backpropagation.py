"""What the explorers of backpropagation show, against PyTorch, the scalar engine and the theory."""

import numpy as np
import pytest
import torch

from course_lib.explorers import EXPLORERS
from course_lib.numpy_nn.autograd import Value


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "ReLU"])
def test_every_number_of_the_small_network_is_pytorchs(activation):
    explorer = EXPLORERS["backprop"](activation=activation, x1=0.7, x2=-1.3, w12=0.9, u2=-1.1)
    r, s = explorer.result, explorer.settings
    keys = ("x1", "x2", "w11", "w12", "w21", "w22", "u1", "u2")
    x1, x2, w11, w12, w21, w22, u1, u2 = leaves = [
        torch.tensor(s[key], dtype=torch.float64, requires_grad=True) for key in keys
    ]
    z = torch.stack([x1 * w11 + x2 * w21, x1 * w12 + x2 * w22])
    a = getattr(torch, activation.lower())(z)
    y = a[0] * u1 + a[1] * u2
    for inner in (z, a, y):
        inner.retain_grad()
    loss = (y - 1) ** 2
    loss.backward()
    np.testing.assert_allclose([*r.dx, *r.gradients], [leaf.grad for leaf in leaves], atol=1e-12)
    np.testing.assert_allclose(r.z, z.detach(), atol=1e-12)
    np.testing.assert_allclose(r.delta, z.grad, atol=1e-12)
    np.testing.assert_allclose(r.da, a.grad, atol=1e-12)
    np.testing.assert_allclose([r.y, r.loss, r.dy], [y.item(), loss.item(), y.grad.item()], atol=1e-12)


def texts(explorer):
    explorer.show()
    return {name: a.get_text() for name, a in explorer.picture.artists.items() if hasattr(a, "get_text")}


def test_gradients_appear_only_when_their_step_has_come():
    explorer = EXPLORERS["backprop"]()
    shown = []
    for step in range(12):
        words = texts(explorer.set(step=step))
        shown.append(sum("∂" in word or "δ" in word for name, word in words.items() if name != "formula"))
    assert shown[:5] == [0] * 5
    assert shown[5] == 1
    assert shown == sorted(shown)
    assert shown[11] == 1 + 6 + 4 + 2  # δ of ŷ, six weights, ∂a and δ of two units, two inputs


@pytest.mark.parametrize("expression", EXPLORERS["graph"].control("expression").options)
def test_the_last_step_of_the_graph_has_the_gradients_of_the_engine(expression):
    r = EXPLORERS["graph"](expression=expression, x=1.2, y=-0.7, z=0.4).result
    x, y, z = (Value(v) for v in (1.2, -0.7, 0.4))
    {
        "x·y + x·z": x * y + x * z,
        "(x + y)·z + x": (x + y) * z + x,
        "tanh(x·y + z)": (x * y + z).tanh(),
        "(x·y − z)²": (x * y - z) ** 2,
    }[expression].backward()
    np.testing.assert_allclose(r.arrived[:3], [x.grad, y.grad, z.grad], rtol=1e-12)
    assert r.reached.all()
    assert r.arrived[5] == 1


def test_before_its_last_use_has_reported_a_gradient_is_not_complete():
    settings = dict(x=2.0, y=-1.0, z=1.5)
    partly, whole = (EXPLORERS["graph"](step=step, **settings).result.arrived[0] for step in (3, 4))
    assert (partly, whole) == (1.5, 0.5)


def test_errors_follow_the_theory_where_the_formula_errs():
    explorer = EXPLORERS["gradient_check"]()
    r, steps = explorer.result, explorer._steps
    for row, (low, high) in enumerate(((1e-6, 1e-2), (1e-3, 1e-1))):
        chosen = (steps > low) & (steps < high)
        np.testing.assert_allclose(r.errors[row, chosen], r.cut_off[row, chosen], rtol=0.05)
    small = steps < 1e-10
    assert (r.errors[:, small] < 10 * r.rounding[small]).all()
