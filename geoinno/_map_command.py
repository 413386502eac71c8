"""The command that draws a map: what it may draw, and from which options."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoinno._map_colours import PALETTE_HELP, checked_palette, colours_of, ramp_of, square_of
from geoinno.errors import ColumnError, OptionError, OutputError, RegionError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import pandas as pd
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph

    from geoinno.draw import Layer

MAPS = (".html", ".png", ".svg", ".pdf", ".geojson", ".gpkg")
_KINDS = ("classes", "clusters", "categories", "roles", "flows", "borders", "bivariate")
_VALUELESS = ("flows",)
_SCHEMES = "class breaks: quantiles (default), equal, jenks, std, headtail, maximum or pretty"
_HALF = "roles: distance in km at which the pull of a pole halves (default: 200)"


def add_map_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of what is drawn, and how."""
    parser.add_argument(
        "--value", help="column to map (of mass, for roles; drawn under the arrows, for flows)"
    )
    parser.add_argument("--kind", choices=_KINDS, default="classes", help="what to draw (default: classes)")
    parser.add_argument("--second", help="the second column of a bivariate map")
    parser.add_argument("--scheme", default="quantiles", help=_SCHEMES)
    parser.add_argument("--count", type=int, help="number of classes: at most 7, of a bivariate map 2 or 3")
    parser.add_argument("--midpoint", type=float, help="number from which the colours of classes diverge")
    parser.add_argument("--palette", help=PALETTE_HELP)
    parser.add_argument("--half-km", type=float, default=200.0, help=_HALF)
    add_islands(parser)
    add_flow_options(parser)
    parser.add_argument("--top", type=int, help="flows: how many of the largest to draw")
    parser.add_argument("--filter", help="regions to keep: \"country == 'AT' and income > 100\"")
    parser.add_argument("--focus", help="ids or countries to which the map opens, separated by commas")
    parser.add_argument("--title", default="", help="title of the map")
    parser.add_argument("--subtitle", default="", help="the method, in one line")
    parser.add_argument("--source", help="where the data come from")
    parser.add_argument("-o", "--output", required=True, help=".html, .png, .svg, .pdf, .geojson or .gpkg")


def add_flow_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a file of flows."""
    parser.add_argument("--flows", help="file of flows between the regions")
    parser.add_argument("--origin", default="origin", help="its column of origins")
    parser.add_argument("--destination", default="destination", help="its column of destinations")
    parser.add_argument("--flow-value", default="value", help="its column of how much flows")


def add_islands(parser: argparse.ArgumentParser) -> None:
    """Add the option of what is a neighbour of an island."""
    parser.add_argument(
        "--islands",
        choices=("isolate", "nearest", "bridge"),
        default="isolate",
        help="neighbours of regions that touch no other: none, the nearest, or the shortest bridges",
    )


def output(given: str, suffixes: Sequence[str]) -> Path:
    """Return the path to write to, or say before any work why it cannot be written."""
    path = Path(given)
    if path.suffix.lower() not in suffixes:
        message = f"The output is one of {', '.join(suffixes)} by its suffix; {given!r} was given."
        raise OptionError(message)
    if path.is_dir():
        message = f"{given!r} is a folder; name a file in it."
        raise OutputError(message)
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        message = f"{given!r} cannot be written: {str(folder)!r} is not a folder that you may write to."
        raise OutputError(message)
    return path


def kept(regions: GeoDataFrame, condition: str | None) -> GeoDataFrame:
    """Return the regions that meet a condition on their columns."""
    from geoinno import _contract

    return _contract.fitting(regions, condition, name="--filter") if condition else regions


def focused(regions: GeoDataFrame, focus: str | None) -> GeoDataFrame | None:
    """Return the regions whose ids or countries are named; None without a focus."""
    if not focus:
        return None
    words = [word.strip() for word in focus.split(",")]
    hit = regions.index.isin(words)
    known = set(regions.index)
    if "country" in regions.columns:
        hit |= regions["country"].isin(words).to_numpy()
        known |= set(regions["country"].dropna())
    strange = [word for word in words if word not in known]
    if strange:
        message = f"--focus names {strange[0]!r}, which is neither a region nor a country of the map."
        raise OptionError(message)
    return regions[hit]


def flows_of(options: argparse.Namespace, given: pd.DataFrame | None) -> pd.DataFrame:
    """Return the flows of the file that the options name, or those of the sample."""
    from geoinno import read

    if options.flows:
        columns = {"origin": options.origin, "destination": options.destination, "value": options.flow_value}
        return read.flows(options.flows, **columns)
    if given is None or given.empty:
        message = "A map of flows needs --flows, a file with origin, destination and value."
        raise OptionError(message)
    return given


def layers(
    options: argparse.Namespace, regions: GeoDataFrame, flows: pd.DataFrame | None
) -> tuple[list[Layer], list[str]]:
    """Return the layers of the kind that is drawn, and notes on what was left out."""
    checked_palette(options)
    _check_columns(options, regions)
    if options.kind == "flows":
        return _flows(options, regions, flows), []
    if options.kind in {"clusters", "borders", "roles"}:
        known = regions.dropna(subset=options.value)
        missing = len(regions) - len(known)
        notes = (
            [f"{missing} of {len(regions)} regions have no {options.value!r} and are left out."]
            if missing
            else []
        )
        return _LAYERS[options.kind](options, known), notes
    return _LAYERS[options.kind](options, regions), []


def _check_columns(options: argparse.Namespace, regions: GeoDataFrame) -> None:
    """Raise if a column that the kind needs is not named or not there."""
    needed = ["value", "second"] if options.kind == "bivariate" else ["value"]
    for word in needed:
        name = getattr(options, word)
        if name is None and options.kind in _VALUELESS:
            continue
        if name is None:
            message = f"A map of {options.kind} needs --{word}, the name of a column."
            raise OptionError(message)
        if name not in regions.columns:
            columns = ", ".join(map(str, regions.select_dtypes("number").columns))
            message = f"There is no column {name!r}; the numeric columns are {columns}."
            raise ColumnError(message)


def _classes(options: argparse.Namespace, regions: GeoDataFrame) -> list[Layer]:
    """Return classes of the column."""
    from geoinno import draw

    count = 5 if options.count is None else options.count
    # On a map of borders, the colours are those of the lines.
    usual = draw.palette.DEFAULT
    ramp = usual if options.kind == "borders" else ramp_of(options, usual=usual)
    layer = draw.choropleth(
        regions,
        options.value,
        scheme=options.scheme,
        count=count,
        midpoint=options.midpoint,
        palette=ramp,
    )
    return [layer]


def _clusters(options: argparse.Namespace, regions: GeoDataFrame) -> list[Layer]:
    """Return local clusters of the column."""
    from geoinno import draw, measure, weigh

    near = weigh.contiguity(regions, islands=options.islands)
    layer = draw.cluster_map(regions, measure.local_moran(regions[options.value], near))
    return [layer, *_links(options, regions, near)]


def _links(options: argparse.Namespace, regions: GeoDataFrame, near: Graph) -> list[Layer]:
    """Return the links that join islands to the rest, where the options ask for any and there are some."""
    from geoinno import draw

    if options.islands == "isolate":
        return []
    try:
        return [draw.link_lines(regions, near)]
    except RegionError:  # all of them touch
        return []


def _categories(options: argparse.Namespace, regions: GeoDataFrame) -> list[Layer]:
    """Return the categories that the column holds."""
    from geoinno import draw

    layer = draw.categories(regions, options.value)
    if not options.palette:
        return [layer]
    kinds = [key.label for key in layer.legends[0].keys if not key.pattern]
    return [draw.categories(regions, options.value, colours=colours_of(options, kinds))]


def _roles(options: argparse.Namespace, regions: GeoDataFrame) -> list[Layer]:
    """Return growth poles and the kinds of space between them, by the mass that the column holds."""
    from geoinno import classify, draw, measure, weigh

    mass = regions[options.value]
    near = weigh.contiguity(regions, islands=options.islands)
    poles = measure.growth_poles(mass, near, regions=regions)
    decay = weigh.exponential(options.half_km)
    pulled = measure.pull(mass, weigh.distances(regions), poles, decay=decay)
    types = classify.space_types(pulled, poles)
    links = _links(options, regions, near)
    return [draw.roles(regions, types), *links, draw.pole_points(poles, regions, mass)]


def _borders(options: argparse.Namespace, regions: GeoDataFrame) -> list[Layer]:
    """Return the column as fills, and how far neighbours differ along the borders."""
    from geoinno import draw, measure

    edges = measure.segments(regions)
    contrasts = measure.contrast(regions[options.value], edges)
    if not options.palette:
        return [*_classes(options, regions), draw.border_lines(edges, contrasts)]
    ramp = ramp_of(options, usual="pink")
    lines = draw.border_lines(edges, contrasts, colour=contrasts, palette=ramp)
    return [*_classes(options, regions), lines]


def _bivariate(options: argparse.Namespace, regions: GeoDataFrame) -> list[Layer]:
    """Return two columns on one map."""
    from geoinno import draw

    # The parser knows a number; that it is 2 or 3 is checked where the map is drawn.
    count: Any = options.count or 3
    square = square_of(options)
    return [draw.bivariate(regions, options.value, options.second, count=count, palette=square)]


def _flows(options: argparse.Namespace, regions: GeoDataFrame, given: pd.DataFrame | None) -> list[Layer]:
    """Return arrows, above the column as fills where one is named."""
    from geoinno import draw

    flows = flows_of(options, given)
    inside = flows[flows["origin"].isin(regions.index) & flows["destination"].isin(regions.index)]
    chosen = inside if options.filter else flows
    arrows = draw.flow_lines(chosen, regions, top=options.top)
    return [*(_classes(options, regions) if options.value else []), arrows]


_LAYERS: dict[str, Any] = {
    "classes": _classes,
    "clusters": _clusters,
    "categories": _categories,
    "roles": _roles,
    "borders": _borders,
    "bivariate": _bivariate,
}
