"""What the explorers of losses draw as formula and as measurement must be one and the same."""

import numpy as np
import pytest

from course_lib.explorers import EXPLORERS
from course_lib.explorers.losses.loss_score import _LOSSES, _SIDES


@pytest.mark.parametrize("true_class", _SIDES)
@pytest.mark.parametrize("loss", _LOSSES)
def test_slopes_are_those_of_the_losses(loss, true_class):
    explorer = EXPLORERS["loss_score"](loss=loss, true_class=true_class)
    for margin in (0.0, 0.7, 1.0, 3.0):
        for score in explorer._dots:
            r = explorer.set(margin=margin, score=float(score)).result
            at = np.flatnonzero(explorer._dots == score)[0]
            assert r.slope[r.chosen] == pytest.approx(r.measured[at], abs=1e-6)


def test_a_negative_sample_is_the_mirror_of_a_positive_one():
    explorer = EXPLORERS["loss_score"]()
    for score in (-5.0, -0.5, 2.0):
        positive = explorer.set(true_class="positive", score=score).result
        negative = explorer.set(true_class="negative", score=-score).result
        np.testing.assert_allclose(positive.value, negative.value, rtol=1e-12)
        np.testing.assert_allclose(positive.slope, -negative.slope, rtol=1e-12)


def test_no_fit_is_below_the_least_loss():
    explorer = EXPLORERS["logistic_fit"](who="3, 5 and 6")
    losses = [explorer.set(w=w, b=-3.5 * w).result.losses[0] for w in np.arange(0.0, 4.0, 0.05)]
    assert 0 <= min(losses) - explorer.result.least < 1e-3


def test_moving_the_step_descends_only_once(monkeypatch):
    explorer = EXPLORERS["logistic_fit"](step=1)
    first = explorer.result.losses
    monkeypatch.setattr("course_lib.explorers.losses.logistic_fit.descend", None)
    assert explorer.set(step=60).result.losses is first


def test_dragging_the_threshold_puts_it_where_the_pointer_is():
    explorer = EXPLORERS["logistic_fit"](w=2.0, b=-7.0)
    assert "threshold 5.00 h" in explorer.set(**explorer.pointer("fit", 5.0, 0.5)).describe()


def test_the_arrows_are_the_slopes_of_the_cross_entropy():
    explorer, rng = EXPLORERS["softmax"](), np.random.default_rng(0)
    for _ in range(50):
        r = explorer.set(**explorer.random_settings(rng)).result
        np.testing.assert_allclose(r.gradient, r.measured, atol=1e-5)
        assert r.gradient.sum() == pytest.approx(0, abs=1e-12)


def test_a_point_that_would_leave_the_picture_says_how_far_it_is():
    explorer = EXPLORERS["loss_score"](loss="squared error", score=-2.0)
    explorer.show()
    artists = explorer.picture.artists
    assert artists["word"].get_text() == "loss 9.0 ↑"
    assert artists["slope_word"].get_text() == "slope -6.0 ↓"
    assert np.all(np.abs(artists["here"].get_ydata()) < 3.2)
    explorer.set(score=1.5).show()
    assert artists["word"].get_text() == artists["slope_word"].get_text() == ""


def test_no_caption_has_a_negative_zero():
    assert "-0.00" not in EXPLORERS["softmax"](z1=6.0, z2=-1.0, z3=-2.0).describe()


@pytest.mark.parametrize("loss", ["cross-entropy", "hinge", "squared error"])
def test_the_dashed_boundary_is_one_step_down_the_mean_loss(loss):
    explorer = EXPLORERS["decision_boundary"](loss=loss)
    at = dict(w1=0.65, w2=1.2, b=0.3)
    r = explorer.set(**at).result
    for number, name in enumerate(("w1", "w2", "b")):
        h = 0.05 if loss == "squared error" else 1e-4  # a parabola has its slope at any distance
        up, down = (explorer.set(**at | {name: at[name] + d}).result.loss for d in (h, -h))
        assert r.weights[number] - r.after[number] == pytest.approx((up - down) / (2 * h), abs=1e-3)


def test_a_far_and_right_point_pulls_hardest_under_the_squared_error_and_hardly_under_the_others():
    shares = {}
    for loss in ("cross-entropy", "hinge", "squared error"):
        r = EXPLORERS["decision_boundary"](
            **EXPLORERS["decision_boundary"].presets["far, and right"], loss=loss
        ).result
        shares[loss] = r.share[5]
    assert shares["cross-entropy"] < 0.005
    assert shares["hinge"] == 0
    assert shares["squared error"] > 0.2


def test_each_circle_is_dragged_by_itself_even_over_the_other_one():
    explorer = EXPLORERS["decision_boundary"]()
    assert explorer.pointer("plane", -2.0, -2.0) == {"no_x": -2.0, "no_y": -2.0}
    assert explorer.drag(("yes_x", "yes_y"), "plane", -2.0, -2.0) == {"yes_x": -2.0, "yes_y": -2.0}


def test_a_legend_names_only_what_is_there_at_every_setting():
    for name in ("decision_boundary", "loss_score", "logistic_fit", "softmax"):
        explorer = EXPLORERS[name]()
        explorer.show()
        named = [
            text.get_text()
            for ax in explorer.picture.figure.axes
            if ax.get_legend()
            for text in ax.get_legend().texts
        ]
        assert not {"formula", "your sliders", "least"} & set(named)
