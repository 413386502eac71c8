"""Checks of files: they exist, are of a known kind, fit into memory and are not damaged."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from geoinno.errors import GeoinnoError, MissingFileError, OptionError
from geoinno.read import _damage, _ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST_GB = 4.0
EXCEL = (".xlsx", ".xlsm")
PARQUET = (".parquet", ".geoparquet")
_SHAPES = frozenset({".shp", ".gpkg", ".geojson", ".fgb"})
_TABLES = frozenset({".csv", ".tsv", ".txt", *EXCEL})
_LONGEST_REASON = 300
_UNCLOSED = re.compile(r"EOF inside string starting at row (\d+)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://|/vsi", re.IGNORECASE)
_BROKEN = (
    ValueError,
    OSError,
    KeyError,
    RuntimeError,
    SyntaxError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    shapely.errors.ShapelyError,
    pd.errors.ParserWarning,
)


def sound_file(path: str | Path, kinds: Sequence[str]) -> Path:
    """Return the path of a file that exists, is of one of the ``kinds`` and is not gigantic."""
    if not isinstance(path, str | PathLike):
        message = f"path must be the path of a file; {type(path).__name__} was given."
        raise OptionError(message)
    if _ADDRESS.match(str(path)):
        message = f"{str(path)!r:.200} is an address, and reading never asks the network. Download it."
        raise GeoinnoError(message)
    file = Path(path)
    if not file.exists():
        beside = [other.name for other in file.parent.iterdir()] if file.parent.is_dir() else []
        close = _ids.nearest(file.name, beside)
        hint = f" Did you mean {close!r}?" if close else ""
        message = f"There is no file {str(file)!r}.{hint}"
        raise MissingFileError(message)
    if file.suffix.lower() not in kinds or file.is_dir():
        remedy = "name a file in it" if file.is_dir() else _way_to_read(file.suffix.lower())
        kind = "a folder" if file.is_dir() else "not a file of a kind that can be read"
        message = f"{file.name} is {kind} ({', '.join(kinds)}): {remedy}."
        raise GeoinnoError(message)
    with sound_reading(file):
        size_gb = _bytes(file) / 1e9
    if size_gb > LARGEST_GB:
        message = (
            f"{file.name} holds {size_gb:,.1f} GB, above the {LARGEST_GB:g} GB that can be read at once. "
            "Keep the columns and rows you need, or read it in parts."
        )
        raise GeoinnoError(message)
    return file


def _bytes(file: Path) -> int:
    """Return the size of a file, unpacked."""
    if file.suffix.lower() in (*EXCEL, ".zip"):
        with zipfile.ZipFile(file) as packed:
            return sum(part.file_size for part in packed.infolist())
    if file.suffix.lower() in PARQUET:
        from pyarrow.parquet import read_metadata

        metadata = read_metadata(file)
        return sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    return file.stat().st_size


def _way_to_read(suffix: str) -> str:
    """Return what to do with a file of another kind: shapes and tables have readers of their own."""
    if suffix in _SHAPES:
        return "shapes are read with gi.read.regions(path, id=...)"
    if suffix in _TABLES:
        return "tables are read with gi.read.table(path, id=...)"
    return "convert it, for example in QGIS or a spreadsheet"


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
    except UnicodeError as error:
        message = (
            f"{file.name} is not written in the encoding that was named, or is damaged: {error.args[-1]}. "
            "Leave out encoding=..., and what fits is used or listed."
        )
        raise GeoinnoError(message) from error
    except pd.errors.ParserError as error:
        raise GeoinnoError(_uneven(file, error)) from error
    except _BROKEN as error:
        # A reader may quote the file, and a line of a damaged file may have any length.
        reason = str(error)[:_LONGEST_REASON]
        reason = f" ({reason.rstrip('. ')})" if reason else ""
        message = (
            f"{file.name} cannot be read; it is damaged or not what its suffix says{reason}. "
            f"{_damage.remedy(file)}"
        )
        raise GeoinnoError(message) from error


def _uneven(file: Path, error: pd.errors.ParserError) -> str:
    """Return the message on rows of a table in which the reader lost its way."""
    reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()[:_LONGEST_REASON]
    if found := _UNCLOSED.search(reason):
        line = int(found[1]) + 1
        return (
            f"{file.name} does not have the same columns in every row: a quotation mark near line {line} has "
            "no second one, so that all that follows is one cell. Close it there, or take it out."
        )
    return (
        f"{file.name} does not have the same columns in every row: {reason}. Correct that line, or "
        "leave out rows above the heading, such as skip=2."
    )


def unindexed(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``table`` with the named levels of its index as columns."""
    return table.reset_index([level for level in table.index.names if level is not None])
