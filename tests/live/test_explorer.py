"""What all explorers share, without a screen: settings, cache, picture, pinning."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from course_lib.explorers import EXPLORERS
from tests.live.waves import Wave

# -- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        (dict(speed=1), TypeError, ["speed", "height"]),
        (dict(height="tall"), TypeError, ["height", "'tall'", "0 to 2"]),
        (dict(height=3.0), ValueError, ["height", "3.0", "0 to 2"]),
        (dict(height=float("nan")), ValueError, ["height", "nan"]),
        (dict(height=True), TypeError, ["height", "True"]),
        (dict(shape="square"), ValueError, ["shape", "'square'", "'sine'"]),
        (dict(twice=1), TypeError, ["twice", "1"]),
        (dict(seed=-1), ValueError, ["seed", "-1"]),
    ],
)
def test_a_bad_setting_is_named_and_changes_nothing(settings, error, words):
    with pytest.raises(error) as caught:
        Wave(**settings)
    assert all(word in str(caught.value) for word in words), caught.value
    explorer = Wave()
    with pytest.raises(error):
        explorer.set(height=0.5, **settings) if "height" not in settings else explorer.set(**settings)
    assert explorer.settings == Wave().settings


def test_an_unknown_explorer_is_named():
    with pytest.raises(KeyError, match="no explorer is called 'wobble'"):
        EXPLORERS["wobble"]


def test_settings_is_a_copy():
    explorer = Wave()
    explorer.settings["height"] = 9
    assert explorer.settings["height"] == 1.0


def test_corners_and_random_settings():
    corners = Wave.corner_settings()
    assert len(corners) == 2 * 2 * 2 * 2
    assert {corner["height"] for corner in corners} == {0.0, 2.0}
    rng = np.random.default_rng(0)
    assert Wave.validate(Wave.random_settings(rng)).keys() == Wave().settings.keys()


def test_results_are_cached():
    explorer = Wave()
    for height in (0.5, 1.5, 0.5, 1.5):
        explorer.set(height=height).result  # noqa: B018
    assert explorer.computed == 2


# -- picture -----------------------------------------------------------------------------------------


def test_a_png_has_the_size_and_the_pixel_ratio():
    assert Image.open(io.BytesIO(Wave().png())).size == (840, 350)
    assert Image.open(io.BytesIO(Wave().png(pixel_ratio=2))).size == (1680, 700)


def test_pin_leaves_a_ghost_and_unpin_takes_it_away():
    explorer = Wave()
    explorer.set(height=0.5).show()
    bare = explorer.picture.pixels.copy()
    explorer.set(height=1.5).pin().set(height=0.5).show()
    ghost = np.any(explorer.picture.pixels != bare, axis=-1)
    assert ghost.sum() > 200
    ink = explorer.picture.pixels[ghost][:, :3]
    assert np.mean(np.ptp(ink.astype(int), axis=1) <= 2) > 0.9  # gray, but where the present line crosses it
    assert "pinned: height 1.5" in explorer.caption
    assert "pinned" not in explorer.describe()
    explorer.unpin().show()
    np.testing.assert_array_equal(explorer.picture.pixels, bare)


def test_a_ghost_is_drawn_to_the_present_scale():
    explorer = EXPLORERS["learning_rate"](surface="double well").pin().set(surface="steep bowl")
    explorer.show()
    axes = explorer.picture.figure.axes[0]
    assert axes.get_ylim()[1] > 50  # the bowl's, not the well's
    across, down = explorer.picture.to_fraction(axes, 2.6, 11.2)  # on the double well, inside the bowl
    height, width = explorer.picture.pixels.shape[:2]
    around = explorer.picture.pixels[int(down * height) - 4 : int(down * height) + 5, int(across * width)]
    assert around[:, :3].min() < 250, "no trace of the pinned well where it should be"


def test_reset_is_as_new():
    explorer = Wave(height=0.3, shape="cosine").pin().set(seed=4).reset()
    assert explorer.settings == Wave().settings
    assert explorer.pinned is None


def test_points_and_fractions_are_inverse():
    explorer = Wave()
    explorer.show()
    picture = explorer.picture
    axes = picture.figure.axes[0]
    x, y = picture.to_fraction(axes, 2.0, 0.5)
    assert picture.locate(x, y) is axes
    assert picture.to_data(axes, x, y) == pytest.approx((2.0, 0.5))
    assert picture.locate(0.001, 0.001) is None


# -- opening ----------------------------------------------------------------------------------------


def test_the_registry_imports_nothing_until_asked():
    script = (
        "import sys; from course_lib.explorers import EXPLORERS; names = list(EXPLORERS);"
        "assert len(names) == len(EXPLORERS) > 5; assert 'matplotlib' not in sys.modules;"
        "EXPLORERS['bowl']; assert 'matplotlib' in sys.modules; assert 'ipywidgets' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
