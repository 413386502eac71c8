"""The command line, for people who do not write Python: samples, check, map, atlas."""

from __future__ import annotations

import argparse
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from geoinno import __version__
from geoinno.errors import GeoinnoError, MissingSourceWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geopandas import GeoDataFrame

SOUND, PROBLEM = 0, 1
_EXAMPLES = """examples:
  geoinno samples
  geoinno check regions.gpkg --id code --country country
  geoinno check regions.gpkg --id code --table jobs.csv --table-id code
  geoinno map central_asia --value primacy -o primacy.html
  geoinno map regions.gpkg --id code --value income --kind clusters -o clusters.png --source "Our office"
  geoinno atlas central_asia -o atlas.html
  geoinno atlas place.toml -o atlas.html
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 sound, 1 a problem that is named, 2 a wrong call.

    Parameters
    ----------
    arguments
        The words after ``geoinno``; those of the process unless given.

    Returns
    -------
    int
        The exit code.

    Examples
    --------
    >>> from geoinno.cli import main
    >>> main(["samples"])
    north_america: 96 regions of 3 countries (CAN, MEX, USA)
    central_asia: 48 regions of 5 countries (KAZ, KGZ, TJK, TKM, UZB)
    austria: 92 regions of 9 countries (AUT, CHE, CZE, DEU, HUN, ITA, LIE, SVK, SVN)
    0
    """
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (GeoinnoError, OSError) as error:
        if asked.debug:
            raise
        _say(f"geoinno: {error}", error=True)
        return PROBLEM


def _say(text: str, *, error: bool = False) -> None:
    """Write a line for the reader."""
    (sys.stderr if error else sys.stdout).write(text + "\n")


def _parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="geoinno",
        description="Agglomeration and border effects in regional data: checks, maps and atlases.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"geoinno {__version__}")
    parser.add_argument("--debug", action="store_true", help="show where in the program an error arose")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _command(commands, "samples", _samples, told="list the real data that ships with the project")
    check = _command(
        commands, "check", _check, told="report on the topology of regions and how a table joins them"
    )
    _own_files(check)
    check.add_argument("--table", help="CSV, Excel or Parquet file to be joined")
    check.add_argument("--table-id", help="its id column (as --id unless given)")
    drawn = _command(commands, "map", _map, told="draw a map of a column")
    _own_files(drawn)
    drawn.add_argument("--value", required=True, help="the column to draw")
    drawn.add_argument(
        "--kind", choices=("classes", "clusters"), default="classes", help="what to draw of it"
    )
    drawn.add_argument("--scheme", default="quantiles", help="class breaks: quantiles, jenks, equal, ...")
    drawn.add_argument("--count", type=int, default=5, help="number of classes, at most 7")
    drawn.add_argument("--title", default="", help="title of the map")
    drawn.add_argument("--source", help="where the data come from")
    drawn.add_argument("-o", "--output", required=True, help=".html, .png, .svg, .pdf or .gpkg (for QGIS)")
    atlas = _command(commands, "atlas", _atlas, told="tell the whole story of a place on one page")
    atlas.add_argument("place", help="a sample, or a TOML file that names your files and columns")
    atlas.add_argument("--half-km", type=float, default=200.0, help="where half of a mass is out of reach")
    atlas.add_argument("--title", default="", help="title of the page")
    atlas.add_argument("-o", "--output", required=True, help="the page to write (.html)")
    return parser


def _command(
    commands: Any,  # noqa: ANN401 - argparse keeps its own type private
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    told: str,
) -> argparse.ArgumentParser:
    """Add a command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=told,
        description=told,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _own_files(parser: argparse.ArgumentParser) -> None:
    """Add what tells of a file of regions."""
    parser.add_argument("regions", help="a sample, or a file of polygons (.gpkg, .geojson, .shp, .parquet)")
    parser.add_argument("--id", help="column that holds the ids")
    parser.add_argument("--country", help="column that holds the countries")
    parser.add_argument("--name", help="column that holds the names")


def _samples(asked: argparse.Namespace) -> int:
    """List the samples."""
    del asked
    from geoinno.read import Sample, sample

    for name in sample("?"):  # type: ignore[union-attr]
        found = sample(name)
        if isinstance(found, Sample):
            lands = sorted(found.regions["country"].unique())
            _say(f"{name}: {len(found.regions)} regions of {len(lands)} countries ({', '.join(lands)})")
    return SOUND


def _regions(asked: argparse.Namespace) -> tuple[GeoDataFrame, str | None]:
    """Return the regions asked for, and their source where it is known."""
    from geoinno import read

    names: Any = read.sample("?")
    if asked.regions in names:
        found: Any = read.sample(asked.regions)
        return found.regions, found.source
    if not asked.id:
        message = f"--id must name the column of {asked.regions!r} that holds the ids."
        raise GeoinnoError(message)
    return read.regions(asked.regions, id=asked.id, country=asked.country, name=asked.name), None


def _check(asked: argparse.Namespace) -> int:
    """Report on topology and join; the exit code says whether all is sound."""
    from geoinno import read

    regions, _ = _regions(asked)
    found = read.topology(regions)
    _say(str(found))
    if not found.sound:
        _say("Mend it: gi.read.repaired(regions).")
    if asked.table:
        table = read.table(asked.table, id=asked.table_id or asked.id)
        joined = read.join(regions, table)
        added = [str(column) for column in joined.columns if column not in regions.columns]
        _say(f"All {len(joined)} regions join with {', '.join(added)}.")
        for column in added:
            empty = int(joined[column].isna().sum())
            if empty:
                _say(f"Column {column!r} is missing in {empty} of {len(joined)} regions.")
    return SOUND if found.sound else PROBLEM


def _map(asked: argparse.Namespace) -> int:
    """Draw a column."""
    from geoinno import draw, report

    regions, source = _regions(asked)
    if asked.value not in regions.columns:
        columns = ", ".join(map(str, regions.select_dtypes("number").columns))
        message = f"There is no column {asked.value!r}; numeric ones are {columns}."
        raise GeoinnoError(message)
    layer = _layer(asked, regions)
    if asked.output.lower().endswith(".gpkg"):
        path = report.to_gis(asked.output, layer)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingSourceWarning)
            sheet = draw.sheet(layer, title=asked.title or asked.value, source=asked.source or source)
        path = sheet.save(asked.output)
        for objection in sheet.audit():
            _say(f"note: {objection}", error=True)
    _say(str(path))
    return SOUND


def _layer(asked: argparse.Namespace, regions: GeoDataFrame) -> Any:  # noqa: ANN401 - a Layer, loaded late
    """Return the classes or the clusters of a column."""
    from geoinno import draw, measure, weigh

    if asked.kind == "classes":
        return draw.choropleth(regions, regions[asked.value], scheme=asked.scheme, count=asked.count)
    known = regions.dropna(subset=asked.value)
    if len(known) < len(regions):
        _say(f"note: {len(regions) - len(known)} regions without {asked.value!r} are left out.", error=True)
    local = measure.local_moran(known[asked.value], weigh.contiguity(known))
    return draw.cluster_map(known, local)


def _atlas(asked: argparse.Namespace) -> int:
    """Write an atlas."""
    from geoinno import report

    made = report.atlas(asked.place, half_km=asked.half_km, title=asked.title, progress=_progress)
    _say(str(made.save(asked.output)))
    return SOUND


def _progress(steps: Iterable[Any]) -> Iterable[Any]:
    """Show how far the work is, where tqdm is installed and somebody watches."""
    if not sys.stderr.isatty():
        return steps
    try:
        tqdm = import_module("tqdm")
    except ImportError:
        return steps
    bar: Iterable[Any] = tqdm.tqdm(list(steps), desc="chapters", unit="")
    return bar
