"""Tables: indicators and panels by region id, and their way onto the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

import pandas as pd

from geoinno import _contract
from geoinno.errors import RegionError
from geoinno.read import _long, _matching, _tables
from geoinno.read._layout import Layout, TableOptions

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame


def table(
    path: str | Path,
    *,
    id: str,  # noqa: A002 - the public word for a key
    decimal: Literal[".", ","] | None = None,
    thousands: str | None = None,
    encoding: str | None = None,
    sheet: str | int | None = None,
    skip: int = 0,
    where: str | None = None,
) -> pd.DataFrame:
    r"""Read indicators by region.

    Numbers may be written as offices write them: with decimal commas, with thousands set apart by dots,
    commas, blanks or apostrophes, with per cent signs (12.5% is 12.5), with flags ("11.2 b") and with codes
    for missing values (``:``, ``..``, ``-``, ``c``, ``x``, ``#DIV/0!`` and the like).

    Parameters
    ----------
    path
        CSV (commas, semicolons or tabs), TSV, Parquet or Excel, or a zip with one of these.
    id
        Column of region ids. They stay strings: ``01`` never becomes 1, ``NA`` is an id like any other.
        Ids stored as whole numbers become their decimal string; zeros lost before do not come back.
    decimal, thousands
        Decimal sign, and what groups thousands; found out unless given. Where every number could be read in
        two ways (1.234; 987; 12.345 with semicolons between), the column stays text with a warning.
    encoding
        Encoding of a text file that is neither UTF-8 nor UTF-16, such as ``cp1252`` or ``cp1251``.
    sheet
        Name of a sheet of a workbook, or its number (0 is the first).
    skip
        Number of title rows above the heading.
    where
        Conditions that rows must meet, such as ``indicator == 'GDP' and year == 2016``: a column, one of
        ``== != < <= > >= in``, and a number or a text in quotes, joined by ``and``.

    Returns
    -------
    DataFrame
        Index ``region``, unique; the other columns and the order of the file. A column in which numbers have
        flags is followed by ``<column>_flag``. "<5" is a bound, not a value: missing, with the flag "<5".
        ``.attrs["missing"]`` counts the codes for missing values by column.

    Raises
    ------
    ColumnError
        If there is no such column (the message gives the nearest name, or the row or sheet that has it), or
        a formula in a workbook has no result.
    GeoinnoError
        If a text file is in none of the encodings that can be known for certain; the message shows it in the
        likeliest ones.
    OptionError
        If an option cannot be followed.
    RegionError
        If an id is missing, repeated, or neither text nor a whole number.

    Warns
    -----
    DataWarning
        Where a column that looks like numbers stays text, with the first cells that are none and their rows;
        where notes below a table or cells beside it are left out.

    Examples
    --------
    >>> import geoinno as gi, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "patents.csv"
    >>> _ = path.write_text("code;patents\n01;1.204,5\n02;7,5 b\n")
    >>> gi.read.table(path, id="code")["patents"].to_dict()
    {'01': 1204.5, '02': 7.5}
    """
    layout = Layout(decimal, thousands, encoding, sheet=sheet, skip=skip, where=where)
    rows = _tables.frame(path, layout, keys=[id]).warned()
    twice = rows.loc[rows[id].duplicated(), id].unique()
    if len(twice):
        message = (
            f"Ids of the rows of the table repeat: {_contract.named(twice)}."
            f"{_long.advice(rows, [id], pivot=True) or ' Keep one row for each.'}"
        )
        raise RegionError(message)
    rows = rows.set_index(id).rename_axis("region")
    _contract.region_ids(rows.index, what="rows of the table")
    return rows


def panel(path: str | Path, *, id: str, year: str, **options: Unpack[TableOptions]) -> pd.DataFrame:  # noqa: A002
    r"""Read indicators by region and year.

    Parameters
    ----------
    path
        CSV, TSV, Parquet or Excel, one row for each region and year.
    id
        Column of region ids; they stay strings, as in ``table``.
    year
        Column of years, whole numbers.
    **options
        ``decimal``, ``thousands``, ``encoding``, ``sheet``, ``skip`` and ``where``, as in ``table``.

    Returns
    -------
    DataFrame
        Index ``region`` (string) and ``year`` (integer), each pair once; order of the file. Flags and codes
        for missing values as in ``table``.

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
    rows = _tables.frame(path, Layout(**options), keys=[id], years=year).warned()
    index = pd.MultiIndex.from_arrays([rows[id], rows[year]], names=["region", "year"])
    if not index.is_unique:
        twice = index[index.duplicated()].unique()
        message = (
            f"Regions have a year twice: {_contract.named(twice)}."
            f"{_long.advice(rows, [id, year], pivot=False) or ' Keep one row for each.'}"
        )
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
