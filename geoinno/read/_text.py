"""Text files: separators found outside quotes, title rows, and footnotes."""

from __future__ import annotations

import csv
import re
import warnings
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, GeoinnoError
from geoinno.read import _encodings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geoinno.read._layout import Layout

# Where two separators fit, the comma is the likelier to be part of a text.
_SEPARATORS = "\t;|,"
_LONGEST_LINE = 1_000_000
_SAMPLE_LINES = 20
# Above this size, looking at each row once more takes as long as reading it.
_CHECKED_BYTES = 50_000_000
_QUOTED = re.compile(r'"[^"]*"')
_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"\s*(?:\*|\(?\d\)\s|(?:source|sources|note|notes|footnote|quelle|anmerkung|fuente|nota|fonte|"
    r"\u0438\u0441\u0442\u043e\u0447\u043d\u0438\u043a)\s*:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    """How a text file is written."""

    encoding: str
    separator: str
    skip: int
    heading: tuple[str, ...]


def form(file: Path, layout: Layout) -> Form:
    """Return how a text file is written."""
    encoding = layout.encoding or _encodings.known(file)
    lines = _first_lines(file, encoding, count=layout.skip + _SAMPLE_LINES + 1)
    skip = layout.skip
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    if declared and not skip:
        skip = 1
    rows = [line for line in lines[skip:] if line.strip()]
    if not rows:
        message = f"{file.name} holds no table: there is no heading."
        raise ColumnError(message)
    separator = declared[1] if declared else _separator(rows, suffix=file.suffix.lower())
    heading = next(csv.reader(rows, delimiter=separator))
    return Form(encoding, separator, skip, tuple(heading))


def _first_lines(file: Path, encoding: str, *, count: int) -> list[str]:
    """Return the first lines of a text file."""
    with file.open(encoding=encoding, newline="") as text:
        return list(islice(_lines(text, file), count))


def _lines(text: Any, file: Path) -> Iterator[str]:  # noqa: ANN401 - an open text file
    """Yield lines, and refuse one that has no end."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) >= _LONGEST_LINE:
            message = (
                f"{file.name} has a line of over {_LONGEST_LINE:,} characters near its start, so "
                "it is not a table."
            )
            raise GeoinnoError(message)
        yield line.lstrip("\ufeff")


def _separator(rows: list[str], *, suffix: str) -> str:
    """Return the sign that stands equally often in each of the first rows, outside quotes; a tab in .tsv."""
    if suffix == ".tsv":
        return "\t"
    bare = [_QUOTED.sub("", row) for row in rows]
    counts = {sign: [row.count(sign) for row in bare] for sign in _SEPARATORS}
    even = [sign for sign in _SEPARATORS if counts[sign][0] and len(set(counts[sign])) == 1]
    return even[0] if even else max(_SEPARATORS, key=lambda sign: counts[sign][0])


def rows(file: Path, found: Form) -> tuple[pd.DataFrame, list[str]]:
    """Return all cells of a text file as text, less what is below the table, and notes on what was left."""
    with warnings.catch_warnings():
        # Rows longer than the heading would lose their last cells.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        table: pd.DataFrame = pd.read_csv(
            file,
            sep=found.separator,
            encoding=found.encoding,
            skiprows=found.skip,
            dtype=str,
            na_filter=False,
            index_col=False,
        )
    table, notes = without_notes(table, file)
    short = [row for row in _short_rows(file, found) if row <= len(table)]
    if short:
        notes.append(
            f"Rows of {file.name} are shorter than its heading, and what they lack is missing: row "
            f"{_contract.named(short)} of the table."
        )
    return table, notes


def _short_rows(file: Path, found: Form) -> list[int]:
    """Return the rows that have fewer cells than the heading; pandas fills them up silently."""
    if file.stat().st_size > _CHECKED_BYTES:
        return []
    with file.open(encoding=found.encoding, newline="") as text:
        rows = csv.reader(islice(text, found.skip, None), delimiter=found.separator)
        lengths = [len(row) for row in rows if row]
    return [row for row, length in enumerate(lengths[1:], start=1) if length < len(found.heading)]


def without_notes(table: pd.DataFrame, file: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return a table without the notes below it and without columns that have neither name nor cells."""
    kept = len(table)
    while kept and _FOOTNOTE.match(str(table.iloc[kept - 1, 0])):
        kept -= 1
    notes = table.iloc[kept:, 0].astype(str).str.strip()
    said = [f"Notes below the table in {file.name} are left out: {_contract.named(notes)}."]
    table = table.iloc[:kept]
    nameless = [name for name in table.columns if str(name).startswith("Unnamed: ")]
    empty = [name for name in nameless if (table[name].isna() | (table[name] == "")).all()]
    return table.drop(columns=empty), said if len(notes) else []
