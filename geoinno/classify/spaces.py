"""Types of space: poles, and the kinds of space between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, pole_flags, table_of
from geoinno.classify._space_limits import Limits, QuantileCuts, SpaceCuts, limits
from geoinno.errors import AlignmentError, ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Codes = NDArray[np.intp]

TYPES = ("pole", "hinterland", "corridor", "contested", "transition", "periphery", "border interface")
_COLUMNS = ("pole", "share", "contestedness", "detour", "detour_cost", "total")
_USUAL = SpaceCuts()
_PHRASES = {
    "pole": "a pole",
    "hinterland": "part of a hinterland",
    "corridor": "a corridor",
    "contested": "contested",
    "transition": "in transition",
    "periphery": "on the periphery",
    "border interface": "a border interface",
}


def space_types(
    pull: pd.DataFrame,
    poles: pd.Series | pd.DataFrame | list[str],
    *,
    draws: pd.DataFrame | None = None,
    interface: pd.Series | None = None,
    reach_km: float | None = None,
    cuts: SpaceCuts | QuantileCuts = _USUAL,
) -> pd.DataFrame:
    """Classify each region as a pole or as a kind of space between poles.

    In this order: a pole; periphery, where poles pull weakly; corridor, contested and on the way between its
    two strongest poles; contested off the way; hinterland of one strong pole; border interface, where
    given; else transition. The cuts are absolute, and in terms of one reach h, the half-distance of the
    decay, and of the base reach b that a table of `growth_poles` carries (in km, as ``attrs["reach_km"]``):

    - periphery: a total pull of at most half of what a pole of mean size gives at h, and of at most what
      it gives at 6 b;
    - corridor: contestedness of 0.4 or more, a detour of at most 20%, and of at most 0.5 h (or b, where
      that is longer);
    - contested: contestedness of 2/3 or more;
    - hinterland: a share of 0.5 or more of the strongest pole.

    With ``gi.weigh.exponential(100)`` and b = 31 km, as among the regions of Europe, a corridor adds at
    most 50 km to the direct way, and a region 200 km from the only pole is periphery.

    Parameters
    ----------
    pull
        The table of `geoinno.measure.pull`.
    poles
        A table of `geoinno.measure.growth_poles`, booleans by region id, or a list of ids.
    draws
        The table of `geoinno.measure.pull_draws`; without it types have no agreement and no
        probabilities.
    interface
        Booleans by region id: regions on a border whose strongest pole lies abroad, for instance.
    reach_km
        One reach, in the unit of the costs (km or minutes); the half-distance of the decay unless given.
        A decay without one (``power``, ``tanner``, ``lognormal``) needs it for absolute cuts.
    cuts
        Absolute cuts, or `QuantileCuts`.

    Returns
    -------
    DataFrame
        Indexed as ``pull``: ``type`` (a category of all seven kinds); ``agreement``, the share of draws
        (0 to 1) that give the same type; and a column for each kind with its probability, the share of
        draws that give it. Without draws these are missing.

    Raises
    ------
    ColumnError
        If the pull or the draws lack a column.
    OptionError
        If absolute cuts have no scale, or a cut is out of range.
    AlignmentError
        If poles or draws cover other regions.

    References
    ----------
    Huff, D. L. (1963). A probabilistic analysis of shopping center trade areas. Land Economics 39(1),
    81-90. doi:10.2307/3144521
    Friedmann, J. (1966). Regional Development Policy: A Case Study of Venezuela. Cambridge: MIT Press.
    Dijkstra, L. and Poelman, H. (2008). Remote rural regions: how proximity to a city influences the
    performance of rural regions. Regional Focus 01/2008. Brussels: European Commission.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people, km = regions["city_population"], gi.weigh.distances(regions)
    >>> pulled = gi.measure.pull(people, km, people > 1e6, decay=gi.weigh.exponential(200))
    >>> int((gi.classify.space_types(pulled, people > 1e6)["type"] == "pole").sum())
    11
    """
    table_of(pull, _COLUMNS, name="pull", source="gi.measure.pull")
    base = poles.attrs.get("reach_km") if isinstance(poles, pd.DataFrame | pd.Series) else None
    bounds = limits(pull, cuts, reach=reach_km, base=base or 0.0)
    pole = pole_flags(poles, pull.index, against="pull").to_numpy()
    edge = np.zeros(len(pull), bool) if interface is None else _booleans(interface, pull.index)
    codes = _codes(pull, bounds, pole=pole, edge=edge)
    chances = np.full((len(pull), len(TYPES)), np.nan)
    if draws is not None:
        place = _places(draws, pull.index)
        drawn = _codes(draws, bounds, pole=pole[place], edge=edge[place])
        chances = _chances(place, drawn, len(pull))
    agreement = np.where(codes >= 0, chances[np.arange(len(codes)), codes], np.nan)
    kinds = pd.Categorical.from_codes(codes, categories=pd.Index(TYPES))
    return pd.DataFrame(
        {"type": kinds, "agreement": agreement, **dict(zip(TYPES, chances.T, strict=True))}, index=pull.index
    )


def _booleans(values: pd.Series, ids: pd.Index) -> Bools:
    """Return booleans in the order of the regions."""
    flags = aligned(values, ids, what="interface", against="pull")
    if not pd.api.types.is_bool_dtype(flags):
        message = f"interface must hold booleans; its type is {flags.dtype}."
        raise ColumnError(message)
    return flags.to_numpy(bool)


def _places(draws: pd.DataFrame, ids: pd.Index) -> Codes:
    """Return the position among the regions of each row of the draws; every draw holds every region."""
    table_of(draws, _COLUMNS, name="draws", source="gi.measure.pull_draws")
    if draws.index.names != ["draw", "region"]:
        message = "draws must be indexed by draw and region; the table comes from gi.measure.pull_draws."
        raise ColumnError(message)
    place = ids.get_indexer(draws.index.get_level_values("region"))
    counts = np.bincount(place[place >= 0], minlength=len(ids))
    if (place < 0).any() or (counts != draws.index.get_level_values("draw").nunique()).any():
        message = "The draws and the pull cover different regions. Measure both from the same masses."
        raise AlignmentError(message)
    return place


def _codes(pull: pd.DataFrame, bounds: Limits, *, pole: Bools, edge: Bools) -> Codes:
    """Return the number of each region's type, -1 where the pull is missing."""
    contested = pull["contestedness"].to_numpy(float)
    on_way = pull["detour"].to_numpy(float) <= bounds.detour
    on_way &= pull["detour_cost"].to_numpy(float) <= bounds.detour_cost
    rules = {
        "pole": pole,
        "periphery": pull["total"].to_numpy(float) <= bounds.total,
        "corridor": on_way & (contested >= bounds.corridor),
        "contested": ~on_way & (contested >= bounds.contested) & (contested > 0),
        "hinterland": pull["share"].to_numpy(float) >= bounds.share,
        "border interface": edge,
    }
    numbered = [TYPES.index(kind) for kind in rules]
    codes = np.select(list(rules.values()), numbered, TYPES.index("transition"))
    missing = pull[["share", "contestedness", "total"]].isna().any(axis=1).to_numpy()
    return np.where(missing & ~pole, -1, codes).astype(np.intp)


def _chances(place: Codes, codes: Codes, count: int) -> Floats:
    """Return the share of the draws that give each type (columns) to each region (rows)."""
    known = codes >= 0
    cell = place[known] * len(TYPES) + codes[known]
    times = np.bincount(cell, minlength=count * len(TYPES)).reshape(count, len(TYPES)).astype(np.float64)
    total = times.sum(axis=1, keepdims=True)
    return np.divide(times, total, out=np.full_like(times, np.nan), where=total > 0)


def explained(types: pd.DataFrame, pull: pd.DataFrame, *, names: pd.Series | None = None) -> pd.Series:
    """Explain in plain words why each region has its type.

    Parameters
    ----------
    types
        The table of `space_types`.
    pull
        The table of `geoinno.measure.pull` behind it.
    names
        What to call each region; its id unless given.

    Returns
    -------
    Series
        A sentence for each region, indexed as ``types``.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people, km = regions["city_population"], gi.weigh.distances(regions)
    >>> pulled = gi.measure.pull(people, km, people > 1e6, decay=gi.weigh.exponential(200))
    >>> types = gi.classify.space_types(pulled, people > 1e6)
    >>> gi.classify.explained(types, pulled, names=regions["name"])["UZB-4828"]
    'Tashkent City is a pole: it stands out among its neighbours.'
    """
    table_of(types, ("type", "agreement"), name="types", source="gi.classify.space_types")
    table_of(pull, _COLUMNS, name="pull", source="gi.measure.pull")
    placed: pd.DataFrame = aligned(pull, types.index, what="pull", against="types")
    called = types.index.to_series()
    if names is not None:
        given: pd.Series = aligned(names, types.index, what="names", against="types")
        called = given.where(given.notna(), called).astype(str)
    table = pd.concat([types[["type", "agreement"]], placed[["pole", "second", "share", "detour"]]], axis=1)
    rows = [
        _Space(called[region], kind, agreement, called.get(pole, ""), called.get(second, ""), share, detour)
        for region, kind, agreement, pole, second, share, detour in table.itertuples(name=None)
    ]
    return pd.Series([space.sentence() for space in rows], index=types.index, name="explained")


@dataclass(frozen=True, slots=True)
class _Space:
    """What is known of one region, to be said in a sentence."""

    name: str
    kind: str
    agreement: float
    first: str
    second: str
    share: float
    detour: float

    def sentence(self) -> str:
        """Return the type of the region and the reason for it."""
        if pd.isna(self.kind):
            return f"{self.name} has no type, because the pull of poles at it is not known."
        firm = "" if pd.isna(self.agreement) else f" ({self.agreement:.0%} of draws agree)"
        return f"{self.name} is {_PHRASES[self.kind]}: {self._reason()}{firm}."

    def _reason(self) -> str:
        """Return what makes the region what it is."""
        if self.kind == "pole":
            return "it stands out among its neighbours"
        reason = f"{self.first} pulls most ({self.share:.0%})"
        if self.second and self.kind != "hinterland":
            reason += f", then {self.second}"
            if not pd.isna(self.detour):
                reason += f"; the way between them through it is {self.detour:.0%} longer than the direct one"
        return f"poles pull weakly at it; {reason}" if self.kind == "periphery" else reason
