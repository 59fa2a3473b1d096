"""Questions to answer before the picture shows it: the first guess is kept, and each has its own reply."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from typing import Any

from course_lib.teaching.desk import progress


def predict(
    name: str,
    question: str,
    replies: Mapping[str, str] | Mapping[float, str],
    *,
    right: str | float,
    otherwise: str | None = None,
    unit: str = "",
    rtol: float = 0.05,
) -> Question:
    """Ask for a guess, keep the first one, and reply to it.

    Args:
        name: the number of the chapter and what it is about, as "01-mirror"; the desk keeps the guess by it.
        question: plain text; `code` may stand between backticks.
        replies: what to say to each guess. With texts as keys, these are the options. With numbers, a number
            is asked for, and the nearest key within `rtol` replies.
        right: which of the keys is right.
        otherwise: what to say to a number that is near none of the keys.
        unit: what stands behind the field of a number.
        rtol: how far a number may be from a key, relative to it.

    Returns:
        What the notebook shows: the question with its options, and with a kernel a button to commit.

    Raises:
        ValueError: the right answer has no reply, or a number could be left without one.

    Example:
        >>> replies = {"at 0": "Yes: 1 − 10·0.1 = 0.", "on the other side": "That takes more than 0.1."}
        >>> predict("01-lands", "Where does the step land at η = 0.1?", replies, right="at 0")
        Predict. Where does the step land at η = 0.1?
          ○ at 0
          ○ on the other side
    """
    if not re.fullmatch(r"\d\d-[a-z0-9-]+", name):
        raise ValueError(f"name must be like '01-mirror', the chapter and what it is about, got {name!r}")
    if right not in replies:
        raise ValueError(f"right must be one of {', '.join(map(repr, replies))}, got {right!r}")
    numbers = not isinstance(right, str)
    if any(isinstance(key, str) == numbers for key in replies):
        raise ValueError(f"replies must all belong to options or all to numbers, got {list(replies)}")
    if numbers == (otherwise is None):
        raise ValueError("give otherwise for a number, which may be any; options need none")
    return Question(name, question, dict(replies), right, otherwise, unit, rtol)


class Question:
    """One question in a notebook; made by `predict`."""

    def __init__(self, name, question, replies, right, otherwise, unit, rtol):
        self.name, self.question, self.replies, self.right = name, question, replies, right
        self.otherwise, self.unit, self.rtol = otherwise, unit, rtol
        self._view = None

    @property
    def is_number(self) -> bool:
        return not isinstance(self.right, str)

    def answer(self, guess: str) -> tuple[list[str], bool]:
        """Take a guess, as it was chosen or typed.

        Returns:
            What to say to it, in paragraphs, and whether it is right. The first guess is kept; of a later one
            it is said that the first counts.
        """
        guess = guess.strip()
        key = self._key(guess)
        if key is _NONE:
            return ["Type a number, such as 0.2." if self.is_number else "Choose one first."], False
        right = key == self.right
        first = {}

        def keep(record):
            if self._key(record["guesses"].get(self.name, {}).get("guess", "")) is _NONE:
                record["guesses"].pop(self.name, None)  # the course asks for something else now
            progress.keep_guess(record, self.name, guess, right=right)
            first.update(record["guesses"][self.name])

        note = progress.change(keep)
        said = [self.replies[key] if key is not None else self.otherwise]
        if first["guess"] != guess:
            said.append(f"Your first guess was {first['guess']}; it is the one that counts.")
        return said + [note] * bool(note), right

    def _key(self, guess: str) -> Any:
        """The reply that a guess gets: a key, None for `otherwise`, or _NONE for no guess at all."""
        if not self.is_number:
            return guess if guess in self.replies else _NONE
        try:
            text = guess.replace("−", "-")
            number = float(text.replace(",", "" if _THOUSANDS.fullmatch(text) else "."))
        except ValueError:
            return _NONE
        if not math.isfinite(number):
            return _NONE
        near = [key for key in self.replies if abs(number - key) <= self.rtol * abs(key)]
        return min(near, key=lambda key: abs(number - key), default=None)

    def first_guess(self) -> str:
        """The guess that counts, or nothing if none was made yet."""
        guess = progress.read()[0]["guesses"].get(self.name, {}).get("guess", "")
        return "" if self._key(guess) is _NONE else guess

    # -- what is shown ---------------------------------------------------------------------------

    def __repr__(self) -> str:
        options = [] if self.is_number else [f"  ○ {option}" for option in self.replies]
        return "\n".join([f"Predict. {self.question}", *options]).replace("`", "")

    def _repr_html_(self) -> str:
        """The question without a kernel: to be read, and answered in one's head."""
        options = [] if self.is_number else list(self.replies)
        items = "".join(f"<li>{_marked(option)}</li>" for option in options)
        listed = f'<ul style="list-style: circle">{items}</ul>' if items else ""
        return f"<p><strong>Predict.</strong> {_marked(self.question)}</p>{listed}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        from course_lib.live import cells  # widgets are only needed once something is shown
        from course_lib.teaching.question_view import QuestionView

        if self._view is None:
            self._view = QuestionView(self)
        cells.remember(self._view)
        return self._view._repr_mimebundle_()[0] | {"text/plain": repr(self), "text/html": self._repr_html_()}


_NONE = object()
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


def _marked(text: str) -> str:
    return re.sub(r"`(.*?)`", r"<code>\1</code>", html.escape(text, quote=False))
