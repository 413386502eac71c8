"""Clubs by convergence-clubs 0.1.2 on 152 countries, by a panel in closed form, and on maps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.errors import AlignmentError, ColumnError, OptionError

YEARS = np.arange(1, 25)


def panel_of(table):
    """Return a table of regions by years as a panel."""
    return (
        table.rename_axis("region")
        .reset_index()
        .melt("region", var_name="year")
        .set_index(["region", "year"])
    )


def paths():
    """Return three planted clubs of four, and a thirteenth region that leaves all others behind."""
    rows = {}
    for i in range(12):
        club, gap = i % 3, (7 * i % 13 - 6) / 13
        trend = 10 - club + (0.03 - 0.01 * club) * YEARS
        rows[f"r{i:02d}"] = trend + gap * YEARS**-0.5 * (1 + 0.1 * np.sin(i + YEARS))
    rows["r12"] = 11 + 0.06 * YEARS
    return pd.DataFrame(rows, index=2000 + YEARS).T


@pytest.fixture(scope="module")
def found():
    return gi.measure.convergence_clubs(panel_of(paths()))


@pytest.fixture(scope="module")
def countries():
    """Return the trends of log incomes of 152 countries that ship with the peer, and the peer."""
    peer = pytest.importorskip("convergence_clubs", reason="pip install convergence-clubs==0.1.2")
    return peer, peer.load_filtered_gdp()


def test_clubs_of_152_countries_are_those_of_the_peer_and_of_the_paper(countries):
    peer, table = countries
    ours, theirs = gi.measure.convergence_clubs(panel_of(table), draws=0), peer.find_clubs(table)
    # Phillips and Sul (2009), table IV.
    assert ours.tests["regions"].to_list() == [50, 30, 21, 24, 14, 11, 2]
    expected = theirs.summary()
    np.testing.assert_allclose(ours.tests["b"], expected["beta"], rtol=1e-10)
    np.testing.assert_allclose(ours.tests["t"], expected["t_value"], rtol=1e-10)
    clubs = theirs.memberships().str.removeprefix("club").astype(int)
    assert (ours.table["club"] == clubs.loc[ours.table.index]).all()
    assert ours.t_all == pytest.approx(-159.55511163598126, rel=1e-10)


@pytest.mark.parametrize("trim", [0.2, 0.3, 0.4])
def test_clubs_merge_as_those_of_the_peer(countries, trim):
    peer, table = countries
    ours = gi.measure.convergence_clubs(panel_of(table), merge=True, trim=trim, draws=0)
    theirs = peer.find_clubs(table, time_trim=trim).merge("PS").summary()
    assert ours.tests["regions"].to_list() == theirs["n_units"].to_list()
    np.testing.assert_allclose(ours.tests["t"], theirs["t_value"], rtol=1e-9)


def test_a_club_that_does_not_converge_sheds_those_who_fit_least(countries):
    peer = countries[0]
    table = np.log(peer.load_gdp()).dropna()
    ours = gi.measure.convergence_clubs(panel_of(table), draws=0)
    theirs = peer.find_clubs(table, cstar_method="incremental", cstar_increment=0.01, cstar_cap=100)
    assert ours.tests["regions"].to_list() == theirs.summary()["n_units"].to_list()
    assert (ours.tests["t"] > -1.65).all()


def test_planted_clubs_are_found_with_the_numbers_of_the_peer(found):
    # convergence_clubs.find_clubs(paths()), version 0.1.2.
    np.testing.assert_allclose(found.tests["b"], [0.340383, 0.324570, 0.296516], atol=5e-7)
    np.testing.assert_allclose(found.tests["se"], [0.030819, 0.013619, 0.018669], atol=5e-7)
    np.testing.assert_allclose(found.tests["t"], [11.044449, 23.832626, 15.883043], atol=5e-6)
    assert found.t_all == pytest.approx(-166.8388581098266, rel=1e-9)
    assert found.b_all == pytest.approx(-1.0141783914022977, rel=1e-9)
    expected = pd.Series([i % 3 + 1 for i in range(12)], found.table.index[:12], dtype="Int64")
    pd.testing.assert_series_equal(found.table["club"].iloc[:12], expected, check_names=False)
    assert found.table["club"].isna().to_list() == 12 * [False] + [True]
    assert (found.tests["t_next"].iloc[:2] < -80).all()


def test_regions_stay_with_planted_clubs(found):
    assert found.table["membership"].min() > 0.9
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    assert found.probabilities.loc["r12", 0] == found.table.loc["r12", "membership"]
    assert "They form 3 clubs of 4, 4 and 4 regions, and 1 is outside any club." in str(found)
    assert "bootstrap samples" in str(found)


def test_samples_follow_the_seed(found):
    again = gi.measure.convergence_clubs(panel_of(paths()))
    other = gi.measure.convergence_clubs(panel_of(paths()), seed=1)
    pd.testing.assert_frame_equal(found.probabilities, again.probabilities)
    assert not found.probabilities.equals(other.probabilities)


def in_halves(lattice, *, mixed):
    """Return paths of two clubs: the west and the east of a map, or anywhere."""
    column = np.array([int(i[1]) for i in lattice.index])
    east = (column > 2) if not mixed else np.random.default_rng(2).permutation(column > 2)
    gap = np.random.default_rng(1).uniform(-0.4, 0.4, size=len(lattice))
    club = np.where(east, 1.0, 0.0)[:, None]
    shift = 10 - club + (0.03 - 0.02 * club) * YEARS
    return pd.DataFrame(shift + gap[:, None] * YEARS**-0.5, lattice.index, 2000 + YEARS)


def test_clubs_that_are_places_are_told_from_those_anywhere(lattice):
    near = gi.weigh.contiguity(lattice, rule="rook")
    halves = gi.measure.convergence_clubs(panel_of(in_halves(lattice, mixed=False)), weights=near, draws=0)
    # Of the 60 pairs of the lattice, 6 lie across its middle.
    assert halves.adjacent_share == pytest.approx(54 / 60)
    # Two of 36 places drawn without replacement are of one half in 17 of 35 cases.
    assert halves.expected_share == pytest.approx(17 / 35, abs=0.02)
    assert halves.p_contiguity == pytest.approx(0.002)
    assert "neighbours share a club more often than chance explains" in str(halves)
    mixed = gi.measure.convergence_clubs(panel_of(in_halves(lattice, mixed=True)), weights=near, draws=0)
    assert mixed.p_contiguity > 0.1
    assert "no more or less often" in str(mixed)


def test_islands_say_nothing_about_places(lattice):
    table = in_halves(lattice, mixed=False)
    near = gi.weigh.contiguity(lattice, rule="rook")
    before = gi.measure.convergence_clubs(panel_of(table), weights=near, draws=0)
    far = pd.concat([lattice, lattice.iloc[:1].set_axis(["island"]).translate(40).to_frame("geometry")])
    table.loc["island"] = 9.5 + 0.001 * YEARS
    after = gi.measure.convergence_clubs(
        panel_of(table), weights=gi.weigh.contiguity(far, rule="rook"), draws=0
    )
    assert (after.adjacent_share, after.p_contiguity) == (before.adjacent_share, before.p_contiguity)


def test_one_club_has_no_places_to_test(lattice):
    gap = np.linspace(-0.4, 0.4, 36)[:, None]
    table = pd.DataFrame(10 + gap * YEARS**-0.6, lattice.index, 2000 + YEARS)
    found = gi.measure.convergence_clubs(panel_of(table), weights=gi.weigh.contiguity(lattice), draws=9)
    assert (found.table["club"] == 1).all()
    assert found.adjacent_share == 1
    assert np.isnan(found.p_contiguity)
    assert str(found).startswith("All 36 regions converge to one path")


def test_paths_that_all_part_are_in_no_club():
    table = pd.DataFrame({f"r{i}": 10 + i * (1 + YEARS) / 10 for i in range(5)}, index=YEARS).T
    found = gi.measure.convergence_clubs(panel_of(table), draws=9)
    assert found.table["club"].isna().all()
    assert (found.table["membership"] == 1).all()
    assert found.tests.empty
    assert "there is no club" in str(found)


def test_regions_that_tie_in_a_year_make_no_pair_but_may_share_a_club():
    table = paths()
    table.loc["r03", 2020] = table.loc["r00", 2020]
    found = gi.measure.convergence_clubs(panel_of(table), draws=0)
    assert found.table.loc[["r00", "r03", "r06", "r09"], "club"].to_list() == [1, 1, 1, 1]
    twice = pd.DataFrame({"a": table.loc["r00"], "b": table.loc["r00"], "c": table.loc["r12"]}).T
    assert gi.measure.convergence_clubs(panel_of(twice), draws=0).table["club"].isna().all()


@pytest.mark.parametrize(
    ("spoil", "options", "error", "message"),
    [
        (lambda t: t - 9.5, {}, ColumnError, r"zero or negative for 'r0\d in 20.*Paths are compared"),
        (lambda t: t.mask(np.tile(t.columns == 2005, (len(t), 1))), {}, ColumnError, "'r00 in 2005'"),
        (lambda t: t.drop(columns=2005), {}, ColumnError, "2001 is followed by 2002, but 2004 by 2006"),
        (lambda t: t.iloc[:1], {}, ColumnError, "at least two regions and two years; it has 1 and 24"),
        (lambda t: t * 0 + 8.0, {}, ColumnError, "same value in every year"),
        (lambda t: t.iloc[:, :7], {"trim": 0.5}, ColumnError, "7 years, of which trim=0.5 leaves 3"),
        (lambda t: t, {"trim": 1.0}, OptionError, "between 0 and 1"),
        (lambda t: t, {"draws": -1}, OptionError, "draws"),
    ],
)
def test_panels_without_an_answer_are_refused(spoil, options, error, message):
    with pytest.raises(error, match=message):
        gi.measure.convergence_clubs(panel_of(spoil(paths())), **options)


def test_other_regions_than_those_of_the_weights_are_refused(lattice):
    with pytest.raises(AlignmentError, match="panel and the weights"):
        gi.measure.convergence_clubs(panel_of(paths()), weights=gi.weigh.contiguity(lattice))


def test_clubs_of_human_resources_in_europe_are_places(strangers):
    table = pd.read_csv(strangers / "eu_innovation" / "indicators.csv")
    wide = table.pivot_table(
        index="NUTS_ID", columns="YEAR", values="hrst_st_rcat_CATEGORY_HRST_UNIT_PC_POP"
    ).dropna()
    regions = gi.read.regions(strangers / "eu_nuts2" / "regions_2016.geojson", id="NUTS_ID")
    ids = wide.index.intersection(regions.index)
    near = gi.weigh.contiguity(regions.loc[ids])
    found = gi.measure.convergence_clubs(np.log(panel_of(wide.loc[ids])), weights=near, merge=True, draws=0)
    assert found.tests["regions"].sum() == len(ids) == 303
    assert (found.tests["t"] > -1.65).all()
    assert found.p_contiguity == pytest.approx(0.002)


def test_two_regions_converge_in_plain_words():
    years = np.arange(2000, 2020)
    near = np.r_[2 + 1 / (years - 1999), 2.0 - 1 / (years - 1999)]
    panel = pd.Series(near, pd.MultiIndex.from_product([["a", "b"], years], names=["region", "year"]))
    words = str(gi.measure.convergence_clubs(panel, draws=0))
    assert words.startswith("Both regions converge to one path")
