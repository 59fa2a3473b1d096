"""Loss surfaces to descend.

>>> from course_lib.surfaces import quadratic
>>> quadratic((1, 10)).f([3.0, 1.0])
np.float64(9.5)
"""

from course_lib.surfaces.bowls import least_squares, quadratic
from course_lib.surfaces.classics import beale, double_well, himmelblau, rosenbrock, saddle, styblinski_tang
from course_lib.surfaces.cliffs import cliff
from course_lib.surfaces.surface import Surface
from course_lib.validation import one_of

__all__ = [
    "SURFACES",
    "Surface",
    "beale",
    "cliff",
    "double_well",
    "get_surface",
    "himmelblau",
    "least_squares",
    "quadratic",
    "rosenbrock",
    "saddle",
    "styblinski_tang",
]

SURFACES: dict[str, Surface] = {
    "quadratic": quadratic(),
    "double_well": double_well,
    "saddle": saddle,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "himmelblau": himmelblau,
    "styblinski_tang": styblinski_tang,
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
