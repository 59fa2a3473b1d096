"""Preprocessing against scikit-learn."""

import numpy as np
from sklearn import preprocessing as sklearn_preprocessing

from course_lib.datasets import StandardScaler, polynomial_features


def test_standard_scaler_equals_scikit_learn():
    rng = np.random.default_rng(0)
    units = [1.0, 1e-3, 1e5, 2.0]  # a feature that varies little varies too
    x_train, x_test = units * rng.normal(3, 5, (40, 4)), units * rng.normal(3, 5, (10, 4))
    ours, theirs = StandardScaler.fit(x_train), sklearn_preprocessing.StandardScaler().fit(x_train)
    np.testing.assert_allclose(ours.transform(x_test), theirs.transform(x_test), rtol=1e-12)
    np.testing.assert_allclose(ours.inverse_transform(x_test), theirs.inverse_transform(x_test), rtol=1e-12)


def test_a_constant_feature_becomes_zero():
    x = np.full((10, 1), 0.1)  # the mean of ten times 0.1, as rounded, is not 0.1
    z = StandardScaler.fit(x).transform(x)
    np.testing.assert_allclose(z, 0, atol=1e-15)


def test_only_the_training_part_is_measured():
    scaler = StandardScaler.fit(np.array([[0.0], [2.0]]))
    assert scaler.transform([[100.0]]).tolist() == [[99.0]]


def test_the_way_back():
    x = np.random.default_rng(0).normal(3, 5, (2, 6, 3))
    scaler = StandardScaler.fit(x[0])
    np.testing.assert_allclose(scaler.inverse_transform(scaler.transform(x)), x)


def test_polynomial_features_equal_scikit_learn_in_reverse():
    x = np.linspace(-2, 2, 7)[:, None]
    theirs = sklearn_preprocessing.PolynomialFeatures(3).fit_transform(x)
    np.testing.assert_allclose(polynomial_features(x, 3), theirs[:, ::-1])
    np.testing.assert_array_equal(polynomial_features(x[:, 0], 0), np.ones((7, 1)))


def test_bases_span_the_same_polynomials_and_two_are_well_conditioned():
    x = np.linspace(-1, 1, 200)
    wanted = np.polyval(np.random.default_rng(0).normal(size=16), x)
    condition = {}
    for basis in ("powers", "legendre", "chebyshev"):
        features = polynomial_features(x, 15, basis)
        assert (features[:, -1] == 1).all()
        fit = features @ np.linalg.lstsq(features, wanted)[0]
        np.testing.assert_allclose(fit, wanted, atol=1e-9)
        condition[basis] = np.linalg.cond(features)
    assert condition["powers"] > 1e5
    assert max(condition["legendre"], condition["chebyshev"]) < 10
    np.testing.assert_allclose(polynomial_features(x, 2, "legendre")[:, 0], (3 * x**2 - 1) / 2)
    np.testing.assert_allclose(polynomial_features(x, 3, "chebyshev")[:, 0], 4 * x**3 - 3 * x)
