"""An exercise: the right answer, and the likely mistakes with what to say of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer."""

    status: str  # "right", "wrong" or "not tried"
    text: str
    answer: Any  # the learner's, when right; the reference otherwise

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Exercise:
    """A task with a reference answer and its likely mistakes.

    Args:
        name: how the notebook calls it.
        reference: the right answer: a number or array, or a function.
        mistakes: what to say -> the wrong answer that deserves it, of the same kind as the reference.
        cases: for a function, the argument tuples on which answers are compared.
        rtol: the relative distance that still counts as right.
    """

    name: str
    reference: Any
    mistakes: dict[str, Any]
    cases: tuple[tuple, ...] = ((),)
    rtol: float = 1e-6
    right: str = "Right."

    def __call__(self, answer: Any) -> Verdict:
        if answer is None or answer is ...:
            return self._verdict("not tried", "Not tried yet.")
        if callable(self.reference) and not callable(answer):
            return self._verdict("wrong", f"A function is asked for, and this is {answer!r}.")
        try:
            outputs = self._outputs(answer)
        except NotImplementedError:
            return self._verdict("not tried", "Not tried yet.")
        except Exception as error:  # the answer is a learner's code: whatever it raises is told, not raised
            return self._verdict("wrong", f"It stopped with {type(error).__name__}: {error}")
        if any(output is None or output is ... for output in outputs):
            return self._verdict("not tried", "Not tried yet.")
        return self._judge(answer, outputs)

    def _judge(self, answer: Any, outputs: list) -> Verdict:
        expected = self._outputs(self.reference)
        try:
            got = [np.asarray(output, dtype=float) for output in outputs]
        except (TypeError, ValueError):
            return self._verdict("wrong", f"Numbers are asked for, and this is {outputs[0]!r}.")
        for case, g, e in zip(self.cases, got, expected, strict=True):
            if g.shape != np.shape(e):
                return self._verdict(
                    "wrong", f"The shape should be {np.shape(e)}, yours is {g.shape}{_given(case)}."
                )
        if self._same(got, expected):
            return Verdict("right", self.right, answer)
        for said, mistake in self.mistakes.items():
            wrong = self._outputs(mistake)
            if self._same(got, wrong):
                return self._verdict("wrong", f"Not yet. {said}")
        for case, g, e in zip(self.cases, got, expected, strict=True):
            if not self._same([g], [e]):
                return self._verdict("wrong", f"Not yet. Yours gives {_brief(g)}{_given(case)}.")
        raise AssertionError("unreachable: some case differs")

    def _outputs(self, answer: Any) -> list:
        if not callable(self.reference):
            return [answer]
        with np.errstate(all="ignore"):
            return [answer(*_copies(case)) for case in self.cases]

    def _same(self, got: list, expected: list) -> bool:
        pairs = zip(got, expected, strict=True)
        return all(
            np.shape(g) == np.shape(e) and np.allclose(g, e, rtol=self.rtol, atol=1e-12) for g, e in pairs
        )

    def _verdict(self, status: str, text: str) -> Verdict:
        return Verdict(status, text, self.reference)


def _copies(case: tuple) -> tuple:
    """An answer may change its arguments in place; the next case shall not see it."""
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in case)


def _given(case: tuple) -> str:
    return f" for {', '.join(_brief(value) for value in case)}" if case else ""


def _brief(value) -> str:
    if isinstance(value, np.ndarray) and value.size > 8:
        return f"an array of shape {value.shape}"
    return np.array2string(np.asarray(value), precision=4, separator=", ") if np.size(value) else repr(value)
