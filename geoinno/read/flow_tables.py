"""Flow tables: flows of people, goods and knowledge between pairs of regions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from geoinno import _contract
from geoinno.errors import FlowError, OptionError
from geoinno.read import _ids, _long, _tables
from geoinno.read._layout import Layout, TableOptions

if TYPE_CHECKING:
    import pandas as pd


def flows(
    path: str | Path, *, origin: str, destination: str, value: str, **options: Unpack[TableOptions]
) -> pd.DataFrame:
    r"""Read flows between regions.

    A pair that is not in the file is unknown, not zero.

    Parameters
    ----------
    path
        CSV, TSV, Parquet or Excel, one row for each pair.
    origin, destination
        Columns of region ids; they stay strings, as in ``table``.
    value
        Column of the size of the flow: finite, zero or more. Numbers are read as in ``table``.
    **options
        ``decimal``, ``thousands``, ``encoding``, ``sheet``, ``skip`` and ``where``, as in ``table``. Of a
        table with several years or kinds of flow, ``where="year == 2016"`` takes one.

    Returns
    -------
    DataFrame
        Columns ``origin``, ``destination``, ``value``; each pair once, in the order of the file.

    Raises
    ------
    ColumnError
        If a column is not there.
    FlowError
        If a pair occurs twice (the message says where rows differ, such as in years) or a value is missing,
        negative or no number.
    RegionError
        If an id is missing, or neither text nor a whole number.

    Examples
    --------
    >>> import geoinno as gi, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "moves.csv"
    >>> _ = path.write_text("from,to,people\n01,02,15\n02,01,9\n")
    >>> gi.read.flows(path, origin="from", destination="to", value="people")["value"].to_list()
    [15, 9]
    """
    if len({origin, destination, value}) < len(_contract.FLOW_COLUMNS):
        message = f"origin, destination and value must be three columns: {origin}, {destination}, {value}."
        raise OptionError(message)
    keys = [origin, destination]
    read = _tables.frame(path, Layout(**options), keys=keys)
    rows = read.rows
    if value not in rows.columns:
        _ids.present(rows.columns, [value], file=Path(path))
    if value in read.objections:
        raise FlowError(read.objections[value])
    if rows.duplicated(keys).any() and (long := _long.advice(rows, keys, pivot=False)):
        pairs = rows.loc[rows.duplicated(keys), keys].itertuples(index=False, name=None)
        message = f"Pairs occur more than once in the flows: {_contract.named(pairs)}.{long}"
        raise FlowError(message)
    tidy = rows[[origin, destination, value]].set_axis(list(_contract.FLOW_COLUMNS), axis=1)
    return _contract.sound_flows(tidy.reset_index(drop=True))
