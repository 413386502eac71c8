"""Compiled sums of decayed mass against their plain twin, and the tree against all pairs."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import geoinno as gi
from geoinno._kernels import crowds, disc, single
from geoinno._kernels.ellipsoid import CHORD_BINS, FARTHEST_ROUNDED, FIRST_OCTAVE, ROUNDED
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


def far_islands(count, rng):
    """Return a cluster and islands far from it, one of many places on one spot; masses span 12 orders."""
    lon, lat = layout("clusters", count, rng)
    lon[-40:], lat[-40:] = rng.uniform(-180, 180, 40), rng.uniform(-60, 60, 40)
    lon[:60], lat[:60] = lon[-1], lat[-1]
    mass = 10.0 ** rng.uniform(-6, 6, count)
    return _sums.Places(ellipsoid.unit_vectors(lon, lat), mass, rng.integers(0, 2, count))


@every_decay
@pytest.mark.parametrize("accuracy", [1e-2, 1e-4])
def test_islands_ties_and_masses_of_many_orders_are_as_accurate_as_asked(decay, accuracy):
    data = far_islands(3000, np.random.default_rng(12))
    if decay.family in {"power", "tanner"}:  # on one spot these are refused, and infinite
        data = data._replace(**{name: values[60:] for name, values in data._asdict().items()})
    exact = _sums.exact_sums(data, decay)
    found = _sums.tree_sums(data, decay, accuracy=accuracy)
    assert max(worst(found[0], exact[0]), worst(found[1], exact[1])) <= accuracy


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


class Listener(logging.Handler):
    """Keeps what is said of progress, and interrupts the work at one of the words."""

    def __init__(self):
        super().__init__()
        self.words, self.stop_at = [], None

    def emit(self, record):
        self.words.append(record.getMessage())
        if len(self.words) == self.stop_at:
            raise KeyboardInterrupt


@pytest.fixture
def listener():
    logger, listener = logging.getLogger("geoinno.scale"), Listener()
    level = logger.level
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    yield listener
    logger.removeHandler(listener)
    logger.setLevel(level)


@pytest.mark.parametrize("ask", [{}, {"accuracy": 1e-3}], ids=["exact", "tree"])
def test_long_sums_say_how_far_they_are_and_an_interrupt_leaves_no_trace(ask, listener):
    data = made("clusters", 9000, 3, seed=8)
    sums = _sums.tree_sums if ask else _sums.exact_sums
    answer = sums(data, DECAYS["exponential"], **ask)
    count = len(listener.words)
    assert listener.words[-1] == f"Block {count} of {count} is done."
    listener.stop_at = count + 2
    with pytest.raises(KeyboardInterrupt):
        sums(data, DECAYS["exponential"], **ask)
    assert len(listener.words) == count + 2 < 2 * count
    again = sums(data, DECAYS["exponential"], **ask)
    assert all((a == b).all() for a, b in zip(answer, again, strict=True))


def lattice(count, _rng):
    """Return places of equal mass in rows and columns: what is lost of one crowd is lost of all."""
    side = int(count**0.5)
    lon, lat = np.meshgrid(np.linspace(0, 12, side), np.linspace(42, 50, side))
    xyz = ellipsoid.unit_vectors(lon.ravel(), lat.ravel())
    return _sums.Places(xyz, np.ones(side * side), np.zeros(side * side, np.int64))


def ring(count, rng):
    """Return places on a circle around a heavy one, so that all are as far from it."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    lon, lat = 20 + 3 * np.cos(turn) / np.cos(np.radians(45)), 45 + 3 * np.sin(turn)
    lon[:200], lat[:200] = 20 + rng.normal(0, 0.01, (2, 200)) + np.array([[0.0], [25.0]])
    mass = np.ones(count)
    mass[0] = 1e4
    return _sums.Places(ellipsoid.unit_vectors(lon, lat), mass, np.zeros(count, np.int64))


def heavy_rim(count, rng):
    """Return towns of many light places, each with one heavy place at its rim."""
    towns = rng.uniform((0, 40), (15, 52), (count // 100, 2))
    turn, reach = rng.uniform(0, 2 * np.pi, (count, 1)), rng.uniform(0, 0.2, (count, 1))
    town, heavy = np.arange(count) % len(towns), np.arange(count) < len(towns)
    reach[heavy] = 0.21
    at = towns[town] + reach * np.hstack([np.cos(turn), np.sin(turn)])
    mass = np.where(heavy, 10.0 ** rng.uniform(0, 8, count), 1.0)
    return _sums.Places(ellipsoid.unit_vectors(*at.T), mass, np.zeros(count, np.int64))


@pytest.mark.parametrize("draw", [lattice, ring, heavy_rim])
@pytest.mark.parametrize("accuracy", [1e-2, 1e-5])
def test_errors_that_do_not_cancel_are_within_the_accuracy_too(draw, accuracy):
    data = draw(4000, np.random.default_rng(13))
    for decay in DECAYS.values():
        exact = _sums.exact_sums(data, decay)
        found = _sums.tree_sums(data, decay, accuracy=accuracy)
        assert worst(found[0], exact[0]) <= accuracy, decay


def test_stand_ins_have_the_moments_of_their_crowd_up_to_the_fourth_order():
    places = made("clusters", 3000, 1, seed=6)
    xyz, mass, country = places
    order, ends = _tree.order(xyz, country)
    nodes = _tree.nodes(ends)
    crowd, proxies = crowds.summaries(_sums._points(places, order), nodes)
    many = nodes[:, 1] - nodes[:, 0] > disc.NODES
    small = np.flatnonzero((crowd[:, crowds.RADIUS] < 0.01) & many)
    assert len(small) > 50
    for node in small[::17]:
        run = order[nodes[node, 0] : nodes[node, 1]]
        centre = crowd[node, 1:4]
        assert np.linalg.norm(xyz[run] - centre, axis=1).max() == pytest.approx(crowd[node, 4], rel=1e-12)
        assert crowd[node, crowds.MASS] == pytest.approx(mass[run].sum(), rel=1e-12)
        assert crowd[node, crowds.HEAVIEST] == mass[run].max()
        assert np.linalg.norm(proxies[node, :3], axis=0) == pytest.approx(np.ones(15), rel=1e-12)
        plane = np.linalg.svd(centre[None, :])[2][1:] / crowd[node, 4]
        flat, held = xyz[run] @ plane.T, proxies[node, :3].T @ plane.T
        for i in range(5):
            for j in range(5 - i):
                exact = (mass[run] * flat[:, 0] ** i * flat[:, 1] ** j).sum()
                found = (proxies[node, 3] * held[:, 0] ** i * held[:, 1] ** j).sum()
                assert found == pytest.approx(exact, abs=1e-11 * crowd[node, 0])


def test_a_polynomial_of_degree_four_is_interpolated_exactly_and_none_is_enlarged_further():
    rng = np.random.default_rng(0)
    radius, turn = np.sqrt(rng.random(5000)), rng.uniform(0, 2 * np.pi, 5000)
    radius, turn = np.append(radius, np.ones(500)), np.append(turn, turn[:500])
    u, v = radius * np.cos(turn), radius * np.sin(turn)
    weights = disc.monomials(u, v) @ disc.COEFFICIENTS
    x, y = disc.DISC.T
    assert weights @ (1 + x - x * y**3 + 2 * x**4) == pytest.approx(1 + u - u * v**3 + 2 * u**4, abs=1e-12)
    lebesgue = np.abs(weights).sum(axis=1).max()
    assert 3.1 < lebesgue <= disc.LEBESGUE


@every_decay
@pytest.mark.parametrize("far", [0.3, 0.02])
def test_no_disc_is_interpolated_worse_than_the_tables_say(decay, far):
    # Discs of many sizes anywhere on the ellipsoid, sources in any direction, against the weights themselves.
    rng = np.random.default_rng(11)
    tables = _bounds.bounds(decay, smallest=1e-4)
    for _ in range(60):
        lon, lat = rng.uniform(-180, 180), rng.uniform(-70, 70)
        c = ellipsoid.unit_vectors(np.array([lon]), np.array([lat]))[0]
        e, g = np.linalg.svd(c[None, :])[2][1:]
        turn = rng.uniform(0, 2 * np.pi)
        source = c + far * (np.cos(turn) * e + np.sin(turn) * g)
        source /= np.linalg.norm(source)
        chord = np.linalg.norm(source - c)
        radius = chord * rng.choice([0.05, 0.1, 0.2, 0.3, 0.42, 0.6])
        angle = rng.uniform(0, 2 * np.pi, 300)
        rim = np.column_stack([np.cos(angle), np.sin(angle)]) * np.sqrt(rng.uniform(0.5, 1, (300, 1)))

        def lifted(flat, radius=radius, c=c, e=e, g=g):
            u, v = radius * flat.T
            return u[:, None] * e + v[:, None] * g + np.sqrt(1 - u * u - v * v)[:, None] * c

        at = [ellipsoid.kilometres(lifted(flat), source[None, :])[:, 0] for flat in (disc.DISC, rim)]
        error = np.abs(disc.monomials(*rim.T) @ disc.COEFFICIENTS @ decay(at[0]) - decay(at[1])).max()
        octave, fraction = np.frexp(chord)[1] - 1, 2 * np.frexp(chord)[0] - 1
        column = (octave - FIRST_OCTAVE) * 32 + int(fraction * 32) + 1
        row = 4 + np.searchsorted([0.1, 0.2, 0.3, 0.42, 0.6], radius / chord * (1 - 1e-9))
        bound = tables[row, column] * radius**5
        assert error <= bound


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
    tables = _bounds.bounds(decay, smallest=1e-3)
    octave, step = np.divmod(np.arange(CHORD_BINS), 32)
    chord = np.ldexp(1 + step / 32, FIRST_OCTAVE + octave)
    middle = np.minimum(chord * (1 + 0.5 / 32), 2)
    for axis_km in (6356.8, 6378.1):  # the polar and the equatorial axis
        weight = decay(axis_km * 2 * np.arcsin(middle / 2))
        assert (tables[0, 1:] >= weight * (1 - 1e-12)).all()
        assert (np.minimum(tables[1, 1:], tables[2, 1:]) <= weight * (1 + 1e-12)).all()
        below = decay(axis_km * np.array([1e-12, 2.0**FIRST_OCTAVE]))
        assert tables[0, 0] >= below.max() * (1 - 1e-12)
        assert min(tables[1, 0], tables[2, 0]) <= below.min() * (1 + 1e-12)


@pytest.mark.parametrize("close", [False, True])
def test_single_precision_keeps_the_kilometres_that_it_promises(close):
    # Points around many middles, seen from another point; in double precision by the same formula, which is
    # held against GeographicLib above.
    rng, count = np.random.default_rng(2), 0
    for scale in 10.0 ** rng.uniform(-5, -0.8 if close else 0.2, 60):
        middle = ellipsoid.unit_vectors(*layout("globe", 1, rng))[0]
        xyz = middle + scale * rng.normal(size=(500, 3))
        xyz /= np.linalg.norm(xyz, axis=1)[:, None]
        there, here = xyz[1:], xyz[0]
        apart, aside = np.linalg.norm(there - here, axis=1), np.linalg.norm(there - middle, axis=1)
        there = there[(apart > 0.125 * aside) & (apart < (0.5 if close else FARTHEST_ROUNDED))]
        held = np.zeros((5, len(there)), np.float32)
        held[:3], held[3] = (there - middle).T, there[:, 2]
        seen = np.append(here - middle, here[2]).astype(np.float32)[:, None]
        km = np.empty(len(there), np.float32)
        (single._close_kilometres if close else single._kilometres)(held, len(there), seen, (0, 1), km)
        exact = ellipsoid.kilometres(here[None, :], there)[0]
        count += len(there)
        # Half of what is promised: the rest is for weights and sums.
        assert np.abs(km / exact - 1).max(initial=0) < 0.5 * ROUNDED
    assert count > 5000


def test_the_formula_of_distance_is_of_the_second_order_in_the_flattening():
    rng = np.random.default_rng(9)
    lon, lat = layout("globe", 500, rng)
    exact = kilometres_by_pyproj(lon, lat)
    xyz = ellipsoid.unit_vectors(lon, lat)
    used = (exact > 1000) & (exact < 15_000)
    # The third order is 4e-8, the second 1e-5.
    assert np.abs(ellipsoid.kilometres(xyz, xyz)[used] / exact[used] - 1).max() < 1e-7
