"""What an atlas is about: regions, mass, indicator and flows, checked and put together."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from geoinno import _contract, read
from geoinno._language import ENGLISH, translated
from geoinno.errors import ColumnError, GeoinnoError, MissingFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from geopandas import GeoDataFrame

_FILES = ("regions", "table", "flows")
# The languages that all sentences of an atlas are written in.
WRITTEN = (ENGLISH, "ru")
_LONGEST_REASON = 300
ISLANDS = ("isolate", "nearest", "bridge")
_NUMBER, _TABLE = (int, float), (dict,)
_KINDS: dict[str, tuple[type, ...]] = {
    "half_km": _NUMBER,
    "border_factor": _NUMBER,
    "permutations": (int,),
    "seed": (int,),
    "skip": (int,),
    "labels": _TABLE,
    "units": _TABLE,
}
# How regions and tables are read, by the names that their readers have for it.
_READING = {"layer": "layer", "crs": "crs", "encoding": "encoding", "where": "where"}
_TABLE_READING = {
    "decimal": "decimal",
    "thousands": "thousands",
    "table_encoding": "encoding",
    "sheet": "sheet",
    "table_where": "where",
}


@dataclass(frozen=True, slots=True)
class Spec:
    """An atlas of your own data, as described in a TOML file: one line for each field.

    Paths are relative to the TOML file. ``regions``, ``id``, ``mass`` and ``source`` are required.
    ``labels`` and ``units`` are tables by column.
    """

    regions: str
    id: str
    mass: str
    source: str
    title: str = ""
    country: str = ""
    name: str = ""
    indicator: str = ""
    table: str = ""
    table_id: str = ""
    flows: str = ""
    origin: str = "origin"
    destination: str = "destination"
    value: str = "value"
    half_km: float = 200.0
    border_factor: float = 0.25
    permutations: int = 9999
    seed: int = 0
    layer: str = ""
    crs: str = ""
    encoding: str = ""
    where: str = ""
    decimal: str = ""
    thousands: str = ""
    table_encoding: str = ""
    sheet: str = ""
    skip: int = 0
    table_where: str = ""
    filter: str = ""
    islands: Literal["isolate", "nearest", "bridge"] = "isolate"
    lang: str = ENGLISH
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AtlasOptions:
    """Further options of an atlas.

    Attributes
    ----------
    labels
        What columns are called in words and legends, by column.
    units
        Their units, by column, for the legends.
    islands
        Whether regions that touch no other have neighbours: ``isolate``, ``nearest`` or ``bridge``, as in
        ``gi.weigh.contiguity``. Such links are drawn and named.
    lang
        Language of the words: ``en`` or ``ru``. Of maps, those that `geoinno.draw.sheet` knows.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    islands: Literal["isolate", "nearest", "bridge"] = "isolate"
    lang: str = ENGLISH

    def named(self, values: pd.Series) -> pd.Series:
        """Return values under their label."""
        return values.rename(self.labels.get(str(values.name), str(values.name)))

    def unit(self, column: str) -> str:
        """Return the unit of a column, after a comma, as a legend has it."""
        unit = self.units.get(column, "")
        return f", {unit}" if unit else ""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What an atlas is about, ready to be measured."""

    title: str
    regions: GeoDataFrame
    mass: pd.Series
    indicator: pd.Series
    indicator_given: bool
    flows: pd.DataFrame | None
    source: str
    half_km: float
    border_factor: float
    permutations: int
    seed: int
    islands: Literal["isolate", "nearest", "bridge"] = "isolate"
    unit: str = ""
    lang: str = ENGLISH
    panel: pd.Series | None = None

    @property
    def countries(self) -> list[str]:
        """Return the countries, the one with most regions first."""
        if "country" not in self.regions.columns:
            return []
        return [str(c) for c in self.regions["country"].value_counts().index]


def spec_of(path: Path) -> Spec:
    """Return the spec that a TOML file holds, or say what is wrong with it."""
    if not path.is_file():
        message = f"There is no file {str(path)!r}."
        raise MissingFileError(message)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path.name} is not valid TOML in UTF-8: {str(error)[:_LONGEST_REASON]}."
        raise GeoinnoError(message) from None
    problem = next(filter(None, (_problem(key, value) for key, value in given.items())), "") or _lack(given)
    if problem:
        message = f"{path.name}: {problem}"
        raise GeoinnoError(message)
    beside = {key: str(path.parent / given[key]) for key in _FILES if given.get(key)}
    return Spec(**{**given, **beside})


def _problem(key: str, value: object) -> str:
    """Return what is wrong with a line, or nothing."""
    known = [line.name for line in fields(Spec)]
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known lines are {', '.join(known)}."
        return f"the line {key!r} is unknown; {hint}"
    if not isinstance(value, _KINDS.get(key, (str,))) or isinstance(value, bool):
        what = "a table of texts by column" if _KINDS.get(key) == _TABLE else "a number"
        return f"{key} must be {what if key in _KINDS else 'text in quotes'}; {value!r:.200} was given."
    if isinstance(value, dict) and not all(isinstance(text, str) for text in value.values()):
        return f'{key} must be a table of texts by column, such as [{key}] income = "...".'
    return ""


def _lack(given: dict[str, Any]) -> str:
    """Return which required lines are missing, or nothing."""
    absent = [key for key in ("regions", "id", "mass", "source") if not given.get(key)]
    return f'{", ".join(map(repr, absent))} must be given, such as {absent[0]} = "..."' if absent else ""


def subject_of_spec(spec: Spec) -> Subject:
    """Return what a spec describes, read from its files."""
    reading = _given(spec, _READING)
    regions = read.regions(
        spec.regions, id=spec.id, country=spec.country or None, name=spec.name or None, **reading
    )
    if spec.table:
        options = {**_given(spec, _TABLE_READING), "skip": spec.skip}
        regions = read.join(regions, read.table(spec.table, id=spec.table_id or spec.id, **options))
    flows = None
    if spec.flows:
        flows = read.flows(spec.flows, origin=spec.origin, destination=spec.destination, value=spec.value)
    if spec.filter:
        regions = _contract.fitting(regions, spec.filter, name="filter")
        flows = flows if flows is None else between(flows, regions.index)
    settings = ("half_km", "border_factor", "permutations", "seed", "title", "source")
    return subject(
        regions,
        flows,
        mass=spec.mass,
        indicator=spec.indicator,
        options=AtlasOptions(spec.labels, spec.units, spec.islands, spec.lang),
        **{key: getattr(spec, key) for key in settings},
    )


def _given(spec: Spec, lines: Mapping[str, str]) -> dict[str, Any]:
    """Return the lines that are there, under the names that a reader has for them."""
    return {option: getattr(spec, line) for line, option in lines.items() if getattr(spec, line)}


def between(flows: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return the flows that start and end in regions that are kept."""
    return flows[flows["origin"].isin(ids) & flows["destination"].isin(ids)].reset_index(drop=True)


def subject(
    regions: GeoDataFrame,
    flows: pd.DataFrame | None,
    *,
    mass: str,
    indicator: str,
    options: AtlasOptions | None = None,
    **settings: Any,  # noqa: ANN401 - fields of Subject
) -> Subject:
    """Return checked regions with their mass and indicator (mass per km2 unless one is named)."""
    from geoinno.weigh import internal_distances

    _contract.polygons(regions)
    names = options or AtlasOptions()
    _contract.option(names.islands, ISLANDS, name="islands")
    _contract.option(names.lang, WRITTEN, name="lang")
    size = names.named(_contract.numbers(_column(regions, mass)))
    if indicator:
        level = names.named(_contract.numbers(_column(regions, indicator), missing=True))
    else:
        # An internal distance is the radius of the disc of the region's geodesic area, so this is that area.
        area = 3.141592653589793 * internal_distances(regions) ** 2
        density = translated("{name} per km\u00b2", names.lang).format(name=size.name)
        level = (size / area).rename(density)
    if flows is not None:
        _contract.sound_flows(flows, ids=regions.index)
    return Subject(
        regions=regions,
        flows=flows,
        mass=size,
        indicator=level,
        indicator_given=bool(indicator),
        unit=names.unit(indicator),
        islands=names.islands,
        lang=names.lang,
        **settings,
    )


def _column(regions: GeoDataFrame, name: str) -> pd.Series:
    """Return a column of the regions, or name those there are."""
    if name not in regions.columns:
        numeric = regions.select_dtypes("number").columns
        message = f"The regions have no column {name!r}; its numeric columns are {_contract.named(numeric)}."
        raise ColumnError(message)
    column: pd.Series = regions[name]
    return column
