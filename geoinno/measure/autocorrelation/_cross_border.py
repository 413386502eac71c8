"""Local Moran in two parts: the contributions of neighbours at home and of neighbours abroad."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from geoinno.measure._inference.permutations import Counts, Draws, Observed, conditional_counts
from geoinno.measure._inference.significance import adjusted, two_sided, warn_if_coarse
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints
    from geoinno.measure._inference.lags import Joined

_CELLS = 2_000_000
# The label of a region that no other touches.
ALONE = "no neighbour"


def parts(together: Joined, country: Ints, *, permutations: int, seed: int, max_q: float) -> pd.DataFrame:
    """Return the two parts of each region's local Moran, their p-values under both nulls, and a label."""
    z = together.deviations
    home, abroad = _parted(together.matrix, country)
    scale = z / (z**2).mean()
    columns: dict[str, Floats] = {"statistic": scale * (home @ z + abroad @ z)}
    for name, matrix in {"domestic": home, "foreign": abroad}.items():
        columns[name] = scale * (matrix @ z)
    for name, matrix in {"domestic": home, "foreign": abroad}.items():
        seen = _observed(together, matrix)
        columns[f"p_{name}"] = _tested(together, seen, permutations, seed=seed)
        within = _within_home if name == "domestic" else _within_abroad
        counts = within(seen, country, permutations, seed=seed)
        columns[f"p_{name}_within"] = _known(together, seen, two_sided(counts, permutations))
    warn_if_coarse(together.n, permutations)
    table = pd.DataFrame(columns, index=together.ids)
    for p in [str(column) for column in table if str(column).startswith("p_")]:
        table[p.replace("p_", "q_", 1)] = adjusted(table[p])
    table.loc[~together.connected, ["statistic", "domestic", "foreign"]] = np.nan
    return table.assign(label=_labels(table, z, max_q))


def _parted(matrix: sparse.csr_array, country: Ints) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return the weights at home and abroad."""
    links = matrix.tocoo()
    here, there = links.coords
    same = country[here] == country[there]
    home, abroad = (
        sparse.csr_array((links.data[kept], (here[kept], there[kept])), shape=matrix.shape)
        for kept in (same, ~same)
    )
    return home, abroad


def _observed(together: Joined, matrix: sparse.csr_array) -> Observed:
    """Return the sums over one part of the weights, and the margins within which draws tie with them."""
    z = together.deviations
    sums = matrix @ z
    band = together.tie * np.abs(z).max() * np.asarray(abs(matrix).sum(axis=1)).ravel()
    return Observed(z, matrix, np.stack([sums - band, sums + band]))


def _tested(together: Joined, seen: Observed, permutations: int, *, seed: int) -> Floats:
    """Return p-values where neighbours are drawn from all other regions of the map."""
    if not seen.matrix.nnz:
        return np.full(len(seen.values), np.nan)
    counts = conditional_counts(seen, Draws(permutations, seed))
    return _known(together, seen, two_sided(counts, permutations))


def _known(together: Joined, seen: Observed, p: Floats) -> Floats:
    """Return p-values, missing without links, and 1 for a region on the mean."""
    p = np.where(together.deviations == 0, 1.0, p)
    return np.where(seen.degree > 0, p, np.nan)


def _within_home(seen: Observed, country: Ints, permutations: int, *, seed: int) -> Counts:
    """Count draws of neighbours at home from the other regions of the same country."""
    values: Floats = seen.values  # noqa: PD011 - not a table
    above, below = (np.zeros(len(country), np.intp) for _ in range(2))
    for nation in np.unique(country):
        members = np.flatnonzero(country == nation)
        matrix = seen.matrix[members][:, members]
        if matrix.nnz:
            part = replace(seen, values=values[members], matrix=matrix, bounds=seen.bounds[:, members])
            counts = conditional_counts(part, Draws(permutations, seed))
            above[members], below[members] = counts
    return Counts(above, below)


def _within_abroad(seen: Observed, country: Ints, permutations: int, *, seed: int) -> Counts:
    """Count draws in which every country keeps its values, shuffled among its regions.

    A region is never its own neighbour abroad, so one shuffle serves all regions at once.
    """
    above, below = (np.zeros(len(country), np.intp) for _ in range(2))
    linked = np.flatnonzero(seen.degree > 0)
    matrix, bounds = seen.matrix[linked], seen.bounds[:, linked, None]
    order = np.argsort(country, kind="stable")
    dealt_from = seen.values[order]  # noqa: PD011 - not a table
    most = max(1, _CELLS // len(country))
    for block, first in enumerate(follow(range(0, permutations, most), "Block of permutations")):
        rng = np.random.default_rng([seed, block])
        shape = (min(most, permutations - first), len(country))
        dealt = np.lexsort((rng.random(shape), np.broadcast_to(country[order], shape)), axis=1)
        values = np.empty(shape)
        values[:, order] = dealt_from[dealt]
        sums = matrix @ values.T
        above[linked] += (sums >= bounds[0]).sum(axis=1)
        below[linked] += (sums <= bounds[1]).sum(axis=1)
    return Counts(above, below)


def _labels(table: pd.DataFrame, z: Floats, max_q: float) -> pd.Series:
    """Return in words what each region shares with neighbours at home and abroad."""
    own = np.where(z > 0, "high", "low")
    other = np.where(z > 0, "low", "high")
    alike, abroad = ((table[part] > 0) & (table[f"q_{part}"] <= max_q) for part in ("domestic", "foreign"))
    unlike = (table["foreign"] < 0) & (table["q_foreign"] <= max_q)
    bordering = table["p_foreign"].notna()
    kinds = [
        table["statistic"].isna(),
        alike & abroad,
        alike & bordering,
        alike,
        abroad,
        unlike,
    ]
    ends = [
        ALONE,
        "across the border",
        "at home, cut at the border",
        "at home",
        "with neighbours abroad",
    ]
    words = [
        np.full(len(z), ends[0]),
        *(np.char.add(np.char.add(own, " "), end) for end in ends[1:]),
        np.char.add(np.char.add(np.char.add(own, " beside "), other), " abroad"),
    ]
    return pd.Series(np.select(kinds, words, "not significant"), index=table.index)
