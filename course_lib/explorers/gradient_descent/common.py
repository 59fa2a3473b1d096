"""What the pictures of gradient descent share."""

from __future__ import annotations

FAR = 1e6  # beyond this a point is only drawn as leaving the picture


def short(value: float) -> str:
    """A number as a learner reads it."""
    return f"{value:.3g}" if value == 0 or abs(value) >= 1e-12 else "below 1e-12"
