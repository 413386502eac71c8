"""Kinds of space: planted corridors are corridors, far poles change nothing, and probabilities add up."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.classify.spaces import TYPES


def table_of_costs(x, y, ids):
    return pd.DataFrame(np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y)), ids, ids)


def strip(seed, *, width=9, length=21):
    """Return a field with two poles on its axis: masses, costs, poles."""
    random = np.random.default_rng(seed)
    x, y = (c.ravel() for c in np.meshgrid(np.arange(length) * 20.0, np.arange(width) * 20.0))
    ids = [f"{int(a):04}-{int(b):04}" for a, b in zip(x, y, strict=True)]
    mass = pd.Series(random.lognormal(1, 0.3, len(ids)), ids)
    pole = pd.Series((y == 80) & np.isin(x, [100, 300]), ids)
    mass[pole] = 100 * random.lognormal(0, 0.1, 2)
    return mass, table_of_costs(x, y, ids), pole


def test_the_middle_between_two_poles_is_a_corridor():
    found = []
    for seed in range(20):
        mass, km, pole = strip(seed)
        pulled = gi.measure.pull(mass, km, pole, decay=gi.weigh.exponential(60))
        types = gi.classify.space_types(pulled, pole)["type"]
        found.append((types["0200-0080"], types["0100-0080"], types["0080-0080"]))
    middle, poles, beside = (pd.Series(kinds) for kinds in zip(*found, strict=True))
    assert (middle == "corridor").mean() > 0.95
    assert (poles == "pole").all()
    assert (beside == "hinterland").mean() > 0.95


@pytest.mark.parametrize("mass_there", [1.0, 100.0, 10_000.0])
def test_a_pole_far_away_changes_no_label(mass_there):
    mass, km, pole = strip(3)
    decay = gi.weigh.exponential(60)
    before = gi.classify.space_types(gi.measure.pull(mass, km, pole, decay=decay), pole)["type"]
    ids = [*mass.index, "far"]
    wider = pd.DataFrame(3000.0, ids, ids)
    wider.loc[mass.index, mass.index] = km
    wider.loc["far", "far"] = 0.0
    more = pd.Series([*mass, mass_there], ids)
    poles = [*pole.index[pole], "far"]
    after = gi.classify.space_types(gi.measure.pull(more, wider, poles, decay=decay), poles)["type"]
    assert after[mass.index].to_list() == before.to_list()
    assert after["far"] == "pole"


def pulled_by_hand(**columns):
    usual = {
        "pole": "a",
        "second": "b",
        "share": [1.0, 0.9, 0.5, 0.4, 0.45, 0.9, 0.45, 0.45],
        "contestedness": [0, 0.1, 0.9, 0.95, 0.2, 0.99, 0.3, 0.6],
        "detour": [0.0, 0.5, 0.1, 0.9, 0.9, 0.1, 0.9, 0.1],
        "detour_cost": [0.0, 50, 10, 90, 90, 10, 90, 80],
        "total": [9.0, 8, 7, 6, 5, 1, 4, 9],
    }
    table = pd.DataFrame({**usual, **columns}, index=list("abcdefgh"))
    table.attrs = {"decay_family": "exponential", "decay_values": [100.0], "mean_pole": 10.0}
    return table


def test_rules_hold_in_their_order_at_the_cuts_of_the_docstring():
    # Cuts at one reach of 100 km and poles of mass 10: total .5 * 10 * .5 = 2.5, detour 20% and 50 km.
    types = gi.classify.space_types(pulled_by_hand(), ["a"])["type"]
    assert types.to_list() == [
        "pole",
        "hinterland",
        "corridor",
        "contested",
        "transition",
        "periphery",  # before corridor
        "transition",
        "transition",  # 10% longer, but 80 km: not on the way
    ]
    edge = pd.Series(types.index == "e", types.index)
    assert gi.classify.space_types(pulled_by_hand(), ["a"], interface=edge).loc["e", "type"] == (
        "border interface"
    )
    farther = gi.classify.space_types(pulled_by_hand(), ["a"], reach_km=160.0)["type"]
    assert farther["h"] == "corridor"


def test_the_base_reach_of_poles_loosens_the_cuts():
    poles = pd.DataFrame({"pole": [True] + [False] * 7}, index=list("abcdefgh"))
    plain = gi.classify.space_types(pulled_by_hand(), poles)["type"]
    poles.attrs["reach_km"] = 90.0
    # 6 * 90 km: 10 * 2^-5.4 = .24, below f's total of 1; a detour of 80 km is within one base reach.
    loose = gi.classify.space_types(pulled_by_hand(), poles)["type"]
    assert plain[["f", "h"]].to_list() == ["periphery", "transition"]
    assert loose[["f", "h"]].to_list() == ["corridor", "corridor"]


def test_quantiles_are_an_option():
    cuts = gi.classify.QuantileCuts()
    table = pulled_by_hand()
    table.attrs = {}
    types = gi.classify.space_types(table, ["a"], cuts=cuts)["type"]
    # Two of eight regions have a total at or below the lower quartile.
    assert types[types == "periphery"].index.to_list() == ["f", "g"]
    assert types["h"] == "corridor"
    near = gi.classify.space_types(table, ["a"], cuts=gi.classify.QuantileCuts(detour_cost=20))["type"]
    assert near["h"] == "transition"


@pytest.fixture(scope="module")
def story(central_asia):
    regions = central_asia.regions
    people, km, decay = regions["city_population"], gi.weigh.distances(regions), gi.weigh.exponential(200)
    poles = people.index[people > 1e6].to_list()
    return gi.measure.pull(people, km, poles, decay=decay), poles, (people, km, decay)


def drawn(story, **options):
    _, poles, (people, km, decay) = story
    return gi.measure.pull_draws(people, km, poles, decay=decay, **options)


def test_probabilities_are_shares_of_draws(story):
    pulled, poles, _ = story
    draws = drawn(story, draws=60)
    types = gi.classify.space_types(pulled, poles, draws=draws)
    np.testing.assert_allclose(types[list(TYPES)].sum(axis=1), 1)
    assert types["agreement"].median() > 0.8
    # By hand: each draw labelled for itself.
    same = pd.Series(0, types.index)
    chance = pd.Series(0, types.index)
    for draw in range(60):
        alone = draws.xs(draw, level="draw")
        alone.attrs = pulled.attrs
        kinds = gi.classify.space_types(alone, poles)["type"]
        same += kinds.astype(str) == types["type"].astype(str)
        chance += kinds == "contested"
    np.testing.assert_allclose(types["agreement"], same / 60)
    np.testing.assert_allclose(types["contested"], chance / 60)
    assert gi.classify.space_types(pulled, poles)[["agreement", "pole"]].isna().all(axis=None)


def test_more_noise_means_less_agreement(story):
    pulled, poles, _ = story
    calm, wild = (
        gi.classify.space_types(pulled, poles, draws=drawn(story, draws=60, noise=noise))
        for noise in (0.02, 0.8)
    )
    assert calm["agreement"].mean() > wild["agreement"].mean()


def test_rows_in_another_order_give_the_same_types(story):
    pulled, poles, (people, km, decay) = story
    order = pulled.index[::-1]
    draws = gi.measure.pull_draws(people[order], km, poles[::-1], decay=decay, draws=20)
    other = gi.classify.space_types(pulled.loc[order], poles, draws=draws)
    here = gi.classify.space_types(pulled, poles, draws=drawn(story, draws=20))
    pd.testing.assert_frame_equal(other.loc[pulled.index], here)


def test_poles_may_be_a_table_flags_or_a_list(story):
    pulled, poles, _ = story
    flags = pd.Series(pulled.index.isin(poles), pulled.index)
    tables = [gi.classify.space_types(pulled, p) for p in (poles, flags, pd.DataFrame({"pole": flags}))]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def test_a_region_whose_pull_is_missing_has_no_type():
    table = pulled_by_hand(total=[9.0, np.nan, 7, 6, 5, 1, 4, 9])
    types = gi.classify.space_types(table, ["a"])
    assert types["type"].isna().to_list() == [False, True] + [False] * 6
    assert (
        gi.classify.explained(types, table)["b"]
        == "b has no type, because the pull of poles at it is not known."
    )


def test_sentences_say_why(story, central_asia):
    pulled, poles, _ = story
    types = gi.classify.space_types(pulled, poles, draws=drawn(story, draws=20))
    words = gi.classify.explained(types, pulled, names=central_asia.regions["name"])
    assert words["UZB-4828"] == (
        "Tashkent City is a pole: it stands out among its neighbours (100% of draws agree)."
    )
    away = types.index[types["type"] == "periphery"][0]
    assert "is on the periphery: poles pull weakly at it; " in words[away]
    assert "pulls most (" in words[away]


def test_what_is_missing_is_named(story):
    pulled, poles, (people, km, _) = story
    with pytest.raises(gi.errors.ColumnError, match="'detour'"):
        gi.classify.space_types(pulled.drop(columns="detour"), poles)
    with pytest.raises(gi.errors.ColumnError, match=r"True or False|booleans"):
        gi.classify.space_types(pulled, people)
    with pytest.raises(gi.errors.ColumnError, match=r"int was given.*gi\.measure\.pull_draws"):
        gi.classify.space_types(pulled, poles, draws=200)
    with pytest.raises(gi.errors.AlignmentError, match="different regions"):
        gi.classify.space_types(pulled, poles, draws=drawn(story, draws=3).iloc[1:])
    steep = gi.measure.pull(people, km, poles, decay=gi.weigh.power(1))
    with pytest.raises(gi.errors.OptionError, match="no half-distance"):
        gi.classify.space_types(steep, poles)
    assert gi.classify.space_types(steep, poles, reach_km=200)["type"].notna().all()
    with pytest.raises(gi.errors.OptionError, match="share must be at most 1"):
        gi.classify.space_types(pulled, poles, cuts=gi.classify.SpaceCuts(share=1.5))
    with pytest.raises(gi.errors.OptionError, match="SpaceCuts"):
        gi.classify.space_types(pulled, poles, cuts={"share": 0.5})
    forgotten = pulled.copy()
    forgotten.attrs = {}
    with pytest.raises(gi.errors.OptionError, match="Measure it again"):
        gi.classify.space_types(forgotten, poles)


# The largest city regions of Europe, and what a geographer would call some regions between them.
EUROPEAN_POLES = (
    "UKI3 FR10 ES30 ES51 ITC4 ITI4 DE30 DE60 DE21 DE71 AT13 HU11 PL91 CZ01 PT17 EL30 RO32 DK01 SE11 FI1B "
    "NO01 IE06 BE10 TR10 ES21 LT01 UKD3 UKG3 PL22 EL52 RS11 TR31 BG41 HR04 LV00 ITF3"
)
EUROPEAN_SPACES = {
    "hinterland": "ES42 ES41 IE04 IE05 ITC1 ITC3 ITF1 AT31 PL81 PL92 FRB0 FRD2 SE12 UKJ2 NO03",
    "corridor": "ES24 ES23 PT16 ITI1 ITH1 AT33 PL41 PL71 CZ06",
    "contested": "ES52 AT21 ITH4 PL51",
    "periphery": "ES11 ES61 PT15 ITF6 ITG1 UKM6 SE33 NO07 FI1D EL43 RO21 TRA1 IS00 CY00",
}


def test_nine_in_ten_european_regions_are_what_a_geographer_would_call_them(strangers):
    file = strangers / "eu_nuts2" / "regions_2016.geojson"
    regions = geopandas.read_file(file).drop(columns="id").set_index("NUTS_ID")
    regions = regions[~regions.index.str.startswith(("FRY", "ES7", "PT2", "PT3"))]
    product, poles = regions["region_gdp"], EUROPEAN_POLES.split()
    pulled = gi.measure.pull(product, gi.weigh.distances(regions), poles, decay=gi.weigh.exponential(100))
    types = gi.classify.space_types(pulled, poles)["type"]
    right = [types[i] == kind for kind, ids in EUROPEAN_SPACES.items() for i in ids.split()]
    assert np.mean(right) >= 0.9
