"""Terms of a gravity model: what each pair of regions has, beside its cost, that may make flows differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, FlowError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geoinno._types import Floats
    from geoinno.measure.interaction._pairs import Pairs
    from geoinno.measure.interaction._spec import GravitySpec


_OWN_NAMES = {"cost", "cost_foreign", "border", "origin_mass", "destination_mass", "constant"}
DECAYS = {"power": np.log, "exponential": np.positive}


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms centred and scaled, and the matrix that takes slopes back to the units they came in."""

    names: list[str]
    scaled: Floats
    back: Floats
    centre: Floats


def cost_terms(pairs: Pairs, decay: str, spec: GravitySpec) -> dict[str, Floats]:
    """Return the cost as the decay takes it, with another slope for pairs of two countries for a kink."""
    if decay == "power":
        above_zero(pairs, ("power",))
    slope: Floats = DECAYS[decay](pairs.cost)
    if not spec.options.kink:
        return {"cost": slope}
    if spec.border is None:
        message = "A kink is a difference of slopes at a border; give border, the country of each region."
        raise OptionError(message)
    return {"cost": slope, "cost_foreign": slope * foreign(pairs, spec.border)}


def above_zero(pairs: Pairs, decays: Sequence[str]) -> None:
    """Raise where a pair costs nothing, but these decays take the logarithm of cost."""
    zero = pairs.cost == 0
    if not zero.any() or not decays:
        return
    own = zero & (pairs.origin == pairs.destination)
    apart = zero & ~own
    between = Phrase("Correct these costs, or take a decay that is finite at zero, such as exponential.")
    at_home = Phrase(
        "Drop these pairs, give costs within regions on the diagonal (gi.weigh.internal_distances), or take "
        "a decay that is finite at zero, such as exponential."
    )
    message = Phrase(
        "The cost is zero for the pairs {pairs}, so that its logarithm, needed for {decays}, is infinite. "
        "{remedy}",
        pairs=pairs.named(apart if apart.any() else own),
        decays=", ".join(map(repr, decays)),
        remedy=between if apart.any() else at_home,
    )
    raise FlowError(message)


def sides(pairs: Pairs, spec: GravitySpec) -> dict[str, Floats]:
    """Return the terms beside the cost: border, covariates, masses and constant, those that there are."""
    columns = {} if spec.border is None else {"border": foreign(pairs, spec.border)}
    columns |= {name: _covariate(pairs, table, name=name) for name, table in spec.options.covariates.items()}
    masses = {"origin_mass": spec.origin_mass, "destination_mass": spec.destination_mass}
    columns |= {side: _log_mass(pairs, mass, side=side) for side, mass in masses.items() if mass is not None}
    return columns if pairs.profiled else {**columns, "constant": np.ones(len(pairs.flow))}


def foreign(pairs: Pairs, border: pd.Series) -> Floats:
    """Return 1 for each pair of different countries, else 0."""
    codes, countries = pd.factorize(_contract.country_series(border, pairs.ids))
    across = codes[pairs.origin] != codes[pairs.destination]
    if across.all() or not across.any():
        which = Phrase("crosses a border" if across.all() else "stays within one country")
        present = countries[np.unique(codes[np.append(pairs.origin, pairs.destination)])]
        message = Phrase(
            "Every pair of the flows {which} (countries: {countries}), so that no effect of a "
            "border can be estimated. Add pairs of the other kind, or leave border out.",
            which=which,
            countries=_contract.named(present),
        )
        raise FlowError(message)
    return across.astype(np.float64)


def _covariate(pairs: Pairs, table: pd.DataFrame, *, name: str) -> Floats:
    """Return a square table of numbers, pair by pair."""
    if name in _OWN_NAMES:
        message = f"A covariate must not be called {name!r}: that term has its own meaning."
        raise ColumnError(message)
    given = _contract.rectangular(table, name=f"covariate {name!r}")
    row, column = (place[given.ids.get_indexer(pairs.ids)] for place in (given.row, given.column))
    strangers = given.ids.difference(pairs.ids)
    absent = pairs.ids[~pairs.ids.isin(given.ids)]
    if len(strangers) or len(absent):
        message = (
            f"Covariate {name!r} must cover the regions of the costs; not in both: "
            f"{_contract.named(strangers.union(absent))}."
        )
        raise ColumnError(message)
    values: Floats = given.numbers[row[pairs.origin], column[pairs.destination]]
    values[(row[pairs.origin] < 0) | (column[pairs.destination] < 0)] = np.nan
    if not np.isfinite(values).all():
        message = f"Covariate {name!r} has no finite value for {pairs.named(~np.isfinite(values))}."
        raise ColumnError(message)
    return values


def _log_mass(pairs: Pairs, mass: pd.Series, *, side: str) -> Floats:
    """Return the logarithm of the mass at one end of each pair."""
    end: Literal["origin", "destination"] = "origin" if side == "origin_mass" else "destination"
    if pairs.constraint in ("both", end):
        message = (
            f"{side} has no effect of its own where constraint={pairs.constraint!r} gives every {end} "
            "its effect. Leave it out, or leave that side unconstrained."
        )
        raise ColumnError(message)
    ends = pairs.origin if end == "origin" else pairs.destination
    values: Floats = _contract.numbers(
        mass, missing=True, ids=pairs.ids, what="masses", against="costs"
    ).to_numpy()[ends]
    if not (values > 0).all():
        unfit = pairs.ids[np.unique(ends[~(values > 0)])]
        message = f"{side} must be known and above zero; it is not in {_contract.named(unfit)}."
        raise ColumnError(message)
    return np.log(values)


def scaled(columns: Mapping[str, Floats]) -> Terms:
    """Return the terms with mean 0 and standard deviation 1, but for the constant."""
    names = list(columns)
    if not names:
        return Terms(names, np.empty((0, 0)), np.empty((0, 0)), np.empty(0))
    raw = np.vstack(list(columns.values()))
    centre = raw.mean(axis=1)
    raw -= centre[:, None]
    spread = np.sqrt(np.einsum("ij,ij->i", raw, raw) / raw.shape[1])
    still = spread <= 1e-12 * np.abs(centre)
    constant = np.array([name == "constant" for name in names])
    if (still & ~constant).any():
        same = [name for name, bad in zip(names, still & ~constant, strict=True) if bad]
        message = Phrase(
            "Terms have the same value for every pair: {terms}. Leave them out.", terms=_contract.named(same)
        )
        raise FlowError(message)
    raw[constant] = 1
    centre[constant], spread[constant] = 0, 1
    back = np.diag(1 / spread)
    if constant.any():
        back[-1] -= centre / spread
    raw /= spread[:, None]
    return Terms(names, raw, back, centre)
