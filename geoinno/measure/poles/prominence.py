"""Prominence: how far the potential of a place rises above the pass to any higher one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno.measure.poles import _summits, _terrain

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph


def prominence(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    *,
    reach_km: float | None = None,
    weights: Graph | None = None,
) -> pd.DataFrame:
    """Measure how far each summit of potential rises above the pass to any higher summit.

    The surface is P_i = M_i w_ii + sum_j M_j 2^(-d_ij / reach_km), with w_ii the mean weight within the
    disc of the region's area. A region is a summit if no neighbour is higher. Between a summit and any
    higher one, the best way over neighbouring regions goes down to a pass; the prominence of the summit is
    ln(P_summit / P_pass). A prominence of 0.1 says that potential falls by about 10% on the way, and a
    summit of high prominence is the centre of a space of its own.

    Parameters
    ----------
    mass
        What attracts, such as people, jobs or gross domestic product: zero or more, by region id, or the
        name of a column of ``regions``.
    regions
        Polygons in any CRS (points if ``weights`` and ``reach_km`` are given).
    reach_km
        The distance over which the weight of mass falls by half, above zero. Half the radius of the
        median region (as a disc of its area) unless given; ``.attrs["reach"]`` says in words which it is.
    weights
        Which regions are neighbours; ``gi.weigh.contiguity(regions)`` unless given. In both cases, parts
        that no link joins are bridged by their shortest pair (``gi.weigh.bridges``).

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``potential``; ``prominence`` (0 for regions that are no summit, infinite for
        the highest); ``yields_to``, the higher summit met at the pass (missing for the highest and where
        there is no summit); ``catchment``, the summit that is reached by always going to the highest
        neighbour. ``.attrs["reach_km"]`` has the reach.

    Raises
    ------
    ColumnError
        If a mass is missing or negative, or all are zero.
    AlignmentError
        If mass, weights and regions cover different regions.
    OptionError
        If the regions are points and no reach is given.

    Notes
    -----
    Neighbours of equal potential are one plateau, and of equal summits the one whose id comes first in the
    alphabet is the higher, so that the order of rows does not matter. Where there is no potential at the
    pass, the prominence is infinite too. Potentials are exact up to 2,048 regions, and within a
    thousandth beyond.

    References
    ----------
    Edelsbrunner, H., Letscher, D. and Zomorodian, A. (2002). Topological persistence and simplification.
    Discrete and Computational Geometry 28, 511-533. doi:10.1007/s00454-002-2885-2
    Chazal, F., Guibas, L. J., Oudot, S. Y. and Skraba, P. (2013). Persistence-based clustering in
    Riemannian manifolds. Journal of the ACM 60(6), 41. doi:10.1145/2535927

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> table = gi.measure.prominence("city_population", regions, reach_km=50)
    >>> regions["name"][table["prominence"].nlargest(3).index].to_list()
    ['Tashkent City', 'Astana', 'Almaty City']
    """
    land = _terrain.terrain(regions, weights)
    size = _terrain.masses(mass, regions)
    reach, words = _terrain.base_reach(reach_km, land)
    potential = _terrain.surfaces(size.to_numpy()[:, None], land, reach=reach, count=1)[0, :, 0]
    found = _summits.summits(potential, land)
    columns = {
        "potential": potential,
        "prominence": found.prominence,
        "yields_to": _summits.region_names(found.yields_to, land.ids),
        "catchment": land.ids[found.rises_to],
    }
    index = mass.index if isinstance(mass, pd.Series) else regions.index
    table = pd.DataFrame(columns, index=land.ids).reindex(index)
    table.attrs.update(reach_km=reach, reach=words)
    return table
