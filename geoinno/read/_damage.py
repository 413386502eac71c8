"""Damaged files: what a file that cannot be read seems to be, and what helps."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

from geoinno.errors import GeoinnoError

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 4096
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")
_POINTER = b"version https://git-lfs"
# What the first bytes of a file that has another suffix say that it is.
_KINDS = (
    (b"PAR1", "a Parquet file", ".parquet"),
    (b"SQLite format 3", "a GeoPackage or another database", ".gpkg"),
    (b"fgb\x03", "a FlatGeobuf file", ".fgb"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PACKED = b"PK"
# What Python raises on the table of contents of a damaged zip.
_GARBLED = (zipfile.BadZipFile, struct.error, ValueError, RuntimeError, ArithmeticError, OSError)
_LONGEST_NAME = 80
_AGAIN = "Download, copy or export it again."
# The length of a shapefile stands in its header, in words of 16 bits.
_LENGTH, _WORD = slice(24, 28), 2


def remedy(file: Path) -> str:
    """Return what a file that cannot be read seems to be, and what to do about it, in one sentence or two."""
    head = _head(file)
    if not head:
        return f"It is empty. {_AGAIN}"
    return not_data(file) or _other_kind(file, head) or _AGAIN


def not_data(file: Path) -> str:
    """Return that a file is a web page or a pointer instead of data, and what to do; empty otherwise."""
    head = _head(file)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE):
        return "It is a web page: open its address in a browser, and download the file that the page offers."
    if head.startswith(_POINTER):
        return "It is a pointer of Git LFS to the file: run git lfs pull in its repository."
    return ""


def whole_shapefile(file: Path) -> None:
    """Raise where a shapefile is cut off, or without its index."""
    if not _is_beside(file, ".shx"):
        message = (
            f"{file.name} cannot be read without {file.with_suffix('.shx').name}: a shapefile is several "
            "files of one name in one folder. Copy all of them there, or give the zip that they came in."
        )
        raise GeoinnoError(message)
    stated, size = _WORD * int.from_bytes(_head(file)[_LENGTH], "big"), file.stat().st_size
    if stated > size:
        message = f"{file.name} is cut off: it states {stated:,} bytes and has {size:,}. {_AGAIN}"
        raise GeoinnoError(message)


def _other_kind(file: Path, head: bytes) -> str:
    """Return which other kind of file it is; empty where that is not known, or it is what its suffix says."""
    suffix = file.suffix.lower()
    if head.startswith(_OLD_OFFICE):
        return (
            "It is a workbook of an old Excel, or one with a password: save it in Excel or LibreOffice as "
            ".xlsx without a password."
        )
    for mark, kind, own in _KINDS:
        if head.startswith(mark) and suffix != own:
            return f"It is {kind}: give it the suffix {own}."
    if head.startswith(_PACKED):
        return _packed(file)
    if suffix not in {".csv", ".tsv", ".txt", ".geojson", ".json"} and _is_text(head):
        own = ".geojson" if head.lstrip().startswith(b"{") else ".csv"
        return f"It is a text file: give it the suffix of its kind, such as {own}."
    return ""


def _packed(file: Path) -> str:
    """Return what is in a zip that is not what its suffix says, or that it is cut off."""
    if not zipfile.is_zipfile(file):
        return f"It is a zip that is cut off. {_AGAIN}"
    try:
        with zipfile.ZipFile(file) as packed:
            names = [name[:_LONGEST_NAME] for name in packed.namelist()[:3]]
    except _GARBLED:
        return f"It is a zip whose table of contents is damaged. {_AGAIN}"
    return f"It is a zip that holds {', '.join(map(repr, names)) or 'nothing'}. {_AGAIN}"


def _is_text(head: bytes) -> bool:
    """Return whether bytes are text: without zeros, and UTF-8 but for a letter that is cut at the end."""
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _is_beside(file: Path, suffix: str) -> bool:
    """Return whether a file of the same name has another suffix, in small or capital letters."""
    return any(file.with_suffix(kind).is_file() for kind in (suffix, suffix.upper()))


def _head(file: Path) -> bytes:
    """Return the first bytes of a file."""
    with file.open("rb") as raw:
        return raw.read(_HEAD)
