"""What may be set: ranges, positions, numbers that are typed."""

import numpy as np
import pytest

from course_lib.live import Slider


@pytest.mark.parametrize("low", [0.001, 0.01, 0.5])
def test_a_log_slider_stops_at_round_numbers(low):
    slider = Slider("lr", "Rate", low, 2.0, default=1.0, log=True)
    assert {low, 1.0, 2.0} <= set(slider.values)
    assert all(float(f"{value:.2g}") == value for value in slider.values)
    assert np.all(np.diff(slider.values) > 0)
    assert slider.clip(1e9) == 2.0
    assert slider.clip(-5.0) == low


def test_a_log_slider_of_whole_numbers_has_each_once():
    slider = Slider("batch_size", "B", 1, 128, default=24, log=True, integer=True)
    assert slider.values[:6] == (1, 2, 3, 4, 5, 6)
    assert {24, 128} <= set(slider.values)
    assert all(type(value) is int for value in slider.values)
    assert np.all(np.diff(slider.values) > 0)
    assert slider.clip(6.4) == 6
    assert isinstance(slider.random(np.random.default_rng(0)), int)


def test_a_slider_may_stop_only_where_a_map_has_cells():
    stops = {"low": 4, "high": 64, "log": True, "integer": True, "stops": (4, 16, 64)}
    slider = Slider("batch_size", "B", default=16, **stops)
    assert slider.values == slider.stops
    assert [slider.clip(value) for value in (1, 9, 30, 40)] == [4, 16, 16, 64]
    assert slider.random(np.random.default_rng(0)) in slider.stops
    with pytest.raises(ValueError, match=r"batch_size stops at 3 values .* got 30; the nearest is 16"):
        slider.validate(30)
    for wrong in ({"default": 20}, {"stops": (4, 16)}, {"stops": (4, 64, 16)}, {"log": False}):
        with pytest.raises(ValueError, match=r"stops"):
            Slider("batch_size", "B", **{"default": 16} | stops | wrong)


def test_a_linear_slider_has_no_float_noise():
    assert Slider("w", "w", -3.0, 3.0, default=0.0, step=0.05).clip(0.3000001) == 0.3


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        (" 0.5 ", 0.5),
        (".5", 0.5),
        (",5", 0.5),
        ("5e-1", 0.5),
        ("1", 1.0),
        ("1.", 1.0),
        ("1,500", 1.5),  # 1500 is out of range
        ("0,300", 0.3),
        ("7", 2.0),  # the end that is nearest
        ("-7", -2.0),
        ("−1,5", -1.5),  # with a typographer's minus
        ("+1", 1.0),
        ("1.2345", 1.25),  # the nearest position
    ],
)
def test_a_number_is_read_as_it_is_meant(typed, value):
    slider = Slider("w", "w", -2.0, 2.0, default=0.0, step=0.05)
    assert slider.clip(slider.read(typed)) == value


@pytest.mark.parametrize("typed", ["1,500", "2,000"])
def test_a_thousand_is_a_thousand_where_one_is_out_of_range(typed):
    slider = Slider("n", "N", 10, 3000, default=100, integer=True)
    assert slider.read(typed) == int(typed.replace(",", ""))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "''"),
        ("fast", "'fast'"),
        ("nan", "'nan'"),
        ("inf", "'inf'"),
        ("1e999", "'1e999'"),
        ("1_0", "'1_0'"),
        ("0x1", "'0x1'"),
        ("1/2", "'1/2'"),
        ("1.000,5", "'1.000,5'"),
        ("1,000,000", "'1,000,000'"),
        ("1,500", "1.5 or 1500"),
    ],
)
def test_what_is_no_number_or_may_be_two_is_refused(typed, words):
    slider = Slider("w", "Weight", 0.0, 2000.0, default=0.0)
    with pytest.raises(ValueError, match=r"Weight: type a number from 0\.00 to 2000\.00") as caught:
        slider.read(typed)
    assert words in str(caught.value)


def test_values_are_said_as_they_are_read():
    assert Slider("lr", "η", 0.001, 2.0, default=0.1, log=True).text(0.03) == "0.03"
    assert Slider("n", "N", 1, 2000, default=5, integer=True).text(1234) == "1234"
    assert Slider("w", "w", -3.0, 3.0, default=0.0, step=0.05).text(2.000000000000001) == "2.00"
    assert Slider("b", "β", 0.5, 0.999, default=0.9, step=0.001).text(0.999) == "0.999"
