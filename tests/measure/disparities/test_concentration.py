"""Concentration by closed forms and published examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def series(values):
    return pd.Series(values, index=[f"r{i}" for i in range(len(values))], dtype=float)


def test_herfindahl_and_primacy_by_hand():
    assert gi.measure.herfindahl(series([1, 1, 2])) == pytest.approx(0.375)
    assert gi.measure.primacy(series([1, 1, 2])) == 0.5
    assert gi.measure.herfindahl(series([1e308, 1e308, 2e300])) == pytest.approx(0.5)


def test_zipf_is_recovered():
    # Sizes 1 / (rank - 1/2) make the corrected regression exact.
    exact = series(1 / (np.arange(1, 101) - 0.5))
    found = gi.measure.rank_size(exact)
    assert found.slope == pytest.approx(-1)
    # Gabaix and Ibragimov (2011): the standard error is the slope times sqrt(2 / n).
    assert found.se == pytest.approx(np.sqrt(2 / 100))
    assert gi.measure.rank_size(exact, top=10).n == 10
    with pytest.raises(gi.errors.ColumnError, match="3 places"):
        gi.measure.rank_size(series([1, 0, 0]))


def test_the_rank_size_slope_is_steep_where_sizes_are_alike():
    alike = series(np.linspace(100, 120, 20))
    few = series(np.exp(-np.arange(20.0)))
    steep, flat = gi.measure.rank_size(alike), gi.measure.rank_size(few)
    assert steep.slope < -10
    assert -1 < flat.slope < 0
    assert "more means that sizes are more alike" in str(steep)
    with pytest.raises(gi.errors.ColumnError, match="not all of the same mass"):
        gi.measure.rank_size(series([1, 1 + 1e-15, 1, 1]))


def test_rank_size_is_the_regression_of_statsmodels():
    # statsmodels 0.15.0: OLS(log(rank - 0.5), add_constant(log(size))).fit().params[1] on these sizes.
    found = gi.measure.rank_size(series([8, 4.2, 2.5, 2.1, 1.4, 1]))
    assert found.slope == pytest.approx(-1.1520251737683735, rel=1e-9)
