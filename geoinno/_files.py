"""Files written whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import uuid
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from geoinno.errors import GeoinnoError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

# As much of the name as leaves room for the rest of the temporary one: file systems take 255 bytes.
_KEPT = 60


# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def needed(package: str, *, extra: str, what: str) -> None:
    """Raise, with the command that installs it, if ``what`` needs a package that is not there."""
    if find_spec(package) is None:
        message = f"{what} needs {package}: pip install 'geoinno[{extra}]'."
        raise GeoinnoError(message)


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return ``table`` as Parquet, with its shapes where it has any."""
    needed("pyarrow", extra="tables", what="Writing .parquet")
    content = io.BytesIO()
    table.to_parquet(content)
    return content.getvalue()


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``table`` so that a spreadsheet which opens it as CSV sees text where there is text.

    Cells and headings of text that begin like a formula get an apostrophe in front, which spreadsheets
    take for "this is text"; numbers, negative ones too, stay as they are.
    """
    guarded = {name: _guarded_column(column) for name, column in table.items()}
    result = table.assign(**{str(name): column for name, column in guarded.items() if isinstance(name, str)})
    return result.rename(columns=_guarded)


def as_csv(table: pd.DataFrame) -> bytes:
    """Return ``table`` as CSV in UTF-8 whose text stays text.

    Lines end as RFC 4180 has it: with a line feed alone, a carriage return in a cell would end its row.
    """
    return as_text(table).to_csv(index=False, lineterminator="\r\n").encode()


def as_excel(table: pd.DataFrame) -> bytes:
    """Return ``table`` as a workbook whose text stays text: no cell in it is a formula."""
    needed("openpyxl", extra="tables", what="Writing .xlsx")
    content = io.BytesIO()
    with pd.ExcelWriter(content, engine="openpyxl") as writer:
        table.to_excel(writer, index=False)
        cells = [cell for sheet in writer.book.worksheets for row in sheet.iter_rows() for cell in row]
        for cell in cells:
            if isinstance(cell.value, str) and cell.value.startswith(_FORMULA):
                # As if it had been typed behind an apostrophe: it is shown and edited as text.
                cell.data_type, cell.quotePrefix = "s", True
    return content.getvalue()


def _guarded_column(column: pd.Series) -> pd.Series:
    """Return a column in which text is guarded."""
    return column.map(_guarded) if any(isinstance(cell, str) for cell in column) else column


def _guarded(cell: object) -> object:
    """Return a cell, guarded where it is text that begins like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def written(path: Path, content: bytes) -> Path:
    """Write ``content`` to ``path`` atomically and return the path; folders are made as needed.

    A link is followed, a file that is there keeps its permissions, and a new one has those that the user's
    umask gives. The data are on the disk before the old file goes.
    """
    try:
        target = path.resolve() if path.is_symlink() else path
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except OSError as error:
        message = f"{path} could not be written: {error.strerror or error}. {_remedy(error)}"
        raise OutputError(message) from error
    return path


def _replace(target: Path, content: bytes) -> None:
    """Write a temporary file beside the target and put it in the target's place."""
    temporary = target.with_name(f".{target.name[:_KEPT]}.{uuid.uuid4().hex[:12]}")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Bring the new name to the disk too, where folders can be opened (not on Windows)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remedy(error: OSError) -> str:
    """Return what the user can do about it."""
    import errno

    return {
        errno.ENOSPC: "The disk is full: free some space, or write elsewhere.",
        errno.EDQUOT: "The quota is used up: free some space, or write elsewhere.",
        errno.ENAMETOOLONG: "Give the file a shorter name.",
        errno.EISDIR: "There is a folder of that name: name a file in it.",
        errno.ENOTDIR: "A part of the path is a file, not a folder.",
        errno.EEXIST: "A part of the path is a file, not a folder.",
    }.get(error.errno or 0, "Check that the folder is there and that you may write to it.")
