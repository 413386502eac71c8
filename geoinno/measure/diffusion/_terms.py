"""Terms: exposures of cells in columns, and effects of units of which each cell has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Columns of the cells of a design; columns of units are never written out, as they hold one 1 a row.

    ``unit`` is the column of each cell's unit among the ``units`` columns, -1 where it is the reference.
    """

    columns: Floats
    unit: Ints
    units: int

    @property
    def width(self) -> int:
        """How many coefficients there are."""
        return self.columns.shape[1] + self.units

    def score(self, slopes: Floats) -> Floats:
        """Return the linear score of each cell."""
        count = self.columns.shape[1]
        own = np.append(slopes[count:], 0.0)  # the last serves the reference, at -1
        return np.asarray(self.columns @ slopes[:count] + own[self.unit])

    def products(self, values: Floats) -> Floats:
        """Return the products of columns of values with all terms (values by terms)."""
        own = [np.bincount(self.unit + 1, column, self.units + 1)[1:] for column in values.T]
        return np.hstack([values.T @ self.columns, np.reshape(own, (values.shape[1], self.units))])

    def squares(self, weight: Floats) -> Floats:
        """Return the weighted products of all terms with each other."""
        count = self.columns.shape[1]
        found = np.zeros((self.width, self.width))
        found[:count] = self.products(self.columns * weight[:, None])
        found[count:, :count] = found[:count, count:].T
        own = np.bincount(self.unit + 1, weight, self.units + 1)[1:]
        found[range(count, self.width), range(count, self.width)] = own
        return found

    def by_stratum(self, stratum: Ints, weight: Floats, *, strata: int) -> Floats:
        """Return the weighted sums of units' columns over strata, in each of which a unit has one cell."""
        if self.units == 0:
            return np.empty((strata, 0))
        found = np.zeros((strata, self.units + 1))
        found[stratum, self.unit] = weight
        return found[:, : self.units]


def plain(columns: Floats) -> Terms:
    """Return terms without effects of units."""
    return Terms(columns, np.full(len(columns), -1), 0)
