"""Every explorer at all its corners, at all its presets and at 100 random settings.

Warnings are errors in all tests, so each of these settings is shown neither to raise nor to warn.
"""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.explorers import EXPLORERS
from course_lib.live import Seed, Slider

EVERY = pytest.mark.parametrize("name", EXPLORERS)


def visit(explorer, settings):
    """Show a setting as a slider would, and look at what comes out."""
    explorer.set(**settings)
    explorer.show()
    text = explorer.describe()
    assert not re.search(r"\b(nan|inf|None)\b", text), text
    assert 20 < len(text) < 260, text
    for key, value in vars(explorer.result).items():
        assert all(np.isfinite(array).all() for array in numbers(value)), key


def numbers(value):
    """Every number in a part of a result, as arrays."""
    if isinstance(value, SimpleNamespace):
        value = vars(value)
    if isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif not isinstance(value, str):
        yield np.asarray(value, dtype=float)


@EVERY
def test_all_corners(name):
    explorer = EXPLORERS[name]()
    for settings in explorer.corner_settings():
        visit(explorer, settings)


@EVERY
def test_all_presets(name):
    explorer = EXPLORERS[name]()
    assert set(explorer.presets) == set(explorer.look_for)
    for settings in explorer.presets.values():
        visit(explorer.reset(), settings)


@EVERY
def test_100_random_settings_and_no_artist_more(name):
    explorer, rng = EXPLORERS[name](), np.random.default_rng(0)
    explorer.show()

    def count():  # without the ticks of an axis, which come and go with its limits
        return sum(len(axes.get_children()) for axes in explorer.picture.figure.axes)

    artists = count()
    for _ in range(100):
        visit(explorer, explorer.random_settings(rng))
    assert count() == artists


@EVERY
def test_a_moved_picture_is_the_picture_made_anew(name):
    moved, rng = EXPLORERS[name](), np.random.default_rng(1)
    for _ in range(3):
        settings = moved.random_settings(rng)
        moved.set(**settings).show()
    anew = EXPLORERS[name](**settings)
    anew.show()
    np.testing.assert_array_equal(moved.picture.pixels, anew.picture.pixels)


@EVERY
def test_each_control_changes_the_picture_and_the_caption(name):
    cls = EXPLORERS[name]
    explorer = cls()
    for control in cls.controls:
        if isinstance(control, Seed):
            continue
        settings = [cls.presets[key] for key in cls.presets] + [{}]
        changed = False
        for start in settings:  # in some preset at least: a step slider does nothing where nothing moves
            explorer.reset().set(**start).show()
            pixels, text = explorer.picture.pixels.copy(), explorer.describe()
            for value in control.corners():
                explorer.set(**{control.name: value}).show()
                changed |= text != explorer.describe() and np.any(pixels != explorer.picture.pixels)
            if changed:
                break
        assert changed, f"{name}: {control.name} changes nothing that can be seen"


@EVERY
def test_the_copied_code_makes_the_same_picture(name):
    explorer, rng = EXPLORERS[name](), np.random.default_rng(3)
    explorer.set(**explorer.random_settings(rng))
    again = eval(explorer.code, {"EXPLORERS": EXPLORERS})
    assert again.settings == explorer.settings


@EVERY
def test_the_pointer_can_only_set_what_a_control_can(name):
    explorer = EXPLORERS[name]()
    explorer.show()
    for axes in explorer.picture.figure.axes:
        for x, y in ((axes.get_xlim()[0], axes.get_ylim()[1]), (axes.get_xlim()[1], axes.get_ylim()[0])):
            label = axes.get_label()
            wanted = explorer.pointer(label, x, y) if not label.startswith("<") else {}
            for key, value in wanted.items():
                control = explorer.control(key)
                control.validate(control.clip(value) if isinstance(control, Slider) else value)
    for axes, x, y, settings in explorer.handles(explorer.result):
        moved = explorer.pointer(axes, x, y)
        assert set(settings) <= set(moved)
        assert moved[settings[0]] == pytest.approx(explorer.settings[settings[0]])
