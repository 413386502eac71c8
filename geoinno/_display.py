"""How results show themselves in a notebook: in words, with their main table."""

from __future__ import annotations

import re
from html import escape
from typing import Any, ClassVar

import pandas as pd

_MOST_ROWS = 10
_STYLE = "max-width:72ch;margin:0 0 .6em"


class Displayed:
    """What every result inherits: its words as text, as Markdown and as HTML with its main table.

    The words are those of ``str(result)``. The table is the first of ``displayed_tables`` that the result
    has; a long one is cut in the middle, and says so.
    """

    __slots__ = ()

    displayed_tables: ClassVar[tuple[str, ...]] = ("coefficients", "table", "probabilities", "scores")

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:  # noqa: ANN401 - the notebook's protocol
        """Return the forms in which a notebook may show the result."""
        words = str(self)
        return {
            "text/html": f'<p style="{_STYLE}">{escape(words)}</p>{self._displayed_table()}',
            "text/markdown": in_markdown(words),
            "text/plain": words,
        }

    def _displayed_table(self) -> str:
        """Return the main table as HTML, escaped cell by cell; empty where there is none."""
        found = (getattr(self, name, None) for name in self.displayed_tables)
        table = next((part for part in found if isinstance(part, pd.DataFrame | pd.Series)), None)
        if table is None:
            return ""
        frame = table.to_frame() if isinstance(table, pd.Series) else pd.DataFrame(table)
        return frame.map(_in_words).to_html(
            max_rows=_MOST_ROWS,
            float_format=lambda v: f"{v:.4g}",
            na_rep="",
            border=0,
            show_dimensions=len(frame) > _MOST_ROWS,
        )


def _in_words(cell: object) -> object:
    """Return a cell, parameters by name as they are read: "exponent 1.35"."""
    if not isinstance(cell, dict):
        return cell
    return ", ".join(f"{name} {value:.4g}" for name, value in cell.items())


def in_markdown(words: str) -> str:
    """Return words so that Markdown reads no markup into them: names of columns hold underscores."""
    return re.sub(r"([\\`*_\[\]<>#|~$])", r"\\\1", words)
