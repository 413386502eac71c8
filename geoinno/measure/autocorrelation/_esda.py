"""Statistics that esda computes, on aligned values and weights, with two-sided p-values from the same null.

esda reads values by position and shuffles with NumPy's global generator: values come here in the order of
the weights, and the generator is left as it was found. Its own p-values take the smaller of two tails, which
halves them; ours are two-sided.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import named
from geoinno.errors import AlignmentError
from geoinno.measure._inference.permutations import Draws, Observed, conditional_counts, counted
from geoinno.measure._inference.significance import two_sided, two_sided_normal, warn_if_coarse
from geoinno.measure.autocorrelation._results import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scipy import sparse

    from geoinno._types import Floats
    from geoinno.measure._inference.lags import Joined

_ROUNDING = 1e-12


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed NumPy's global generator, which esda draws from, and put it back afterwards."""
    before = np.random.get_state()  # noqa: NPY002 - esda draws from no other
    np.random.seed(np.random.SeedSequence(seed).generate_state(1)[0])  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


def bivariate_moran(here: Joined, there: Joined, *, permutations: int, seed: int) -> Comparison:
    """Return the bivariate Moran's I of esda; its moments follow from shuffles of the second indicator."""
    from esda import Moran_BV

    x, y = _scores(here), _scores(there)
    with _seeded(seed):
        found = Moran_BV(x, y, _as_w(here.matrix), transformation="O", permutations=permutations)
    # sum_j a_j y_s(j) over all shuffles s, a = W'x (Wald and Wolfowitz 1944); y has mean 0 and variance 1.
    pull = here.matrix.T @ x
    variance = pull.var() / (len(x) - 1)
    return _drawn(float(found.I), (0.0, float(variance)), found.sim)


def bivariate_local_moran(here: Joined, there: Joined, *, permutations: int, seed: int) -> pd.DataFrame:
    """Return the bivariate local Moran of esda, with conditional permutations of our own.

    esda draws alike, but keeps the smaller tail and compiles for half a minute on first use.
    """
    from esda import Moran_Local_BV

    x, y = _scores(here), _scores(there)
    found = Moran_Local_BV(x, y, _as_w(here.matrix), transformation="O", permutations=0)
    lag = here.matrix @ y
    p = _conditional(here, y, lag, permutations=permutations, seed=seed)
    # On the mean of x, the statistic is zero whatever the neighbours are.
    p[here.connected & (here.deviations == 0)] = 1.0
    side = np.where(here.deviations > 0, "H", "L")
    sums = here.matrix @ there.x
    quadrant = pd.Series(np.char.add(side, np.where(lag > 0, "H", "L"))).where(here.connected)
    columns = {"statistic": found.Is, "lag": there.unit * sums, "quadrant": quadrant.to_numpy(), "p": p}
    table = pd.DataFrame(columns, index=here.ids)
    table.loc[~here.connected, ["statistic", "lag"]] = np.nan
    return table


def lee(here: Joined, there: Joined, *, permutations: int, seed: int) -> Comparison:
    """Return Lee's L of esda; both indicators are shuffled together."""
    from esda import Spatial_Pearson

    columns = (here.x[:, None], there.x[:, None])
    with _seeded(seed):
        found = Spatial_Pearson(here.matrix, permutations=permutations).fit(*columns)
    drawn = found.reference_distribution_[:, 0, 1]
    moments = float(drawn.mean()), float(drawn.var())
    return _drawn(float(found.association_[0, 1]), moments, drawn)


def losh(together: Joined, *, permutations: int, seed: int) -> pd.DataFrame:
    """Return the local spatial heteroscedasticity of esda, with conditional permutations of its terms."""
    from esda import losh as esda_losh

    matrix = together.matrix
    if not together.connected.all():
        message = (
            "Every region with a link needs neighbours of its own for this measure; these are only "
            f"neighbours of others: {named(together.ids[~together.connected])}. Make the weights symmetric."
        )
        raise AlignmentError(message)
    estimator = esda_losh.LOSH(connectivity=_as_w(matrix), inference="chi-square")
    found = estimator.fit(together.deviations / np.abs(together.deviations).max())
    square = found.yresid / found.yresid.mean()
    p = _conditional(together, square, matrix @ square, permutations=permutations, seed=seed)
    columns = {
        "statistic": found.Hi,
        "variance": found.VarHi,
        "evenness": np.where(found.Hi > 1, "uneven", "even"),
        "p_chi_square": found.pval,
        "p": p,
    }
    return pd.DataFrame(columns, index=together.ids)


def _scores(together: Joined) -> Floats:
    """Return standard scores."""
    z = together.deviations
    return z / z.std()


def _conditional(together: Joined, values: Floats, sums: Floats, *, permutations: int, seed: int) -> Floats:
    """Return two-sided p-values of weighted sums over neighbours drawn from all other regions."""
    warn_if_coarse(together.n, permutations)
    band = together.tie * np.abs(values).max() * np.asarray(abs(together.matrix).sum(axis=1)).ravel()
    seen = Observed(values, together.matrix, np.stack([sums - band, sums + band]))
    p = two_sided(conditional_counts(seen, Draws(permutations, seed)), permutations)
    return np.where(together.connected, p, np.nan)


def _drawn(statistic: float, moments: tuple[float, float], draws: Floats) -> Comparison:
    """Return a statistic with z and both p-values; z is missing where no shuffle changes it."""
    expected, variance = moments
    fixed = variance <= _ROUNDING * max(statistic**2, expected**2)
    z = math.nan if fixed else (statistic - expected) / math.sqrt(variance)
    scale = max(abs(statistic), float(np.abs(draws).max()))
    p = float(two_sided(counted(draws, statistic, scale), len(draws)))
    return Comparison(statistic, expected, variance, z, two_sided_normal(z), p)


def _as_w(matrix: sparse.csr_array) -> object:
    """Return weights as esda reads them, positions in place of ids."""
    from libpysal.weights import WSP

    return WSP(matrix.tocsr()).to_W(silence_warnings=True)
