"""A TOML file that describes an atlas: its lines, checked, and the files that they name, read."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from geoinno import _contract, read
from geoinno._language import ENGLISH
from geoinno.errors import ColumnError, GeoinnoError, MissingFileError
from geoinno.report._atlas import tables
from geoinno.report._atlas.options import AtlasOptions
from geoinno.report._atlas.scenarios import TradeOptions
from geoinno.report._atlas.subject import subject
from geoinno.report._atlas.units import units_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno.report._atlas.subject import Subject

_FILES = ("regions", "table", "flows", "adoptions")
_LONGEST_REASON = 300
_CHAPTERS = ("index", "specialisation", "goals")
_NUMBER, _TABLE, _LIST = (int, float), (dict,), (list,)
_WORDS: dict[tuple[type, ...], str] = {
    _NUMBER: "a number",
    (int,): "a number",
    _TABLE: "a table of texts by column",
    _LIST: "a list of texts",
}
_KINDS: dict[str, tuple[type, ...]] = {
    "half_km": _NUMBER,
    "elasticity": _NUMBER,
    "effect": _NUMBER,
    "members": _LIST,
    "joining": _LIST,
    "border_factor": _NUMBER,
    "permutations": (int,),
    "seed": (int,),
    "skip": (int,),
    "labels": _TABLE,
    "units": _TABLE,
    **dict.fromkeys(_CHAPTERS, _TABLE),
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
    ``labels`` and ``units`` are tables by column, ``members`` and ``joining`` lists of countries; ``index``,
    ``specialisation`` and ``goals`` are tables that ask for chapters.
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
    production: str = ""
    elasticity: float = 4.0
    members: Sequence[str] = ()
    joining: Sequence[str] = ()
    effect: float = 0.0
    adoptions: str = ""
    adoption_region: str = "region"
    innovation: str = "innovation"
    period: str = "period"
    ended: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    index: Mapping[str, object] = field(default_factory=dict)
    specialisation: Mapping[str, object] = field(default_factory=dict)
    goals: Mapping[str, object] = field(default_factory=dict)
    folder: Path = Path()


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
    return Spec(**{**given, **beside}, folder=path.parent)


def _problem(key: str, value: object) -> str:
    """Return what is wrong with a line, or nothing."""
    known = [line.name for line in fields(Spec) if line.name != "folder"]
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known lines are {', '.join(known)}."
        return f"the line {key!r} is unknown; {hint}"
    if not isinstance(value, _KINDS.get(key, (str,))) or isinstance(value, bool):
        what = _WORDS[_KINDS[key]] if key in _KINDS else "text in quotes"
        return f"{key} must be {what}; {value!r:.200} was given."
    if key in _CHAPTERS:
        return ""  # its lines are looked at when the chapter is built
    if isinstance(value, dict) and not all(isinstance(text, str) for text in value.values()):
        return f'{key} must be a table of texts by column, such as [{key}] income = "...".'
    if isinstance(value, list) and not all(isinstance(text, str) for text in value):
        return f'{key} must be a list of texts, such as {key} = ["KAZ", "UZB"].'
    return ""


def _lack(given: dict[str, Any]) -> str:
    """Return which required lines are missing, or nothing."""
    absent = [key for key in ("regions", "id", "mass", "source") if not given.get(key)]
    if given.get("joining") and not given.get("production"):
        return 'joining needs production = "...", the column of what each region produces.'
    return f'{", ".join(map(repr, absent))} must be given, such as {absent[0]} = "..."' if absent else ""


def subject_of_spec(spec: Spec) -> Subject:
    """Return what a spec describes, read from its files."""
    reading = _given(spec, _READING)
    regions = read.regions(
        spec.regions, id=spec.id, country=spec.country or None, name=spec.name or None, **reading
    )
    if spec.table:
        options = {**_given(spec, _TABLE_READING), "skip": spec.skip}
        regions = read.join(regions, _table(spec, options))
    flows, adoptions = _flows(spec), _adoptions(spec)
    if spec.filter:
        regions = _contract.fitting(regions, spec.filter, name="filter")
        flows = flows if flows is None else between(flows, regions.index)
        if adoptions is not None:
            adoptions = adoptions[adoptions["region"].isin(regions.index)]
    settings = ("half_km", "border_factor", "permutations", "seed", "title", "source")
    return subject(
        regions,
        flows,
        mass=spec.mass,
        indicator=spec.indicator,
        options=AtlasOptions(
            spec.labels,
            units_of(spec.units, spec.value),
            spec.islands,
            spec.lang,
            trade=_trade(spec),
            adoptions=adoptions,
            **chapters_of(spec, regions),
        ),
        **{key: getattr(spec, key) for key in settings},
    )


def _table(spec: Spec, options: Mapping[str, Any]) -> pd.DataFrame:
    """Return the table that a spec names, or say which line names the column of its ids."""
    try:
        return read.table(spec.table, id=spec.table_id or spec.id, **options)
    except ColumnError as error:
        if spec.table_id or f"no column {spec.id!r}" not in str(error):
            raise
        message = f'{error} If the ids of the table are in another column, name it: table_id = "...".'
        raise ColumnError(message) from None


def _flows(spec: Spec) -> pd.DataFrame | None:
    """Return the flows that a spec names."""
    if not spec.flows:
        return None
    return read.flows(spec.flows, origin=spec.origin, destination=spec.destination, value=spec.value)


def _adoptions(spec: Spec) -> pd.DataFrame | None:
    """Return the adoptions that a spec names."""
    if not spec.adoptions:
        return None
    return read.adoptions(
        spec.adoptions,
        region=spec.adoption_region,
        innovation=spec.innovation,
        period=spec.period,
        ended=spec.ended or None,
    )


def _trade(spec: Spec) -> TradeOptions | None:
    """Return what makes the flows of a spec trade."""
    if not spec.production:
        return None
    return TradeOptions(
        spec.production, spec.elasticity, tuple(spec.members), tuple(spec.joining), spec.effect
    )


def chapters_of(spec: Spec, regions: GeoDataFrame) -> dict[str, Any]:
    """Return the chapters that a spec asks for."""
    found: dict[str, Any] = {}
    if spec.index:
        found["index"] = tables.index_chapter(spec.index)
    if spec.specialisation:
        found["specialisation"] = tables.specialisation_chapter(
            spec.specialisation, regions, folder=spec.folder, filtered=bool(spec.filter)
        )
    if spec.goals:
        found["goals"] = tables.goals_chapter(spec.goals)
    return found


def _given(spec: Spec, lines: Mapping[str, str]) -> dict[str, Any]:
    """Return the lines that are there, under the names that a reader has for them."""
    return {option: getattr(spec, line) for line, option in lines.items() if getattr(spec, line)}


def between(flows: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return the flows that start and end in regions that are kept."""
    return flows[flows["origin"].isin(ids) & flows["destination"].isin(ids)].reset_index(drop=True)
