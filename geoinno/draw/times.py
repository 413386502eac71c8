"""Times: the same regions at several times, or before and after, in the same classes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, column, polygons
from geoinno.draw._layers import classed as _fills
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
    midpoint: float | None = None,
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
        As for `choropleth`; classes are taken from all times together.

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
    from geoinno.classify import limits

    placed = aligned(_wide(panel, polygons(regions)), regions.index, what="panel", against="regions")
    every = placed.to_numpy(np.float64, na_value=np.nan).ravel()
    pooled = pd.Series(every, index=[f"{i}" for i in range(len(every))], name="panel")
    shared = [float(limit) for limit in limits(pooled, scheme=scheme, count=count)]
    classes = _fills.Classes(shared, count, midpoint, palette)
    layers = [
        _fills.classed(regions, placed[time], classes=classes, title=str(time), legend=legend or str(time))
        for time in placed.columns
    ]
    return tuple(replace(layer, period=str(time)) for layer, time in zip(layers, placed.columns, strict=True))


def _wide(panel: pd.DataFrame | pd.Series | Sequence[str], regions: GeoDataFrame) -> pd.DataFrame:
    """Return numbers by region in rows and time in columns."""
    if isinstance(panel, list | tuple) and all(isinstance(name, str) for name in panel):
        panel = pd.DataFrame({name: column(name, regions) for name in panel})
    table = panel.unstack() if isinstance(panel, pd.Series) else panel  # noqa: PD010 - back to a wide table
    if not isinstance(table, pd.DataFrame) or table.shape[1] < _FEWEST:
        message = (
            "panel must be a table of two times or more (regions in rows, times in columns), a Series by "
            "region and year, or a list of columns of the regions."
        )
        raise ColumnError(message)
    return table
