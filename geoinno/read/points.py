"""Points: count or sum firms, patents or inventors by region."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas
import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, CrsError, DataWarning, OptionError, RegionError
from geoinno.read import _records
from geoinno.read._raster import tested_homes
from geoinno.scale import engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._types import Floats, Ints
    from geoinno.scale import Engine, Executor


def located(
    points: GeoDataFrame | str | Path | Sequence[str | Path],
    regions: GeoDataFrame,
    *,
    value: str | None = None,
    how: Literal["count", "sum", "mean"] = "count",
    coordinates: tuple[str, str] = ("lon", "lat"),
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.Series:
    """Count or sum up points by region.

    A high value says that many firms, patents or inventors are in the region, or large ones.

    Parameters
    ----------
    points
        Points in the CRS of ``regions``, with any index. Or Parquet files of any size: a path, several, or
        a folder of them, read a block at a time.
    regions
        Polygons.
    value
        Numeric column of ``points`` to sum or average; none for ``count``.
    how
        ``count`` of the points, ``sum`` or ``mean`` of their values.
    coordinates
        Of Parquet files, the columns of x and y, in the CRS of ``regions``.
    executor
        Of Parquet files, who runs the blocks: anything with ``submit(function, *arguments)``, such as a
        ``ThreadPoolExecutor`` or a Dask ``Client``. None takes the threads of this machine.
    store
        Folder in which finished blocks are kept, so that the same call goes on after an interruption.

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
        If points lie outside all regions; they are named (of files, counted) and left out.

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
    _sound_measure(value, how=how)
    if isinstance(points, (str, Path, list, tuple)):
        return _from_files(
            points, regions, value, how=how, coordinates=coordinates, engine=engine(executor, store)
        )
    placed = _sound_points(points, regions)
    sizes = _sizes(placed, value)
    home = tested_homes(placed.geometry.to_numpy(), regions.geometry.to_numpy())
    inside = home >= 0
    _warn_outside(placed.index[~inside])
    count: Ints = np.bincount(home[inside], minlength=len(regions)).astype(np.int64)
    if sizes is None:
        return pd.Series(count, index=regions.index, name="count")
    total = np.bincount(home[inside], weights=sizes[inside], minlength=len(regions)).astype(np.float64)
    return pd.Series(_averaged(total, count) if how == "mean" else total, index=regions.index, name=value)


def _averaged(total: Floats, count: Ints) -> Floats:
    """Return sums over counts, missing where nothing was counted."""
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)


def _from_files(
    paths: str | Path | Sequence[str | Path],
    regions: GeoDataFrame,
    value: str | None,
    *,
    how: str,
    coordinates: tuple[str, str],
    engine: Engine,
) -> pd.Series:
    """Return the counts, sums or means of points in Parquet files."""
    found = _records.counted_points(
        _records.files(paths),
        regions.geometry.to_numpy(),
        coordinates=coordinates,
        value=value,
        engine=engine,
    )
    if found.outside:
        message = f"Points outside all regions are not counted: {found.outside:,} of them."
        if not found.count.any():
            x, y = coordinates
            message += f" No region has any: is {x!r} x and {y!r} y, in the CRS of the regions?"
        warnings.warn(message, DataWarning, stacklevel=3)
    if how == "count":
        return pd.Series(found.count, index=regions.index, name="count")
    numbers = _averaged(found.total, found.count) if how == "mean" else found.total
    return pd.Series(numbers, index=regions.index, name=value)


def _sound_points(points: object, regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``points`` if they are points in the CRS of ``regions``."""
    if not isinstance(points, geopandas.GeoDataFrame) or points.active_geometry_name is None:
        message = (
            f"points must be a GeoDataFrame, or the path of Parquet files; {type(points).__name__} was given."
        )
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
    return points


def _sound_measure(value: str | None, *, how: str) -> None:
    """Raise where points are counted by a value, or summed without one."""
    if (value is None) != (how == "count"):
        message = f"how={how!r} with value={value!r}: count takes no value, sum and mean need one."
        raise OptionError(message)


def _sizes(points: GeoDataFrame, value: str | None) -> NDArray[np.float64] | None:
    """Return what each point weighs; nothing where points are counted."""
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


def _warn_outside(outside: pd.Index) -> None:
    """Warn of points in no region."""
    if len(outside):
        message = f"Points outside all regions are not counted: {_contract.named(outside)}."
        warnings.warn(message, DataWarning, stacklevel=3)
