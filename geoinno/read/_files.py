"""Files at the door: there, of a kind that is read here, of a size that memory holds, and not damaged."""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, GeoinnoError, MissingFileError
from geoinno.read import _ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_GB = 4.0
_EXCEL = (".xlsx", ".xlsm")
_PARQUET = (".parquet", ".geoparquet")
_KINDS = (".csv", ".tsv", ".parquet", *_EXCEL)
_HEADER_BYTES = 1_000_000
# What stands for "no value" in files; never in a key, where "NA" is Namibia.
_ABSENT = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None")
_BROKEN = (
    ValueError,
    OSError,
    KeyError,
    RuntimeError,
    SyntaxError,
    MemoryError,
    zipfile.BadZipFile,
    pd.errors.ParserWarning,
)


def sound_file(path: str | Path, kinds: Sequence[str]) -> Path:
    """Return the path of a file that exists, is of one of the ``kinds`` and is not gigantic."""
    file = Path(path)
    if not file.exists():
        beside = [other.name for other in file.parent.iterdir()] if file.parent.is_dir() else []
        close = _ids.nearest(file.name, beside)
        hint = f" Did you mean {close!r}?" if close else ""
        message = f"There is no file {str(file)!r}.{hint}"
        raise MissingFileError(message)
    if file.suffix.lower() not in kinds or file.is_dir():
        message = f"{file.name} is not a file of a kind that is read here: {', '.join(kinds)}."
        raise GeoinnoError(message)
    with sound_reading(file):
        size_gb = _bytes(file) / 1e9
    if size_gb > LARGEST_GB:
        message = (
            f"{file.name} holds {size_gb:,.1f} GB, above the {LARGEST_GB:g} GB that are read at once. "
            "Keep the columns and rows you need, or read it in parts."
        )
        raise GeoinnoError(message)
    return file


def _bytes(file: Path) -> int:
    """Return the size of a file, unpacked."""
    if file.suffix.lower() in (*_EXCEL, ".zip"):
        with zipfile.ZipFile(file) as packed:
            return sum(part.file_size for part in packed.infolist())
    if file.suffix.lower() in _PARQUET:
        from pyarrow.parquet import read_metadata

        metadata = read_metadata(file)
        return sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    return file.stat().st_size


@contextmanager
def sound_reading(file: Path) -> Iterator[None]:
    """Turn whatever a reader raises on a damaged file into one clear error."""
    try:
        yield
    except GeoinnoError:
        raise
    except ImportError as error:
        message = f"Reading {file.suffix} needs {error.name}: pip install 'geoinno[tables]'."
        raise GeoinnoError(message) from error
    except _BROKEN as error:
        message = f"{file.name} cannot be read; it is damaged or not what its suffix says. {error}"
        raise GeoinnoError(message) from error


def frame(path: str | Path, *, keys: Sequence[str], others: Sequence[str] = ()) -> pd.DataFrame:
    """Return the table in a file with the ``keys`` as strings; ``others`` must be there too."""
    file = sound_file(path, _KINDS)
    with sound_reading(file):
        table = _parquet(file) if file.suffix.lower() in _PARQUET else _text(file, keys)
        for name in (*keys, *others):
            _ids.column(table, name, file=file)
        if table.empty:
            message = f"{file.name} has columns but no rows."
            raise ColumnError(message)
        return table.assign(**{key: _ids.strings(table[key], file=file) for key in keys})


def _parquet(file: Path) -> pd.DataFrame:
    """Return a Parquet table with its index, where it has a named one, among the columns."""
    return unindexed(pd.read_parquet(file))


def unindexed(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``table`` with the named levels of its index as columns."""
    return table.reset_index([level for level in table.index.names if level is not None])


def _text(file: Path, keys: Sequence[str]) -> pd.DataFrame:
    """Return a CSV, TSV or Excel table in which cells of the ``keys`` are never taken for missing."""
    reader: Callable[..., Any] = pd.read_excel if file.suffix.lower() in _EXCEL else pd.read_csv
    options: dict[str, Any] = {} if reader is pd.read_excel else _separated(file)
    columns = reader(file, nrows=0, **options).columns
    absent = {name: list(_ABSENT) for name in columns if name not in keys}
    kind = object if reader is pd.read_excel else str
    dtype = dict.fromkeys(keys, kind)
    with warnings.catch_warnings():
        # Rows longer than the header would lose their last cells.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        table: pd.DataFrame = reader(file, dtype=dtype, keep_default_na=False, na_values=absent, **options)
    return table


def _separated(file: Path) -> dict[str, Any]:
    """Return how a text file is laid out: its first line tells the separator."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        header = text.readline(_HEADER_BYTES)
    separator = "\t" if file.suffix.lower() == ".tsv" else max(",;\t", key=header.count)
    return {"sep": separator, "encoding": "utf-8-sig", "index_col": False}


def whole_years(years: pd.Series) -> pd.Series:
    """Return a column of years as whole numbers."""
    numbers = pd.to_numeric(years, errors="coerce").astype("float64")
    bad = years[numbers.isna() | (numbers % 1 != 0)]
    if len(bad) or pd.api.types.is_bool_dtype(years):
        message = f"Column {years.name!r} must hold whole years; not so: {_contract.named(bad.to_list())}."
        raise ColumnError(message)
    return numbers.astype("int64")
