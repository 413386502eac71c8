"""JSON-stat 2.0, in which Eurostat answers: a cube of values with flags becomes a table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geoinno.read._fetching import Answer

_MOST_COLUMNS = 100
_LARGEST = 50_000_000
_REGION = ("geo", "rep_mar", "metroreg", "cities")
_YEAR = "time"


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Values and flags, one axis for each dimension."""

    categories: dict[str, list[str]]
    labels: dict[str, str]
    cells: np.ndarray[Any, np.dtype[np.float64]]
    flags: np.ndarray[Any, np.dtype[np.object_]]
    label: str
    updated: str


def cube(answer: Answer) -> Cube:
    """Return an answer in JSON-stat 2.0 as a cube."""
    content = answer.json()
    try:
        return _cube(content)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        why = f"JSON-stat 2.0 is expected, not {str(content)[:100]}"
        raise answer.refused(why) from error


def _cube(answer: dict[str, Any]) -> Cube:
    """Return what JSON-stat tells as a cube; what does not fit together raises."""
    names = [str(name) for name in answer["id"]]
    sizes = [int(size) for size in answer["size"]]
    dimensions = {name: answer["dimension"][name] for name in names}
    categories = {name: _categories(dimensions[name]["category"]) for name in names}
    count = prod(sizes)
    if count > _LARGEST or sizes != [len(categories[name]) for name in names]:
        raise ValueError
    return Cube(
        categories,
        labels={name: str(dimensions[name].get("label", name)) for name in names},
        cells=np.array(_listed(answer["value"], count, np.nan), dtype="float64").reshape(sizes),
        flags=np.array(_listed(answer.get("status"), count, None), dtype=object).reshape(sizes),
        label=str(answer.get("label", "")),
        updated=str(answer.get("updated", "")),
    )


def _categories(category: Mapping[str, Any]) -> list[str]:
    """Return the codes of a dimension in their order; with one code, the order may be left out."""
    index = category.get("index")
    if index is None:
        return [str(code) for code in category["label"]]
    if isinstance(index, list):
        return [str(code) for code in index]
    return [str(code) for code in sorted(index, key=lambda code: int(index[code]))]


def _listed(given: Any, count: int, absent: object) -> list[Any]:  # noqa: ANN401 - a list, an object or a text
    """Return a value for each cell: JSON-stat gives a list, or only the cells that there are."""
    if given is None or isinstance(given, str):
        return [given if given is not None else absent] * count
    if isinstance(given, list):
        if len(given) != count:
            raise ValueError
        return [absent if value is None else value for value in given]
    cells = [absent] * count
    for place, value in given.items():
        if value is not None:
            cells[int(place)] = value
    return cells


def table(found: Cube, *, name: str) -> pd.DataFrame:
    """Return a cube by region and year: a column for each combination of the rest, its flags beside it."""
    region = _region_axis(found, name=name)
    several = [
        axis for axis, codes in found.categories.items() if axis not in (region, _YEAR) and len(codes) > 1
    ]
    _narrow_enough(found, several, name=name)
    years = _years(found.categories[_YEAR], name=name)
    order = [region, _YEAR, *several]
    index = pd.MultiIndex.from_product([found.categories[region], years], names=["region", "year"])
    values, flags = (
        _moved(cells, found, order).reshape(len(index), -1) for cells in (found.cells, found.flags)
    )
    columns: dict[str, Any] = {}
    for place, codes in enumerate(product(*(found.categories[axis] for axis in several))):
        column = "_".join(codes) or name
        columns[column] = values[:, place]
        columns[f"{column}_flag"] = pd.Series(flags[:, place], index=index, dtype=object)
    result = pd.DataFrame(columns, index=index)
    known = result.notna().any(axis=1)
    if not known.any():
        message = f"{name} has no value for this choice. Choose other filters."
        raise ColumnError(message)
    return result[known]


def _region_axis(found: Cube, *, name: str) -> str:
    """Return the dimension of regions, or raise where a cube is not by region and time."""
    region = next((axis for axis in _REGION if axis in found.categories), None)
    if region is None or _YEAR not in found.categories:
        message = f"{name} is not by region and time; its dimensions are {_contract.named(found.categories)}."
        raise ColumnError(message)
    return region


def _moved(cells: np.ndarray[Any, Any], found: Cube, order: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return cells with the axes in an order, those of one category last."""
    names = list(found.categories)
    axes = [names.index(axis) for axis in order]
    return cells.transpose(axes + [place for place in range(len(names)) if place not in axes])


def _narrow_enough(found: Cube, several: Sequence[str], *, name: str) -> None:
    """Raise where a table would have more columns than anybody wants."""
    columns = prod(len(found.categories[axis]) for axis in several)
    if columns > _MOST_COLUMNS:
        choices = "; ".join(
            f"{axis} ({found.labels[axis]}): {_contract.named(found.categories[axis])}" for axis in several
        )
        message = f"{name} would become {columns:,} columns. Choose with filters={{...}} among {choices}."
        raise OptionError(message)


def _years(times: Sequence[str], *, name: str) -> list[int]:
    """Return times as years, or raise where they are months, quarters or days."""
    if not all(time.isdecimal() for time in times):
        message = f"{name} is not by year: {_contract.named(times)}. Choose filters={{'freq': 'A'}}."
        raise OptionError(message)
    return [int(time) for time in times]
