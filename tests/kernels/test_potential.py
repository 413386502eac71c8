"""Compiled sums of decayed mass against their plain twin, and the tree against all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import geoinno as gi
from geoinno._kernels import crowds, single
from geoinno._kernels.ellipsoid import FARTHEST_ROUNDED, FIRST_OCTAVE, FLATTENING, ROUNDED
from geoinno.measure._geodesy import ellipsoid
from geoinno.measure.potential import _bounds, _sums, _tree

GEOD = Geod(ellps="WGS84")
DECAYS = {
    "exponential": gi.weigh.exponential(120),
    "exponential_sqrt": gi.weigh.exponential_sqrt(40),
    "gaussian": gi.weigh.gaussian(300),
    "power": gi.weigh.power(1),
    "steep power": gi.weigh.power(2.5),
    "tanner": gi.weigh.tanner(0.7, 0.004),
    "rising tanner": gi.weigh.tanner(-0.6, 0.005),
    "lognormal": gi.weigh.lognormal(0.15),
    "logistic": gi.weigh.logistic(400, 0.01),
    "offset_power": gi.weigh.offset_power(60, 1.5),
}
LAYOUTS = ("globe", "clusters", "antimeridian", "pole", "line")
every_decay = pytest.mark.parametrize("decay", DECAYS.values(), ids=DECAYS)


def layout(kind, count, rng):
    """Return longitudes and latitudes of a kind of map."""
    if kind == "globe":
        return rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    centre = {"clusters": (10, 48), "antimeridian": (180, -17), "pole": (30, 89), "line": (0, 0)}[kind]
    towns = rng.normal(0, 4, (12, 2)) * (1, kind != "line")
    spread = 10.0 ** rng.uniform(-2.5, 0, 12)
    town, noise = rng.integers(0, 12, count), rng.normal(size=(count, 2)) * (1, kind != "line")
    lon, lat = (centre + towns[town] + noise * spread[town, None]).T
    return (lon + 180) % 360 - 180, np.clip(lat, -89.9, 89.9)


def made(kind, count, countries, seed):
    rng = np.random.default_rng(seed)
    xyz = ellipsoid.unit_vectors(*layout(kind, count, rng))
    country = np.unique(rng.integers(0, countries, count), return_inverse=True)[1]
    return _sums.Places(xyz, rng.lognormal(0, 2, count), country)


def kilometres_by_pyproj(lon, lat):
    index = np.indices((len(lon), len(lon)))
    return GEOD.inv(lon[index[0]], lat[index[0]], lon[index[1]], lat[index[1]])[2] / 1000


def worst(found, exact):
    """Return the largest relative error; where the exact sum is zero, so must be the other."""
    assert (found[exact == 0] == 0).all()
    return np.abs(found / np.where(exact > 0, exact, 1) - (exact > 0)).max(initial=0)


def test_the_formula_of_distance_keeps_what_it_promises():
    # The exact geodesic is that of GeographicLib (Karney 2013), by pyproj.
    rng = np.random.default_rng(0)
    lon, lat = layout("globe", 900, rng)
    exact = kilometres_by_pyproj(lon, lat)
    xyz = ellipsoid.unit_vectors(lon, lat)
    error = np.abs(ellipsoid.kilometres(xyz, xyz) / np.where(exact > 0, exact, 1) - (exact > 0))
    assert error[exact < 12_000].max() < 2e-8
    assert error[exact < 19_000].max() < 3e-6
    assert error.max() < 1e-3


def test_distances_of_neighbours_are_as_good_as_those_of_strangers():
    lon, lat = 11 + np.array([0, 1e-6, 1e-4, 1e-2, 0.1]), 47 + np.array([0, 2e-6, -1e-4, 1e-2, 0.3])
    exact = kilometres_by_pyproj(lon, lat)
    xyz = ellipsoid.unit_vectors(lon, lat)
    assert ellipsoid.kilometres(xyz, xyz) == pytest.approx(exact, rel=2e-8, abs=1e-11)
    assert (np.diag(ellipsoid.kilometres(xyz, xyz)) == 0).all()


def test_places_opposite_each_other_are_half_a_meridian_apart():
    xyz = ellipsoid.unit_vectors(np.array([0.0, 180.0, 10.0, -170.0]), np.array([0.0, 0.0, 90.0, -90.0]))
    km = ellipsoid.kilometres(xyz, xyz)
    assert km[0, 1] == pytest.approx(GEOD.inv(0, 0, 180, 0)[2] / 1000, rel=1e-9)
    assert km[2, 3] == pytest.approx(GEOD.inv(0, 90, 0, -90)[2] / 1000, rel=2e-6)


@every_decay
def test_compiled_sums_equal_plain_ones(decay):
    data = made("globe", 700, 3, seed=1)
    for compiled, plain in zip(_sums.exact_sums(data, decay), _sums.plain_sums(data, decay), strict=True):
        assert compiled == pytest.approx(plain, rel=1e-12)


def test_coincident_and_opposite_places_are_summed_as_plainly():
    lon, lat = np.array([5.0, 5.0, 5.0, -175.0, 6.0]), np.array([40.0, 40.0, 40.0, -40.0, 41.0])
    xyz = ellipsoid.unit_vectors(lon, lat)
    data = _sums.Places(xyz, np.arange(1.0, 6.0), np.array([0, 0, 1, 1, 1]))
    for decay in (gi.weigh.exponential(500), gi.weigh.lognormal(0.2), gi.weigh.offset_power(100, 1)):
        for compiled, plain in zip(_sums.exact_sums(data, decay), _sums.plain_sums(data, decay), strict=True):
            assert compiled == pytest.approx(plain, rel=1e-12)


@settings(max_examples=60)
@given(
    decay=st.sampled_from(list(DECAYS.values())),
    kind=st.sampled_from(LAYOUTS),
    countries=st.sampled_from([1, 2, 7, 400]),
    accuracy=st.sampled_from([0.3, 1e-2, 1e-3, 1e-5]),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_point_of_the_tree_is_as_accurate_as_asked(decay, kind, countries, accuracy, seed):
    data = made(kind, 1200, countries, seed)
    exact = _sums.exact_sums(data, decay)
    found = _sums.tree_sums(data, decay, accuracy=accuracy)
    assert worst(found[0], exact[0]) <= accuracy
    assert worst(found[1], exact[1]) <= accuracy


@every_decay
def test_the_tree_is_as_accurate_as_asked_on_many_points(decay):
    data = made("clusters", 12_000, 2, seed=3)
    exact = _sums.exact_sums(data, decay)
    found = _sums.tree_sums(data, decay, accuracy=1e-3)
    assert max(worst(found[0], exact[0]), worst(found[1], exact[1])) <= 1e-3


def test_the_tree_bears_places_without_mass_and_places_on_one_spot():
    data = made("clusters", 2000, 2, seed=4)
    data.xyz[:300], data.mass[500:1500] = data.xyz[0], 0.0
    exact = _sums.exact_sums(data, DECAYS["exponential"])
    found = _sums.tree_sums(data, DECAYS["exponential"], accuracy=1e-3)
    assert max(worst(found[0], exact[0]), worst(found[1], exact[1])) <= 1e-3


@pytest.mark.parametrize("ask", [{}, {"accuracy": 1e-3}], ids=["exact", "tree"])
def test_sums_are_the_same_to_the_last_bit_on_any_number_of_threads(ask, monkeypatch):
    data = made("clusters", 5000, 3, seed=5)
    sums = _sums.tree_sums if ask else _sums.exact_sums
    both = []
    for threads in ("1", "3"):
        monkeypatch.setenv("GEOINNO_THREADS", threads)
        both.append(sums(data, DECAYS["exponential"], **ask))
    assert (both[0][0] == both[1][0]).all()
    assert (both[0][1] == both[1][1]).all()


def test_stand_ins_have_the_mass_the_centre_and_the_spread_of_their_crowd():
    places = made("clusters", 3000, 1, seed=6)
    xyz, mass, country = places
    order, ends = _tree.order(xyz, country)
    nodes = _tree.nodes(ends)
    crowd, proxies = crowds.summaries(_sums._points(places, order), nodes)
    small = np.flatnonzero((crowd[:, 4] < 0.01) & (nodes[:, 1] - nodes[:, 0] > 3))
    for node in small[::97]:
        run = order[nodes[node, 0] : nodes[node, 1]]
        centre = crowd[node, 1:4]
        plane = np.linalg.svd(centre[None, :])[2][1:]
        flat, held = xyz[run] @ plane.T, proxies[node] @ plane.T
        assert crowd[node, 0] == pytest.approx(mass[run].sum(), rel=1e-12)
        assert held.mean(axis=0) == pytest.approx(np.average(flat, axis=0, weights=mass[run]), abs=1e-12)
        assert np.cov(held.T, ddof=0) == pytest.approx(np.cov(flat.T, aweights=mass[run], ddof=0), abs=1e-12)
        assert np.linalg.norm(proxies[node], axis=1) == pytest.approx(np.ones(3), rel=1e-12)


@pytest.mark.parametrize("countries", [1, 3, 50])
def test_groups_hold_every_point_once_and_within_one_country(countries):
    xyz, _, country = made("globe", 1000, countries, seed=7)
    order, ends = _tree.order(xyz, country)
    nodes = _tree.nodes(ends)
    groups = nodes[_tree.groups(nodes)]
    held = np.concatenate([np.arange(start, end) for start, end in groups[:, :2]])
    assert sorted(order) == list(range(1000))
    assert sorted(held) == list(range(1000))
    assert all(len(set(country[order[start:end]])) == 1 for start, end in groups[:, :2])


@every_decay
def test_tables_hold_the_weights_they_bound(decay):
    tables = _bounds.bounds(decay, widest=crowds.WIDEST)
    octave, step = np.divmod(np.arange(tables.shape[1]), 32)
    chord = np.ldexp(1 + step / 32, FIRST_OCTAVE + octave)
    middle = np.minimum(chord * (1 + 0.5 / 32), 2)
    for axis_km in (6356.8, 6378.1):  # the polar and the equatorial axis
        weight = decay(axis_km * 2 * np.arcsin(middle / 2))
        assert (tables[0] >= weight * (1 - 1e-12)).all()
        assert (np.minimum(tables[1], tables[2]) <= weight * (1 + 1e-12)).all()


def test_single_precision_keeps_the_kilometres_that_it_promises():
    # Points all over the globe, seen from one of them; exact by GeographicLib (Karney 2013).
    rng = np.random.default_rng(2)
    lon, lat = layout("globe", 4000, rng)
    xyz = ellipsoid.unit_vectors(lon, lat).astype(float)
    middle = xyz[0]
    x, y, z = (xyz - middle).astype(np.float32).T
    heights = xyz[:, 2].astype(np.float32)
    here = np.array([0, 0, 0, middle[2]], dtype=np.float32)
    km = np.empty(len(lon), dtype=np.float32)
    single._kilometres(*map(np.ascontiguousarray, (x, y, z, heights)), here, km)
    exact = GEOD.inv(np.full(len(lon), lon[0]), np.full(len(lat), lat[0]), lon, lat)[2] / 1000
    chord = np.linalg.norm(xyz - middle, axis=1)
    used = (chord > 0.5) & (chord < FARTHEST_ROUNDED)
    # More than a quarter of the globe away the arc is told from the antipode.
    assert (chord[used] > np.sqrt(2)).sum() > 1000
    assert np.abs(km[used] / exact[used] - 1).max() < ROUNDED + FLATTENING**2


def test_the_formula_of_distance_is_of_the_second_order_in_the_flattening():
    rng = np.random.default_rng(9)
    lon, lat = layout("globe", 500, rng)
    exact = kilometres_by_pyproj(lon, lat)
    xyz = ellipsoid.unit_vectors(lon, lat)
    used = (exact > 1000) & (exact < 15_000)
    # The third order is 4e-8, the second 1e-5.
    assert np.abs(ellipsoid.kilometres(xyz, xyz)[used] / exact[used] - 1).max() < 1e-7
