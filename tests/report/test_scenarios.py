"""The atlas on income over the years, and on what faster movement would do."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from shapely.geometry import box

import geoinno as gi
from geoinno.report._atlas import writing
from geoinno.report._atlas.chapters import compression, convergence, sources
from geoinno.report._atlas.language import Language


def words_of(about, room):
    """Return the words of a chapter, without the findings."""
    found, evidence = writing.chapters(about, [room.chapter])
    fixed = writing.fixed(found, evidence, Language())
    claims = [claim for chapter in fixed for claim in chapter.claims]
    assert [o for claim in claims for o in claim.objections(evidence, Language())] == []
    texts = [text for c in fixed if c.key != "findings" for text in writing.text_of(c, Language())]
    return " ".join(text for text in texts if isinstance(text, str))


@pytest.fixture
def about_of(subject_of):
    return lambda regions, panel=None, **chosen: subject_of(regions.assign(jobs=1.0), panel=panel, **chosen)


def panel_of(ids, start, growth, years=10):
    """Return levels in two years from logs of the first and logarithmic growth a year."""
    first = pd.Series(np.exp(9 + np.asarray(start)), ids)
    wide = pd.concat({2000: first, 2000 + years: first * np.exp(years * np.asarray(growth))}, axis=1)
    wide = wide.rename_axis(index="region", columns="year")
    return wide.stack().rename("income")  # noqa: PD013 - a Series by region and year is what is meant


def drawn(kind):
    """Return start and growth of the lattice: regions catch up, fall behind, or neither."""
    random = np.random.default_rng(0)
    start, error = random.normal(size=(2, 36))
    row, column = np.divmod(np.arange(36), 6)
    return {
        "faster": (start, -0.02 * start + 0.004 * error),
        "slower": (start, 0.02 * start + 0.004 * error),
        "neither": (start, 0.02 + 0.01 * error),
        # Start and growth are smooth surfaces that have nothing to do with each other.
        "noise": (column / 3 + 0.2 * start, 0.02 - 0.004 * (row + column) + 0.004 * error),
    }[kind]


@pytest.mark.parametrize(
    ("kind", "spread", "speed"),
    [
        ("faster", "They have become more alike", "Regions that started lower grew faster: a gap closes by"),
        ("slower", "They have grown apart", "Regions that started higher grew faster: a gap widens by"),
        ("neither", "no evidence that they have become more alike", "no evidence that regions that started"),
        ("noise", "They have become more alike", "no more about their growth than equally"),
    ],
)
def test_convergence_is_said_only_where_noise_would_not_show_it(lattice, kind, spread, speed, about_of):
    panel = panel_of(lattice.index, *drawn(kind))
    words = words_of(about_of(lattice, panel), convergence)
    assert spread in words
    assert speed in words
    said = [
        "grew faster: a gap closes",
        "a gap widens",
        "regions that started lower grew faster or",
        "smooth maps of noise would",
    ]
    assert sum(text in words for text in said) == 1


def test_the_numbers_of_convergence_are_those_of_other_packages(atlas_of, north_america):
    statsmodels = pytest.importorskip("statsmodels.api")
    states = north_america.panel["income"].unstack().dropna()  # noqa: PD010 - a Series has no pivot
    assert len(states) == 48
    logs = np.log(states)
    first, last = logs[1929], logs[2009]
    model = statsmodels.OLS((last - first) / 80, statsmodels.add_constant(first)).fit(cov_type="HC3")
    speed = -np.log1p(80 * model.params.iloc[1]) / 80
    tau = stats.kendalltau(first, last).statistic
    words = str(atlas_of("north_america"))
    assert f"fell from {first.std():.3f} to {last.std():.3f}" in words
    assert f"a gap closes by {100 * speed:.2f}% a year (95% interval: " in words
    assert f"half of it is gone after {np.log(2) / speed:.0f} years" in words
    assert f"{(1 - tau) / 2:.0%} of all pairs of regions changed order" in words
    growth = (states[2009] / states[1929]) ** (1 / 80) - 1
    name = north_america.regions["name"]
    assert f"fastest in {name[growth.idxmax()]} ({growth.max():.2%})" in words
    assert f"slowest in {name[growth.idxmin()]} ({growth.min():.2%})" in words


def test_regions_with_gaps_are_counted_and_left_out(lattice, about_of):
    panel = panel_of(lattice.index, *drawn("faster"))
    words = words_of(about_of(lattice, panel), convergence)
    assert "In every year from 2000 to 2010, values of income are known for 36 regions." in words
    gaps = panel.drop([("00", 2010), ("11", 2000)])
    words = words_of(about_of(lattice, gaps), convergence)
    assert "Of the 36 regions with a known value of income in some year, 34 have one in every year" in words
    elsewhere = pd.concat([panel, pd.Series({("other", 2000): 5.0, ("other", 2010): 6.0}, name="income")])
    elsewhere.index = elsewhere.index.set_names(panel.index.names)
    assert "known for 36 regions" in words_of(about_of(lattice, elsewhere), convergence)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda panel: panel.iloc[:0],
        # Twenty-nine regions are one too few.
        lambda panel: panel[panel.index.get_level_values("region").isin(panel.index.levels[0][:29])],
        lambda panel: panel[panel.index.get_level_values("year") == 2000],
        lambda panel: panel.mask(panel == panel.min(), 0.0),
    ],
)
def test_without_a_sound_panel_there_is_no_chapter(lattice, change, about_of):
    about = about_of(lattice, change(panel_of(lattice.index, *drawn("faster"))))
    assert words_of(about, convergence) == ""
    assert "beta_convergence" not in words_of(about, sources)


def test_the_panel_of_a_sample_stands_under_its_label(north_america):
    options = gi.report.AtlasOptions({"income": "income per person"})
    few = replace(north_america, regions=north_america.regions[north_america.regions["country"] == "USA"])
    flown = few.flows[
        few.flows["origin"].isin(few.regions.index) & few.flows["destination"].isin(few.regions.index)
    ]
    words = str(gi.report.atlas(replace(few, flows=flown), half_km=400, options=options))
    assert "In every year from 1929 to 2009, values of income per person are known for 48 regions." in words


def test_faster_movement_is_a_longer_half_distance(atlas_of, central_asia):
    """With exponential decay, 30% more speed is a half-distance 30% longer."""
    regions, people = central_asia.regions, central_asia.regions["city_population"]
    before, after = (
        gi.measure.market_potential(
            people, regions, decay=gi.weigh.exponential(km), country="country", border_factor=0.25
        )["total"]
        for km in (200, 260)
    )
    gain, words = after / before - 1, str(atlas_of("central_asia"))
    assert f"travel times would fall by {1 - 1 / 1.3:.0%}, and the potential" in words
    assert (
        f"median region would be {gain.median():.0%} higher; the gain would be largest in Mangystau" in words
    )
    assert f"smallest in {regions['name'][gain.idxmin()]} ({gain.min():.0%})" in words
    # The Gini coefficient as half the mean difference over the mean.
    ginis = [
        np.abs(np.subtract.outer(v, v)).mean() / (2 * v.mean()) for v in (before.to_numpy(), after.to_numpy())
    ]
    assert f"would fall from {ginis[0]:.3f} to {ginis[1]:.3f}" in words
    assert "Borders would count as they do today." in words


def test_one_country_has_no_word_on_borders(lattice, about_of):
    words = words_of(about_of(lattice.drop(columns="country")), compression)
    assert "potential of the median region would be" in words
    assert "orders" not in words


def test_potential_may_become_less_even_or_stay(lattice, about_of):
    """Where half the mass lies at each end, a longer reach leaves the ends alike."""
    pair = lattice.loc[["00", "55"]].assign(country="A")
    assert "as evenly among regions as it is today" in words_of(about_of(pair), compression)
    # Where half of the regions are alone, at 47 degrees north and five degrees apart, only the crowd has
    # others to gain by.
    alone = lattice.iloc[18:].set_geometry(
        [box(5 * (i + 1), 47, 5 * (i + 1) + 0.5, 47.5) for i in range(18)], crs=4326
    )
    mixed = pd.concat([lattice.iloc[:18], alone]).assign(country="A")
    assert "less evenly among regions" in words_of(about_of(mixed, half_km=20.0), compression)


@pytest.mark.parametrize("change", [lambda r: r.iloc[:1], lambda r: r.assign(jobs=0.0)])
def test_a_single_region_or_no_mass_has_no_scenario(lattice, change, subject_of):
    changed = change(lattice.assign(jobs=1.0))
    about = subject_of(changed, indicator="jobs")
    assert compression.chapter(about) is None


def test_years_are_written_without_commas():
    assert re.fullmatch(r"\d{4}", Language().form(2009.0, "year"))
    assert re.fullmatch(r"\d{4}", Language("ru").form(2009.0, "year"))
