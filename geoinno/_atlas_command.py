"""The command that writes an atlas: its options, and the user's own files as a place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoinno._map_command import add_flow_options, add_islands, flows_of, kept
from geoinno._progress import followed
from geoinno.errors import OptionError

if TYPE_CHECKING:
    import argparse

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno.read import Sample
    from geoinno.report import TradeOptions


_INDICATOR = "column whose clusters and contrasts are described (default: mass per square kilometre)"
_UNIT = "unit of a column: income=EUR, of the flows value=journeys; repeatable"
_ELASTICITY = "by how many per cent trade falls where its costs rise by one (default: 4)"
_EFFECT = "what membership adds to the natural logarithm of trade, such as 0.4"


def add_atlas_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of what an atlas tells."""
    add_flow_options(parser)
    parser.add_argument("--mass", help="column of what attracts, such as people or jobs (needed for a file)")
    parser.add_argument("--indicator", default="", help=_INDICATOR)
    parser.add_argument("--source", help="where the data come from")
    parser.add_argument(
        "--half-km",
        type=float,
        default=200.0,
        help="distance in km at which a mass counts for half (default: 200)",
    )
    parser.add_argument("--filter", help="regions to keep: \"country == 'AT' and income > 100\"")
    parser.add_argument(
        "--label",
        action="append",
        default=[],
        help="what a column is called: income='GDP per head'; repeatable",
    )
    parser.add_argument("--unit", action="append", default=[], help=_UNIT)
    _add_scenario_options(parser)
    add_islands(parser)
    parser.add_argument("--lang", default="en", help="language of the words: en or ru (default: en)")
    parser.add_argument("--title", default="", help="title of the page")
    parser.add_argument("-o", "--output", required=True, help="page to write (.html)")


def _add_scenario_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the chapters on trade and on diffusion."""
    parser.add_argument("--production", help="column of what each region produces; the flows are trade then")
    parser.add_argument("--elasticity", type=float, default=4.0, help=_ELASTICITY)
    parser.add_argument("--members", default="", help="countries in a bloc, separated by commas")
    parser.add_argument("--joining", default="", help="countries that would join it, separated by commas")
    parser.add_argument("--effect", type=float, default=0.0, help=_EFFECT)
    parser.add_argument("--adoptions", help="file of adoptions: region, innovation and period")
    parser.add_argument("--adoption-region", default="region", help="its column of region ids")
    parser.add_argument("--innovation", default="innovation", help="its column of innovations")
    parser.add_argument("--period", default="period", help="its column of periods")


def needs_no_more(options: argparse.Namespace) -> None:
    """Raise if there are options beside a TOML file, which says all that they would."""
    words = ("id", "mass", "indicator", "title", "source", "table", "flows", "filter", "label", "unit")
    scenarios = ("production", "members", "joining", "adoptions")
    given = [word for word in (*words, *scenarios) if getattr(options, word)]
    if given:
        message = (
            f"{options.regions!r} is read without --{given[0]}: write a line {given[0]!r} into the file."
        )
        raise OptionError(message)


def needs_mass(options: argparse.Namespace) -> None:
    """Raise if a place of the user's own has no mass."""
    if not options.mass:
        message = "--mass must name the column of what attracts, such as people or jobs."
        raise OptionError(message)


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of the atlas."""
    from geoinno.report import AtlasOptions

    chosen = {name: getattr(options, name) for name in ("half_km", "title", "indicator")}
    mass = {"mass": options.mass} if options.mass else {}
    labels, units = _by_column(options.label, "--label"), _by_column(options.unit, "--unit")
    words = AtlasOptions(
        labels,
        units,
        options.islands,
        options.lang,
        trade=_trade(options),
    )
    return {**chosen, **mass, "options": words, "progress": followed}


def _trade(options: argparse.Namespace) -> TradeOptions | None:
    """Return what makes the flows trade."""
    from geoinno.report import TradeOptions

    if not options.production:
        return None
    members, joining = (
        tuple(name.strip() for name in given.split(",") if name.strip())
        for given in (options.members, options.joining)
    )
    return TradeOptions(options.production, options.elasticity, members, joining, options.effect)


def _adoptions(options: argparse.Namespace, ids: pd.Index) -> pd.DataFrame | None:
    """Return the adoptions of the user or of the sample, by the regions that are kept."""
    from geoinno import read

    if options.adoptions:
        columns = {"region": options.adoption_region, "innovation": options.innovation}
        table = read.adoptions(options.adoptions, **columns, period=options.period)
    elif options.regions in read.samples():
        table = read.sample(options.regions).adoptions
    else:
        return None
    return table[table["region"].isin(ids)] if options.filter else table


def _by_column(given: list[str], name: str) -> dict[str, str]:
    """Return texts by column, from options such as income=EUR."""
    pairs = [text.partition("=") for text in given]
    odd = [text for text, (column, _, words) in zip(given, pairs, strict=True) if not (column and words)]
    if odd:
        message = f"{name} is written as column=text, such as income=EUR; {odd[0]!r} was given."
        raise OptionError(message)
    return {column: words for column, _, words in pairs}


def own_place(
    options: argparse.Namespace, regions: GeoDataFrame, given: pd.DataFrame | None, *, source: str | None
) -> Sample:
    """Return the user's files in the form of a sample."""
    import pandas as pd

    from geoinno.read import Sample

    known = given is not None and not given.empty
    flows = flows_of(options, given) if options.flows or known else pd.DataFrame()
    if options.filter:
        regions = kept(regions, options.filter)
    if options.filter and len(flows):
        flows = flows[flows[["origin", "destination"]].isin(regions.index).all(axis=1)]
    place = Sample(
        name=Path(options.regions).stem,
        regions=regions,
        countries=pd.DataFrame(),
        flows=flows,
        panel=pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=["region", "year"])),
        source=options.source or source or "as given by the user",
    )
    adoptions = _adoptions(options, regions.index)
    return place if adoptions is None else replace(place, adoptions=adoptions)
