"""Design: the cells at risk, their exposures, and effects of units where the model has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError
from geoinno.measure.diffusion._exposures import SIZE, exposures
from geoinno.measure.diffusion._partial_likelihood import Cells, cells
from geoinno.measure.diffusion._terms import Terms, plain

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure.diffusion._exposures import Landscape
    from geoinno.measure.diffusion._histories import Histories


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Strata with something to tell, their cells, and the terms of each cell (a column for each name).

    ``units`` are the positions of the regions that have an effect of their own, the first of them at zero;
    none where there are no unit effects.
    """

    histories: Histories
    landscape: Landscape
    case: Cells
    names: tuple[str, ...]
    terms: Floats
    units: Ints

    def columns(self, landscape: Landscape, names: tuple[str, ...]) -> Floats:
        """Return exposures of the cells in a landscape (cells x names)."""
        found = exposures(self.histories.adopted, landscape)
        return np.column_stack([found[name][self.case.stratum, self.case.region] for name in names])

    def with_units(self, columns: Floats) -> Terms:
        """Return columns of the cells, and effects of units where the design has them."""
        if not len(self.units):
            return plain(columns)
        # The first unit is the reference, at -1.
        return Terms(columns, np.searchsorted(self.units, self.case.region) - 1, len(self.units) - 1)

    def full(self) -> Terms:
        """Return the terms, and the effects of units."""
        return self.with_units(self.terms)

    @property
    def labels(self) -> list[str]:
        """The names of the terms, then those of the regions with an effect of their own."""
        return [*self.names, *self.histories.ids[self.units[1:]]]


def design(histories: Histories, landscape: Landscape, *, ties: str, unit_effects: bool) -> Design:
    """Return the cells of all regions that have neighbours and could adopt, with their exposures."""
    at_risk = ~histories.adopted & landscape.linked
    if unit_effects:
        # The effect of a region that never adopts while others do is minus infinity: it leaves the risk sets.
        at_risk &= (histories.adopting & at_risk).any(axis=0)
    case, informative = cells(histories.adopting, at_risk, ties=ties)
    if case.adopting.all():
        message = Phrase(
            "In no period of any innovation do some regions adopt while others, with neighbours, "
            "could have: there is nothing to compare."
        )
        raise ColumnError(message)
    chosen = histories.taken(informative)
    found = exposures(chosen.adopted, landscape)
    names = tuple(name for name in landscape.terms if not (unit_effects and name == SIZE))
    terms = np.column_stack([found[name][case.stratum, case.region] for name in names])
    units = np.unique(case.region[case.adopting]) if unit_effects else np.empty(0, np.int64)
    return Design(chosen, landscape, case, names, terms, units)


def part_of(whole: Design, strata: Bools) -> Design:
    """Return the design of some of the strata."""
    case, chosen = whole.case.taken(strata)
    return Design(
        whole.histories.taken(strata), whole.landscape, case, whole.names, whole.terms[chosen], whole.units
    )
