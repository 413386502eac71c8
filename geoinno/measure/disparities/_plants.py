"""Plants thrown at regions by chance, beside those that are there (Ellison and Glaeser 1997)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import adjusted, two_sided
from geoinno.measure.disparities import _shares
from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from geoinno._types import Floats


_SINGLE = ("activity", "size")
# Plants thrown at a time.
_CELLS = 1_000_000


class Clustering(NamedTuple):
    """What is known of one activity, in the order of the columns of the answer."""

    gamma: float
    raw: float
    herfindahl: float
    plants: int
    p: float


def plant_sizes(plants: pd.DataFrame, activity: pd.DataFrame) -> dict[Hashable, Floats]:
    """Return the shares of plants in each activity, from counts by region or from single plants."""
    if not isinstance(plants, pd.DataFrame):
        message = (
            "plants must be a table of counts, regions by activities, or of single plants with the columns "
            f"'activity' and 'size'; {type(plants).__name__} was given."
        )
        raise ColumnError(message)
    if {*_SINGLE} <= {*plants.columns}:
        return _of_single_plants(plants, activity)
    return _of_counts(plants, activity)


def _of_single_plants(plants: pd.DataFrame, activity: pd.DataFrame) -> dict[Hashable, Floats]:
    """Return the shares of plants from a table with a row for each."""
    _check_single_plants(plants, activity)
    size = plants["size"]
    by_activity = {name: np.sort(size[plants["activity"] == name].to_numpy(float)) for name in activity}
    return {name: own / own.sum() if len(own) else own for name, own in by_activity.items()}


def _check_single_plants(plants: pd.DataFrame, activity: pd.DataFrame) -> None:
    """Raise unless plants have sizes, and every activity with mass has a plant."""
    size = plants["size"]
    if not pd.api.types.is_numeric_dtype(size) or not np.isfinite(size).all() or (size <= 0).any():
        message = "Column 'size' of the plants must hold finite numbers above zero."
        raise ColumnError(message)
    absent = [name for name in activity if activity[name].any() and not (plants["activity"] == name).any()]
    if absent:
        message = f"There is no plant of {_contract.named(absent)}, which have mass in the table of activity."
        raise ColumnError(message)


def _of_counts(plants: pd.DataFrame, activity: pd.DataFrame) -> dict[Hashable, Floats]:
    """Return the shares of plants where those of one cell are of the same size."""
    placed = _contract.aligned(plants, activity.index, what="plants", against="activity")
    if set(placed.columns) != set(activity.columns):
        strangers = placed.columns.symmetric_difference(activity.columns)
        message = (
            f"Plants and activity have different columns: {_contract.named(strangers)}. Give both a column "
            "for each activity."
        )
        raise ColumnError(message)
    counts = _shares.sound_activity(placed[activity.columns], what="plants")
    bare = [(r, a) for a in activity for r in activity.index[(activity[a] > 0) != (counts[a] > 0)]]
    if bare or (counts % 1 != 0).to_numpy().any():
        cells = f"; not so in {_contract.named(bare)}" if bare else ""
        message = f"Plants must be whole numbers, above zero where there is mass and only there{cells}."
        raise ColumnError(message)
    sizes: dict[Hashable, Floats] = {}
    for name in activity:
        there = counts[name].to_numpy() > 0
        mass, count = activity[name].to_numpy()[there], counts[name].to_numpy()[there].astype(int)
        sizes[name] = np.sort(np.repeat(mass / count, count)) / mass.sum() if there.any() else mass
    return sizes


def clustering(column: Floats, share: Floats, sizes: Floats, *, draws: int, seed: int) -> Clustering:
    """Return Ellison and Glaeser's gamma (their equation 5), and how often chance gives one as far out."""
    spread = 1 - float(share @ share)
    if spread <= np.finfo(float).eps * len(share):
        message = "All activity lies in one region: no plant could choose another."
        raise ColumnError(message)
    if len(sizes) < 2:  # noqa: PLR2004
        return Clustering(np.nan, np.nan, np.nan, len(sizes), np.nan)
    raw = float(((column / column.sum() - share) ** 2).sum())
    herfindahl = float(sizes @ sizes)
    gamma = (raw - spread * herfindahl) / (spread * (1 - herfindahl))
    drawn = _thrown(share, sizes, draws=draws, seed=seed)
    p = float(two_sided(counted(drawn, raw, 1.0), draws))
    return Clustering(gamma, raw, herfindahl, len(sizes), p)


def _thrown(share: Floats, sizes: Floats, *, draws: int, seed: int) -> Floats:
    """Return G for each draw in which every plant chooses a region with probability ``share``."""
    rng = np.random.default_rng(seed)
    ends, n = np.cumsum(share)[:-1], len(share)
    step = max(1, _CELLS // max(len(sizes), n))
    found = []
    for start in follow(range(0, draws, step), "Block of draws"):
        rows = min(step, draws - start)
        chosen = np.searchsorted(ends, rng.random((rows, len(sizes))), side="right")
        cells = (np.arange(rows)[:, None] * n + chosen).ravel()
        mass = np.bincount(cells, np.tile(sizes, rows), minlength=rows * n).reshape(rows, n)
        found.append(((mass - share) ** 2).sum(axis=1))
    return np.concatenate(found)


def answer(rows: Mapping[Hashable, Clustering], activities: pd.Index) -> pd.DataFrame:
    """Return a row for each activity, with q-values over all of them."""
    table = pd.DataFrame([rows[name] for name in activities], index=activities, columns=Clustering._fields)
    return table.assign(q=adjusted(table["p"]))
