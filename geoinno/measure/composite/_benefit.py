"""Benefit of the doubt: scores by the weights that suit each region best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.measure.composite import _programmes
from geoinno.measure.composite._programmes import Programmes

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Shares:
    """Least and greatest share of each indicator in the score of a region."""

    low: Floats
    high: Floats

    def rows(self, cells: Floats) -> Floats:
        """Return the constraints L_k w x_i <= w_k x_ik <= U_k w x_i of each region, as rows times w <= 0."""
        own = np.einsum("ik,kl->ikl", cells, np.eye(cells.shape[1]))
        least, most = self.low > 0, self.high < 1
        lower = self.low[:, None] * cells[:, None, :] - own
        upper = own - self.high[:, None] * cells[:, None, :]
        return np.concatenate([lower[:, least], upper[:, most]], axis=1)


@dataclass(frozen=True, slots=True)
class Benefit:
    """Scores, weights, and the positions of the reference regions with the intensity of each as a peer."""

    score: Floats
    weights: Floats
    reference: Ints
    intensity: Floats


def benefit(cells: Floats, shares: Shares) -> Benefit:
    """Return max_w sum w_k x_ik subject to sum w_k x_jk <= 1 for all j, with bounds on shares.

    A region that another betters in every indicator can bind no weights, so that it is left out of the
    constraints. Columns are scaled to a maximum of 1, which changes weights, not scores.
    """
    scale = cells.max(axis=0)
    scaled = cells / scale
    rows = _programmes.undominated(scaled)
    own = shares.rows(scaled)
    programmes = Programmes(scaled, scaled[rows], np.ones(len(rows)), own, np.zeros(own.shape[:2]))
    best = _programmes.maxima(programmes)
    return Benefit(best.value, best.solution / scale, rows, best.duals[:, : len(rows)])


def against(cells: Floats, shares: Shares, references: Ints) -> Floats:
    """Return the score of each region against references of its own: a row of positions for each region.

    Scores are above 1 where a region betters all its references.
    """
    scaled = cells / cells.max(axis=0)
    bounds = shares.rows(scaled)
    own = np.concatenate([scaled[references], bounds], axis=1)
    limits = np.concatenate([np.ones(references.shape), np.zeros(bounds.shape[:2])], axis=1)
    none = np.empty((0, cells.shape[1]))
    return _programmes.maxima(Programmes(scaled, none, np.empty(0), own, limits)).value


def scores(members: pd.DataFrame, bounds: tuple[float, float] | None) -> Floats:
    """Return scores of 0 to 1; missing where a member is."""
    known = members.notna().all(axis=1).to_numpy()
    answer = np.full(len(members), np.nan)
    shares = shares_of(bounds, members.columns)
    if known.any():
        answer[known] = benefit(members[known].to_numpy(), shares).score
    return answer


def shares_of(
    bounds: tuple[float, float] | Mapping[str, tuple[float, float]] | None, columns: pd.Index
) -> Shares:
    """Return the bounds on the share of each column; those not named are free."""
    pairs = _pairs(bounds, columns)
    try:
        cells = np.array([(low, high) for low, high in (pairs.get(name, (0, 1)) for name in columns)], float)
    except (TypeError, ValueError):
        message = f"bounds are pairs of shares, (low, high); {bounds!r} was given."
        raise OptionError(message) from None
    low, high = cells.T
    if not ((low >= 0) & (low <= high) & (high <= 1)).all():
        message = f"bounds are shares with 0 <= low <= high <= 1; {bounds!r} was given."
        raise OptionError(message)
    if low.sum() > 1 or high.sum() < 1:
        message = (
            f"The shares of {len(columns):,} columns sum to 1, but the low bounds sum to {low.sum():.3g} and "
            f"the high ones to {high.sum():.3g}. Widen the bounds."
        )
        raise OptionError(message)
    return Shares(low, high)


def _pairs(
    bounds: tuple[float, float] | Mapping[str, tuple[float, float]] | None, columns: pd.Index
) -> dict[str, tuple[float, float]]:
    """Return the bounds by column."""
    if bounds is None:
        return {}
    if isinstance(bounds, Mapping):
        strangers = [name for name in bounds if name not in columns]
        if strangers:
            message = f"bounds name columns that are not in the table: {_contract.named(strangers)}."
            raise OptionError(message)
        return dict(bounds)
    return dict.fromkeys(columns, bounds)
