"""What later cells get: an answer that leaves its arguments alone and returns what the reference returns."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.teaching.judging.differences import another_shape, named
from course_lib.teaching.judging.reading import NotTried, Refused, leaves, read


def copied(value: Any) -> Any:
    """A deep copy of arrays in lists, tuples and dicts; other things as they are.

    Example:
        >>> first = [np.zeros(2)]
        >>> second = copied(first)
        >>> second[0] += 1
        >>> first
        [array([0., 0.])]
    """
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(copied, value))
    return value


def safe(function: Callable, names: tuple[str, ...], cases: tuple, results: list) -> Callable:
    """The same function, on copies of its arguments, with results in the form of the reference's.

    Args:
        function: a right answer, or the reference itself.
        names: how the reference calls its arguments; later cells may use them.
        cases: argument tuples.
        results: what the reference returns on them, as it comes: perhaps numbers for numbers and arrays
            for arrays.

    Returns:
        A function that leads to the learner's by `inspect.unwrap`, and has its name.

    Example:
        >>> def double(x):
        ...     x *= 2
        ...     return list(x)
        >>> x = np.ones(2)
        >>> f = safe(double, ("x",), ((x,),), [np.ones(2)])
        >>> f(x), x, f.__name__
        (array([2., 2.]), array([1., 1.]), 'double')
    """

    def on(numbers: bool) -> list:
        return [r for case, r in zip(cases, results) if _numbers(case) == numbers] or results

    like = {numbers: on(numbers) for numbers in (True, False)}

    @functools.wraps(function)
    def answer(*args, **kwargs):
        args = (*args, *(kwargs.pop(name) for name in names[len(args) :] if name in kwargs))
        result = function(*map(copied, args), **kwargs)
        try:
            return formed(read(result), like[_numbers(args)])
        except (NotTried, Refused):  # no numbers, on arguments that no case has: it is the learner's to see
            return result

    return answer


def _numbers(arguments: tuple) -> bool:
    """Whether there is no array among them."""
    return not any(isinstance(argument, (np.ndarray, list, tuple)) for argument in arguments)


def arranged(value: Any, reference: Any, returns: tuple[str, ...]) -> Any:
    """An answer that is no function in the form of the reference; axes of length 1 may be left out.

    Raises:
        Refused: another number of values, or another shape.

    Example:
        >>> arranged(([1, 2], 3), (np.zeros((2, 1)), np.zeros(1)), ("W", "b"))
        (array([[1.],
               [2.]]), array([3.]))
    """
    parts = []
    try:
        pairs = list(leaves(read(value), read(reference)))
    except Refused as refused:
        raise Refused(named(refused, returns)) from None
    for place, got, right in pairs:
        if [n for n in got.shape if n > 1] != [n for n in right.shape if n > 1]:
            raise Refused(another_shape(place, got, right, returns, ""))
        parts.append(got.reshape(right.shape))
    return formed(parts if place else parts[0], [reference])


def formed(value: Any, results: list) -> Any:
    """A read value in the form that these results have: tuples, arrays, numbers, whole numbers.

    Example:
        >>> formed(read([3.0, [1, 2]]), [(5, np.zeros(2))])
        (3, array([1., 2.]))
    """
    form = results[0]
    if isinstance(form, dict):
        return {key: formed(value[key], [result[key] for result in results]) for key in form}
    if isinstance(form, (list, tuple)):
        if len(value) != len(form):
            raise Refused("another number of values")
        parts = [formed(part, list(column)) for part, column in zip(value, zip(*results))]
        return parts if isinstance(form, list) else tuple(parts)
    ((_, array, _),) = leaves(value, np.zeros(() if all(np.ndim(r) == 0 for r in results) else 1))
    whole = all(np.asarray(r).dtype.kind in "iu" for r in results) and np.all(array == np.rint(array))
    array = np.array(array, dtype=int if whole else float)
    if array.ndim:
        return array
    return array.item() if all(type(r) in (int, float) for r in results) else array[()]
