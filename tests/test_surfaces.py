"""Surfaces: values, gradients and Hessians against PyTorch, SciPy and differences."""

import numpy as np
import pytest
import torch
from scipy import optimize
from sklearn.linear_model import LinearRegression

from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.surfaces import (
    SURFACES,
    beale,
    cliff,
    double_well,
    get_surface,
    himmelblau,
    least_squares,
    quadratic,
    rosenbrock,
    saddle,
    styblinski_tang,
)

X = np.random.default_rng(1).normal(size=(7, 3))
Y = np.random.default_rng(2).normal(size=7)

ALL = {
    **SURFACES,
    "quadratic 1-D": quadratic((10.0,)),
    "quadratic 4-D": quadratic((1.0, -2.0, 0.5, 7.0)),
    "least squares": least_squares(X, Y),
}

# Written once more, in PyTorch and another form, from the literature.
FORMULAS = {
    "quadratic": lambda w: 0.5 * (w[0] ** 2 + 10 * w[1] ** 2),
    "double_well": lambda w: 0.5 * (w[0] - 2) ** 2 * (w[0] + 2) ** 2 + 1.5 * w[0] + 4,
    "saddle": lambda w: (w[0] - w[1]) * (w[0] + w[1]),
    "rosenbrock": lambda w: (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2,
    "beale": lambda w: sum(
        (c - w[0] * (1 - w[1] ** i)) ** 2 for i, c in enumerate((1.5, 2.25, 2.625), start=1)
    ),
    "himmelblau": lambda w: (w[0] ** 2 + w[1] - 11) ** 2 + (w[0] + w[1] ** 2 - 7) ** 2,
    "styblinski_tang": lambda w: 0.5 * (w**4 - 16 * w**2 + 5 * w).sum(),
    "cliff": lambda w: (
        0.05 * ((u := 0.96 * w[0] + 0.28 * w[1]) - 10) ** 2
        + 0.2 * (0.96 * w[1] - 0.28 * w[0]) ** 2
        + 2 * torch.nn.functional.softplus(20 * u - np.log(39), threshold=1000)
    ),
    "quadratic 1-D": lambda w: 5 * w[0] ** 2,
    "quadratic 4-D": lambda w: 0.5 * (torch.tensor([1.0, -2.0, 0.5, 7.0], dtype=w.dtype) * w**2).sum(),
    "least squares": lambda w: torch.nn.functional.mse_loss(torch.tensor(X) @ w, torch.tensor(Y)),
}

each = pytest.mark.parametrize("name", ALL)


def points_of(surface, *shape):
    low, high = np.transpose(surface.bounds)
    return np.random.default_rng(0).uniform(low, high, (*shape, surface.dim))


@each
def test_equals_pytorch(name):
    surface, formula = ALL[name], FORMULAS[name]
    for w in points_of(surface, 20):
        t = torch.tensor(w, requires_grad=True)
        value = formula(t)
        (grad,) = torch.autograd.grad(value, t)
        hessian = torch.autograd.functional.hessian(formula, t)
        np.testing.assert_allclose(surface.f(w), value.item(), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(surface.grad(w), grad.numpy(), rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(surface.hessian(w), hessian.numpy(), rtol=1e-11, atol=1e-11)


@each
def test_gradient_and_hessian_equal_differences(name):
    surface = ALL[name]
    w = points_of(surface, 1)[0]
    np.testing.assert_allclose(surface.grad(w), numerical_gradient(surface.f, w), rtol=1e-5, atol=1e-5)
    for i in range(surface.dim):
        row = numerical_gradient(lambda p, i=i: surface.grad(p)[i], w)
        np.testing.assert_allclose(surface.hessian(w)[i], row, rtol=1e-5, atol=1e-4)


@each
def test_a_grid_of_points_equals_one_point_at_a_time(name):
    surface = ALL[name]
    grid = points_of(surface, 3, 4)
    d = surface.dim
    f, grad, hessian = surface.f(grid), surface.grad(grid), surface.hessian(grid)
    assert (f.shape, grad.shape, hessian.shape) == ((3, 4), (3, 4, d), (3, 4, d, d))
    for i in np.ndindex(3, 4):
        assert f[i] == surface.f(grid[i])
        assert (grad[i] == surface.grad(grid[i])).all()
        assert (hessian[i] == surface.hessian(grid[i])).all()


@each
def test_lists_will_do(name):
    surface = ALL[name]
    point = [0.5] * surface.dim
    assert surface.f(point) == surface.f(np.array(point))
    assert (surface.grad(point) == surface.grad(np.array(point))).all()
    assert (surface.hessian(point) == surface.hessian(np.array(point))).all()


@each
def test_minima_are_minima_lowest_first_and_within_bounds(name):
    surface = ALL[name]
    low, high = np.transpose(surface.bounds)
    assert surface.minima.shape[1:] == (surface.dim,)
    np.testing.assert_allclose(surface.grad(surface.minima), 0, atol=1e-10)
    assert (np.linalg.eigvalsh(surface.hessian(surface.minima)) > 0).all()
    assert (np.diff(surface.f(surface.minima)) > -1e-12).all()
    assert ((surface.minima > low) & (surface.minima < high)).all()


def test_numbers_of_minima():
    known = {"saddle": 0, "himmelblau": 4, "styblinski_tang": 4, "double_well": 2, "quadratic 4-D": 0}
    assert {name: len(s.minima) for name, s in ALL.items()} == {name: known.get(name, 1) for name in ALL}


def test_values_from_the_literature():
    assert rosenbrock.f([-1.2, 1.0]) == pytest.approx(24.2)
    assert beale.f([0.0, 0.0]) == 14.203125
    assert beale.f([3.0, 0.5]) == 0
    assert himmelblau.f([0.0, 0.0]) == 170
    assert styblinski_tang.f(styblinski_tang.minima[0]) == pytest.approx(-39.16616570377142 * 2)
    assert saddle.f([3.0, 2.0]) == 5


def test_rosenbrock_equals_scipy():
    for w in points_of(rosenbrock, 10):
        assert rosenbrock.f(w) == pytest.approx(optimize.rosen(w))
        assert rosenbrock.grad(w) == pytest.approx(optimize.rosen_der(w))
        assert rosenbrock.hessian(w) == pytest.approx(optimize.rosen_hess(w))


def test_the_double_well_can_be_drawn_beside_a_bowl():
    values = double_well.f(np.linspace(-3, 3, 601)[:, None])
    assert values.min() >= 0
    assert values.max() < 25
    left, right = double_well.minima[:, 0]
    assert -3 < left < 0 < right < 3


def test_the_cliff_is_gentle_on_one_side_and_steep_on_the_other():
    ground, wall = np.linalg.norm(cliff.grad([[-4.8, -1.4], [4.8, 1.4]]), axis=-1)
    assert ground == pytest.approx(1.5)  # a (u − 10) at u = −5
    assert wall == pytest.approx(39.5)


def test_least_squares_finds_the_line_of_chapter_one():
    surface = least_squares(np.array([[1.0, 1], [2, 1], [3, 1]]), [2.5, 4.5, 6.5])
    np.testing.assert_allclose(surface.minima, [[2.0, 0.5]])
    assert surface.minima[0] @ [4, 1] == pytest.approx(8.5)


def test_the_minimum_of_least_squares_equals_scikit_learn():
    fit = LinearRegression(fit_intercept=False).fit(X, Y)
    np.testing.assert_allclose(least_squares(X, Y).minima, [fit.coef_])


def test_least_squares_without_a_unique_minimum_says_so():
    column = np.arange(4.0)
    assert least_squares(np.stack([column, 2 * column], axis=1), column).minima.shape == (0, 2)


def test_tex_reads_well():
    assert quadratic((1.0, -2.5)).tex == r"\tfrac{1}{2}\left(1\,w_{1}^2 - 2.5\,w_{2}^2\right)"
    assert quadratic((10.0,)).tex == r"\tfrac{1}{2} \cdot 10\,w^2"


def test_lookup_by_name():
    assert get_surface("beale") is beale
