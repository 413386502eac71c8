"""Samples: real data that come with geoinno."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cache

import geopandas as gpd
import pandas as pd

from geoinno._contract import option
from geoinno._display import Displayed
from geoinno.errors import GeoinnoError
from geoinno.read import _shipped

_CITIES = "cities: GeoNames, geonames.org (CC BY 4.0)"
_BORDERS = "boundaries: Natural Earth"
_SOURCES = {
    "north_america": (
        f"{_CITIES}; income: US Bureau of Economic Analysis and Rey & Sastré Gutiérrez 2010; "
        f"flights 2008: US Bureau of Transportation Statistics; {_BORDERS}"
    ),
    "central_asia": f"{_CITIES}; {_BORDERS} (de facto, Kazakhstan before 2022)",
    "austria": f"{_CITIES}; migration 2006: Statistics Austria, after Dennett 2012; {_BORDERS}",
    "commuting_zones": (
        "Commuting zones: Chetty, Hendren, Kline & Saez 2014 (cells around their centres); "
        "land: Natural Earth"
    ),
    "policies": f"Road laws 1980-2004: Freeman 2007, after Wooldridge; {_CITIES}; {_BORDERS}",
}
_CREDITS = {
    "cities": _CITIES,
    "airports": "airports: airportsdata (MIT)",
    "census": "population: American Community Survey",
    "income": "income: US Bureau of Economic Analysis and Rey & Sastré Gutiérrez 2010",
    "engineers": "engineers: US Bureau of Labor Statistics",
    "ratings": "ratings of countries: World Bank",
    "zones": "commuting zones: Chetty, Hendren, Kline & Saez 2014",
}
_KINDS = (
    ("airports", ("airports",)),
    ("engineers", ("engineers_share", "population_2016")),
    ("income", ("income",)),
    ("census", ("median_income_2010", "median_income_2015", "population_2010", "population_2015")),
    ("census", ("people_in_poverty_2010", "people_in_poverty_2015")),
    ("cities", ("cities", "city_population", "largest_city", "largest_city_population")),
    ("cities", ("city_lon", "city_lat", "large_cities", "primacy", "herfindahl")),
)
_BARE = ("country", "name", "name_local", "iso_3166_2", "geometry", "area_km2")
_SERIES = {
    "north_america": _CREDITS["income"],
    "policies": "road laws 1980-2004: Freeman 2007, after Wooldridge",
}
_MOVES = {
    "north_america": "flights 2008: US Bureau of Transportation Statistics",
    "austria": "migration 2006: Statistics Austria, after Dennett 2012",
}
_FLOWS = {"north_america": "north_america_flights_2008", "austria": "austria_migration_2006"}
_PANELS = {"north_america": "north_america_income", "policies": "policies_panel"}
_ADOPTIONS = {"policies": "policies_adoptions"}
# A sample that has the regions of another, or some of them.
_LARGER = {"policies": "north_america"}
# A sample whose countries are among those of another.
_ABROAD = {**_LARGER, "commuting_zones": "north_america"}
_INCOME_YEAR = 2000


def _no_adoptions() -> pd.DataFrame:
    """Return an empty table of adoptions."""
    texts = {column: pd.Series(dtype=str) for column in ("region", "innovation")}
    return pd.DataFrame({**texts, "period": pd.Series(dtype=int), "ended": pd.Series(dtype="Int64")})


@dataclass(frozen=True, slots=True, eq=False)
class Sample(Displayed):
    """Regions, countries, flows and a panel of one part of the world.

    Attributes
    ----------
    name
        Its name, as in `samples`.
    regions
        Polygons in EPSG:4326 by region id, with ``name``, ``country`` (ISO 3166-1 alpha-3) and
        indicators. ``city_population`` and what goes with it measure agglomeration, not innovation.
    countries
        Ratings and bloc memberships (0 or 1) by country.
    flows
        ``origin``, ``destination``, ``value``; empty where the sample has none.
    panel
        By region and year: ``income`` per head in its country's own unit and ``relative_income``
        (1 is the mean of the country's regions in that year); in ``policies`` ``fatalities`` on the roads for
        100,000 people and what goes with them. Empty where the sample has none.
    source
        The credit line for maps.
    adoptions
        ``region``, ``innovation``, ``period`` and ``ended`` (missing where kept); empty where the sample has
        none.
    """

    name: str
    regions: gpd.GeoDataFrame
    countries: pd.DataFrame
    flows: pd.DataFrame
    panel: pd.DataFrame
    source: str
    adoptions: pd.DataFrame = field(default_factory=_no_adoptions)

    def source_of(self, *columns: str) -> str:
        """Return the credit line for what is drawn: that of these columns, and of the boundaries.

        Columns are those of ``regions``, ``countries`` or ``panel``; ``flows`` and ``panel`` stand for the
        tables of these names. Raises `OptionError` for anything else.
        """
        credited = [_credit(self, column) for column in columns]
        return "; ".join([*dict.fromkeys(filter(None, credited)), _boundaries(self.name)])

    def __str__(self) -> str:
        """Return the sample in one paragraph."""
        years = self.panel.index.get_level_values("year")
        panel = f", a panel of {years.min()}-{years.max()}" if len(years) else ""
        flows = f", {len(self.flows):,} flows" if len(self.flows) else ""
        adoptions = f", {len(self.adoptions):,} adoptions" if len(self.adoptions) else ""
        several = "countries" if len(self.countries) > 1 else "country"
        return (
            f"{self.name}: {len(self.regions)} regions in {len(self.countries)} {several}, "
            f"{len(self.regions.columns) - 1} columns{flows}{panel}{adoptions}. {self.source}."
        )


def samples() -> list[str]:
    """Return the names of the samples that come with geoinno.

    Returns
    -------
    list of str
        Names that `sample` takes.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.read.samples()
    ['north_america', 'central_asia', 'austria', 'commuting_zones', 'policies']
    """
    return list(_SOURCES)


def sample(name: str) -> Sample:
    """Return one of the samples: real data that come with geoinno.

    Parameters
    ----------
    name
        ``north_america`` (96 regions of 3 countries, income panel, flights), ``central_asia``
        (48 of 5, blocs), ``austria`` (92 of 9, migration), ``commuting_zones`` (741 American zones with 27
        indicators, drawn as the Voronoi cells of their centres, clipped to land) or ``policies`` (48 American
        states, adoptions of seven road laws 1980-2004, panel of deaths on the roads).

    Returns
    -------
    Sample
        New tables at each call, which may be changed freely.

    Raises
    ------
    GeoinnoError
        If there is no sample of that name.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.read.sample("central_asia").regions.loc["KAZ-4830", "name"]
    'Astana'
    """
    if name not in _SOURCES:
        near = difflib.get_close_matches(name, _SOURCES, n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        message = f"There is no sample {name!r}; the samples are {', '.join(_SOURCES)}.{hint}"
        raise GeoinnoError(message)
    panel = _panel(name)
    regions = _regions(name, panel)
    countries = _csv(f"indicators/{_ABROAD.get(name, name)}_countries.csv").set_index("country")
    return Sample(
        name=name,
        regions=regions,
        countries=countries[countries.index.isin(regions["country"])],
        flows=_flows(name),
        panel=panel,
        source=_SOURCES[name],
        adoptions=_adoptions(name),
    )


def land() -> gpd.GeoDataFrame:
    """Return the countries of the world, coarse, as the ground of maps.

    Returns
    -------
    GeoDataFrame
        Polygons in EPSG:4326 by ``country`` (ISO 3166-1 alpha-3, or Natural Earth's code where there
        is none, as for Kosovo), with ``name``; cut at the 180th meridian, without Antarctica.
        Natural Earth 1:50m, public domain; borders are de facto.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.read.land().loc["KAZ", "name"]
    'Kazakhstan'
    """
    return _shapes("world", "fgb").set_index("country")


def lakes() -> gpd.GeoDataFrame:
    """Return the lakes and reservoirs of the world from 50 km\u00b2 on, as they are drawn over maps.

    Returns
    -------
    GeoDataFrame
        Polygons in EPSG:4326 with ``area_km2``, the largest first. Natural Earth 1:10m, public domain.

    Examples
    --------
    >>> import geoinno as gi
    >>> int(gi.read.lakes()["area_km2"].iloc[0])  # Lake Superior
    82311
    """
    return _shapes("lakes", "fgb")


def _credit(place: Sample, column: str) -> str:
    """Return who is to be credited for one column, nobody for what belongs to the boundaries."""
    if column == "flows" and len(place.flows):
        return _MOVES[place.name]
    series = ("panel", *place.panel.columns) if len(place.panel) else ()
    known = {*place.regions.columns, *place.countries.columns, *series}
    option(column, (*sorted(known), *(("flows",) if len(place.flows) else ())), name="A column")
    if column in _BARE:
        return ""
    if column in series:
        return _SERIES[place.name]
    if place.name == "commuting_zones" and column in place.regions:
        return _CREDITS["zones"]
    return _CREDITS[next((kind for kind, columns in _KINDS if column in columns), "ratings")]


def _boundaries(name: str) -> str:
    """Return the credit of the boundaries of a sample."""
    return _SOURCES[name].rpartition("; ")[2]


def _regions(name: str, panel: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the regions with their indicators."""
    larger = _LARGER.get(name, name)
    regions = _shapes(larger).set_index("region").join(_csv(f"indicators/{larger}.csv").set_index("region"))
    if name in _LARGER:
        regions = regions[regions.index.isin(panel.index.get_level_values("region"))]
    if "relative_income" in panel and len(panel):
        regions["income"] = panel["relative_income"].xs(_INCOME_YEAR, level="year").reindex(regions.index)
    return regions


def _flows(name: str) -> pd.DataFrame:
    """Return the flows, or an empty table."""
    if name in _FLOWS:
        return _csv(f"flows/{_FLOWS[name]}.csv")
    return pd.DataFrame({"origin": pd.Series(dtype=str), "destination": pd.Series(dtype=str), "value": []})


def _panel(name: str) -> pd.DataFrame:
    """Return the panel with incomes relative to the country's mean of the year, or an empty one."""
    if name not in _PANELS:
        index = pd.MultiIndex.from_arrays(
            [pd.Index([], dtype=str), pd.Index([], dtype=int)], names=["region", "year"]
        )
        return pd.DataFrame({"income": [], "relative_income": []}, index=index)
    table = _csv(f"indicators/{_PANELS[name]}.csv")
    if "income" not in table:
        return table.set_index(["region", "year"])
    country = table["region"].str[:3]
    mean = table.groupby([country, "year"])["income"].transform("mean")
    return table.assign(relative_income=table["income"] / mean).set_index(["region", "year"])


def _adoptions(name: str) -> pd.DataFrame:
    """Return the adoptions of innovations, or an empty table."""
    if name in _ADOPTIONS:
        return _csv(f"indicators/{_ADOPTIONS[name]}.csv").astype({"ended": "Int64"})
    return _no_adoptions()


@cache
def _shapes(name: str, kind: str = "geojson") -> gpd.GeoDataFrame:
    """Return one file of shapes."""
    return gpd.read_file(_shipped.folder() / "shapes" / f"{name}.{kind}", engine="pyogrio")


def _csv(path: str) -> pd.DataFrame:
    """Return one table; ids are strings."""
    strings = {"region": str, "country": str, "origin": str, "destination": str}
    return pd.read_csv(_shipped.folder() / path, dtype=strings)
