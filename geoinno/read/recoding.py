"""Recoding: convert tables from the codes of one version of NUTS to those of another, keeping sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError, RegionError
from geoinno.read import _crosswalk, _vintages

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNTRY, _LEVEL_3 = 2, 5


def recoded(
    table: pd.DataFrame,
    *,
    from_: int,
    to: int,
    mass: pd.Series | None = None,
    crosswalk: pd.DataFrame | None = None,
    rates: Sequence[str] = (),
) -> pd.DataFrame:
    """Convert a table from the NUTS codes of one version to those of another.

    Numbers are summed where regions merge and divided where a region is split, so that totals are
    kept: new = sum over old of (share of old that lies in new) x old.

    Parameters
    ----------
    table
        By region, or by region and year: ids of NUTS level 2. Country codes and regions of level 1 that did
        not change pass.
    from_, to
        Versions: 2010, 2013, 2016 or 2021, in either direction.
    mass
        What splits are weighted by, such as population: a Series by new code. Where a new region takes
        parts of several old ones (IE06 of IE01 and IE02), it needs the old codes too.
    crosswalk
        Your own shares instead: columns ``old``, ``new`` and ``weight`` (the share of the old region that
        lies in the new one, 0 to 1, adding up to 1 for each old code); the only way for level 3.
    rates
        Columns that are not sums, such as income per head: copied where a region is split, and averaged
        where regions merge, weighted by ``mass`` of the old codes.

    Returns
    -------
    DataFrame
        ``table`` by the new codes, each where the old one stood. ``.attrs["recoded"]`` says in words what
        changed, the sum of each column before and after, and where the weights come from. A new region
        has missing values where any part of it has. Text stays where all parts agree.

    Raises
    ------
    RegionError
        If ids are of neither version or of both, of a level that is not covered, or a split has no weights.
    OptionError
        If a version is not known.
    ColumnError
        If ``mass``, ``crosswalk`` or ``rates`` cannot be used.

    Notes
    -----
    All codes of level 2 that changed are covered: Greece, France overseas, Slovenia and London in 2013,
    France, Hungary, Ireland, Lithuania, Poland and Scotland in 2016, Croatia in 2021. Norway was
    redrawn for 2021 and is refused across that year without a ``crosswalk``. Shifts of
    boundaries that moved hardly anyone (Slovenia 2013) count as new codes only.

    References
    ----------
    Commission Regulations (EU) No 1319/2013, 2016/2066 and (EU) 2019/1755 amending Regulation (EC) No
    1059/2003 on a common classification of territorial units for statistics (NUTS).

    Examples
    --------
    >>> import geoinno as gi, pandas as pd
    >>> jobs = pd.DataFrame({"jobs": [7.0, 9.0]}, index=["FR22", "AT13"])
    >>> gi.read.recoded(jobs, from_=2013, to=2016)["jobs"].to_dict()
    {'FRE2': 7.0, 'AT13': 9.0}
    """
    recoding = _Recoding(from_, to, mass, tuple(rates))
    ids = _regions_of(table)
    absent = [name for name in rates if name not in table.columns]
    if absent:
        message = f"rates names columns that the table does not have: {_contract.named(absent)}."
        raise ColumnError(message)
    pairs = recoding.official(ids) if crosswalk is None else _crosswalk.own(crosswalk, ids)
    result = _moved(table, pairs, recoding)
    words = recoding.words(table, result, pairs, official=crosswalk is None)
    result.attrs = {**table.attrs, "recoded": words}
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Recoding:
    """What is to be done: from which version to which, weighted by what, and which columns are not sums."""

    start: int
    end: int
    mass: pd.Series | None
    rates: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raise where a version is not known."""
        for name, version in (("from_", self.start), ("to", self.end)):
            if version not in _vintages.VERSIONS:
                known = ", ".join(map(str, _vintages.VERSIONS))
                message = f"{name} must be a version of NUTS, one of {known}; {version!r} was given."
                raise OptionError(message)

        if self.mass is not None:
            _contract.numbers(self.mass, missing=True, what="mass")

    def official(self, ids: pd.Index) -> pd.DataFrame:
        """Return the pairs of old and new codes with their shares, from the regulations."""
        changes = _vintages.changes(self.start, self.end)
        _of_a_covered_level(ids, changes)
        _of_covered_countries(ids, start=self.start, end=self.end)
        _of_one_version(ids, changes, start=self.start, end=self.end)
        pairs = _crosswalk.weighted({code: changes.get(code, (code,)) for code in ids}, self.mass)
        every = [new for codes in changes.values() for new in codes]
        return pairs.assign(parts=[max(every.count(new), 1) for new in pairs["new"]])

    def words(self, before: pd.DataFrame, after: pd.DataFrame, pairs: pd.DataFrame, *, official: bool) -> str:
        """Return what was changed, and the balance of each column."""
        changed = pairs[pairs["old"] != pairs["new"]]
        sums = [name for name in before.select_dtypes("number").columns if name not in self.rates]
        balance = [
            f"{name} {before[name].sum():,.6g} before, {after[name].sum():,.6g} after" for name in sums
        ]
        split = pairs.duplicated("old").any()
        weights = "your own mass" if official else "your own cross-walk"
        return (
            f"NUTS {self.start} to {self.end}: {changed['old'].nunique():,} codes became "
            f"{changed['new'].nunique():,}."
            + (f" Splits are weighted by {weights}." if split else "")
            + f" Balance: {'; '.join(balance) or 'no column of numbers to sum'}."
            + (f" Source: {_vintages.SOURCE}." if official else "")
        )


def _regions_of(table: pd.DataFrame) -> pd.Index:
    """Return the regions of a table by region, or by region and year, each once."""
    if not isinstance(table, pd.DataFrame):
        message = f"table must be a DataFrame by region id; {type(table).__name__} was given."
        raise ColumnError(message)
    ids = table.index.get_level_values("region" if "region" in table.index.names else 0)
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()].unique()
        message = f"Rows of the table repeat: {_contract.named(twice)}. Keep one row for each."
        raise RegionError(message)
    return _contract.region_ids(ids.unique(), what="rows of the table")


def _of_a_covered_level(ids: pd.Index, changes: dict[str, tuple[str, ...]]) -> None:
    """Raise where ids are of level 3, or of level 1 and cut anew."""
    deep = [code for code in ids if len(code) == _LEVEL_3]
    if deep:
        message = (
            f"Codes of level 3 are not covered: {_contract.named(deep)}. Pass crosswalk=, a table with the "
            "columns old, new and weight."
        )
        raise RegionError(message)
    cut = {old[:3] for old, new in changes.items() if old[:3] not in {code[:3] for code in new}}
    coarse = [code for code in ids if code in cut]
    if coarse:
        message = (
            f"Regions of level 1 were redrawn: {_contract.named(coarse)}. Recode the regions of level 2 and "
            "sum them by the first three signs of their codes."
        )
        raise RegionError(message)


def _of_covered_countries(ids: pd.Index, *, start: int, end: int) -> None:
    """Raise where regions of a country were redrawn in a way that the regulations do not tell."""
    low, high = sorted((start, end))
    redrawn = {country for country, year in _vintages.REDRAWN.items() if low < year <= high}
    lost = [code for code in ids if code[:2] in redrawn and len(code) > _COUNTRY]
    if lost:
        message = (
            f"Regions were redrawn between {low} and {high}, and no regulation says which became which: "
            f"{_contract.named(lost)}. Leave them out, or pass crosswalk=."
        )
        raise RegionError(message)


def _of_one_version(ids: pd.Index, changes: dict[str, tuple[str, ...]], *, start: int, end: int) -> None:
    """Raise where ids are of another version than the first, beyond rows that are recoded already."""
    other = [code for code in ids if code not in changes and not _fits(code, start)]
    results = {new for code in ids for new in changes.get(code, ())}
    clash = _not_recoded(other, results=results, end=end)
    if clash:
        first, last = _vintages.validity(clash[0])
        message = (
            f"Ids are not codes of NUTS {start}: {_contract.named(clash)}; {clash[0]!r} is one of NUTS "
            f"{first if first == last else f'{first} to {last}'}. Keep the rows of one version, or state the "
            "right one with from_."
        )
        raise RegionError(message)


def _not_recoded(codes: Sequence[str], *, results: set[str], end: int) -> list[str]:
    """Return the codes that cannot be of rows recoded already: the table holds what becomes them too."""
    return [code for code in codes if code in results or not _fits(code, end)]


def _fits(code: str, version: int) -> bool:
    """Return whether a code can be one of a version."""
    first, last = _vintages.validity(code)
    return first <= version <= last


def _moved(table: pd.DataFrame, pairs: pd.DataFrame, recoding: _Recoding) -> pd.DataFrame:
    """Return the table by new codes."""
    years = [name for name in table.index.names if name == "year"]
    flat = table.rename_axis(["region", *years]).reset_index()
    if (pairs["parts"] == 1).all() and not pairs.duplicated("old").any():
        names = dict(zip(pairs["old"], pairs["new"], strict=True))
        return flat.assign(region=flat["region"].map(names)).set_index(["region", *years])
    rows = flat.merge(pairs, left_on="region", right_on="old", sort=False)
    keys = [rows["new"].rename("region"), *(rows[year] for year in years)]
    # A new region without one of its parts is not the sum of them.
    whole = rows["old"].groupby(keys, sort=False).transform("size") == rows["parts"]
    columns = {name: _column(rows, name, keys=keys, whole=whole, recoding=recoding) for name in table.columns}
    return pd.DataFrame(columns)


def _column(
    rows: pd.DataFrame, name: str, *, keys: list[pd.Series], whole: pd.Series, recoding: _Recoding
) -> pd.Series:
    """Return a column by new code; a part that is missing leaves the new region without a value."""
    values = rows[name]
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        group = values.groupby(keys, sort=False)
        different = group.nunique(dropna=False)
        return group.first().where(different.eq(1))
    weight = _weights(rows, name, keys=keys, mass=recoding.mass) if name in recoding.rates else rows["share"]
    return (values * weight).where(whole).groupby(keys, sort=False).agg(lambda part: part.sum(skipna=False))


def _weights(rows: pd.DataFrame, name: str, *, keys: list[pd.Series], mass: pd.Series | None) -> pd.Series:
    """Return the weight of each part in the mean of a rate, adding up to 1 for each new region."""
    several = rows["new"].map(rows.groupby("new")["old"].nunique()) > 1
    old = mass.reindex(rows["old"]).to_numpy("float64") if mass is not None else np.full(len(rows), np.nan)
    lacking = rows.loc[several & np.isnan(old), "old"].unique()
    if len(lacking):
        message = (
            f"Column {name!r} is a rate, and regions merge. mass must hold the old codes to weight the mean "
            f"by: {_contract.named(lacking)}."
        )
        raise ColumnError(message)
    weight = pd.Series(np.where(several, old, 1.0), index=rows.index) * rows["share"]
    return weight / weight.groupby(keys).transform("sum")
