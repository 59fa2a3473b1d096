"""Preprocessing: make features comparable, with numbers that come from the training part only.

Whatever is fitted on the test part leaks what is to be predicted; so each transformation is fitted once, on
the training part, and then applied to every part.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from course_lib.core import finite_array, natural, one_of

__all__ = ["StandardScaler", "polynomial_features"]


@dataclass(frozen=True, eq=False)
class StandardScaler:
    """Shift each feature to mean 0 and scale it to standard deviation 1: z = (x − μ) / σ.

    Attributes:
        mean: μ, shape (d,).
        scale: σ with 1/N in the variance, shape (d,); 1 for a feature that does not vary, which becomes 0.

    >>> x_train, x_test = np.array([[1.0, 7.0], [3.0, 7.0]]), np.array([[5.0, 7.0]])
    >>> scaler = StandardScaler.fit(x_train)
    >>> scaler.transform(x_test)
    array([[3., 0.]])

    The words and the numbers are those of ``sklearn.preprocessing.StandardScaler``.
    """

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, x: np.ndarray) -> Self:
        """Measure the mean and the spread of each feature over the samples x, shape (N, d).

        Raises:
            ValueError: x is not of shape (N, d), or not finite.
        """
        x = finite_array("x", x, shape=(None, None))
        varies = np.ptp(x, axis=0) > 0  # the rounded standard deviation of equal numbers need not be 0
        return cls(mean=x.mean(axis=0), scale=np.where(varies, x.std(axis=0), 1.0))

    def transform(self, x: np.ndarray) -> np.ndarray:
        """Standardize samples x, shape (..., d), with the mean and the spread that were fitted."""
        return (self._checked(x) - self.mean) / self.scale

    def inverse_transform(self, z: np.ndarray) -> np.ndarray:
        """Take standardized samples z, shape (..., d), back to the original units.

        >>> scaler = StandardScaler.fit(np.array([[1.0], [3.0]]))
        >>> scaler.inverse_transform(scaler.transform([[5.0]]))
        array([[5.]])
        """
        return self._checked(z) * self.scale + self.mean

    def _checked(self, x: np.ndarray) -> np.ndarray:
        x, d = np.asarray(x), len(self.mean)
        if x.ndim == 0 or x.shape[-1] != d:
            raise ValueError(f"x must have the {d} features the scaler was fitted on, got shape {x.shape}")
        return x


def polynomial_features(x: np.ndarray, degree: int, basis: str = "powers") -> np.ndarray:
    """Turn one feature into its powers, the highest first: [x^degree, …, x, 1].

    A polynomial is a linear model of these, so that y = w₁x² + w₂x + w₃ becomes ``features @ w``.

    Args:
        x: shape (N,) or (N, 1).
        degree: the highest power.
        basis: ``powers``; or ``legendre`` or ``chebyshev``, polynomials of the same degrees that stay within
            [−1, 1] where x does, and are nearly uncorrelated there. Above degree 5 or so, scale x to [−1, 1]
            and take one of these: the best fit is the same, found in far fewer steps.

    Returns:
        Features of shape (N, degree + 1); the last column is 1.

    Raises:
        TypeError, ValueError: x holds more than one feature, or the degree is not a whole number from 0 up,
            or the basis is unknown.

    >>> polynomial_features([1, 2, 3], degree=2)
    array([[1., 1., 1.],
           [4., 2., 1.],
           [9., 3., 1.]])

    ``numpy.vander`` by a telling name, and ``numpy.polynomial`` for the others; scikit-learn's
    PolynomialFeatures puts the lowest power first.
    """
    degree = natural("degree", degree, minimum=0)
    x = finite_array("x", x)
    if x.ndim not in (1, 2) or x[0].size != 1:
        raise ValueError(f"x must hold one feature, in shape (N,) or (N, 1), got shape {x.shape}")
    return _BASES[one_of("basis", basis, _BASES)](x.ravel(), degree)


_BASES = {
    "powers": lambda x, degree: np.vander(x, degree + 1),
    "legendre": lambda x, degree: np.polynomial.legendre.legvander(x, degree)[:, ::-1],
    "chebyshev": lambda x, degree: np.polynomial.chebyshev.chebvander(x, degree)[:, ::-1],
}
