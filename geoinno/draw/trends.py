"""Trends in print: numbers about the map, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract import named
from geoinno.errors import AlignmentError, ColumnError, OptionError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def trend_lines(
    table: pd.DataFrame | pd.Series,
    *,
    low: pd.DataFrame | pd.Series | None = None,
    high: pd.DataFrame | pd.Series | None = None,
    relative: bool = False,
    unit: str = "",
    title: str = "",
    width_mm: float = 140,
) -> Figure:
    """Draw numbers about the map over the years, such as measures of disparity, a line for each.

    Parameters
    ----------
    table
        Years in rows, a column for each line, such as ``table`` of `geoinno.measure.sigma_convergence`. A
        missing number leaves a gap.
    low, high
        Bounds of intervals, with the years and columns of ``table``; drawn as bands.
    relative
        Show each line as a share of its first number, so that measures in different units can be compared.
    unit
        What the numbers are, beside the axis.
    title
        Above the plot.
    width_mm
        Width in print.

    Returns
    -------
    Figure
        Of matplotlib; ``figure.savefig(path)`` writes it.

    Raises
    ------
    ColumnError
        If there are fewer than two years, a year is no number, or a line shown as a share starts at zero.
    AlignmentError
        If bounds have other years or columns.
    OptionError
        If only one of the bounds is given.

    Examples
    --------
    >>> import geoinno as gi
    >>> states = gi.read.sample("north_america").panel["income"].filter(like="USA")
    >>> figure = gi.draw.trend_lines(gi.measure.sigma_convergence(states).table, unit="Spread")
    >>> len(figure.axes[0].lines)
    2
    """
    from geoinno.draw._print.trend import trend_figure

    lines = _sound(table)
    if (low is None) != (high is None):
        message = "low and high are the two ends of intervals: give both, or neither."
        raise OptionError(message)
    bands = None if low is None or high is None else (_like(low, lines), _like(high, lines))
    if relative:
        first = _first(lines)
        lines = lines / first
        bands = None if bands is None else (bands[0] / first, bands[1] / first)
    heading = unit or ("first year = 1" if relative else "")
    return trend_figure(lines, bands, words=(title, heading), width_mm=width_mm)


def _sound(table: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Return a table by year, ascending, if it has two years."""
    if not isinstance(table, pd.DataFrame | pd.Series) or (table.ndim > 1 and not table.shape[1]):
        message = (
            "table must be a DataFrame with years in rows and a column for each line, or a Series by year; "
            f"{type(table).__name__}{' without columns' * isinstance(table, pd.DataFrame)} was given."
        )
        raise ColumnError(message)
    lines = table.to_frame() if isinstance(table, pd.Series) else table
    if not pd.api.types.is_numeric_dtype(lines.index) or len(lines) < 2:  # noqa: PLR2004
        message = f"Lines need two years or more as the index; it holds {named(lines.index)}."
        raise ColumnError(message)
    text = [name for name in lines if not pd.api.types.is_numeric_dtype(lines[name])]
    if text:
        message = f"Columns {named(text)} are not numeric. Leave them out."
        raise ColumnError(message)
    return lines.sort_index()


def _like(bound: pd.DataFrame | pd.Series, lines: pd.DataFrame) -> pd.DataFrame:
    """Return bounds in the order of the lines."""
    table = bound.to_frame(lines.columns[0]) if isinstance(bound, pd.Series) else bound
    if not isinstance(table, pd.DataFrame):
        message = f"low and high must be tables by year, as the lines are; {type(bound).__name__} was given."
        raise ColumnError(message)
    if {*table.index} != {*lines.index} or {*table.columns} != {*lines.columns}:
        message = "Bounds must have the years and columns of the table that they belong to."
        raise AlignmentError(message)
    return table.loc[lines.index, lines.columns]


def _first(lines: pd.DataFrame) -> pd.Series:
    """Return the first number of each line, above zero."""
    first = lines.bfill().iloc[0]
    flat = first.index[~(first > 0)]
    if len(flat):
        message = f"Lines {named(flat)} do not start above zero, so they have no share. Set relative=False."
        raise ColumnError(message)
    return first
