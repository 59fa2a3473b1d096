"""Loss surfaces to descend.

>>> from course_lib.surfaces import quadratic
>>> quadratic((1, 10)).f([3.0, 1.0])
np.float64(9.5)
"""

from course_lib.core import one_of
from course_lib.surfaces.bowls import least_squares, quadratic, ravine
from course_lib.surfaces.classics import (
    beale,
    double_well,
    himmelblau,
    monkey_saddle,
    rastrigin,
    rosenbrock,
    saddle,
    styblinski_tang,
)
from course_lib.surfaces.cliffs import cliff
from course_lib.surfaces.critical import CriticalPoints, classify, critical_points, second_order_taylor
from course_lib.surfaces.line_search import LineSearch, fixed, secant, strong_wolfe
from course_lib.surfaces.noise import noisy
from course_lib.surfaces.surface import Surface
from course_lib.surfaces.wells import sharp_and_flat

__all__ = [
    "SURFACES",
    "CriticalPoints",
    "LineSearch",
    "Surface",
    "beale",
    "classify",
    "cliff",
    "critical_points",
    "double_well",
    "fixed",
    "get_surface",
    "himmelblau",
    "least_squares",
    "monkey_saddle",
    "noisy",
    "quadratic",
    "rastrigin",
    "ravine",
    "rosenbrock",
    "saddle",
    "secant",
    "second_order_taylor",
    "sharp_and_flat",
    "strong_wolfe",
    "styblinski_tang",
]

SURFACES: dict[str, Surface] = {
    "quadratic": quadratic(),
    "ravine": ravine(),
    "double_well": double_well,
    "sharp_and_flat": sharp_and_flat(),
    "saddle": saddle,
    "monkey_saddle": monkey_saddle,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "himmelblau": himmelblau,
    "styblinski_tang": styblinski_tang,
    "rastrigin": rastrigin,
    "cliff": cliff,
}


def get_surface(name: str) -> Surface:
    """Look a surface up by name.

    Raises:
        ValueError: there is none of that name; the message lists those there are.

    >>> get_surface("beale").minima
    array([[3. , 0.5]])
    """
    return SURFACES[one_of("name", name, SURFACES)]
