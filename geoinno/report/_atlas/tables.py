"""Chapters out of the tables of a TOML file: [index], [specialisation] and [goals]."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geoinno import read
from geoinno.errors import ColumnError, GeoinnoError
from geoinno.report._atlas.options import GoalsChapter, IndexChapter, SpecialisationChapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from geopandas import GeoDataFrame

_PAIR = 2
# What each line of a table must be, in words.
_TEXT, _NUMBER, _WHOLE = "text in quotes", "a number", "a whole number"
_TEXTS, _YES = "a list of texts", "true or false"
_BY_TEXT, _BY_NUMBER = "a table of texts by column", "a table of numbers by column"
_BY_RANGE = "a table of [low, high] by column"
_BY_WORDS = "a table of two texts by column"
_GROUPS = "a list of columns, or a table of such lists by pillar"
_INDEX = MappingProxyType(
    {
        "pillars": _GROUPS,
        "name": _TEXT,
        "less_is_better": _TEXTS,
        "weights": _BY_NUMBER,
        "denominators": _BY_TEXT,
        "goalposts": _BY_RANGE,
        "scales": _TEXTS,
        "means": _TEXTS,
        "outliers": _TEXTS,
        "missing": _TEXTS,
        "power": _NUMBER,
        "penalty": _TEXT,
        "weight_spread": _NUMBER,
        "noise": _NUMBER,
        "draws": _WHOLE,
    }
)
_SPECIALISATION = MappingProxyType(
    {
        "columns": _TEXTS,
        "file": _TEXT,
        "id": _TEXT,
        "activity": _TEXT,
        "value": _TEXT,
        "where": _TEXT,
        "cut": _NUMBER,
        "declared": _TEXT,
    }
)
_GOALS = MappingProxyType(
    {
        "resources": _TEXTS,
        "targets": _BY_TEXT,
        "factors": _BY_NUMBER,
        "growth": _NUMBER,
        "bounds": _BY_RANGE,
        "kinds": _BY_WORDS,
        "spillovers": _YES,
    }
)


def index_chapter(lines: Mapping[str, Any]) -> IndexChapter:
    """Return the chapter on an index."""
    _check(lines, _INDEX, needed=("pillars",), name="index")
    return IndexChapter(**lines)


def goals_chapter(lines: Mapping[str, Any]) -> GoalsChapter:
    """Return the chapter on goals."""
    _check(lines, _GOALS, needed=("resources",), name="goals")
    return GoalsChapter(**lines)


def specialisation_chapter(
    lines: Mapping[str, Any], regions: GeoDataFrame, *, folder: Path, filtered: bool
) -> SpecialisationChapter:
    """Return the chapter on specialisation, its activities read from a file or taken from columns.

    ``filtered`` says that some regions were left out on purpose, whose activities are left out too.
    """
    _check(lines, _SPECIALISATION, needed=(), name="specialisation")
    activity = _amounts(lines, regions, folder)
    declared = _declared(lines, folder) if "declared" in lines else None
    if filtered:
        activity = activity.loc[activity.index.isin(regions.index)]
        declared = None if declared is None else declared.loc[declared["region"].isin(regions.index)]
    return SpecialisationChapter(activity, cut=lines.get("cut", 1.0), declared=declared)


def _amounts(lines: Mapping[str, Any], regions: GeoDataFrame, folder: Path) -> pd.DataFrame:
    """Return amounts by region and activity."""
    if "columns" in lines:
        absent = [name for name in lines["columns"] if name not in regions.columns]
        if absent:
            message = f"[specialisation] columns has {absent[0]!r}, which the regions do not have."
            raise ColumnError(message)
        return regions[lines["columns"]]
    if not {"file", "id"} <= {*lines}:
        message = (
            "[specialisation] needs columns, or a file with its id; where each of its rows is one region and "
            "one activity, activity and value too."
        )
        raise GeoinnoError(message)
    path, where = folder / lines["file"], lines.get("where")
    if "activity" not in lines:
        return read.table(path, id=lines["id"], where=where)
    columns = {"origin": lines["id"], "destination": lines["activity"], "value": lines.get("value", "value")}
    rows = read.flows(path, **columns, where=where)
    # A region without a row for an activity has none of it.
    wide = rows.pivot_table(index="origin", columns="destination", values="value", fill_value=0.0)
    return wide.rename_axis(index="region", columns="activity")


def _declared(lines: Mapping[str, Any], folder: Path) -> pd.DataFrame:
    """Return declared priorities as pairs, from a table of regions by activities with 1 for each."""
    table = read.table(folder / lines["declared"], id=lines.get("id", "id"))
    pairs = table.melt(var_name="activity", value_name="declared", ignore_index=False).reset_index()
    return pairs.loc[pairs["declared"] > 0, ["region", "activity"]]


def _check(lines: Mapping[str, Any], known: Mapping[str, str], *, needed: tuple[str, ...], name: str) -> None:
    """Raise where a line of a table is unknown, missing, or not what it must be."""
    for key, value in lines.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known lines are {', '.join(known)}."
            message = f"[{name}] has the line {key!r}, which is unknown; {hint}"
            raise GeoinnoError(message)
        if not _fits(value, known[key]):
            message = f"[{name}] {key} must be {known[key]}; {value!r:.200} was given."
            raise GeoinnoError(message)
    absent = [key for key in needed if not lines.get(key)]
    if absent:
        message = f"[{name}] must have the line {absent[0]!r}: {known[absent[0]]}."
        raise GeoinnoError(message)


def _fits(value: object, kind: str) -> bool:
    """Return whether the value of a line is of its kind."""
    if kind in _PLAIN:
        return isinstance(value, _PLAIN[kind]) and (kind == _YES or not isinstance(value, bool))
    if kind in _INSIDE:
        return isinstance(value, Mapping) and all(_INSIDE[kind](part) for part in value.values())
    if kind == _GROUPS and isinstance(value, Mapping):
        return all(_fits(part, _GROUPS) for part in value.values())
    return _texts(value)


def _texts(value: object) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _pair(value: object) -> bool:
    """Return whether a value is a list of two texts."""
    return isinstance(value, list) and len(value) == _PAIR and _texts(value)


def _range(value: object) -> bool:
    """Return whether a value is a list of two numbers."""
    return isinstance(value, list) and len(value) == _PAIR and all(isinstance(v, int | float) for v in value)


_PLAIN: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {_TEXT: (str,), _NUMBER: (int, float), _WHOLE: (int,), _YES: (bool,)}
)
_INSIDE: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        _BY_TEXT: lambda part: isinstance(part, str),
        _BY_NUMBER: lambda part: isinstance(part, int | float) and not isinstance(part, bool),
        _BY_RANGE: _range,
        _BY_WORDS: _pair,
    }
)
