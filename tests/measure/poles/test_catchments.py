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
    assert found.loc["x40", "contestedness"] == pytest.approx(2 * p[1] / p.sum())
    assert found.loc["x40", "effective_poles"] == pytest.approx(np.exp(-(p * np.log(p)).sum()))
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
    at = gi.weigh.places(regions, at="city")
    first, second = (at.loc[row[side]].to_numpy() for side in ("first", "second"))
    geod = Geod(ellps="WGS84")
    here, there = (geod.inv(*end, row.geometry.x, row.geometry.y)[2] / 1000 for end in (first, second))
    assert here + there == pytest.approx(row["km"], rel=1e-9)
    assert here == pytest.approx(row["km_from_first"], rel=1e-9)
    # Reilly: the ratio of pulls is one there.
    assert people[row["first"]] / here**2 == pytest.approx(people[row["second"]] / there**2, rel=1e-9)


def test_break_points_lie_between_cities_where_these_are_known(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    poles = ["TJK-369", "UZB-4828"]
    # GeoNames 1514879 and 1512569: Khujand and Tashkent; the point inside Sughd is in the mountains.
    geod = Geod(ellps="WGS84")
    km = geod.inv(69.62216, 40.28256, 69.21627, 41.26465)[2] / 1000
    found = gi.measure.break_points(people, regions, poles).iloc[0]
    assert found["km"] == pytest.approx(km, rel=1e-9)
    without = gi.measure.break_points(people, regions.drop(columns=["city_lon", "city_lat"]), poles).iloc[0]
    away = gi.weigh.distances(regions).loc[poles[0], poles[1]]
    assert without["km"] == pytest.approx(away, rel=1e-9)
    assert abs(away - km) > 20


def test_one_pole_pulls_all():
    costs = line(0, 10, 20)
    mass = pd.Series(1.0, index=costs.index)
    pole = pd.Series([True, False, False], index=costs.index)
    found = gi.measure.pull(mass, costs, pole, decay=gi.weigh.exponential(10))
    assert (found["contestedness"] == 0).all()
    assert (found["share"] == 1).all()
    assert found["detour"].isna().all()


def test_a_region_far_from_all_poles_knows_the_nearest():
    # 1,600 km against 1,900: the Gaussian weights of both are zero to a computer (e^-1971 and e^-2780).
    costs = line(0, 1900, 3500)
    mass = pd.Series(1.0, index=costs.index)
    found = gi.measure.pull(mass, costs, ["x0", "x3500"], decay=gi.weigh.gaussian(30)).loc["x1900"]
    assert found["pole"] == "x3500"
    assert found["second"] == "x0"
    assert found["share"] == 1
    assert found["contestedness"] == 0
    assert found["effective_poles"] == 1


def test_every_region_of_a_lattice_names_the_pole_that_pulls_most():
    side = np.arange(30) * 50.0
    x, y = (c.ravel() for c in np.meshgrid(side, side))
    ids = [f"c{i:03}" for i in range(900)]
    costs = pd.DataFrame(np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y)), ids, ids)
    mass = pd.Series(1.0, ids)
    poles = ["c000", "c029", "c434", "c871"]
    mass[poles] = [5.0, 3.0, 9.0, 4.0]
    # ln M - ln 2 (d / 40)^2 by hand, largest first.
    level = np.log(mass[poles].to_numpy()) - np.log(2) * (costs[poles].to_numpy() / 40) ** 2
    found = gi.measure.pull(mass, costs, poles, decay=gi.weigh.gaussian(40))
    assert found["pole"].to_list() == [poles[k] for k in level.argmax(axis=1)]


def test_a_pole_far_away_changes_no_contestedness():
    costs, wider = line(0, 80, 200), line(0, 80, 200, 3200)
    near, poles = pd.Series(1.0, costs.index), ["x0", "x200", "x3200"]
    two = gi.measure.pull(near, costs, poles[:2], decay=gi.weigh.exponential(60))
    three = gi.measure.pull(pd.Series(1.0, wider.index), wider, poles, decay=gi.weigh.exponential(60))
    columns = ["share", "contestedness", "effective_poles", "detour", "detour_cost"]
    np.testing.assert_allclose(three.loc[two.index, columns], two[columns], rtol=1e-12)


def test_the_way_leads_from_the_stronger_pole_over_the_region_to_the_other():
    ids = ["a", "i", "b"]
    costs = pd.DataFrame([[0, 10, 30], [40, 0, 25], [70, 90, 0]], index=ids, columns=ids, dtype=float)
    mass = pd.Series([9.0, 0.0, 1.0], index=ids)
    found = gi.measure.pull(mass, costs, ["a", "b"], decay=gi.weigh.exponential(50)).loc["i"]
    # i is 40 minutes from a's pull of 9 and 25 from b's of 1; the way a-i-b takes 10 + 25 against 30.
    assert found["pole"] == "a"
    assert found["share"] == pytest.approx(9 * 2**-0.8 / (9 * 2**-0.8 + 2**-0.5))
    assert found["detour_cost"] == pytest.approx(5)
    assert found["detour"] == pytest.approx(5 / 30)


def test_ties_do_not_depend_on_the_order_of_rows():
    costs = line(0, 50, 100)
    mass = pd.Series(1.0, index=costs.index)
    for ids in (costs.index, costs.index[::-1]):
        found = gi.measure.pull(mass[ids], costs, ["x100", "x0"], decay=gi.weigh.exponential(30))
        assert found.loc["x50", ["pole", "second"]].to_list() == ["x0", "x100"]


def test_draws_scatter_around_the_pull_and_no_noise_repeats_it():
    costs = line(0, 30, 50, 100)
    mass = pd.Series([4.0, np.nan, np.nan, 2.0], index=costs.index)
    arguments = (mass, costs, ["x0", "x100"])
    decay = gi.weigh.exponential(40)
    plain = gi.measure.pull(*arguments, decay=decay)
    still = gi.measure.pull_draws(*arguments, decay=decay, draws=3, noise=0.0)
    for draw in range(3):
        pd.testing.assert_frame_equal(still.loc[draw].rename_axis(None), plain)
    drawn = gi.measure.pull_draws(*arguments, decay=decay, draws=400, noise=0.1)
    # At cost 0 the pull is the mass alone, lognormal with a deviation of 0.1 (x100 adds 2 * 2^-2.5).
    total = drawn.xs("x0", level="region")["total"] - 2 * 2**-2.5
    assert np.log(total).std() == pytest.approx(0.1, rel=0.15)
    again = gi.measure.pull_draws(*arguments, decay=decay, draws=400, noise=0.1)
    pd.testing.assert_frame_equal(again, drawn)


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
