"""Answers of the World Bank: pages of observations become a table by country and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from geoinno.read import _fetching


def span(years: tuple[int, int]) -> str:
    """Return a span of years as the World Bank takes it."""
    try:
        first, last = (int(year) for year in years)
    except (TypeError, ValueError) as error:
        message = f"years must be the first and the last year, such as (2000, 2020); {years!r} was given."
        raise OptionError(message) from error
    return f"{first}:{last}"


def page(answer: _fetching.Answer) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of a page and the number of pages."""
    content = answer.json()
    try:
        if "message" in content[0]:
            words = "; ".join(str(part.get("value", part)) for part in content[0]["message"])
            message = f"The World Bank refuses the request: {words} Check the indicator and the countries."
            raise OptionError(message)
        rows = [
            {
                "region": row["countryiso3code"] or row["country"]["id"],
                "year": int(row["date"]),
                "value": row["value"],
                "flag": row.get("obs_status") or None,
            }
            for row in content[1] or []
        ]
        return rows, int(content[0]["pages"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        if isinstance(error, OptionError):
            raise
        raise answer.refused(str(content)) from error


def by_country(rows: list[dict[str, Any]], indicator: str) -> pd.DataFrame:
    """Return rows by country and year, in the order of years."""
    known = [row for row in rows if row["value"] is not None]
    if not known:
        message = f"The World Bank has no value of {indicator} for this choice."
        raise ColumnError(message)
    table = pd.DataFrame(known).drop_duplicates(["region", "year"]).sort_values(["region", "year"])
    index = pd.MultiIndex.from_frame(table[["region", "year"]])
    values = table["value"].to_numpy("float64", na_value=np.nan)
    return pd.DataFrame({indicator: values, f"{indicator}_flag": table["flag"].to_numpy(object)}, index=index)
