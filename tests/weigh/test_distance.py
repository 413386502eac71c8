from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import box

import geoinno as gi
from geoinno.weigh import _areas


def table(shapes, *, crs=4326):
    ids = [f"r{i:03d}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(geometry=list(shapes), index=ids, crs=crs)


def test_wellington_to_salamanca_is_as_far_as_published():
    # GeographicLib, Python documentation, "Basic geodesic calculations": 19959679.267 m.
    km = gi.weigh.distances(table(shapely.points([(174.81, -41.32), (-5.50, 40.96)])))
    assert km.loc["r000", "r001"] == pytest.approx(19959.679267, abs=5e-7)


def test_the_quarter_meridian_and_a_degree_of_the_equator():
    # WGS84: quarter meridian 10,001.965729 km; a = 6378.137 km.
    km = gi.weigh.distances(table(shapely.points([(0, 0), (30, 90), (1, 0)])))
    assert km.loc["r000", "r001"] == pytest.approx(10001.965729, abs=1e-6)
    assert km.loc["r000", "r002"] == pytest.approx(6378.137 * np.pi / 180, rel=1e-12)


def test_the_antimeridian_is_no_gap():
    km = gi.weigh.distances(table(shapely.points([(179.5, 0), (-179.5, 0), (180.5, 0)])))
    assert km.loc["r000", "r001"] == pytest.approx(6378.137 * np.pi / 180, rel=1e-9)
    assert km.loc["r001", "r002"] == 0


def test_a_region_cut_at_the_antimeridian_is_placed_in_its_larger_half():
    chukotka = shapely.MultiPolygon([box(160, 60, 180, 70), box(-180, 60, -170, 70)])
    place = gi.weigh.places(table([chukotka])).loc["r000"]
    assert place.to_list() == [170, 65]


def test_places_are_in_the_regions(north_america):
    regions = north_america.regions
    places = gi.weigh.places(regions)
    assert places.index.equals(regions.index)
    spots = gpd.GeoSeries(shapely.points(places.to_numpy()), index=places.index, crs=4326)
    assert regions.geometry.contains(spots).all()


def test_places_of_points_are_the_points():
    spots = table(shapely.points([(10, 50), (-120, -30)]))
    assert gi.weigh.places(spots).to_numpy().tolist() == [[10, 50], [-120, -30]]
    np.testing.assert_allclose(gi.weigh.places(spots.to_crs(8857)), gi.weigh.places(spots), atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 30))
def test_distances_are_a_symmetric_table_that_keeps_the_triangle_inequality(seed, count):
    rng = np.random.default_rng(seed)
    spots = shapely.points(rng.uniform(-180, 180, count), rng.uniform(-90, 90, count))
    km = gi.weigh.distances(table(spots))
    assert km.index.equals(km.columns)
    table_km = km.to_numpy()
    assert (table_km == table_km.T).all()
    assert (np.diag(table_km) == 0).all()
    assert (table_km[:, None, :] <= table_km[:, :, None] + table_km[None, :, :] + 1e-6).all()


def test_distances_do_not_depend_on_the_crs():
    # In plain projected metres Canada's distances would be wrong by several percent, Mercator's by half.
    spots = table(shapely.points([(-120, 60), (-70, 50), (-95, 70)]))
    for crs in (3857, 32612, 3978):
        np.testing.assert_allclose(
            gi.weigh.distances(spots.to_crs(crs)), gi.weigh.distances(spots), atol=1e-3
        )


def test_shuffled_rows_give_the_same_distances(central_asia):
    regions = central_asia.regions
    shuffled = regions.sample(frac=1, random_state=0)
    km = gi.weigh.distances(regions)
    np.testing.assert_allclose(
        gi.weigh.distances(shuffled).loc[km.index, km.columns], km, rtol=1e-12, atol=1e-9
    )


def test_a_table_too_large_is_refused_with_the_way_out():
    spots = table(shapely.points(np.zeros((10_001, 2))))
    with pytest.raises(gi.RegionError, match=r"10,001 regions.*within"):
        gi.weigh.distances(spots)


def test_unsound_regions_are_refused():
    with pytest.raises(gi.CrsError, match="no CRS"):
        gi.weigh.distances(table([shapely.Point(0, 0)], crs=None))
    with pytest.raises(gi.CrsError, match="degrees"):
        gi.weigh.places(table([shapely.Point(500_000, 5_000_000)]))
    with pytest.raises(gi.CrsError, match="no place on the globe"):
        gi.weigh.places(table([shapely.Point(1e9, 1e9)], crs=3035))
    with pytest.raises(gi.RegionError, match="polygons"):
        gi.weigh.internal_distances(table([shapely.Point(0, 0)]))


# In sqrt(A): Head and Mayer (2000) .376, Keeble et al. (1982) .188, a random pair in a disc .511. The area
# is that of an equal-area projection, where long edges run a little differently.
@pytest.mark.parametrize(
    ("rule", "share"), [("disc", 0.564), ("head-mayer", 0.376), ("keeble", 0.188), ("random-pair", 0.511)]
)
def test_internal_distances_are_the_published_shares_of_the_root_of_the_area(rule, share, central_asia):
    regions = central_asia.regions
    root = np.sqrt(regions.to_crs(6933).area) / 1000
    internal = gi.weigh.internal_distances(regions, rule=rule)
    np.testing.assert_allclose(internal / root, share, rtol=5e-3)
    assert internal.index.equals(regions.index)


def test_internal_distances_are_means_over_the_disc():
    rng = np.random.default_rng(0)
    radius, angle = np.sqrt(rng.random((2, 200_000))), rng.uniform(0, 2 * np.pi, (2, 200_000))
    spots = radius * np.exp(1j * angle)
    regions = table([box(0, 0, 1, 1)])
    disc, centre, pair = (
        gi.weigh.internal_distances(regions, rule=rule).item()
        for rule in ("disc", "head-mayer", "random-pair")
    )
    assert centre / disc == pytest.approx(np.abs(spots).mean(), rel=3e-3)
    assert pair / disc == pytest.approx(np.abs(spots[0] - spots[1]).mean(), rel=3e-3)


def test_holes_and_parts_count_as_they_should():
    hole = box(1, 1, 2, 2)
    ring, apart = box(0, 0, 3, 3) - hole, shapely.MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])
    area = _areas.square_kilometres(table([ring, hole, box(0, 0, 3, 3), apart, box(0, 0, 1, 1)]))
    assert area[0] + area[1] == pytest.approx(area[2], rel=1e-12)
    assert area[3] == pytest.approx(2 * area[4], rel=1e-12)


def test_the_area_of_antarctica_is_as_published():
    # GeographicLib, Python documentation, "Measuring areas": 13662703680020.1 m^2.
    shore = """-63.1 -58 -72.9 -74 -71.9 -102 -74.9 -102 -74.3 -131 -77.5 -163 -77.4 163 -71.7 172 -65.9 140
        -65.7 113 -66.6 88 -66.9 59 -69.8 25 -70.0 -4 -71.0 -14 -77.3 -33 -77.9 -46 -74.7 -61"""
    lat, lon = np.array(shore.split(), dtype=float).reshape(-1, 2).T
    area = _areas.square_kilometres(table([shapely.polygons(np.column_stack([lon, lat]))]))
    assert area[0] == pytest.approx(13662703.6800201, rel=1e-12)


def test_areas_do_not_depend_on_the_crs(austria):
    regions = austria.regions
    np.testing.assert_allclose(
        gi.weigh.internal_distances(regions.to_crs(3857)), gi.weigh.internal_distances(regions), rtol=1e-6
    )


def test_an_unknown_rule_is_refused(central_asia):
    with pytest.raises(gi.OptionError, match="'head-mayer'"):
        gi.weigh.internal_distances(central_asia.regions, rule="square")


def test_cities_are_where_the_columns_say(central_asia):
    regions = central_asia.regions
    cities = gi.weigh.places(regions.to_crs(32642), at="city")
    assert cities["lon"].equals(regions["city_lon"].rename("lon"))
    km = gi.weigh.distances(regions, at="city")
    # Almaty to Bishkek on the WGS84 ellipsoid, by pyproj.
    metres = Geod(ellps="WGS84").inv(76.9115, 43.25249, 74.59, 42.87)[2]
    assert km.loc["KAZ-4829", "KGZ-1115"] == pytest.approx(metres / 1000, rel=1e-12)
    some = regions.assign(
        city_lon=regions["city_lon"].mask(regions["country"] == "KAZ"),
        city_lat=regions["city_lat"].mask(regions["country"] == "KAZ"),
    )
    mixed, inside = gi.weigh.places(some, at="city"), gi.weigh.places(regions)
    abroad = regions["country"] != "KAZ"
    assert mixed[abroad].equals(cities[abroad])
    assert mixed[~abroad].equals(inside[~abroad])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"city_lat": lambda r: r["city_lat"] + 60}, "'city_lat' lies beyond 90 degrees in 'KAZ-3195"),
        ({"city_lon": lambda r: r["city_lon"].mask(r.index == "KGZ-1115")}, "Only one .* 'KGZ-1115'"),
        ({"city_lon": lambda r: r["city_lon"].astype(str)}, "'city_lon' must be numeric"),
        ({"city_lon": None}, "no column city_lon"),
    ],
)
def test_cities_without_a_sound_place_are_refused(central_asia, changed, message):
    regions = central_asia.regions.copy()
    for column, change in changed.items():
        if change is None:
            regions = regions.drop(columns=column)
        else:
            regions[column] = change(regions)
    people = regions["city_population"]
    for call in (
        lambda: gi.weigh.places(regions, at="city"),
        lambda: gi.weigh.distances(regions, at="city"),
        lambda: gi.measure.break_points(people, regions, people > 1e6),
        lambda: gi.draw.pole_points(people >= people.min(), regions, people),
    ):
        with pytest.raises(gi.errors.ColumnError, match=message):
            call()
    with pytest.raises(gi.errors.OptionError, match="at must be"):
        gi.weigh.places(regions, at="town")
