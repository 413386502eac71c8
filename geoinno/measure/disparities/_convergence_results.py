"""Results of convergence: whether poor regions grow faster, and whether regions become alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.measure._inference.significance import finding

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.measure._inference.estimates import Interval

_MODELS = {
    "ols": "least squares with HC3 errors",
    "lag": "a spatial lag by maximum likelihood",
    "error": "a spatial error by maximum likelihood",
}


@dataclass(frozen=True, slots=True, eq=False)
class Beta(Displayed):
    """The slope of annual growth on the log of the start, with the speed and half-life that follow from it.

    ``impacts`` is None without a spatial lag; without regions, ``p_noise`` is missing and ``unit_root`` None.
    """

    slope: Interval
    speed: Interval
    half_life: Interval
    coefficients: pd.DataFrame
    impacts: pd.DataFrame | None
    p_noise: float
    unit_root: pd.DataFrame | None
    model: str
    conditional: bool
    years: float
    n: int

    def __str__(self) -> str:
        """Return the result in words."""
        kind = "conditional" if self.conditional else "absolute"
        noise = "" if np.isnan(self.p_noise) else f", p {self.p_noise:.3g} against maps of noise"
        fitted = f"{_MODELS[self.model]}, {self.n:,} regions over {self.years:g} years{noise}"
        slope = f"slope {self.slope}"
        if not self.speed.estimate > 0:
            return f"There is no {kind} convergence to put a speed to: {slope} ({fitted}).{self._warning()}"
        speed = [f"{100 * bound:.2f}" for bound in self.speed]
        certain = "converge" if self.speed.low > 0 else "may converge"
        half = self.half_life
        upper = f"{half.high:.0f} years" if np.isfinite(half.high) else "no bound"
        return (
            f"Regions {certain} ({kind} convergence) at {speed[0]}% a year (95% interval {speed[1]} to "
            f"{speed[2]}), which halves a gap in {half.estimate:.0f} years ({half.low:.0f} to {upper}): "
            f"{slope} ({fitted}).{self._warning()}"
        )

    def _warning(self) -> str:
        """Return a warning where residuals drift over the map."""
        if self.unit_root is None:
            return ""
        root, weak = (float(self.unit_root[column].loc["residuals"]) for column in ("p_unit_root", "p_weak"))
        if root <= ALPHA or weak > ALPHA:
            return ""
        return (
            f" Be careful: residuals may have a spatial unit root (p {root:.2g}) and are not weakly "
            f"dependent (p {weak:.2g}), so that the interval is too short and the relation may be spurious. "
            "Judge it by p_noise."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sigma(Displayed):
    """The spread of regions by year (``table``: ``sd`` of logs and ``cv``), and whether it changed.

    ``t`` is Pitman and Morgan's, above zero where the spread fell; ``chi2`` Carree and Klomp's.
    """

    table: pd.DataFrame
    t: float
    p_pitman_morgan: float
    chi2: float
    p_carree_klomp: float
    n: int

    def __str__(self) -> str:
        """Return the result in words."""
        start, end = self.table["sd"].iloc[[0, -1]]
        first, last = self.table.index[[0, -1]]
        change = finding(
            self.p_pitman_morgan,
            "convergence" if self.t > 0 else "divergence",
            "a change that chance could explain",
            untested="the two cannot be compared",
        )
        tests = f"Pitman-Morgan p {self.p_pitman_morgan:.3g}, Carree-Klomp p {self.p_carree_klomp:.3g}, "
        tests = "" if np.isnan(self.p_pitman_morgan) else tests
        return (
            f"The standard deviation of logs was {start:.3f} in {first} and {end:.3f} in {last}: {change} "
            f"({tests}{self.n:,} regions)."
        )
