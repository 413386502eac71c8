"""Flow tables: flows of people, goods and knowledge between pairs of regions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from geoinno import _contract
from geoinno.errors import FlowError, OptionError
from geoinno.read import _ids, _long, _records, _tables
from geoinno.read._layout import Layout, TableOptions
from geoinno.scale import engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geoinno.scale import Executor


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


def summed_flows(
    paths: str | Path | Sequence[str | Path],
    *,
    origin: str,
    destination: str,
    value: str | None = None,
    where: str | None = None,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Sum trips, moves or shipments in Parquet files of any size into flows between regions.

    Each row of the files is one record; many may go from one region to the same other one. DuckDB sums
    them, a file at a time, and no file need fit into memory.

    Parameters
    ----------
    paths
        A Parquet file, several, or a folder of them.
    origin, destination
        Columns of region ids; they become text.
    value
        Column to sum; None counts the rows.
    where
        Condition on the rows in SQL, such as ``"year = 2016"``. It sees these files alone.
    executor
        Who sums the files: anything with ``submit(function, *arguments)``, such as a
        ``ThreadPoolExecutor`` or a Dask ``Client``. None takes the threads of this machine.
    store
        Folder in which finished files are kept, so that the same call goes on after an interruption.

    Returns
    -------
    DataFrame
        Columns ``origin``, ``destination``, ``value``; each pair once, in their order. A pair without a
        record is not there.

    Raises
    ------
    ColumnError
        If a column is not there.
    FlowError
        If a row has no origin, destination or finite value, a sum is negative, or no row is left.
    MissingFileError
        If there is no such file.
    GeoinnoError
        If DuckDB is not installed, or does not understand the condition.

    Examples
    --------
    >>> import geoinno as gi, pandas as pd, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "trips.parquet"
    >>> pd.DataFrame({"from": ["01", "01", "02"], "to": ["02", "02", "01"]}).to_parquet(path)
    >>> gi.read.summed_flows(path, origin="from", destination="to")["value"].to_list()
    [2, 1]
    """
    if len({origin, destination, value}) < len(_contract.FLOW_COLUMNS):
        message = f"origin, destination and value must be three columns: {origin}, {destination}, {value}."
        raise OptionError(message)
    summed = _records.summed_trips(
        _records.files(paths),
        keys=(origin, destination),
        value=value,
        where=where,
        engine=engine(executor, store),
    )
    return _contract.sound_flows(summed)
