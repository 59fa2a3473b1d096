"""An exercise: the right answer, and the likely mistakes with what to say of each."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.teaching import desk


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
        hints: what `check.hint` says before it shows the solution, one at a time.
        minutes: how long a learner will need for it.
        difficulty: "warm-up", "standard", "build" or "fault".
    """

    name: str
    reference: Any
    mistakes: dict[str, Any]
    cases: tuple[tuple, ...] = ((),)
    rtol: float = 1e-6
    right: str = "Right."
    hints: tuple[str, ...] = ()
    minutes: int = 5
    difficulty: str = "standard"

    def __call__(self, answer: Any) -> Verdict:
        """The verdict; the learner's desk keeps the try, and a right answer."""
        return desk.keep_verdict(self, answer, self.judge(answer), inspect.currentframe().f_back)

    def judge(self, answer: Any) -> Verdict:
        """The verdict, and nothing else happens."""
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
        if any(output is ... for output in outputs):
            return self._verdict("not tried", "Not tried yet.")
        if any(output is None for output in outputs):
            return self._verdict("wrong", "Your function returns nothing: is `return` missing?")
        return self._judge(answer, outputs)

    def _judge(self, answer: Any, outputs: list) -> Verdict:
        expected = self._outputs(self.reference)
        try:
            got = [np.asarray(output, dtype=float) for output in outputs]
        except (TypeError, ValueError):
            return self._verdict("wrong", f"Numbers are asked for, and this is {outputs[0]!r}.")
        if self._same(got, expected):
            return Verdict("right", self.right, answer)
        for said, mistake in self.mistakes.items():
            wrong = self._outputs(mistake)
            if self._same(got, wrong):
                return self._verdict("wrong", f"Not yet. {said}")
        for case, g, e in zip(self.cases, got, expected, strict=True):
            if g.shape != np.shape(e):
                wanted = "One number is" if np.ndim(e) == 0 else f"An array of shape {np.shape(e)} is"
                yours = "one number" if g.ndim == 0 else f"of shape {g.shape}"
                return self._verdict("wrong", f"{wanted} asked for; yours{self._given(case)} is {yours}.")
            if not self._same([g], [e]):
                right = f"; {_brief(e)} is right" if case else ""
                return self._verdict("wrong", f"Not yet. Yours gives {_brief(g)}{self._given(case)}{right}.")
        raise AssertionError("unreachable: some case differs")

    def _outputs(self, answer: Any) -> list:
        if not callable(self.reference):
            return [answer]
        with np.errstate(all="ignore"):
            return [answer(*_copies(case)) for case in self.cases]

    def _same(self, got: list, expected: list) -> bool:
        """Whether all outputs agree; an overflow is the same mistake as another overflow in its place."""
        pairs = zip(got, expected, strict=True)
        return all(
            np.shape(g) == np.shape(e) and np.allclose(g, e, rtol=self.rtol, atol=1e-12, equal_nan=True)
            for g, e in pairs
        )

    def _given(self, case: tuple) -> str:
        """The arguments of a case by name, as in " for w = [1., 2.], lr = 0.1"."""
        if not case:
            return ""
        names = inspect.signature(self.reference).parameters
        return " for " + ", ".join(f"{name} = {_brief(value)}" for name, value in zip(names, case))

    def _verdict(self, status: str, text: str) -> Verdict:
        return Verdict(status, text, self.reference)


def _copies(case: tuple) -> tuple:
    """An answer may change its arguments in place; the next case shall not see it."""
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in case)


def _brief(value) -> str:
    value = np.asarray(value)
    if value.ndim == 0:
        return f"{float(value):.4g}"
    if value.size > 12:
        return f"an array of shape {value.shape}"
    return np.array2string(value, precision=4, separator=", ").replace("\n", "")
