"""Two wells of one depth, one sharp and one flat: where does a noisy walker settle?"""

import numpy as np
from scipy.special import expit

from course_lib.core import in_interval
from course_lib.surfaces.surface import Surface

__all__ = ["sharp_and_flat"]

_AT = 2.0  # the sharp minimum is at −2, the flat one at 2
_SOFTNESS = 0.05  # τ: the ridge between the wells is rounded where they differ by about τ


def sharp_and_flat(sharp: float = 20.0, flat: float = 1.0) -> Surface:
    """Build a surface over one weight with a sharp and a flat minimum, both of depth 0.

    f(w) = −τ ln(e^(−p/τ) + e^(−q/τ)),   p = ½ a (w + 2)²,   q = ½ c (w − 2)²,   τ = 0.05

    The smaller of two parabolas, with the edge between them rounded. With σ the share of the sharp one,
    σ(w) = 1/(1 + e^((p−q)/τ)),

    f′ = σ p′ + (1 − σ) q′,   f″ = σ a + (1 − σ) c − σ (1 − σ)(p′ − q′)²/τ

    The ridge lies where p = q, at a height of about 8ac/(√a + √c)².

    Args:
        sharp: a, the curvature of the minimum at −2, from 0.5 to 1000.
        flat: c, the curvature of the minimum at 2, likewise.

    Raises:
        TypeError, ValueError: a curvature is not a number in that range.

    >>> sharp_and_flat(sharp=20.0, flat=1.0).hessian([[-2.0], [2.0]]).ravel().round(6)
    array([20.,  1.])

    Source: after the picture in Keskar et al., On large-batch training for deep learning: generalization gap
    and sharp minima, 2017.
    """
    a, c = in_interval("sharp", sharp, 0.5, 1000), in_interval("flat", flat, 0.5, 1000)

    def parabolas(w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """u = w + 2, v = w − 2, and the share of the sharp one."""
        w = np.asarray(w, dtype=float)
        u, v = w + _AT, w - _AT
        return u, v, expit((c * v * v - a * u * u) / (2 * _SOFTNESS))

    def f(w: np.ndarray) -> np.ndarray:
        u, v, _ = parabolas(w)
        p, q = a * u * u / 2, c * v * v / 2
        return (-_SOFTNESS * np.logaddexp(-p / _SOFTNESS, -q / _SOFTNESS))[..., 0]

    def grad(w: np.ndarray) -> np.ndarray:
        u, v, share = parabolas(w)
        return share * (a * u) + (1 - share) * (c * v)

    def hessian(w: np.ndarray) -> np.ndarray:
        u, v, share = parabolas(w)
        between = share * (1 - share) * np.square(a * u - c * v) / _SOFTNESS
        return (share * a + (1 - share) * c - between)[..., None]

    return Surface(
        name="sharp and flat",
        tex=rf"\min\left(\tfrac{{1}}{{2}} \cdot {a:g}\,(w + 2)^2, \; "
        rf"\tfrac{{1}}{{2}} \cdot {c:g}\,(w - 2)^2\right) \text{{, rounded}}",
        f=f,
        grad=grad,
        hessian=hessian,
        bounds=((-4.0, 6.0),),
        minima=np.array([[-_AT], [_AT]]),
    )
