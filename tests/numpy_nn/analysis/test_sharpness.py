"""Products with the Hessian, and its largest eigenvalue, against the whole Hessian."""

import numpy as np
import pytest
import torch

from course_lib.core import from_vector, to_vector, tree_leaves, tree_map
from course_lib.numpy_nn import layers, losses
from course_lib.numpy_nn.analysis import hessian_vector_product, largest_eigenvalue, sharpness
from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.surfaces import least_squares
from course_lib.torch_nn import analysis as torch_analysis
from course_lib.torch_nn import layers as torch_layers
from course_lib.torch_nn import losses as torch_losses
from tests.registry import load_all

MODEL = layers.mlp([2, 4, 3])
X = np.random.default_rng(0).normal(size=(20, 2))
LABELS = np.random.default_rng(1).integers(0, 3, 20)


def params_of(runs=(), seed=2, model=MODEL):
    rng = np.random.default_rng(seed)
    return tree_map(lambda p: rng.normal(size=p.shape), model.init(rng, runs))


def official_hessian(params):
    """The whole Hessian by PyTorch, in the order of the vector."""

    def f(vector):
        W1, b1, W2, b2 = (
            part.reshape(p.shape)
            for part, p in zip(vector.split([p.size for p in tree_leaves(params)]), tree_leaves(params))
        )
        logits = torch.tanh(torch.tensor(X) @ W1 + b1) @ W2 + b2
        return torch.nn.functional.cross_entropy(logits, torch.tensor(LABELS))

    return torch.autograd.functional.hessian(f, torch.tensor(to_vector(params))).numpy()


def test_the_product_equals_the_whole_hessian():
    params, v = params_of(), params_of(seed=3)
    product = to_vector(hessian_vector_product(MODEL, params, losses.cross_entropy, X, LABELS, v))
    np.testing.assert_allclose(product, official_hessian(params) @ to_vector(v), rtol=1e-6, atol=1e-8)

    def slope(at):  # g·v, whose gradient is Hv
        p = from_vector(at, params)
        pred, cache = MODEL.forward(p, X)
        return to_vector(MODEL.backward(p, cache, losses.cross_entropy.grad(pred, LABELS))[1]) @ to_vector(v)

    np.testing.assert_allclose(product, numerical_gradient(slope, to_vector(params)), rtol=1e-5, atol=1e-7)


def test_both_packages_give_one_product_and_one_sharpness():
    params, v = params_of(), to_vector(params_of(seed=3))
    model = load_all(torch_layers.mlp([2, 4, 3]), params)
    data = torch_losses.cross_entropy, torch.tensor(X), torch.tensor(LABELS)
    ours = hessian_vector_product(MODEL, params, losses.cross_entropy, X, LABELS, from_vector(v, params))
    theirs = torch_analysis.hessian_vector_product(model, *data, torch.tensor(v))
    np.testing.assert_allclose(to_vector(ours), theirs.numpy(), rtol=1e-5, atol=1e-9)
    largest = np.linalg.eigvalsh(official_hessian(params))[-1]
    rng = np.random.default_rng(0)
    assert sharpness(MODEL, params, losses.cross_entropy, X, LABELS, rng=rng) == pytest.approx(largest, 1e-6)
    assert torch_analysis.sharpness(model, *data) == pytest.approx(largest, 1e-9)


def test_a_batch_of_runs_equals_one_at_a_time():
    params, v = params_of(runs=(4,)), params_of(runs=(4,), seed=3)
    data = losses.cross_entropy, X, LABELS
    together = hessian_vector_product(MODEL, params, *data, v)
    sharp = sharpness(MODEL, params, *data, rng=np.random.default_rng(0))
    for i in range(4):
        mine, direction = (tree_map(lambda p, i=i: p[i], tree) for tree in (params, v))
        alone = hessian_vector_product(MODEL, mine, *data, direction)
        for a, b in zip(tree_leaves(together), tree_leaves(alone), strict=True):
            np.testing.assert_allclose(a[i], b, rtol=1e-8, atol=1e-9)
        assert sharp[i] == pytest.approx(np.linalg.eigvalsh(official_hessian(mine))[-1], 1e-6)


def test_a_line_has_the_sharpness_of_its_surface():
    y = X @ [[1.0], [2.0]]
    H = least_squares(np.hstack([X, np.ones((20, 1))]), y[:, 0]).hessian(np.zeros(3))
    model = layers.Dense(2, 1)
    value = sharpness(model, params_of(model=model), losses.mse, X, y, rng=np.random.default_rng(0))
    assert value == pytest.approx(np.linalg.eigvalsh(H)[-1], 1e-8)


def test_running_statistics_are_no_weights():
    model = layers.Sequential([layers.Dense(2, 3), layers.BatchNorm(3)])
    params = model.init(np.random.default_rng(0))
    data = losses.cross_entropy, X, LABELS
    v = tree_map(np.ones_like, params)
    product = hessian_vector_product(model, params, *data, v)
    assert not product[1]["running_mean"].any()
    v[1]["running_mean"] = 0 * v[1]["running_mean"]
    v[1]["running_var"] = 0 * v[1]["running_var"]
    np.testing.assert_array_equal(
        to_vector(product), to_vector(hessian_vector_product(model, params, *data, v))
    )


@pytest.mark.parametrize(
    "eigenvalues", [[5.0, 1, 1, 1], [-1, -2, -3, -9], [3, 3, 3, 3], [0, 0, 0, 0], [7, 6.9, 1, -8]]
)
def test_eigenvalues_of_all_signs_and_multiplicities(eigenvalues):
    Q = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    H, start = Q @ np.diag(eigenvalues) @ Q.T, np.ones(4)
    assert largest_eigenvalue(lambda v: np.matvec(H, v), start) == pytest.approx(max(eigenvalues), abs=1e-10)
    T = torch.tensor(H)
    theirs = torch_analysis.largest_eigenvalue(lambda v: T @ v, torch.tensor(start))
    assert theirs == pytest.approx(max(eigenvalues), abs=1e-10)
