"""Noise placebo: whether a map of nothing, as smooth as this one, would say the same."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno._contract import column, whole
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.errors import ColumnError, OptionError
from geoinno.measure._inference.noise import noise_p, simulate_noise
from geoinno.scale import engine, follow, parted, run_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from geopandas import GeoDataFrame

    from geoinno._types import Floats
    from geoinno.scale import Block, Executor


_MIDDLE = (0.025, 0.975)
# Maps in a block that is handed to an executor.
_MAPS = 25


@dataclass(frozen=True, slots=True)
class NoisePlacebo(Displayed):
    """A statistic beside what maps of pure noise give.

    ``low`` to ``high`` hold the middle 95% of the statistic over noise; ``p`` is two-sided.
    ``range_km`` is the distance at which the fitted correlation falls to .05, ``nugget`` the share of
    variance that neighbours do not have in common, and ``family`` the covariance.
    """

    statistic: float
    p: float
    low: float
    high: float
    range_km: float
    nugget: float
    family: str
    n: int
    draws: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        beyond = self.p <= ALPHA
        finding = "lies beyond what" if beyond else "is no more than what"
        smooth = f"correlated over {self.range_km:,.0f} km" if self.range_km > 0 else "without correlation"
        return (
            f"The statistic, {self.statistic:.4g}, {finding} maps of noise give: two-sided p {self.p:.3g}, "
            f"middle 95% of {self.draws:,} simulated maps {self.low:.4g} to {self.high:.4g} "
            f"({self.family} noise {smooth}, {self.n:,} regions)."
        )


def noise_placebo(
    statistic: Callable[[pd.Series], float],
    values: pd.Series | str,
    regions: GeoDataFrame,
    *,
    regressors: pd.DataFrame | None = None,
    draws: int = 499,
    seed: int = 0,
    executor: Executor | None = None,
) -> NoisePlacebo:
    """Test any statistic of a map against maps of pure noise that are just as smooth.

    A spatial covariance is fitted to the values by restricted maximum likelihood; ``draws`` maps of noise
    are simulated from it, and the statistic of each is taken. A low p says that noise, however smooth,
    would seldom give such a statistic, in either direction. Neighbouring regions are alike on most maps,
    and then ordinary t-tests find effects in pure noise far more often than their level says.

    Parameters
    ----------
    statistic
        Function of a Series like ``values`` that returns a number whose distribution under the null does
        not depend on the unit, such as the t-value of a coefficient, a correlation or a log ratio.
    values
        The outcome by region id, or the name of a column of ``regions``; none may be missing.
    regions
        Polygons or points in any CRS. Distances are geodesic km between their representative points.
    regressors
        By region id, the terms of the model that the statistic comes from, the tested one included: the
        covariance is then fitted to what they leave, so that an effect does not pass for smooth noise.
    draws
        Number of simulated maps.
    seed
        Makes the simulated maps repeatable.
    executor
        Who takes the statistic of the simulated maps: anything with ``submit(function, *arguments)``, such
        as a ``ThreadPoolExecutor`` or a Dask ``Client``. None takes them here, one after the other.

    Returns
    -------
    NoisePlacebo
        Statistic, two-sided p-value, the middle 95% of the null, and the range of the noise in km.

    Raises
    ------
    ColumnError
        If a value is missing or all are equal, if there are not ten regions more than terms, or if the
        statistic is not a number.
    OptionError
        If the statistic is not a function, or the executor has no ``submit``.

    Notes
    -----
    The covariance is exponential, or Matern of smoothness 3/2, with a nugget, whichever is more likely.
    To 3,000 regions fields are exact (Cholesky factors), beyond that each place depends on the twenty
    nearest of those before it (Vecchia factors). Simulated maps have the mean of the values. Under noise
    with a range to a quarter of the map, 5% tests reject in 3-7% of maps. Where correlation reaches across
    most of the map, a tested trend and smooth noise can hardly be told apart: with the trend among the
    ``regressors`` they reject in up to 13%, without it in up to 7%.

    References
    ----------
    Kelly, M. (2019). The standard errors of persistence. CEPR Discussion Paper 13783.
    Conley, T. G. and Kelly, M. (2025). The standard errors of persistence. Journal of International
    Economics 153, 104027. doi:10.1016/j.jinteco.2024.104027
    Vecchia, A. V. (1988). Estimation and model identification for continuous spatial processes. Journal
    of the Royal Statistical Society B 50(2), 297-312. doi:10.1111/j.2517-6161.1988.tb01729.x
    Guinness, J. (2018). Permutation and grouping methods for sharpening Gaussian process approximations.
    Technometrics 60(4), 415-429. doi:10.1080/00401706.2018.1437476

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> north = gi.weigh.places(regions)["lat"]
    >>> found = gi.measure.noise_placebo(north.corr, regions["primacy"], regions)
    >>> 0 < found.p <= 1
    True
    """
    whole(draws, name="draws", least=19)
    if not callable(statistic):
        message = f"statistic must be a function of a Series; {type(statistic).__name__} was given."
        raise OptionError(message)
    outcome = column(values, regions)
    noise = simulate_noise(outcome, regions, regressors=regressors, draws=draws, seed=seed)
    maps = float(outcome.mean()) + noise.fields
    drawn = _over_maps(statistic, maps, outcome, executor=executor)
    observed = _number(statistic, outcome)
    _known(observed, drawn)
    low, high = np.quantile(drawn, _MIDDLE)
    return NoisePlacebo(
        statistic=observed,
        p=noise_p(observed, drawn),
        low=float(low),
        high=float(high),
        range_km=noise.range_km,
        nugget=noise.nugget,
        family=noise.family,
        n=len(outcome),
        draws=draws,
        seed=seed,
    )


def _over_maps(
    statistic: Callable[[pd.Series], float], maps: Floats, outcome: pd.Series, *, executor: Executor | None
) -> Floats:
    """Return the statistic of each map (a column), here or where the executor takes it."""
    inputs = (statistic, pd.DataFrame(maps, outcome.index), outcome.name)
    if executor is None:
        return _statistics((0, maps.shape[1]), *inputs)[0]
    blocks = parted(maps.shape[1], _MAPS)
    with closing(run_blocks(_statistics, blocks, inputs, engine=engine(executor))) as parts:
        return np.concatenate([part for (part,) in parts])


def _statistics(block: Block, *inputs: Any) -> tuple[Floats]:  # noqa: ANN401 - the flat inputs of a block
    """Return the statistics of the maps of a block."""
    statistic, maps, name = inputs
    columns = follow(range(*block), "Simulated map")
    return (np.array([_number(statistic, maps[column].rename(name)) for column in columns]),)


def _number(statistic: Callable[[pd.Series], float], values: pd.Series) -> float:
    """Return the statistic of a map as a float; an answer of several numbers is refused."""
    answer = np.asarray(statistic(values), dtype=np.float64)
    if answer.size != 1:
        message = f"statistic must return one number; it returned {answer.size:,}."
        raise OptionError(message)
    return float(answer.item())


def _known(observed: float, drawn: Floats) -> None:
    """Raise where a statistic is not a number: it has no p-value."""
    if not np.isfinite(observed):
        message = f"The statistic of the values is {observed}: it has no p-value."
        raise ColumnError(message)
    unknown = int((~np.isfinite(drawn)).sum())
    if unknown:
        message = (
            f"The statistic is not a finite number in {unknown:,} of {len(drawn):,} simulated maps. "
            "Simulated values may be negative: take logarithms before the call, not in the statistic."
        )
        raise ColumnError(message)
