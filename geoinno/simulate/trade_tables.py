"""Tables of trade: from flows to a square table with own trade, and from countries to their regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError, FlowError
from geoinno.simulate import _economy

if TYPE_CHECKING:
    from geoinno._types import Floats


def trade_table(
    flows: pd.DataFrame, *, column: str = "value", production: pd.Series | None = None
) -> pd.DataFrame:
    """Turn a table of flows into a square table of trade with own trade on the diagonal.

    Parameters
    ----------
    flows
        ``origin``, ``destination`` and the numbers, such as the ``fitted`` flows of a gravity model. A pair
        that is absent does not trade.
    column
        Column of the numbers: ``"value"``, or ``"expected"`` for what a gravity model predicts.
    production
        What each region produces in the unit of the flows, above its exports; own trade is the difference.
        Unless given, the flows must hold own pairs.

    Returns
    -------
    DataFrame
        Square: origins in rows, destinations in columns, over the regions of ``production`` or else of the
        flows; ready for `opening`, `accession` and `relocation`.

    Raises
    ------
    FlowError
        If flows are unsound, or own trade would not be above zero.

    Examples
    --------
    >>> import geoinno as gi, pandas as pd
    >>> flows = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "a"], "value": [2.0, 1.0]})
    >>> gi.simulate.trade_table(flows, production=pd.Series({"a": 10.0, "b": 5.0})).to_numpy().tolist()
    [[8.0, 2.0], [1.0, 4.0]]
    """
    if isinstance(flows, pd.DataFrame) and column != "value":
        if column not in flows.columns:
            message = (
                f"The flows have no column {column!r}; their columns are {_contract.named(flows.columns)}."
            )
            raise ColumnError(message)
        flows = flows.assign(value=flows[column])
    sound = _contract.sound_flows(flows)
    ids = pd.Index(pd.unique(sound[["origin", "destination"]].to_numpy(object).ravel()))
    if production is not None:
        output = _contract.numbers(production, what="production")
        ids = output.index
    here, there = _contract.flow_positions(sound, ids)
    table = np.zeros((len(ids), len(ids)))
    table[here, there] = sound["value"]
    if production is not None:
        exports = table.sum(axis=1) - np.diagonal(table)
        np.fill_diagonal(table, output.to_numpy() - exports)
        short = ids[np.diagonal(table) <= 0]
        if len(short):
            message = Phrase(
                "Exports are as large as production, or larger, in {regions}.", regions=_contract.named(short)
            )
            raise FlowError(message)
    square = pd.DataFrame(table, index=ids, columns=ids)
    _economy.sound_trade(square)
    return square


def regional_trade(trade: pd.DataFrame, size: pd.Series, country: pd.Series) -> pd.DataFrame:
    """Share the trade of countries out among their regions, in proportion to size at both ends.

    X_rs = X_c(r)c(s) s_r s_s, with s the share of a region in its country. All regions of a country then
    trade alike, for their size: results differ between countries, and between regions only through their
    shares.

    Parameters
    ----------
    trade
        Square, between countries, own trade on the diagonal.
    size
        What trade is shared out by, such as production or people, above zero, by region id.
    country
        Country of each region, as the trade names it.

    Returns
    -------
    DataFrame
        Square, regions in the order of ``size``; sums over the regions of two countries are the trade between
        them.

    Raises
    ------
    AlignmentError
        If a country has no region, or a region a country that the trade does not have.

    Notes
    -----
    Trade between regions of one country is what shares give, as if distance within countries cost nothing.
    Where regional trade is known or can be fitted by gravity, use that.

    Examples
    --------
    >>> import geoinno as gi, pandas as pd
    >>> trade = pd.DataFrame([[8.0, 2.0], [1.0, 4.0]], index=["A", "B"], columns=["A", "B"])
    >>> size = pd.Series({"a1": 3.0, "a2": 1.0, "b": 1.0})
    >>> regions = gi.simulate.regional_trade(trade, size, pd.Series({"a1": "A", "a2": "A", "b": "B"}))
    >>> regions.loc["a1"].to_list()
    [4.5, 1.5, 1.5]
    """
    ids, table = _economy.sound_trade(trade)
    mass = _contract.numbers(size, what="sizes")
    if not (mass > 0).all():
        message = Phrase(
            "Sizes must be above zero; they are not in {regions}.",
            regions=_contract.named(mass.index[mass <= 0]),
        )
        raise ColumnError(message)
    home = _contract.country_series(country, mass.index, against="sizes")
    strangers = pd.Index(home.unique()).symmetric_difference(ids)
    if len(strangers):
        message = Phrase(
            "The trade and the countries of the regions differ in {countries}. Give the trade of those "
            "countries alone that the regions have.",
            countries=_contract.named(strangers),
        )
        raise AlignmentError(message)
    share: Floats = (mass / mass.groupby(home).transform("sum")).to_numpy()
    place = ids.get_indexer_for(pd.Index(home))
    regional = table[np.ix_(place, place)] * share[:, None] * share
    return pd.DataFrame(regional, index=mass.index, columns=mass.index)
