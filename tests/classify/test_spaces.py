"""Kinds of space: planted corridors are corridors, and doubt shows where it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def strip(seed, *, width=9, length=21):
    """Return a field with two poles on its axis: masses, costs, poles."""
    random = np.random.default_rng(seed)
    x, y = (c.ravel() for c in np.meshgrid(np.arange(length) * 20.0, np.arange(width) * 20.0))
    ids = [f"{int(a):04}-{int(b):04}" for a, b in zip(x, y, strict=True)]
    km = pd.DataFrame(np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y)), ids, ids)
    mass = pd.Series(random.lognormal(1, 0.3, len(ids)), ids)
    pole = pd.Series((y == 80) & np.isin(x, [100, 300]), ids)
    mass[pole] = 100 * random.lognormal(0, 0.1, 2)
    return mass, km, pole


def test_the_middle_between_two_poles_is_a_corridor():
    found = []
    for seed in range(20):
        mass, km, pole = strip(seed)
        pulled = gi.measure.pull(mass, km, pole, decay=gi.weigh.exponential(60))
        types = gi.classify.space_types(pulled, pole, cuts=gi.classify.SpaceCuts(draws=5))["type"]
        found.append((types["0200-0080"], types["0100-0080"], types["0080-0080"]))
    middle, poles, beside = (pd.Series(kinds) for kinds in zip(*found, strict=True))
    assert (middle == "corridor").mean() > 0.95
    assert (poles == "pole").all()
    assert (beside == "hinterland").mean() > 0.95


def test_rules_hold_in_their_order():
    pulled = pd.DataFrame(
        {
            "pole": "a",
            "second": "b",
            "share": [1.0, 0.9, 0.5, 0.5, 0.6, 0.9, 0.65],
            "contestedness": [0, 0.1, 0.9, 0.95, 0.2, 0.99, 0.3],
            "detour": [0.0, 0.5, 0.1, 0.9, 0.9, 0.1, 0.9],
            "total": [9.0, 8, 7, 6, 5, 1, 4],
        },
        index=list("abcdefg"),
    )
    pole = pd.Series(pulled.index == "a", pulled.index)
    cuts = gi.classify.SpaceCuts(draws=1)
    types = gi.classify.space_types(pulled, pole, cuts=cuts)["type"]
    # f has the lowest total: periphery comes before corridor.
    assert types.to_list() == [
        "pole",
        "hinterland",
        "corridor",
        "contested",
        "transition",
        "periphery",
        "periphery",
    ]
    edge = pd.Series(pulled.index == "e", pulled.index)
    assert (
        gi.classify.space_types(pulled, pole, interface=edge, cuts=cuts).loc["e", "type"]
        == "border interface"
    )


@pytest.fixture(scope="module")
def story(central_asia):
    regions = central_asia.regions
    people, km, decay = regions["city_population"], gi.weigh.distances(regions), gi.weigh.exponential(200)
    found = gi.measure.growth_poles(people, gi.weigh.contiguity(regions), regions=regions)
    pulled = gi.measure.pull(people, km, found, decay=decay)
    return pulled, found, {"mass": people, "costs": km, "decay": decay}


def test_types_of_central_asia_are_firm(story):
    pulled, found, masses = story
    types = gi.classify.space_types(pulled, found, **masses)
    assert types["agreement"].median() > 0.8
    assert types["agreement"].between(0, 1).all()
    again = gi.classify.space_types(pulled, found, **masses)
    pd.testing.assert_frame_equal(types, again)


def test_more_noise_means_less_agreement(story):
    pulled, found, masses = story
    calm, wild = (
        gi.classify.space_types(pulled, found, **masses, cuts=gi.classify.SpaceCuts(noise=noise, draws=60))
        for noise in (0.02, 0.8)
    )
    assert calm["agreement"].mean() > wild["agreement"].mean()


def test_rows_in_another_order_give_the_same_types(story):
    pulled, found, masses = story
    order = pulled.index[::-1]
    masses = {**masses, "mass": masses["mass"][order]}
    other = gi.classify.space_types(pulled.loc[order], found["pole"], **masses)
    pd.testing.assert_frame_equal(
        other.loc[pulled.index], gi.classify.space_types(pulled, found, **{**masses, "mass": masses["mass"]})
    )


def test_sentences_say_why(story, central_asia):
    pulled, found, masses = story
    types = gi.classify.space_types(pulled, found, **masses)
    told = gi.classify.explained(types, pulled, names=central_asia.regions["name"])
    tashkent = found.index[found["rank"] == 1][0]
    assert told[tashkent].startswith("Tashkent City is pole: it stands out")
    away = types.index[types["type"] == "periphery"][0]
    assert "little pulls at it" in told[away]


def test_what_is_missing_is_named(story):
    pulled, found, masses = story
    with pytest.raises(gi.errors.ColumnError, match="'detour'"):
        gi.classify.space_types(pulled.drop(columns="detour"), found)
    with pytest.raises(gi.errors.OptionError, match="together"):
        gi.classify.space_types(pulled, found, mass=masses["mass"])
    with pytest.raises(gi.errors.ColumnError, match="booleans"):
        gi.classify.space_types(pulled, masses["mass"])
