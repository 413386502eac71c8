"""Chapters of an atlas: each measures one thing, and returns words, maps and tables in reading order."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import classify, draw, measure, weigh
from geoinno.draw.web import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geopandas import GeoDataFrame

    from geoinno.draw import Layer, Sheet
    from geoinno.report._atlas.spec import Subject

_FEW = 5
_SKEWED = 2.0


def names(regions: GeoDataFrame) -> pd.Series:
    """Return what to call each region."""
    if "name" not in regions.columns:
        return pd.Series(regions.index, index=regions.index)
    return regions["name"].where(regions["name"].notna(), regions.index.to_series()).astype(str)


def listed(subject: Subject, values: pd.Series, *, count: int = _FEW, form: str = "") -> str:
    """Return the regions of the highest values, with the values."""
    name = names(subject.regions)
    top = values.dropna().sort_values(ascending=False, kind="stable").head(count)
    rows = zip(name.loc[top.index], top, strict=True)
    return ", ".join(f"{region} ({format(value, form) if form else number(value)})" for region, value in rows)


def sheet(subject: Subject, *layers: Layer, title: str, subtitle: str = "") -> Sheet:
    """Return a map with the source of the data."""
    return draw.sheet(*layers, title=title, subtitle=subtitle, source=subject.source)


def place(subject: Subject) -> list[object]:
    """Say how large the place is and where its mass sits."""
    regions, mass = subject.regions, subject.mass
    parts = f" in {len(subject.countries)} countries" if len(subject.countries) > 1 else ""
    half = int((mass.sort_values(ascending=False).cumsum() < mass.sum() / 2).sum()) + 1
    words = (
        f"## The place\n\n{len(regions)} regions{parts} hold a {_word(mass)} of {mass.sum():,.0f}. The "
        f"largest are {listed(subject, mass)}; {half} regions hold half of all. "
        f"The {_word(subject.indicator)} is highest in {listed(subject, subject.indicator)}."
    )
    level = draw.choropleth(regions, subject.indicator, legend=_word(subject.indicator).capitalize())
    return [words, sheet(subject, level, title=f"{_word(subject.indicator).capitalize()} by region")]


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
        f"## Potential\n\nA region's potential is the mass within its reach, half of it lost every "
        f"{subject.half_km:g} km. It is highest in {listed(subject, found['total'])}."
    )
    layers = [
        draw.choropleth(
            subject.regions, found["total"] / 1e6, title="Potential", legend="Potential, millions"
        )
    ]
    if abroad:
        share = found["exogenous_share"]
        words += (
            f" Across borders, {subject.border_factor:.0%} of foreign mass counts; "
            f"{listed(subject, share, form='.0%')} depend most on potential from abroad."
        )
        legend = "Share from abroad, %"
        layers.append(draw.choropleth(subject.regions, 100 * share, title="From abroad", legend=legend))
    return [words, sheet(subject, *layers, title="Potential: what lies within reach")]


def clusters(subject: Subject) -> list[object]:
    """Test whether like regions lie together, and where."""
    known = subject.indicator.dropna()
    if known.nunique() < 2 or len(known) < len(subject.regions) / 2:  # noqa: PLR2004
        return [
            f"## Clusters\n\nThe {_word(known)} is known for {len(known)} regions only, too few for clusters."
        ]
    regions = subject.regions.loc[known.index]
    near = weigh.contiguity(regions)
    # What is very skewed is compared by its logarithm, so that a single peak does not hide the rest.
    level = known.to_numpy()
    skewed = bool((level > 0).all()) and float(stats.skew(level)) > _SKEWED
    compared = np.log10(known) if skewed else known
    whole = measure.moran(compared, near, permutations=999, seed=subject.seed)
    local = measure.local_moran(compared, near, permutations=subject.permutations, seed=subject.seed)
    kinds = classify.clusters(local)
    counts = kinds.value_counts()
    scale = " (its logarithm)" if skewed else ""
    words = (
        f"## Clusters\n\n{whole} Around {counts.get('HH', 0)} regions the {_word(known)}{scale} is high "
        f"among high, around {counts.get('LL', 0)} low among low (false discovery rate 5%)."
    )
    layer = draw.cluster_map(regions, local)
    return [words, sheet(subject, layer, title=f"Where the {_word(known)} clusters")]


def poles(subject: Subject) -> list[object]:
    """Find the poles, and name the spaces between them."""
    found, pulled, types = spaces(subject)
    name = names(subject.regions)
    which = ", ".join(name[i] for i in found.index[found["pole"]][:12])
    counts = types["type"].value_counts()
    between = ", ".join(f"{n} {kind}" for kind, n in counts.items() if n)
    firm = types["agreement"].median()
    words = (
        f"## Poles and the spaces between\n\n{int(found['pole'].sum())} growth poles stand out: {which}. By "
        f"what pulls at them the regions are: {between}. In the median region {firm:.0%} of perturbed draws "
        "agree with its type; dots mark regions where fewer than 80% do."
    )
    layers = [
        draw.roles(subject.regions, types),
        draw.pole_points(found, subject.regions, subject.mass),
    ]
    contested = pulled["contestedness"].where(~found["pole"])
    tail = f"Most contested between poles: {listed(subject, contested, form='.2f')}."
    return [words, sheet(subject, *layers, title="Growth poles and intermediate spaces"), tail]


def spaces(subject: Subject) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the poles, what pulls at each region, and the types of space."""
    near = weigh.contiguity(subject.regions)
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
    """Measure borders: how long, how sharply they part the indicator, and who stands before them."""
    if len(subject.countries) < 2:  # noqa: PLR2004 - a border has two sides
        return [
            "## Borders\n\nAll regions lie in one country, or none is stated: there is no border to measure."
        ]
    edges = measure.segments(subject.regions)
    foreign = edges[edges["kind"] == "foreign"]
    if foreign.empty:
        return ["## Borders\n\nNo two regions of different countries meet."]
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
        f"## Borders\n\n{len(foreign)} of {len(edges)} segments part countries, "
        f"{foreign['length_km'].sum():,.0f} km in all; {int(near['on_border'].sum())} regions touch a border."
        f" {tested} The strongest springboards, with much before them and their country behind them, are "
        f"{listed(subject, board['score'], form='.2f')}."
    )
    types = draw.categories(
        subject.regions, kinds.astype("object"), title="Kind", legend="What the border is"
    )
    title = "Borders: springboards and contrasts" if contrasts else "Borders: springboards"
    return [words, sheet(subject, types, *contrasts, title=title)]


def _parted(subject: Subject, edges: GeoDataFrame) -> tuple[str, list[Layer]]:
    """Say whether borders part unlike levels of the indicator, and draw the contrasts of neighbours."""
    known = subject.indicator.dropna()
    inside = edges[edges["first"].isin(known.index) & edges["second"].isin(known.index)]
    name = _word(known)
    if inside["kind"].nunique() < 2 or known.nunique() < 2:  # noqa: PLR2004 - at home and across
        return f"The {name} is known for too few neighbours to compare them across borders.", []
    # A positive indicator is compared by ratios: the same distance from 1 to 2 as from 10 to 20.
    positive = bool((known > 0).all())
    level = np.log10(known) if positive else known
    tested = measure.dissimilarity(level, inside, seed=subject.seed)
    scale = " (log10)" if positive else ""
    legend = f"Difference between neighbours in {name}{scale}"
    finding = str(tested)
    return f"In {name}{scale}, {finding[0].lower()}{finding[1:]}", [
        draw.border_lines(inside, measure.contrast(level, inside), legend=legend)
    ]


def flows(subject: Subject) -> list[object]:
    """Say how flows fall with distance, and who gains by them."""
    if subject.flows is None:
        return ["## Flows\n\nNo flows were given."]
    touched = pd.unique(subject.flows[["origin", "destination"]].to_numpy(object).ravel())
    inside = subject.regions.loc[subject.regions.index.isin(touched)]
    fit = measure.gravity(subject.flows, weigh.distances(inside))
    # Where a table holds any flow inside a region, a region without one keeps nobody.
    own = bool((subject.flows["origin"] == subject.flows["destination"]).any())
    balance = measure.balances(subject.flows, complete=own).reindex(inside.index)
    words = (
        f"## Flows\n\n{len(subject.flows):,} flows add up to {subject.flows['value'].sum():,.0f}. {fit} Most "
        f"is gained by {listed(subject, balance['net'])}; most lost by "
        f"{listed(subject, -balance['net'])}."
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
    name = _word(values)
    if (values < 0).any() or not values.any():
        return [f"## Disparities\n\nThe {name} is not above zero: no Gini coefficient describes it."]
    words = f"## Disparities\n\nThe Gini coefficient of {name} over regions is {measure.gini(values):.2f}."
    if len(subject.countries) > 1 and (values > 0).all():
        parts = measure.theil(values, groups=subject.regions.loc[values.index, "country"])
        share = parts["between"] / parts["total"]
        words += (
            f" Of Theil's index ({parts['total']:.2g}), {share:.0%} lies between countries and the rest "
            "within them."
        )
    return [words]


def scenario(subject: Subject) -> list[object]:
    """Ask what open borders would add."""
    if len(subject.countries) < 2:  # noqa: PLR2004 - a border has two sides
        return []
    decay = weigh.exponential(subject.half_km)
    parts = measure.latent_potential(
        subject.mass, subject.regions, decay=decay, country="country", border_factor=subject.border_factor
    )
    words = (
        f"## What if borders were open?\n\nToday {subject.border_factor:.0%} of foreign mass counts. With "
        f"open borders the median region would have {parts['gain'].median():.0%} more potential; "
        f"{listed(subject, parts['gain'], form='.0%')} would gain most. This is a partial equilibrium: what "
        "regions hold stays where it is."
    )
    layer = draw.choropleth(subject.regions, 100 * parts["gain"], legend="Gain in potential, %")
    return [words, sheet(subject, layer, title="Potential that open borders would add")]


def sources(subject: Subject) -> list[object]:
    """List the methods with their sources, and where the data come from."""
    used: Sequence[Callable[..., object]] = [
        measure.market_potential,
        measure.moran,
        measure.local_moran,
        measure.growth_poles,
        measure.pull,
        measure.segments,
        measure.dissimilarity,
        measure.springboard,
        measure.gravity,
        measure.theil,
    ]
    lines = [f"- `{method.__name__}`: {_first_line(method)} {_reference(method)}" for method in used]
    head = "## Methods and sources\n\nDistances are geodesic, p-values two-sided, random draws seeded."
    return [f"{head}\n\n" + "\n".join(lines) + f"\n\nData: {subject.source}"]


def _first_line(method: Callable[..., object]) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(method) or "").split("\n", 1)[0]


def _reference(method: Callable[..., object]) -> str:
    """Return the first reference of a docstring."""
    found = re.search(
        r"References\n-+\n(.+?)(?:\n\S+, [A-Z]\.|\n\n|\Z)", inspect.getdoc(method) or "", re.DOTALL
    )
    return "" if found is None else " ".join(found.group(1).split()).replace("*", "")


def _word(values: pd.Series) -> str:
    """Return the name of an indicator as it stands in a sentence."""
    return str(values.name).replace("_", " ")
