"""A border that opens by degrees: equilibria on a grid of openness, ready to be looked through."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.scale import engine, parted, run_blocks
from geoinno.simulate import _coalitions, _economy, _equilibrium
from geoinno.simulate._words import NOTHING, extremes, listed, part, percent

if TYPE_CHECKING:
    from pathlib import Path

    from geoinno._types import Floats
    from geoinno.scale import Block, Executor
    from geoinno.simulate._economy import Deficits

_NAMED = 3
_COLUMNS = ("welfare", "income", "exports")
# Degrees that are solved together, whoever solves them: they start from their mean.
_BLOCK = 4


@dataclass(frozen=True, slots=True, eq=False)
class OpeningGrid(Displayed):
    """Full equilibria of a border that opens by degrees.

    ``table`` by degree (``"0% open"`` to ``"100% open"``) and region: changes of ``welfare``, ``income`` and
    ``exports`` as shares, and the ``role``: ``"at the border"`` where some cost changes, else ``"outsider"``.
    ``notes`` by degree: who wins, who loses and what becomes of outsiders, in words. ``shares``: the part of
    the change of log flows at each degree.
    """

    table: pd.DataFrame
    notes: pd.Series
    shares: pd.Series
    elasticity: float
    deficits: str

    def __str__(self) -> str:
        """Return the result of the whole change in words."""
        last = self.shares.index[-1]
        return (
            f"At {last}: {self.notes[last]} Assumed: full general equilibrium with a trade elasticity of "
            f"{self.elasticity:g} and {self.deficits} deficits; nobody moves. {len(self.shares):,} degrees "
            "of openness were solved; the change itself is taken as known."
        )


def opening_grid(
    trade: pd.DataFrame,
    change: pd.DataFrame,
    *,
    steps: int = 11,
    elasticity: float = 4.0,
    deficits: Deficits = "additive",
    names: pd.Series | None = None,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> OpeningGrid:
    """Open a border by degrees, from as it is to the whole change, in full equilibrium.

    At the degree s flows change by s times ``change`` in logs before prices respond. The answer is what
    `geoinno.draw.over_scenarios` needs for a map with a slider.

    Parameters
    ----------
    trade, change, elasticity, deficits
        As for `opening`.
    steps
        Number of degrees, 2 or more, evenly spaced from nothing to the whole change.
    names
        What to call regions in the notes; their ids unless given.
    executor
        Who solves the degrees, in blocks: anything with ``submit``, such as a Dask ``Client``; the bits of
        the answer are the same. Threads of this process unless given.
    store
        Folder where finished blocks are kept, so that a run that died goes on.

    Returns
    -------
    OpeningGrid
        ``table`` by degree and region, ``notes`` and ``shares`` by degree.

    Raises
    ------
    FlowError
        As for `opening`.

    Examples
    --------
    >>> import geoinno as gi, numpy as np, pandas as pd
    >>> ids = ["a", "b", "c"]
    >>> trade = pd.DataFrame(np.eye(3) * 90 + 10, index=ids, columns=ids)
    >>> change = pd.DataFrame([[0, 1, 0], [1, 0, 0], [0, 0, 0]], index=ids, columns=ids)
    >>> grid = gi.simulate.opening_grid(trade, change, steps=3)
    >>> grid.table.loc["50% open", "welfare"].round(4).to_list()
    [0.0138, 0.0138, -0.0011]
    """
    ids, table = _economy.sound_trade(trade)
    costs = _economy.sound_change(change, ids)
    slope = _contract.positive(elasticity, name="elasticity")
    _contract.option(deficits, _economy.DEFICITS, name="deficits")
    shares = np.linspace(0, 1, _contract.whole(steps, name="steps", least=2))
    called = _called(names, ids)
    inputs = (table, costs, shares, slope, deficits)
    blocks = parted(len(shares), _BLOCK)
    with closing(run_blocks(_degrees, blocks, inputs, engine=engine(executor, store))) as answers:
        tables = [np.concatenate(parts) for parts in zip(*answers, strict=True)]
    labels = pd.Index([f"{100 * share:.3g}% open" for share in shares], name="degree")
    cells = pd.MultiIndex.from_product([labels, ids], names=["degree", "region"])
    grid = pd.DataFrame(
        {name: values.ravel() for name, values in zip(_COLUMNS, tables, strict=True)}, index=cells
    )
    inside = (costs != 0).any(axis=0) | (costs != 0).any(axis=1)
    grid["role"] = np.tile(np.where(inside, "at the border", "outsider"), len(labels))
    states = [part.set_axis(called) for _, part in grid.groupby(level="degree", sort=False)]
    return OpeningGrid(
        table=grid,
        notes=pd.Series([_note(state) for state in states], index=labels, name="note"),
        shares=pd.Series(shares, index=labels, name="share"),
        elasticity=slope,
        deficits=deficits,
    )


def _degrees(block: Block, *inputs: Any) -> tuple[Floats, ...]:  # noqa: ANN401 - the flat inputs of a block
    """Return the changes of welfare, income and exports at some degrees of openness."""
    trade, costs, shares, elasticity, deficits = inputs
    change = shares[slice(*block), None, None] * costs
    solution = _equilibrium.solve(trade, change, _equilibrium.full(trade, deficits), elasticity=elasticity)
    welfare = _coalitions.welfare(solution, deficits) - 1
    return welfare, solution.prices - 1, _export_growth(trade, solution.flows)


def _called(names: pd.Series | None, ids: pd.Index) -> pd.Index:
    """Return what to call each region."""
    if names is None:
        return ids
    given: pd.Series = _contract.aligned(names, ids, what="names", against="trade")
    return pd.Index(given.where(given.notna(), ids.to_series()).astype(str))


def _export_growth(trade: Floats, flows: Floats) -> Floats:
    """Return the change of what each region sells to others; missing where it sells nothing."""
    own = np.eye(len(trade), dtype=bool)
    before, after = (np.where(own, 0.0, table).sum(axis=-1) for table in (trade, flows))
    with np.errstate(invalid="ignore", divide="ignore"):
        growth: Floats = np.where(before > 0, after / before - 1, np.nan)
    return growth


def _note(state: pd.DataFrame) -> str:
    """Return who wins, who loses, and what becomes of outsiders."""
    welfare, income = state["welfare"], state["income"]
    if not welfare.any():
        return "The border is as it was: nothing changes."
    gains = welfare[welfare > NOTHING].nlargest(_NAMED)
    most = [f"{name} ({percent(float(gain))})" for name, gain in gains.items()]
    winners = f"Winners: {listed(most)}" if most else "No region wins"
    outside = welfare[state["role"] == "outsider"]
    lose = part(_losers(welfare), len(welfare), noun="region", verb="lose")
    apart = ""
    if len(outside) == 1:
        apart = f" Outsider: {outside.index[0]} ({percent(float(outside.iloc[0]))})."
    elif len(outside):
        few = _losers(outside)
        apart = f" Outsiders: {few:,} of {len(outside):,} lose{'s' if few == 1 else ''}, {extremes(outside)}."
    # On a map, a minus is a minus: no hyphen, of which names have their own.
    words = f"{winners}; {lose}.{apart} Incomes change {extremes(income)}."
    return re.sub(r"(?<=[ (])-(?=\d)", "\u2212", words)


def _losers(welfare: pd.Series[float]) -> int:
    """Return how many regions lose, beyond what rounding leaves."""
    return int((welfare < -NOTHING).sum())
