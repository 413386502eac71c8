"""Integration: borders that open to trade, and members that join a bloc."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.scale import engine
from geoinno.simulate import _accession, _coalitions, _economy, _equilibrium, _opening_tables
from geoinno.simulate._accession import DEFAULTS, AccessionOptions
from geoinno.simulate._integration_results import Accession, Opening

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.scale import Executor
    from geoinno.simulate._economy import Deficits


def opening(
    trade: pd.DataFrame,
    change: pd.DataFrame,
    *,
    elasticity: float = 4.0,
    deficits: Deficits = "additive",
    change_se: float | pd.DataFrame = 0.0,
    elasticity_se: float = 0.0,
    draws: int = 200,
    seed: int = 0,
) -> Opening:
    """Work out what a change of the costs of trade does to flows, incomes and welfare.

    Three answers always stand side by side. *Partial*: flows respond to their own costs alone, X exp(change).
    *Conditional*: every region produces and spends what it did, so flows are the biproportional fit of those
    to the margins of before. *Full*: wages w respond until every region sells what it produces,

        Y_i w_i = sum_j X_ij B_ij w_i^-theta / (sum_k X_kj B_kj w_k^-theta) E'_j,  B = exp(change),

    with E'_j = E_j + Y_j (w_j - 1) (additive deficits) or E_j w_j (multiplicative). World production stays as
    it is (the numeraire). Welfare is real spending, (E'_j / E_j) / P_j, or the real wage w_j / P_j with
    multiplicative deficits; P is the consumer price index. These are the definitions of Baier, Yotov and
    Zylkin (2019).

    Parameters
    ----------
    trade
        Square, in money: origins in rows, destinations in columns, own trade on the diagonal, from data or
        from a gravity fit (`trade_table`). Up to about 2,000 regions.
    change
        Square: the natural logarithm of what the change of trade costs does to flows at given prices; zero
        where costs stay. Opening a border wholly is less its coefficient in `geoinno.measure.gravity`.
    elasticity
        theta of flows to costs, above zero; enters full equilibrium alone.
    deficits
        What becomes of trade deficits: ``"additive"`` ones stay as they are, ``"multiplicative"`` ones grow
        with wages.
    change_se
        Standard error of the coefficient behind the change: a number for the pairs that change, or a table
        like ``change``. One coefficient moves all pairs together.
    elasticity_se
        Standard error of the elasticity, whose draws are log-normal.
    draws
        Number of draws of coefficient and elasticity for intervals; none are drawn unless an error is given.
    seed
        Of the draws.

    Returns
    -------
    Opening
        ``table`` by region: ``partial``, ``conditional``, ``full`` (change of exports) and ``welfare``,
        shares; ``flows`` by pair, ``borders`` by pair of regions whose costs change; ``before``, ``after``
        and ``change`` (``wages``, ``prices`` and ``real_wages`` relative to those of before);
        ``intervals`` (``partial_low`` and so on, the quantiles of draws that hold 95%).

    Raises
    ------
    FlowError
        If trade is missing or negative, a region has no own trade, regions fall into groups that do not
        trade, a change is not finite, or no equilibrium exists.

    Notes
    -----
    With multiplicative deficits the world spends a little more or less than it earns, and the flows of every
    region sum to its production times one common factor. Without deficits, autarky costs 1 - s^(1 / theta)
    of welfare, s being the share of own goods (Arkolakis, Costinot & Rodriguez-Clare 2012).
    A region that exports nothing has no change of exports. Factors of production stay where they are: see
    `relocation`. About twenty tables of n^2 numbers are held at once: 0.6 GB for 2,000 regions, which
    take some 7 seconds of one processor.

    References
    ----------
    Anderson, J. E., Larch, M. and Yotov, Y. V. (2018). GEPPML: general equilibrium analysis with PPML. The
    World Economy 41(10), 2750-2782. doi:10.1111/twec.12664
    Baier, S. L., Yotov, Y. V. and Zylkin, T. (2019). On the widely differing effects of free trade
    agreements: lessons from twenty years of trade integration. Journal of International Economics 116,
    206-226. doi:10.1016/j.jinteco.2018.11.002
    Arkolakis, C., Costinot, A. and Rodriguez-Clare, A. (2012). New trade models, same old gains? American
    Economic Review 102(1), 94-130. doi:10.1257/aer.102.1.94
    Dekle, R., Eaton, J. and Kortum, S. (2008). Global rebalancing with gravity: measuring the burden of
    adjustment. IMF Staff Papers 55(3), 511-540. doi:10.1057/imfsp.2008.17
    Allen, T., Arkolakis, C. and Takahashi, Y. (2020). Universal gravity. Journal of Political Economy 128(2),
    393-433. doi:10.1086/704385

    Examples
    --------
    >>> import geoinno as gi, numpy as np, pandas as pd
    >>> trade = pd.DataFrame([[90.0, 10.0], [10.0, 90.0]], index=["a", "b"], columns=["a", "b"])
    >>> open_border = pd.DataFrame([[0.0, 1.0], [1.0, 0.0]], index=["a", "b"], columns=["a", "b"])
    >>> gi.simulate.opening(trade, open_border).table.loc["a"].round(3).to_list()
    [1.718, 1.32, 1.32, 0.04]
    """
    ids, table = _economy.sound_trade(trade)
    costs = _economy.sound_change(change, ids)
    slope = _contract.positive(elasticity, name="elasticity")
    _contract.option(deficits, _economy.DEFICITS, name="deficits")
    spec = _opening_tables.DrawSpec(
        _errors(change_se, costs, ids),
        _contract.positive(elasticity_se, name="elasticity_se", zero=True),
        _contract.whole(draws, name="draws", least=20),
        _contract.whole(seed, name="seed", least=0),
    )
    effects = _opening_tables.effects(table, costs[None], elasticity=np.array([slope]), deficits=deficits)
    before, after = _opening_tables.states(table, effects, ids)
    return Opening(
        table=_opening_tables.by_region(effects, ids),
        flows=_opening_tables.by_pair(table, effects, ids),
        borders=_opening_tables.by_border(table, effects, ids, changed=costs != 0),
        before=before,
        after=after,
        change=_opening_tables.relative(before, after),
        intervals=_opening_tables.intervals(table, costs, spec, elasticity=slope, deficits=deficits, ids=ids),
        elasticity=slope,
        deficits=deficits,
    )


def _errors(change_se: float | pd.DataFrame, costs: Floats, ids: pd.Index) -> Floats:
    """Return the standard error of each change."""
    if not isinstance(change_se, pd.DataFrame):
        return np.where(costs != 0, _contract.positive(change_se, name="change_se", zero=True), 0.0)
    errors = _economy.sound_change(change_se, ids, name="change_se")
    if (errors < 0).any():
        message = "change_se must be zero or more for every pair: it holds standard errors."
        raise OptionError(message)
    return errors


def accession(
    trade: pd.DataFrame,
    members: list[str],
    *,
    joining: list[str],
    effect: float,
    elasticity: float = 4.0,
    executor: Executor | None = None,
    seed: int = 0,
    options: AccessionOptions = DEFAULTS,
) -> Accession:
    """Work out what it is worth that members join a bloc, and how much of it each of them brings.

    Each coalition of joining members is solved in full equilibrium (as `opening` does): flows between the
    bloc and those that join, and among these, change by ``effect``. Its value is the sum over all regions of
    production times (welfare - 1), outsiders included. The Shapley value of a member is its mean gain over
    all orders of joining,

        phi_k = sum over S without k of |S|! (N - |S| - 1)! / N! (v(S + k) - v(S)),

    exact for up to 12 members (4,096 coalitions). No shape of the value against the number of members is
    assumed: on real trade the mean gain from a further member often rises.

    Parameters
    ----------
    trade
        Square, own trade on the diagonal, as for `opening`.
    members
        Ids of those in the bloc before; the list may be empty.
    joining
        Ids of those that join, none of them a member.
    effect
        Natural logarithm of what membership does to flows at given prices, such as the coefficient of the
        bloc in a gravity model.
    elasticity
        As for `opening`.
    executor
        Who solves the coalitions, in blocks: anything with ``submit``, such as a Dask ``Client``; the bits
        of the answer are the same. Threads of this process unless given.
    seed
        Of the orders of joining that are drawn beyond 12 members.
    options
        Deficits, how many orders are drawn, and a folder where finished blocks are kept.

    Returns
    -------
    Accession
        ``shapley`` and ``shapley_se`` by member, ``table`` by region (``role``, ``production``, ``welfare``,
        ``value``), ``curve`` by number of members, ``values`` by coalition, and potential ``before``,
        ``after`` and ``change``.

    Raises
    ------
    FlowError
        If trade is unsound, as for `opening`.
    AlignmentError
        If a list names a region that the trade does not have, or one that is in both lists.

    Notes
    -----
    The potential of a region is its market access, X_ii / Y_i at home (endogenous) and the rest abroad
    (exogenous) before; with all members in, both are multiplied by the rise of market access, w^(1 + theta).

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. In Kuhn, H. W. and Tucker, A. W. (eds), Contributions
    to the Theory of Games II, 307-317. Princeton University Press. doi:10.1515/9781400881970-018
    Castro, J., Gomez, D. and Tejada, J. (2009). Polynomial calculation of the Shapley value based on
    sampling. Computers & Operations Research 36(5), 1726-1730. doi:10.1016/j.cor.2008.04.004
    Redding, S. and Venables, A. J. (2004). Economic geography and international inequality. Journal of
    International Economics 62(1), 53-82. doi:10.1016/j.jinteco.2003.07.001

    Examples
    --------
    >>> import geoinno as gi, numpy as np, pandas as pd
    >>> ids = ["a", "b", "c", "d"]
    >>> trade = pd.DataFrame(np.eye(4) * 90 + 10, index=ids, columns=ids)
    >>> grown = gi.simulate.accession(trade, ["a"], joining=["b", "c"], effect=0.5)
    >>> grown.shapley.round(3).to_list(), grown.table["role"].to_list()
    ([4.688, 4.688], ['member', 'joining', 'joining', 'outsider'])
    """
    ids, table = _economy.sound_trade(trade)
    bloc = _accession.sound_bloc(ids, members, joining, effect=effect)
    slope = _contract.positive(elasticity, name="elasticity")
    _contract.instance(options, AccessionOptions, name="options", example="gi.simulate.AccessionOptions()")
    count, deficits = options.permutations, options.deficits
    orders = _coalitions.orders(len(bloc.joining), count, _contract.whole(seed, name="seed", least=0))
    joined = _coalitions.coalitions(len(bloc.joining), orders)
    runs = engine(executor, options.store)
    values = _coalitions.coalition_values(
        table, bloc, joined, elasticity=slope, deficits=deficits, engine=runs
    )
    change = bloc.change(np.ones((1, len(bloc.joining)), dtype=bool), len(ids))
    solution = _equilibrium.solve(table, change, _equilibrium.full(table, deficits), elasticity=slope)
    before, after = _opening_tables.potentials(table, solution, ids, elasticity=slope)
    names = ids[bloc.joining].rename("member")
    shares, errors = _coalitions.shapley(values, joined, orders)
    return Accession(
        shapley=pd.Series(shares, index=names, name="shapley"),
        shapley_se=pd.Series(errors, index=names, name="shapley_se"),
        table=_accession.table(table, solution, bloc, ids=ids, deficits=deficits),
        curve=_accession.curve(values, joined),
        values=_accession.named_values(values, joined, names.to_list()),
        before=before,
        after=after,
        change=_opening_tables.relative(before, after),
        exact=orders is None,
        effect=float(effect),
        elasticity=slope,
    )
