"""The command line, for people who do not write Python: samples, check, map, atlas."""

from __future__ import annotations

import argparse
import sys
import warnings
from typing import TYPE_CHECKING, Any

from geoinno import __version__
from geoinno._atlas_command import add_atlas_options, needs_mass, needs_no_more, own_place, settings
from geoinno._commands import add_fetch, add_table_options, described, fetched, table_of
from geoinno._map_command import (
    MAPS,
    add_map_options,
    focused,
    kept,
    layers,
    output,
)
from geoinno._progress import Progress
from geoinno.errors import GeoinnoError, MissingSourceWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from geopandas import GeoDataFrame

SOUND, PROBLEM, INTERRUPTED = 0, 1, 130
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
  geoinno map regions.gpkg --id code --table jobs.csv --value jobs --kind roles -o roles.html
  geoinno map austria --kind flows --top 20 -o flows.png
  geoinno atlas central_asia -o atlas.html
  geoinno atlas regions.gpkg --id code --country country --mass people -o atlas.html
  geoinno atlas place.toml -o atlas.html
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: success; 1: a reported problem; 2: a wrong command line; 130: interrupted from the keyboard.

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
    commuting_zones: 741 regions of 1 country (USA)
    policies: 48 regions of 1 country (USA)
    0
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        _say("geoinno: interrupted; nothing was written.", error=True)
        return INTERRUPTED
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
    parser = _command(commands, "map", _map, summary="draw a map of a column, of flows or of borders")
    _add_files(parser)
    add_table_options(parser)
    add_map_options(parser)


def _add_atlas(commands: Any) -> None:  # noqa: ANN401 - the same
    """Add the command that writes an atlas."""
    parser = _command(commands, "atlas", _atlas, summary="describe a place on one page, in maps and words")
    _add_files(
        parser, "name of a sample, a file of polygons, or a TOML file that names your files and columns"
    )
    add_table_options(parser)
    add_atlas_options(parser)


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
        epilog=_examples(name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _examples(command: str) -> str:
    """Return the examples of one command."""
    title, *lines = _EXAMPLES.splitlines()
    return "\n".join([title, *(line for line in lines if line.split()[1] == command)])


def _add_files(
    parser: argparse.ArgumentParser,
    words: str = "name of a sample, or a file of polygons (.gpkg, .geojson, .shp, .parquet)",
) -> None:
    """Add the options that describe a file of regions."""
    parser.add_argument("regions", help=words)
    parser.add_argument("--id", help="column of region ids")
    parser.add_argument("--country", help="column of countries")
    parser.add_argument("--name", help="column of names")
    for word, meaning in _READING.items():
        parser.add_argument(f"--{word}", help=meaning)


def _samples(options: argparse.Namespace) -> int:
    """List the samples."""
    del options
    from geoinno.read import sample, samples

    for name in samples():
        regions = sample(name).regions
        lands = sorted(regions["country"].unique())
        countries = "1 country" if len(lands) == 1 else f"{len(lands)} countries"
        _say(f"{name}: {len(regions)} regions of {countries} ({', '.join(lands)})")
    return SOUND


def _regions(options: argparse.Namespace) -> tuple[GeoDataFrame, str | None]:
    """Return the regions, and their source where it is known."""
    from geoinno import read

    if options.regions in read.samples():
        found = read.sample(options.regions)
        value: Any = getattr(options, "value", None)
        known = value in found.regions.columns
        return found.regions, found.source_of(value) if known else found.source
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
    """Draw a column, flows or borders."""
    from geoinno import draw, report

    path, progress = output(options.output, MAPS), Progress(3)
    progress.step("reading")
    regions, flows, source = _joined(options)
    regions = kept(regions, options.filter)
    focus = focused(regions, options.focus)
    progress.step("computing")
    drawn, notes = layers(options, regions, flows)
    progress.step("drawing")
    if path.suffix.lower() == ".gpkg":
        report.to_gis(path, *drawn)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingSourceWarning)
            title = options.title or options.value or "Flows"
            said = {"title": title, "subtitle": options.subtitle, "source": options.source or source}
            sheet = draw.sheet(*drawn, focus=focus, **said)
        sheet.save(path)
        notes += sheet.audit()
    progress.close()
    for note in notes:
        _say(f"note: {note}", error=True)
    _say(str(path))
    return SOUND


def _joined(options: argparse.Namespace) -> tuple[GeoDataFrame, pd.DataFrame | None, str | None]:
    """Return regions with the columns of their table, flows of a sample, and the source where it is known."""
    from geoinno import read

    regions, source = _regions(options)
    flows = read.sample(options.regions).flows if options.regions in read.samples() else None
    if options.table:
        table, notes = table_of(options)
        for note in notes:
            _say(f"note: {note}", error=True)
        regions = read.join(regions, table)
    return regions, flows, source


def _atlas(options: argparse.Namespace) -> int:
    """Write an atlas."""
    from geoinno import read, report

    path = output(options.output, (".html", ".htm"))
    place: Any = options.regions
    if place.endswith(".toml"):
        needs_no_more(options)
    elif place not in read.samples() or options.table or options.filter or options.adoptions:
        if place not in read.samples():
            needs_mass(options)
        regions, flows, source = _joined(options)
        place = own_place(options, regions, flows, source=source)
    _say(str(report.atlas(place, **settings(options)).save(path)))
    return SOUND
