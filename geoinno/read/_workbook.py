"""Excel workbooks: as large as what is in them, and with results of formulas, not without."""

from __future__ import annotations

import warnings
import zipfile
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geoinno.read._layout import Layout

_Row = tuple[int, tuple[Any, ...]]
_BLOCK = 1 << 20


def headings(file: Path, name: str, *, rows: int) -> Iterator[tuple[str, int]]:
    """Yield the sheets and rows, among the first of each sheet, in which a cell is ``name``."""
    book = _opened(file)
    try:
        for sheet in book.sheetnames:
            for number, cells in islice(_walked(book, sheet), rows):
                if name in map(str, cells):
                    yield str(sheet), number
    finally:
        book.close()


def _opened(file: Path, *, formulas: bool = False) -> Any:  # noqa: ANN401 - openpyxl's own class
    """Return a workbook, read as it is walked through."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # What openpyxl cannot keep when it writes (validations, pictures) is of no matter for reading.
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(file, read_only=True, data_only=not formulas, keep_links=False)


def _walked(book: Any, name: str) -> Iterator[_Row]:  # noqa: ANN401 - openpyxl's own class
    """Yield the rows that hold anything, with their numbers in the sheet."""
    sheet = book[name]
    # The size that a sheet states may be a million rows by 16,384 columns for a single cell.
    sheet.reset_dimensions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if cells and any(cell is not None and cell != "" for cell in cells):
                yield number, tuple(cells)


def rows(file: Path, layout: Layout) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells of a sheet as they are stored, and notes on what was left out."""
    book = _opened(file)
    try:
        name = _chosen(book.sheetnames, layout.sheet, file=file)
        walk = (row for row in _walked(book, name) if row[0] > layout.skip)
        heading = next(walk, None)
        if heading is None:
            message = f"Sheet {name!r} of {file.name} holds no table. Its sheets: {book.sheetnames}."
            raise ColumnError(message)
        names = _names(heading[1])
        cells, outside = _within(walk, len(names))
        _formulas_have_results(file, book, name=name, first=heading[0], width=len(names))
    finally:
        book.close()
    _one_row_of_headings(file, cells, place=(name, heading[0]))
    message = (
        f"Cells of {file.name} beside the table, under no heading, are left out: {_contract.named(outside)}."
    )
    table = pd.DataFrame(cells, columns=names, dtype=object).infer_objects()
    return table, [message] if outside else []


def _one_row_of_headings(file: Path, cells: Sequence[tuple[Any, ...]], *, place: tuple[str, int]) -> None:
    """Raise where the headings go on in a second row, as below merged cells: words above numbers, no id."""
    if len(cells) < 2 or cells[0][0] is not None:  # noqa: PLR2004 - a heading and a row
        return
    words = [i for i, cell in enumerate(cells[0]) if cell is not None]
    numbers = any(isinstance(cells[1][i], int | float) for i in words)
    if numbers and all(isinstance(cells[0][i], str) for i in words):
        sheet, row = place
        message = (
            f"{file.name} has headings in two rows, {row} and {row + 1} of sheet {sheet!r}, as merged cells "
            f"have. Write both into row {row} (such as '2019 women'), delete row {row + 1} and try again."
        )
        raise ColumnError(message)


def _chosen(names: Sequence[str], wanted: str | int | None, *, file: Path) -> str:
    """Return the sheet that is wanted: the first, unless named or numbered."""
    if isinstance(wanted, str) and wanted in names:
        return wanted
    if not isinstance(wanted, str) and 0 <= (wanted or 0) < len(names):
        return names[wanted or 0]
    message = f"{file.name} has no sheet {wanted!r}; its sheets are {_contract.named(names)}."
    raise OptionError(message)


def _names(heading: tuple[Any, ...]) -> list[str]:
    """Return the names of columns, those of years and other numbers as text; no two the same."""
    width = max(place for place, cell in enumerate(heading) if cell not in (None, "")) + 1
    names: list[str] = []
    for place, cell in enumerate(heading[:width]):
        whole = isinstance(cell, float) and cell.is_integer()
        name = f"Unnamed: {place}" if cell in (None, "") else str(int(cell) if whole else cell)
        names.append(f"{name}.{names.count(name)}" if name in names else name)
    return names


def _within(walk: Iterator[_Row], width: int) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Return the rows of the table, and the addresses of cells to the right of it."""
    from openpyxl.utils import get_column_letter

    inside: list[tuple[Any, ...]] = []
    outside: list[str] = []
    for number, cells in walk:
        if len(cells) > width:
            beside = (place for place, cell in enumerate(cells[width:], start=width + 1) if cell is not None)
            outside += [f"{get_column_letter(place)}{number}" for place in beside]
        row = cells[:width]
        if any(cell is not None and cell != "" for cell in row):
            inside.append(row + (None,) * (width - len(row)))
    return inside, outside


def _formulas_have_results(
    file: Path,
    book: Any,  # noqa: ANN401 - openpyxl's own class
    *,
    name: str,
    first: int,
    width: int,
) -> None:
    """Raise where a formula of the table was never worked out, as in workbooks that programs write."""
    from openpyxl.utils import get_column_letter

    path = book[name]._worksheet_path  # noqa: SLF001 - openpyxl tells the part of a sheet nowhere else
    if not _holds(file, path, b"<f"):
        return
    other = _opened(file, formulas=True)
    try:
        results = dict(_walked(book, name))
        empty = [
            f"{get_column_letter(place + 1)}{number} ({cell})"
            for number, cells in _walked(other, name)
            if number >= first
            for place, cell in enumerate(cells[:width])
            if isinstance(cell, str) and cell.startswith("=") and _at(results.get(number, ()), place) is None
        ]
    finally:
        other.close()
    if empty:
        message = (
            f"{file.name} holds formulas without results: {_contract.named(empty)}. Open the workbook in "
            "Excel or LibreOffice, save it there, and read it again."
        )
        raise ColumnError(message)


def _at(cells: tuple[Any, ...], place: int) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return a cell of a row that may be shorter."""
    return cells[place] if place < len(cells) else None


def _holds(file: Path, part: str, mark: bytes) -> bool:
    """Return whether a part of a zipped file holds some bytes."""
    with zipfile.ZipFile(file) as packed, packed.open(part.lstrip("/")) as content:
        end = b""
        while block := content.read(_BLOCK):
            if mark in end + block:
                return True
            end = block[-len(mark) :]
    return False
