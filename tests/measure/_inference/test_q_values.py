"""False discovery rates: those of R."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def test_q_values_are_those_of_r():
    # R: p.adjust(c(.001, .008, .039, .041, .042, .06, .074, .205), "BH") and "BY"; the p-values
    # open the example of Benjamini and Hochberg's paper.
    p = pd.Series([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205], index=list("abcdefgh"))
    bh = [0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.0845714285714286, 0.205]
    by = [
        0.0217428571428571,
        0.0869714285714286,
        0.18264,
        0.18264,
        0.18264,
        0.217428571428571,
        0.229853061224490,
        0.557160714285714,
    ]
    assert np.allclose(gi.measure.q_values(p), bh)
    assert np.allclose(gi.measure.q_values(p, method="by"), by)
    with_gap = pd.concat([p, pd.Series([np.nan], index=["z"])])
    assert np.allclose(gi.measure.q_values(with_gap).drop("z"), bh)
    with pytest.raises(gi.ColumnError, match="between 0 and 1"):
        gi.measure.q_values(p * 10)
