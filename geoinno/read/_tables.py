"""Tables from files: cells read in one way whatever the format, keys as strings, rows chosen."""

from __future__ import annotations

import csv
import tempfile
import warnings
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, DataWarning, GeoinnoError
from geoinno.read import _damage, _files, _ids, _numbers, _text, _where, _workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno.read._layout import Layout

_TEXT = (".csv", ".tsv", ".txt")
_KINDS = (*_TEXT, ".parquet", *_files.EXCEL, ".zip")
_SEARCHED_ROWS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a file as they are stored, before any is taken for a number.

    ``fallback`` is the decimal sign of the format where no cell tells; ``typed`` says that the file itself
    knows numbers from text, as Parquet does.
    """

    table: pd.DataFrame
    notes: list[str]
    fallback: str | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table, its keys strings and its numbers numbers, and why columns are kept as text."""

    rows: pd.DataFrame
    objections: dict[str, str]

    def warned(self) -> pd.DataFrame:
        """Return the rows, and warn of columns that look like numbers but cannot be read as such."""
        for message in self.objections.values():
            warnings.warn(message, DataWarning, stacklevel=3)
        return self.rows


def frame(
    path: str | Path,
    layout: Layout,
    *,
    keys: Sequence[str],
    years: str | None = None,
    only: str | None = None,
) -> Table:
    """Return the table in a file with the ``keys`` as strings and ``years`` as whole numbers.

    Where ``only`` names a column, the other columns are left out.
    """
    file = _files.sound_file(path, _KINDS)
    if file.suffix.lower() == ".zip":
        return _unpacked(file, layout, keys=keys, years=years, only=only)
    with _files.sound_reading(file):
        cells = _cells(file, layout, keys=keys)
        for note in cells.notes:
            warnings.warn(note, DataWarning, stacklevel=3)
        named = [name for name in (*keys, years, only) if name is not None]
        _found(cells.table, named, file=file, layout=layout)
        if cells.table.empty:
            message = f"{file.name} has columns but no rows."
            raise ColumnError(message)
        rows = cells.table if only is None else cells.table[list(dict.fromkeys([*named, *_used(layout)]))]
        if layout.where is not None:
            rows = _where.chosen(rows, layout.where, file=file, point=layout.point)
        return _read(replace(cells, table=rows), layout, keys=keys, years=years, file=file)


def _used(layout: Layout) -> list[str]:
    """Return the columns that conditions speak of."""
    return _contract.columns_in(layout.where) if layout.where is not None else []


def _read(cells: Cells, layout: Layout, *, keys: Sequence[str], years: str | None, file: Path) -> Table:
    """Return cells with keys, years and numbers read."""
    fixed = {key: _ids.strings(cells.table[key], file=file) for key in keys}
    if years is not None:
        fixed[years] = whole_years(cells.table[years])
    rest = cells.table.drop(columns=list(fixed))
    if cells.typed and layout.point is None:
        return Table(cells.table.assign(**fixed), {})
    reading = _numbers.read(rest, point=layout.point, fallback=cells.fallback)
    rows = pd.concat([pd.DataFrame(fixed), reading.table], axis=1)
    rows = rows[_with_flags(cells.table.columns, rows.columns)]
    rows.attrs.update(reading.table.attrs)
    return Table(rows, reading.objections)


def _with_flags(stored: pd.Index, present: pd.Index) -> list[str]:
    """Return the columns in the order of the file, each followed by the flags of its cells."""
    order = [name for name in stored if name in present]
    flags = [name for name in present if name not in order]
    placed: list[str] = []
    for name in order:
        placed += [name, *(flag for flag in flags if flag in (f"{name}_flag", f"{name}_flag_in_cells"))]
    return placed


def _cells(file: Path, layout: Layout, *, keys: Sequence[str]) -> Cells:
    """Return the cells of a file."""
    suffix = file.suffix.lower()
    if suffix in _files.PARQUET:
        table = _files.unindexed(pd.read_parquet(file))
        return Cells(_undecimal(table.rename(columns=str)), [], typed=True)
    if suffix in _files.EXCEL:
        return Cells(*_workbook.rows(file, layout))
    form = _text.form(file, layout)
    notes = _repeated(form.heading, keys=keys, file=file)
    table, others = _text.rows(file, form)
    return Cells(table, notes + others, fallback="." if form.separator == "," else None)


def _undecimal(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose decimal numbers of fixed precision, as databases write them, are floats."""
    decimal = [
        name
        for name in table.columns
        if table[name].dtype == object and all(isinstance(cell, Decimal) for cell in table[name].dropna())
    ]
    return table.astype(dict.fromkeys([n for n in decimal if table[n].notna().any()], "float64"))


def _repeated(heading: Sequence[str], *, keys: Sequence[str], file: Path) -> list[str]:
    """Return a note on columns of one name, and raise where one of them is a key."""
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    if set(twice) & set(keys):
        message = f"{file.name} has more than one column {twice[0]!r}. Give each its own name."
        raise ColumnError(message)
    note = (
        f"{file.name} has several columns of one name; the later ones get a number: {_contract.named(twice)}."
    )
    return [note] if twice else []


def _found(table: pd.DataFrame, names: Sequence[str], *, file: Path, layout: Layout) -> None:
    """Raise where a column is not there, saying where else in the file it is."""
    for name in names:
        if name not in table.columns and (place := _elsewhere(file, layout, name)):
            message = f"{file.name} has no column {name!r} in its heading, but {place}."
            raise ColumnError(message)
        if name not in table.columns and (instead := _damage.not_data(file)):
            message = f"{file.name} has no column {name!r}. {instead}"
            raise ColumnError(message)
        _ids.column(table, name, file=file)


def _elsewhere(file: Path, layout: Layout, name: str) -> str:
    """Return where in a file a heading stands that is not where it was looked for, empty if nowhere."""
    if file.suffix.lower() in _TEXT:
        form = _text.form(file, layout)
        with file.open(encoding=form.encoding, newline="") as text:
            lines = list(islice(text, _SEARCHED_ROWS))
        for number, line in enumerate(lines):
            cells = {cell for sign in ",;\t|" for cell in next(csv.reader([line], delimiter=sign), [])}
            if name in {cell.strip() for cell in cells} and number > layout.skip:
                return f"row {number + 1} does: skip={number}"
    if file.suffix.lower() in _files.EXCEL:
        for sheet, number in _workbook.headings(file, name, rows=_SEARCHED_ROWS):
            return f"row {number} of sheet {sheet!r} does: sheet={sheet!r}, skip={number - 1}"
    return ""


def _unpacked(
    file: Path, layout: Layout, *, keys: Sequence[str], years: str | None, only: str | None
) -> Table:
    """Return the only table of a zipped folder."""
    with _files.sound_reading(file), zipfile.ZipFile(file) as packed:
        kinds = tuple(kind for kind in _KINDS if kind != ".zip")
        names = [
            name for name in packed.namelist() if name.lower().endswith(kinds) and "__MACOSX" not in name
        ]
        if len(names) != 1:
            found = f"{len(names)} tables: {_contract.named(names)}" if names else "no table"
            remedy = "Unzip it and name one of its files" if names else f"Tables are {', '.join(kinds)}"
            message = f"{file.name} holds {found}. {remedy}."
            raise GeoinnoError(message)
        with tempfile.TemporaryDirectory() as folder:
            inside = Path(folder) / Path(names[0]).name
            inside.write_bytes(packed.read(names[0]))
            return frame(inside, layout, keys=keys, years=years, only=only)


def whole_years(years: pd.Series) -> pd.Series:
    """Return a column of years as whole numbers."""
    numbers = pd.to_numeric(years, errors="coerce").astype("float64")
    bad = years[numbers.isna() | (numbers % 1 != 0)]
    if len(bad) or pd.api.types.is_bool_dtype(years):
        message = (
            f"Column {years.name!r} must hold whole years; it also holds {_contract.named(bad.to_list())}."
        )
        raise ColumnError(message)
    return numbers.astype("int64")
