"""What the pictures of losses share."""

from __future__ import annotations


def three_digits(value: float) -> str:
    """Three digits, and a plain 0 for what is nearly nothing or nothing at all."""
    value = float(value)
    return "0" if value == 0 else f"{value:.2g}" if abs(value) < 0.01 else f"{value:.3f}"
