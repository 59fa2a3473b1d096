"""Records of descents and trainings."""

import dataclasses

import numpy as np
import pytest

from course_lib.core import History, Trajectory


@pytest.mark.parametrize(
    "record",
    [
        Trajectory(np.zeros((3, 2)), np.zeros(3), np.array(-1)),
        History(np.zeros(4), np.zeros(3), np.zeros(3), np.array(-1)),
    ],
)
def test_a_record_is_fixed_once_it_is_made(record):
    for field in dataclasses.fields(record):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, field.name, None)
