"""Least squares with HC3 errors, against statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from geoinno.measure._inference.least_squares import fitted


@pytest.mark.oracle
def test_estimates_errors_and_intervals_are_those_of_statsmodels():
    rng = np.random.default_rng(8)
    terms = pd.DataFrame(rng.normal(size=(40, 2)), columns=["a", "b"])
    # One point pulls at the line, so that leverages differ.
    terms.loc[0, "a"] = 9.0
    level = 1 + 2 * terms["a"] - terms["b"] + rng.normal(size=40) * (1 + terms["a"].abs())
    found = fitted(level, terms, terms)
    peer = sm.OLS(level, sm.add_constant(terms)).fit(cov_type="HC3", use_t=False)
    table = found.coefficients
    np.testing.assert_allclose(table["estimate"], peer.params, rtol=1e-9)
    np.testing.assert_allclose(table["se"], peer.bse, rtol=1e-9)
    np.testing.assert_allclose(table["p"], peer.pvalues, rtol=1e-7)
    np.testing.assert_allclose(table[["low", "high"]], peer.conf_int(), rtol=1e-9)
    np.testing.assert_allclose(found.residuals, peer.resid, rtol=1e-9)
    assert found.r_squared == pytest.approx(peer.rsquared)
    outliers = peer.get_influence().resid_studentized_external
    # Two-sided, by Student's t with one degree of freedom less than the residuals have.
    np.testing.assert_allclose(found.outlier_p, 2 * stats.t.sf(np.abs(outliers), 40 - 3 - 1), rtol=1e-7)
