"""Claims: every number that the text states is measured where it stands."""

from __future__ import annotations

import numpy as np

from course_lib.core import non_negative


class ClaimError(AssertionError):
    """A statement of the text that the measurement does not bear out."""


def claim(
    text: str,
    *,
    measured: float,
    predicted: float | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
    digits: int = 3,
) -> None:
    """Hold a statement against a measurement: print one line if it is so, raise if it is not.

    Either |measured - predicted| <= atol + rtol |predicted|, for every element, or
    at_least <= measured <= at_most.

    Args:
        text: the statement, as the chapter makes it.
        measured: what the notebook found, a number or an array.
        predicted: what the theory says, of a shape that fits.
        rtol, atol: the allowed distance, relative to the prediction and absolute; one of them is needed.
        at_most, at_least: bounds, in place of a prediction.
        digits: significant digits to print. Few enough that every machine prints the same.

    Raises:
        ClaimError: the statement is not so.
        TypeError: neither a prediction with a tolerance nor a bound is given, or both are.

    Example:
        >>> claim("the largest stable rate is 2/λmax", measured=0.1999, predicted=0.2, rtol=0.02)
        ✓ the largest stable rate is 2/λmax: measured 0.2, predicted 0.2 (within 2 %)
        >>> claim("the loss is small", measured=0.01, at_most=0.05)
        ✓ the loss is small: measured 0.01, at most 0.05
    """
    bounds = {"at least": at_least, "at most": at_most}
    bounds = {word: bound for word, bound in bounds.items() if bound is not None}
    measured = np.asarray(measured, dtype=float)
    if predicted is not None and not bounds:
        if rtol is None and atol is None:
            raise TypeError("a prediction needs a tolerance: give rtol or atol, for example rtol=0.02")
        rtol, atol = non_negative("rtol", rtol or 0.0), non_negative("atol", atol or 0.0)
        predicted = np.asarray(predicted, dtype=float)
        distance = np.abs(measured - predicted)
        holds = bool(np.all(distance <= atol + rtol * np.abs(predicted)))
        expected = f"predicted {_show(predicted, digits)} ({_tolerance(rtol, atol)})"
    elif bounds and predicted is None and rtol is None and atol is None:
        holds = bool(np.all(measured >= bounds.get("at least", -np.inf)))
        holds &= bool(np.all(measured <= bounds.get("at most", np.inf)))
        expected = " and ".join(f"{word} {_show(bound, digits)}" for word, bound in bounds.items())
    else:
        raise TypeError("give either predicted with rtol or atol, or at_most and at_least")
    line = f"{text}: measured {_show(measured, digits)}, {expected}"
    if not holds:
        raise ClaimError(f"✗ not so: {line}")
    print(f"✓ {line}")


def _show(value, digits: int) -> str:
    value = np.asarray(value, dtype=float)
    if value.ndim == 0:
        return _number(value, digits)
    if value.size <= 6:
        return "(" + ", ".join(_number(v, digits) for v in value.ravel()) + ")"
    return f"{value.size} values from {_number(value.min(), digits)} to {_number(value.max(), digits)}"


def _number(value, digits: int) -> str:
    """So many digits, 20 and not 2e+01; rounding errors as 0, for they differ from machine to machine."""
    return f"{float(f'{value:.{digits}g}'):g}" if not abs(value) < 1e-12 else "0"


def _tolerance(rtol: float, atol: float) -> str:
    if not rtol and not atol:
        return "exactly"
    relative = f"{100 * rtol:g} %" if rtol >= 1e-4 else f"a relative {rtol:g}"
    return "within " + " + ".join([relative] * (rtol > 0) + [f"{atol:g}"] * (atol > 0))
