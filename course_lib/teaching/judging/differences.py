"""What differs between an answer and the right one: where, how much, and what it looks like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
from numpy import allclose  # by name: an answer may have put something else into its place

from course_lib.teaching.judging.comparing import close, nearly, same
from course_lib.teaching.judging.reading import Refused, leaves
from course_lib.teaching.judging.words import SHOWN, brief, digits_that_differ, listed, ordinal

Leaf = tuple[tuple, np.ndarray, np.ndarray]  # the place in what is returned, the array got, the right one


def difference(got: list, expected: list, rtol: float, returns: Sequence[str], given: Callable) -> str:
    """How the results of all cases differ from the right ones.

    Args:
        got, expected: the read results, one for each case; they do not match.
        rtol: the relative distance that is allowed.
        returns: the names of what is returned, if it is several things.
        given: case number -> the words " for w = 1", or "".
    """
    if returns:  # the rows of an array have names too
        expected = [list(e) if getattr(e, "shape", ())[:1] == (len(returns),) else e for e in expected]
    cases: list[list[Leaf]] = []
    for number, (one, other) in enumerate(zip(got, expected)):
        try:
            cases.append(list(leaves(one, other)))
        except Refused as refused:
            said = named(refused, returns)
            return f"{said} The order is {listed(tuple(returns))}." if returns else said
        for place, g, e in cases[-1]:
            if g.shape != e.shape:
                return another_shape(place, g, e, returns, given(number))
    if another_order(cases, rtol):
        wanted = f": {listed(tuple(returns))} is asked for" if returns else ""
        return f"Not yet. These are the right values in another order{wanted}."
    wrong = (
        (number, place) for number, case in enumerate(cases) for place, g, e in case if not same(g, e, rtol)
    )
    number, place = next(wrong, (None, None))
    if number is None:
        return "Not yet. The numbers are right. Return them as one array, without further brackets."
    there = [(g, e) for case in cases for where, g, e in case if where == place]
    looks = look(there, rtol)
    right = sum(all(same(g, e, rtol) for _, g, e in case) for case in cases)
    counted = f"{right} of {len(cases)} cases {'is' if right == 1 else 'are'} right." if right else ""
    said = _content(place, *there[number], rtol, returns, given(number))
    return " ".join(filter(None, ("Not yet.", said, looks, counted)))


def another_order(cases: list[list[Leaf]], rtol: float) -> bool:
    """Whether all cases have the right values of several, in one other order."""
    count = len(cases[0])
    if not 1 < count <= 6 or any(len(case) != count for case in cases):
        return False
    orders = (order for order in permutations(range(count)) if order != tuple(range(count)))
    return any(
        all(same(case[i][1], case[j][2], rtol) for case in cases for i, j in enumerate(order))
        for order in orders
    )


def look(pairs: list[tuple[np.ndarray, np.ndarray]], rtol: float) -> str:
    """What wrong numbers look like, over all cases: a factor, a sign, a transpose, an order; or "".

    Example:
        >>> right = np.array([1.0, -2.0, 3.0])
        >>> look([(2 * right, right)], 1e-6), look([(-right, right)], 1e-6)
        ('Every value is 2 times what it should be.', 'The sign of every value is turned.')
        >>> look([(right[::-1], right)], 1e-6)
        'The values are right, in another order.'
    """

    def all_same(turn: Callable) -> bool:
        return all(same(turn(g, e), e, rtol) for g, e in pairs)

    g, e = (np.concatenate([np.ravel(pair[side]) for pair in pairs]).astype(float) for side in (0, 1))
    strange = ~np.isfinite(g) & np.isfinite(e)
    if strange.any():
        return _not_finite(g[strange])
    if np.count_nonzero(e) and all_same(lambda g, e: -g):
        return "The sign of every value is turned."
    if len(g) == 1:
        return _rounded(pairs)
    factor, shift = _common(g[e != 0] / e[e != 0]), _common(g - e)
    if factor == 0:
        return "Every value is 0."
    if factor and abs(factor - 1) > 1e-3 and all_same(lambda g, e: g / factor):
        return f"Every value is {factor:.4g} times what it should be."
    if shift and all_same(lambda g, e: g - shift):
        return f"Every value is {abs(shift):.4g} too {'large' if shift > 0 else 'small'}."
    if all_same(lambda g, e: g.T):
        return "It is transposed."
    if any(e.size > 1 for _, e in pairs) and all_same(_reordered):
        return "The values are right, in another order."
    if all_same(np.copysign):
        return "The sizes are right, and some signs are not."
    return _rounded(pairs)


def _common(values: np.ndarray) -> float | None:
    """The one value of all, if there is one and more than one place has it."""
    if len(values) < 2:
        return None
    middle = float(np.median(values))
    return middle if allclose(values, middle, rtol=1e-6, atol=1e-12) else None


def _reordered(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The entries of one array in the order that the entries of the other have by size."""
    ordered = np.empty(expected.size)
    ordered[np.argsort(expected, axis=None)] = np.sort(got, axis=None)
    return ordered.reshape(expected.shape)


def _rounded(pairs: list) -> str:
    if all(nearly(g, e) for g, e in pairs):
        return "They nearly agree: has something been rounded, or cut off?"
    return ""


def _not_finite(strange: np.ndarray) -> str:
    if np.isnan(strange).any():
        return "nan is what 0/0 or ∞ − ∞ gives: has something overflowed, or become 0, before?"
    return "inf is a number too large for a float, or a division by 0."


def _name(place: tuple, returns: Sequence[str]) -> str:
    """One of several returned values by name, as in "v, the second value: "."""
    if not place:
        return ""
    first, *inner = place
    word = f"the entry {first!r}" if isinstance(first, str) else f"the {ordinal(first)} value"
    named = not isinstance(first, str) and len(returns) > first
    word = f"{returns[first]}, {word}" if named else word[0].upper() + word[1:]
    return f"{word}{''.join(f'[{part!r}]' for part in inner)}: "


def named(refused: Refused, returns: Sequence[str]) -> str:
    """What is said of a value that cannot be read, with its name where it is one of several.

    Example:
        >>> named(Refused("One array is asked for.", (0,)), ("W1", "b1"))
        'W1, the first value: one array is asked for.'
    """
    name, text = _name(refused.place, returns), str(refused)
    return f"{name}{text[0].lower()}{text[1:]}" if name else text


def another_shape(
    place: tuple, got: np.ndarray, right: np.ndarray, returns: Sequence[str], given: str
) -> str:
    """What is said of an array that has another shape than the right one."""
    wanted = "one number is" if right.ndim == 0 else f"an array of shape {right.shape} is"
    yours = "one number" if got.ndim == 0 else f"of shape {got.shape}"
    name = _name(place, returns)
    wanted = wanted if name else wanted[0].upper() + wanted[1:]
    turned = got.ndim == 2 and got.shape[::-1] == right.shape and bool(np.all(close(got.T, right, 1e-6)))
    long = got.ndim > right.ndim and got.size == right.size
    hint = " It is transposed." if turned else " An axis of length 1 is too many." if long else ""
    return f"{name}{wanted} asked for; yours{given} is {yours}.{hint}"


def _content(
    place: tuple, got: np.ndarray, right: np.ndarray, rtol: float, returns: Sequence[str], given: str
) -> str:
    """The two results side by side, or, of large ones, the first place where they differ."""
    differs = ~close(got, right, rtol)
    first = tuple(int(i) for i in np.argwhere(differs)[0])
    digits = digits_that_differ(float(got[first]), float(right[first]))
    name = _name(place, returns)
    yours = "yours" if name else "Yours"
    many = f"{int(differs.sum())} of {differs.size} entries differ"
    where = f"[{', '.join(map(str, first))}]"
    if got.size > SHOWN:
        g, e = brief(got[first], digits), brief(right[first], digits)
        return f"{name}{yours} has {g} at {where}{given}; {e} is right there. {many}."
    counted = "" if got.ndim == 0 or differs.all() else f" {many}, the first at {where}."
    asked = f"; {brief(right, digits)} is right" if given else ""
    return f"{name}{yours} gives {brief(got, digits)}{given}{asked}.{counted}"
