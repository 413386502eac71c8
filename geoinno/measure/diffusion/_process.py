"""Process: what is known of a diffusion when the data end, and what forecasts of it need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.measure.diffusion._exposures import Landscape


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """Adoptions, who has each innovation when they end (innovations by regions), and what they act through.

    ``covariance`` is that of the coefficients, unit effects after them.
    """

    adoptions: pd.DataFrame
    present: pd.DataFrame
    landscape: Landscape
    covariance: pd.DataFrame
