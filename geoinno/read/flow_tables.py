"""Movement: flows of people, goods and knowledge between regions, pair by pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.read import _files

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def flows(path: str | Path, *, origin: str, destination: str, value: str) -> pd.DataFrame:
    r"""Read flows between regions.

    A pair that is not in the file is unknown, not zero.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab, UTF-8), TSV, Parquet or Excel (first sheet), one row for each pair.
    origin, destination
        Columns of region ids; they stay strings, as in ``table``.
    value
        Column of the size of the flow: finite, zero or more.

    Returns
    -------
    DataFrame
        Columns ``origin``, ``destination``, ``value``; each pair once, in the order of the file.

    Raises
    ------
    ColumnError
        If a column is not there.
    FlowError
        If a pair stands twice or a value is missing, negative or no number.
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
    rows = _files.frame(path, keys=[origin, destination], others=[value])
    tidy = rows[[origin, destination, value]].set_axis(list(_contract.FLOW_COLUMNS), axis=1)
    return _contract.sound_flows(tidy.reset_index(drop=True))
