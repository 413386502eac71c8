"""Open borders and accession: against gegravity, brute force and closed forms; and what is refused."""

from __future__ import annotations

import json
import math
from itertools import combinations, permutations
from time import process_time

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import geoinno as gi
from geoinno.simulate import _equilibrium, _market_clearing

FEW = gi.simulate.AccessionOptions(permutations=60)


def square(table, ids=None):
    ids = [f"r{i}" for i in range(len(table))] if ids is None else ids
    return pd.DataFrame(np.asarray(table, float), index=ids, columns=ids)


def economy(seed, size=8, home=6.0):
    """Return trade with deficits, own trade largest, as data have it."""
    random = np.random.default_rng(seed)
    table = random.lognormal(0, 1, (size, size))
    table[np.diag_indices(size)] *= home * np.sqrt(size)
    return square(table)


def border(trade, first=0, second=1, effect=1.2):
    change = square(np.zeros(trade.shape))
    change.iloc[first, second] = change.iloc[second, first] = effect
    return change


def wide(flows, column):
    return flows[column].to_numpy().reshape(flows["origin"].nunique(), -1)


def worth(grown):
    return grown.values  # noqa: PD011 - a field, not an array


def brute_force(trade, change, elasticity, deficits):
    """The equations of M18 in levels, solved by SciPy; welfare by definition."""
    table, factor = trade.to_numpy(), np.exp(change.to_numpy())
    production, spending = table.sum(axis=1), table.sum(axis=0)
    shares = table / spending

    def spent(wages):
        if deficits == "additive":
            return production * wages + spending - production
        return spending * wages

    def excess(logs):
        wages = np.exp(logs)
        pull = shares * factor * wages[:, None] ** -elasticity
        world = spent(wages).sum() / (production @ wages)  # 1 with additive deficits
        gap = (pull / pull.sum(axis=0) * spent(wages)).sum(axis=1) / (production * wages * world) - 1
        gap[-1] = production @ wages / production.sum() - 1  # Walras: one market clears by itself
        return gap

    wages = np.exp(optimize.root(excess, np.zeros(len(table)), tol=1e-13).x)
    prices = (shares * factor * wages[:, None] ** -elasticity).sum(axis=0) ** (-1 / elasticity)
    return wages, (spent(wages) / spending if deficits == "additive" else wages) / prices - 1


@pytest.mark.oracle
@pytest.mark.parametrize("case", range(4))
def test_the_conditional_equilibrium_is_that_of_gegravity(case, repository):
    truth = json.loads((repository / "tests" / "truth" / "equilibrium.json").read_text())["cases"][case]
    answer = gi.simulate.opening(square(truth["trade"]), square(truth["change"]))
    assert wide(answer.flows, "conditional") == pytest.approx(np.array(truth["conditional"]), rel=1e-8)


def test_the_conditional_equilibrium_is_the_biproportional_fit():
    trade = economy(3)
    change = border(trade, effect=2.0)
    fitted = trade.to_numpy() * np.exp(change.to_numpy())
    for _ in range(5_000):
        fitted *= (trade.sum(axis=1).to_numpy() / fitted.sum(axis=1))[:, None]
        fitted *= trade.sum(axis=0).to_numpy() / fitted.sum(axis=0)
    assert wide(gi.simulate.opening(trade, change).flows, "conditional") == pytest.approx(fitted, rel=1e-8)


@pytest.mark.parametrize("deficits", ["additive", "multiplicative"])
@pytest.mark.parametrize(("seed", "elasticity"), [(0, 4.0), (1, 2.0), (2, 8.0)])
def test_the_full_equilibrium_is_that_of_the_equations_in_levels(seed, elasticity, deficits):
    trade = economy(seed)
    change = border(trade) - 0.3 * border(trade, 2, 5)
    answer = gi.simulate.opening(trade, change, elasticity=elasticity, deficits=deficits)
    wages, welfare = brute_force(trade, change, elasticity, deficits)
    assert answer.after["wages"].to_numpy() == pytest.approx(wages, rel=1e-9)
    assert answer.table["welfare"].to_numpy() == pytest.approx(welfare, abs=1e-9)


def enlarged(trade, change, elasticity, multiplicative):
    """The fixed point of Baier, Yotov and Zylkin (2019): wages, shares, spending, in turn."""
    flows, factor = trade.to_numpy(), np.exp(change.to_numpy())
    production, before = flows.sum(axis=1), flows.sum(axis=0)
    shares, spending, power = flows / before, before, np.ones(len(flows))
    for _ in range(20_000):
        wages = ((shares * factor) @ (spending / power) / production) ** (1 / (1 + elasticity))
        wages *= production.sum() / (production @ wages)
        power = (shares * factor).T @ wages**-elasticity
        spending = before * wages if multiplicative else production * wages + before - production
    prices = power ** (-1 / elasticity)
    welfare = wages / prices if multiplicative else spending / before / prices
    moved = shares * factor * (wages**-elasticity)[:, None] / power * spending
    return {"flows": moved, "wages": wages, "prices": prices, "welfare": welfare}


@pytest.mark.parametrize("deficits", ["additive", "multiplicative"])
@pytest.mark.parametrize("seed", range(3))
def test_an_enlargement_has_the_numbers_of_the_published_algorithm(seed, deficits):
    """Twelve of 24 countries form a bloc; some run large deficits."""
    trade = economy(seed, size=24)
    change = square(np.zeros(trade.shape))
    change.iloc[:12, :12] = 0.224 * (1 - np.eye(12))
    expected = enlarged(trade, change, 4.0, deficits == "multiplicative")
    answer = gi.simulate.opening(trade, change, deficits=deficits)
    assert wide(answer.flows, "full") == pytest.approx(expected["flows"], rel=1e-9)
    assert answer.table["welfare"].to_numpy() + 1 == pytest.approx(expected["welfare"], rel=1e-10)
    for name in ("wages", "prices"):
        assert answer.after[name].to_numpy() == pytest.approx(expected[name], rel=1e-10)
    real = expected["wages"] / expected["prices"]
    assert answer.after["real_wages"].to_numpy() == pytest.approx(real, rel=1e-10)
    production, spending = trade.sum(axis=1), trade.sum()
    after = answer.after[["production", "spending"]].to_numpy().T
    assert after[0] == pytest.approx((production * answer.after["wages"]).to_numpy(), rel=1e-10)
    spent = after[0] + spending - production
    if deficits == "multiplicative":
        spent = spending * answer.after["wages"]
    assert after[1] == pytest.approx(spent.to_numpy(), rel=1e-9)


def test_closing_all_borders_costs_what_the_share_of_own_goods_says():
    """Arkolakis, Costinot and Rodriguez-Clare (2012): welfare falls by 1 - s^(1 / theta)."""
    trade = economy(7)
    # A symmetric table has no deficits.
    trade = square((trade + trade.T).to_numpy())
    closed = square(-40.0 * (1 - np.eye(8)))
    answer = gi.simulate.opening(trade, closed, elasticity=5.0)
    share = np.diagonal(trade) / trade.sum()
    assert answer.table["welfare"].to_numpy() == pytest.approx(share.to_numpy() ** 0.2 - 1, abs=1e-12)


def test_markets_clear_and_neither_side_of_an_opened_border_loses_in_300_economies():
    random = np.random.default_rng(11)
    for seed in range(300):
        trade = economy(seed, size=int(random.integers(2, 12)), home=random.uniform(1, 10))
        change = border(trade, effect=random.uniform(0.05, 3))
        answer = gi.simulate.opening(trade, change, elasticity=random.uniform(2, 8))
        flows = wide(answer.flows, "full")
        earned = trade.sum(axis=1).to_numpy() * answer.after["wages"].to_numpy()
        assert flows.sum(axis=1) == pytest.approx(earned, rel=1e-10)
        assert flows.sum() == pytest.approx(trade.to_numpy().sum(), rel=1e-10)
        assert answer.table["welfare"].iloc[:2].min() > 0


@pytest.mark.parametrize("deficits", ["additive", "multiplicative"])
def test_no_change_in_gives_no_change_out_to_the_last_bit(deficits):
    trade = economy(5, size=40)
    answer = gi.simulate.opening(trade, trade * 0, deficits=deficits)
    assert (answer.table == 0).all(axis=None)
    assert (answer.change == 0).all(axis=None)
    assert (answer.flows["full"] == answer.flows["before"]).all()
    assert "Nothing changes" in str(answer)


def test_a_change_beside_none_leaves_none_as_it_is():
    """Many changes are solved at once; one without any stays exact among them."""
    trade = economy(6, size=12)
    grown = gi.simulate.accession(trade, ["r0"], joining=["r1", "r2"], effect=0.4)
    assert worth(grown)["none"] == 0.0


def test_changes_solved_together_are_those_solved_apart():
    """Many changes start from the equilibrium of their mean, whatever way each of them goes."""
    from geoinno.simulate import _equilibrium

    trade = economy(12, size=9).to_numpy()
    random = np.random.default_rng(0)
    changes = random.normal(0, 1.5, (30, 9, 9)) * (random.random((30, 9, 9)) < 0.4)
    for deficits in ("additive", "multiplicative"):
        closure = _equilibrium.full(trade, deficits)
        together = _equilibrium.solve(trade, changes, closure, elasticity=np.linspace(2, 9, 30))
        for k, elasticity in enumerate(np.linspace(2, 9, 30)):
            alone = _equilibrium.solve(trade, changes[k], closure, elasticity=elasticity)
            assert together.flows[k] == pytest.approx(alone.flows[0], rel=1e-9)


def test_the_symmetric_pair_has_its_closed_form():
    """Wages stay 1, so P = (s + (1 - s) B)^(-1/theta) with the home share s."""
    trade, share = square([[90, 10], [10, 90]]), 0.9
    answer = gi.simulate.opening(trade, border(trade, effect=1.0))
    mean = share + (1 - share) * math.e
    assert answer.table["welfare"].to_list() == pytest.approx([mean ** (1 / 4) - 1] * 2, rel=1e-12)
    assert answer.table["full"].to_list() == pytest.approx([math.e / mean - 1] * 2, rel=1e-12)


def test_closing_every_border_gives_autarky():
    """The gains from trade lost are the home share to the power 1/theta (Arkolakis et al. 2012)."""
    trade = square(np.eye(3) * 85 + 5)
    closed = square(-30.0 * (1 - np.eye(3)))
    answer = gi.simulate.opening(trade, closed)
    assert answer.table["welfare"].to_list() == pytest.approx([0.9 ** (1 / 4) - 1] * 3, rel=1e-9)


def test_rows_in_another_order_give_the_same_answer():
    trade, change = economy(7), border(economy(7))
    order = [3, 1, 7, 0, 5, 2, 6, 4]
    mixed = gi.simulate.opening(trade.iloc[order, order], change.iloc[order[::-1], order]).table
    pd.testing.assert_frame_equal(mixed.loc[trade.index], gi.simulate.opening(trade, change).table, rtol=1e-9)


def test_units_of_trade_do_not_matter():
    trade, change = economy(8), border(economy(8))
    large = gi.simulate.opening(trade * 1e12, change).table
    pd.testing.assert_frame_equal(large, gi.simulate.opening(trade, change).table, rtol=1e-9)


def test_intervals_hold_the_estimate_and_widen_with_the_errors():
    trade = economy(9)
    change = border(trade, effect=0.8)
    kept = gi.simulate.opening(trade, change, change_se=0.1, elasticity_se=0.5, draws=100)
    wider = gi.simulate.opening(trade, change, change_se=0.3, elasticity_se=0.5, draws=100)
    for name in kept.table:
        low, high = kept.intervals[f"{name}_low"], kept.intervals[f"{name}_high"]
        assert (low <= kept.table[name]).all()
        assert (kept.table[name] <= high).all()
        assert (wider.intervals[f"{name}_high"] - wider.intervals[f"{name}_low"] >= high - low).all()
    # Partial exports of both sides hang on the coefficient alone: quantiles of exp(N(0.8, 0.1)).
    flows = trade.iloc[0].drop("r0")
    share = flows["r1"] / flows.sum()
    expected = share * (np.exp(0.8 + 1.96 * 0.1) - 1)
    assert kept.intervals.loc["r0", "partial_high"] == pytest.approx(expected, rel=0.1)
    assert "95% interval" in str(kept)


def test_a_border_that_opens_costs_little_time_for_a_thousand_regions():
    trade = economy(1, size=1_000)
    change = border(trade)
    start = process_time()
    answer = gi.simulate.opening(trade, change)
    assert process_time() - start < 60
    assert answer.table["welfare"].notna().all()


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda t: t.to_numpy(), gi.ColumnError, "must be a square DataFrame; ndarray"),
        (lambda t: t.iloc[:, :-1], gi.ColumnError, "same regions in rows and columns.*r7"),
        (lambda t: t.replace(t.iloc[0, 1], np.nan), gi.FlowError, r"no finite value for \('r0', 'r1'\)"),
        (lambda t: t.replace(t.iloc[0, 1], -1), gi.FlowError, r"negative for \('r0', 'r1'\)"),
        (lambda t: t.replace(t.iloc[2, 2], 0), gi.FlowError, "no own trade, on the diagonal, for 'r2'"),
        (lambda _: square(np.eye(8)), gi.FlowError, "8 groups of regions without trade between them"),
        (lambda t: t.iloc[:1, :1], gi.FlowError, "one region, 'r0': there is no border"),
    ],
)
def test_unsound_trade_is_refused_in_words(spoil, error, words):
    trade = economy(2)
    with pytest.raises(error, match=words):
        gi.simulate.opening(spoil(trade), border(trade))


def test_regions_joined_by_others_alone_are_one_whole():
    # A chain, the ends of which trade with their neighbours alone; and one from which the last is cut off.
    chain = square(np.eye(5, k=1) + np.eye(5, k=-1) + 9 * np.eye(5))
    assert gi.simulate.opening(chain, 0 * chain).table["full"].abs().max() == 0
    apart = chain.copy()
    apart.iloc[4, 3] = apart.iloc[3, 4] = 0
    with pytest.raises(gi.FlowError, match=r"2 groups .* one is 'r4' \(1 in all\)"):
        gi.simulate.opening(apart, 0 * apart)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.replace(1.2, np.inf), r"no finite value for \('r0', 'r1'\), \('r1', 'r0'\)"),
        (lambda c: c.replace(1.2, 90), "beyond 50 in size"),
        (lambda c: c.iloc[1:, 1:], "in the trade but not in the change: 'r0'"),
    ],
)
def test_an_unsound_change_is_refused_in_words(change, words):
    trade = economy(2)
    with pytest.raises(gi.GeoinnoError, match=words):
        gi.simulate.opening(trade, change(border(trade)))


@pytest.mark.parametrize(
    "option",
    [
        {"elasticity": 0},
        {"deficits": "none"},
        {"change_se": -1},
        {"elasticity_se": np.nan},
        {"draws": 3},
        {"change_se": -border(economy(2))},
    ],
)
def test_unsound_options_are_refused(option):
    with pytest.raises(gi.OptionError, match=next(iter(option))):
        gi.simulate.opening(economy(2), border(economy(2)), **option)


def test_a_deficit_that_leaves_nothing_to_spend_is_refused():
    """Region a sells nearly all it makes and buys next to nothing; closing its market leaves it nothing."""
    trade = square([[1, 99, 0], [0.5, 50, 10], [0, 10, 60]])
    change = square([[0, -6, 0], [0, 0, 0], [0, 0, 0]])
    with pytest.raises(gi.FlowError, match="deficits='multiplicative'"):
        gi.simulate.opening(trade, change)
    assert gi.simulate.opening(trade, change, deficits="multiplicative").table["welfare"].notna().all()


def value(trade, members, effect):
    """The value of a coalition by its definition, through `opening`."""
    change = square(np.zeros(trade.shape))
    for a, b in permutations(members, 2):
        if not {a, b} <= {"r0", "r1"}:
            change.loc[a, b] = effect
    welfare = gi.simulate.opening(trade, change).table["welfare"]
    return float(trade.sum(axis=1) @ welfare)


def test_the_shapley_value_is_the_mean_over_all_orders():
    trade, joining = economy(4), ["r2", "r3", "r5"]
    grown = gi.simulate.accession(trade, ["r0", "r1"], joining=joining, effect=0.3)
    gains = dict.fromkeys(joining, 0.0)
    for order in permutations(joining):
        for k, name in enumerate(order):
            gains[name] += value(trade, ["r0", "r1", *order[: k + 1]], 0.3)
            gains[name] -= value(trade, ["r0", "r1", *order[:k]], 0.3)
    assert grown.shapley.to_list() == pytest.approx([gains[name] / 6 for name in joining], rel=1e-8)
    assert grown.shapley.sum() == pytest.approx(worth(grown).iloc[-1], rel=1e-10)
    assert worth(grown)["r2 + r5"] == pytest.approx(value(trade, ["r0", "r1", "r2", "r5"], 0.3), rel=1e-8)
    assert grown.table["value"].sum() == pytest.approx(worth(grown).iloc[-1], rel=1e-10)
    assert len(list(combinations(joining, 2))) == grown.curve.loc[2, "coalitions"]


def test_a_thousand_coalitions_of_44_countries_take_seconds():
    trade = economy(1, size=44)
    names = list(trade.index)
    start = process_time()
    grown = gi.simulate.accession(trade, names[:15], joining=names[15:25], effect=0.3)
    # The time of the processor: a busy machine is no fault.
    assert process_time() - start < 30
    assert len(worth(grown)) == 1_024
    assert grown.exact


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"deficits": "fixed"}, "deficits must be one of"),
        ({"permutations": 3}, "permutations must be a whole number of at least 4"),
    ],
)
def test_unsound_options_of_an_accession_are_refused(options, words):
    with pytest.raises(gi.OptionError, match=words):
        gi.simulate.AccessionOptions(**options)


def test_multiplicative_deficits_value_real_wages():
    trade = economy(4)
    options = gi.simulate.AccessionOptions(deficits="multiplicative")
    grown = gi.simulate.accession(trade, ["r0"], joining=["r1"], effect=0.5, options=options)
    opened = gi.simulate.opening(trade, border(trade, effect=0.5), deficits="multiplicative")
    expected = float(trade.sum(axis=1) @ opened.table["welfare"])
    assert grown.shapley.iloc[0] == pytest.approx(expected, rel=1e-9)


def test_beyond_twelve_members_orders_are_drawn_and_errors_given():
    trade = economy(2, size=16)
    names = list(trade.index)
    grown = gi.simulate.accession(trade, names[:2], joining=names[2:15], effect=0.3, options=FEW)
    assert not grown.exact
    assert (grown.shapley_se > 0).all()
    # Every order ends with all: shares add up to the value of the whole.
    assert grown.shapley.sum() == pytest.approx(worth(grown).iloc[-1], rel=1e-9)
    fewer = gi.simulate.accession(trade, names[:2], joining=names[2:14], effect=0.3)
    drawn = sampled(trade, names)
    gap = (drawn.shapley - fewer.shapley) / drawn.shapley_se
    assert np.abs(gap).max() < 4
    assert "standard error" in str(grown)


def sampled(trade, names):
    """The same twelve members as `fewer`, drawn as if they were too many."""
    from geoinno.simulate import _coalitions

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_coalitions, "MOST_EXACT", 3)
        some = gi.simulate.AccessionOptions(permutations=100)
        return gi.simulate.accession(trade, names[:2], joining=names[2:14], effect=0.3, options=some)


def test_potential_is_split_and_rises_for_those_who_join():
    grown = gi.simulate.accession(economy(3), ["r0"], joining=["r1", "r2"], effect=0.5)
    assert (grown.before["potential"] == 1).all()
    parts = grown.after["endogenous"] + grown.after["exogenous"]
    assert parts.to_numpy() == pytest.approx(grown.after["potential"].to_numpy(), rel=1e-12)
    assert (grown.change.loc[["r0", "r1", "r2"], "exogenous"] > 0).all()
    words = str(grown)
    assert "If r1 and r2 join" in words
    assert "All 4 coalitions were solved" in words


@pytest.mark.parametrize(
    ("members", "joining", "words"),
    [
        (["r0"], [], "joining is empty"),
        (["r0"], ["r0", "r1"], "members already: 'r0'"),
        (["r0"], ["x"], "joining has ids that the trade does not have: 'x'"),
        ("r0", ["r1"], "members must be a list of region ids; str"),
        (["r0"], ["r1", "r1"], "joining names a region twice"),
    ],
)
def test_unsound_blocs_are_refused(members, joining, words):
    with pytest.raises(gi.AlignmentError, match=words):
        gi.simulate.accession(economy(2), members, joining=joining, effect=0.1)


def test_one_member_joins_in_the_singular():
    grown = gi.simulate.accession(economy(2), ["r0"], joining=["r1"], effect=0.2)
    assert str(grown).startswith("If r1 joins, ")
    assert grown.shapley["r1"] == pytest.approx(worth(grown)["r1"])


@pytest.mark.parametrize("effect", [np.nan, "large", None, True])
def test_an_effect_that_is_no_number_is_refused(effect):
    with pytest.raises(gi.OptionError, match="effect"):
        gi.simulate.accession(economy(2), [], joining=["r1"], effect=effect)


def test_results_count_in_the_singular_too():
    trade = square(np.eye(3) * 90 + 10)
    change = square([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert ", trade changes by +138% in full general equilibrium" in str(gi.simulate.opening(trade, change))
    assert "1 of 3 regions gains." in str(gi.simulate.opening(trade, -change))
    joined = str(gi.simulate.accession(trade, ["r0"], joining=["r1"], effect=0.5))
    assert "r1 accounts for all of it" in joined
    assert "The welfare of r2, the only outsider, changes by -0.108%." in joined
    assert "Both coalitions were solved" in joined
    nobody = str(gi.simulate.accession(trade, [], joining=["r1"], effect=0.5))
    assert "0 of 2 outsiders lose; the welfare of outsiders changes by 0% everywhere." in nobody


def test_a_border_without_trade_and_costs_at_home_are_said_in_words():
    apart = square([[9, 0, 1], [0, 9, 1], [1, 1, 9]])
    change = square([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert "there was no trade, so none is predicted" in str(gi.simulate.opening(apart, change))
    home = gi.simulate.opening(apart, square(np.eye(3)))
    assert (home.table["welfare"] > 0).all()
    assert str(home).startswith("No border opens or closes; costs change within regions alone. Welfare")


@pytest.mark.parametrize("deficits", ["additive", "multiplicative", None])
def test_the_derivatives_of_no_change_are_those_of_any_prices_at_one(deficits):
    """The product that equilibria share against the general derivatives, and these against differences."""
    random = np.random.default_rng(8)
    trade = random.lognormal(0, 1, (6, 6)) + np.diag(random.uniform(5, 9, 6))
    closure = _equilibrium.conditional(trade) if deficits is None else _equilibrium.full(trade, deficits)
    slope, none = 3.0, np.zeros((1, 6))
    system = _market_clearing.system_of(trade, np.zeros((1, 6, 6)), np.array([slope]), closure=closure)
    shared = _market_clearing.jacobian_before(
        trade, closure, elasticity=slope, buyers=_market_clearing.common_buyers(trade)
    )
    np.testing.assert_allclose(shared, _market_clearing.jacobian(system, none)[0], rtol=1e-12, atol=1e-14)
    step = 1e-6
    columns = [
        (_market_clearing.residuals(system, none + row) - _market_clearing.residuals(system, none - row))[0]
        for row in step * np.eye(6)
    ]
    np.testing.assert_allclose(shared, np.transpose(columns) / (2 * step), atol=1e-8)
