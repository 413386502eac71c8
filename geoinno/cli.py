"""The command line, for people who do not write Python: samples, check, map, atlas."""

from __future__ import annotations

import argparse
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from geoinno import __version__
from geoinno._commands import add_fetch, add_table_options, described, fetched, table_of
from geoinno.errors import GeoinnoError, MissingSourceWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geopandas import GeoDataFrame

SOUND, PROBLEM = 0, 1
_READING = {
    "layer": "layer to read from a file of several, or file to read from a zip",
    "crs": "CRS of the coordinates if the file does not state it, for example 4326 or EPSG:3035",
    "encoding": "text encoding of a shapefile, for example cp1251",
    "where": 'SQL condition that regions must meet, for example "LEVL_CODE = 2"',
}
_EXAMPLES = """examples:
  geoinno samples
  geoinno check regions.gpkg --id code --country country
  geoinno check regions.gpkg --id code --table jobs.csv --table-id code
  geoinno fetch nuts --level 2 --year 2016 --countries AT CZ -o regions.gpkg
  geoinno map central_asia --value primacy -o primacy.html
  geoinno map regions.gpkg --id code --value income --kind clusters -o clusters.png --source "Our office"
  geoinno atlas central_asia -o atlas.html
  geoinno atlas place.toml -o atlas.html
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 success, 1 a reported problem, 2 a wrong command line.

    Parameters
    ----------
    arguments
        The arguments after ``geoinno``; by default those of the process.

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
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (GeoinnoError, OSError) as error:
        if options.debug:
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
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _command(commands, "samples", _samples, summary="list the sample data that come with geoinno")
    _add_check(commands)
    fetch = _command(commands, "fetch", _fetch, summary="fetch regions or a table from an official source")
    add_fetch(fetch)
    _add_map(commands)
    _add_atlas(commands)
    return parser


def _add_check(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its own type private
    """Add the command that checks regions and a table."""
    summary = "check the topology of regions and how a table joins to them"
    parser = _command(commands, "check", _check, summary=summary)
    _add_files(parser)
    add_table_options(parser)


def _add_map(commands: Any) -> None:  # noqa: ANN401 - the same
    """Add the command that draws a map."""
    parser = _command(commands, "map", _map, summary="map a column")
    _add_files(parser)
    parser.add_argument("--value", required=True, help="column to map")
    parser.add_argument(
        "--kind",
        choices=("classes", "clusters"),
        default="classes",
        help="draw classes of the values, or their local clusters (default: classes)",
    )
    parser.add_argument(
        "--scheme", default="quantiles", help="class breaks: quantiles (default), jenks, equal, ..."
    )
    parser.add_argument("--count", type=int, default=5, help="number of classes, at most 7 (default: 5)")
    parser.add_argument("--title", default="", help="title of the map")
    parser.add_argument("--source", help="source of the data, printed on the map")
    parser.add_argument(
        "-o", "--output", required=True, help="file to write: .html, .png, .svg, .pdf or .gpkg (for QGIS)"
    )


def _add_atlas(commands: Any) -> None:  # noqa: ANN401 - the same
    """Add the command that writes an atlas."""
    parser = _command(commands, "atlas", _atlas, summary="describe a place on one page, in maps and words")
    parser.add_argument("place", help="name of a sample, or a TOML file that names your files and columns")
    parser.add_argument(
        "--half-km",
        type=float,
        default=200.0,
        help="distance in km at which a mass counts for half (default: 200)",
    )
    parser.add_argument("--title", default="", help="title of the page")
    parser.add_argument("-o", "--output", required=True, help="page to write (.html)")


def _command(
    commands: Any,  # noqa: ANN401 - argparse keeps its own type private
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    summary: str,
) -> argparse.ArgumentParser:
    """Add a command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_files(parser: argparse.ArgumentParser) -> None:
    """Add the options that describe a file of regions."""
    parser.add_argument(
        "regions", help="name of a sample, or a file of polygons (.gpkg, .geojson, .shp, .parquet)"
    )
    parser.add_argument("--id", help="column of region ids")
    parser.add_argument("--country", help="column of countries")
    parser.add_argument("--name", help="column of names")
    for word, words in _READING.items():
        parser.add_argument(f"--{word}", help=words)


def _samples(options: argparse.Namespace) -> int:
    """List the samples."""
    del options
    from geoinno.read import sample, samples

    for name in samples():
        regions = sample(name).regions
        lands = sorted(regions["country"].unique())
        _say(f"{name}: {len(regions)} regions of {len(lands)} countries ({', '.join(lands)})")
    return SOUND


def _regions(options: argparse.Namespace) -> tuple[GeoDataFrame, str | None]:
    """Return the regions, and their source where it is known."""
    from geoinno import read

    if options.regions in read.samples():
        found = read.sample(options.regions)
        return found.regions, found.source
    if not options.id:
        message = f"--id must name the column of {options.regions!r} that holds the region ids."
        raise GeoinnoError(message)
    reading = {word: getattr(options, word) for word in ("id", "country", "name", *_READING)}
    return read.regions(options.regions, **reading), None


def _check(options: argparse.Namespace) -> int:
    """Report on topology and join; the exit code says whether the regions are sound."""
    from geoinno import read

    regions, _ = _regions(options)
    found = read.topology(regions)
    _say(str(found))
    if not found.sound:
        _say("To repair the regions: gi.read.repaired(regions).")
    if options.table:
        table, notes = table_of(options)
        for note in (*notes, *described(table)):
            _say(f"note: {note}")
        joined = read.join(regions, table)
        added = [str(column) for column in joined.columns if column not in regions.columns]
        _say(f"The table joins to all {len(joined)} regions and adds {', '.join(added)}.")
        for column in added:
            empty = int(joined[column].isna().sum())
            if empty:
                _say(f"Column {column!r} has no value in {empty} of {len(joined)} regions.")
    return SOUND if found.sound else PROBLEM


def _fetch(options: argparse.Namespace) -> int:
    """Fetch from an official source."""
    _say(f"{options.output}: {fetched(options)}")
    return SOUND


def _map(options: argparse.Namespace) -> int:
    """Draw a column."""
    from geoinno import draw, report

    regions, source = _regions(options)
    if options.value not in regions.columns:
        columns = ", ".join(map(str, regions.select_dtypes("number").columns))
        message = f"There is no column {options.value!r}; the numeric columns are {columns}."
        raise GeoinnoError(message)
    layer = _layer(options, regions)
    if options.output.lower().endswith(".gpkg"):
        path = report.to_gis(options.output, layer)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingSourceWarning)
            sheet = draw.sheet(layer, title=options.title or options.value, source=options.source or source)
        path = sheet.save(options.output)
        for objection in sheet.audit():
            _say(f"note: {objection}", error=True)
    _say(str(path))
    return SOUND


def _layer(options: argparse.Namespace, regions: GeoDataFrame) -> Any:  # noqa: ANN401 - a Layer, loaded late
    """Return the classes or the clusters of a column."""
    from geoinno import draw, measure, weigh

    if options.kind == "classes":
        return draw.choropleth(regions, regions[options.value], scheme=options.scheme, count=options.count)
    known = regions.dropna(subset=options.value)
    if len(known) < len(regions):
        _say(
            (
                f"note: {len(regions) - len(known)} of {len(regions)} regions have no "
                f"{options.value!r} and are left out."
            ),
            error=True,
        )
    local = measure.local_moran(known[options.value], weigh.contiguity(known))
    return draw.cluster_map(known, local)


def _atlas(options: argparse.Namespace) -> int:
    """Write an atlas."""
    from geoinno import report

    story = report.atlas(options.place, half_km=options.half_km, title=options.title, progress=_progress)
    _say(str(story.save(options.output)))
    return SOUND


def _progress(steps: Iterable[Any]) -> Iterable[Any]:
    """Show progress, if tqdm is installed and the output is a terminal."""
    if not sys.stderr.isatty():
        return steps
    try:
        tqdm = import_module("tqdm")
    except ImportError:
        return steps
    bar: Iterable[Any] = tqdm.tqdm(list(steps), desc="chapters", unit="")
    return bar
