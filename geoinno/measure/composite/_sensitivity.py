"""What moves ranks: Sobol indices of the choices, and the shift when an indicator is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats import qmc

from geoinno.measure.composite import _diagnostics, _draws
from geoinno.measure.composite._draws import Choice

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.composite._draws import Ranks, Setting

# Weights and noise are drawn from pools, as a Sobol point is one number for each choice.
_POOL = 64


def indices(setting: Setting, baseline: Ranks, *, base: int) -> pd.DataFrame:
    """Return the first and total Sobol index of each choice for the mean shift of ranks.

    First by Saltelli et al. (2010), total by Jansen (1999), over base x (choices + 2) runs. Missing where
    ranks do not shift at all. Empty where there is no choice, or none is wanted.
    """
    names = [name for name in Choice._fields if setting.options(name) > 1]
    empty = pd.DataFrame({"first": np.empty(0), "total": np.empty(0)}, index=pd.Index([], name="choice"))
    if not names or base == 0:
        return empty
    points = qmc.Sobol(2 * len(names), rng=np.random.default_rng([setting.seed, 0, 2])).random(base)
    first, second = points[:, : len(names)], points[:, len(names) :]
    mixed = [np.where(np.arange(len(names)) == k, second, first) for k in range(len(names))]
    runs = [_shifts(setting, names, table, baseline=baseline) for table in (first, second, *mixed)]
    if np.ptp(np.concatenate(runs)) == 0:
        return pd.DataFrame(np.nan, index=pd.Index(names, name="choice"), columns=["first", "total"])
    outputs = {"f_A": runs[0][None], "f_B": runs[1][None], "f_AB": np.array(runs[2:])[:, None]}
    found = stats.sobol_indices(func=outputs, n=base)
    columns = {"first": np.ravel(found.first_order), "total": np.ravel(found.total_order)}
    return pd.DataFrame(columns, index=pd.Index(names, name="choice"))


def _shifts(setting: Setting, names: list[str], points: Floats, *, baseline: Ranks) -> Floats:
    """Return the mean absolute shift of ranks from the baseline at each point of the unit cube."""
    counts = {name: setting.options(name) for name in names}
    taken = [_choice(counts, point) for point in points]
    drawn = _draws.ranks(setting, taken)
    shifts: Floats = np.abs(drawn - baseline).mean(axis=1)
    return shifts


def _choice(counts: dict[str, int], point: Floats) -> Choice:
    """Return the choice at a point of the unit cube: equal parts of a side for the options of a choice."""
    pool = min(_POOL, counts.get("weights", _POOL) - 1)
    sizes = [pool if name in {"weights", "noise"} else count for name, count in counts.items()]
    starts = [1 if name in {"weights", "noise"} else 0 for name in counts]
    places = [start + int(u * size) for start, u, size in zip(starts, point, sizes, strict=True)]
    return Choice(**dict(zip(counts, places, strict=True)))


def members(setting: Setting) -> pd.DataFrame:
    """Return the indicators and the groups of the baseline, on its scale."""
    return _draws.baseline_members(setting)


def indicator_table(setting: Setting, baseline: Ranks) -> pd.DataFrame:
    """Return weights, correlations, and what each indicator adds: the mean shift of ranks without it."""
    shares = _draws.shares_at(setting, 0)
    table = _diagnostics.diagnosed(
        _diagnostics.nominal(setting.tree, shares), members(setting), setting.tree.groups[-1].name
    )
    shifts = []
    for name in setting.tree.indicators:
        if len(setting.tree.indicators) == 1:
            shifts.append(np.nan)
            continue
        left = _draws.scores(setting, Choice(), _draws.without(setting.tree, shares, name))
        shifts.append(float(np.abs(_draws.rank(left) - baseline).mean()))
    return table.assign(adds=shifts)
