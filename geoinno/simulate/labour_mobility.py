"""Relocation: residents and workers who move when a border opens or closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import ColumnError, FlowError, OptionError
from geoinno.simulate import _coalitions, _economy, _equilibrium, _mobility
from geoinno.simulate._opening_tables import relative
from geoinno.simulate._words import amount, extremes, percent

if TYPE_CHECKING:
    from geoinno._types import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Relocation(Displayed):
    """What a change of trade or commuting costs does to people, wages and rents.

    ``table`` by region: changes of ``residents``, ``workers``, ``wages`` and ``rents``, as shares; the same
    as ``change``, which has prices too, between ``before`` and ``after``. ``welfare`` by region, a share; the
    same everywhere where people move. ``welfare_without_movement`` by region. ``commuting``: people from
    residences (rows) to workplaces afterwards.
    """

    table: pd.DataFrame
    welfare: pd.Series
    welfare_without_movement: pd.Series
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    commuting: pd.DataFrame
    move: bool
    housing: float
    elasticity: float
    commuting_elasticity: float

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        assumed = (
            f"Assumed: a housing share of {self.housing:g}, a trade elasticity of {self.elasticity:g} and a "
            f"commuting elasticity of {self.commuting_elasticity:g}, with fixed land and trade deficits. "
            "Nothing is drawn at random: run it with other elasticities to see how sure it is."
        )
        stay = extremes(self.welfare_without_movement)
        rents = extremes(self.table["rents"])
        if not self.move:
            return f"Where nobody moves, welfare changes {stay}, and rents {rents}. {assumed}"
        moved = float((self.after["residents"] - self.before["residents"]).clip(lower=0).sum())
        share = moved / self.before["residents"].sum()
        return (
            f"{amount(moved)} residents ({100 * share:.3g}%) move: their number changes "
            f"{extremes(self.table['residents'])}, rents {rents}. Welfare changes by "
            f"{percent(float(self.welfare.iloc[0]))} for everyone; without movement it would change {stay}. "
            f"{assumed}"
        )


def relocation(  # noqa: PLR0913 - three tables, two changes and three elasticities are the model
    trade: pd.DataFrame,
    commuting: pd.DataFrame,
    wages: pd.Series,
    *,
    change: pd.DataFrame,
    commuting_change: pd.DataFrame | None = None,
    housing: float = 0.4,
    elasticity: float = 4.0,
    commuting_elasticity: float = 3.3,
    move: bool = True,
) -> Relocation:
    """Work out where people live and work, and what they earn and pay, once a border opens or closes.

    People choose where to live and where to work, by wages, prices, rents, commuting costs and tastes; goods
    are traded by gravity, and land is fixed. The equilibrium is solved in changes from what is observed. In
    the case of two alike regions nobody gains by moving, and with s the share of own goods, c of those who
    work where they live, x the change of trade over the border, y that of commuting, theta and eps the
    elasticities and h the share of housing, residents, workers, wages and rents stay as they are, and

        1 + welfare = (s + (1 - s) e^x)^(1 / theta) (c + (1 - c) e^y)^(1 / (eps (1 - h))).

    Parameters
    ----------
    trade
        Square, in money: origins by destinations, own trade on the diagonal, as for `opening`.
    commuting
        Square, people: residences in rows, workplaces in columns, those who stay on the diagonal; zero or
        more.
    wages
        Wage at each workplace, above zero, by region id, in any unit.
    change
        Square: the logarithm of what the change of trade costs does to trade at given prices, as for
        `opening`.
    commuting_change
        Square: the logarithm of what the change of commuting costs does to commuters at given wages and
        prices.
    housing
        Share of income spent on housing, 0 or more and below 1.
    elasticity
        Of trade to costs, above zero.
    commuting_elasticity
        Of commuters to the wage net of costs, above zero.
    move
        Whether people move and change their commute. If not, this is `opening`.

    Returns
    -------
    Relocation
        ``table`` by region (changes of ``residents``, ``workers``, ``wages``, ``rents``), ``welfare``,
        ``welfare_without_movement``, ``before``, ``after``, ``change``, ``commuting``.

    Raises
    ------
    FlowError
        If trade or commuting is unsound, a region has no resident or no worker, or no equilibrium is found.
    OptionError
        If commuting costs change but nobody may move.

    Notes
    -----
    Welfare is in goods: by how much the consumption of goods would have to change to be as well off.
    Production that the wages do not account for is income where it is produced, in proportion to wages and
    workers. Without movement what commuters bring home is part of a region's deficit, which stays as it is,
    as in `opening`. The equilibrium is unique without commuting if (1 + elasticity) housing > 1, and most
    often beyond that.

    References
    ----------
    Monte, F., Redding, S. J. and Rossi-Hansberg, E. (2018). Commuting, migration, and local employment
    elasticities. American Economic Review 108(12), 3855-3890. doi:10.1257/aer.20151507
    Redding, S. J. and Sturm, D. M. (2008). The costs of remoteness: evidence from German division and
    reunification. American Economic Review 98(5), 1766-1797. doi:10.1257/aer.98.5.1766

    Examples
    --------
    >>> import geoinno as gi, numpy as np, pandas as pd
    >>> square = lambda own, other: pd.DataFrame([[own, other], [other, own]], ["a", "b"], ["a", "b"])
    >>> pay = pd.Series({"a": 1.0, "b": 1.0})
    >>> moved = gi.simulate.relocation(square(9, 1), square(95, 5), pay, change=square(0.0, 1.0))
    >>> moved.welfare.round(4).to_list()  # (0.9 + 0.1 e)^(1 / 4) - 1
    [0.0404, 0.0404]
    """
    ids, flows = _economy.sound_trade(trade)
    people = _sound_commuting(commuting, ids)
    pay = _contract.numbers(wages, ids=ids, what="wages", against="trade")
    if not (pay > 0).all():
        message = f"wages must be above zero; they are not in {_contract.named(ids[pay <= 0])}."
        raise ColumnError(message)
    goods = _economy.sound_change(change, ids)
    trips = _trips(commuting_change, ids, move=move)
    place = _mobility.Place(
        flows,
        flows * np.exp(goods),
        people,
        people * np.exp(trips),
        pay.to_numpy(),
        _share(housing),
        _contract.positive(elasticity, name="elasticity"),
        _contract.positive(commuting_elasticity, name="commuting_elasticity"),
    )
    still = _equilibrium.solve(
        flows, goods, _equilibrium.full(flows, "additive"), elasticity=place.elasticity
    )
    stays = pd.Series(_coalitions.welfare(still, "additive")[0] - 1, index=ids, name="welfare")
    state = _mobility.solve(place) if move else _unmoved(place, still)
    return _result(place, state, stays, move=move)


def _result(place: _mobility.Place, state: _mobility.State, stays: pd.Series, *, move: bool) -> Relocation:
    """Return the tables of an equilibrium."""
    ids, ones = stays.index, np.ones(len(stays))
    people, pay = place.commuting, place.wages
    before = _levels(ids, [people.sum(axis=1), people.sum(axis=0), pay, ones, ones])
    moved = [state.residents, state.workers, np.exp(state.log_wages), state.income, state.prices]
    after = before * _levels(ids, moved)
    changes = relative(before, after)
    # In goods: utility is consumption of goods to the power of one less the share of housing.
    everyone = state.utility ** (1 / (1 - place.housing)) - 1
    return Relocation(
        table=changes[["residents", "workers", "wages", "rents"]],
        welfare=pd.Series(everyone, index=ids, name="welfare") if move else stays,
        welfare_without_movement=stays,
        before=before,
        after=after,
        change=changes,
        commuting=pd.DataFrame(state.commuting, index=ids, columns=ids),
        move=move,
        housing=place.housing,
        elasticity=place.elasticity,
        commuting_elasticity=place.commuting_elasticity,
    )


def _levels(ids: pd.Index, columns: list[Floats]) -> pd.DataFrame:
    names = ("residents", "workers", "wages", "rents", "prices")
    return pd.DataFrame(dict(zip(names, columns, strict=True)), index=ids)


def _unmoved(place: _mobility.Place, still: _equilibrium.Solution) -> _mobility.State:
    """Return the state in which everyone lives and works where they did, at the prices of `opening`."""
    ones, log_wages = np.ones(len(place.wages)), np.log(still.prices[0])
    earned = place.commuting * place.earned
    income = 1 + (earned * np.expm1(log_wages)).sum(axis=1) / earned.sum(axis=1)
    return _mobility.State(place.commuting, ones, ones, income, still.living[0], 1.0, log_wages, 0 * ones)


def _sound_commuting(commuting: pd.DataFrame, ids: pd.Index) -> Floats:
    """Return commuters in the order of the trade, each region with residents and workers."""
    if isinstance(commuting, pd.DataFrame) and not ids.symmetric_difference(commuting.index).empty:
        _contract.aligned(commuting, ids, what="commuting", against="trade")
    table = _contract.square(commuting, name="commuting", ids=ids)
    if not (np.isfinite(table) & (table >= 0)).all():
        bad = ids[np.flatnonzero((~np.isfinite(table) | (table < 0)).any(axis=1))]
        message = (
            f"commuting must be finite and zero or more; it is not in the rows of {_contract.named(bad)}."
        )
        raise FlowError(message)
    for axis, who in ((1, "resident"), (0, "worker")):
        idle = ids[table.sum(axis=axis) == 0]
        if len(idle):
            message = (
                f"commuting has no {who} in {_contract.named(idle)}: changes from nothing are not "
                "identified. Merge these regions with neighbours, or drop them from trade and commuting."
            )
            raise FlowError(message)
    return table


def _trips(commuting_change: pd.DataFrame | None, ids: pd.Index, *, move: bool) -> Floats:
    """Return the change of commuting, none unless given."""
    if commuting_change is None:
        return np.zeros((len(ids), len(ids)))
    if not move:
        message = "commuting_change needs move=True: without movement nobody changes their commute."
        raise OptionError(message)
    return _economy.sound_change(commuting_change, ids, name="commuting_change")


def _share(housing: float) -> float:
    """Return the share of housing, 0 or more and below 1."""
    if _contract.positive(housing, name="housing", zero=True) >= 1:
        message = f"housing must be below 1, the share of income spent on it; {housing!r} was given."
        raise OptionError(message)
    return float(housing)
