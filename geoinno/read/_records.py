"""Records in Parquet, larger than memory: points by region, trips by pair, a block at a time."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geoinno import _contract
from geoinno.errors import ColumnError, FlowError, GeoinnoError, MissingFileError, OptionError
from geoinno.read import _files
from geoinno.read._raster import Raster, raster
from geoinno.scale import run_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geoinno._types import Floats, Ints
    from geoinno.scale import Block, Engine

    # A file as it was when the work began: path, bytes, and time of its last change.
    File = tuple[str, int, int]

# Points in a block: a second of work, and some 50 MB.
_POINTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Points, and sums of their values, by region; and how many points lie in none."""

    count: Ints
    total: Floats
    outside: int


def files(paths: str | Path | Sequence[str | Path]) -> list[File]:
    """Return the Parquet files named, in their order; a folder stands for those in it, by name."""
    from pathlib import Path

    single = isinstance(paths, (str, Path))
    named = [Path(paths)] if single else [Path(path) for path in paths]  # type: ignore[arg-type, union-attr]
    found = [file for path in named for file in (sorted(path.glob("*.parquet")) if path.is_dir() else [path])]
    if not found:
        message = f"There are no Parquet files in {', '.join(map(str, named)) or 'an empty list'}."
        raise MissingFileError(message)
    for file in found:
        if not file.exists() or file.suffix.lower() not in _files.PARQUET:
            message = f"{file} is not there, or is no Parquet file."
            raise MissingFileError(message)
    places = [str(file.resolve()) for file in found]
    twice = {place for place, count in Counter(places).items() if count > 1}
    if twice:
        message = f"Files are given twice, and would count twice: {_contract.named(sorted(twice))}."
        raise OptionError(message)
    states = [file.stat() for file in found]
    return [(place, state.st_size, state.st_mtime_ns) for place, state in zip(places, states, strict=True)]


def present(file: File, columns: Sequence[str]) -> None:
    """Raise unless a file has these columns."""
    from pyarrow.parquet import read_schema

    with _files.sound_reading(_path(file)):
        names = read_schema(file[0]).names
    absent = [column for column in columns if column not in names]
    if absent:
        message = (
            f"{_path(file).name} has no column {_contract.named(absent)}; it has {_contract.named(names)}."
        )
        raise ColumnError(message)


def _path(file: File) -> Path:
    from pathlib import Path

    return Path(file[0])


def counted_points(
    paths: list[File],
    polygons: NDArray[np.object_],
    *,
    coordinates: tuple[str, str],
    value: str | None,
    engine: Engine,
) -> Counted:
    """Count points, and sum their values, by the first polygon that holds them."""
    columns = [*coordinates, *([] if value is None else [value])]
    for file in paths:
        present(file, columns)
    groups = _row_groups(paths)
    found = raster(polygons)
    written = shapely.to_wkb(polygons)
    inputs = (
        *(found.cells, found.low, found.size),
        *(np.frombuffer(b"".join(written), np.uint8), np.cumsum([len(shape) for shape in written])),
        *(tuple(groups), tuple(columns)),
    )
    count, total = np.zeros(len(polygons), np.int64), np.zeros(len(polygons))
    outside = 0
    with closing(run_blocks(_count_points, _spans(groups), inputs, engine=engine)) as blocks:
        for counts, totals, strays in blocks:
            count, total, outside = count + counts, total + totals, outside + int(strays)
    return Counted(count, total, outside)


def _row_groups(paths: list[File]) -> list[tuple[File, int, int]]:
    """Return file, number and rows of each row group."""
    from pyarrow.parquet import read_metadata

    groups = []
    for file in paths:
        metadata = read_metadata(file[0])
        groups += [(file, k, metadata.row_group(k).num_rows) for k in range(metadata.num_row_groups)]
    return groups


def _spans(groups: list[tuple[File, int, int]]) -> list[Block]:
    """Return runs of row groups that hold about as many points as a block should."""
    block = np.cumsum([rows for *_, rows in groups]) // _POINTS
    starts = np.flatnonzero(np.append(True, np.diff(block) > 0))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(groups)], strict=True))


def _count_points(block: Block, *inputs: Any) -> tuple[NDArray[Any], ...]:  # noqa: ANN401 - flat inputs
    """Count the points of some row groups."""
    from pyarrow.parquet import ParquetFile

    cells, low, size, wkb, ends, groups, columns = inputs
    pieces = np.split(wkb, ends[:-1])
    map_ = Raster(cells, low, size, shapely.from_wkb([piece.tobytes() for piece in pieces]))
    count, total, outside = np.zeros(len(ends), np.int64), np.zeros(len(ends)), 0
    for file, number, _ in groups[slice(*block)]:
        with ParquetFile(file[0]) as content:
            rows = content.read_row_group(number, columns=list(columns), use_threads=False)
        x, y, *sizes = (_finite(rows.column(name), name, file) for name in columns)
        home = map_.homes(x, y)
        inside = home >= 0
        count += np.bincount(home[inside], minlength=len(ends))
        for values in sizes:
            total += np.bincount(home[inside], weights=values[inside], minlength=len(ends))
        outside += int((~inside).sum())
    return count, total, np.array(outside)


def _finite(column: Any, name: str, file: File) -> Floats:  # noqa: ANN401 - a column of Arrow
    """Return a column as numbers, or raise where one is none."""
    series = column.to_pandas()
    if pd.api.types.is_bool_dtype(series) or not pd.api.types.is_numeric_dtype(series):
        message = f"Column {name!r} of {_path(file).name} must be numeric; its type is {column.type}."
        raise ColumnError(message)
    numbers: Floats = series.to_numpy("float64", na_value=np.nan)
    unknown = int((~np.isfinite(numbers)).sum())
    if unknown:
        message = (
            f"Column {name!r} of {_path(file).name} has no finite value in {unknown:,} or more rows. "
            "Drop these rows."
        )
        raise ColumnError(message)
    return numbers


def summed_trips(
    paths: list[File], *, keys: tuple[str, str], value: str | None, where: str | None, engine: Engine
) -> pd.DataFrame:
    """Sum trips by origin and destination, a file at a time."""
    for file in paths:
        present(file, [*keys, *([] if value is None else [value])])
    blocks = [(k, k + 1) for k in range(len(paths))]
    with closing(run_blocks(_sum_trips, blocks, (tuple(paths), keys, value, where), engine=engine)) as parts:
        tables = [pd.DataFrame(dict(zip(_contract.FLOW_COLUMNS, part, strict=True))) for part in parts]
    together = pd.concat(tables, ignore_index=True)
    if together.empty:
        message = f"No trip is left{f' where {where}' if where else ''}: check the condition."
        raise FlowError(message)
    summed = together.groupby(["origin", "destination"], sort=True)["value"].sum()
    return summed.reset_index()


def _sum_trips(
    block: Block, paths: Sequence[File], keys: tuple[str, str], *options: str | None
) -> tuple[NDArray[Any], ...]:
    """Sum the trips of a file by pair; in one thread, so that sums do not depend on who adds first."""
    value, where = options
    file = paths[block[0]]
    origin, destination = (f"CAST({_quoted(key)} AS VARCHAR)" for key in keys)
    size = "count(*)" if value is None else f"sum(CAST({_quoted(value)} AS DOUBLE))"
    unsound = (
        "0"
        if value is None
        else f"count(*) FILTER (NOT coalesce(isfinite(CAST({_quoted(value)} AS DOUBLE)), false))"
    )
    query = (
        f"SELECT {origin}, {destination}, {size}, {unsound} FROM read_parquet(?) "  # noqa: S608 - names are quoted
        f"WHERE ({where or 'true'}) GROUP BY 1, 2 ORDER BY 1, 2"
    )
    origins, destinations, sizes, unknown = (column for _, column in _answer(query, file).items())
    unsound_rows = int(unknown.sum())
    absent = origins.isna().any() or destinations.isna().any()
    if absent or unsound_rows:
        plural = "" if unsound_rows == 1 else "s"
        what = (
            f"{unsound_rows:,} value{plural} of {value!r}" if unsound_rows else "an origin or a destination"
        )
        known = value if unsound_rows else keys[0]
        message = f"{_path(file).name} lacks {what}. Leave such rows out, as in where='{known} IS NOT NULL'."
        raise FlowError(message)
    ends = (np.asarray(end, dtype=np.str_) for end in (origins, destinations))
    return (*ends, np.asarray(sizes, np.int64 if value is None else np.float64))


def _answer(query: str, file: File) -> pd.DataFrame:
    """Return the answer to a query of one file, in an engine that sees that file and nothing else."""
    try:
        import duckdb
    except ImportError as error:
        message = "Summing trips in Parquet needs DuckDB: pip install 'geoinno[big]'."
        raise GeoinnoError(message) from error
    with duckdb.connect(config={"threads": 1}) as base:
        path = file[0].replace("'", "''")
        for setting in (
            f"allowed_paths = ['{path}']",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            base.execute(f"SET {setting}")
        try:
            answer = base.execute(query, [file[0]]).df()
        except duckdb.Error as error:
            message = f"{_path(file).name} cannot be summed: {str(error).splitlines()[0]}"
            raise GeoinnoError(message) from error
    return answer


def _quoted(name: str) -> str:
    """Return a column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
