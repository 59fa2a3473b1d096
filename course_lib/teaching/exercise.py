"""An exercise: the right answer, and the likely mistakes with what to say of each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from course_lib.teaching import desk
from course_lib.teaching.judging.comparing import alike, matches
from course_lib.teaching.judging.curves import Curve, Drawing
from course_lib.teaching.judging.differences import difference
from course_lib.teaching.judging.handing_on import arranged, copied, safe
from course_lib.teaching.judging.reading import NotTried, Refused, read
from course_lib.teaching.judging.running import Attempt, attempt
from course_lib.teaching.judging.stops import arguments_fit, left_empty, why_it_stopped
from course_lib.teaching.judging.words import brief, described

_NOTHING = object()  # no answer is handed in


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer."""

    status: str  # "right", "wrong" or "not tried"
    text: str
    answer: Any  # the learner's, when right; the reference otherwise; safe to go on with
    printed: str = ""  # what the answer printed while it was judged
    drawing: Drawing | None = None

    def __repr__(self) -> str:
        printed = "\n".join(f"  {line}" for line in self.printed.split("\n"))
        return f"{self.text}\n\nIt printed:\n{printed}" if self.printed else self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        picture = {"image/png": self.drawing.png()} if self.drawing else {}
        about = {"image/png": {"alt": "Your answer, dashed, and the right one."}} if self.drawing else {}
        return {"text/plain": repr(self)} | picture, about


@dataclass(frozen=True)
class Exercise:
    """A task with a reference answer and its likely mistakes.

    Args:
        name: how the notebook calls it.
        reference: the right answer: a number, an array, a tuple of them, or a function.
        mistakes: what to say -> the wrong answer that deserves it, of the same kind as the reference.
        cases: for a function, the argument tuples on which answers are compared.
        rtol: the relative distance that still counts as right.
        hints: what `check.hint` says before it shows the solution, one at a time.
        minutes: how long a learner will need for it.
        difficulty: "warm-up", "standard", "build" or "fault".
        outcome: (answer, *case) -> what is compared, where many answers are right: not the weights of a net,
            but what comes out of it.
        returns: the names of what is returned, if it is several things.
        curve: how an answer is drawn; a wrong one is shown beside the right one.
        seconds: after this time an answer is stopped.
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
    outcome: Callable | None = None
    returns: tuple[str, ...] = ()
    curve: Curve | None = None
    seconds: float = 5.0

    def __repr__(self) -> str:
        return f"the check of exercise {self.name}: check.{self.name}(my_…)"

    def __call__(self, answer: Any = _NOTHING) -> Verdict:
        """The verdict; the learner's desk keeps the try, and a right answer."""
        if answer is _NOTHING:
            raise TypeError(f"hand in your answer: check.{self.name}(my_…), with its name in place of my_…")
        return desk.keep_verdict(self, answer, self.judge(answer), inspect.currentframe().f_back)

    def judge(self, answer: Any) -> Verdict:
        """The verdict, and nothing else happens: whatever the answer raises, prints or sets stays inside."""
        if answer is None or answer is ...:
            return self._verdict("not tried", "Not tried yet.")
        if callable(self.reference) and not callable(answer):
            return self._verdict("wrong", f"A function is asked for, and this is {described(answer)}.")
        results: list = []  # what is read so far: its length says which case comes next
        tried = attempt(lambda: results.extend(map(_read_or_nothing, self._results(answer))), self.seconds)
        if isinstance(tried.error, (NotTried, NotImplementedError)):
            return self._verdict("not tried", "Not tried yet.", tried.printed)
        if tried.error and (empty := left_empty(tried.error, answer)):
            return self._verdict("not tried", empty, tried.printed)
        if tried.error:
            return self._verdict("wrong", self._stopped(tried, answer, len(results)), tried.printed)
        if any(result is None for result in results):
            return self._verdict("wrong", self._returns_nothing(results), tried.printed)
        tried = replace(tried, value=results)
        with np.errstate(all="ignore"):
            return self._judge(answer, tried)

    def _judge(self, answer: Any, tried: Attempt) -> Verdict:
        expected = self._expected
        if matches(tried.value, expected, self.rtol):
            return Verdict("right", self.right, self._safe(answer), tried.printed)
        drawing = self._drawing(answer, tried.value, expected)
        for said, mistake in self.mistakes.items():
            if matches(tried.value, self._ours(mistake), self.rtol):
                return self._verdict("wrong", f"Not yet. {said}", tried.printed, drawing)
        returns = () if self.outcome else self.returns
        text = difference(tried.value, expected, self.rtol, returns, self._given)
        return self._verdict("wrong", text, tried.printed, drawing)

    def _results(self, answer: Any) -> Iterator:
        """What is compared, case by case: what a function returns, or the answer itself, or its outcome."""
        if callable(self.reference):
            arguments_fit(answer, self._names())
        elif self.outcome:
            answer = self._safe(answer)
        judged = partial(self.outcome, answer) if self.outcome else answer
        called = callable(self.reference) or self.outcome
        for case in self.cases:
            yield judged(*copied(case)) if called else judged

    def _ours(self, answer: Any) -> list:
        return [read(result) for result in self._results(answer)]

    @cached_property
    def _expected(self) -> list:
        return self._ours(self.reference)

    def _safe(self, answer: Any) -> Any:
        """The answer as later cells get it: see `handing_on`."""
        if not callable(self.reference):
            return arranged(answer, self.reference, self.returns)
        return safe(answer, self._names(), self.cases, self._reference_results)

    @cached_property
    def _reference_results(self) -> list:
        """What the reference returns, as it comes; some references are whole trainings."""
        with np.errstate(all="ignore"):
            return [self.reference(*copied(case)) for case in self.cases]

    def _drawing(self, answer: Any, got: list, expected: list) -> Drawing | None:
        if self.curve is None or not alike(got, expected):
            return None
        tried = attempt(lambda: self.curve.of(self._safe(answer)), self.seconds)
        if tried.error:
            return None
        drawing = Drawing(self.curve, tried.value, self.curve.of(self._safe(self.reference)))
        return drawing if drawing.tells() else None

    def _stopped(self, tried: Attempt, answer: Any, number: int) -> str:
        if isinstance(tried.error, Refused):
            return str(tried.error)
        given = self._given(number) if callable(self.reference) and number < len(self.cases) else ""
        return why_it_stopped(tried, answer, self.seconds, given if len(given) < 90 else "")

    def _returns_nothing(self, results: list) -> str:
        """A branch may end without `return`, and the others not."""
        nothing = [number for number, result in enumerate(results) if result is None]
        others = len(results) - len(nothing)
        if not others:
            return "Your function returns nothing: is `return` missing?"
        counted = f"In {others} of {len(results)} cases it returns something."
        return f"It returns nothing{self._given(nothing[0])}: is a `return` missing there? {counted}"

    def _names(self) -> tuple[str, ...]:
        """The names of the arguments of a case."""
        own = not callable(self.reference)  # then a case belongs to the outcome, after the answer
        names = tuple(inspect.signature(self.outcome if own else self.reference).parameters)
        return names[own : len(self.cases[0]) + own]

    def _given(self, number: int) -> str:
        """The arguments of a case by name, as in " for w = [1, 2], lr = 0.1"."""
        case = self.cases[number]
        if not case:
            return ""
        return " for " + ", ".join(f"{name} = {brief(value)}" for name, value in zip(self._names(), case))

    def _verdict(self, status: str, text: str, printed: str = "", drawing: Drawing | None = None) -> Verdict:
        return Verdict(status, text, self._safe(self.reference), printed, drawing)


def _read_or_nothing(result: Any) -> Any:
    return None if result is None else read(result)
