"""Borrowed size: whether regions near large cities have more functions than their own size explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.errors import ColumnError
from geoinno.measure._inference import least_squares
from geoinno.measure._inference.noise import noise_p, simulate_noise
from geoinno.measure._inference.significance import adjusted
from geoinno.measure.potential.market_potential import market_potential

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats
    from geoinno.weigh import Decay

# Degrees of freedom below which smooth noise cannot be told from noise without a range.
_LEAST_FREE = 10


@dataclass(frozen=True, slots=True, eq=False)
class BorrowedSize(Displayed):
    """Elasticities of functions to own size and to potential around (``coefficients``), and by region.

    ``table``: ``residual`` with ``p`` and ``q`` as an outlier, ``around`` (log potential less its mean) and
    ``label``: borrowing, shadow, or as expected.
    """

    coefficients: pd.DataFrame
    table: pd.DataFrame
    r_squared: float
    n: int
    instrumented: bool

    def __str__(self) -> str:
        """Return the result in words."""
        parts = []
        for name, row in self.coefficients.drop("constant").iterrows():
            size = f"{row['estimate']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
            parts.append(f"{str(name).replace('_', ' ')} {size}, p {row['p_noise']:.3g}")
        around = self.coefficients.loc[["domestic_potential"], ["estimate", "p_noise"]].to_numpy()[0]
        finding = (
            "There is no evidence of borrowed size or of an agglomeration shadow beyond what noise could give"
        )
        if around[1] <= ALPHA:
            finding = "Regions borrow size" if around[0] > 0 else "Regions stand in an agglomeration shadow"
        how = "two-stage least squares" if self.instrumented else "least squares"
        return (
            f"{finding}: elasticities {'; '.join(parts)} ({how}, 95% intervals with HC3 errors, p against "
            f"maps of noise as smooth as the residuals, {self.n} regions)."
        )


def borrowed_size(
    functions: pd.Series | str,
    size: pd.Series | str,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    country: pd.Series | str | None = None,
    instrument: pd.Series | str | None = None,
    draws: int = 499,
    seed: int = 0,
) -> BorrowedSize:
    """Test whether regions borrow functions from large others nearby, or stand in their shadow.

    ln F_i = a + b ln S_i + g ln MP_i + h ln MX_i + e_i, with functions F, size S, and the potential of other
    regions, domestic MP and foreign MX (sums of size times decay). g above 0: borrowed size; below: shadow;
    h says the same of what lies across the border.

    Parameters
    ----------
    functions
        Such as airports, universities or headquarters, above zero for the regions that count; regions with
        zero or a missing value are left out, and counted.
    size
        Such as population, above zero, by region id.
    regions
        The same regions, in any CRS.
    decay
        Of size with km.
    country
        Country of each region; without it all potential is domestic.
    instrument
        Sizes of long ago, above zero: potentials made of them instrument today's, which may follow from
        functions (two-stage least squares).
    draws, seed
        Maps of noise behind ``p_noise``, and the seed that makes them repeatable.

    Returns
    -------
    BorrowedSize
        ``coefficients`` (rows ``constant``, ``size``, ``domestic_potential``, ``foreign_potential``) with HC3
        errors and ``p_noise``; ``table`` by region, indexed as ``functions``.

    Raises
    ------
    ColumnError
        If there are not ten regions that count more than coefficients, or sizes or potentials are zero.

    Notes
    -----
    ``p`` takes residuals as independent. Potentials are smooth, and where residuals are smooth too, such a
    test finds effects too often: at 5%, in 11 to 17% of 800 maps of noise with a range of a quarter of the
    map, and in half of smoother ones. ``p_noise`` is the two-sided share of ``draws`` maps of
    noise, as smooth as the residuals of the full model, whose t-value is as far from 0: judge by it. On the
    same maps it found an effect of domestic potential in 7.5%, of foreign potential and size in 5%.

    Regional p-values test single residuals against a t distribution (externally studentised), as outliers
    are tested; a region borrows where its residual is significant and above zero and the potential
    around it above the mean.

    References
    ----------
    Alonso, W. (1973). Urban zero population growth. Daedalus 102(4), 191-206.
    Kelly, M. (2019). The standard errors of persistence. CEPR Discussion Paper 13783.
    Meijers, E. J. and Burger, M. J. (2017). Stretching the concept of borrowed size. Urban Studies 54(1),
    269-291. doi:10.1177/0042098015597642

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> found = gi.measure.borrowed_size(regions["airports"], regions["city_population"], regions,
    ...     decay=gi.weigh.exponential(200), country="country")
    >>> found.coefficients.index.to_list()
    ['constant', 'size', 'domestic_potential', 'foreign_potential']
    """
    given = _contract.column(functions, _contract.sound_regions(regions), what="functions")
    level = _contract.numbers(given, missing=True, regions=regions, what="functions")
    counted = (level > 0).to_numpy()
    terms = _terms(size, regions, decay=decay, country=country)
    if counted.sum() < terms.shape[1] + 1 + _LEAST_FREE:
        message = (
            f"{_contract.titled(given)} is above zero in {int(counted.sum())} regions only: too few to fit."
        )
        raise ColumnError(message)
    exogenous = terms
    if instrument is not None:
        around = [str(c) for c in terms if str(c).endswith("potential")]
        exogenous = terms.assign(**_terms(instrument, regions, decay=decay, country=country)[around])
    logs = np.log(level[counted])
    fit = least_squares.fitted(logs, terms[counted], exogenous[counted])
    noise = simulate_noise(logs, regions[counted], regressors=terms[counted], draws=draws, seed=seed)
    coefficients = fit.coefficients.assign(
        p_noise=_noise_p(fit.coefficients, noise.fields, terms=terms[counted], exogenous=exogenous[counted])
    )
    table = _by_region(fit, terms["domestic_potential"], counted).reindex(given.index)
    return BorrowedSize(coefficients, table, fit.r_squared, int(counted.sum()), instrument is not None)


def _by_region(fit: least_squares.Fit, potential: pd.Series, counted: Bools) -> pd.DataFrame:
    """Return residuals with p and q, how far the potential is above its mean, and what that is called."""
    ids = potential.index
    table = pd.DataFrame({"residual": fit.residuals, "p": fit.outlier_p}, index=ids[counted]).reindex(ids)
    table["q"] = adjusted(table["p"])
    table["around"] = potential - potential[counted].mean()
    certain = (table["q"] <= ALPHA) & (table["around"] > 0)
    labels = [certain & (table["residual"] > 0), certain & (table["residual"] < 0)]
    label = pd.Series(np.select(labels, ["borrowing", "shadow"], "as expected"), index=ids, dtype="object")
    return table.assign(label=label.where(counted))


def _noise_p(
    coefficients: pd.DataFrame,
    fields: Floats,
    *,
    terms: pd.DataFrame,
    exogenous: pd.DataFrame,
) -> pd.Series:
    """Return the p-value of each t among those that maps of noise give; the constant has none."""
    drawn = []
    for field in fields.T:
        table = least_squares.fitted(pd.Series(field, terms.index), terms, exogenous).coefficients
        drawn.append((table["estimate"] / table["se"]).to_numpy())
    nulls = np.array(drawn)
    own = coefficients["estimate"] / coefficients["se"]
    p = [noise_p(float(t), nulls[:, k]) for k, t in enumerate(own)]
    return pd.Series(p, coefficients.index).drop("constant").reindex(coefficients.index)


def _terms(
    size: pd.Series | str, regions: GeoDataFrame, *, decay: Decay, country: pd.Series | str | None
) -> pd.DataFrame:
    """Return the logarithms of size and of the potential of other regions."""
    parts = market_potential(size, regions, decay=decay, country=country)
    columns = {
        "size": _contract.numbers(size, regions=regions, what="sizes"),
        "domestic_potential": parts["domestic"],
        **({} if country is None else {"foreign_potential": parts["foreign"]}),
    }
    table = pd.DataFrame(columns, index=regions.index)
    for name in table:
        none = table.index[table[name] <= 0]
        if len(none):
            message = (
                f"The {str(name).replace('_', ' ')} is zero in {_contract.named(none)}: it has no logarithm."
            )
            raise ColumnError(message)
    logs: pd.DataFrame = table.apply(np.log)
    return logs
