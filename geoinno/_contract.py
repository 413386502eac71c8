"""What a sound input is: one check for each promise, called at every public door.

Each check returns the input in the form that the rooms work with, or raises an error that
names the column, the first offending regions with their count, and the remedy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from geoinno.errors import AlignmentError, ColumnError, CrsError, FlowError, RegionError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray

FLOW_COLUMNS = ("origin", "destination", "value")
_SHOWN = 5
_Table = TypeVar("_Table", bound="pd.Series | pd.DataFrame")


def named(ids: Iterable[Hashable]) -> str:
    """Return the first few ids and the count, as error messages show them."""
    listed = list(ids)
    shown = ", ".join(repr(i) for i in listed[:_SHOWN])
    more = f" and {len(listed) - _SHOWN:,} more" if len(listed) > _SHOWN else ""
    return f"{shown}{more} ({len(listed):,} in all)"


def option(value: str, allowed: Sequence[str], *, name: str) -> str:
    """Return ``value`` if it is one of the ``allowed`` words."""
    if value not in allowed:
        words = ", ".join(repr(a) for a in allowed)
        message = f"{name} must be one of {words}; {value!r} was given."
        raise ColumnError(message)
    return value


def positive(value: float, *, name: str, zero: bool = False) -> float:
    """Return ``value`` if it is a finite number above zero (or at zero, with ``zero=True``)."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0 or (value == 0 and not zero):
        bound = "zero or more" if zero else "above zero"
        message = f"{name} must be a finite number {bound}; {value!r} was given."
        raise ColumnError(message)
    return float(value)


def whole(value: int, *, name: str, least: int = 1) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        message = f"{name} must be a whole number of at least {least:,}; {value!r} was given."
        raise ColumnError(message)
    return int(value)


def region_ids(index: pd.Index, *, what: str = "regions") -> pd.Index:
    """Return ``index`` if it holds unique, non-null string ids."""
    if len(index) == 0:
        message = f"The {what} are empty: there is no row to work on."
        raise RegionError(message)
    if isinstance(index, pd.MultiIndex):
        message = f"The {what} have a MultiIndex; set the region id alone as the index."
        raise RegionError(message)
    unsound = [i for i in index.tolist() if not isinstance(i, str) or not i]
    if unsound:
        message = (
            f"The index of the {what} must hold non-empty string ids; found {named(unsound)}. Read them "
            "with gi.read, or set the id column as index: table.set_index(table['id'].astype(str))."
        )
        raise RegionError(message)
    if not index.is_unique:
        repeated = index[index.duplicated()].unique()
        message = f"Ids of the {what} repeat: {named(repeated)}. Keep or dissolve one row for each."
        raise RegionError(message)
    return index


def identified(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound and a CRS is set that the coordinates can be in."""
    if not isinstance(regions, pd.DataFrame) or not hasattr(regions, "crs"):
        message = f"regions must be a GeoDataFrame; {type(regions).__name__} was given."
        raise RegionError(message)
    region_ids(regions.index)
    if regions.crs is None:
        message = "The regions have no CRS. State it: regions.set_crs(4326) for degrees."
        raise CrsError(message)
    _plausible_degrees(regions)
    return regions


def sound_regions(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound, a CRS is set and no geometry is empty."""
    identified(regions)
    empty = regions.index[regions.geometry.isna() | regions.geometry.is_empty]
    if len(empty):
        message = f"Empty geometry in {named(empty)}. Drop these regions or mend their shapes."
        raise RegionError(message)
    return regions


def _plausible_degrees(regions: GeoDataFrame) -> None:
    """Raise where metres or kilometres are declared as degrees."""
    low_x, low_y, high_x, high_y = regions.total_bounds
    beyond = low_x < -360 or high_x > 540 or low_y < -90.001 or high_y > 90.001  # noqa: PLR2004
    if beyond and regions.crs.is_geographic:
        message = (
            f"The CRS {regions.crs.to_string()} is in degrees, but coordinates run to "
            f"x {low_x:g}..{high_x:g}, y {low_y:g}..{high_y:g}. "
            "Set the CRS in which the coordinates were drawn: regions.set_crs(..., allow_override=True)."
        )
        raise CrsError(message)


def polygons(regions: GeoDataFrame) -> GeoDataFrame:
    """Return sound ``regions`` whose geometries are all valid polygons."""
    sound_regions(regions)
    other = regions.index[~regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(other):
        message = f"Regions must be polygons; other geometry in {named(other)}."
        raise RegionError(message)
    invalid = regions.index[~regions.geometry.is_valid]
    if len(invalid):
        message = (
            f"Invalid geometry (such as self-intersection) in {named(invalid)}. "
            "Mend it: regions = gi.read.repaired(regions)."
        )
        raise RegionError(message)
    return regions


def numbers(values: pd.Series, *, missing: bool = False, ids: pd.Index | None = None) -> pd.Series:
    """Return ``values`` as floats, aligned to ``ids``; missing values raise unless allowed.

    Infinite values always raise.
    """
    if not isinstance(values, pd.Series):
        message = (
            f"values must be a Series indexed by region id; {type(values).__name__} was given. "
            "An array has forgotten whose numbers it holds: pd.Series(array, index=regions.index)."
        )
        raise ColumnError(message)
    region_ids(values.index, what="values")
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        message = f"Column {values.name!r} must be numeric; its type is {values.dtype}."
        raise ColumnError(message)
    floats = values.astype("float64")
    infinite = floats.index[np.isinf(floats)]
    if len(infinite):
        message = f"Column {values.name!r} is infinite in {named(infinite)}. Mend or drop them."
        raise ColumnError(message)
    absent = floats.index[floats.isna()]
    if len(absent) and not missing:
        message = (
            f"Column {values.name!r} has no value in {named(absent)}. Fill them on a ground you can "
            "state, or drop these regions from the values and from the regions the weights are built on."
        )
        raise ColumnError(message)
    return floats if ids is None else aligned(floats, ids)


def varied(values: pd.Series) -> pd.Series:
    """Return ``values`` if they are not all equal."""
    if len(values) < 2 or values.nunique() < 2:  # noqa: PLR2004
        message = (
            f"Column {values.name!r} has the same value in every region ({len(values)} in all): "
            "there is no variation to measure."
        )
        raise ColumnError(message)
    return values


def aligned(table: _Table, ids: pd.Index, *, what: str = "weights") -> _Table:
    """Return ``table`` in the order of ``ids``, or raise where the two speak of other regions."""
    absent = ids.difference(table.index)
    extra = table.index.difference(ids)
    if len(absent) or len(extra):
        parts = []
        if len(absent):
            parts.append(f"in the {what} but not in the values: {named(absent)}")
        if len(extra):
            parts.append(f"in the values but not in the {what}: {named(extra)}")
        message = "Other regions: " + "; ".join(parts) + ". Build both on the same regions."
        raise AlignmentError(message)
    return table.reindex(ids)  # type: ignore[return-value]


def weight_ids(weights: Graph) -> pd.Index:
    """Return the region ids of ``weights`` in their own order."""
    from libpysal.graph import Graph

    if not isinstance(weights, Graph):
        given = f"weights must be a libpysal.graph.Graph; {type(weights).__name__} was given."
        message = f"{given} Build them with gi.weigh, or convert: Graph.from_W(w)."
        raise AlignmentError(message)
    return region_ids(weights.unique_ids, what="weights")


def country_series(country: pd.Series | str, regions: pd.DataFrame | pd.Index) -> pd.Series:
    """Return the country (or bloc) of each region as strings, in the order of ``regions``.

    ``country`` is a Series indexed by region id or the name of a column of ``regions``.
    """
    index = regions if isinstance(regions, pd.Index) else regions.index
    if isinstance(country, str):
        if isinstance(regions, pd.Index) or country not in regions.columns:
            message = f"There is no column {country!r} to tell the country of each region."
            raise ColumnError(message)
        country = regions[country]
    if not isinstance(country, pd.Series):
        message = f"country must be a Series indexed by region id; {type(country).__name__} was given."
        raise ColumnError(message)
    placed: pd.Series = aligned(country, index, what="regions")
    absent = placed.index[placed.isna()]
    if len(absent):
        message = f"No country is given for {named(absent)}."
        raise ColumnError(message)
    return placed.astype(str)


def sound_flows(flows: pd.DataFrame, *, ids: pd.Index | None = None) -> pd.DataFrame:
    """Return ``flows`` (origin, destination, value) if pairs are unique and values sound."""
    absent = [c for c in FLOW_COLUMNS if not isinstance(flows, pd.DataFrame) or c not in flows.columns]
    if absent:
        message = f"flows must be a table with columns {FLOW_COLUMNS}; missing: {absent}."
        raise FlowError(message)
    if flows.empty:
        message = "The flow table is empty: there is no pair to work on."
        raise FlowError(message)
    _sound_pairs(flows)
    _sound_flow_values(flows)
    if ids is not None:
        known = flows["origin"].isin(ids) & flows["destination"].isin(ids)
        ends = pd.unique(flows.loc[~known, ["origin", "destination"]].to_numpy(object).ravel())
        strangers = [end for end in ends if end not in ids]
        if strangers:
            message = f"Flows name regions that are not in the regions: {named(strangers)}."
            raise FlowError(message)
    return flows


def flow_positions(flows: pd.DataFrame, ids: pd.Index) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where in ``ids`` the two ends of each of the sound ``flows`` stand.

    Each end is looked up once, not pair by pair: a million flows take a few hundredths of a second.
    """
    if not isinstance(flows, pd.DataFrame) or flows.empty or not {*FLOW_COLUMNS} <= {*flows.columns}:
        sound_flows(flows)
    _sound_flow_values(flows)
    origin, destination = (_positions(flows[column], ids) for column in ("origin", "destination"))
    seen = np.zeros(len(ids) ** 2, dtype=bool)
    seen[origin * len(ids) + destination] = True
    if min(origin.min(), destination.min()) < 0 or np.count_nonzero(seen) < len(flows):
        sound_flows(flows, ids=ids)
    return origin, destination


def _positions(column: pd.Series, ids: pd.Index) -> NDArray[np.int64]:
    """Return where in ``ids`` the entries of a column stand, -1 for strangers."""
    codes, known = pd.factorize(column)
    return np.append(ids.get_indexer(known), -1)[codes].astype(np.int64)


def _sound_pairs(flows: pd.DataFrame) -> None:
    """Raise where an end is not a string id or a pair stands twice."""
    for column in ("origin", "destination"):
        unsound = [i for i in pd.unique(flows[column]) if not isinstance(i, str) or not i]
        if unsound:
            message = f"Column {column!r} of the flows must hold string ids; found {named(unsound)}."
            raise FlowError(message)
    twice = flows.duplicated(["origin", "destination"])
    if twice.any():
        pairs = flows.loc[twice, ["origin", "destination"]].drop_duplicates()
        message = (
            f"Pairs stand twice in the flows: {named(pairs.itertuples(index=False, name=None))}. "
            "Sum them: flows.groupby(['origin', 'destination'], as_index=False)['value'].sum()."
        )
        raise FlowError(message)


def _sound_flow_values(flows: pd.DataFrame) -> None:
    """Raise where a flow is not a finite number of zero or more."""
    value: Any = flows["value"]
    if pd.api.types.is_bool_dtype(value) or not pd.api.types.is_numeric_dtype(value):
        message = f"Column 'value' of the flows must be numeric; its type is {value.dtype}."
        raise FlowError(message)
    floats = value.to_numpy("float64", na_value=np.nan)
    bad = flows.loc[~np.isfinite(floats) | (floats < 0), ["origin", "destination"]]
    if len(bad):
        message = (
            "Flows must be finite and zero or more; not so for "
            f"{named(bad.itertuples(index=False, name=None))}. An unknown pair is left out, not NaN."
        )
        raise FlowError(message)
