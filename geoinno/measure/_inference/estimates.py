"""Tables of estimates with their standard errors and normal intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95


def coefficients(names: Sequence[str], estimates: Floats, covariance_matrix: Floats) -> pd.DataFrame:
    """Return the table of estimates with their normal 95% intervals."""
    se = np.sqrt(np.diagonal(covariance_matrix))
    z = estimates / se
    reach = stats.norm.ppf((1 + LEVEL) / 2) * se
    columns = {
        "estimate": estimates,
        "se": se,
        "z": z,
        "p": 2 * stats.norm.sf(np.abs(z)),
        "low": estimates - reach,
        "high": estimates + reach,
    }
    return pd.DataFrame(columns, index=pd.Index(names, name="term"))
