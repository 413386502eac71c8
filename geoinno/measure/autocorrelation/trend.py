"""Trend: remove a smooth surface from an indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.measure._geodesy import surface

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_HIGHEST = 4


def detrended(values: pd.Series | str, regions: GeoDataFrame, *, degree: int = 1) -> pd.Series:
    """Remove a smooth surface from an indicator, so that a gradient is not taken for a boundary.

    The residuals of a least-squares polynomial in the coordinates (in an equal-area projection centred
    on the map): high where a region stands above its surroundings.

    Parameters
    ----------
    values
        An indicator by region id; none may be missing.
    regions
        The same regions, in any CRS.
    degree
        1: a plane; 2: a bowl; up to 4.

    Returns
    -------
    Series
        Residuals, named and indexed as ``values``.

    Raises
    ------
    ColumnError
        If there are not twice as many regions as terms of the polynomial.

    References
    ----------
    Unwin, D. J. (1978). An introduction to trend surface analysis. CATMOG 5. Norwich: Geo Abstracts.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> rest = gi.measure.detrended(place.regions["primacy"], place.regions)
    >>> abs(float(rest.mean())) < 1e-12
    True
    """
    _contract.whole(degree, name="degree")
    level = _contract.column(values, _contract.sound_regions(regions))
    placed = _contract.numbers(level, regions=regions).to_numpy()
    terms = [(i, k - i) for k in range(degree + 1) for i in range(k + 1)]
    if degree > _HIGHEST or len(placed) < 2 * len(terms):
        message = (
            f"degree {degree} needs at least {2 * len(terms)} regions (and is at most {_HIGHEST}); "
            f"{len(placed)} are given."
        )
        raise OptionError(message)
    x, y = surface.plane(regions).T
    shape = np.column_stack([x**i * y**k for i, k in terms])
    rest = placed - shape @ np.linalg.lstsq(shape, placed, rcond=None)[0]
    return pd.Series(rest, index=regions.index, name=level.name).reindex(level.index)
