"""Relocation: the closed form of two regions, the equations in levels, and `opening` where nobody moves."""

from __future__ import annotations

import math
from time import process_time

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import geoinno as gi


def square(table, ids=None):
    ids = [f"r{i}" for i in range(len(table))] if ids is None else ids
    return pd.DataFrame(np.asarray(table, float), index=ids, columns=ids)


def setting(seed, size=6):
    """Return trade with deficits, commuting that fades with distance, and wages that know of neither."""
    random = np.random.default_rng(seed)
    trade = random.lognormal(0, 1, (size, size))
    trade[np.diag_indices(size)] *= 6 * np.sqrt(size)
    place = random.uniform(0, 1, (size, 2))
    km = np.hypot(*(place[:, None] - place).transpose(2, 0, 1))
    commuting = np.exp(-6 * km) * random.lognormal(3, 1, (size, 1))
    commuting[np.diag_indices(size)] *= 5
    table = square(trade)
    return table, square(commuting), pd.Series(random.uniform(0.5, 2, size), index=table.index)


def border(trade, effect=1.0):
    """One country of the first two regions, another of the rest."""
    home = np.arange(len(trade)) < 2
    return square(np.where(home[:, None] != home, effect, 0.0))


@pytest.mark.parametrize("goods", [0.0, 1.0, -2.0])
@pytest.mark.parametrize("trips", [0.0, 0.8])
def test_two_alike_regions_have_the_closed_form_of_the_docstring(goods, trips):
    own, stay, theta, eps, housing = 0.9, 0.95, 5.0, 2.5, 0.3
    found = gi.simulate.relocation(
        square([[90, 10], [10, 90]]),
        square([[950, 50], [50, 950]]),
        pd.Series({"r0": 2.0, "r1": 2.0}),
        change=square([[0, goods], [goods, 0]]),
        commuting_change=square([[0, trips], [trips, 0]]),
        housing=housing,
        elasticity=theta,
        commuting_elasticity=eps,
    )
    trade = (own + (1 - own) * math.exp(goods)) ** (1 / theta)
    commute = (stay + (1 - stay) * math.exp(trips)) ** (1 / (eps * (1 - housing)))
    assert found.welfare.to_list() == pytest.approx([trade * commute - 1] * 2, abs=1e-12)
    assert np.abs(found.table.to_numpy()).max() < 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_where_nobody_moves_it_is_opening(seed):
    trade, commuting, wages = setting(seed)
    found = gi.simulate.relocation(trade, commuting, wages, change=border(trade), move=False)
    opened = gi.simulate.opening(trade, border(trade))
    assert found.welfare.to_numpy() == pytest.approx(opened.table["welfare"].to_numpy(), abs=1e-8)
    assert found.after["prices"].to_numpy() == pytest.approx(opened.after["prices"].to_numpy(), rel=1e-8)
    assert found.table["wages"].to_numpy() == pytest.approx(opened.change["wages"].to_numpy(), abs=1e-8)
    assert (found.table[["residents", "workers"]] == 0).all(axis=None)


def in_levels(trade, commuting, wages, change, trips, housing, theta, eps):
    """The model in levels by SciPy's root finder: a wage and a cost of living for each region."""
    flows, people = trade.to_numpy(), commuting.to_numpy()
    pay = wages.to_numpy()
    size, total = len(flows), people.sum()
    made, spent = flows.sum(axis=1), flows.sum(axis=0)
    pay = pay * made.sum() / (people.sum(axis=0) @ pay)
    earned = people @ pay
    other = made - people.sum(axis=0) * pay
    gift = spent - earned - other
    taste = flows * np.exp(change.to_numpy()) / spent
    near = people * np.exp(trips.to_numpy())

    def answer(logs):
        wage, living = np.exp(logs[:size]), np.exp(logs[size:])
        moved = near * wage**eps / living[:, None] ** eps
        moved *= total / moved.sum()
        jobs = moved.sum(axis=0) / people.sum(axis=0)
        income = moved @ (pay * wage)
        pull = taste * (jobs * wage**-theta)[:, None]
        price = pull.sum(axis=0) ** (-1 / theta)
        sold = (pull / pull.sum(axis=0) * (income + other * wage * jobs + gift)).sum(axis=1)
        new = np.log(price ** (1 - housing) * (income / earned) ** housing)
        gap = sold / (made * wage * jobs) - 1
        gap[-1] = (made * wage * jobs).sum() / made.sum() - 1
        return np.concatenate([gap, new - logs[size:]]), moved, income / earned, wage

    solved = optimize.root(lambda logs: answer(logs)[0], np.zeros(2 * size), tol=1e-13)
    assert np.abs(solved.fun).max() < 1e-10
    return answer(solved.x)[1:]


@pytest.mark.parametrize("seed", range(4))
def test_the_equilibrium_is_that_of_the_equations_in_levels(seed):
    trade, commuting, wages = setting(seed)
    change, trips = border(trade, 0.7), border(trade, 0.5)
    found = gi.simulate.relocation(trade, commuting, wages, change=change, commuting_change=trips)
    moved, rents, pay = in_levels(trade, commuting, wages, change, trips, 0.4, 4.0, 3.3)
    assert found.commuting.to_numpy() == pytest.approx(moved, rel=1e-8)
    assert found.after["rents"].to_numpy() == pytest.approx(rents, rel=1e-8)
    assert found.table["wages"].to_numpy() == pytest.approx(pay - 1, abs=1e-8)
    assert found.after["residents"].sum() == pytest.approx(found.before["residents"].sum(), rel=1e-10)


def test_nothing_in_nothing_out():
    trade, commuting, wages = setting(1)
    found = gi.simulate.relocation(trade, commuting, wages, change=trade * 0, commuting_change=trade * 0)
    assert (found.change == 0).all(axis=None)
    assert (found.welfare == 0).all()


def test_units_of_money_people_and_wages_do_not_matter():
    trade, commuting, wages = setting(2)
    plain = gi.simulate.relocation(trade, commuting, wages, change=border(trade))
    other = gi.simulate.relocation(1e9 * trade, 1e-3 * commuting, 1e5 * wages, change=border(trade))
    pd.testing.assert_frame_equal(plain.table, other.table, atol=1e-9)


def test_rows_in_another_order_give_the_same_answer():
    trade, commuting, wages = setting(3)
    order = [4, 0, 5, 2, 1, 3]
    plain = gi.simulate.relocation(trade, commuting, wages, change=border(trade))
    mixed = gi.simulate.relocation(
        trade.iloc[order, order], commuting, wages.iloc[::-1], change=border(trade)
    )
    pd.testing.assert_frame_equal(mixed.table.loc[trade.index], plain.table, atol=1e-9)


def test_a_border_that_closes_to_commuters_alone_sends_them_home():
    trade, commuting, wages = setting(4)
    home = np.arange(6) < 2
    found = gi.simulate.relocation(
        trade, commuting, wages, change=trade * 0, commuting_change=border(trade, -30.0)
    )
    assert found.commuting.to_numpy()[home][:, ~home].max() < 1e-6
    assert found.welfare.max() < 0
    assert "Welfare changes by -" in str(found)


def test_people_move_to_where_an_opened_border_helps_most():
    trade, commuting, wages = setting(0)
    found = gi.simulate.relocation(trade, commuting, wages, change=border(trade))
    stay = found.welfare_without_movement
    assert found.table["residents"].corr(stay, method="spearman") > 0.5
    assert stay.min() < found.welfare.iloc[0] < stay.max()


def test_four_hundred_regions_take_seconds():
    trade, commuting, wages = setting(1, size=400)
    start = process_time()
    found = gi.simulate.relocation(trade, commuting, wages, change=border(trade))
    assert process_time() - start < 10
    assert found.after["workers"].sum() == pytest.approx(commuting.to_numpy().sum())


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda c, w: (c * np.nan, w), gi.FlowError, "finite and zero or more"),
        (lambda c, w: (-c, w), gi.FlowError, "finite and zero or more"),
        (lambda c, w: (c.mul(c.index != "r1", axis=0), w), gi.FlowError, "no resident in 'r1'"),
        (lambda c, w: (c.assign(r2=0.0), w), gi.FlowError, "no worker in 'r2'.*Merge"),
        (lambda c, w: (c.iloc[1:, 1:], w), gi.AlignmentError, "in the trade but not in the commuting"),
        (lambda c, w: (c, w * 0), gi.ColumnError, "wages must be above zero"),
        (lambda c, w: (c, w.to_numpy()), gi.ColumnError, "must be a Series indexed by region id"),
        (lambda c, w: (c, w.iloc[1:]), gi.AlignmentError, "wages and the trade"),
    ],
)
def test_unsound_tables_are_refused(spoil, error, words):
    trade, commuting, wages = setting(5)
    with pytest.raises(error, match=words):
        gi.simulate.relocation(trade, *spoil(commuting, wages), change=border(trade))


@pytest.mark.parametrize(
    "option",
    [
        {"housing": 1.0},
        {"elasticity": 0},
        {"commuting_elasticity": -1},
        {"commuting_change": square(np.zeros((6, 6))), "move": False},
    ],
)
def test_unsound_options_are_refused(option):
    trade, commuting, wages = setting(5)
    with pytest.raises(gi.OptionError, match=next(iter(option))):
        gi.simulate.relocation(trade, commuting, wages, change=border(trade), **option)
