"""Diffusion: forecasts that hold out of time, probabilities that only rise, and what cannot go on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geoinno as gi


def contagion(lattice, *, innovations, periods, seed, rate=0.03, slope=2.0):
    """Return adoptions by contagion, written out cell by cell."""
    rng = np.random.default_rng(seed)
    links = Graph.build_contiguity(lattice, rook=False).sparse.toarray()
    weights = links / links.sum(axis=1, keepdims=True)
    rows = []
    for k in range(innovations):
        has = np.arange(len(lattice)) == rng.integers(len(lattice))
        rows += [(lattice.index[i], f"i{k}", 0) for i in np.flatnonzero(has)]
        for t in range(1, periods + 1):
            hazard = rate * np.exp(slope * (weights @ has.astype(float)))
            new = ~has & (rng.random(len(has)) < 1 - np.exp(-hazard))
            rows += [(lattice.index[i], f"i{k}", t) for i in np.flatnonzero(new)]
            has |= new
    return pd.DataFrame(rows, columns=["region", "innovation", "period"])


@pytest.fixture(scope="module")
def adoptions(lattice):
    return contagion(lattice, innovations=30, periods=20, seed=1)


@pytest.fixture(scope="module")
def early(adoptions):
    """Return what was known in period 10."""
    return adoptions[adoptions["period"] <= 10]


@pytest.fixture(scope="module")
def hazard(early, lattice):
    return gi.measure.diffusion_hazard(early, gi.weigh.contiguity(lattice), permutations=1)


def test_what_came_later_lies_in_the_intervals(hazard, adoptions):
    """Thirty innovations, known to period 10, carried on to period 15."""
    inside = []
    for name, spells in adoptions.groupby("innovation"):
        found = gi.simulate.spread(hazard, periods=5, innovation=name, observed_to=10, draws=200)
        row = found.adopters.loc[15]
        inside.append(row["low"] <= (spells["period"] <= 15).sum() <= row["high"])
    assert sum(inside) >= 24  # of 30; fewer would be a chance of one in five hundred at 95%


def test_probabilities_are_those_of_what_came(hazard, adoptions):
    """Among regions given a chance of p by period 13, a share of about p adopted by then."""
    parts = []
    for name, spells in adoptions.groupby("innovation"):
        found = gi.simulate.spread(hazard, periods=3, innovation=name, observed_to=10, draws=200)
        waiting = found.before["probability"] == 0
        had = spells.set_index("region")["period"].reindex(found.probability.index)
        parts.append(pd.DataFrame({"p": found.probability[13], "came": had <= 13})[waiting])
    table = pd.concat(parts)
    fifths = table.groupby(pd.qcut(table["p"], 5)).agg(p=("p", "mean"), came=("came", "mean"))
    assert (fifths["p"] - fifths["came"]).abs().max() < 0.12
    assert np.corrcoef(table["p"], table["came"])[0, 1] > 0.2


def test_probabilities_rise_and_agree_with_arrivals(hazard, lattice):
    found = gi.simulate.spread(hazard, periods=8, innovation="i3", observed_to=10)
    assert list(found.probability.index) == list(lattice.index)
    assert list(found.probability.columns) == list(range(11, 19))
    assert (found.probability.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    half = (found.probability >= 0.5).idxmax(axis=1)[(found.probability >= 0.5).any(axis=1)]
    waiting = found.before["probability"] == 0
    both = half[waiting.reindex(half.index)]
    assert found.arrival[both.index].astype(int).to_dict() == both.to_dict()
    assert found.change["probability"].to_numpy() == pytest.approx(
        (found.probability[18] - found.before["probability"]).to_numpy()
    )
    assert "of 36 regions have i3" in str(found)


def test_known_silence_lowers_the_rate(hazard):
    last = hazard.process.adoptions.groupby("innovation")["period"].max().loc["i3"]
    at_once = gi.simulate.spread(hazard, periods=5, innovation="i3", observed_to=last)
    silent = gi.simulate.spread(hazard, periods=5, innovation="i3", observed_to=last + 20)
    assert silent.adopters["median"].iloc[-1] < at_once.adopters["median"].iloc[-1]


def test_the_seed_makes_draws_repeatable(hazard):
    one, two, other = (gi.simulate.spread(hazard, periods=3, innovation="i3", seed=s) for s in (1, 1, 2))
    assert one.probability.equals(two.probability)
    assert not one.probability.equals(other.probability)


def test_the_default_is_the_latest_that_can_still_spread(hazard):
    found = gi.simulate.spread(hazard, periods=1)
    last = hazard.process.adoptions.groupby("innovation")["period"].max()
    assert last[found.innovation] == last.max()
    assert hazard.process.present.loc[found.innovation].sum() < 36


def test_what_cannot_go_on_is_refused(hazard, early, lattice):
    near = gi.weigh.contiguity(lattice)
    with pytest.raises(gi.OptionError, match="no innovation 'none'"):
        gi.simulate.spread(hazard, periods=1, innovation="none")
    with pytest.raises(gi.OptionError, match="observed_to must be a whole period"):
        gi.simulate.spread(hazard, periods=1, innovation="i3", observed_to=1)
    everyone = pd.DataFrame({"region": lattice.index, "innovation": "all", "period": range(36)})
    sudden = pd.DataFrame({"region": lattice.index[:9], "innovation": "sudden", "period": 4})
    whole = gi.measure.diffusion_hazard(pd.concat([early, everyone, sudden]), near, permutations=1)
    with pytest.raises(gi.ColumnError, match="Every region that could has adopted"):
        gi.simulate.spread(whole, periods=1, innovation="all")
    with pytest.raises(gi.ColumnError, match="adopted in one period alone"):
        gi.simulate.spread(whole, periods=1, innovation="sudden")
    halves = gi.measure.diffusion_hazard(early.assign(period=early["period"] / 2), near, permutations=1)
    with pytest.raises(gi.ColumnError, match="must be whole numbers"):
        gi.simulate.spread(halves, periods=1, innovation="i3")


def test_another_result_is_refused():
    with pytest.raises(gi.ColumnError, match=r"hazard must be what .*diffusion_hazard returns; int"):
        gi.simulate.spread(3, periods=2)
