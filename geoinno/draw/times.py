"""Times: the same regions at several times, or in several scenarios, in the same classes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, column, named, polygons
from geoinno.draw._layers import classed as _fills
from geoinno.draw._layers.headings import begun, in_words
from geoinno.draw._layers.names import lead_columns, values_in_words
from geoinno.draw.palette import DEFAULT
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno.classify.breaks import Scheme
    from geoinno.draw._layers.layer import Layer

_FEWEST = 2


def over_time(
    regions: GeoDataFrame,
    panel: pd.DataFrame | pd.Series | Sequence[str],
    *,
    scheme: Scheme | Sequence[float] = "quantiles",
    count: int = 5,
    midpoint: float | tuple[float, float] | None = None,
    palette: str | Sequence[str] = DEFAULT,
    legend: str = "",
) -> tuple[Layer, ...]:
    """Fill regions at several times, or before and after, in the same classes.

    On the web a sheet of these layers has a slider (up to six times: a choice); in print it is a set of small
    maps beside one legend.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    panel
        Numbers by region id (rows) and time (columns, in their order), such as ``before`` and ``after``; or a
        column of a panel, indexed by region and year; or a list of columns of the regions, one for each time.
    scheme, count, midpoint, palette, legend
        As for `choropleth`; classes are taken from all times together. A pair as midpoint bounds a class of
        its own in which nothing counts as changed.

    Returns
    -------
    tuple
        A layer for each time, for ``sheet(*layers)``.

    Raises
    ------
    ColumnError
        If there are fewer than two times.
    AlignmentError
        If panel and regions cover different regions.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> income = place.panel["income"].unstack()[[1929, 2009]]
    >>> states = place.regions.loc[income.index]
    >>> [layer.name for layer in gi.draw.over_time(states, income)]
    ['1929', '2009']
    """
    placed = aligned(_wide(panel, polygons(regions)), regions.index, what="panel", against="regions")
    every = placed.to_numpy(np.float64, na_value=np.nan).ravel()
    pooled = pd.Series(every, index=[f"{i}" for i in range(len(every))], name="panel")
    shared = _fills.class_limits(pooled, scheme, count)
    classes = _fills.Classes(shared, count, midpoint, palette, pooled, own=not isinstance(scheme, str))
    layers = []
    for time in placed.columns:
        layer = _fills.classed(regions, placed[time], classes=classes, legend=legend)
        layers.append(replace(layer, name=in_words(time), period=in_words(time)))
    return tuple(layers)


def over_scenarios(
    regions: GeoDataFrame,
    table: pd.DataFrame,
    values: str,
    *,
    notes: pd.Series | None = None,
    scheme: Scheme | Sequence[float] = "quantiles",
    count: int = 6,
    midpoint: float | tuple[float, float] | None = 0.0,
    palette: str | Sequence[str] = DEFAULT,
) -> tuple[Layer, ...]:
    """Fill regions in several scenarios, such as a border that opens by degrees, in the same classes.

    On the web a sheet of more than six of these layers has one slider: the map, the tooltips with all columns
    of the table, and the note under the legend move with it. In print it is a set of small maps.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    table
        Indexed by scenario and region, such as the ``table`` of `geoinno.simulate.opening_grid`.
    values
        The column that fills the regions and titles the legend; the other columns, numbers or words, stand in
        the tooltips.
    notes
        A sentence or two for each scenario.
    scheme, count, midpoint, palette
        As for `over_time`; classes are taken from all scenarios together, and diverge at zero unless another
        midpoint is given.

    Returns
    -------
    tuple
        A layer for each scenario, for ``sheet(*layers)``.

    Raises
    ------
    ColumnError
        If the table is not by scenario and region, lacks the column, or has fewer than two scenarios.
    AlignmentError
        If table and regions, or notes and scenarios, differ.

    Examples
    --------
    >>> import geoinno as gi, pandas as pd
    >>> regions = gi.read.sample("central_asia").regions
    >>> half, whole = (regions[["primacy"]] * share for share in (0.5, 1.0))
    >>> table = pd.concat({"half open": half, "open": whole})
    >>> [layer.name for layer in gi.draw.over_scenarios(regions, table, "primacy")]
    ['half open', 'open']
    """
    wide = _by_scenario(table, values)
    layers = over_time(
        regions, wide, scheme=scheme, count=count, midpoint=midpoint, palette=palette, legend=values
    )
    words = {} if notes is None else _notes(notes, wide.columns)
    lead = lead_columns(regions)
    every = lead.rename(columns={"": "region"}).join(wide)
    headings = {str(name): begun(name) for name in table}
    answer = []
    for layer, scenario in zip(layers, wide.columns, strict=True):
        part = table.loc[[scenario]].droplevel(0)
        cells = aligned(part, regions.index, what="table", against="regions")
        first = replace(layer.legends[0], title=begun(values), note=words.get(scenario, ""))
        tips = layer.tips.assign(**{str(name): _cells(cells[name]) for name in cells if name != values})
        legends = (first, *layer.legends[1:])
        answer.append(replace(layer, tips=tips, table=every, legends=legends, glossary=headings))
    return tuple(answer)


def _by_scenario(table: pd.DataFrame, values: str) -> pd.DataFrame:
    """Return one column by region (rows) and scenario (columns), in the order of the scenarios."""
    if not isinstance(table, pd.DataFrame) or table.index.nlevels != _FEWEST:
        message = "The table must be indexed by scenario and region, as gi.simulate.opening_grid gives it."
        raise ColumnError(message)
    if values not in table.columns:
        message = f"The table has no column {values!r}; its columns are {named(table.columns)}."
        raise ColumnError(message)
    order = pd.unique(table.index.get_level_values(0))
    return table[values].unstack(level=0)[order].rename(columns=str)  # noqa: PD010 - to a wide table


def _notes(notes: pd.Series, scenarios: pd.Index) -> dict[str, str]:
    """Return the note of each scenario, every one of which has one."""
    placed: pd.Series = aligned(notes, scenarios, what="notes", against="scenarios")
    return {str(scenario): str(note) for scenario, note in placed.items()}


def _cells(column: pd.Series) -> pd.Series:
    """Return numbers as a reader meets them, and words as they are."""
    return values_in_words(column) if pd.api.types.is_numeric_dtype(column) else column


def _wide(panel: pd.DataFrame | pd.Series | Sequence[str], regions: GeoDataFrame) -> pd.DataFrame:
    """Return numbers by region in rows and time in columns."""
    if isinstance(panel, list | tuple) and all(isinstance(name, str) for name in panel):
        panel = pd.DataFrame({name: column(name, regions) for name in panel})
    table: object = panel
    if isinstance(panel, pd.Series) and panel.index.nlevels == _FEWEST:
        table = panel.unstack()  # noqa: PD010 - back to a wide table
    if not isinstance(table, pd.DataFrame) or table.shape[1] < _FEWEST:
        message = (
            "panel must be a table of two times or more (regions in rows, times in columns), a Series by "
            "region and year, or a list of columns of the regions."
        )
        raise ColumnError(message)
    return table
