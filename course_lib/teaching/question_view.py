"""What the browser shows of a question: options or a field, a button, and the reply."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


class QuestionView(anywidget.AnyWidget):
    """A form. It sends `{"guess": text}`, and takes `{"answered": True}` when the reply is in its traits."""

    _esm = (_HERE / "predict.js").read_text(encoding="utf-8")
    _css = (_HERE / "predict.css").read_text(encoding="utf-8")

    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List().tag(sync=True)  # none: a number is asked for
    unit = traitlets.Unicode().tag(sync=True)  # behind the number
    guess = traitlets.Unicode().tag(sync=True)  # the one that is replied to
    said = traitlets.List().tag(sync=True)  # the reply, in paragraphs
    right = traitlets.Bool(False).tag(sync=True)
    committed = traitlets.Bool(False).tag(sync=True)  # whether a first guess is kept

    def __init__(self, asked):
        super().__init__(
            question=asked.question, options=[] if asked.is_number else list(asked.replies), unit=asked.unit
        )
        self._asked = asked
        if first := asked.first_guess():
            self._reply(first)
        self.on_msg(self._on_message)

    def _reply(self, guess: str) -> None:
        said, right = self._asked.answer(guess)
        with self.hold_sync():
            self.guess, self.said, self.right = guess, said, right
            self.committed = bool(self._asked.first_guess())

    def _on_message(self, _widget, message: dict, _buffers) -> None:
        self._reply(message["guess"])
        self.send({"answered": True})

    def close(self) -> None:
        """Take it off the screen, and its layout with it."""
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()
