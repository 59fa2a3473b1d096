"""A cliff: gentle ground that ends at the foot of a steep wall, where a plain gradient step goes wrong."""

import numpy as np
from scipy.special import expit

from course_lib.surfaces.surface import Surface, coordinates, gradient_of

__all__ = ["cliff"]

_TURN = np.array([[0.96, 0.28], [-0.28, 0.96]])  # rows: towards the wall, along the wall; oblique to the axes
_GROUND = np.array([0.1, 0.4])  # curvature of the ground in these two directions
_PULL = 10.0  # the ground falls towards here, far behind the wall, so its slope at the foot is −1
_STEEP, _SHARP = 40.0, 20.0  # slope H of the wall, and k: its foot is rounded over a width of about 1/k

# The minimum is put at 0, where the wall takes over: H σ(−ln(H − 1)) = 1 against the ground's −1.
_OFFSET = np.log(_STEEP - 1)


def _turned(w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """u, towards the wall; v, along it; and z = k u − ln(H − 1), above 0 where the wall is steep."""
    x, y = coordinates(w)
    u, v = 0.96 * x + 0.28 * y, 0.96 * y - 0.28 * x
    return u, v, _SHARP * u - _OFFSET


def _cliff(w: np.ndarray) -> np.ndarray:
    u, v, z = _turned(w)
    ground = (_GROUND[0] * np.square(u - _PULL) + _GROUND[1] * np.square(v)) / 2
    return ground + _STEEP / _SHARP * np.logaddexp(0, z)


def _cliff_grad(w: np.ndarray) -> np.ndarray:
    u, v, z = _turned(w)
    f_u, f_v = _GROUND[0] * (u - _PULL) + _STEEP * expit(z), _GROUND[1] * v
    return gradient_of(0.96 * f_u - 0.28 * f_v, 0.28 * f_u + 0.96 * f_v)


def _cliff_hessian(w: np.ndarray) -> np.ndarray:
    _, _, z = _turned(w)
    f_uu = _GROUND[0] + _STEEP * _SHARP * expit(z) * expit(-z)
    towards, along = (np.outer(direction, direction) for direction in _TURN)
    return np.asarray(f_uu)[..., None, None] * towards + _GROUND[1] * along


cliff = Surface(
    name="cliff",
    tex=r"\tfrac{1}{20}(u - 10)^2 + \tfrac{1}{5} v^2 + 2 \ln\bigl(1 + e^{20 u} / 39\bigr), \;"
    r"u = 0.96\,x + 0.28\,y, \; v = 0.96\,y - 0.28\,x",
    f=_cliff,
    grad=_cliff_grad,
    hessian=_cliff_hessian,
    bounds=((-6.0, 3.0), (-4.0, 4.0)),
    minima=np.zeros((1, 2)),
)
