"""Between poles: closed forms on a line, and Converse's point on the globe."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

import geoinno as gi


def line(*places):
    """Return costs between places on a line."""
    ids = [f"x{int(p)}" for p in places]
    away = np.abs(np.subtract.outer(places, places)).astype(float)
    return pd.DataFrame(away, index=ids, columns=ids)


def test_two_equal_poles_contest_the_middle():
    costs = line(0, 25, 50, 75, 100)
    mass = pd.Series(1.0, index=costs.index)
    pole = pd.Series([True, False, False, False, True], index=costs.index)
    for decay in (gi.weigh.exponential(30), gi.weigh.power(2), gi.weigh.gaussian(40)):
        found = gi.measure.pull(mass, costs, pole, decay=decay)
        assert found.loc["x50", "contestedness"] == pytest.approx(1)
        assert found.loc["x50", "share"] == pytest.approx(0.5)
        assert (found["detour"].iloc[1:4].abs() < 1e-12).all()
        assert found.loc["x25", "pole"] == "x0"
    # A pole of an infinite pull on itself belongs to itself alone.
    assert found.loc["x0", "pole"] == "x0"


def test_shares_are_huffs():
    costs = line(0, 40, 100)
    mass = pd.Series([8.0, 1.0, 2.0], index=costs.index)
    pole = pd.Series([True, False, True], index=costs.index)
    shares = gi.measure.pole_shares(mass, costs, pole, decay=gi.weigh.power(2)).loc["x40"]
    # By hand: 8 / 40^2 against 2 / 60^2.
    assert shares["x0"] == pytest.approx((8 / 1600) / (8 / 1600 + 2 / 3600))
    found = gi.measure.pull(mass, costs, pole, decay=gi.weigh.power(2))
    p = np.array([shares["x0"], shares["x100"]])
    assert found.loc["x40", "contestedness"] == pytest.approx(-(p * np.log(p)).sum() / np.log(2))
    assert found.loc["x40", "total"] == pytest.approx(8 / 1600 + 2 / 3600)


def test_the_point_of_equal_shares_is_converses():
    # Converse: from the first pole d / (1 + sqrt(P_b / P_a)) = 100 / (1 + 1/3) = 75.
    costs = line(0, 75, 100)
    mass = pd.Series([9.0, 1.0, 1.0], index=costs.index)
    pole = pd.Series([True, False, True], index=costs.index)
    found = gi.measure.pull(mass, costs, pole, decay=gi.weigh.power(2))
    assert found.loc["x75", "share"] == pytest.approx(0.5)


def test_break_points_lie_on_the_geodesic(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    pole = people > 1.3e6
    found = gi.measure.break_points(people, regions, pole)
    count = int(pole.sum())
    assert len(found) == count * (count - 1) // 2
    row = found.iloc[0]
    at = gi.weigh.places(regions)
    first, second = (at.loc[row[side]].to_numpy() for side in ("first", "second"))
    geod = Geod(ellps="WGS84")
    here, there = (geod.inv(*end, row.geometry.x, row.geometry.y)[2] / 1000 for end in (first, second))
    assert here + there == pytest.approx(row["km"], rel=1e-9)
    assert here == pytest.approx(row["km_from_first"], rel=1e-9)
    # Reilly: the ratio of pulls is one there.
    assert people[row["first"]] / here**2 == pytest.approx(people[row["second"]] / there**2, rel=1e-9)


def test_one_pole_pulls_all():
    costs = line(0, 10, 20)
    mass = pd.Series(1.0, index=costs.index)
    pole = pd.Series([True, False, False], index=costs.index)
    found = gi.measure.pull(mass, costs, pole, decay=gi.weigh.exponential(10))
    assert (found["contestedness"] == 0).all()
    assert (found["share"] == 1).all()
    assert found["detour"].isna().all()


def test_shares_far_from_all_poles_still_sum_to_one():
    costs = line(0, 100_000, 100_500)
    mass = pd.Series(1.0, index=costs.index)
    pole = pd.Series([False, True, True], index=costs.index)
    shares = gi.measure.pole_shares(mass, costs, pole, decay=gi.weigh.exponential(10))
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_what_cannot_pull_is_refused():
    costs = line(0, 10, 20)
    mass = pd.Series([0.0, 1.0, 1.0], index=costs.index)
    decay = gi.weigh.exponential(10)
    first, none = (pd.Series([flag, False, False], index=costs.index) for flag in (True, False))
    with pytest.raises(gi.errors.ColumnError, match="none in 'x0'"):
        gi.measure.pull(mass, costs, first, decay=decay)
    with pytest.raises(gi.errors.ColumnError, match="is a pole"):
        gi.measure.pull(mass, costs, none, decay=decay)
    with pytest.raises(gi.errors.ColumnError, match="two poles"):
        gi.measure.break_points(
            mass, gi.read.sample("central_asia").regions.head(3).set_axis(costs.index), first
        )
