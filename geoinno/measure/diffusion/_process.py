"""Process: what is known of a diffusion when the data end, and what forecasts of it need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure.diffusion._exposures import exposures
from geoinno.measure.diffusion._histories import states

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Bools, Floats
    from geoinno.measure.diffusion._exposures import Landscape


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """Adoptions, who has each innovation when they end (innovations by regions), and what they act through.

    ``slopes`` are the coefficients, ``covariance`` theirs and then that of unit effects; ``effects`` those of
    all regions, minus infinity where a region never adopts.
    """

    adoptions: pd.DataFrame
    present: pd.DataFrame
    landscape: Landscape
    slopes: pd.Series
    covariance: pd.DataFrame
    effects: pd.Series

    @property
    def able(self) -> Bools:
        """Which regions the model says anything about: those with neighbours."""
        return self.landscape.linked

    def drawn_slopes(self, rng: np.random.Generator, count: int) -> Floats:
        """Return draws of the coefficients of the exposures (draws by terms), unit effects held."""
        names = list(self.slopes.index)
        spread = self.covariance.loc[names, names].to_numpy()
        return rng.multivariate_normal(self.slopes.to_numpy(), spread, size=count, method="eigh")

    def scores(self, adopted: Bools, slopes: Floats) -> Floats:
        """Return the log relative hazards of regions (columns) in states (rows), each with its own slopes.

        Minus infinity where a region has adopted, or cannot.
        """
        found = exposures(adopted, self.landscape)
        total = self.effects.to_numpy() + sum(
            slopes[:, [k]] * found[name] for k, name in enumerate(self.slopes.index)
        )
        return np.where(~adopted & self.able, total, -np.inf)

    def states(self, innovation: str, *, last: float) -> tuple[Bools, Bools]:
        """Return who had an innovation, and who adopted it, in each period from the second to the last."""
        spells = self.adoptions[self.adoptions["innovation"] == innovation]
        return states(spells, self.present.columns, last=last)
