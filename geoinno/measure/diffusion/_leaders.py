"""Leaders: which regions adopt earlier than their risk sets would have it, whatever surrounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special, stats

from geoinno._types import LEVEL

if TYPE_CHECKING:
    from geoinno.measure.diffusion._histories import Histories


def leaders(histories: Histories) -> pd.DataFrame:
    """Return adoptions of each region beside those expected if all regions at risk were equally likely."""
    at_risk = ~histories.adopted
    adopting = histories.adopting & at_risk
    shared = (adopting.sum(axis=1) / at_risk.sum(axis=1))[:, None]
    counts = adopting.sum(axis=0)
    expected = (at_risk * shared).sum(axis=0)
    first = np.full(int(histories.innovation.max()) + 1, np.inf)
    np.minimum.at(first, histories.innovation, histories.period)
    is_first = histories.period == first[histories.innovation]
    tail = (1 - LEVEL) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        table = {
            "adoptions": counts,
            "first": adopting[is_first].sum(axis=0),
            "expected": expected,
            "lead": counts / expected,
            # Exact bounds of a Poisson count (Garwood 1936).
            "low": special.gammaincinv(counts, tail) / expected,
            "high": stats.gamma.isf(tail, counts + 1) / expected,
        }
    return pd.DataFrame(table, index=histories.ids)
