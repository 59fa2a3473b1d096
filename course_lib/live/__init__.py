"""What all explorers share: settings, the blitted picture, the live panel around it.

The panel and its view are imported when an explorer is first shown: only then are widgets needed.
"""

from course_lib.live import cells
from course_lib.live.controls import Choice, Control, Seed, Several, Slider, Toggle
from course_lib.live.explorer import Explorer
from course_lib.live.picture import Picture
from course_lib.live.undisturbed import course_style

__all__ = [
    "Choice",
    "Control",
    "Explorer",
    "Picture",
    "Seed",
    "Several",
    "Slider",
    "Toggle",
    "cells",
    "course_style",
]
