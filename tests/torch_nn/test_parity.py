"""Triple parity in float64: NumPy = the course's PyTorch = PyTorch's own, values and gradients."""

import numpy as np
import pytest
import torch

from course_lib.core import tree_leaves, tree_map
from tests.registry import LAYERS, LOSSES, OPTIMIZERS, by_name, draw_params, without_statistics

CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensor(a):
    return torch.tensor(a, requires_grad=True)


@pytest.mark.parametrize("row", **by_name(LOSSES))
def test_losses(row, rng):
    pred, target = row.draw(rng, ())
    for torch_loss in (row.torch, row.official):
        t = tensor(pred)
        loss = torch_loss(t, torch.tensor(target))
        assert loss.shape == ()
        loss.backward()
        np.testing.assert_allclose(row.numpy.value(pred, target), loss.item(), **CLOSE)
        np.testing.assert_allclose(row.numpy.grad(pred, target), t.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("row", **by_name(LAYERS))
def test_layers(row, rng):
    params, x = draw_params(row, rng), rng.normal(size=row.x_shape)
    y, cache = row.numpy.forward(params, x, train=row.train)
    dy = rng.normal(size=y.shape)
    dx, grads = row.numpy.backward(params, cache, dy)

    def compare(module, grads_of):
        t = tensor(x)
        out = module.train(row.train)(t)
        out.backward(torch.tensor(dy))
        np.testing.assert_allclose(y, out.detach().numpy(), **CLOSE)
        np.testing.assert_allclose(dx, t.grad.numpy(), **CLOSE)
        for ours, theirs in zip(without_statistics(grads), tree_leaves(grads_of(module)), strict=True):
            np.testing.assert_allclose(ours, theirs, **CLOSE)

    compare(row.torch(params), lambda module: [p.grad.numpy() for p in module.parameters()])
    compare(row.official(params), row.official_grads)


@pytest.mark.parametrize("row", **by_name(OPTIMIZERS))
def test_optimizers_over_a_hundred_steps(row, rng):
    params = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}
    ours, settings = params, [(row.torch, row.settings), (row.official, row.official_settings)]
    optimizer = row.numpy(**row.settings)
    state = optimizer.init(ours)
    tensors = [{name: tensor(p) for name, p in params.items()} for _ in settings]
    torch_optimizers = [kind(t.values(), **s) for (kind, s), t in zip(settings, tensors)]
    for k in range(100):
        scale = 10.0 ** rng.integers(-3, 3)
        grads = {name: scale * rng.normal(size=p.shape) for name, p in params.items()}
        step, state = optimizer.update(grads, state, ours)
        ours = tree_map(np.add, ours, step)
        for t, torch_optimizer in zip(tensors, torch_optimizers):
            for name, g in grads.items():
                t[name].grad = torch.tensor(g)
            torch_optimizer.step()
            for name in params:
                np.testing.assert_allclose(
                    ours[name], t[name].detach().numpy(), rtol=1e-11, atol=1e-11, err_msg=f"step {k}"
                )
