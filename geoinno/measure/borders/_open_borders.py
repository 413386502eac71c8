"""Flows expected if borders were open: one term for each pair of countries, fitted, then set to zero."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import linalg, sparse

from geoinno import _contract
from geoinno.measure.borders import _border_terms
from geoinno.measure.interaction.gravity import GravityOptions, gravity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Ints = NDArray[np.intp]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Known:
    """The known flows (positions of both ends, and value), and the country of each region as a code."""

    ids: pd.Index
    origin: Ints
    destination: Ints
    value: Floats
    codes: Ints
    countries: list[str]

    def blocks(self) -> Ints:
        """Return the countries of origin (first row) and of destination of each flow."""
        return np.vstack([self.codes[self.origin], self.codes[self.destination]])

    def part(self, chosen: Bools) -> Known:
        """Return the chosen flows."""
        columns = {name: getattr(self, name)[chosen] for name in ("origin", "destination", "value")}
        return replace(self, **columns)

    def table(self) -> pd.DataFrame:
        """Return the flows as ``gravity`` takes them."""
        ends = {"origin": self.ids[self.origin], "destination": self.ids[self.destination]}
        return pd.DataFrame({**ends, "value": self.value})


@dataclass(frozen=True, slots=True)
class OpenFit:
    """A gravity fit with border terms: what makes flows if all borders are open, and how open each one is.

    ``predictor`` is the logarithm of the flow from each region to each other with the border terms at zero;
    ``openness`` e^term of each pair of countries (missing if not identified).
    """

    known: Known
    openness: Floats
    predictor: Floats

    def named(self) -> dict[str, float]:
        """Return the openness of each border by the names of its countries."""
        names = self.known.countries
        known = np.argwhere(np.triu(~np.isnan(self.openness), k=1))
        return {f"{names[a]}|{names[b]}": float(self.openness[a, b]) for a, b in known}

    def expected(self, origin: Ints, destination: Ints) -> Floats:
        """Return the flows if all border terms were zero."""
        codes = self.known.codes
        unknown = np.isnan(self.openness[codes[origin], codes[destination]])
        return np.where(unknown, np.nan, np.exp(self.predictor[origin, destination]))


def known_flows(flows: pd.DataFrame, land: pd.Series, options: GravityOptions) -> Known:
    """Return the flows that a gravity model with these options would use, sorted by their ends.

    The order is that of ids, so that no answer depends on the order of rows.
    """
    ids = land.index
    origin, destination = _contract.flow_positions(flows, ids)
    values = np.full((len(ids), len(ids)), np.nan)
    if options.complete:
        values[~np.eye(len(ids), dtype=bool)] = 0.0
    values[origin, destination] = flows["value"].to_numpy(np.float64)
    if options.own == "drop":
        np.fill_diagonal(values, np.nan)
    here, there = np.nonzero(~np.isnan(values))
    codes, countries = pd.factorize(land, sort=True)
    return Known(ids, here, there, values[here, there], codes, list(countries))


def fitted(
    known: Known,
    costs: pd.DataFrame,
    *,
    decay: Literal["power", "exponential"],
    options: GravityOptions,
) -> OpenFit:
    """Return the doubly constrained fit with one symmetric border term for each pair of countries.

    One term for all borders would bend the effects of regions to make up for what it averages: planted
    shares of .8 and .2 then come out as .68 and .25 (Yotov et al. 2016 give each border its own).
    """
    count = len(known.countries)
    here, there = known.blocks()
    totals = np.bincount(here * count + there, known.value, count * count).reshape(count, count)
    # Where nothing crosses, the term is minus infinity: such pairs tell nothing about anything else.
    closed = (totals + totals.T == 0) & ~np.eye(count, dtype=bool)
    used = known.part(~closed[here, there])
    free, identified = _identified(used)
    # Without border terms first: that checks flows, costs and options, and is near what comes out with them.
    plain = replace(options, complete=False, errors="poisson")  # of no interest here, so the cheapest errors
    fit = gravity(used.table(), costs, decay=decay, options=plain)
    tables = _tables(costs, decay, options.covariates)
    slopes = fit.coefficients.loc[["cost", *options.covariates], "estimate"].to_numpy(np.float64)
    outward = np.asarray(fit.origin_effects.reindex(used.ids), np.float64)
    inward = np.asarray(fit.destination_effects.reindex(used.ids), np.float64)
    parameters = Parameters(slopes, outward, inward, np.empty(0))
    if free:
        parameters = _refitted(parameters, used, tables=tables, free=free)
    openness = np.where(identified, np.where(closed, 0.0, 1.0), np.nan)
    for (a, b), term in zip(free, parameters.border, strict=True):
        if identified[a, b]:
            openness[a, b] = openness[b, a] = np.exp(term)
    return OpenFit(known, openness, parameters.predictor(tables))


class Parameters(NamedTuple):
    """Slopes of cost and covariates, effects of regions (missing without flows), and border terms."""

    slopes: Floats
    outward: Floats
    inward: Floats
    border: Floats

    def predictor(self, tables: Floats) -> Floats:
        """Return the logarithm of the flow from each region to each other if all borders are open."""
        slopes: Floats = np.tensordot(self.slopes, tables, axes=1)
        return self.outward[:, None] + self.inward + slopes


def _tables(costs: pd.DataFrame, decay: str, covariates: Mapping[str, pd.DataFrame]) -> Floats:
    """Return what has a slope, as a stack of squares: cost as the decay takes it, and the covariates."""
    level = costs.to_numpy()
    if decay == "power":  # a region may be at no cost from itself, if its own flow is not known
        level = np.log(level, out=np.full(level.shape, np.nan), where=level > 0)
    others = [_contract.square(t, name=f"covariate {n!r}", ids=costs.index) for n, t in covariates.items()]
    return np.array([level, *others])


def _refitted(plain: Parameters, used: Known, *, tables: Floats, free: list[tuple[int, int]]) -> Parameters:
    """Return the parameters with a term for each ``free`` pair of countries."""
    names = [f"border {used.countries[a]}|{used.countries[b]}" for a, b in free]
    rows, origin = np.unique(used.origin, return_inverse=True)
    terms = _sparse_terms(used, tables[:, used.origin, used.destination].T, free)
    start = np.concatenate([plain.slopes, np.nan_to_num(plain.inward), np.zeros(len(free))])
    state = _border_terms.maximum(_border_terms.model(used.value, origin, terms), start, names)
    outward = np.full(len(used.ids), np.nan)
    outward[rows] = state.outward
    ends = np.cumsum([len(plain.slopes), len(used.ids)])
    slopes, inward, border = np.split(state.parameters, ends)
    return Parameters(slopes, outward, np.where(np.isnan(plain.inward), np.nan, inward), border)


def _sparse_terms(used: Known, slopes: Floats, free: list[tuple[int, int]]) -> sparse.csr_array:
    """Return the terms of each flow: slopes, the effect of its destination, and that of its border."""
    count, size = len(used.value), len(used.countries)
    place = np.full((size, size), -1)
    for k, (a, b) in enumerate(free):
        place[a, b] = place[b, a] = k
    border = place[tuple(used.blocks())]
    every, crosses = np.arange(count), np.flatnonzero(border >= 0)
    dummies = [
        sparse.csr_array((np.ones(count), (every, used.destination)), shape=(count, len(used.ids))),
        sparse.csr_array((np.ones(len(crosses)), (crosses, border[crosses])), shape=(count, len(free))),
    ]
    return sparse.hstack([sparse.csr_array(slopes), *dummies], format="csr")


def _identified(used: Known) -> tuple[list[tuple[int, int]], Bools]:
    """Return the pairs of countries that get a term, and which pairs of countries are identified.

    Effects of regions can take up a border: with u_c added to the origins and v_d to the destinations
    of countries, flows stay the same if u_c + v_c = 0 where flows within c are known, and
    u_c + v_d = u_d + v_c where both directions are. A border is identified if u_c + v_d = 0 whatever
    else u and v may be (a country without domestic flows, such as one of a single region, fails).
    """
    count = len(used.countries)
    seen = np.zeros((count, count), bool)
    seen[tuple(used.blocks())] = True
    shifts = linalg.null_space(_shift_conditions(seen), rcond=_ROUNDING)
    moved = shifts[:count, None, :] + shifts[None, count:, :]
    moved = np.where(seen[:, :, None], moved, moved.transpose(1, 0, 2))
    pairs = [(c, d) for c, d in combinations(range(count), 2) if seen[c, d] or seen[d, c]]
    if not pairs:
        return [], np.eye(count, dtype=bool)
    table = np.array([moved[pair] for pair in pairs])
    return _independent(pairs, table), (np.abs(moved) < _ROUNDING).all(axis=2)


def _shift_conditions(seen: Bools) -> Floats:
    """Return what shifts of origins (first columns) and destinations must meet for flows to stay the same."""
    count = len(seen)
    rows = []
    for c, d in product(range(count), repeat=2):
        row = np.zeros(2 * count)
        if c == d and seen[c, c]:
            row[[c, count + c]] = 1
        elif c < d and seen[c, d] and seen[d, c]:
            row[[c, count + d]], row[[d, count + c]] = 1, -1
        rows.append(row)
    return np.array(rows)


def _independent(pairs: list[tuple[int, int]], table: Floats) -> list[tuple[int, int]]:
    """Return the pairs without those whose terms the effects of regions stand for."""
    if not table.shape[1] or np.abs(table).max() < _ROUNDING:
        return pairs
    _, triangle, order = linalg.qr(table.T, mode="economic", pivoting=True)
    rank = int((np.abs(np.diag(triangle)) > _ROUNDING).sum())
    left_out = {pairs[i] for i in order[:rank]}
    return [pair for pair in pairs if pair not in left_out]
