"""Market potential: its parts, its laws, and the errors that it refuses with."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from scipy import integrate
from shapely.geometry import box

import geoinno as gi
from geoinno.errors import AlignmentError, ColumnError, CrsError, OptionError, RegionError

GEOD = Geod(ellps="WGS84")
DECAYS = {
    "exponential": gi.weigh.exponential(300),
    "exponential_sqrt": gi.weigh.exponential_sqrt(100),
    "gaussian": gi.weigh.gaussian(1500),
    "tanner": gi.weigh.tanner(-0.5, 0.003),
    "lognormal": gi.weigh.lognormal(0.1),
    "logistic": gi.weigh.logistic(500, 0.01),
    "offset_power": gi.weigh.offset_power(100, 1.2),
}
every_decay = pytest.mark.parametrize("decay", DECAYS.values(), ids=DECAYS)


def points(lon, lat, country="A"):
    ids = [f"p{i}" for i in range(len(lon))]
    at = geopandas.points_from_xy(lon, lat)
    return geopandas.GeoDataFrame({"country": country}, index=ids, geometry=at, crs=4326)


def scattered(count, seed):
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-180, 180, count), rng.uniform(-55, 70, count)
    regions = points(lon, lat, np.where(lon > 20, "East", "West"))
    return pd.Series(rng.lognormal(0, 1, count), index=regions.index, name="mass"), regions


def direct_sums(mass, regions, decay):
    """Return the sums at home and abroad over exact geodesic distances (Karney's, by pyproj)."""
    lon, lat = regions.geometry.x.to_numpy(), regions.geometry.y.to_numpy()
    here, there = np.indices((len(lon), len(lon)))
    km = GEOD.inv(lon[here], lat[here], lon[there], lat[there])[2] / 1000
    weight = np.where(here == there, 0, decay(np.where(here == there, 1, km)))
    home = regions["country"].to_numpy(object)[here] == regions["country"].to_numpy(object)[there]
    return (weight * home) @ mass.to_numpy(), (weight * ~home) @ mass.to_numpy()


@every_decay
def test_the_parts_are_direct_sums_over_exact_geodesics(decay):
    mass, regions = scattered(250, seed=1)
    domestic, foreign = direct_sums(mass, regions, decay)
    table = gi.measure.market_potential(mass, regions, decay=decay, country="country", border_factor=0.4)
    assert table["own"].to_numpy() == pytest.approx(mass.to_numpy() * decay(0.0), rel=1e-12)
    assert table["domestic"].to_numpy() == pytest.approx(domestic, rel=1e-6)
    assert table["foreign"].to_numpy() == pytest.approx(0.4 * foreign, rel=1e-6)
    total = mass.to_numpy() * decay(0.0) + domestic + 0.4 * foreign
    assert table["total"].to_numpy() == pytest.approx(total, rel=1e-6)
    assert table["exogenous_share"].to_numpy() == pytest.approx(0.4 * foreign / total, rel=1e-6)


@pytest.fixture(scope="module")
def many():
    mass, regions = scattered(1700, seed=2)
    return mass, regions, *direct_sums(mass, regions, gi.weigh.exponential(300))


@pytest.mark.parametrize("accuracy", [None, 1e-3], ids=["exact", "tree"])
def test_many_places_are_summed_over_exact_geodesics_too(many, accuracy):
    mass, regions, domestic, foreign = many
    decay = gi.weigh.exponential(300)
    table = gi.measure.market_potential(mass, regions, decay=decay, country="country", accuracy=accuracy)
    assert table["domestic"].to_numpy() == pytest.approx(domestic, rel=accuracy or 1e-6)
    assert table["foreign"].to_numpy() == pytest.approx(foreign, rel=accuracy or 1e-6)


def test_own_potential_is_the_mean_weight_within_the_disc(lattice):
    decay, mass = gi.weigh.power(1.3), pd.Series(2.0, index=lattice.index)
    own = gi.measure.market_potential(mass, lattice, decay=decay)["own"]
    for region in ("00", "53"):
        area = abs(GEOD.geometry_area_perimeter(lattice.geometry[region])[0]) / 1e6
        radius = np.sqrt(area / np.pi)
        mean = 2 / radius**2 * integrate.quad(lambda r: r**-1.3 * r, 0, radius)[0]
        assert own[region] == pytest.approx(2 * mean, rel=1e-7)


def test_without_countries_all_is_domestic(lattice):
    mass = pd.Series(1.0, index=lattice.index)
    table = gi.measure.market_potential(mass, lattice, decay=gi.weigh.exponential(50))
    assert (table["foreign"] == 0).all()
    assert (table["exogenous_share"] == 0).all()


def test_a_closed_border_leaves_what_is_at_home(lattice):
    mass = pd.Series(np.arange(1.0, 37.0), index=lattice.index)
    ask = {"decay": gi.weigh.exponential(50), "country": "country"}
    closed = gi.measure.market_potential(mass, lattice, border_factor=0, **ask)
    inside = lattice["country"] == "B"
    alone = gi.measure.market_potential(mass[inside], lattice[inside], decay=ask["decay"])
    assert (closed["exogenous_share"] == 0).all()
    assert closed.loc[inside, "total"].to_numpy() == pytest.approx(alone["total"].to_numpy(), rel=1e-12)


def test_country_may_be_a_series(lattice):
    mass = pd.Series(1.0, index=lattice.index)
    ask = {"decay": gi.weigh.exponential(50)}
    by_name = gi.measure.market_potential(mass, lattice, country="country", **ask)
    shuffled = lattice["country"].sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(
        gi.measure.market_potential(mass, lattice, country=shuffled, **ask), by_name
    )


@given(factor=st.floats(1e-6, 1e6), border=st.floats(0, 3), seed=st.integers(0, 10**6))
def test_potential_is_linear_in_mass(factor, border, seed):
    mass, regions = scattered(40, seed=seed)
    other = mass.sample(frac=1, random_state=seed % 1000).set_axis(mass.index)
    parts = ["own", "domestic", "foreign", "total"]

    def potential(m):
        ask = {"decay": gi.weigh.exponential_sqrt(200), "country": "country", "border_factor": border}
        return gi.measure.market_potential(m, regions, **ask)[parts].to_numpy()

    assert potential(mass + factor * other) == pytest.approx(
        potential(mass) + factor * potential(other), rel=1e-9
    )


@pytest.mark.parametrize("accuracy", [None, 1e-3], ids=["exact", "tree"])
@pytest.mark.parametrize("count", [60, 1600])
def test_the_order_of_rows_and_the_names_do_not_matter(count, accuracy):
    mass, regions = scattered(count, seed=5)
    ask = {"decay": gi.weigh.exponential(400), "country": "country", "accuracy": accuracy}
    told = gi.measure.market_potential(mass, regions, **ask)
    shuffled = gi.measure.market_potential(mass, regions.sample(frac=1, random_state=1), **ask)
    assert shuffled.index.equals(mass.index)
    pd.testing.assert_frame_equal(shuffled, told, rtol=accuracy or 1e-12)
    again = gi.measure.market_potential(mass.sample(frac=1, random_state=2), regions, **ask)
    pd.testing.assert_frame_equal(again.reindex(mass.index), told, rtol=accuracy or 1e-12)
    renamed = mass.rename(lambda i: f"x{i}"), regions.rename(lambda i: f"x{i}")
    pd.testing.assert_frame_equal(
        gi.measure.market_potential(*renamed, **ask), told.rename(lambda i: f"x{i}"), rtol=1e-12
    )


def test_a_place_split_in_two_weighs_the_same_on_others():
    mass, regions = scattered(30, seed=6)
    twin = regions.iloc[[0]].rename({"p0": "twin"})
    split = pd.concat([mass.where(mass.index != "p0", mass * 0.3), 0.7 * mass[["p0"]].rename({"p0": "twin"})])
    ask = {"decay": gi.weigh.exponential(400), "country": "country"}
    whole = gi.measure.market_potential(mass, regions, **ask)
    parts = gi.measure.market_potential(split, pd.concat([regions, twin]), **ask)
    assert parts.loc[mass.index, "total"].to_numpy() == pytest.approx(whole["total"].to_numpy(), rel=1e-12)


def test_potential_does_not_see_the_antimeridian_or_the_crs():
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(0, 8, 60), rng.uniform(-20, -15, 60)
    mass = pd.Series(rng.lognormal(size=60), index=[f"p{i}" for i in range(60)])
    ask = {"decay": gi.weigh.exponential(100)}
    here = gi.measure.market_potential(mass, points(lon, lat), **ask)
    there = gi.measure.market_potential(mass, points((lon + 356) % 360 - 180, lat), **ask)
    drawn = gi.measure.market_potential(mass, points(lon, lat).to_crs(3857), **ask)
    pd.testing.assert_frame_equal(there, here, rtol=1e-9)
    pd.testing.assert_frame_equal(drawn, here, rtol=1e-9)


def test_no_mass_no_share():
    mass, regions = scattered(5, seed=8)
    table = gi.measure.market_potential(mass * 0, regions, decay=gi.weigh.exponential(100))
    assert (table["total"] == 0).all()
    assert table["exogenous_share"].isna().all()


def test_one_region_alone(lattice):
    one = lattice.iloc[:1]
    table = gi.measure.market_potential(pd.Series(3.0, index=one.index), one, decay=gi.weigh.exponential(100))
    assert table["total"].item() == table["own"].item() > 0


def test_places_on_one_spot_are_named_where_the_decay_is_infinite():
    mass, _ = scattered(4, seed=9)
    cells = [box(0, 0, 1, 1), box(2, 0, 3, 1), box(0, 0, 1, 1), box(5, 0, 6, 1)]
    regions = geopandas.GeoDataFrame(index=mass.index, geometry=cells, crs=4326)
    with pytest.raises(RegionError, match=r"'p0', 'p2' \(2 in all\).*offset_power"):
        gi.measure.market_potential(mass, regions, decay=gi.weigh.power(1))
    assert gi.measure.market_potential(mass, regions, decay=gi.weigh.exponential(10)).notna().all(axis=None)


def test_points_have_no_own_potential_where_the_decay_is_infinite():
    mass, regions = scattered(4, seed=9)
    with pytest.raises(RegionError, match=r"Points have no area.*p0"):
        gi.measure.market_potential(mass, regions, decay=gi.weigh.power(1))


def test_a_power_without_a_mean_is_refused(lattice):
    with pytest.raises(ColumnError, match="no mean"):
        gi.measure.market_potential(pd.Series(1.0, index=lattice.index), lattice, decay=gi.weigh.power(2))


@pytest.mark.parametrize(
    ("flaw", "error", "words"),
    [
        (lambda m: m.where(m.index != "p2"), ColumnError, "p2"),
        (lambda m: -m, ColumnError, "negative"),
        (lambda m: m.drop("p1"), AlignmentError, "p1"),
        (lambda m: m.to_numpy(), ColumnError, "Series"),
    ],
)
def test_unsound_masses_are_refused(flaw, error, words):
    mass, regions = scattered(4, seed=10)
    with pytest.raises(error, match=words):
        gi.measure.market_potential(flaw(mass), regions, decay=gi.weigh.exponential(10))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"decay": np.exp}, "must be a Decay"),
        ({"accuracy": 0}, "accuracy"),
        ({"accuracy": 1}, "below 1"),
        ({"border_factor": -1}, "border_factor"),
    ],
)
def test_unsound_options_are_refused(options, words):
    with pytest.raises(gi.OptionError, match=words):
        gi.measure.market_potential(*scattered(4, seed=10), **{"decay": gi.weigh.exponential(10), **options})


def test_a_country_that_is_no_column_is_refused():
    with pytest.raises(gi.ColumnError, match="bloc"):
        gi.measure.market_potential(*scattered(4, seed=10), decay=gi.weigh.exponential(10), country="bloc")


def test_regions_without_a_crs_are_refused():
    mass, regions = scattered(4, seed=10)
    with pytest.raises(CrsError):
        gi.measure.market_potential(
            mass, regions.set_crs(None, allow_override=True), decay=DECAYS["gaussian"]
        )


def three_countries():
    """Return twelve points in three countries, and a factor for each of their borders."""
    mass, regions = scattered(12, seed=5)
    regions["country"] = list("AABBCCAABBCC")
    factor = pd.DataFrame(
        [[np.nan, 0.8, 0.2], [0.5, np.nan, 0.1], [0.0, 1.0, np.nan]], list("ABC"), list("ABC")
    )
    return mass, regions, factor


def test_each_border_has_its_factor():
    mass, regions, factor = three_countries()
    decay = gi.weigh.exponential(2000)
    found = gi.measure.latent_potential(mass, regions, decay=decay, country="country", border_factor=factor)
    lon, lat = regions.geometry.x.to_numpy(), regions.geometry.y.to_numpy()
    home = regions["country"].to_numpy()
    for i, region in enumerate(regions.index):
        km = [GEOD.inv(lon[i], lat[i], lon[j], lat[j])[2] / 1000 for j in range(12)]
        abroad = [j for j in range(12) if home[j] != home[i]]
        today = sum(factor.loc[home[i], home[j]] * mass.iloc[j] * decay(km[j]) for j in abroad)
        opened = sum(mass.iloc[j] * decay(km[j]) for j in abroad)
        at_home = sum(mass.iloc[j] * decay(km[j]) for j in range(12) if home[j] == home[i])
        expected = [at_home, today, opened - today, (opened - today) / at_home]
        row = found.loc[region, ["endogenous", "exogenous", "latent", "domestic_gain"]]
        np.testing.assert_allclose(row.to_numpy(float), expected, rtol=1e-6)


def test_equal_factors_for_all_borders_are_one_factor():
    mass, regions, factor = three_countries()
    shared = {"decay": gi.weigh.exponential(2000), "country": "country"}
    for function in (gi.measure.market_potential, gi.measure.latent_potential):
        one = function(mass, regions, border_factor=0.3, **shared)
        many = function(mass, regions, border_factor=factor * 0 + 0.3, **shared)
        pd.testing.assert_frame_equal(one, many, rtol=1e-12)


def test_a_border_without_a_sound_factor_is_named():
    mass, regions, factor = three_countries()
    shared = {"decay": gi.weigh.exponential(2000), "country": "country"}
    with pytest.raises(ColumnError, match="no row or no column for 'C'"):
        gi.measure.market_potential(mass, regions, border_factor=factor.drop(columns="C"), **shared)
    for wrong in (1.2, np.nan, -0.1):
        factor.loc["A", "C"] = wrong
        with pytest.raises(ColumnError, match=r"0 to 1 .*'A to C'"):
            gi.measure.latent_potential(mass, regions, border_factor=factor, **shared)
    with pytest.raises(OptionError, match="at most 1"):
        gi.measure.latent_potential(mass, regions, border_factor=1.2, **shared)


@pytest.mark.parametrize("accuracy", [1e-12, 1e-9, 1.1e-8])
def test_the_finest_accuracies_end(accuracy):
    mass, regions = scattered(1600, seed=4)
    decay = gi.weigh.exponential(300)
    exact = gi.measure.market_potential(mass, regions, decay=decay)["domestic"]
    found = gi.measure.market_potential(mass, regions, decay=decay, accuracy=accuracy)["domestic"]
    np.testing.assert_allclose(found, exact, rtol=1.1e-8)
