"""What is known of each optimizer in closed form, measured."""

from copy import deepcopy

import numpy as np
import pytest
import torch

from course_lib.core import tree_leaves
from course_lib.numpy_nn.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Chain,
    Momentum,
    Nesterov,
    RMSProp,
    WeightDecay,
)
from course_lib.numpy_nn.training import descend
from course_lib.surfaces import quadratic
from course_lib.torch_nn import optimizers as torch_optimizers


def steps_of(optimizer, gradients, w=None):
    """The steps that a sequence of gradients causes."""
    state, steps = optimizer.init(gradients[0]), []
    for g in gradients:
        step, state = optimizer.update(g, state, g if w is None else w)
        steps.append(step)
    return np.array(steps)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_momentum_is_stable_up_to_its_bound(beta):
    bound = 2 * (1 + beta) / 3.0  # of η, at curvature λ = 3
    lr = np.array([1e-3, 0.5, 0.99, 1.01, 1.5]) * bound
    path = descend(quadratic((3.0,)), Momentum(lr, beta), [1.0], n_steps=20_000)
    sizes = np.abs(path.points[-1, :, 0])
    assert (sizes[:3] < 1e-3).all()
    assert (path.diverged_at[:3] == -1).all()
    assert (path.diverged_at[3:] > 0).all()


@pytest.mark.parametrize("kappa", [10.0, 100.0, 1000.0])
def test_momentum_at_its_best_has_the_rate_of_the_root_of_kappa(kappa):
    root = np.sqrt(kappa)
    lr, beta = (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2
    path = descend(quadratic((1.0, kappa)), Momentum(lr, beta), [1.0, 1.0], n_steps=450)
    sizes = np.linalg.norm(path.points, axis=-1)
    np.testing.assert_allclose((sizes[450] / sizes[150]) ** (1 / 300), (root - 1) / (root + 1), rtol=0.02)
    slower = descend(quadratic((1.0, kappa)), Momentum(lr, 0.8 * beta), [1.0, 1.0], n_steps=450)
    assert np.linalg.norm(slower.points[450]) > 10 * sizes[450]


def test_nesterov_is_the_look_ahead_of_the_other_form():
    """Sutskever's form asks for the gradient ahead of the weights; the points it asks at are ours."""
    surface, lr, mu = quadratic((1.0, 25.0)), 0.03, 0.9
    ours = descend(surface, Nesterov(lr, mu), [3.0, 2.0], n_steps=100).points
    w, v = np.array([3.0, 2.0]), np.zeros(2)
    for t in range(101):
        ahead = w + mu * v  # v here holds the rate: v ← μ v − η ∇f(w + μ v)
        np.testing.assert_allclose(ours[t], ahead, rtol=1e-10, atol=1e-12)
        v = mu * v - lr * surface.grad(ahead)
        w = w + v


def test_momentum_reaches_the_step_of_a_rate_divided_by_one_minus_mu():
    steps = steps_of(Momentum(0.1, 0.9), [np.array([2.0])] * 400)
    np.testing.assert_allclose(steps[-1], -0.1 * 2 / (1 - 0.9), rtol=1e-12)


def test_adagrads_rate_falls_like_one_over_the_root_of_t():
    g = np.array([1e-3, 1.0, 1e3])
    steps = steps_of(AdaGrad(0.5, 0.0), [g] * 1000)
    t = np.arange(1, 1001)[:, None]
    np.testing.assert_allclose(-steps / g, 0.5 / np.sqrt(t) / g, rtol=1e-11)


def test_rmsprop_of_a_constant_gradient_comes_to_steps_of_the_rate():
    steps = steps_of(RMSProp(0.5, 0.9, 0.0), [np.array([1e-3, -1e3])] * 400)
    np.testing.assert_allclose(steps[0], [-0.5 / np.sqrt(0.1), 0.5 / np.sqrt(0.1)])
    np.testing.assert_allclose(steps[-1], [-0.5, 0.5])


def test_centered_rmsprop_survives_a_constant_gradient():
    g = 10 ** np.random.default_rng(0).uniform(
        -3, 3, size=500
    )  # rounding takes v − m² below 0 for some of them
    steps = steps_of(RMSProp(0.5, 0.9, 0.1, centered=True), [g] * 2000)
    np.testing.assert_allclose(
        steps[-1], -0.5 * g / 0.1, rtol=1e-2
    )  # with no spread, ε is left of the divisor


@pytest.mark.parametrize(("b1", "b2"), [(0.9, 0.999), (0.0, 0.5), (0.5, 0.9)])
def test_adams_first_step_is_the_rate_in_every_direction(b1, b2):
    g = np.array([-1e-4, 1e-2, 3.0, -1e6])
    step = steps_of(Adam(0.01, b1, b2), [g])[0]
    assert (np.abs(step + 0.01 * np.sign(g)) <= 0.01 * 1e-8 / np.abs(g) + 1e-16).all()


def test_without_bias_correction_it_is_not():
    plain = steps_of(Adam(0.01, 0.9, 0.999, 0.0, bias_correction=False), [np.array([5.0])] * 20_000)
    np.testing.assert_allclose(plain[0], -0.01 * 0.1 / np.sqrt(0.001))  # 3.16 times as long
    np.testing.assert_allclose(plain[-1], -0.01, rtol=1e-6)  # in the long run there is no difference


def test_no_step_of_adam_exceeds_the_papers_bound():
    """The bound η (1 − β₁) / √(1 − β₂) for (1 − β₁) > √(1 − β₂), reached by one gradient after zeros."""
    lr, b1, b2 = 0.1, 0.9, 0.999
    bound = lr * (1 - b1) / np.sqrt(1 - b2)
    rng = np.random.default_rng(0)
    sparse = rng.standard_cauchy(size=(3000, 200)) * (rng.random((3000, 200)) < np.logspace(-3.5, 0, 200))
    assert np.abs(steps_of(Adam(lr, b1, b2, 1e-30), sparse)).max() <= bound
    late = np.zeros((20_000, 1))
    late[-1] = 7.0
    np.testing.assert_allclose(np.abs(steps_of(Adam(lr, b1, b2), late)).max(), bound, rtol=1e-6)


def test_amsgrads_divisor_never_falls():
    gradients = [np.array([100.0])] + [np.array([1e-3])] * 500
    plain, ams = (steps_of(Adam(0.1, 0.0, 0.9, amsgrad=amsgrad), gradients) for amsgrad in (False, True))
    assert abs(plain[-1, 0]) > 0.09
    assert abs(ams[-1, 0]) < 1e-5


def test_decay_beside_adam_shrinks_all_weights_alike_and_decay_before_it_does_not():
    gradients = [np.array([1e-3, 1e3]) * (-1) ** t for t in range(200)]
    w = np.array([2.0, 2.0])
    adam = steps_of(Adam(0.01), gradients)
    beside = steps_of(AdamW(0.01, weight_decay=0.1), gradients, w) - adam
    np.testing.assert_allclose(beside, -0.01 * 0.1 * 2.0, rtol=1e-10)
    before = steps_of(Chain([WeightDecay(0.1), Adam(0.01)]), gradients, w) - adam
    assert abs(before[-1, 0]) > 100 * abs(before[-1, 1])  # large gradients drown the decay


def test_decay_before_plain_descent_shrinks_by_a_factor():
    chain = Chain([WeightDecay(0.5), SGD(0.1)])
    w = np.array([2.0, -4.0])
    np.testing.assert_allclose(w + steps_of(chain, [np.zeros(2)], w)[0], w * (1 - 0.1 * 0.5))


@pytest.mark.parametrize(
    ("optimizer", "copies"),
    [
        (SGD(0.1), 0),
        (Momentum(0.1), 1),
        (Nesterov(0.1), 1),
        (AdaGrad(0.1), 1),
        (RMSProp(0.1), 1),
        (RMSProp(0.1, momentum=0.9), 2),
        (RMSProp(0.1, centered=True, momentum=0.9), 3),
        (Adam(0.1), 2),
        (AdamW(0.1), 2),
        (Adam(0.1, amsgrad=True), 3),
        (Chain([WeightDecay(0.1), Adam(0.1)]), 2),
    ],
    ids=repr,
)
def test_memory_in_copies_of_the_parameters(optimizer, copies):
    params = [{"W": np.ones((4, 3)), "b": np.ones(3)}, {}]
    state = optimizer.init(params)
    for _ in range(2):
        arrays = [leaf for leaf in tree_leaves(state) if isinstance(leaf, np.ndarray)]
        assert sum(a.size for a in arrays) == copies * 15
        step, state = optimizer.update(params, state, params)
    assert [{name: s.shape for name, s in part.items()} for part in step] == [{"W": (4, 3), "b": (3,)}, {}]


# ---- as PyTorch writes them


@pytest.mark.parametrize("name", ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam", "AdamW"])
def test_groups_schedulers_and_saved_states(name):
    kind = getattr(torch_optimizers, name)
    first, second = (torch.ones(2, dtype=torch.float64, requires_grad=True) for _ in range(2))
    frozen = torch.ones(1, requires_grad=True)  # never has a gradient

    def make():
        return kind([{"params": [first, frozen]}, {"params": [second], "lr": 0.5}], lr=0.1)

    optimizer = make()
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.1)
    for _ in range(2):
        first.grad, second.grad = torch.full_like(first, 0.3), torch.full_like(second, 0.3)
        optimizer.step()
        scheduler.step()
    assert frozen.item() == 1
    moved = 1 - torch.stack([first, second]).detach()
    assert (moved[1] > 3 * moved[0]).all()
    np.testing.assert_allclose([g["lr"] for g in optimizer.param_groups], [0.01, 0.05])
    again = make()
    again.load_state_dict(deepcopy(optimizer.state_dict()))
    here = first.detach().clone()
    optimizer.step()
    there = first.detach().clone()
    with torch.no_grad():
        first.copy_(here)
    again.step()
    assert torch.equal(first, there)
    assert not torch.equal(here, there)
