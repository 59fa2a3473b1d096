"""Two results are the same within what their precision allows, and no farther."""

import numpy as np
import pytest

from course_lib.teaching.judging.comparing import alike, matches, same
from course_lib.teaching.judging.reading import read

SINGLE, DOUBLE = np.float32, np.float64


@pytest.mark.parametrize(
    ("dtype", "got", "expected", "is_same"),
    [
        (DOUBLE, [1 + 5e-7], [1.0], True),
        (DOUBLE, [1 + 2e-6], [1.0], False),
        (SINGLE, [1 + 5e-5], [1.0], True),
        (SINGLE, [1 + 5e-4], [1.0], False),
        (SINGLE, [1000.0, 5e-4], [1000.0, 0.0], True),  # what is left where large numbers cancel
        (DOUBLE, [1000.0, 5e-4], [1000.0, 0.0], False),
        (DOUBLE, [1000.0, 5e-10], [1000.0, 0.0], True),
        (DOUBLE, [1.1e-11], [1e-11], False),  # small numbers are not all alike
        (SINGLE, [1.1e-11], [1e-11], False),
        (DOUBLE, [3e-17], [1e-17], True),  # both are what is left of a 0
        (DOUBLE, [np.inf, np.nan], [np.inf, np.nan], True),
        (DOUBLE, [np.inf], [-np.inf], False),
        (DOUBLE, [np.inf], [1e300], False),
        (SINGLE, [0.0], [0.0], True),
    ],
)
def test_close_numbers_are_the_same(dtype, got, expected, is_same):
    assert same(np.array(got, dtype=dtype), np.array(expected), rtol=1e-6) == is_same


@pytest.mark.parametrize(
    ("got", "expected", "are_alike"),
    [
        (1, 2, True),
        ([1], 2, True),
        (1, [2], False),
        ((1, [2, 3]), (np.ones(()), np.ones(2)), True),
        (np.ones((2, 3)), (np.ones(3), np.ones(3)), True),
        (np.ones((2, 3)), (np.ones(3), np.ones(2)), False),
        ((1, 2), (1, 2, 3), False),
        (3, (1, 2), False),
        ({"W": np.ones(2), "b": 1}, {"b": 2, "W": [3, 4]}, True),
        ({"W": np.ones(2)}, {"b": 2, "W": [3, 4]}, False),
        ([{"W": 1}, (2, [3, 4])], [{"W": 1}, (2, [3, 4])], True),
        ([1, 2], {"W": 1}, False),
        ({"W": 1}, [1], False),
        ([{"W": 1}], np.ones(1), False),
    ],
)
def test_results_are_alike_in_structure(got, expected, are_alike):
    assert alike([read(got)], [read(expected)]) == are_alike
    assert not are_alike or not matches([read(got)], [read((np.pi,) * 7)], 1e-6)
