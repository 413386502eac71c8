"""Goals beside slow plain readings of the same papers, planted contradictions, and refusals in words."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import geoinno as gi
from geoinno import measure as m
from geoinno.measure.composite import _attainment


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(_attainment, "DRAWS", 20)


@pytest.fixture(scope="module")
def place():
    random = np.random.default_rng(0)
    ids = [f"r{i:02d}" for i in range(40)]
    staff, money = random.gamma(3, 1, 40), random.gamma(3, 2, 40)
    frontier = 2 * staff**0.5 * money**0.3
    outcomes = {"patents": frontier * random.beta(6, 2, 40), "papers": frontier * random.beta(4, 3, 40)}
    return pd.DataFrame(outcomes, ids), pd.DataFrame({"staff": staff, "money": money}, ids)


def plain(outcome, used, available):
    """Solve the programme of one region with every other, as it stands in Banker, Charnes and Cooper."""
    n = len(outcome)
    found = optimize.linprog(
        -outcome, A_ub=used.T, b_ub=available, A_eq=np.ones((1, n)), b_eq=[1], method="highs"
    )
    return -found.fun if found.status == 0 else np.nan


def test_the_frontier_is_that_of_plain_programmes(place):
    outcomes, resources = (table.to_numpy() for table in place)
    for growth in (0, 0.2, -0.3):
        found = _attainment.frontier(outcomes[:, 0], resources, resources * (1 + growth))
        expected = [plain(outcomes[:, 0], resources, row) for row in resources * (1 + growth)]
        np.testing.assert_allclose(found, expected, rtol=1e-7)
    assert np.isnan(expected).any()


def test_hull_and_programmes_agree(place, monkeypatch):
    outcome, used = place[0]["papers"].to_numpy(), place[1].to_numpy()
    available = used * np.linspace(0.5, 1.5, 40)[:, None]
    found = _attainment.frontier(outcome, used, available)
    monkeypatch.setattr(_attainment, "_HULL", 0)
    np.testing.assert_allclose(_attainment.frontier(outcome, used, available), found, rtol=1e-8)
    # Resources or outcomes that are alike everywhere leave the hull its dimensions.
    for alike in ((outcome * 0, used), (outcome, used * [0, 1]), (outcome, np.ones_like(used))):
        programmes = _attainment.frontier(*alike, alike[1])
        monkeypatch.setattr(_attainment, "_HULL", 4)
        np.testing.assert_allclose(_attainment.frontier(*alike, alike[1]), programmes, atol=1e-9)
        monkeypatch.setattr(_attainment, "_HULL", 0)


def test_the_bias_correction_is_that_of_a_slow_reading(place, monkeypatch):
    monkeypatch.setattr(_attainment, "DRAWS", 5)
    outcome, used = place[0]["patents"].to_numpy(), place[1].to_numpy()
    found = _attainment.attainment(outcome, used, used, seed=3)
    best = np.array([plain(outcome, used, row) for row in used])
    theta = outcome / best
    inside = theta[theta < 1 - 1e-9]
    both = np.concatenate([inside, 2 - inside])
    iqr = np.subtract(*np.percentile(both, [75, 25])) / 1.34
    h = 0.9 * min(both.std(ddof=1), iqr) * len(both) ** -0.2 * 2**0.2 * theta.std(ddof=1) / both.std(ddof=1)
    random, draws = np.random.default_rng(3), []
    for _ in range(5):
        beta = random.choice(theta, size=len(theta))
        noise = random.standard_normal(len(theta))
        moved = [b + h * e if b + h * e <= 1 else 2 - b - h * e for b, e in zip(beta, noise, strict=True)]
        star = beta.mean() + (np.array(moved) - beta.mean()) / np.sqrt(1 + h**2 / theta.var())
        pseudo = best * np.minimum(star, 1)
        draws.append([plain(pseudo, used, row) for row in used])
    np.testing.assert_allclose(found.corrected, 2 * best - np.mean(draws, axis=0), rtol=1e-6)
    assert (found.corrected >= best * (1 - 1e-9)).all()


@pytest.mark.slow
def test_correction_brings_the_frontier_nearer_to_the_true_one():
    random = np.random.default_rng(1)
    staff = random.uniform(1, 5, 100)
    errors = []
    for _ in range(5):
        outcome = staff**0.5 * random.beta(4, 2, 100)
        found = _attainment.attainment(outcome, staff[:, None], staff[:, None], seed=0)
        errors.append([np.abs(x / staff**0.5 - 1).mean() for x in (found.observed, found.corrected)])
    seen, corrected = np.mean(errors, axis=0)
    assert corrected < seen


def test_the_table_says_goal_attainable_probability_and_gap(place):
    outcomes, resources = place
    goals = pd.Series({"r07": 1.0, "r03": 1e3, "r11": 3.0}, name="patents")
    found = m.attainable(goals, outcomes, resources)
    assert list(found.table.columns) == ["goal", "attainable", "probability", "gap"]
    assert list(found.table.index) == ["r07", "r03", "r11"]
    np.testing.assert_allclose(found.table["gap"], found.table["goal"] - found.table["attainable"])
    assert found.table.loc["r03", "probability"] == 0
    assert found.conflicts["goals"].to_list()[0] == ("patents",)
    assert "r03: patents of 1,000 is out of reach" in found.conflicts["words"].iloc[0]
    assert ((found.table["probability"] >= 0) & (found.table["probability"] <= 1)).all()
    low = m.attainable(pd.Series(0.1, outcomes.index, name="patents"), outcomes, resources)
    assert (low.table["probability"] == 1).all()
    assert low.conflicts.empty
    assert "40 of 40 goals are more likely than not" in str(low)


def test_growth_of_resources_raises_what_is_attainable(place):
    outcomes, resources = place
    goals = outcomes["patents"]
    now = m.attainable(goals, outcomes, resources).frontier["attainable"]
    more = m.attainable(goals, outcomes, resources, growth=0.3).frontier["attainable"]
    assert (more >= now).all()
    assert more.mean() > now.mean()
    bound = m.attainable(goals, outcomes, resources, bounds={"patents": (0, 2.0)})
    assert bound.frontier["attainable"].max() == 2


def contradiction(goals, outcomes, resources):
    """Tell by brute force whether one region's goals can hold together, by the observed frontier."""
    n = len(outcomes)
    rows = np.vstack([-outcomes[:, list(goals)].T, resources[0].T])
    limits = [*(-np.array(list(goals.values()))), *resources[1]]
    found = optimize.linprog(np.zeros(n), A_ub=rows, b_ub=limits, A_eq=np.ones((1, n)), b_eq=[1])
    return found.status == 2


def test_a_planted_contradiction_is_named_and_reduced():
    # Regions a and b are each the best in one outcome; nothing reaches both, while firms are no obstacle.
    outcomes = pd.DataFrame(
        {"patents": [10.0, 0, 5, 1], "papers": [0.0, 10, 5, 1], "firms": [3.0, 3, 3, 3]}, list("abcd")
    )
    resources = pd.DataFrame({"staff": [1.0, 1, 1, 1]}, list("abcd"))
    goals = pd.DataFrame({"patents": [9.0], "papers": [9.0], "firms": [2.0]}, index=["d"])
    found = m.attainable(goals, outcomes, resources)
    assert found.conflicts["goals"].to_list() == [("patents", "papers")]
    words = found.conflicts["words"].iloc[0]
    assert words == (
        "d: patents of 9 and papers of 9 cannot hold together with its resources, though each can without "
        "the other."
    )
    assert "cannot hold together in 1 region. d:" in str(found)
    fine = m.attainable(goals / 2, outcomes, resources)
    assert fine.conflicts.empty


def test_reduced_sets_are_irreducible():
    # Brute force over all subsets, on the frontier as it is raised by the correction.
    random = np.random.default_rng(5)
    outcomes = pd.DataFrame(random.gamma(1, 1, (30, 4)), [f"r{i:02d}" for i in range(30)], list("wxyz"))
    resources = pd.DataFrame({"staff": random.gamma(3, 1, 30)}, outcomes.index)
    goals = outcomes * random.uniform(0.5, 3, outcomes.shape)
    found = m.attainable(goals, outcomes, resources)
    sets = found.conflicts[found.conflicts["goals"].map(len) > 1].set_index("region")
    assert len(sets) > 3
    ratio = found.frontier["attainable"].unstack("outcome")  # noqa: PD010 - one value for each cell
    for region, row in sets.iterrows():
        available = resources.loc[region].to_numpy()
        observed = {k: plain(outcomes[k].to_numpy(), resources.to_numpy(), available) for k in outcomes}
        raised = outcomes * pd.Series({k: ratio.loc[region, k] / observed[k] for k in outcomes})
        places = {k: outcomes.columns.get_loc(k) for k in row["goals"]}
        used = (resources.to_numpy(), available)
        every = {places[k]: goals.loc[region, k] for k in row["goals"]}
        assert contradiction(every, raised.to_numpy(), used)
        for fewer in itertools.combinations(every, len(every) - 1):
            assert not contradiction({k: every[k] for k in fewer}, raised.to_numpy(), used)


def test_neighbours_count_as_resources(place, lattice):
    outcomes, resources = (table.head(36).set_axis(lattice.index) for table in place)
    near = gi.weigh.contiguity(lattice)
    goals = outcomes["patents"]
    alone = m.attainable(goals, outcomes, resources).frontier["attainable"]
    spilled = m.attainable(goals, outcomes, resources, weights=near).frontier["attainable"]
    # Fewer regions are comparable once neighbours must have no more either.
    assert spilled.mean() < alone.mean()
    bare = gi.weigh.domestic(near, pd.Series(lattice.index, lattice.index))
    with pytest.raises(gi.errors.ColumnError, match="no neighbours"):
        m.attainable(goals, outcomes, resources, weights=bare)


KINDS = pd.DataFrame(
    {
        "outcome": ["patents", "papers"],
        "level": ["final", "final"],
        "form": ["integral", "integral"],
    }
)


@pytest.mark.parametrize(
    ("column", "words", "reason"),
    [
        ("level", ["final", "intermediate"], "means to the final one"),
        ("form", ["integral", "differential"], "no one frontier holds both"),
        ("level", ["final", "cost"], "Costs are no goals: 'papers'"),
        ("level", ["final", "vague"], "must be one of"),
    ],
)
def test_goals_of_different_kinds_are_refused_with_the_reason(place, column, words, reason):
    outcomes, resources = place
    m.attainable(outcomes.head(3), outcomes, resources, kinds=KINDS)
    with pytest.raises(gi.errors.GeoinnoError, match=reason):
        m.attainable(outcomes, outcomes, resources, kinds=KINDS.assign(**{column: words}))


def test_costs_are_no_goals(place):
    outcomes, resources = place
    both = outcomes.assign(spending=resources["money"])
    with pytest.raises(gi.errors.ColumnError, match=r"as 'money', a resource\. Costs are no goals"):
        m.attainable(both["spending"], both, resources)


def test_what_cannot_be_held_against_a_frontier_is_refused(place):
    outcomes, resources = place
    goals = outcomes["patents"]
    with pytest.raises(gi.errors.ColumnError, match="named as columns"):
        m.attainable(goals.rename("books"), outcomes, resources)
    with pytest.raises(gi.errors.AlignmentError, match="'zz'"):
        m.attainable(pd.Series({"zz": 1.0}, name="patents"), outcomes, resources)
    with pytest.raises(gi.errors.ColumnError, match="Every goal is missing"):
        m.attainable(goals * np.nan, outcomes, resources)
    with pytest.raises(gi.errors.ColumnError, match="negative in"):
        m.attainable(goals, -outcomes, resources)
    with pytest.raises(gi.errors.ColumnError, match="no value in"):
        m.attainable(goals, outcomes, resources.mask(resources > 5))
    with pytest.raises(gi.errors.AlignmentError):
        m.attainable(goals, outcomes, resources.tail(39))
    with pytest.raises(gi.errors.ColumnError, match="too few"):
        m.attainable(goals.head(1), outcomes.head(1), resources.head(1))
    with pytest.raises(gi.errors.OptionError, match="above -1"):
        m.attainable(goals, outcomes, resources, growth=-1)


def test_a_total_is_split_so_that_the_sum_holds_and_each_share_is_attainable(place):
    outcomes, resources = place
    found = m.attainable(outcomes["patents"].head(5), outcomes, resources)
    most = found.frontier.xs("patents", level="outcome")["attainable"]
    total = outcomes["patents"].sum() * 0.6 + most.sum() * 0.4
    split = m.goal_split(total, found, outcome="patents")
    assert split.sum() == pytest.approx(total, rel=1e-12)
    assert (split <= most + 1e-9).all()
    assert (split >= outcomes["patents"] - 1e-9).all()
    np.testing.assert_allclose((split - outcomes["patents"]) / (most - outcomes["patents"]), 0.4)
    for wrong in (most.sum() * 1.01, outcomes["patents"].sum() * 0.99):
        with pytest.raises(gi.errors.OptionError, match="cannot be split"):
            m.goal_split(wrong, found, outcome="patents")
    with pytest.raises(gi.errors.OptionError, match="no frontier for 'papers'"):
        m.goal_split(total, found, outcome="papers")


def test_the_table_follows_the_order_of_goals_and_seed_repeats(place):
    outcomes, resources = place
    goals = outcomes.iloc[[5, 2, 9]] * 1.3
    found = m.attainable(goals, outcomes, resources, seed=2)
    assert list(found.table.index) == [(i, k) for i in goals.index for k in goals.columns]
    again = m.attainable(goals, outcomes.iloc[::-1], resources.sample(frac=1, random_state=0), seed=2)
    pd.testing.assert_frame_equal(found.table, again.table)


def test_goals_without_a_name_are_refused_with_the_remedy():
    outcomes = pd.DataFrame({"patents": [1.0, 2.0, 3.0]}, index=["a", "b", "c"])
    with pytest.raises(gi.ColumnError, match=r"The goals have no name: .*goals.rename"):
        gi.measure.attainable(pd.Series({"a": 2.0}), outcomes, outcomes + 1)


def test_only_goals_can_be_split():
    with pytest.raises(gi.ColumnError, match=r"goals must be what .*attainable returns; int"):
        gi.measure.goal_split(3.0, 3, outcome="patents")
