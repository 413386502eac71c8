"""Official sources, only when asked: regions of GISCO, tables of Eurostat and of the World Bank."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError, RegionError
from geoinno.read import _bank, _fetching, _jsonstat, _layers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from geopandas import GeoDataFrame

_GISCO = "https://gisco-services.ec.europa.eu/distribution/v2/nuts/geojson"
_EUROSTAT = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data"
_WORLD_BANK = "https://api.worldbank.org/v2"
_NUTS_YEARS = (2003, 2006, 2010, 2013, 2016, 2021, 2024)
_LEVELS = 3
_PER_PAGE = 20_000
_MOST_PAGES = 100
_NO_FILTERS: Mapping[str, object] = MappingProxyType({})


def nuts(
    level: int,
    year: int,
    *,
    scale: Literal["01m", "03m", "10m", "20m", "60m"] = "10m",
    countries: Sequence[str] | None = None,
    refresh: bool = False,
) -> GeoDataFrame:
    """Fetch the NUTS regions of a version from GISCO, the geographical service of the Commission.

    Parameters
    ----------
    level
        0 (countries) to 3.
    year
        Version: 2003, 2006, 2010, 2013, 2016, 2021 or 2024. Tables speak of one version; compare
        ``gi.read.recoded``.
    scale
        1:1 million (``01m``), 1:3, 1:10, 1:20 or 1:60 million.
    countries
        Country codes of two letters, such as ``["AT", "CZ"]``; all unless given.
    refresh
        Fetch again what is in the cache.

    Returns
    -------
    GeoDataFrame
        Index ``region``; ``country``, ``name`` and the other columns of GISCO; EPSG:4326.
        ``.attrs["source"]`` is the credit line, with the licence's wording and the day of retrieval.

    Raises
    ------
    OptionError
        If there is no such level, version, scale or country.
    GeoinnoError
        If pooch is not installed, or the source cannot be reached or answers in another form.

    Notes
    -----
    Files are kept in the user's cache folder and are read from there, without a network, until ``refresh``.
    The boundaries may be used for purposes that are not commercial, with the credit that is given; the terms
    are those of GISCO. The environment variable GEOINNO_SOURCES names another server with the same paths.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.read.nuts(7, 2021)
    Traceback (most recent call last):
    geoinno.errors.OptionError: level must be a whole number from 0 to 3; 7 was given.
    """
    _contract.option(scale, ("01m", "03m", "10m", "20m", "60m"), name="scale")
    if level not in range(_LEVELS + 1) or isinstance(level, bool):
        message = f"level must be a whole number from 0 to {_LEVELS}; {level!r} was given."
        raise OptionError(message)
    if year not in _NUTS_YEARS:
        message = f"year must be a version of NUTS, one of {', '.join(map(str, _NUTS_YEARS))}; not {year!r}."
        raise OptionError(message)
    name = f"NUTS_RG_{scale.upper()}_{year}_4326_LEVL_{level}.geojson"
    answer = _fetching.fetched(f"{_GISCO}/{name}", refresh=refresh)
    regions = _of_file(answer)
    if countries is not None:
        regions = _of_countries(regions, countries)
    regions.attrs["source"] = (
        f"NUTS {year}, 1:{int(scale[:2])} million: \u00a9 EuroGeographics for the administrative boundaries, "
        f"Eurostat GISCO, retrieved {answer.day}"
    )
    return regions


def _of_file(answer: _fetching.Answer) -> GeoDataFrame:
    """Return the regions in a file of GISCO."""
    answer.json()
    try:
        shapes = _layers.shapes(answer.path, _layers.Reading())
        roles = {"country": "CNTR_CODE", "name": "NAME_LATN"}
        regions = _layers.keyed(shapes, key="NUTS_ID", roles=roles, file=answer.path)
        return _contract.sound_regions(regions)
    except (ColumnError, RegionError) as error:
        raise answer.refused(str(error)) from error


def _of_countries(regions: GeoDataFrame, countries: Sequence[str]) -> GeoDataFrame:
    """Return the regions of some countries."""
    wanted = [countries] if isinstance(countries, str) else list(countries)
    there = sorted(regions["country"].unique())
    strangers = [code for code in wanted if code not in there]
    if strangers or not wanted:
        message = (
            f"There are no countries {_contract.named(strangers)}; those of the file are {', '.join(there)}."
        )
        raise OptionError(message)
    return regions[regions["country"].isin(wanted)]


def eurostat(
    dataset: str, *, filters: Mapping[str, object] = _NO_FILTERS, refresh: bool = False
) -> pd.DataFrame:
    """Fetch a table of Eurostat by region and year.

    Parameters
    ----------
    dataset
        Code of the table, such as ``nama_10r_2gdp``.
    filters
        What to take of each dimension: a code or a list of codes, such as ``{"unit": "PPS_EU27_2020_HAB",
        "geo": ["AT11", "AT12"], "time": 2019}``. ``geoLevel`` (``nuts2``), ``sinceTimePeriod`` and
        ``untilTimePeriod`` work too. What is left open with several codes becomes several columns.
    refresh
        Fetch again what is in the cache; Eurostat's tables change twice a day.

    Returns
    -------
    DataFrame
        Index ``region`` and ``year``. The column is named as the table, or by the codes of the dimensions
        that were left open; beside each stands ``<column>_flag`` with Eurostat's flags (b break in series,
        e estimated, p provisional, u of low reliability, c confidential ...).
        ``.attrs["source"]`` is the credit line, ``.attrs["label"]`` the title of the table.

    Raises
    ------
    OptionError
        If the choice leaves too many columns, or times that are no years.
    ColumnError
        If the table is not by region and time, or has no values for the choice.
    GeoinnoError
        If pooch is not installed, or the source cannot be reached or answers in another form.

    Notes
    -----
    Files are kept in the user's cache folder until ``refresh``. Eurostat's data may be used again with a
    credit. The environment variable GEOINNO_SOURCES names another server with the same paths.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.read.eurostat("")
    Traceback (most recent call last):
    geoinno.errors.OptionError: dataset must be a code such as 'nama_10r_2gdp'; '' was given.
    """
    _sound_code(dataset, what="dataset", such_as="nama_10r_2gdp")
    query = {"format": "JSON", "lang": "EN", **{name: _choice(value) for name, value in filters.items()}}
    answer = _fetching.fetched(f"{_EUROSTAT}/{dataset}", query=query, refresh=refresh)
    found = _jsonstat.cube(answer)
    table = _jsonstat.table(found, name=dataset)
    updated = f", updated {found.updated[:10]}" if found.updated else ""
    table.attrs["source"] = f"Eurostat, {dataset}{updated}, retrieved {answer.day} (reuse with credit)"
    table.attrs["label"] = found.label
    return table


def _sound_code(code: str, *, what: str, such_as: str) -> None:
    """Raise where a code could not be a part of an address."""
    plain = isinstance(code, str) and code and all(sign.isalnum() or sign in "_-.$@" for sign in code)
    if not plain:
        message = f"{what} must be a code such as {such_as!r}; {code!r} was given."
        raise OptionError(message)


def _choice(value: object) -> list[str]:
    """Return the codes that a filter takes."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [str(value)]
    return [str(code) for code in value]


def worldbank(
    indicator: str,
    *,
    countries: Sequence[str] | None = None,
    years: tuple[int, int] | None = None,
    refresh: bool = False,
) -> pd.DataFrame:
    """Fetch an indicator of the World Bank by country and year.

    Parameters
    ----------
    indicator
        Code, such as ``NY.GDP.PCAP.PP.KD``.
    countries
        ISO 3166-1 codes; all unless given, and then also the Bank's groups of countries, such as WLD.
    years
        First and last year; all unless given.
    refresh
        Fetch again what is in the cache.

    Returns
    -------
    DataFrame
        Index ``region`` (ISO 3166-1 alpha-3) and ``year``; the indicator under its code, and beside it
        ``<code>_flag`` with the Bank's observation status. ``.attrs["source"]`` is the credit line.

    Raises
    ------
    OptionError
        If the indicator, a country or the years cannot be.
    GeoinnoError
        If pooch is not installed, or the source cannot be reached or answers in another form.

    Notes
    -----
    The data are under CC BY 4.0. Files are kept in the user's cache folder until ``refresh``. The environment
    variable GEOINNO_SOURCES names another server with the same paths.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.read.worldbank("GDP per head")
    Traceback (most recent call last):
    geoinno.errors.OptionError: indicator must be a code such as 'NY.GDP.PCAP.CD'; 'GDP per head' was given.
    """
    _sound_code(indicator, what="indicator", such_as="NY.GDP.PCAP.CD")
    for code in countries or ():
        _sound_code(code, what="country", such_as="AUT")
    places = ";".join(countries) if countries else "all"
    query = {"format": "json", "per_page": str(_PER_PAGE)}
    if years is not None:
        query["date"] = _bank.span(years)
    rows, days = [], []
    address = f"{_WORLD_BANK}/country/{places}/indicator/{indicator}"
    for page in range(1, _MOST_PAGES + 1):
        answer = _fetching.fetched(address, query={**query, "page": str(page)}, refresh=refresh)
        found, pages = _bank.page(answer)
        rows += found
        days.append(answer.day)
        if page >= pages:
            break
    table = _bank.by_country(rows, indicator)
    table.attrs["source"] = f"World Bank, {indicator}, retrieved {min(days)} (CC BY 4.0)"
    return table
