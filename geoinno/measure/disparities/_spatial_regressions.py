"""Regressions with a spatial lag or a spatial error, fitted by spreg, and what follows through neighbours."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno._contract import named
from geoinno.errors import AlignmentError, ColumnError, GeoinnoError
from geoinno.measure._inference.estimates import coefficients
from geoinno.measure._inference.lags import weight_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from libpysal.graph import Graph
    from scipy import sparse

    from geoinno._types import Floats


# Up to here dense determinants cost less than sparse factors.
_DENSE = 500
_EPSILON = 1e-10
# An estimate this near to -1 or 1 lies on the bound of the search.
_BOUND = 0.999
_DRAWS = 9_999
_MIDDLE = (0.025, 0.975)


@dataclass(frozen=True, slots=True, eq=False)
class SpatialFit:
    """Coefficients (the spatial one last) with their covariance, and the log likelihood."""

    coefficients: pd.DataFrame
    covariance: Floats
    log_likelihood: float


def row_standardised(weights: Graph, ids: pd.Index) -> sparse.csr_array:
    """Return weights whose rows sum to one in the order of ``ids``; every region must have a neighbour."""
    isolates = weights.isolates
    if len(isolates):
        message = (
            f"Every region must have a neighbour here; {named(isolates)} have none. "
            "Link them: gi.weigh.contiguity(regions, islands='nearest'), or 'bridge'."
        )
        raise AlignmentError(message)
    order = weights.unique_ids.get_indexer(ids)
    return weight_matrix(weights, "row")[order][:, order]


def fit(
    y: Floats, design: Floats, matrix: sparse.csr_array, *, model: str, names: Sequence[str]
) -> SpatialFit:
    """Fit y on a design (a constant first) by maximum likelihood, with spreg.

    Its method "ord" takes the information of the symmetric twin of the weights for that of the weights, so
    that errors of the spatial lag come out wrong; "full" and "LU" use the weights themselves.
    """
    if find_spec("spreg") is None:
        message = "Spatial lags and errors are fitted by spreg: pip install 'geoinno[econ]'."
        raise GeoinnoError(message)
    from libpysal.weights import WSP
    from spreg.ml_error import BaseML_Error
    from spreg.ml_lag import BaseML_Lag

    regression: Any = BaseML_Lag if model == "lag" else BaseML_Error
    w = WSP(matrix.tocsr()).to_W(silence_warnings=True)
    method = "full" if len(y) <= _DENSE else "LU"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scipy, on the tolerances and formats that spreg hands it
        try:
            found = regression(y[:, None], design, w=w, method=method, epsilon=_EPSILON)
        except Exception as error:
            raise _not_identified(model) from error
    estimates = found.betas.ravel()
    if abs(estimates[-1]) >= _BOUND:
        raise _not_identified(model)
    covariance = np.asarray(found.vm, np.float64)
    return SpatialFit(coefficients(names, estimates, covariance), covariance, float(np.squeeze(found.logll)))


def _not_identified(model: str) -> ColumnError:
    """Return the error of a spatial coefficient at the end of its range."""
    return ColumnError(
        f"The spatial {model} is not identified: its estimate runs to the bound of -1 or 1. "
        "Use model='ols', or other weights."
    )


def impacts(fitted: SpatialFit, matrix: sparse.csr_array, *, place: int, seed: int) -> pd.DataFrame:
    """Return the average direct, indirect and total impact of a term of a spatial lag.

    The impact of x_j on y_i is b ((I - rho W)^-1)_ij (LeSage and Pace 2009, section 2.7). The mean of its
    diagonal is the sum of b / (1 - rho l) over eigenvalues l; rows that sum to one make the total
    b / (1 - rho). Intervals come from draws of b and rho.
    """
    pair = [place, -1]
    middle = fitted.coefficients["estimate"].to_numpy()[pair]
    spread = fitted.covariance[np.ix_(pair, pair)]
    rng = np.random.default_rng(seed)
    drawn = np.vstack([middle, rng.multivariate_normal(middle, spread, size=_DRAWS)])
    drawn = drawn[np.abs(drawn[:, 1]) < 1]
    values = np.linalg.eigvals(matrix.toarray())
    feedback = np.array([np.mean(1 / (1 - rho * values)).real for rho in drawn[:, 1]])
    direct, total = drawn[:, 0] * feedback, drawn[:, 0] / (1 - drawn[:, 1])
    rows = {"direct": direct, "indirect": total - direct, "total": total}
    table = {name: [row[0], *np.quantile(row[1:], _MIDDLE)] for name, row in rows.items()}
    return pd.DataFrame(table, index=["estimate", "low", "high"]).T.rename_axis("impact")
