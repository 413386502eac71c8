"""What an atlas is about: regions, mass, indicator and flows, checked and put together."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from geoinno import _contract, read
from geoinno.errors import ColumnError, GeoinnoError, MissingFileError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from geopandas import GeoDataFrame

_FILES = ("regions", "table", "flows")
_KINDS: dict[str, tuple[type, ...]] = {
    "half_km": (int, float),
    "border_factor": (int, float),
    "permutations": (int,),
    "seed": (int,),
}


@dataclass(frozen=True, slots=True)
class Spec:
    """An atlas of your own data, as described in a TOML file: one line for each field.

    Paths are relative to the TOML file. ``regions``, ``id``, ``mass`` and ``source`` are required.
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
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name} is not valid TOML: {error}."
        raise GeoinnoError(message) from None
    problem = next(filter(None, (_problem(key, value) for key, value in given.items())), "") or _lack(given)
    if problem:
        message = f"{path.name}: {problem}"
        raise GeoinnoError(message)
    beside = {key: str(path.parent / given[key]) for key in _FILES if given.get(key)}
    return Spec(**{**given, **beside})


def _problem(key: str, value: object) -> str:
    """Return what is wrong with a line, or nothing."""
    known = [field.name for field in fields(Spec)]
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known lines are {', '.join(known)}."
        return f"the line {key!r} is unknown; {hint}"
    if not isinstance(value, _KINDS.get(key, (str,))) or isinstance(value, bool):
        what = "a number" if key in _KINDS else "text in quotes"
        return f"{key} must be {what}; {value!r} was given."
    return ""


def _lack(given: dict[str, Any]) -> str:
    """Return which required lines are missing, or nothing."""
    absent = [key for key in ("regions", "id", "mass", "source") if not given.get(key)]
    return f'{", ".join(map(repr, absent))} must be given, such as {absent[0]} = "..."' if absent else ""


def subject_of_spec(spec: Spec) -> Subject:
    """Return what a spec describes, read from its files."""
    regions = read.regions(spec.regions, id=spec.id, country=spec.country or None, name=spec.name or None)
    if spec.table:
        regions = read.join(regions, read.table(spec.table, id=spec.table_id or spec.id))
    flows = None
    if spec.flows:
        flows = read.flows(spec.flows, origin=spec.origin, destination=spec.destination, value=spec.value)
    settings = {key: getattr(spec, key) for key in ("half_km", "border_factor", "permutations", "seed")}
    return subject(
        regions,
        flows,
        mass=spec.mass,
        indicator=spec.indicator,
        title=spec.title,
        source=spec.source,
        **settings,
    )


def subject(
    regions: GeoDataFrame,
    flows: pd.DataFrame | None,
    *,
    mass: str,
    indicator: str,
    **settings: Any,  # noqa: ANN401 - fields of Subject
) -> Subject:
    """Return checked regions with their mass and indicator (mass per km2 unless one is named)."""
    from geoinno.weigh import internal_distances

    _contract.polygons(regions)
    size = _contract.numbers(_column(regions, mass))
    if indicator:
        level = _contract.numbers(_column(regions, indicator), missing=True)
    else:
        # An internal distance is the radius of the disc of the region's geodesic area, so this is that area.
        area = 3.141592653589793 * internal_distances(regions) ** 2
        level = (size / area).rename(f"{mass} per km\u00b2")
    if flows is not None:
        _contract.sound_flows(flows, ids=regions.index)
    return Subject(
        regions=regions,
        flows=flows,
        mass=size,
        indicator=level,
        indicator_given=bool(indicator),
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
