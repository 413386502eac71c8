"""The tournament of decay families: each fitted to the same flows with the same effects.

Families that are linear in ln f take one fit. The others climb the likelihood in the logarithms of
their shape, every other parameter profiled out at each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from geoinno import _contract
from geoinno.errors import FlowError, OptionError
from geoinno.measure.interaction import _estimate, _fit, _terms
from geoinno.weigh import Decay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from geoinno.measure.interaction._estimate import Case, Estimate
    from geoinno.measure.interaction._model import GravityOptions
    from geoinno.measure.interaction._pairs import Pairs

    Floats = NDArray[np.float64]

_LN2 = float(np.log(2))


@dataclass(frozen=True, slots=True)
class Form:
    """One family as a predictor: ln f by cost and parameters, its slopes, and the ``Decay`` they make."""

    log: Callable[[Floats, Floats], Floats]
    columns: Callable[[Floats, Floats], list[Floats]]
    made: Callable[[Floats], tuple[float, ...]]
    linear: bool = True
    size: int = 1


def _linear(*parts: Callable[[Floats], Floats], made: Callable[[Floats], tuple[float, ...]]) -> Form:
    """Return a family whose ln f is a sum of parameters times functions of cost."""

    def columns(cost: Floats, at: Floats) -> list[Floats]:
        del at
        return [-part(cost) for part in parts]

    def log(cost: Floats, at: Floats) -> Floats:
        total: Floats = sum(size * part for size, part in zip(at, columns(cost, at), strict=True))
        return total

    return Form(log, columns, made, size=len(parts))


def _offset_log(cost: Floats, at: Floats) -> Floats:
    exponent, scale = np.exp(at)
    return -exponent * np.log1p(cost / scale)


def _offset_columns(cost: Floats, at: Floats) -> list[Floats]:
    exponent, scale = np.exp(at)
    return [_offset_log(cost, at), exponent * cost / (scale + cost)]


def _offset_made(at: Floats) -> tuple[float, ...]:
    exponent, scale = np.exp(at)
    return float(scale * np.expm1(_LN2 / exponent)), float(exponent)


def _logistic_log(cost: Floats, at: Floats) -> Floats:
    middle, steepness = np.exp(at)
    return special.log_expit(-steepness * (cost - middle))


def _logistic_columns(cost: Floats, at: Floats) -> list[Floats]:
    middle, steepness = np.exp(at)
    fallen = special.expit(steepness * (cost - middle))
    return [steepness * middle * fallen, -steepness * (cost - middle) * fallen]


def _same(at: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in at)


FORMS = {
    "exponential": _linear(np.positive, made=lambda at: (float(_LN2 / at[0]),)),
    "power": _linear(np.log, made=_same),
    "gaussian": _linear(np.square, made=lambda at: (float(np.sqrt(_LN2 / at[0])),)),
    "tanner": _linear(np.log, np.positive, made=_same),
    "lognormal": _linear(lambda cost: np.log(cost) ** 2, made=_same),
    "exponential_sqrt": _linear(np.sqrt, made=lambda at: (float((_LN2 / at[0]) ** 2),)),
    "logistic": Form(_logistic_log, _logistic_columns, lambda at: _same(np.exp(at)), linear=False, size=2),
    "offset_power": Form(_offset_log, _offset_columns, _offset_made, linear=False, size=2),
}
ALL = tuple(FORMS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One family fitted: its parameters and their covariance, and whether it stands on a bound."""

    family: str
    at: Floats
    spread: Floats
    closeness: Mapping[str, float]
    bound: bool
    cpc: float

    @property
    def decay(self) -> Decay | None:
        """The decay, if the parameters make one."""
        falls = FORMS[self.family].linear is False or self.at[-1] > 0 or (len(self.at) > 1 and self.at[0] > 0)
        return Decay(self.family, FORMS[self.family].made(self.at)) if falls else None


def tournament(
    asked: Case, families: Sequence[str], options: GravityOptions
) -> tuple[pd.DataFrame, dict[str, Decay]]:
    """Return the ranked table and the decays that stand off their bounds."""
    names = [_contract.option(family, ALL, name="families") for family in dict.fromkeys(families)]
    if not names:
        message = f"families is empty; name some of {_contract.named(ALL)}."
        raise OptionError(message)
    if options.kink:
        message = "decay_fit compares whole curves and takes no kink; gravity does."
        raise OptionError(message)
    entries = [_entry(asked, family, options) for family in names]
    parameters = _effects(asked.pairs) + len(asked.sides)
    rows = [_row(entry, parameters) for entry in entries]
    table = pd.DataFrame(rows).sort_values("aic", kind="stable", ignore_index=True)
    made = {entry.family: None if entry.bound else entry.decay for entry in entries}
    decays = {family: decay for family in table["family"] if (decay := made[family]) is not None}
    if not decays:
        message = "Flows do not fall with cost under any of the families: there is no decay to return."
        raise FlowError(message)
    return table, decays


def _effects(pairs: Pairs) -> int:
    """Return the number of effects of regions."""
    return {"both": pairs.rows + pairs.columns - 1, "none": 0}.get(pairs.constraint, pairs.rows)


def _entry(asked: Case, family: str, options: GravityOptions) -> Entry:
    """Return one family, fitted and cross-validated."""
    fit, at, bound = _fitted(asked.pairs, asked.sides, FORMS[family])
    size = FORMS[family].size
    spread = (
        np.full((size, size), np.nan) if bound else _estimate.covariance(fit, options.errors)[:size, :size]
    )
    return Entry(
        family, at, spread, _estimate.closeness(fit), bound, _cross_validated(asked, family, options)
    )


def _fitted(pairs: Pairs, sides: Mapping[str, Floats], form: Form) -> tuple[Estimate, Floats, bool]:
    """Return the fit, linear in the parameters around their estimate, and whether that is on a bound."""
    if not form.linear:
        at, bound = _shape(pairs, sides, form)
        slopes = {} if bound else _columns(form, pairs.cost, at)
        return _estimate.estimated(pairs, {**slopes, **sides}, fixed=form.log(pairs.cost, at)), at, bound
    columns = _columns(form, pairs.cost, np.ones(form.size))
    fit = _estimate.estimated(pairs, {**columns, **sides})
    at = _estimate.slopes(fit)[: form.size]
    if at[-1] > 0:
        return fit, at, False
    # Flows that do not end by falling: the likelihood is highest where the last parameter is zero.
    columns.popitem()
    fit = _estimate.estimated(pairs, {**columns, **sides})
    return fit, np.append(_estimate.slopes(fit)[: form.size - 1], 0.0), True


def _columns(form: Form, cost: Floats, at: Floats) -> dict[str, Floats]:
    """Return the columns of a family by name."""
    return {f"parameter {k + 1}": column for k, column in enumerate(form.columns(cost, at))}


def _shape(pairs: Pairs, sides: Mapping[str, Floats], form: Form) -> tuple[Floats, bool]:
    """Return the parameters of highest likelihood, and whether they are on a bound."""
    total = pairs.flow.sum()
    others = _terms.scaled(sides).scaled
    middle = np.log(np.average(pairs.cost, weights=pairs.flow))

    def loss(at: Floats) -> tuple[float, Floats]:
        log = form.log(pairs.cost, at)
        made = _fit.model(pairs, np.vstack([log - log.mean(), *others]), fixed=1)
        state, _ = _fit.fitted(made, *_fit.first(made))
        gaps = pairs.flow - state.mean
        slope = [gaps @ column for column in form.columns(pairs.cost, at)]
        return -state.likelihood / total, -np.array(slope) / total

    first = (middle, _LN2 - middle) if form.log is _logistic_log else (_LN2, middle)
    low, high = np.log(pairs.cost.min()) - 3, np.log(pairs.cost.max()) + 3
    bounds = [(low, high), (-high - 3, -low + 3)] if form.log is _logistic_log else [(-4.0, 4.0), (low, high)]
    found = optimize.minimize(
        loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}
    )
    edges = np.array(bounds)
    return found.x, bool((np.abs(found.x[:, None] - edges) < 1e-3).any())  # noqa: PLR2004


def _cross_validated(asked: Case, family: str, options: GravityOptions) -> float:
    """Return the common part of flows for pairs foretold from fits without them."""
    count = _contract.whole(options.folds, name="folds", least=2)
    pairs = asked.pairs
    # Dealt by the names of the pairs, so that the order of rows does not matter.
    rank = pairs.ids.argsort().argsort()
    order = np.lexsort((rank[pairs.destination], rank[pairs.origin]))
    deal = np.empty(len(order), dtype=np.int64)
    deal[order] = np.random.default_rng(options.seed).permutation(len(order)) % count
    expected = np.empty(len(order))
    for fold in range(count):
        known = deal != fold
        expected[~known] = _foretold(asked, family, known)
    common = np.minimum(expected, pairs.flow).sum()
    return float(2 * common / (expected.sum() + pairs.flow.sum()))


def _foretold(asked: Case, family: str, known: NDArray[np.bool_]) -> Floats:
    """Return the flows of pairs that are not known, from the family fitted to those that are."""
    form, pairs = FORMS[family], asked.pairs
    if form.linear:
        return _estimate.foretold(
            pairs, {**_columns(form, pairs.cost, np.ones(form.size)), **asked.sides}, known
        )
    some = {name: side[known] for name, side in asked.sides.items()}
    at, _ = _shape(pairs.part(known), some, form)
    return _estimate.foretold(pairs, asked.sides, known, fixed=form.log(pairs.cost, at))


def _row(entry: Entry, effects: int) -> dict[str, object]:
    """Return a family as a row of the table."""
    form, decay = FORMS[entry.family], entry.decay
    half, low, high = _half(entry)
    names = {} if decay is None else decay.parameters
    return {
        "family": entry.family,
        "parameters": names,
        "half": half,
        "half_low": low,
        "half_high": high,
        "deviance": entry.closeness["deviance"],
        "aic": 2 * (form.size + effects) - 2 * entry.closeness["log_likelihood"],
        "cpc": entry.cpc,
        "bound": entry.bound,
    }


def _half(entry: Entry) -> tuple[float, float, float]:
    """Return the half-distance with its interval by the delta method on its logarithm."""
    if entry.bound or entry.decay is None or entry.decay.half is None:
        return np.nan, np.nan, np.nan
    steps = np.diag(1e-5 * np.maximum(np.abs(entry.at), 1e-12))
    slope = np.array(
        [
            (_log_half(entry, entry.at + step) - _log_half(entry, entry.at - step)) / (2 * step.sum())
            for step in steps
        ]
    )
    reach = stats.norm.ppf(0.975) * np.sqrt(slope @ entry.spread @ slope)
    half = entry.decay.half
    return half, float(half * np.exp(-reach)), float(half * np.exp(reach))


def _log_half(entry: Entry, at: Floats) -> float:
    """Return the logarithm of the half-distance at these parameters."""
    return float(np.log(Decay(entry.family, FORMS[entry.family].made(at)).half or np.nan))


def in_words(table: pd.DataFrame, pairs: int) -> str:
    """Return the tournament as a paragraph."""
    best = table[~table["bound"]].iloc[0]
    words = f"Of {len(table)} decay families on {pairs:,} pairs, {best['family']} fits best"
    words += f" (AIC {best['aic']:,.1f}"
    others = table[~table["bound"] & (table["family"] != best["family"])]
    words += f", next {others.iloc[0]['family']} {others.iloc[0]['aic']:,.1f})" if len(others) else ")"
    if np.isfinite(best["half"]):
        words += f": flows halve in {best['half']:,.4g} (95% interval "
        words += f"{best['half_low']:,.4g} to {best['half_high']:,.4g})"
    words += f". It places {best['cpc']:.0%} of the flows it had not seen on the right pairs."
    bound = table.loc[table["bound"], "family"]
    return words + (f" On a bound: {_contract.named(bound)}." if len(bound) else "")
