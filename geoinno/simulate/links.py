"""Links: which new roads, lines or border posts raise potential or welfare most under a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.simulate import _economy, _link_door, _link_search, _link_welfare, _reach
from geoinno.simulate._link_results import Links
from geoinno.weigh import distances

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno._types import Floats, Ints
    from geoinno.weigh import Decay

Objective = Literal["potential", "people", "welfare"]


def best_links(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    links: pd.DataFrame,
    *,
    budget: float,
    decay: Decay,
    costs: pd.DataFrame | None = None,
    objective: Objective = "potential",
    trade: pd.DataFrame | None = None,
) -> Links:
    """Choose the links or border posts that raise potential or welfare most under a budget.

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
        What is raised: the sum of ``"potential"`` over regions; the same weighted by mass, what ``"people"``
        reach; or ``"welfare"``: the sum over regions of production times (welfare - 1) in full equilibrium,
        as for `accession`, with trade that changes by the decay of the new costs over that of the old ones.
    trade
        Square, own trade on the diagonal, for welfare (elasticity 4, additive deficits).

    Returns
    -------
    Links
        ``table`` of all links, ``chosen``, potential ``before``, ``after`` and ``change``, ``gain``,
        ``bound`` and ``gap``, and ``ties``: how many other sets of that price gain as much. Of these, the one
        whose links come first by name is given.

    Raises
    ------
    FlowError
        If links are unsound or name unknown regions, or a link leads from a region to itself.
    OptionError
        If the budget buys no link, the decay rises with cost, or welfare lacks trade.

    Notes
    -----
    The bound for potential is the smaller of what all links gain at once, and of a fractional knapsack
    (Dantzig 1957) over what each link could gain at most with all others open. A link may lower welfare
    where trade leaves; so every set within the budget is solved where there are no more than 12 links have,
    4,096. Beyond, the bound is what a planner could reach with the goods that there are, by the prices of
    her dual problem: close where most links are bought and trade deficits are small.

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
    _contract.option(objective, ("potential", "people", "welfare"), name="objective")
    people = _reach.sound_mass(mass, regions)
    ids, unit = regions.index, "km" if costs is None else "minutes"
    table = _link_door.sound_links(links, ids, unit=unit)
    by_name = _by_name(table)
    cost = _reach.sound_costs(distances(regions) if costs is None else costs, ids)
    places = _link_door.places(people, regions, cost)
    matter = places.mass if objective == "people" else np.ones(len(ids))
    spec = _link_door.spec(table.iloc[by_name], ids, unit=unit, budget=budget)
    network = _link_door.network(places, cost, decay, links=spec, matter=matter)
    flows = _sound_trade(trade, ids, objective=objective)
    found = _link_search.search(network) if flows is None else _link_welfare.search(network, flows)
    costs_after = network.with_links(found.chosen).costs
    order = ids if isinstance(mass, str) else mass.index
    before, after = (_reach.potential(places, c, decay, openness=1.0).loc[order] for c in (cost, costs_after))
    return Links(
        table=_worth(table.iloc[by_name], found).iloc[np.argsort(by_name)],
        before=before,
        after=after,
        change=after - before,
        gain=found.gain,
        bound=found.bound,
        exact=found.ties is not None,
        ties=found.ties or 0,
        spent=spec.spent(found.chosen),
        budget=spec.budget,
        total=float(matter @ before["total"].reindex(ids) if flows is None else flows.sum()),
        objective=objective,
    )


def _by_name(table: pd.DataFrame) -> Ints:
    """Return links in the order of names: ties go to the first, wherever they stand in the table."""
    ends = np.sort(table[["origin", "destination"]].to_numpy(object).astype(str), axis=1)
    return np.lexsort((ends[:, 1], ends[:, 0]))


def _worth(table: pd.DataFrame, found: _link_search.Found) -> pd.DataFrame:
    """Return the links with what was chosen, and what each is worth."""
    chosen = np.isin(np.arange(len(table)), found.chosen)
    return table.assign(chosen=chosen, alone=found.alone, within=found.within)


def _sound_trade(trade: pd.DataFrame | None, ids: pd.Index, *, objective: str) -> Floats | None:
    """Return trade in the order of the regions, for welfare; no other objective looks at it."""
    if trade is None and objective != "welfare":
        return None
    if trade is None:
        message = "objective='welfare' needs trade, square, with own trade on the diagonal."
        raise OptionError(message)
    _economy.sound_trade(trade)
    _contract.aligned(trade, ids, what="trade", against="regions")
    table = _contract.square(trade, name="trade", ids=ids)
    return table if objective == "welfare" else None
