"""Compressed space: against potentials with a longer reach, loops in plain Python, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

DECAYS = [
    gi.weigh.exponential(80),
    gi.weigh.power(1.2),
    gi.weigh.gaussian(90),
    gi.weigh.tanner(0.5, 0.01),
    gi.weigh.lognormal(0.3),
    gi.weigh.logistic(100, 0.04),
    gi.weigh.offset_power(60, 1.5),
    gi.weigh.exponential_sqrt(90),
]


@pytest.fixture(scope="module")
def place(lattice):
    return lattice.assign(mass=np.random.default_rng(3).lognormal(3, 1, len(lattice)))


@pytest.fixture(scope="module")
def minutes(place):
    return gi.weigh.travel_minutes(place, speed_kmh=60, border_minutes=40)


def test_doubling_all_speeds_is_doubling_the_half_distance(place):
    decay, longer = gi.weigh.exponential(80), gi.weigh.exponential(160)
    answer = gi.simulate.compression("mass", place, decay=decay, speed_gain=1.0)
    pd.testing.assert_frame_equal(answer.before, gi.measure.market_potential("mass", place, decay=decay))
    pd.testing.assert_frame_equal(answer.after, gi.measure.market_potential("mass", place, decay=longer))
    assert answer.table["compression"].to_numpy() == pytest.approx(0.5)


def test_doubling_all_speeds_over_costs_is_doubling_the_half_distance(place, minutes):
    decay, longer = gi.weigh.exponential(80), gi.weigh.exponential(160)
    faster = gi.simulate.compression("mass", place, decay=decay, costs=minutes, speed_gain=1.0)
    farther = gi.simulate.compression("mass", place, decay=longer, costs=minutes)
    pd.testing.assert_frame_equal(faster.after, farther.before, rtol=1e-12)


@pytest.mark.parametrize("decay", DECAYS, ids=lambda d: d.family)
def test_every_family_shrinks_as_its_distances_do(place, decay):
    """The mean over the disc included: f(c / 1.5) at R is f at R / 1.5."""
    answer = gi.simulate.compression("mass", place, decay=decay, speed_gain=0.5)
    km = gi.weigh.distances(place).to_numpy()
    weights = decay(np.where(km > 0, km, 1.0) / 1.5)
    np.fill_diagonal(weights, 0.0)
    radius = gi.weigh.internal_distances(place).to_numpy()
    mass = place["mass"].to_numpy()
    assert answer.after["own"].to_numpy() == pytest.approx(mass * decay.at_home(radius / 1.5), rel=1e-9)
    assert answer.after["domestic"].to_numpy() == pytest.approx(weights @ mass, rel=1e-6)


@pytest.mark.parametrize("decay", DECAYS, ids=lambda d: d.family)
def test_nothing_in_nothing_out(place, minutes, decay):
    for costs in (None, minutes):
        answer = gi.simulate.compression("mass", place, decay=decay, costs=costs)
        assert (answer.change == 0).all(axis=None)
        assert (answer.table == 0).all(axis=None)


def test_shorter_waits_are_summed_as_by_hand(place, minutes):
    decay = gi.weigh.exponential(60)
    options = gi.simulate.CompressionOptions(border_factor=0.4, border_minutes=40)
    answer = gi.simulate.compression(
        "mass", place, decay=decay, costs=minutes, speed_gain=0.25, border_minutes_saved=30, options=options
    )
    country, mass = place["country"], place["mass"]
    for region in place.index[[0, 17, 35]]:
        abroad = 0.0
        for other in place.index:
            if country[other] != country[region]:
                after = (minutes.loc[region, other] - 40) / 1.25 + 10
                abroad += 0.4 * mass[other] * 0.5 ** (after / 60)
        assert answer.after.loc[region, "foreign"] == pytest.approx(abroad, rel=1e-10)
    # Where no border lies in the way nothing but speed changes: costs fall by a fifth at home.
    assert (answer.table["compression"] > 0.2).all()


def test_a_named_border_alone_opens(place, minutes):
    saved = pd.DataFrame(0.0, index=list("ABC"), columns=list("ABC"))
    saved.loc["A", "B"] = saved.loc["B", "A"] = 30
    decay = gi.weigh.exponential(60)
    answer = gi.simulate.compression("mass", place, decay=decay, costs=minutes, border_minutes_saved=saved)
    moved = answer.change["foreign"] > 0
    assert moved.to_list() == place["country"].isin(["A", "B"]).to_list()
    assert (answer.change.loc[place["country"] == "C"] == 0).all(axis=None)


def test_within_regions_costs_follow_what_a_km_takes_at_home(place):
    """60 km/h with a detour of 1.2 is 1.2 minutes a km, whatever the wait at borders."""
    decay = gi.weigh.exponential(60)
    slow = gi.weigh.travel_minutes(place, speed_kmh=60, border_minutes=500)
    answer = gi.simulate.compression("mass", place, decay=decay, costs=slow, country="country", speed_gain=1)
    radius = gi.weigh.internal_distances(place).to_numpy()
    own = place["mass"].to_numpy() * decay.at_home(1.2 * radius)
    assert answer.before["own"].to_numpy() == pytest.approx(own, rel=1e-9)
    assert (answer.change["own"] > 0).all()


def test_spaces_are_typed_before_and_after(place):
    options = gi.simulate.CompressionOptions(poles=["00", "35"])
    answer = gi.simulate.compression(
        "mass", place, decay=gi.weigh.exponential(20), speed_gain=3.0, options=options
    )
    assert {"type_before", "type_after"} <= {*answer.table}
    assert (answer.table.loc[["00", "35"], ["type_before", "type_after"]] == "pole").all(axis=None)
    assert "another kind of space" in str(answer)


def test_inequality_says_who_gains(place):
    answer = gi.simulate.compression("mass", place, decay=gi.weigh.exponential(30), speed_gain=4.0)
    after = gi.measure.gini(answer.after["total"])
    assert answer.inequality.loc["gini", "after"] == pytest.approx(after)
    assert "The periphery gains more than the core" in str(answer)


def test_rows_in_another_order_give_the_same_answer(place, minutes):
    order = place.sample(frac=1, random_state=1).index
    mass = place["mass"]
    decay = gi.weigh.exponential(60)
    plain = gi.simulate.compression(mass, place, decay=decay, costs=minutes, border_minutes_saved=20)
    mixed = gi.simulate.compression(
        mass[order], place, decay=decay, costs=minutes.loc[order[::-1], order], border_minutes_saved=20
    )
    assert mixed.table.index.equals(order)
    pd.testing.assert_frame_equal(mixed.change.loc[place.index], plain.change, rtol=1e-9)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"border_minutes_saved": 10}, gi.OptionError, "needs costs in minutes"),
        ({"speed_gain": pd.DataFrame()}, gi.OptionError, "speed_gain by link needs costs"),
        ({"speed_gain": -0.1}, gi.OptionError, "speed_gain must be a finite number"),
    ],
)
def test_what_distances_cannot_tell_is_refused(place, options, error, words):
    with pytest.raises(error, match=words):
        gi.simulate.compression("mass", place, decay=gi.weigh.exponential(60), **options)


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        (lambda c: c - 60, {}, "above zero between different regions"),
        (lambda c: c, {"border_minutes_saved": 5_000}, "as long as the whole way, or longer"),
        (lambda c: c, {"border_minutes_saved": pd.DataFrame([[1.0]], index=["A"], columns=["A"])}, "no row"),
        (lambda c: c.iloc[1:, 1:], {}, "same regions in rows and columns"),
        (lambda c: c, {"speed_gain": pd.DataFrame(-1.0, index=["x"], columns=["x"])}, "speed_gain"),
    ],
)
def test_unsound_costs_are_refused(place, minutes, change, options, words):
    with pytest.raises(gi.ColumnError, match=words):
        gi.simulate.compression(
            "mass", place, decay=gi.weigh.exponential(60), costs=change(minutes), **options
        )


def test_negative_masses_and_arrays_are_refused(place):
    with pytest.raises(gi.ColumnError, match="negative in"):
        gi.simulate.compression(place["mass"] - 50, place, decay=gi.weigh.exponential(60))
    with pytest.raises(gi.ColumnError, match="must be a Series indexed by region id"):
        gi.simulate.compression(place["mass"].to_numpy(), place, decay=gi.weigh.exponential(60))


def test_a_decay_is_one_of_the_house(place, minutes):
    for costs in (None, minutes):
        with pytest.raises(gi.OptionError, match="decay must be a Decay"):
            gi.simulate.compression("mass", place, decay=np.exp, costs=costs)
