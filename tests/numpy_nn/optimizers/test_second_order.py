"""Newton, BFGS and L-BFGS: where they arrive, how fast, and that they equal SciPy and PyTorch."""

import numpy as np
import pytest
import torch
from scipy import optimize

from course_lib.numpy_nn.optimizers import bfgs, bfgs_update, lbfgs, lbfgs_direction, newton
from course_lib.surfaces import (
    SURFACES,
    beale,
    fixed,
    himmelblau,
    least_squares,
    quadratic,
    rosenbrock,
    saddle,
    secant,
    strong_wolfe,
    styblinski_tang,
)
from course_lib.torch_nn.optimizers import second_order as torch_second_order

METHODS = {"newton": newton, "bfgs": bfgs, "lbfgs": lbfgs}
QUASI = {"BFGS": bfgs, "L-BFGS-B": lbfgs}


def bowl(d, seed=0):
    """A quadratic surface in d weights, turned at random, as f, gradient and Hessian."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(d, d))
    A = A @ A.T + np.eye(d)
    bounds, minima = ((-3.0, 3.0),) * d, np.zeros((1, d))
    return type(rosenbrock)(
        "bowl",
        "",
        lambda w: np.vecdot(w, np.matvec(A, w)) / 2,
        lambda w: np.matvec(A, w),
        lambda w: np.broadcast_to(A, np.shape(w)[:-1] + (d, d)),
        bounds,
        minima,
    )


def starts_on(surface, n, seed=0):
    low, high = np.transpose(surface.bounds)
    return np.random.default_rng(seed).uniform(low, high, (n, surface.dim))


# ---- line search


@pytest.mark.parametrize(
    "name", ["rosenbrock", "beale", "himmelblau", "styblinski_tang", "rastrigin", "cliff"]
)
@pytest.mark.parametrize("method", [bfgs, lbfgs])
def test_every_accepted_step_satisfies_the_strong_wolfe_conditions(name, method):
    surface, checked = SURFACES[name], 0

    def watched(along, first):
        nonlocal checked
        alpha = strong_wolfe(along, first)
        (phi_0, slope_0), (phi, slope) = along(0.0), along(alpha)
        assert phi <= phi_0 + 1e-4 * alpha * slope_0 + 4e-16 * abs(phi_0)  # the last term: rounding
        assert abs(slope) <= 0.9 * abs(slope_0)
        checked += 1
        return alpha

    with np.errstate(all="ignore"):
        path = method(surface, starts_on(surface, 20), n_steps=60, line_search=watched, tolerance=1e-6)
    assert checked > 60
    assert (path.diverged_at == -1).all()
    assert (np.diff(path.losses, axis=0) <= 1e-13 * np.abs(path.losses[:-1])).all()


@pytest.mark.parametrize("first", [1e-4, 0.1, 1.0, 30.0, 1e5])
@pytest.mark.parametrize(
    "phi",
    [
        lambda a: (-a / (a * a + 2), (a * a - 2) / (a * a + 2) ** 2),  # Moré and Thuente's first function
        lambda a: ((a - 2) ** 4 - a, 4 * (a - 2) ** 3 - 1),
        lambda a: (-np.sin(a) + 0.01 * a * a, -np.cos(a) + 0.02 * a),
    ],
)
def test_wolfe_steps_from_any_first_try(phi, first):
    with np.errstate(all="ignore"):
        alpha = strong_wolfe(phi, first)
    assert phi(alpha)[0] <= phi(0)[0] + 1e-4 * alpha * phi(0)[1]
    assert abs(phi(alpha)[1]) <= 0.9 * abs(phi(0)[1])


def test_uphill_no_step_and_downhill_for_ever_the_longest():
    assert strong_wolfe(lambda a: (a, 1.0)) == 0
    assert strong_wolfe(lambda a: (-a, -1.0)) > 1e10
    assert secant(lambda a: (-a * a, -2 * a)) == 1
    assert fixed(0.3)(None, 1.0) == 0.3


# ---- Newton


@pytest.mark.parametrize("d", [1, 2, 7])
def test_newton_solves_a_quadratic_in_one_step(d):
    path = newton(bowl(d), starts_on(bowl(d), 5), n_steps=3)
    np.testing.assert_allclose(path.points[1], 0, atol=1e-12)
    np.testing.assert_array_equal(path.points[1], path.points[3])  # and stays


def test_newton_converges_quadratically():
    path = newton(rosenbrock, [1.2, 1.2], n_steps=8)
    errors = np.linalg.norm(path.points - 1, axis=-1)
    last = errors[(errors < 1e-1) & (errors > 1e-12)]
    assert (last[1:] < 1000 * last[:-1] ** 2).all()
    assert errors[-1] < 1e-12


def test_pure_newton_goes_to_the_saddle_and_the_modified_one_leaves_it():
    pure = newton(saddle, [1.0, 0.5], n_steps=5)
    np.testing.assert_allclose(pure.points[1:], 0, atol=1e-12)
    modified = newton(saddle, [1.0, 0.5], n_steps=5, modified=True)
    np.testing.assert_allclose(modified.points[1], [0, 1.0])  # x arrives, y doubles
    assert (np.diff(modified.losses) < 0).all()


def test_modified_newton_arrives_at_minima_where_pure_newton_does_not():
    starts = starts_on(styblinski_tang, 50)

    def arrived(path):
        away = np.linalg.norm(path.points[-1][:, None] - styblinski_tang.minima, axis=-1).min(axis=-1)
        return np.mean(away < 1e-8)

    assert arrived(newton(styblinski_tang, starts, 100)) < 0.7
    assert arrived(newton(styblinski_tang, starts, 100, modified=True, damping=1.0)) == 1


def test_damping_turns_newton_into_gradient_descent():
    g, delta = rosenbrock.grad([0.3, -0.4]), 1e9
    step = np.diff(newton(rosenbrock, [0.3, -0.4], 1, damping=delta).points, axis=0)[0]
    np.testing.assert_allclose(step, -g / delta, rtol=1e-5)


def test_many_dampings_are_runs():
    path = newton(beale, [1.0, 1.5], 5, damping=np.array([0.0, 1.0, 30.0]))
    for i, delta in enumerate([0.0, 1.0, 30.0]):
        alone = newton(beale, [1.0, 1.5], 5, damping=delta)
        np.testing.assert_allclose(path.points[:, i], alone.points, rtol=1e-12)


def test_a_flat_direction_is_an_endless_step_and_is_reported():
    path = newton(quadratic((1.0, -0.0)), [1.0, 1.0], n_steps=2)
    np.testing.assert_array_equal(path.points[-1], [0, 1])  # no slope there: no step
    path = newton(SURFACES["monkey_saddle"], [[0.0, 0.0], [1.0, 0.5]], n_steps=60)
    assert (path.diverged_at == -1).all()


# ---- BFGS and L-BFGS


@pytest.mark.parametrize("d", [2, 3, 6])
def test_bfgs_with_an_exact_line_search_solves_a_quadratic_in_d_steps(d):
    surface, start = bowl(d), starts_on(bowl(d), 3)
    path = bfgs(surface, start, n_steps=d, line_search=secant)
    np.testing.assert_allclose(path.points[d], 0, atol=1e-8)
    assert np.linalg.norm(path.points[d - 1], axis=-1).min() > 1e-3


@pytest.mark.parametrize("method", QUASI)
@pytest.mark.parametrize("surface", [rosenbrock, beale, himmelblau], ids=lambda s: s.name)
def test_the_minimum_and_the_number_of_steps_are_those_of_scipy(surface, method):
    for start in starts_on(surface, 8, seed=3) * 0.4:
        official = optimize.minimize(
            surface.f, start, jac=surface.grad, method=method, options={"ftol": 0} if "B-" in method else {}
        )
        path = QUASI[method](surface, start, n_steps=120)
        small = np.max(np.abs(surface.grad(path.points)), axis=-1) <= 1e-5
        assert small[-1]
        assert np.argmax(small) <= 2 * official.nit + 5
        if official.fun < 1e-6 and path.losses[-1] < 1e-6 and len(surface.minima) == 1:
            np.testing.assert_allclose(path.points[-1], official.x, atol=1e-4)


@pytest.mark.parametrize("method", [bfgs, lbfgs])
def test_the_rate_on_rosenbrock_is_superlinear(method):
    path = method(rosenbrock, [-1.2, 1.0], n_steps=60)
    errors = np.linalg.norm(path.points - 1, axis=-1)
    assert errors[-1] < 1e-10
    ratios = (errors[1:] / np.maximum(errors[:-1], 1e-300))[errors[1:] > 1e-12]
    assert ratios[-3:].max() < 0.3
    assert ratios[-1] < 0.05 or ratios[-2] < 0.05  # gradient descent here: about 0.999


def test_bfgs_ends_with_the_inverse_hessian():
    path = bfgs(rosenbrock, [-1.2, 1.0], n_steps=60)
    n = int(np.argmax(np.max(np.abs(rosenbrock.grad(path.points)), axis=-1) < 1e-8))
    steps, changes = (
        np.diff(path.points[: n + 1], axis=0),
        np.diff(rosenbrock.grad(path.points[: n + 1]), axis=0),
    )
    B = np.eye(2) * (steps[0] @ changes[0]) / (changes[0] @ changes[0])
    for s, y in zip(steps, changes, strict=True):
        B = bfgs_update(B, s, y)
        np.testing.assert_allclose(B @ y, s, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(B, np.linalg.inv(rosenbrock.hessian([1.0, 1.0])), rtol=0.02)


def test_two_loops_equal_the_matrix():
    rng = np.random.default_rng(0)
    pairs = [(s, s * rng.uniform(0.5, 2, 5)) for s in rng.normal(size=(4, 5))]
    s, y = pairs[-1]
    B = np.eye(5) * (s @ y) / (y @ y)
    for s, y in pairs:
        B = bfgs_update(B, s, y)
    g = rng.normal(size=5)
    np.testing.assert_allclose(lbfgs_direction(g, pairs), -B @ g, rtol=1e-12)


def test_memory_matters_in_many_dimensions():
    surface = quadratic(np.geomspace(1, 1000, 40))
    n_steps = []
    for memory in (1, 20):
        path = lbfgs(surface, np.ones(40), n_steps=400, memory=memory)
        n_steps.append(int(np.argmax(path.losses < 1e-10)))
    assert 0 < n_steps[1] < n_steps[0]


def test_a_fixed_step_may_diverge_and_is_held():
    path = bfgs(rosenbrock, [-1.2, 1.0], n_steps=30, line_search=1e3)
    assert path.diverged_at >= 1
    assert np.isfinite(path.points).all()
    assert np.isfinite(path.losses).all()


# ---- all three


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SURFACES)
def test_many_starts_equal_one_at_a_time_and_nothing_warns(name, method):
    surface, starts = SURFACES[name], starts_on(SURFACES[name], 6).reshape(2, 3, -1)
    together = METHODS[method](surface, starts, n_steps=25)
    assert together.points.shape == (26, 2, 3, surface.dim)
    np.testing.assert_array_equal(together.losses, surface.f(together.points))  # held ones too
    assert np.isfinite(together.points).all()
    assert np.isfinite(together.losses).all()
    for i in np.ndindex(2, 3):
        alone = METHODS[method](surface, starts[i], n_steps=25)
        np.testing.assert_array_equal(together.points[:, *i], alone.points)
        np.testing.assert_array_equal(together.losses[:, *i], alone.losses)
        assert together.diverged_at[i] == alone.diverged_at


@pytest.mark.parametrize("method", METHODS)
def test_a_run_that_arrived_stays(method):
    path = METHODS[method](himmelblau, [3.1, 2.2], n_steps=60)
    np.testing.assert_array_equal(path.points[20:], np.tile(path.points[20], (41, 1)))
    np.testing.assert_allclose(path.points[-1], [3, 2], atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_whose_largest_slope_is_the_tolerance_stays(method):
    bowl, start = quadratic((1.0, 1.0)), [0.0, 0.25]
    twin = getattr(torch_second_order, method)
    for tolerance, stays in ((0.25, True), (0.2499, False)):
        ours = METHODS[method](bowl, start, n_steps=1, tolerance=tolerance)
        theirs = twin(lambda w: w @ w / 2, start, n_steps=1, tolerance=tolerance)
        for path in (ours, theirs):
            assert np.array_equal(path.points[1], start) == stays


@pytest.mark.parametrize("method", [bfgs, lbfgs])
def test_the_first_step_tried_is_pytorch_s_and_later_ones_are_full(method):
    for start, wanted in (([0.25, 0.25], 1.0), ([2.0, 2.0], 0.25)):  # min(1, 1 / Σ|g|)
        tried = []

        def short(along, first, tried=tried):
            tried.append(first)
            return 0.1

        method(quadratic((1.0, 1.0)), start, n_steps=3, line_search=short)
        assert tried == [wanted, 1.0, 1.0]


@pytest.mark.parametrize("method", ["bfgs", "lbfgs"])
@pytest.mark.parametrize("unit", [1e-8, 1e6])
def test_curvature_is_learned_in_any_units(method, unit):
    A = unit * np.array([[30.0, 1.0], [1.0, 2.0]])
    bowl = least_squares(np.linalg.cholesky(A).T, np.zeros(2))  # its Hessian is A
    ours = METHODS[method](bowl, [1.0, -2.0], n_steps=25, tolerance=0.0)
    matrix = torch.tensor(A)
    np.testing.assert_allclose(bowl.hessian(np.zeros(2)), A)
    theirs = getattr(torch_second_order, method)(lambda w: w @ matrix @ w / 2, [1.0, -2.0], 25, tolerance=0.0)
    for path in (ours, theirs):
        np.testing.assert_allclose(path.points[-1], 0, atol=1e-8)


def test_in_pytorch_too_a_direction_without_slope_is_left_alone():
    path = torch_second_order.newton(lambda w: w[0] ** 2 / 2 + 0 * w[1], [1.0, 1.0], n_steps=2)
    np.testing.assert_array_equal(path.points[1:], [[0, 1], [0, 1]])


@pytest.mark.parametrize("method", METHODS)
def test_downhill_for_ever_is_a_divergence(method):
    path = METHODS[method](
        saddle, [1.0, 0.5], n_steps=60, **({"modified": True} if method == "newton" else {})
    )
    assert path.diverged_at > 0
    np.testing.assert_array_equal(path.losses, saddle.f(path.points))  # both held where it was last good
    assert np.isfinite(path.points).all()


def torch_beale(w):
    x, y = w[0], w[1]
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def torch_rosenbrock(w):
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


@pytest.mark.parametrize(("f", "surface"), [(torch_rosenbrock, rosenbrock), (torch_beale, beale)])
@pytest.mark.parametrize("start", [[1.5, -1.0], [0.5, -0.7]])
@pytest.mark.parametrize(
    ("method", "settings"),
    [
        ("newton", {}),
        ("newton", {"damping": 0.1, "modified": True}),
        ("bfgs", {}),
        ("lbfgs", {"memory": 3}),
        ("bfgs", {"line_search": 0.01}),
    ],
)
def test_both_packages_walk_the_same_path(f, surface, start, method, settings):
    ours = METHODS[method](surface, start, n_steps=50, **settings)
    theirs = getattr(torch_second_order, method)(f, start, n_steps=50, **settings)
    np.testing.assert_allclose(ours.points, theirs.points, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(ours.points[:10], theirs.points[:10], rtol=1e-9, atol=1e-9)
    assert ours.points.shape == theirs.points.shape
    assert ours.diverged_at == theirs.diverged_at


def test_lbfgs_arrives_where_pytorch_s_does_in_as_many_steps():
    w = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    official = torch.optim.LBFGS(
        [w], max_iter=200, line_search_fn="strong_wolfe", tolerance_grad=1e-8, tolerance_change=0
    )

    def closure():
        official.zero_grad()
        loss = torch_rosenbrock(w)
        loss.backward()
        return loss

    official.step(closure)
    path = lbfgs(rosenbrock, [-1.2, 1.0], n_steps=100)
    np.testing.assert_allclose(path.points[-1], w.detach().numpy(), atol=1e-7)
    steps = int(np.argmax(np.max(np.abs(rosenbrock.grad(path.points)), axis=-1) < 1e-8))
    assert steps <= 1.5 * official.state[w]["n_iter"]
