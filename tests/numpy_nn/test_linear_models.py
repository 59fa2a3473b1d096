"""Linear models against scikit-learn, many strengths at once, and their time."""

import time

import numpy as np
import pytest
from sklearn import linear_model

from course_lib.datasets import polynomial_features
from course_lib.numpy_nn.linear_models import elastic_net, lasso, least_squares, ridge
from course_lib.numpy_nn.losses import mse
from course_lib.numpy_nn.regularizers import ElasticNet

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 5)) @ RNG.normal(size=(5, 5)) + 2
Y = X @ RNG.normal(size=(5, 1)) + RNG.normal(size=(30, 1))
Y2 = X @ RNG.normal(size=(5, 2)) + RNG.normal(size=(30, 2))


@pytest.mark.parametrize("y", [Y, Y2])
def test_least_squares_equals_scikit_learn(y):
    fit, official = least_squares(X, y), linear_model.LinearRegression().fit(X, y)
    np.testing.assert_allclose(fit["W"], official.coef_.T, rtol=1e-10)
    np.testing.assert_allclose(fit["b"], official.intercept_, rtol=1e-10)


@pytest.mark.parametrize("y", [Y, Y2])
def test_a_path_of_ridge_fits_equals_scikit_learn(y):
    lams = np.geomspace(1e-4, 1e2, 7)
    path = ridge(X, y, lams)
    assert path["W"].shape == (7, 5, y.shape[1])
    for i, lam in enumerate(lams):
        official = linear_model.Ridge(alpha=y.size * lam / 2).fit(X, y)
        np.testing.assert_allclose(path["W"][i], official.coef_.reshape(-1, 5).T, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(path["b"][i], official.intercept_, rtol=1e-8)
        np.testing.assert_allclose(ridge(X, y, lam)["W"], path["W"][i], rtol=1e-12)


def test_a_path_of_lasso_fits_equals_scikit_learn():
    lams = np.geomspace(1e-3, 50, 8)
    path = lasso(X, Y, lams)
    for i, lam in enumerate(lams):
        official = linear_model.Lasso(alpha=lam / 2, tol=1e-14, max_iter=100_000).fit(X, Y[:, 0])
        np.testing.assert_allclose(path["W"][i, :, 0], official.coef_, atol=1e-8)
        np.testing.assert_array_equal(path["W"][i, :, 0] == 0, official.coef_ == 0)
        np.testing.assert_allclose(path["b"][i], official.intercept_, atol=1e-8)
        np.testing.assert_allclose(lasso(X, Y, lam)["W"], path["W"][i], atol=1e-10)


def test_elastic_nets_equal_scikit_learn():
    l1, l2 = np.meshgrid([0.1, 1.0], [0.05, 0.8, 3.0], indexing="ij")
    nets = elastic_net(X, Y, l1, l2)
    assert nets["W"].shape == (2, 3, 5, 1)
    for i in np.ndindex(2, 3):
        official = linear_model.ElasticNet(
            alpha=(l1[i] + l2[i]) / 2, l1_ratio=l1[i] / (l1[i] + l2[i]), tol=1e-14, max_iter=100_000
        ).fit(X, Y[:, 0])
        np.testing.assert_allclose(nets["W"][i][:, 0], official.coef_, atol=1e-8)


def test_the_objective_of_two_outputs_is_least_where_they_say():
    fit, penalty = elastic_net(X, Y2, 0.3, 0.2), ElasticNet(0.3, 0.2)

    def objective(p):
        return mse.value(X @ p["W"] + p["b"], Y2) + penalty.value(p)

    least, rng = objective(fit), np.random.default_rng(1)
    for _ in range(200):
        moved = {name: p + 1e-3 * rng.normal(size=p.shape) for name, p in fit.items()}
        assert objective(moved) > least


@pytest.mark.parametrize("y", [Y, Y2])
@pytest.mark.parametrize("tolerance", [0.3, 1e-2, 1e-4])
def test_the_last_sweep_is_the_first_that_moves_predictions_by_less_than_the_tolerance(y, tolerance):
    x = X * [1.0, 10.0, 0.1, 3.0, 0.5]

    def after(sweeps):
        return elastic_net(x, y, 0.1, 0.05, tolerance=1e-300, max_sweeps=sweeps)["W"]

    n, before, spread = 1, np.zeros((5, y.shape[1])), np.sqrt(y.var(axis=0).mean())
    while np.max(np.abs(after(n) - before) * x.std(axis=0)[:, None]) > tolerance * spread:
        n, before = n + 1, after(n)
    fit = elastic_net(x, y, 0.1, 0.05, tolerance=tolerance)["W"]
    np.testing.assert_array_equal(fit, after(n))
    assert (after(n - 1 or 2) != fit).any()


def test_above_a_known_strength_every_weight_is_zero():
    centered = X - X.mean(axis=0)
    limit = np.abs(2 / len(X) * centered.T @ (Y - Y.mean())).max()
    fits = lasso(X, Y, limit * np.array([0.999, 1.001]))
    assert (fits["W"] != 0).sum(axis=(1, 2)).tolist() == [1, 0]


def test_a_constant_column_is_the_work_of_the_bias():
    x = np.linspace(-1, 1, 20)
    features = polynomial_features(x, 3)
    y = (features @ [1.0, -2.0, 0.5, 4.0])[:, None]
    for fit in (least_squares(features, y), lasso(features, y, 0.0), ridge(features, y, 0.0)):
        np.testing.assert_allclose(fit["W"].ravel(), [1, -2, 0.5, 0], atol=1e-8)
        np.testing.assert_allclose(fit["b"], 4, atol=1e-8)


def test_more_features_than_samples_gives_the_smallest_weights():
    x, y = RNG.normal(size=(4, 9)), RNG.normal(size=(4, 1))
    fit = least_squares(x, y)
    np.testing.assert_allclose(x @ fit["W"] + fit["b"], y, atol=1e-10)
    official = np.linalg.pinv(x - x.mean(axis=0)) @ (y - y.mean())
    np.testing.assert_allclose(fit["W"], official, atol=1e-10)


def test_a_polynomial_of_degree_15_is_fitted_at_once():
    x = np.sort(RNG.uniform(-1, 1, 30))
    features, y = polynomial_features(x, 15), np.sin(4 * x)[:, None]
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        ridge(features, y, np.geomspace(1e-8, 1, 20))
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.005
