"""What a notebook shows of the glossary: a plain table, and with a kernel one to search and to sort."""

from __future__ import annotations

import html
import re

from course_lib.teaching.glossary.terms import TERMS, Term

HEADINGS = ("English", "中文", "symbol", "meaning", "chapter")
_LANGUAGES = ("en", "zh-Hans", "", "", "")  # for those who have it read aloud


def glossary() -> Glossary:
    """Every key term of the course, in English and Chinese, with its symbol, meaning and chapter.

    Returns:
        What the notebook shows: a table, and with a kernel a field to search it and headings that sort it.

    Example:
        >>> [term.chinese for term in glossary().terms if term.english == "gradient"]
        ['梯度']
    """
    return Glossary(TERMS)


class Glossary:
    """A table of terms; made by `glossary`."""

    def __init__(self, terms: tuple[Term, ...]):
        self.terms = terms
        self._view = None

    def __repr__(self) -> str:
        return f"A glossary of {len(self.terms)} terms."

    def _repr_html_(self) -> str:
        """The table without a kernel. The browser's own search finds a term in it."""
        head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
        rows = "\n".join(f"<tr>{''.join(map(_cell, _LANGUAGES, term))}</tr>" for term in self.terms)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        from course_lib.live import cells  # widgets are only needed once something is shown
        from course_lib.teaching.glossary.view import GlossaryView

        if self._view is None:
            self._view = GlossaryView(table=self._repr_html_())
        cells.remember(self._view)
        return self._view._repr_mimebundle_()[0] | {"text/plain": repr(self), "text/html": self._repr_html_()}


def _cell(language: str, text: str) -> str:
    """A cell of the table; left, because JupyterLab puts text of tables to the right."""
    spoken = f' lang="{language}"' if language else ""
    text = html.escape(text, quote=False)
    text = re.sub(r"_\{(.*?)\}", r"<sub>\1</sub>", text)
    text = re.sub(r"\^\{(.*?)\}", r"<sup>\1</sup>", text)
    return f'<td{spoken} style="text-align: left">{text}</td>'
