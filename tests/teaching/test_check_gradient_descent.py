"""The fault to find of chapter 01: the loop as it stands there and each half repair get their own words."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from course_lib.teaching import check

CHAPTER = Path(__file__).parents[2] / "notebooks" / "01_gradient_descent.ipynb"
SHAPES = ("torch.tensor(y)", "torch.tensor(y)[:, None]")
PILE = ("        loss.backward()", "        optimizer.zero_grad()\n        loss.backward()")


def loop(*repairs):
    """The loop of the chapter, repaired in these places."""
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    (source,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "code-broken-loop")
    source = source.partition("\n\n\nfor steps")[0]
    for before, after in repairs:
        assert source.count(before) == 1
        source = source.replace(before, after)
    defined = {"torch": torch, "np": np}
    exec(source, defined)
    return defined["broken_fit"]


@pytest.mark.parametrize(
    ("repairs", "said"),
    [
        ((), "This is the loop as it was."),
        ((PILE,), "One fault is left, in the shapes."),
        ((SHAPES,), "One fault is left: backward() adds to .grad"),
        ((SHAPES, PILE), "Right: both faults are gone."),
    ],
)
def test_the_check_says_which_fault_is_left(repairs, said):
    assert said in check.fit_line.judge(loop(*repairs)).text


def test_a_column_of_targets_or_a_row_of_inputs_repairs_the_shapes():
    row = ("torch.tensor(x)[:, None]", "torch.tensor(x)")
    assert check.fit_line.judge(loop(row, PILE)).status == "right"
