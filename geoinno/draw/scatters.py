"""Scatters in print: each region against its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import classify
from geoinno._contract import aligned, numbers, sound_regions, table_of, whole
from geoinno.draw._layers.headings import begun
from geoinno.draw._layers.names import names
from geoinno.draw._layers.scatter import Scatter
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.figure import Figure


def moran_scatter(
    values: pd.Series,
    local: pd.DataFrame,
    *,
    regions: GeoDataFrame | None = None,
    labels: int = 4,
    max_q: float = 0.05,
    title: str = "",
    width_mm: float = 110,
) -> Figure:
    """Draw each region's value against that of its neighbours (the Moran scatter).

    Regions in the upper right and the lower left are like their neighbours, high or low; those in the
    other quadrants stand out. The slope of the line is Moran's I where each row of weights sums to one
    and no region is without neighbours. Colours are those of `geoinno.draw.cluster_map`.

    Parameters
    ----------
    values
        The values that ``local`` was computed from.
    local
        From `geoinno.measure.local_moran`. Regions without neighbours are left out.
    regions
        Regions whose ``name`` is written beside a point, instead of its id.
    labels
        Number of regions named: those with the largest local statistics, which weigh most in Moran's I. A
        name that would lie on another is left out.
    max_q
        Largest q-value at which a region is coloured as part of a cluster.
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
        If ``local`` has no lag, as a table of another statistic, or the values are all equal.
    AlignmentError
        If values and ``local`` are not of the same regions.

    References
    ----------
    Anselin, L. (1996). The Moran scatterplot as an ESDA tool to assess local instability in spatial
    association. In: Fischer, M., Scholten, H. and Unwin, D. (eds), Spatial Analytical Perspectives on
    GIS. London: Taylor and Francis, 111-125.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> local = gi.measure.local_moran(place.regions["primacy"], gi.weigh.contiguity(place.regions))
    >>> gi.draw.moran_scatter(place.regions["primacy"], local).axes[0].get_xlabel()
    'Primacy, standard deviations from the mean'
    """
    from geoinno.draw._print.scatter import scatter_figure

    points = _scatter(values, local, regions, labels=whole(labels, name="labels"), max_q=max_q)
    return scatter_figure(points, title=title, width_mm=width_mm)


def _scatter(
    values: pd.Series, local: pd.DataFrame, regions: GeoDataFrame | None, *, labels: int, max_q: float
) -> Scatter:
    """Return the points: both coordinates in standard deviations from the mean, clusters and names."""
    level = _checked(values, local)
    known = local["lag"].notna()
    score = (local[["lag"]].astype(float).assign(value=level) - level.mean()) / level.std(ddof=0)
    kind = classify.clusters(local, max_q=max_q).astype(str)
    largest = local["statistic"].abs().nlargest(labels).index
    given = level.name or "value"
    return Scatter(
        value=score.loc[known, "value"].to_numpy(),
        lag=score.loc[known, "lag"].to_numpy(),
        label=tuple(kind[known]),
        name=tuple(_names(local.index, regions).where(local.index.isin(largest), "")[known]),
        xlabel=f"{begun(given)}, standard deviations from the mean",
        ylabel=f"{begun(given)} of the neighbours, in the same units",
    )


def _checked(values: pd.Series, local: pd.DataFrame) -> pd.Series:
    """Return the values in the order of the local statistics; raise where there is nothing to draw."""
    table_of(local, ("lag", "quadrant", "statistic", "q"), name="local", source="gi.measure.local_moran")
    level = numbers(values, ids=local.index, against="local statistics")
    if not level.std(ddof=0) > 0:
        message = "All values are equal: a Moran scatter needs values that differ."
        raise ColumnError(message)
    return level


def _names(ids: pd.Index, regions: GeoDataFrame | None) -> pd.Series:
    """Return what to call each region."""
    if regions is None:
        return pd.Series(ids.astype(str), index=ids)
    return aligned(names(sound_regions(regions)), ids, what="regions", against="local statistics")
