"""What the browser adds to the table of the glossary: a search, and headings that sort."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


class GlossaryView(anywidget.AnyWidget):
    """The table, searched and sorted in the browser alone."""

    _esm = (_HERE / "glossary.js").read_text(encoding="utf-8")
    _css = (_HERE / "glossary.css").read_text(encoding="utf-8")

    table = traitlets.Unicode().tag(sync=True)  # HTML

    def close(self) -> None:
        """Take it off the screen, and its layout with it."""
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()
