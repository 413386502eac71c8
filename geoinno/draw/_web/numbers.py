"""What a reader may look for and take away: other names of regions, their ids, and numbers as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno.draw._web.places import cities_of, countries_of

if TYPE_CHECKING:
    from geoinno.draw._layers.layer import Layer

# Beyond, the page would grow by a tenth; its tooltips still hold every number in four digits.
_MOST = 2_000
_DIGITS = 7


def named_regions(layer: Layer, lang: str) -> dict[str, Any]:
    """Return the ids of a set of regions, and the other names by which they may be found.

    Cities also carry what they are called elsewhere, as the search compares names.
    """
    if len(layer.shapes) > _MOST:
        return {}
    others = layer.shapes.iloc[:, :0] if layer.aliases is None else layer.aliases
    aliases = [
        [name, i]
        for column in others.columns
        for i, name in enumerate(others[column])
        if isinstance(name, str) and name
    ]
    ids = [str(region) for region in layer.shapes.index]
    return {"ids": ids, "aliases": [*aliases, *countries_of(layer, lang), *cities_of(layer)]}


def plain_numbers(layer: Layer) -> dict[str, list[float | None]]:
    """Return the columns of numbers behind the tooltips, in more digits than those show."""
    if len(layer.table) > _MOST:
        return {}
    # Tooltips are headed in the language of the sheet.
    columns = {name: layer.glossary.get(name, name) for name in layer.table.columns if name}
    headed = {name: heading for name, heading in columns.items() if heading in layer.tips.columns}
    numeric = [name for name in headed if pd.api.types.is_numeric_dtype(layer.table[name])]
    return {
        str(headed[name]): [_short(value) for value in layer.table[name].to_numpy("float64", na_value=np.nan)]
        for name in numeric
    }


def _short(value: float) -> float | None:
    """Return a number in a few digits, nothing where it is missing or endless."""
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None
