"""Exposures: how much of what surrounds a region had adopted in the period before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

    from geoinno._types import Bools, Floats, Ints

CONTAGIOUS, HIERARCHICAL, BORDER, SIZE = "contagious", "hierarchical", "border", "size"


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """What adopters act through: weights (rows sum to one), those across a border, and sizes in logs.

    Sizes and weights across a border are missing (None) where they play no part.
    """

    weights: sparse.csr_array
    foreign: sparse.csr_array | None
    log_size: Floats | None

    @property
    def linked(self) -> Bools:
        """Which regions have a neighbour; the others cannot be exposed to any."""
        return np.diff(self.weights.indptr) > 0

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the exposures, in the order of their columns."""
        sized = self.log_size is not None
        present = (True, sized, self.foreign is not None, sized)
        names = (CONTAGIOUS, HIERARCHICAL, BORDER, SIZE)
        return tuple(name for name, here in zip(names, present, strict=True) if here)

    def moved(self, places: Ints) -> Landscape:
        """Return the landscape with the neighbours, and the borders, of other places."""
        foreign = None if self.foreign is None else self.foreign[places][:, places]
        return replace(self, weights=self.weights[places][:, places], foreign=foreign)

    def resized(self, places: Ints) -> Landscape:
        """Return the landscape with the sizes of other places."""
        return replace(self, log_size=None if self.log_size is None else self.log_size[places])


def exposures(adopted: Bools, landscape: Landscape) -> dict[str, Floats]:
    """Return each exposure by state (rows) and region (columns)."""
    found = {CONTAGIOUS: neighbours(adopted, landscape.weights)}
    if landscape.log_size is not None:
        found[HIERARCHICAL] = larger(adopted, landscape.log_size)
    if landscape.foreign is not None:
        found[BORDER] = neighbours(adopted, landscape.foreign)
    if landscape.log_size is not None:
        found[SIZE] = np.broadcast_to(landscape.log_size, adopted.shape)
    return found


def neighbours(adopted: Bools, weights: sparse.csr_array) -> Floats:
    """Return the sum of the weights of the neighbours that had adopted."""
    return np.asarray((weights @ adopted.T.astype(np.float64)).T)


def larger(adopted: Bools, log_size: Floats) -> Floats:
    """Return the share of larger regions that had adopted; 0 for the largest, which has none above it."""
    order = np.argsort(-log_size, kind="stable")
    above = np.searchsorted(-log_size[order], -log_size, side="left")  # regions of one size are not above
    sums = np.zeros((len(adopted), len(log_size) + 1))
    np.cumsum(adopted[:, order], axis=1, out=sums[:, 1:])
    return sums[:, above] / np.maximum(above, 1)
