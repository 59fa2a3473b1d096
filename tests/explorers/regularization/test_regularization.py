"""What the explorers of regularization draw as theory, against other ways to the same numbers."""

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Ridge

from course_lib import datasets
from course_lib.explorers import EXPLORERS


@pytest.mark.parametrize("degree", [0, 1, 4, 9])
def test_fits_are_those_of_polyfit(degree):
    r = EXPLORERS["overfitting"](degree=degree, n=30, draw=7).result
    expected = np.polyval(np.polyfit(r.x, r.y, degree), np.linspace(-1, 1, 81))
    np.testing.assert_allclose(r.fit, expected, atol=1e-4)
    train = np.mean((np.polyval(np.polyfit(r.x, r.y, degree), r.x) - r.y) ** 2)
    assert r.train[degree, 6] == pytest.approx(train, rel=1e-4)


@pytest.mark.parametrize("lam", [0.01, 1.0])
def test_fits_with_a_penalty_are_those_of_scikit_learn(lam):
    r = EXPLORERS["overfitting"](degree=6, lam=lam).result
    powers = np.arange(1, 7)
    ridge = Ridge(alpha=len(r.x) * lam / 2).fit(r.x[:, None] ** powers, r.y)
    np.testing.assert_allclose(r.fit, ridge.predict(np.linspace(-1, 1, 81)[:, None] ** powers), atol=1e-8)


@pytest.mark.parametrize("settings", [{}, {"n": 50, "noise": 0.8}, {"lam": 0.05}])
def test_bias_variance_and_noise_make_up_the_test_error(settings):
    r = EXPLORERS["overfitting"](**settings).result
    few = slice(0, 9)  # beyond, single draws are far off
    expected = (r.bias + r.variance + r.noise**2)[few]
    np.testing.assert_allclose(r.test.mean(axis=1)[few], expected, rtol=0.12)
    np.testing.assert_allclose(r.measured_variance[few], r.variance[few], rtol=0.3)


def test_without_noise_there_is_no_variance_and_from_the_true_degree_on_no_bias():
    r = EXPLORERS["overfitting"](noise=0.0).result
    assert np.all(r.variance == 0)
    assert np.all(r.bias[len(datasets.POLYNOMIAL) - 1 :] < 1e-10)  # λ is 1e-10, not 0
    assert np.all(r.bias[: len(datasets.POLYNOMIAL) - 1] > 1e-3)


@pytest.mark.parametrize("mix", [0.25, 1.0])
@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.9])
def test_the_weights_are_those_of_scikit_learn(mix, correlation):
    lam, least = 0.8, np.array([1.8, -0.5])
    r = EXPLORERS["penalty"](lam=lam, mix=mix, correlation=correlation, w1=1.8, w2=-0.5).result
    root = np.linalg.cholesky([[1, correlation], [correlation, 1]]).T
    x = np.sqrt(2) * np.concatenate([root, -root])  # scikit-learn's loss is half of the mean of squares
    net = ElasticNet(alpha=lam, l1_ratio=mix, fit_intercept=False, tol=1e-12, max_iter=100_000)
    net.fit(x, x @ least)
    np.testing.assert_allclose(r.now, net.coef_, atol=1e-6)
    assert np.array_equal(r.now == 0, np.abs(net.coef_) < 1e-9)


def test_with_l2_alone_the_weights_solve_the_normal_equations():
    r = EXPLORERS["penalty"](lam=0.7, mix=0.0, correlation=0.5).result
    hessian = np.array([[1, 0.5], [0.5, 1]])
    expected = np.linalg.solve(hessian + 0.7 * np.eye(2), hessian @ r.least)
    np.testing.assert_allclose(r.now, expected, atol=1e-8)
    assert np.all(r.path[1:] != 0)


@pytest.mark.parametrize("mix", [0.0, 0.4, 1.0])
def test_the_level_line_has_one_penalty_and_meets_the_weights(mix):
    r = EXPLORERS["penalty"](lam=0.5, mix=mix).result
    penalty = mix * np.abs(r.line).sum(axis=1) + (1 - mix) / 2 * np.square(r.line).sum(axis=1)
    np.testing.assert_allclose(penalty, penalty[0])
    assert np.linalg.norm(r.line - r.now, axis=1).min() < 0.05


@pytest.mark.parametrize("way", ["inverted", "not scaled", "scaled twice"])
@pytest.mark.parametrize("p", [0.0, 0.3, 0.7])
def test_mean_and_spread_of_dropout_are_as_predicted(way, p):
    r = EXPLORERS["dropout"](p=p, way=way, width=50).result
    assert r.mean == pytest.approx(r.theory_mean, abs=0.02)
    assert r.std == pytest.approx(r.theory_std, rel=0.05, abs=1e-9)
    factor = {"inverted": 1, "not scaled": 1 / (1 - p), "scaled twice": 1 - p}[way]
    assert r.evaluation == pytest.approx(factor * r.theory_mean)


def test_a_bend_does_not_keep_the_mean_of_dropout():
    r = EXPLORERS["dropout"](unit="tanh", p=0.7).result
    assert r.evaluation - r.mean > 0.05


@pytest.mark.parametrize("kind", ["calm", "restless"])
@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (8, 0.0), (5, 0.02)])
def test_the_rule_stops_where_a_plain_loop_stops(kind, patience, min_delta):
    r = EXPLORERS["early_stopping"](patience=patience, min_delta=min_delta, kind=kind).result
    for run in range(6):
        best, kept, end = np.inf, 0, r.epochs
        for epoch in range(1, r.epochs + 1):
            if r.validation[epoch, run] < best - min_delta:
                best, kept = r.validation[epoch, run], epoch
            elif epoch - kept == patience:
                end = epoch
                break
        assert (r.kept[run], r.end[run]) == (kept, end)


def test_the_recorded_trainings_overfit_and_what_is_kept_is_better_than_the_end():
    explorer = EXPLORERS["early_stopping"]()
    for kind in ("calm", "restless"):
        r = explorer.set(kind=kind).result
        assert np.all(r.kept_validation < r.validation[-1])
        assert np.all(r.kept_test < r.test[-1])
        assert np.all(r.train[-1] < r.train[r.hindsight, np.arange(6)])


def test_the_rule_changes_no_training():
    explorer = EXPLORERS["early_stopping"]()
    before = explorer.result.validation.copy()
    np.testing.assert_array_equal(explorer.set(patience=1).result.validation, before)
