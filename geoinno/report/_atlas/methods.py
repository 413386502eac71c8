"""The last chapter of an atlas: the methods with their references, and where the data come from."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from geoinno import measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno.report._atlas.spec import Subject


def sources(subject: Subject) -> list[object]:
    """List the methods with their references, and the source of the data."""
    used: list[Callable[..., object]] = [
        measure.market_potential,
        measure.moran,
        measure.local_moran,
        measure.growth_poles,
        measure.pull,
    ]
    if len(subject.countries) > 1:
        used += [measure.segments, measure.dissimilarity, measure.springboard, measure.theil]
    if subject.flows is not None:
        used.append(measure.gravity)
    lines = [f"- `{method.__name__}`: {_first_line(method)} {_reference(method)}" for method in used]
    head = (
        "## Methods and sources\n\nDistances are geodesic, p-values are two-sided, and random draws "
        "can be repeated."
    )
    return [f"{head}\n\n" + "\n".join(lines) + f"\n\nData: {subject.source}"]


def _first_line(method: Callable[..., object]) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(method) or "").split("\n", 1)[0]


def _reference(method: Callable[..., object]) -> str:
    """Return the first reference of a docstring."""
    found = re.search(
        r"References\n-+\n(.+?)(?:\n\S+, [A-Z]\.|\n\n|\Z)", inspect.getdoc(method) or "", re.DOTALL
    )
    return "" if found is None else " ".join(found.group(1).split()).replace("*", "")
