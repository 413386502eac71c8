"""Links: which new roads, lines or border posts raise potential most under a budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import FlowError, OptionError
from geoinno.simulate import _link_search, _reach
from geoinno.simulate._words import amount, extremes, listed, percent
from geoinno.weigh import distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Floats
    from geoinno.weigh import Decay

Objective = Literal["potential", "people"]
# Up to so many links the search is exact: 4,096 sets.
_MOST_EXACT = 12
# From this ratio of what links gain together to what they gain alone, they complement each other.
_MORE = 1.01


@dataclass(frozen=True, slots=True, eq=False)
class Links(Displayed):
    """The best set of links under a budget.

    ``table`` by link: the columns of the links, ``chosen``, ``alone`` (what the link gains by itself) and
    ``within`` (what the chosen set loses without it; missing for others). ``before``, ``after`` and
    ``change``: potential by region. ``gain`` of the objective, ``bound`` that no set exceeds, and ``gap``,
    the share of the bound that the chosen set may miss: 0 where the search was exact.
    """

    table: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    gain: float
    bound: float
    gap: float
    exact: bool
    spent: float
    budget: float
    total: float

    @property
    def chosen(self) -> pd.DataFrame:
        """The links that were chosen."""
        return self.table[self.table["chosen"]]

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        if self.chosen.empty:
            return f"No link within the budget of {self.budget:g} raises potential."
        names = [
            f"{a}\u2013{b}" for a, b in zip(self.chosen["origin"], self.chosen["destination"], strict=True)
        ]
        shares = self.after["total"] / self.before["total"].where(self.before["total"] > 0) - 1
        sure = (
            "No other set within the budget gains more (branch and bound)."
            if self.exact
            else f"At most {100 * self.gap:.3g}% of the possible gain is missed (greedy search with "
            "exchange, against a computed bound)."
        )
        return (
            f"With a budget of {self.budget:g}, {listed(names)} gain most: "
            f"{percent(self.gain / self.total)} of all potential, {extremes(shares.dropna())}. "
            f"{self._together()} {sure} Assumed: masses and the decay stay as they are, and links lead "
            "both ways."
        )

    def _together(self) -> str:
        """Return whether the links complement each other."""
        alone = float(self.chosen["alone"].sum())
        if len(self.chosen) == 1:
            return f"It gains {amount(self.gain)}."
        than = "more than" if self.gain > _MORE * alone else "no more than"
        return f"Together they gain {amount(self.gain)}, {than} the {amount(alone)} of each by itself."


def best_links(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    links: pd.DataFrame,
    *,
    budget: float,
    decay: Decay,
    costs: pd.DataFrame | None = None,
    objective: Objective = "potential",
) -> Links:
    """Choose the links or border posts that raise potential most under a budget.

    A link lets every way lead over it where that costs less: c'_ij = min(c_ij, c_ia + m + c_bj). Links are
    complements: two in a row may gain much together, and nothing alone. Up to 12 links the best set is found
    by branch and bound. Beyond, links are added alone and in pairs by gain for the price, one or two at a
    time are exchanged until nothing gains, and a bound is computed that no set exceeds.

    Parameters
    ----------
    mass
        What attracts, zero or more, by region id, or the name of a column of ``regions``.
    regions
        Polygons or points in any CRS, up to about 1,000.
    links
        Columns ``origin`` and ``destination`` (ids of regions), ``minutes`` that the new link takes (``km``
        without costs), and ``price`` in the unit of the budget; without prices each link costs 1. Both ways
        alike.
    budget
        The most that all chosen links may cost, above zero.
    decay
        In the unit of the costs; km without costs.
    costs
        Square, minutes, above zero between different regions; geodesic km unless given.
    objective
        What is raised: the sum of ``"potential"`` over regions, or the same weighted by mass, what
        ``"people"`` reach.

    Returns
    -------
    Links
        ``table`` of all links, ``chosen``, potential ``before``, ``after`` and ``change``, ``gain``,
        ``bound`` and ``gap``.

    Raises
    ------
    FlowError
        If links are unsound or name unknown regions, or a link leads from a region to itself.
    OptionError
        If the budget buys no link.

    Notes
    -----
    The bound is the smaller of what all links gain at once, and of a fractional knapsack (Dantzig 1957) over
    what each link could gain at most with all others open.

    References
    ----------
    Dantzig, G. B. (1957). Discrete-variable extremum problems. Operations Research 5(2), 266-288.
    doi:10.1287/opre.5.2.266
    Land, A. H. and Doig, A. G. (1960). An automatic method of solving discrete programming problems.
    Econometrica 28(3), 497-520. doi:10.2307/1910129

    Examples
    --------
    >>> import geoinno as gi, pandas as pd
    >>> place, near = gi.read.sample("central_asia"), gi.weigh.exponential(200)
    >>> ends = {"origin": ["UZB-4828", "KGZ-1119"], "destination": ["KAZ-3195", "UZB-361"]}
    >>> links, people = pd.DataFrame(ends).assign(km=[500, 30]), place.regions["city_population"]
    >>> found = gi.simulate.best_links(people, place.regions, links, budget=1, decay=near)
    >>> len(found.chosen), found.gap
    (1, 0.0)
    """
    _contract.sound_regions(regions)
    _contract.option(objective, ("potential", "people"), name="objective")
    people = _contract.numbers(mass, regions=regions, what="masses")
    ids, unit = regions.index, "km" if costs is None else "minutes"
    table = _sound_links(links, ids, unit=unit)
    cost = _reach.sound_costs(distances(regions) if costs is None else costs, ids)
    places = _places(people, regions, cost)
    matter = np.ones(len(ids)) if objective == "potential" else places.mass
    spec = _spec(table, ids, unit=unit, budget=budget)
    network = _link_search.Network(_open_ways(cost), matter[:, None] * places.mass, decay, spec)
    chosen, limit = _link_search.best(network, exactly=len(table) <= _MOST_EXACT)
    state = network.with_links(chosen)
    order = ids if isinstance(mass, str) else mass.index
    before, after = (_reach.potential(places, c, decay, openness=1.0).loc[order] for c in (cost, state.costs))
    return Links(
        table=_worth(table, network, chosen),
        before=before,
        after=after,
        change=after - before,
        gain=state.gain,
        bound=limit,
        gap=0.0 if limit == 0 else 1 - state.gain / limit,
        exact=len(table) <= _MOST_EXACT,
        spent=spec.spent(chosen),
        budget=spec.budget,
        total=float(matter @ before["total"].reindex(ids)),
    )


def _places(people: pd.Series, regions: GeoDataFrame, cost: Floats) -> _reach.Places:
    """Return the regions as places of one country."""
    nowhere_abroad = np.zeros(cost.shape, dtype=bool)
    radius = _reach.cost_radii(regions, cost, nowhere_abroad)
    return _reach.Places(regions.index, people.to_numpy(), radius, nowhere_abroad)


def _spec(table: pd.DataFrame, ids: pd.Index, *, unit: str, budget: float) -> _link_search.LinkSpec:
    """Return the links in plain arrays."""
    return _link_search.LinkSpec(
        ids.get_indexer_for(pd.Index(table["origin"])),
        ids.get_indexer_for(pd.Index(table["destination"])),
        table[unit].to_numpy(np.float64),
        table["price"].to_numpy(np.float64),
        _sound_budget(budget, table["price"]),
    )


def _open_ways(cost: Floats) -> Floats:
    """Return costs with nothing to pay within a region, for ways that start or end at a link."""
    ways = cost.copy()
    np.fill_diagonal(ways, 0.0)
    return ways


def _sound_budget(budget: float, price: pd.Series) -> float:
    """Return the budget, if it buys a link."""
    limit = _contract.positive(budget, name="budget")
    if price.min() > limit:
        message = f"budget must buy a link: the cheapest costs {price.min():g}, and {budget!r} was given."
        raise OptionError(message)
    return limit


def _sound_links(links: pd.DataFrame, ids: pd.Index, *, unit: str) -> pd.DataFrame:
    """Return links with their prices, if they are between known regions and take more than nothing."""
    needed = {"origin", "destination", unit}
    if not isinstance(links, pd.DataFrame) or not needed <= {*links.columns}:
        also = " (or pass costs in minutes)" if unit == "km" else ""
        message = f"links must be a table with columns origin, destination and {unit}{also}."
        raise FlowError(message)
    table = links.assign(price=links["price"] if "price" in links.columns else 1.0)
    for column in (unit, "price"):
        values = table.drop(columns="value", errors="ignore").rename(columns={column: "value"})
        _contract.sound_flows(values, ids=ids)
        idle = table.loc[table[column] == 0, ["origin", "destination"]]
        if len(idle):
            pairs = idle.itertuples(index=False, name=None)
            message = (
                f"Column {column!r} of the links must be above zero; it is not for {_contract.named(pairs)}."
            )
            raise FlowError(message)
    own = table.loc[table["origin"] == table["destination"], "origin"]
    if len(own):
        message = f"Links must lead from one region to another; these do not: {_contract.named(own)}."
        raise FlowError(message)
    return table


def _worth(table: pd.DataFrame, network: _link_search.Network, chosen: tuple[int, ...]) -> pd.DataFrame:
    """Return which links were chosen, what each gains alone, and what the chosen lose without it."""
    alone = [network.with_links([link]).gain for link in range(len(table))]
    within = np.full(len(table), np.nan)
    whole = network.with_links(chosen).gain
    for link in chosen:
        within[link] = whole - network.with_links([k for k in chosen if k != link]).gain
    return table.assign(chosen=np.isin(np.arange(len(table)), chosen), alone=alone, within=within)
