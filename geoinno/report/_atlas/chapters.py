"""Chapters of an atlas: each measures one thing, and returns words, maps and tables in reading order."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import classify, draw, measure, weigh
from geoinno.errors import DataWarning, RegionError
from geoinno.report._atlas.words import (
    counted,
    enumerated,
    gains,
    listed,
    net,
    pole_names,
    title,
    word,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph

    from geoinno.draw import Layer, Sheet
    from geoinno.report._atlas.spec import Subject

_SKEWED = 2.0


def sheet(subject: Subject, *layers: Layer, title: str, subtitle: str = "") -> Sheet:
    """Return a map with the source of the data."""
    return draw.sheet(*layers, title=title, subtitle=subtitle, source=subject.source)


def place(subject: Subject) -> list[object]:
    """Say how large the place is and where its mass sits."""
    regions, mass = subject.regions, subject.mass
    parts = f" in {len(subject.countries)} countries" if len(subject.countries) > 1 else ""
    half = int((mass.sort_values(ascending=False).cumsum() < mass.sum() / 2).sum()) + 1
    words = (
        f"## The place\n\nThe atlas covers {counted(len(regions), 'region')}{parts}. The total of "
        f"{word(mass)} is {mass.sum():,.0f}; {counted(half, 'region holds', 'regions hold')} half of it. The "
        f"largest are {listed(subject, mass)}. The highest values of {word(subject.indicator)} are in "
        f"{listed(subject, subject.indicator)}."
    )
    legend = f"{title(subject.indicator)}{subject.unit}"
    level = draw.choropleth(regions, subject.indicator, legend=legend)
    return [words, sheet(subject, level, title=f"{title(subject.indicator)} by region")]


def potential(subject: Subject) -> list[object]:
    """Measure what each region has within reach, at home and across borders."""
    decay = weigh.exponential(subject.half_km)
    abroad = len(subject.countries) > 1
    found = measure.market_potential(
        subject.mass,
        subject.regions,
        decay=decay,
        country="country" if abroad else None,
        border_factor=subject.border_factor if abroad else 1.0,
    )
    words = (
        f"## Potential\n\nA region's potential is the mass within its reach; mass {subject.half_km:g} km "
        f"away counts for half. Potential is highest in {listed(subject, found['total'])}."
    )
    layers = [
        draw.choropleth(
            subject.regions, found["total"] / 1e6, title="Potential", legend="Potential, millions"
        )
    ]
    if abroad:
        share = found["exogenous_share"]
        words += f" Across borders, {subject.border_factor:.0%} of foreign mass counts."
        if share.max() > 0:
            words += f" {listed(subject, share, form='.0%')} depend most on potential from abroad."
        legend = "Share from abroad, %"
        layers.append(draw.choropleth(subject.regions, 100 * share, title="From abroad", legend=legend))
    return [words, sheet(subject, *layers, title="Potential: the mass within reach")]


def clusters(subject: Subject) -> list[object]:
    """Test whether like regions lie together, and where."""
    known = subject.indicator.dropna()
    if len(known) < len(subject.regions) / 2:
        few = f"of {len(subject.regions)} regions: too few to look for clusters."
        return [f"## Clusters\n\nValues of {word(known)} are known for only {len(known)} {few}"]
    if known.nunique() < 2:  # noqa: PLR2004 - what does not vary has no clusters
        return [f"## Clusters\n\nAll regions have the same {word(known)}: there are no clusters."]
    regions = subject.regions.loc[known.index]
    near = weigh.contiguity(regions, islands=subject.islands)
    # Very skewed values are compared by their logarithms, so that a single peak does not hide the rest.
    level = known.to_numpy()
    skewed = bool((level > 0).all()) and float(stats.skew(level)) > _SKEWED
    compared = np.log10(known) if skewed else known
    whole = measure.moran(compared, near, permutations=999, seed=subject.seed)
    local = measure.local_moran(compared, near, permutations=subject.permutations, seed=subject.seed)
    scale = " (log10)" if skewed else ""
    words = (
        f"## Clusters\n\nIn {word(known)}{scale}, {str(whole)[0].lower()}{str(whole)[1:]} {_gathered(local)}"
    )
    added, linked = _links(subject, regions, near)
    layers = [draw.cluster_map(regions, local), *added]
    return [words + linked, sheet(subject, *layers, title=f"Clusters of {word(known)}")]


def _links(subject: Subject, regions: GeoDataFrame, near: Graph) -> tuple[list[Layer], str]:
    """Return the links that join islands to the rest, drawn and in words, where there are any."""
    if subject.islands == "isolate":
        return [], ""
    try:
        layer = draw.link_lines(regions, near)
    except RegionError:  # all of them touch
        return [], ""
    return [layer], f" These regions do not touch and count as neighbours: {layer.legends[0].note}"


def _gathered(local: pd.DataFrame) -> str:
    """Say around how many regions high and low values gather."""
    counts = classify.clusters(local).value_counts()
    if not counts["HH"] + counts["LL"]:
        return "No region is part of a cluster of high or of low values (false discovery rate 5%)."
    return (
        f"High values cluster around {counted(counts['HH'], 'region')}, low values around "
        f"{counted(counts['LL'], 'region')} (false discovery rate 5%)."
    )


def poles(subject: Subject) -> list[object]:
    """Find the poles, and name the spaces between them."""
    found, pulled, types = spaces(subject)
    counts = types["type"].value_counts()
    between = enumerated([f"{n} {kind}" for kind, n in counts.items() if n])
    firm = types["agreement"].median()
    words = (
        f"## Poles and the spaces between\n\n{pole_names(subject, found)} By the pull of the poles, the "
        f"regions fall into these types: {between}. For the median region, {firm:.0%} of the perturbed draws "
        "give the same type; dots mark regions for which fewer than 80% do."
    )
    layers = [
        draw.roles(subject.regions, types),
        draw.pole_points(found, subject.regions, subject.mass),
    ]
    contested = pulled["contestedness"].where(~found["pole"])
    tail = f"The regions most contested between poles are {listed(subject, contested, form='.2f')}."
    if not contested.max() > 0:
        tail = "No region is contested between poles."
    return [words, sheet(subject, *layers, title="Growth poles and intermediate spaces"), tail]


def spaces(subject: Subject) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the poles, what pulls at each region, and the types of space."""
    near = weigh.contiguity(subject.regions, islands=subject.islands)
    found = measure.growth_poles(subject.mass, near, regions=subject.regions)
    decay, costs = weigh.exponential(subject.half_km), weigh.distances(subject.regions)
    pulled = measure.pull(subject.mass, costs, found, decay=decay)
    draws = measure.pull_draws(subject.mass, costs, found, decay=decay, seed=subject.seed)
    interface = None
    if len(subject.countries) > 1:
        country = subject.regions["country"]
        interface = measure.exposure(subject.regions)["on_border"] & (pulled["pole"].map(country) != country)
    types = classify.space_types(pulled, found, draws=draws, interface=interface)
    return found, pulled, types


def borders(subject: Subject) -> list[object]:
    """Measure borders: their length, how much neighbours across them differ, and who would gain by them."""
    if len(subject.countries) < 2:  # noqa: PLR2004 - a border has two sides
        return ["## Borders\n\nThere is no border to measure: the regions are not of two or more countries."]
    edges, notes = _segments(subject)
    foreign = edges[edges["kind"] == "foreign"]
    if foreign.empty:
        return [" ".join(["## Borders\n\nNo regions of different countries share a boundary.", *notes])]
    near = measure.exposure(subject.regions)
    tested, contrasts = _parted(subject, edges)
    board = measure.springboard(
        subject.mass,
        subject.regions,
        decay=weigh.exponential(subject.half_km),
        border_factor=subject.border_factor,
        seed=subject.seed,
    )
    kinds = classify.border_types(board)
    words = (
        f"## Borders\n\nOf the {counted(len(edges), 'boundary segment')} between regions, "
        f"{counted(len(foreign), 'lies', 'lie')} on a border between countries "
        f"({foreign['length_km'].sum():,.0f} km in all); {int(near['on_border'].sum())} regions touch a "
        f"border. {tested} The strongest springboards, with much to gain across the border and many routes "
        f"from their own country leading through them, are {listed(subject, board['score'], form='.2f')}."
    )
    types = draw.categories(
        subject.regions, kinds.astype("object"), title="Type", legend="Type of border region"
    )
    title = "Borders: springboards and contrasts" if contrasts else "Borders: springboards"
    return [" ".join([words, *notes]), sheet(subject, types, *contrasts, title=title)]


def _segments(subject: Subject) -> tuple[GeoDataFrame, list[str]]:
    """Return the segments of all borders, and what the reader should know of those that are missing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        edges = measure.segments(subject.regions)
    return edges, [str(warning.message) for warning in caught]


def _parted(subject: Subject, edges: GeoDataFrame) -> tuple[str, list[Layer]]:
    """Say whether neighbours across borders differ more than others, and draw the contrasts."""
    known = subject.indicator.dropna()
    inside = edges[edges["first"].isin(known.index) & edges["second"].isin(known.index)]
    name = word(known)
    if inside["kind"].nunique() < 2 or known.nunique() < 2:  # noqa: PLR2004 - at home and across
        return f"Too few neighbours have known values of {name} to compare them across borders.", []
    # A positive indicator is compared by ratios: the same distance from 1 to 2 as from 10 to 20.
    positive = bool((known > 0).all())
    level = np.log10(known) if positive else known
    tested = measure.dissimilarity(level, inside, seed=subject.seed)
    scale = " (log10)" if positive else ""
    legend = f"Difference in {name} between neighbours{scale}"
    finding = str(tested)
    return f"In {name}{scale}, {finding[0].lower()}{finding[1:]}", [
        draw.border_lines(inside, measure.contrast(level, inside), legend=legend)
    ]


def flows(subject: Subject) -> list[object]:
    """Say how flows fall with distance, and which regions receive more than they send."""
    if subject.flows is None:
        return ["## Flows\n\nNo flows were given."]
    touched = pd.unique(subject.flows[["origin", "destination"]].to_numpy(object).ravel())
    inside = subject.regions.loc[subject.regions.index.isin(touched)]
    fit = measure.gravity(subject.flows, weigh.distances(inside))
    # Where a table holds any flow inside a region, a region without one keeps nobody.
    own = bool((subject.flows["origin"] == subject.flows["destination"]).any())
    balance = measure.balances(subject.flows, complete=own).reindex(inside.index)
    words = (
        f"## Flows\n\n{len(subject.flows):,} flows add up to {subject.flows['value'].sum():,.0f}. {fit} "
        f"{net(subject, balance['net'])}"
    )
    kept = 100 * balance["self_containment"]
    layers: list[Layer] = []
    if len(kept.dropna().unique()) > 1:
        layers.append(draw.choropleth(inside, kept, legend="Stays within the region, %"))
    layers.append(draw.flow_lines(subject.flows, inside, legend="Flow"))
    return [words, sheet(subject, *layers, title="Flows between regions")]


def disparities(subject: Subject) -> list[object]:
    """Measure how unequal regions are, within and between countries."""
    values = subject.indicator.dropna() if subject.indicator_given else subject.mass
    name = word(values)
    if (values < 0).any() or not values.any():
        needs = "The Gini coefficient needs values of zero or more, not all of them zero."
        return [f"## Disparities\n\n{needs} Those of {name} are not."]
    words = f"## Disparities\n\nThe Gini coefficient of {name} across regions is {measure.gini(values):.2f}."
    if len(subject.countries) > 1 and (values > 0).all() and values.max() > values.min():
        parts = measure.theil(values, groups=subject.regions.loc[values.index, "country"])
        share = parts["between"] / parts["total"]
        words += (
            f" Of Theil's index ({parts['total']:.2g}), {share:.0%} lies between countries and the rest "
            "within them."
        )
    return [words]


def scenario(subject: Subject) -> list[object]:
    """Say what open borders would add."""
    if len(subject.countries) < 2:  # noqa: PLR2004 - a border has two sides
        return []
    decay = weigh.exponential(subject.half_km)
    parts = measure.latent_potential(
        subject.mass, subject.regions, decay=decay, country="country", border_factor=subject.border_factor
    )
    words = (
        f"## What if borders were open?\n\nToday {subject.border_factor:.0%} of foreign mass counts. "
        f"{gains(subject, parts['gain'])}"
    )
    layer = draw.choropleth(subject.regions, 100 * parts["gain"], legend="Gain in potential, %")
    return [words, sheet(subject, layer, title="Potential that open borders would add")]
