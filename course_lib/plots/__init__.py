"""Results drawn on Axes: every function here draws what it is given and computes nothing."""

from course_lib.plots import contours, fields, frames, maps
from course_lib.plots.cells import Cells, Heatmap
from course_lib.plots.labels import Label
from course_lib.plots.style import (
    BLACK,
    BLUE,
    GRAY,
    GREEN,
    LIGHT,
    ORANGE,
    PURPLE,
    SKY,
    STYLE,
    VERMILION,
    YELLOW,
)

__all__ = [
    "BLACK",
    "BLUE",
    "GRAY",
    "GREEN",
    "LIGHT",
    "ORANGE",
    "PURPLE",
    "SKY",
    "STYLE",
    "VERMILION",
    "YELLOW",
    "Cells",
    "Heatmap",
    "Label",
    "contours",
    "fields",
    "frames",
    "maps",
]
