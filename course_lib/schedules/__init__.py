"""Learning-rate schedules: functions of the number of updates made so far, and a rule that watches the loss.

>>> from course_lib.schedules import ReduceOnPlateau
>>> ReduceOnPlateau(patience=3).init().scale
array(1.)
"""

from course_lib.schedules.plateau import PlateauState, ReduceOnPlateau

__all__ = [
    "PlateauState",
    "ReduceOnPlateau",
]
