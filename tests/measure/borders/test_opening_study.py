"""Opening study: pyfixest's saturated event study, planted openings, placebos, and what it refuses."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.measure import opening_study

YEARS = range(1990, 2002)


@pytest.fixture(scope="module")
def km(lattice):
    """Return km to a border along the western edge of the map."""
    west = gi.weigh.places(lattice)["lon"]
    return (west - west.min() + 0.25) * 75


def planted(lattice, km, *, effect, seed, opened=1996, smooth=0.0):
    """Return a panel in which regions within 60 km gain after the opening, over a field and its noise."""
    rng = np.random.default_rng(seed)
    place = gi.weigh.places(lattice)
    wave = smooth * np.sin(place["lon"] * rng.normal() + place["lat"] * rng.normal() + rng.uniform(0, 6))
    start = opened if isinstance(opened, pd.Series) else pd.Series(opened, lattice.index)
    table = pd.DataFrame(
        {
            year: 10 + wave * (year - 1990) / 10 + effect * ((km <= 60) & (year >= start))
            + rng.normal(0, 0.3, len(lattice)) + 0.1 * year
            for year in YEARS
        },
        index=lattice.index,
    )  # fmt: skip
    return table.rename_axis("region").rename_axis("year", axis=1).stack()  # noqa: PD013 - region and year


@pytest.fixture(scope="module")
def staggered(lattice, km):
    """Return openings of the two nearest columns in the north, then in the south."""
    north = gi.weigh.places(lattice)["lat"] > 48.4
    return pd.Series(np.where(north, 1994, 1997), lattice.index).where(km <= 90)


def theirs(panel, opened, near, far):
    """Return pyfixest's saturated event study of one ring, by period."""
    import pyfixest

    table = panel.rename("y").reset_index()
    table = table[table["region"].map(near | far)]
    table["g"] = table["region"].map(opened.where(near).fillna(0)).astype(int)
    table["unit"] = table["region"].astype("category").cat.codes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = pyfixest.event_study(
            table, yname="y", idname="unit", tname="year", gname="g", estimator="saturated", att=False
        )
        return fit.aggregate()["Estimate"].astype(float)


def test_events_are_those_of_pyfixest(lattice, km, staggered):
    panel = planted(lattice, km, effect=1.0, seed=1, opened=staggered)
    ours = opening_study(panel, km, opened=staggered, edges_km=[30, 90])
    for ring, low, high in (("0-30 km", -1, 30), ("30-90 km", 30, 90)):
        near = (km > low) & (km <= high)
        # Periods of which pyfixest has every cohort; it drops empty ones with others.
        table = theirs(panel, staggered, near, staggered.isna()).loc[-4:4]
        events = ours.events.loc[ring, "effect"]
        assert events[table.index.astype(int)].to_numpy() == pytest.approx(table.to_numpy(), rel=1e-6)
        assert events[-1] == 0


def test_one_opening_is_a_difference_of_differences(lattice, km):
    panel = planted(lattice, km, effect=1.0, seed=2)
    found = opening_study(panel, km, opened=1996, edges_km=[60])
    wide = panel.unstack()  # noqa: PD010 - back to a wide table
    change = wide.loc[:, 1996:].mean(axis=1) - wide[1995]
    expected = change[km <= 60].mean() - change[km > 60].mean()
    assert found.table.loc["0-60 km", "effect"] == pytest.approx(expected)
    assert found.table.loc["0-60 km", "check"] == pytest.approx(expected)


def test_the_check_is_that_of_callaway_and_santanna(lattice, km, staggered):
    """Written out: each cohort against all whose border is closed, those that open later included."""
    panel = planted(lattice, km, effect=1.0, seed=3, opened=staggered)
    wide = panel.unstack()  # noqa: PD010 - back to a wide table
    parts = []
    for opening in (1994, 1997):
        cohort = staggered == opening
        for year in range(opening, 2002):
            closed = staggered.isna() | (staggered > year)
            change = wide[year] - wide[opening - 1]
            parts.append((change[cohort] - change[closed].mean()).rename((opening, year)))
    by_region = pd.concat(parts, axis=1).mean(axis=1)
    found = opening_study(panel, km, opened=staggered, edges_km=[90]).table.loc["0-90 km"]
    assert found["check"] == pytest.approx(by_region.mean())
    assert found["check"] != pytest.approx(found["effect"], rel=1e-6)


def test_a_planted_opening_is_found_and_no_ring_beyond(lattice, km):
    panel = planted(lattice, km, effect=1.0, seed=4)
    found = opening_study(panel, km, opened=1996, regions=lattice, edges_km=[60, 120], draws=199)
    near, next_ring = found.table.loc["0-60 km"], found.table.loc["60-120 km"]
    assert near["low"] < 1.0 < near["high"]
    assert near["p"] <= 0.05
    assert near["p_noise"] <= 0.05
    assert near["p_before"] > 0.05
    assert next_ring["low"] < 0 < next_ring["high"]
    text = str(found)
    for words in ("Sun and Abraham (2021)", "where growth was expected", "placebo borders", "maps of noise"):
        assert words in text


def test_growth_before_the_opening_is_told(lattice, km):
    panel = planted(lattice, km, effect=0.0, seed=5)
    years = panel.index.get_level_values("year").to_numpy()
    near = panel.index.get_level_values("region").map(km <= 60).to_numpy().astype(bool)
    found = opening_study(
        panel + 0.4 * near * (years - 1990), km, opened=1996, regions=lattice, edges_km=[60], draws=199
    )
    assert found.table.loc["0-60 km", "p_before"] <= 0.05
    assert "had already moved apart: 0-60 km" in str(found)


@pytest.mark.slow
def test_tests_hold_their_level_on_smooth_maps_of_nothing(lattice, km):
    rejected = np.zeros(2)
    for seed in range(60):
        panel = planted(lattice, km, effect=0.0, seed=seed, smooth=1.5)
        table = opening_study(
            panel, km, opened=1996, regions=lattice, edges_km=[60], draws=39, seed=seed
        ).table
        rejected += table[["p", "p_noise"]].to_numpy()[0] <= 0.05
    assert rejected.max() <= 9  # of 60; more would be a chance of one in a thousand at 5%


def test_without_regions_nothing_is_tested(lattice, km):
    found = opening_study(planted(lattice, km, effect=1.0, seed=6), km, opened=1996, edges_km=[60])
    assert found.table[["low", "high", "p", "p_noise", "p_before"]].isna().all(axis=None)
    assert "give regions, so that placebo borders can be drawn" in str(found)


@pytest.mark.parametrize(
    ("change", "options", "error", "words"),
    [
        (lambda p: p.iloc[1:], {}, gi.ColumnError, "no finite value for"),
        (lambda p: p * np.nan, {}, gi.ColumnError, "no finite value for"),
        (lambda p: pd.concat([p, p.head(1)]), {}, gi.ColumnError, "twice in the panel"),
        (lambda p: p.droplevel("year"), {}, gi.ColumnError, "indexed by region and year"),
        (lambda p: p.astype(str), {}, gi.ColumnError, "must be numeric"),
        (lambda p: p.to_frame("a").assign(b=1), {}, gi.ColumnError, "Say which column"),
        (lambda p: p, {"opened": 1990}, gi.ColumnError, "before the second year"),
        (lambda p: p, {"opened": 2050}, gi.ColumnError, "before the second year"),
        (lambda p: p, {"edges_km": [1, 60]}, gi.ColumnError, "at least 3 regions"),
        (lambda p: p, {"edges_km": [9000]}, gi.ColumnError, "must lie beyond the last"),
        (lambda p: p, {"edges_km": [60, 30]}, gi.OptionError, "edges_km must rise"),
    ],
)
def test_unsound_questions_are_refused(lattice, km, change, options, error, words):
    panel = planted(lattice, km, effect=0.0, seed=7)
    given = {"opened": 1996, "edges_km": [60], **options}
    with pytest.raises(error, match=words):
        opening_study(change(panel), km, **given)


def test_distances_must_be_of_the_regions_and_not_below_zero(lattice, km):
    panel = planted(lattice, km, effect=0.0, seed=8)
    with pytest.raises(gi.AlignmentError, match="different regions"):
        opening_study(panel, km.iloc[1:], opened=1996, edges_km=[60])
    with pytest.raises(gi.ColumnError, match="zero or more km"):
        opening_study(panel, km - 60, opened=1996, edges_km=[60])
    with pytest.raises(gi.AlignmentError, match="different regions"):
        opening_study(panel, km, opened=1996, regions=lattice.iloc[1:], edges_km=[60])


def test_an_outcome_that_never_differs_is_refused_and_no_test_is_said_once():
    ids = [f"r{i}" for i in range(40)]
    cells = pd.MultiIndex.from_product([ids, range(2000, 2008)], names=["region", "year"])
    km = pd.Series(np.linspace(0, 600, 40), ids)
    with pytest.raises(gi.ColumnError, match="The outcome is the same in every region and year"):
        gi.measure.opening_study(pd.Series(1.0, cells), km, opened=2004)
    noise = pd.Series(np.random.default_rng(0).normal(size=len(cells)), cells)
    words = str(gi.measure.opening_study(noise, km, opened=2004))
    assert words.count("Nothing was tested: give regions") == 1
