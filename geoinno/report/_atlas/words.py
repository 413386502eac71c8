"""Words of an atlas: names, counts and lists as they stand in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from geoinno.draw.web import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno.report._atlas.spec import Subject

_FEW = 5
_MOST_NAMED = 12


def names(regions: GeoDataFrame) -> pd.Series:
    """Return what to call each region."""
    if "name" not in regions.columns:
        return pd.Series(regions.index, index=regions.index)
    return regions["name"].where(regions["name"].notna(), regions.index.to_series()).astype(str)


def word(values: pd.Series) -> str:
    """Return the name of an indicator as it stands in a sentence."""
    return str(values.name).replace("_", " ")


def title(values: pd.Series) -> str:
    """Return the name of an indicator as it begins a sentence; only its first letter changes."""
    return word(values)[:1].upper() + word(values)[1:]


def counted(count: int, singular: str, plural: str = "") -> str:
    """Return a count with its noun: no region, 1 region, 2 regions."""
    noun = singular if count in {0, 1} else plural or f"{singular}s"
    return f"{count:,} {noun}" if count else f"no {noun}"


def enumerated(parts: Sequence[str]) -> str:
    """Return parts with commas, and "and" before the last."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def listed(subject: Subject, values: pd.Series, *, form: str = "") -> str:
    """Return the regions of the highest values, with the values."""
    name = names(subject.regions)
    top = values.dropna().sort_values(ascending=False, kind="stable").head(_FEW)
    rows = zip(name.loc[top.index], top, strict=True)
    return enumerated([f"{region} ({_figure(value, form)})" for region, value in rows])


def _figure(value: float, form: str) -> str:
    """Return a number for a sentence, its thousands parted by commas as everywhere in the words."""
    return format(value, form) if form else re.sub(r"(?<=\d)\s(?=\d)", ",", number(value))


def pole_names(subject: Subject, found: pd.DataFrame) -> str:
    """Say how many growth poles there are, and name the first of them."""
    which = names(subject.regions)[found["pole"]].tolist()
    rest = [f"{len(which) - _MOST_NAMED} more"] if len(which) > _MOST_NAMED else []
    stand = counted(len(which), "growth pole stands out", "growth poles stand out")
    return f"{stand}: {enumerated([*map(str, which[:_MOST_NAMED]), *rest])}."


def net(subject: Subject, net: pd.Series) -> str:
    """Say which regions gain most and which lose most by the flows."""
    if not net.any():
        return "Every region receives as much as it sends."
    gains, losses = listed(subject, net[net > 0]), listed(subject, -net[net < 0])
    return f"The largest net gains are in {gains}, the largest net losses in {losses}."


def gains(subject: Subject, gain: pd.Series) -> str:
    """Say how much potential open borders would add, and where most."""
    if not gain.max() > 0:
        return "Open borders would add nothing."
    return (
        f"With open borders, the potential of the median region would be {gain.median():.0%} higher; "
        f"{listed(subject, gain, form='.0%')} would gain most. The figures are of a partial "
        "equilibrium: they "
        "take the mass of each region as given."
    )
