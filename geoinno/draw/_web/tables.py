"""Tables as HTML, escaped cell by cell."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from geoinno.draw._layers.words import number

_MOST_ROWS = 300
_ENDS = 10


def shortened(table: pd.DataFrame) -> str:
    """Return the numbers as an HTML table: all rows, or both ends of a long one."""
    if len(table) > _MOST_ROWS:
        numeric = table.select_dtypes("number").columns
        ordered = table.sort_values(numeric[0], ascending=False) if len(numeric) else table
        table = pd.concat([ordered.head(_ENDS), ordered.tail(_ENDS)])
    return html_table(table)


def html_table(table: pd.DataFrame) -> str:
    """Return a table as HTML, escaped cell by cell."""
    top = "".join(f"<th>{escape(str(c))}</th>" for c in table.columns)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.itertuples(index=False, name=None))
    return f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object) -> str:
    """Return one cell, escaped."""
    if pd.isna(value):  # type: ignore[call-overload]
        return "<td></td>"
    if isinstance(value, int | float | np.number):
        return f'<td class="gi-number">{number(float(value))}</td>'
    return f"<td>{escape(str(value))}</td>"
