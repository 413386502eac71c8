"""Tables of trade: what goes in comes out, and own trade is what is left of production."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

FLOWS = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "a"], "value": [2.0, 1.0]})


def test_own_trade_is_production_less_exports():
    table = gi.simulate.trade_table(FLOWS, production=pd.Series({"b": 5.0, "a": 10.0}))
    assert table.index.to_list() == table.columns.to_list() == ["b", "a"]
    assert table.to_numpy().tolist() == [[4.0, 1.0], [2.0, 8.0]]


def test_fitted_flows_of_a_gravity_model_become_trade(austria):
    fit = gi.measure.gravity(austria.flows, gi.weigh.distances(austria.regions))
    sent = fit.fitted.groupby("origin")["expected"].sum()
    table = gi.simulate.trade_table(fit.fitted, column="expected", production=4 * sent)
    assert table.sum(axis=1).to_numpy() == pytest.approx(4 * sent.to_numpy())
    assert table.loc[*fit.fitted.loc[0, ["origin", "destination"]]] == fit.fitted.loc[0, "expected"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"production": pd.Series({"a": 10.0, "b": 1.0})}, "as large as production, or larger, in 'b'"),
        ({"production": pd.Series({"a": 10.0})}, "regions that are not in the regions: 'b'"),
        ({"column": "expected"}, "no column 'expected'; their columns are 'origin'"),
        ({}, "no own trade, on the diagonal, for 'a', 'b'"),
    ],
)
def test_unsound_flows_are_refused(options, words):
    with pytest.raises(gi.GeoinnoError, match=words):
        gi.simulate.trade_table(FLOWS, **options)


def test_regional_trade_adds_up_to_that_of_countries():
    random = np.random.default_rng(2)
    trade = pd.DataFrame(random.uniform(1, 9, (3, 3)), index=list("ABC"), columns=list("ABC"))
    country = pd.Series(list("AABBBC"), index=[f"r{i}" for i in range(6)])
    size = pd.Series(random.uniform(1, 5, 6), index=country.index)
    regions = gi.simulate.regional_trade(trade, size, country)
    sums = regions.groupby(country).sum().T.groupby(country).sum().T
    pd.testing.assert_frame_equal(sums, trade, check_names=False)
    # Alike for their size: every region of a country has its country's welfare.
    change = pd.DataFrame(0.0, index=list("ABC"), columns=list("ABC"))
    change.loc["A", "B"] = change.loc["B", "A"] = 0.7
    fine = pd.DataFrame(change.loc[country, country].to_numpy(), index=country.index, columns=country.index)
    coarse = gi.simulate.opening(trade, change).table["welfare"]
    regional = gi.simulate.opening(regions, fine).table["welfare"]
    assert regional.to_numpy() == pytest.approx(coarse[country].to_numpy(), abs=1e-10)


def test_sizes_and_countries_are_checked():
    trade = pd.DataFrame([[2.0, 1.0], [1.0, 2.0]], index=["A", "B"], columns=["A", "B"])
    size = pd.Series({"a": 1.0, "b": 0.0})
    with pytest.raises(gi.ColumnError, match="Sizes must be above zero; they are not in 'b'"):
        gi.simulate.regional_trade(trade, size, pd.Series({"a": "A", "b": "B"}))
    with pytest.raises(gi.AlignmentError, match="differ in 'B'"):
        gi.simulate.regional_trade(trade, size + 1, pd.Series({"a": "A", "b": "A"}))
