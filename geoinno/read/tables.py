"""Tables: indicators and panels by region id, and their way onto the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from geoinno import _contract
from geoinno.errors import RegionError
from geoinno.read import _files, _matching

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame


def table(path: str | Path, *, id: str) -> pd.DataFrame:  # noqa: A002 - the public word for a key
    r"""Read indicators by region.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab, UTF-8), TSV, Parquet or Excel (first sheet).
    id
        Column of region ids. They stay strings: ``01`` never becomes 1, ``NA`` is an id like any other.
        Ids stored as whole numbers become their decimal string; zeros lost before do not come back.

    Returns
    -------
    DataFrame
        Index ``region``, unique; the other columns and the order of the file.

    Raises
    ------
    ColumnError
        If there is no such column; the message tells the nearest name.
    RegionError
        If an id is missing, repeated, or neither text nor a whole number.

    Examples
    --------
    >>> import geoinno as gi, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "patents.csv"
    >>> _ = path.write_text("code,patents\n01,12\n02,7\n")
    >>> gi.read.table(path, id="code").index.to_list()
    ['01', '02']
    """
    rows = _files.frame(path, keys=[id]).set_index(id).rename_axis("region")
    _contract.region_ids(rows.index, what="rows of the table")
    return rows


def panel(path: str | Path, *, id: str, year: str) -> pd.DataFrame:  # noqa: A002 - as in table
    r"""Read indicators by region and year.

    Parameters
    ----------
    path
        CSV, TSV, Parquet or Excel, one row for each region and year.
    id
        Column of region ids; they stay strings, as in ``table``.
    year
        Column of years, whole numbers.

    Returns
    -------
    DataFrame
        Index ``region`` (string) and ``year`` (integer), each pair once; order of the file.

    Raises
    ------
    ColumnError
        If a column is not there, or a year is not whole.
    RegionError
        If an id is unsound, or a region has a year twice.

    Examples
    --------
    >>> import geoinno as gi, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "patents.csv"
    >>> _ = path.write_text("code,year,patents\n01,2019,12\n01,2020,7\n")
    >>> gi.read.panel(path, id="code", year="year").loc[("01", 2020), "patents"].item()
    7
    """
    rows = _files.frame(path, keys=[id], others=[year])
    years = _files.whole_years(rows[year])
    index = pd.MultiIndex.from_arrays([rows[id], years], names=["region", "year"])
    if not index.is_unique:
        twice = index[index.duplicated()].unique()
        message = f"Regions have a year twice: {_contract.named(twice)}. Keep or sum one row for each."
        raise RegionError(message)
    return rows.drop(columns=[id, year]).set_axis(index)


def join(
    regions: GeoDataFrame,
    indicators: pd.DataFrame | pd.Series,
    *,
    unmatched: Literal["raise", "keep"] = "raise",
) -> GeoDataFrame:
    """Set indicators beside the shapes of their regions.

    Parameters
    ----------
    regions
        Regions as ``gi.read.regions`` gives them.
    indicators
        DataFrame or named Series by region id, in any order.
    unmatched
        ``raise``: regions and indicators must speak of the same ids. ``keep``: every region stays, with
        missing values where there is no indicator; a ``DataWarning`` names these regions and the rows
        of the indicators that found no region.

    Returns
    -------
    GeoDataFrame
        ``regions``, their order and geometry unchanged, with the columns of ``indicators``.

    Raises
    ------
    AlignmentError
        If ids are unmatched; the message counts and names them, and tells near matches and what they
        differ in (leading zeros, upper and lower case, white space, Unicode form).
    RegionError
        If an id is missing or repeated on either side.
    ColumnError
        If a column is on both sides.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> areas = place.regions.to_crs(3035).area.rename("square_metres")
    >>> "square_metres" in gi.read.join(place.regions, areas).columns
    True
    """
    _contract.option(unmatched, ("raise", "keep"), name="unmatched")
    _contract.sound_regions(regions)
    columns = _matching.columns(indicators, beside=regions)
    _matching.met(regions.index, columns.index, refuse=unmatched == "raise")
    # Ids are unique on both sides, so each row of the regions finds one row or none.
    return regions.join(columns.reindex(regions.index))
