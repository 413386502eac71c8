"""The door of the choice of links: sound links, prices and budget, and a decay that falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import FlowError, OptionError
from geoinno.simulate import _link_search, _reach

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Floats
    from geoinno.weigh import Decay


def network(
    places: _reach.Places, cost: Floats, decay: Decay, *, links: _link_search.LinkSpec, matter: Floats
) -> _link_search.Network:
    """Return the problem: ways that may be shortened, and what each pair of regions matters."""
    weight = matter[:, None] * places.mass
    return _link_search.Network(open_ways(cost), weight, falling(decay, links, cost), links)


def falling(decay: Decay, links: _link_search.LinkSpec, cost: Floats) -> Decay:
    """Return the decay, unless it rises at first: a shorter way could then weigh less, and a link do harm."""
    first, *rest = _reach.sound_decay(decay).values  # noqa: PD011 - the parameters of a decay, no table
    least = min(links.length.min(), cost[~np.eye(len(cost), dtype=bool)].min())
    if (decay.family == "tanner" and first < 0) or (decay.family == "lognormal" and least < rest[0]):
        message = (
            f"{decay!r} rises with cost at first, so that a shorter way may count for less. Take one that "
            "falls throughout, such as gi.weigh.exponential(100)."
        )
        raise OptionError(message)
    return decay


def places(people: pd.Series, regions: GeoDataFrame, cost: Floats) -> _reach.Places:
    """Return the regions as places of one country."""
    nowhere_abroad = np.zeros(cost.shape, dtype=bool)
    radius = _reach.cost_radii(regions, cost, nowhere_abroad)
    return _reach.Places(regions.index, people.to_numpy(), radius, nowhere_abroad)


def spec(table: pd.DataFrame, ids: pd.Index, *, unit: str, budget: float) -> _link_search.LinkSpec:
    """Return the links in plain arrays."""
    return _link_search.LinkSpec(
        ids.get_indexer_for(pd.Index(table["origin"])),
        ids.get_indexer_for(pd.Index(table["destination"])),
        table[unit].to_numpy(np.float64),
        table["price"].to_numpy(np.float64),
        _sound_budget(budget, table["price"]),
    )


def open_ways(cost: Floats) -> Floats:
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


def sound_links(links: pd.DataFrame, ids: pd.Index, *, unit: str) -> pd.DataFrame:
    """Return links with their prices, if they are between known regions and take more than nothing."""
    needed = {"origin", "destination", unit}
    if not isinstance(links, pd.DataFrame) or not needed <= {*links.columns}:
        also = " (or pass costs in minutes)" if unit == "km" else ""
        message = f"links must be a table with columns origin, destination and {unit}{also}."
        raise FlowError(message)
    if links.empty:
        message = "links are empty: name at least one that may be built."
        raise FlowError(message)
    table = links.assign(price=links["price"] if "price" in links.columns else 1.0)
    for column in (unit, "price"):
        numbers = pd.to_numeric(table[column], errors="coerce")
        idle = table.loc[~((numbers > 0) & np.isfinite(numbers)), ["origin", "destination"]]
        if len(idle):
            pairs = idle.itertuples(index=False, name=None)
            message = (
                f"Column {column!r} of the links must be above zero and finite; it is not for "
                f"{_contract.named(pairs)}."
            )
            raise FlowError(message)
        values = table.drop(columns="value", errors="ignore").rename(columns={column: "value"})
        _contract.sound_flows(values, ids=ids)
    own = table.loc[table["origin"] == table["destination"], "origin"]
    if len(own):
        message = f"Links must lead from one region to another; these do not: {_contract.named(own)}."
        raise FlowError(message)
    return table
