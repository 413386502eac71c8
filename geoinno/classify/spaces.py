"""Spaces: poles, and the kinds of space between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, numbers, pole_flags, whole
from geoinno.errors import ColumnError, OptionError
from geoinno.measure import pull as measured_pull

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno.weigh import Decay

TYPES = ("pole", "hinterland", "corridor", "contested", "transition", "periphery", "border interface")
_COLUMNS = ("pole", "share", "contestedness", "detour", "total")


@dataclass(frozen=True, slots=True)
class SpaceCuts:
    """Where one kind of space ends and the next begins, and how firmly that is tested.

    Parameters
    ----------
    periphery
        Quantile (0..1) of the total pull up to which a region is periphery.
    corridor, contested
        Quantiles of contestedness from which a region on the way is a corridor, off the way contested.
    detour
        Up to this detour a region is on the way between its two strongest poles.
    share
        From this share of the strongest pole on a region is its hinterland.
    draws, noise, seed
        Perturbed draws behind ``agreement``: regions are drawn anew for the quantiles, cuts and (where given)
        masses vary by this standard deviation of their logarithms.
    """

    periphery: float = 0.25
    corridor: float = 0.5
    contested: float = 0.75
    detour: float = 0.25
    share: float = 0.7
    draws: int = 200
    noise: float = 0.1
    seed: int = 0


_USUAL = SpaceCuts()


def space_types(
    pull: pd.DataFrame,
    poles: pd.Series | pd.DataFrame,
    *,
    interface: pd.Series | None = None,
    mass: pd.Series | None = None,
    costs: pd.DataFrame | None = None,
    decay: Decay | None = None,
    cuts: SpaceCuts = _USUAL,
) -> pd.DataFrame:
    """Name the kind of space each region is: a pole, or what lies between poles.

    In this order: a pole; periphery, where the total pull is among the lowest quarter; corridor,
    contested and on the way between its two strongest poles; contested off the way; hinterland of one strong
    pole; border interface, where given; else transition.

    Parameters
    ----------
    pull
        The table of `geoinno.measure.pull`.
    poles
        Booleans by region id, or the table of `geoinno.measure.growth_poles`.
    interface
        Booleans by region id: regions on a border whose strongest pole lies abroad, for instance.
    mass, costs, decay
        What the pull was measured from; with these masses vary in the draws too.
    cuts
        Where kinds end, and the draws behind ``agreement``.

    Returns
    -------
    DataFrame
        Indexed as ``pull``: ``type`` (a category of all seven kinds) and ``agreement``, the share of
        perturbed draws that give the same type (0..1).

    Raises
    ------
    ColumnError
        If the pull lacks a column, or some but not all of mass, costs and decay are given.
    AlignmentError
        If poles speak of other regions.

    References
    ----------
    Huff, D. L. (1963). A probabilistic analysis of shopping center trade areas. Land Economics 39(1),
    81-90. doi:10.2307/3144521
    Friedmann, J. (1966). Regional Development Policy: A Case Study of Venezuela. Cambridge: MIT Press.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people, km = regions["city_population"], gi.weigh.distances(regions)
    >>> pulled = gi.measure.pull(people, km, people > 1e6, decay=gi.weigh.exponential(200))
    >>> int((gi.classify.space_types(pulled, people > 1e6)["type"] == "pole").sum())
    11
    """
    absent = [column for column in _COLUMNS if column not in pull.columns]
    if absent:
        message = f"The pull has no column {', '.join(map(repr, absent))}; it comes from gi.measure.pull."
        raise ColumnError(message)
    given = [thing is not None for thing in (mass, costs, decay)]
    if any(given) and not all(given):
        message = "Give mass, costs and decay together, or none of them."
        raise OptionError(message)
    whole(cuts.draws, name="draws")
    pole = pole_flags(poles, pull.index, against="pull").to_numpy()
    edge = np.zeros(len(pull), bool) if interface is None else _booleans(interface, pull.index)
    codes = _codes(pull, pole, edge, cuts=_levels(pull, cuts))
    same = np.zeros(len(pull))
    rng = np.random.default_rng(cuts.seed)
    order = np.argsort(pull.index.to_numpy(object))
    for _ in range(cuts.draws):
        drawn = pull
        if mass is not None and costs is not None and decay is not None:
            drawn = _varied(
                aligned(mass, pull.index, what="masses", against="pull"),
                costs,
                pole,
                decay=decay,
                draw=(rng, cuts.noise, order),
            )
        sample = drawn.iloc[order[rng.integers(len(pull), size=len(pull))]]
        levels = _levels(sample, cuts) * np.exp(rng.normal(0, cuts.noise, 5) * [0, 0, 0, 1, 1])
        same += _codes(drawn, pole, edge, cuts=levels) == codes
    kinds = pd.Series(pd.Categorical(np.asarray(TYPES)[codes], list(TYPES)), index=pull.index)
    return pd.DataFrame({"type": kinds, "agreement": same / cuts.draws}, index=pull.index)


def _booleans(values: pd.Series, ids: pd.Index) -> NDArray[np.bool_]:
    """Return booleans in the order of the regions."""
    if not pd.api.types.is_bool_dtype(values):
        message = f"Column {values.name!r} must hold booleans; its type is {values.dtype}."
        raise ColumnError(message)
    return aligned(values, ids, what="values", against="pull").to_numpy(bool)


def _levels(pull: pd.DataFrame, cuts: SpaceCuts) -> NDArray[np.float64]:
    """Return the cuts in the units of what they cut."""
    contested = np.quantile(pull["contestedness"], [cuts.corridor, cuts.contested])
    total = pull["total"].to_numpy(float)
    low = np.quantile(total, cuts.periphery, method="lower")
    return np.array([low, *contested, cuts.detour, min(cuts.share, 1.0)])


def _codes(
    pull: pd.DataFrame, pole: NDArray[np.bool_], edge: NDArray[np.bool_], *, cuts: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the number of each region's type."""
    low, middle, high, way, share = cuts
    on_way = pull["detour"].to_numpy(float) <= way
    contested = pull["contestedness"].to_numpy(float)
    tests = {
        "pole": pole,
        "periphery": pull["total"].to_numpy(float) <= low,
        "corridor": on_way & (contested >= middle),
        "contested": ~on_way & (contested >= high) & (contested > 0),
        "hinterland": pull["share"].to_numpy(float) >= share,
        "border interface": edge,
    }
    numbered = [TYPES.index(kind) for kind in tests]
    return np.select(list(tests.values()), numbered, TYPES.index("transition")).astype(np.intp)


def _varied(
    mass: pd.Series,
    costs: pd.DataFrame,
    pole: NDArray[np.bool_],
    *,
    decay: Decay,
    draw: tuple[np.random.Generator, float, NDArray[np.intp]],
) -> pd.DataFrame:
    """Return the pull of masses that vary at random, drawn in the order of ids."""
    rng, noise, order = draw
    factor = np.empty(len(mass))
    factor[order] = np.exp(rng.normal(0, noise, len(mass)))
    return measured_pull(mass * factor, costs, pd.Series(pole, index=mass.index), decay=decay)


def explained(types: pd.DataFrame, pull: pd.DataFrame, *, names: pd.Series | None = None) -> pd.Series:
    """Say in plain words why each region is of its type.

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
    >>> gi.classify.explained(types, pulled, names=regions["name"])["KGZ-1121"][:18]
    'Talas is contested'
    """
    placed = aligned(pull, types.index, what="pull", against="types")
    called = (
        types.index.to_series()
        if names is None
        else aligned(names, types.index, what="names", against="types")
    )
    told = called.where(called.notna(), types.index.to_series()).astype(str)
    numbers(placed["share"])
    whom = {column: placed[column].map(told) for column in ("pole", "second")}
    rows = pd.DataFrame({**types, **whom, "share": placed["share"], "detour": placed["detour"]})
    words = [f"{name} is {_why(row)}" for name, (_, row) in zip(told, rows.iterrows(), strict=True)]
    return pd.Series(words, index=types.index, name="explained")


def _why(row: pd.Series) -> str:
    """Return type and reason of one region."""
    why = f"{row['pole']} pulls most ({row['share']:.0%})"
    if pd.notna(row["second"]) and row["type"] not in {"pole", "hinterland"}:
        why += f", then {row['second']}; the way between them over it is {row['detour']:.0%} longer"
    if row["type"] == "pole":
        why = "it stands out among its neighbours"
    if row["type"] == "periphery":
        why = f"little pulls at it; {why}"
    return f"{row['type']}: {why} ({row['agreement']:.0%} of draws agree)."
