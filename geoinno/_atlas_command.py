"""The command that writes an atlas: its options, and the user's own files as a place."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoinno._map_command import add_flow_options, flows_of
from geoinno.errors import OptionError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno.read import Sample


def add_atlas_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of what an atlas tells."""
    add_flow_options(parser)
    parser.add_argument("--mass", help="column of what attracts, such as people or jobs (needed for a file)")
    parser.add_argument("--indicator", default="", help="column to look for clusters in")
    parser.add_argument("--source", default="as given by the user", help="where the data come from")
    parser.add_argument(
        "--half-km",
        type=float,
        default=200.0,
        help="distance in km at which a mass counts for half (default: 200)",
    )
    parser.add_argument("--title", default="", help="title of the page")
    parser.add_argument("-o", "--output", required=True, help="page to write (.html)")


def needs_mass(options: argparse.Namespace) -> None:
    """Raise if a place of the user's own has no mass."""
    if not options.mass:
        message = "--mass must name the column of what attracts, such as people or jobs."
        raise OptionError(message)


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of the atlas."""
    chosen = {name: getattr(options, name) for name in ("half_km", "title", "indicator")}
    mass = {"mass": options.mass} if options.mass else {}
    return {**chosen, **mass, "progress": _progress}


def own_place(options: argparse.Namespace, regions: GeoDataFrame, given: pd.DataFrame | None) -> Sample:
    """Return the user's files in the form of a sample."""
    import pandas as pd

    from geoinno.read import Sample

    flows = flows_of(options, given) if options.flows or given is not None else pd.DataFrame()
    return Sample(
        name=Path(options.regions).stem,
        regions=regions,
        countries=pd.DataFrame(),
        flows=flows,
        panel=pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=["region", "year"])),
        source=options.source,
    )


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
