"""Commands about tables: how one is read, what is in it, and where to fetch one."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoinno.errors import DataWarning, OptionError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    import pandas as pd

_OUTPUTS = (".csv", ".parquet", ".xlsx")
_SHAPES = (".gpkg", ".geojson", ".parquet")
_DECIMAL = "its decimal sign, . or , (needed where its numbers can be read in two ways)"


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a table, as ``gi.read.table`` has them."""
    parser.add_argument("--table", help="CSV, Excel or Parquet file to be joined")
    parser.add_argument("--table-id", help="its column of ids (as --id unless given)")
    parser.add_argument("--decimal", choices=(".", ","), metavar="SIGN", help=_DECIMAL)
    parser.add_argument("--thousands", metavar="SIGN", help="sign that groups its thousands, such as .")
    parser.add_argument("--table-encoding", help="its encoding, such as cp1252 or cp1251")
    parser.add_argument("--sheet", help="name or number of the sheet of a workbook")
    parser.add_argument("--skip", type=int, default=0, help="number of rows above its heading")
    parser.add_argument("--table-where", help="rows of it to keep: \"indicator == 'GDP' and year == 2016\"")


def table_of(options: argparse.Namespace) -> tuple[pd.DataFrame, list[str]]:
    """Return the table that the options name, and what its reader warned of."""
    from geoinno import read

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        table = read.table(
            options.table,
            id=options.table_id or options.id,
            decimal=options.decimal,
            thousands=options.thousands,
            encoding=options.table_encoding,
            sheet=options.sheet,
            skip=options.skip,
            where=options.table_where,
        )
    return table, [str(warning.message) for warning in caught]


def described(table: pd.DataFrame) -> Iterator[str]:
    """Yield a line on each column in which cells are missing or have flags."""
    missing: dict[str, dict[str, int]] = table.attrs.get("missing", {})
    for column in table.columns:
        codes = ", ".join(f"{code!r} ({count:,})" for code, count in missing.get(column, {}).items())
        if codes:
            yield f"Column {column!r} has codes for missing values: {codes}."
        flags = table.get(f"{column}_flag")
        if flags is not None:
            counts = ", ".join(f"{flag!r} ({count:,})" for flag, count in flags.value_counts().items())
            yield f"Column {column!r} has flags, kept in '{column}_flag': {counts or 'none'}."


def add_fetch(parser: argparse.ArgumentParser) -> None:
    """Add the options of fetching from official sources."""
    parser.add_argument("source", choices=("nuts", "eurostat", "worldbank"), help="what to fetch")
    parser.add_argument("code", nargs="?", help="code of the table or indicator (eurostat, worldbank)")
    parser.add_argument("--level", type=int, default=2, help="NUTS level, 0 to 3")
    parser.add_argument("--year", type=int, default=2021, help="version of NUTS")
    parser.add_argument("--scale", default="10m", help="01m, 03m, 10m, 20m or 60m")
    parser.add_argument("--countries", nargs="+", help="country codes")
    parser.add_argument(
        "--filter", action="append", default=[], help="what to keep, such as unit=MIO_EUR; repeatable"
    )
    parser.add_argument(
        "-o", "--output", required=True, help=f"file to write: {', '.join(_OUTPUTS)} or .gpkg"
    )


def fetched(options: argparse.Namespace) -> str:
    """Fetch from an official source, write a file, and return its credit line."""
    from geoinno import read

    path = Path(options.output)
    kinds = _SHAPES if options.source == "nuts" else _OUTPUTS
    if path.suffix.lower() not in kinds:
        message = f"--output must end in one of {', '.join(kinds)}; {path.name!r} was given."
        raise OptionError(message)
    found: Any
    if options.source == "nuts":
        found = read.nuts(options.level, options.year, scale=options.scale, countries=options.countries)
    elif not options.code:
        message = f"fetch {options.source} needs a code, such as 'nama_10r_2gdp' or 'NY.GDP.PCAP.CD'."
        raise OptionError(message)
    elif options.source == "eurostat":
        found = read.eurostat(options.code, filters=_filters(options.filter))
    else:
        found = read.worldbank(options.code, countries=options.countries)
    _write(found.reset_index(), path)
    return str(found.attrs["source"])


def _filters(given: list[str]) -> dict[str, object]:
    """Return filters by dimension, each a list of codes."""
    filters: dict[str, list[str]] = {}
    for part in given:
        name, sign, code = part.partition("=")
        if not (name and sign and code):
            message = f"--filter is written as dimension=code, such as unit=MIO_EUR; {part!r} was given."
            raise OptionError(message)
        filters.setdefault(name, []).append(code)
    return dict(filters)


def _write(table: Any, path: Path) -> None:  # noqa: ANN401 - a table with shapes or without
    """Write a table in the format of its suffix."""
    # Here, because it brings pandas, and help is to start at once.
    from geoinno._files import as_csv, as_excel, as_parquet, written

    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        written(path, as_parquet(table))
    elif hasattr(table, "to_file"):
        table.to_file(path, engine="pyogrio")
    elif suffix == ".csv":
        written(path, as_csv(table))
    else:
        written(path, as_excel(table))
