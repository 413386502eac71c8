"""Relabelled maps: whether exposures mean more on this map than on the same map with its regions exchanged.

First neighbours and borders are those of other places while sizes stay with the adoptions; then sizes are
those of other regions while neighbours stay. Each term is tested by the first Newton step from the fit
without the terms that move, over its error: on the true map and on each relabelled one alike, so that no map
needs a fit of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.diffusion import _partial_likelihood as partial
from geoinno.measure.diffusion._exposures import BORDER, CONTAGIOUS, HIERARCHICAL, SIZE
from geoinno.measure.diffusion._terms import plain
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints
    from geoinno.measure.diffusion._design import Design
    from geoinno.measure.diffusion._exposures import Landscape
    from geoinno.measure.diffusion._terms import Terms

_FAMILIES = ((CONTAGIOUS, BORDER), (HIERARCHICAL, SIZE))


def relabelled_p(design: Design, *, permutations: int, seed: int) -> pd.Series:
    """Return the two-sided p-value of each term among relabelled maps."""
    rng = np.random.default_rng(seed)
    linked = np.flatnonzero(design.landscape.linked)
    orders = [_order(rng.permutation(linked), linked, len(design.histories.ids)) for _ in range(permutations)]
    found: dict[str, float] = {}
    for family in _FAMILIES:
        names = tuple(name for name in design.names if name in family)
        if names:
            found |= _family_p(design, names, orders)
    return pd.Series([found[name] for name in design.names], pd.Index(design.names, name="term"), name="p")


def _order(shuffled: Ints, linked: Ints, count: int) -> Ints:
    """Return the place that each region takes; regions without neighbours stay."""
    places = np.arange(count)
    places[linked] = shuffled
    return places


def _family_p(design: Design, names: tuple[str, ...], orders: list[Ints]) -> dict[str, float]:
    """Return the p-values of terms that are relabelled together."""
    base = _base(design, names)
    observed = _z(design, base, design.columns(design.landscape, names))
    drawn = np.array(
        [
            _z(design, base, design.columns(_moved(design.landscape, names, order), names))
            for order in follow(orders, "Relabelled map")
        ]
    )
    largest = np.maximum(np.abs(observed), np.abs(drawn).max(axis=0))
    counts = [counted(drawn[:, k], observed[k], largest[k]) for k in range(len(names))]
    return {name: float(two_sided(count, len(orders))) for name, count in zip(names, counts, strict=True)}


def _moved(landscape: Landscape, names: tuple[str, ...], order: Ints) -> Landscape:
    """Return the landscape with what the terms stand on relabelled."""
    return landscape.moved(order) if CONTAGIOUS in names else landscape.resized(order)


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """The fit of all terms that stay, and what the terms that move are compared with."""

    terms: Terms
    state: partial.Expected
    means: Floats
    inverse: Floats


def _base(design: Design, names: tuple[str, ...]) -> _Base:
    """Return the fit without the terms that move."""
    stays = [k for k, name in enumerate(design.names) if name not in names]
    terms = design.with_units(design.terms[:, stays])
    labels = [design.names[k] for k in stays] + design.labels[len(design.names) :]
    slopes = partial.fit(design.case, terms, names=labels).slopes if labels else np.empty(0)
    state = partial.expected(design.case, terms.score(slopes))
    compared = partial.means(design.case, terms, state)
    information = terms.squares(state.expected) - compared.T @ compared
    return _Base(terms, state, compared, np.asarray(np.linalg.inv(information), np.float64))


def _z(design: Design, base: _Base, columns: Floats) -> Floats:
    """Return the first Newton step of the terms over its error, the terms that stay partialled out."""
    case, state = design.case, base.state
    gradient = columns.T @ (case.adopting - state.expected)
    compared = partial.means(case, plain(columns), state)
    weighted = columns * state.expected[:, None]
    own = weighted.T @ columns - compared.T @ compared
    cross = base.terms.products(weighted) - compared.T @ base.means
    # A relabelled map may leave terms that cannot be told apart; the pseudo-inverse gives their common step.
    variance = np.linalg.pinv(own - cross @ base.inverse @ cross.T, hermitian=True)
    spread = np.sqrt(np.maximum(np.diagonal(variance), np.finfo(float).tiny))
    score: Floats = variance @ gradient / spread
    return score
