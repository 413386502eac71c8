"""Points: count or sum firms, patents or inventors by region."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from geoinno import _contract
from geoinno.errors import ColumnError, CrsError, DataWarning, OptionError, RegionError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pyproj import CRS


def located(
    points: GeoDataFrame,
    regions: GeoDataFrame,
    *,
    value: str | None = None,
    how: Literal["count", "sum", "mean"] = "count",
) -> pd.Series:
    """Count or sum up points by region.

    A high value says that many firms, patents or inventors are in the region, or large ones.

    Parameters
    ----------
    points
        Points in the CRS of ``regions``, with any index.
    regions
        Polygons.
    value
        Numeric column of ``points`` to sum or average; none for ``count``.
    how
        ``count`` of the points, ``sum`` or ``mean`` of their values.

    Returns
    -------
    Series
        By region id in the order of ``regions``, named ``count`` or as the column. Regions without
        points have 0, or no mean (missing). A table without points gives just that.

    Raises
    ------
    ColumnError
        If the column is absent, not numeric, or has no value at some point.
    CrsError
        If the two are not in the same CRS.
    RegionError
        If regions are not sound polygons, or a point has no coordinates.

    Warns
    -----
    DataWarning
        If points lie outside all regions; they are named and not counted.

    Notes
    -----
    A point on a common border, or in an overlap, belongs to the first of its regions in their order.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("austria").regions
    >>> points = regions.representative_point().to_frame("geometry")
    >>> set(gi.read.located(points, regions))
    {1}
    """
    _contract.option(how, ("count", "sum", "mean"), name="how")
    _contract.polygons(regions)
    _sound_points(points, regions)
    sizes = _sizes(points, value, how=how)
    home = _homes(points.geometry.to_numpy(), regions.geometry.to_numpy())
    inside = home >= 0
    _warn_outside(points.index[~inside])
    count = np.bincount(home[inside], minlength=len(regions))
    if sizes is None:
        return pd.Series(count, index=regions.index, name="count")
    total = np.bincount(home[inside], weights=sizes[inside], minlength=len(regions))
    if how == "mean":
        total = np.divide(total, count, out=np.full(len(regions), np.nan), where=count > 0)
    return pd.Series(total, index=regions.index, name=value)


def _sound_points(points: GeoDataFrame, regions: GeoDataFrame) -> None:
    """Raise where ``points`` are not points, or not in the CRS of ``regions``."""
    if not isinstance(points, pd.DataFrame) or not hasattr(points, "geometry"):
        message = f"points must be a GeoDataFrame; {type(points).__name__} was given."
        raise RegionError(message)
    if points.crs is None:
        message = "The points have no CRS. State it: points.set_crs(4326) for degrees."
        raise CrsError(message)
    crs: CRS = points.geometry.crs
    if not crs.equals(regions.crs, ignore_axis_order=True):
        message = (
            f"Points are in {crs.to_string()}, regions in {regions.crs.to_string()}. "
            "Bring them into one CRS: points.to_crs(regions.crs)."
        )
        raise CrsError(message)
    other = points.index[(points.geom_type != "Point") | points.geometry.is_empty]
    if len(other):
        message = f"No point in the rows {_contract.named(other)}. Drop them or take points.explode()."
        raise RegionError(message)


def _sizes(points: GeoDataFrame, value: str | None, *, how: str) -> NDArray[np.float64] | None:
    """Return what each point weighs; nothing where points are counted."""
    if (value is None) != (how == "count"):
        message = f"how={how!r} with value={value!r}: count takes no value, sum and mean need one."
        raise OptionError(message)
    if value is None:
        return None
    if value not in points.columns:
        message = f"The points have no column {value!r}; there are {_contract.named(points.columns)}."
        raise ColumnError(message)
    column = points[value]
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        message = f"Column {value!r} of the points must be numeric; its type is {column.dtype}."
        raise ColumnError(message)
    sizes = column.to_numpy("float64", na_value=np.nan)
    bad = points.index[~np.isfinite(sizes)]
    if len(bad):
        message = f"Column {value!r} has no finite value at the points {_contract.named(bad)}. Drop these."
        raise ColumnError(message)
    return sizes


def _homes(points: NDArray[np.object_], polygons: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the number of the first polygon that holds each point, -1 where none does."""
    home = np.full(len(points), -1, dtype=np.int64)
    # The tree holds the points: each polygon is then prepared once for all that are near it.
    region, point = shapely.STRtree(points).query(polygons, predicate="intersects")
    # Polygons come in their order; of those that share a point, the one written last stays.
    home[point[::-1]] = region[::-1]
    return home


def _warn_outside(outside: pd.Index) -> None:
    """Warn of points in no region."""
    if len(outside):
        message = f"Points outside all regions are not counted: {_contract.named(outside)}."
        warnings.warn(message, DataWarning, stacklevel=3)
