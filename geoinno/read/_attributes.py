"""Attributes of shapefiles: which encoding their names are in, where the file does not state it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from geoinno.errors import DataWarning
from geoinno.read import _encodings

if TYPE_CHECKING:
    from pathlib import Path

_SAMPLE = 200_000
# Language drivers that state nothing: none, and the "ANSI" that programs write whatever the letters are.
_UNSTATED = (0x00, 0x57)
_LANGUAGE = 29


def encoding(file: Path) -> str | None:
    """Return the encoding of a shapefile's names where it is clear, and warn where it is not stated.

    ``None`` leaves the choice to GDAL, which goes by the .cpg file or the language driver.
    """
    table = _beside(file, ".dbf")
    if file.suffix.lower() != ".shp" or table is None or _beside(file, ".cpg") is not None:
        return None
    with table.open("rb") as raw:
        head = raw.read(_SAMPLE)
    if len(head) <= _LANGUAGE or head[_LANGUAGE] not in _UNSTATED:
        return None
    # The rows come after the header, whose length stands in bytes 8 and 9.
    rows = head[int.from_bytes(head[8:10], "little") :]
    if rows.isascii():
        return None
    clear = _valid_utf_8(rows)
    known = "utf-8" if clear else "latin-1"
    readings = "" if clear else f" Which of these is spelt right? {_encodings.readings(rows)}."
    message = (
        f"{file.name} does not state the encoding of its text (there is no .cpg file); it is read as {known}."
        f"{readings} Name it: encoding='...'."
    )
    warnings.warn(message, DataWarning, stacklevel=5)
    return known


def _beside(file: Path, suffix: str) -> Path | None:
    """Return the file of the same name with another suffix, in small or capital letters."""
    there = [file.with_suffix(kind) for kind in (suffix, suffix.upper())]
    return next((other for other in there if other.is_file()), None)


def _valid_utf_8(sample: bytes) -> bool:
    """Return whether bytes are UTF-8, a letter that is cut at the end aside."""
    try:
        sample[:-4].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(sample) - 8
    return True
