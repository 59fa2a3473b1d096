"""Surfaces: values, gradients and Hessians against PyTorch, SciPy and differences."""

import numpy as np
import pytest
import torch
from scipy import optimize
from sklearn.linear_model import LinearRegression

from course_lib.numpy_nn.gradients import numerical_gradient
from course_lib.numpy_nn.optimizers import SGD
from course_lib.numpy_nn.training import descend
from course_lib.surfaces import (
    SURFACES,
    beale,
    classify,
    cliff,
    critical_points,
    double_well,
    get_surface,
    himmelblau,
    least_squares,
    noisy,
    quadratic,
    ravine,
    rosenbrock,
    saddle,
    second_order_taylor,
    sharp_and_flat,
    styblinski_tang,
)

X = np.random.default_rng(1).normal(size=(7, 3))
Y = np.random.default_rng(2).normal(size=7)

ALL = {
    **SURFACES,
    "quadratic 1-D": quadratic((10.0,)),
    "quadratic 4-D": quadratic((1.0, -2.0, 0.5, 7.0)),
    "least squares": least_squares(X, Y),
    "ravine, other": ravine((0.5, 9.0), angle=-70.0),
    "sharp_and_flat, other": sharp_and_flat(sharp=90.0, flat=0.7),
    "Taylor of Beale": second_order_taylor(beale, [2.6, 0.7]),
}


def turned(w, c, degrees):
    """A ravine, by distances along and across it."""
    t = np.deg2rad(degrees)
    u, v = np.cos(t) * w[0] + np.sin(t) * w[1], np.cos(t) * w[1] - np.sin(t) * w[0]
    return 0.5 * (c[0] * u**2 + c[1] * v**2)


def soft_minimum(w, a, c):
    parabolas = torch.stack([a / 2 * (w[0] + 2) ** 2, c / 2 * (w[0] - 2) ** 2])
    return -0.05 * torch.logsumexp(-parabolas / 0.05, dim=0)


def taylor_of_beale(w):
    a = torch.tensor([2.6, 0.7], dtype=torch.float64)
    g = torch.autograd.functional.jacobian(FORMULAS["beale"], a)
    H = torch.autograd.functional.hessian(FORMULAS["beale"], a)
    return FORMULAS["beale"](a) + g @ (w - a) + (w - a) @ H @ (w - a) / 2


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
    "ravine": lambda w: turned(w, (1.0, 50.0), 30.0),
    "ravine, other": lambda w: turned(w, (0.5, 9.0), -70.0),
    "sharp_and_flat": lambda w: soft_minimum(w, 20.0, 1.0),
    "sharp_and_flat, other": lambda w: soft_minimum(w, 90.0, 0.7),
    "monkey_saddle": lambda w: torch.complex(w[0], w[1]).pow(3).real,
    "rastrigin": lambda w: 20 + (w**2 - 10 * torch.cos(2 * np.pi * w)).sum(),
    "Taylor of Beale": taylor_of_beale,
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
    known |= {"monkey_saddle": 0, "rastrigin": 121, "sharp_and_flat": 2, "sharp_and_flat, other": 2}
    known |= {"Taylor of Beale": 1}
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


# ---- critical points


@pytest.mark.parametrize("name", SURFACES)
def test_critical_points_are_all_there(name):
    surface, found = SURFACES[name], critical_points(SURFACES[name])
    counts = {kind: found.kinds.count(kind) for kind in ("minimum", "maximum", "saddle", "degenerate")}
    known = {  # minima, maxima, saddles, degenerate points
        "double_well": (2, 1, 0, 0),
        "sharp_and_flat": (2, 1, 0, 0),
        "saddle": (0, 0, 1, 0),
        "monkey_saddle": (0, 0, 0, 1),
        "beale": (1, 0, 2, 0),
        "himmelblau": (4, 1, 4, 0),
        "styblinski_tang": (4, 1, 4, 0),
        "rastrigin": (121, 100, 220, 0),  # 11 low and 10 high places in each coordinate
    }
    assert tuple(counts.values()) == known.get(name, (1, 0, 0, 0))
    np.testing.assert_allclose(surface.grad(found.points), 0, atol=1e-8)
    np.testing.assert_array_equal(found.values, surface.f(found.points))
    for minimum in surface.minima:
        nearest = np.argmin(np.linalg.norm(found.points - minimum, axis=-1))
        np.testing.assert_allclose(found.points[nearest], minimum, atol=1e-7)
        assert found.kinds[nearest] == "minimum"


def test_the_saddles_of_beale_equal_scipy():
    found = critical_points(beale)
    assert found.kinds == ("minimum", "saddle", "saddle")
    for start, point in zip([[0.2, -2.5], [0.1, 0.9]], found.points[1:], strict=True):
        root = optimize.root(beale.grad, start, jac=beale.hessian, tol=1e-13)
        np.testing.assert_allclose(point, root.x, atol=1e-8)


def test_an_eigenvalue_is_zero_beside_one_a_hundred_million_times_its_size():
    assert classify(np.diag([1.0, 2e-8])) == "minimum"
    assert classify(np.diag([1.0, 0.5e-8])) == "degenerate"
    assert classify(np.diag([1e4, -2e-4])) == "saddle"
    assert classify(np.diag([1e4, -0.5e-4])) == "degenerate"
    assert classify(1e-8 * np.diag([2.0, 2.0])) == "minimum"
    assert classify(1e-8 * np.diag([0.5, 0.5])) == "degenerate"  # an all but zero matrix
    assert classify(np.diag([1.0, 0.05]), tolerance=0.1) == "degenerate"


def test_kinds_by_eigenvalues():
    rng = np.random.default_rng(0)
    eigenvalues = np.array(
        [[1.0, 2, 3], [-1, -2, -3], [1, -2, 3], [0, 2, 3], [0, -1, -2], [0, 1, -1], [0, 0, 0]]
    )
    Q = np.linalg.qr(rng.normal(size=(7, 3, 3)))[0]
    hessians = Q @ (eigenvalues[..., None] * Q.mT)
    kinds = ["minimum", "maximum", "saddle", "degenerate", "degenerate", "saddle", "degenerate"]
    assert classify(hessians).tolist() == kinds
    assert [classify(H) for H in hessians] == kinds


def test_the_taylor_parabola_touches_to_third_order():
    a, direction = np.array([0.3, -0.8]), np.array([0.6, 0.8])
    parabola = second_order_taylor(himmelblau, a)
    steps = np.array([[0.002], [0.001]])
    errors = parabola.f(a + steps * direction) - himmelblau.f(a + steps * direction)
    assert errors[0] / errors[1] == pytest.approx(8, rel=0.05)
    assert second_order_taylor(himmelblau, a).minima.shape == (0, 2)  # there it is a hilltop


# ---- the surfaces of chapters 06 and 08


def test_the_wells_have_one_depth_and_the_curvatures_asked_for():
    surface = sharp_and_flat(sharp=33.0, flat=2.0)
    np.testing.assert_allclose(surface.f(surface.minima), 0, atol=1e-12)
    np.testing.assert_allclose(surface.hessian(surface.minima).ravel(), [33, 2], rtol=1e-9)
    ridge = critical_points(surface).values[-1]
    assert ridge == pytest.approx(8 * 33 * 2 / (np.sqrt(33) + np.sqrt(2)) ** 2, rel=0.02)


def test_a_ravine_at_45_degrees_has_one_curvature_in_both_weights():
    H = ravine((1.0, 50.0), angle=45.0).hessian(np.zeros(2))
    assert H[0, 0] == pytest.approx(H[1, 1])
    np.testing.assert_allclose(np.linalg.eigvalsh(H), [1, 50])
    assert ravine((1.0, -50.0)).minima.shape == (0, 2)  # it falls for ever


def test_noise_falls_as_one_over_the_root_of_the_batch_size():
    sizes = np.array([1, 4, 16, 64, 256])
    surface = noisy(quadratic((1.0,)), 2 / np.sqrt(sizes), np.random.default_rng(0))
    at = np.full((5, 1), 3.0)
    gradients = np.array([surface.grad(at)[:, 0] for _ in range(4000)])
    np.testing.assert_allclose(gradients.std(axis=0), 2 / np.sqrt(sizes), rtol=0.05)
    np.testing.assert_allclose(gradients.mean(axis=0), 3, atol=0.12)
    assert (surface.f(at) == quadratic((1.0,)).f(at)).all()


def test_a_noisy_walker_settles_at_the_height_that_theory_says():
    std, lr, curvature = np.array([0.5, 2.0]).repeat(2000), 0.1, 3.0
    surface = noisy(quadratic((curvature,)), std, np.random.default_rng(1))
    path = descend(surface, SGD(lr), np.zeros((4000, 1)), n_steps=100)
    measured = path.points[-1].reshape(2, 2000).var(axis=1)
    # var = (1 − ηλ)² var + η²σ²
    np.testing.assert_allclose(
        measured, lr * np.array([0.25, 4.0]) / (curvature * (2 - lr * curvature)), rtol=0.1
    )
