"""Line searches: what they accept, what they try, and where they equal SciPy's."""

import numpy as np
import pytest
from scipy import optimize

from course_lib.surfaces import SURFACES, fixed, secant, strong_wolfe

C1, C2 = 1e-4, 0.9  # as the docstring says, and SciPy's and Nocedal and Wright's too


def watch(phi):
    """The function along the line, and the list of the steps it is asked for."""
    tried = []

    def along(alpha):
        if alpha > 0:
            tried.append(alpha)
        return phi(alpha)

    return along, tried


def along_line(surface, w, p):
    return lambda a: (surface.f(w + a * p), surface.grad(w + a * p) @ p)


def table(places):
    """A function known at a few places alone, as (value, slope); at 0 it is (0, −1)."""
    return lambda alpha: ({0.0: (0.0, -1.0)} | places)[alpha]


def polynomial(*coefficients):
    p = np.poly1d(coefficients)
    return lambda alpha: (float(p(alpha)), float(p.deriv()(alpha)))


# ---- the two conditions


@pytest.mark.parametrize("first", [1e-3, 1.0])
@pytest.mark.parametrize(
    "name", ["quadratic", "rosenbrock", "beale", "himmelblau", "styblinski_tang", "rastrigin", "double_well"]
)
def test_steps_against_the_gradient_satisfy_both_conditions(name, first):
    surface, rng = SURFACES[name], np.random.default_rng(0)
    for w in rng.uniform(*np.transpose(surface.bounds), (25, surface.dim)):
        p = -surface.grad(w)
        alpha = strong_wolfe(along_line(surface, w, p), first)
        assert alpha > 0
        assert surface.f(w + alpha * p) <= surface.f(w) - C1 * alpha * (p @ p)
        assert abs(surface.grad(w + alpha * p) @ p) <= C2 * (p @ p)


def test_a_step_may_end_where_nine_tenths_of_the_slope_are_left_and_no_more():
    assert strong_wolfe(table({1: (-0.95, -0.9)})) == 1
    assert strong_wolfe(table({1: (-0.95, 0.9)})) == 1
    assert strong_wolfe(table({1: (-0.95, -0.901), 2: (-1, 0.0)})) == 2
    assert strong_wolfe(lambda a: {0: (0.0, -1.0), 1: (-0.5, 0.901)}.get(a, (-0.6, 0.0))) < 1


def test_a_step_too_short_falls_enough_and_is_doubled_all_the_same():
    bowl = polynomial(0.5, -1, 0)
    along, tried = watch(bowl)
    assert strong_wolfe(along, first=0.01) == 0.16  # the slope is α − 1
    assert tried == [0.01, 0.02, 0.04, 0.08, 0.16]
    assert all(bowl(a)[0] <= -C1 * a for a in tried)  # the first condition alone would take the first of them


def test_a_step_must_fall_by_a_ten_thousandth_of_what_the_slope_promised():
    assert strong_wolfe(table({1: (-1e-4, 0.0)})) == 1
    assert strong_wolfe(table({2: (-2e-4, 0.0)}), first=2.0) == 2
    # flat at 1, where the slope is no objection, and hardly lower than at 0
    for height, alpha in ((-1.01e-4, 1.0), (-0.99e-4, 1 / 3)):
        hill = polynomial(-1 - 2 * height, 2 + 3 * height, -1, 0)
        assert hill(1.0) == pytest.approx((height, 0), abs=1e-15)
        assert strong_wolfe(hill) == pytest.approx(alpha, abs=1e-3)


def test_rounding_near_a_minimum_is_not_taken_for_a_rise():
    ulp = np.spacing(1.0)
    for rise, accepted in ((0, True), (1, True), (3, False)):
        places = {0.0: (1.0, -1e-13), 1.0: (1 + rise * ulp, 1e-14)}
        alpha = strong_wolfe(lambda a: places.get(a, (1.0, 0.0)))  # noqa: B023
        assert (alpha == 1) == accepted
        assert alpha > 0


def test_without_a_slope_down_nothing_is_tried():
    for slope in (0.0, 0.5, 2.0, np.nan):
        along, tried = watch(lambda a: (a * a + slope * a, 2 * a + slope))  # noqa: B023
        assert strong_wolfe(along) == 0
        assert tried == []


def test_where_it_falls_for_ever_the_longest_step_tried_is_returned():
    along, tried = watch(lambda a: (-a, -1.0))
    assert strong_wolfe(along, 3.0) == max(tried) > 1e10
    assert tried[:4] == [3, 6, 12, 24]


# ---- between two steps


def test_the_first_place_tried_between_two_is_the_minimum_of_the_cubic():
    rng, seen = np.random.default_rng(0), {"too high": 0, "rises": 0, "near an end": 0}
    for b, c in rng.uniform(-60, 60, (4000, 2)):
        cubic = polynomial(c, b, -1, 0)
        value, slope = cubic(1.0)
        if value > -C1:
            seen["too high"] += 1
        elif slope > C2:
            seen["rises"] += 1
        else:
            continue
        along, tried = watch(cubic)
        strong_wolfe(along)
        roots = np.roots([3 * c, 2 * b, -1.0])
        wanted = roots[6 * c * roots + 2 * b > 0][0]
        seen["near an end"] += not 0.1 < wanted < 0.9
        assert tried[:2] == pytest.approx([1, np.clip(wanted, 0.1, 0.9)], rel=1e-6)
    assert min(seen.values()) > 100


def test_far_off_it_comes_back_by_a_tenth_at_a_time():
    along, tried = watch(polynomial(0.5, -1, 0))
    assert strong_wolfe(along, first=100.0) == pytest.approx(1)
    assert tried == pytest.approx([100, 10, 1])


@pytest.mark.parametrize("place", [(np.inf, 1.0), (np.nan, 1.0), (1.0, np.inf), (1e300, 1e300)])
def test_what_overflows_is_halved(place):
    along, tried = watch(table({4: place, 2: (-1.0, 0.0)}))
    assert strong_wolfe(along, first=4.0) == 2
    assert tried == [4, 2]


def test_between_two_steps_nine_tenths_of_the_slope_may_be_left_too():
    assert strong_wolfe(table({4: (np.inf, 1.0), 2: (-1.0, -0.9)}), first=4.0) == 2


def test_at_a_kink_the_lowest_step_that_was_tried_is_returned():
    along, tried = watch(lambda a: (abs(a - 1), -1.0 if a < 1 else 1.0))  # steep on both sides
    alpha = strong_wolfe(along, first=3.0)
    assert alpha in tried
    assert alpha == pytest.approx(1)


def test_no_lower_step_that_falls_enough_is_passed_over():
    rng, zoomed = np.random.default_rng(0), 0
    for _ in range(1500):
        a, b, c, phase = rng.uniform(0, 3), rng.uniform(0.3, 12), rng.uniform(0, 0.5), rng.uniform(0, 7)
        slope = -rng.uniform(0.1, 2) - a * b * np.cos(phase)

        def phi(x, a=a, b=b, c=c, phase=phase, slope=slope):
            wave = a * np.sin(b * x + phase) - a * np.sin(phase)
            return wave + slope * x + c * x * x, a * b * np.cos(b * x + phase) + slope + 2 * c * x

        along, tried = watch(phi)
        alpha, slope_0 = strong_wolfe(along, first=rng.uniform(0.05, 5)), phi(0.0)[1]
        if alpha == max(tried) > 1e10:
            continue  # for ever down
        assert phi(alpha)[0] <= C1 * alpha * slope_0
        assert abs(phi(alpha)[1]) <= -C2 * slope_0
        enough = [phi(x)[0] for x in tried if phi(x)[0] <= C1 * x * slope_0]
        assert phi(alpha)[0] == min(enough)
        zoomed += len(tried) > 2
    assert zoomed > 200


# ---- others


@pytest.mark.filterwarnings("ignore:The line search algorithm did not converge")
def test_where_nothing_lies_between_steps_are_scipy_s():
    compared = 0
    for name in ("rosenbrock", "beale", "himmelblau", "styblinski_tang"):
        surface, rng = SURFACES[name], np.random.default_rng(1)
        for w in rng.uniform(*np.transpose(surface.bounds), (40, 2)):
            p = -surface.grad(w) * 10 ** rng.uniform(-5, -1)
            theirs = optimize.line_search(surface.f, surface.grad, w, p, c1=C1, c2=C2)[0]
            if theirs is None or np.log2(theirs) % 1 or not 1 <= theirs < 1024:
                continue  # found between two doublings, where interpolations differ, or given up at the tenth
            ours = strong_wolfe(along_line(surface, w, p))
            assert ours == theirs
            compared += 1
    assert compared > 60


def test_secant_is_exact_on_parabolas_from_any_first_step():
    for first in (0.1, 1.0, 7.0):
        assert secant(polynomial(2, -3, 5), first) == pytest.approx(3 / 4)
    assert secant(polynomial(2, -3, 5)) == pytest.approx(3 / 4)
    for phi in (polynomial(-1, -1, 0), polynomial(-1, 0)):  # no minimum ahead: the first step
        assert secant(phi, 0.3) == 0.3
    assert fixed(0.3)(None, 1.0) == 0.3
