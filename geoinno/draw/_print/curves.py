"""Decay curves in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator, NullFormatter

from geoinno.draw._layers.headings import begun
from geoinno.draw._layers.words import number
from geoinno.draw._print.frame import MM, Plot, font, plain_axes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno._types import Floats
    from geoinno.measure import Gravity
    from geoinno.weigh import Decay

_COLOURS = ("#ca0020", "#253494", "#41b6c4", "#b35806", "#4a4a4a", "#998ec3", "#2c7fb8", "#f1a340")
_STYLES = ("-", "--", "-.", ":", "-", "--", "-.", ":")

# Over more than this, a label at each power of ten is enough.
_WIDE = 1000


def curves_figure(
    decays: Mapping[str, Decay],
    table: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    fitted: Gravity | None,
    words: tuple[str, str],
    width_mm: float,
) -> Figure:
    """Return the curves, with points where a model was given."""
    title, unit = words
    off = costs.to_numpy()[~np.eye(len(costs), dtype=bool)]
    if fitted is not None:
        off = _costs_of(fitted.fitted, costs)
    middle = float(np.median(off))
    width = width_mm / MM
    with mpl.rc_context(font()):
        figure = Plot(figsize=(width, 0.66 * width), facecolor="white", layout="constrained")
        ax = figure.add_subplot()
        if fitted is not None:
            _points(ax, fitted, off, middle=middle)
        over = np.linspace(off.min(), off.max(), 300)
        _curves(ax, decays, table, over=over, middle=middle, unit=unit)
        _dress(ax, title, unit, middle=middle)
        spacing: Any = {"ncols": 2, "columnspacing": 1.0, "handlelength": 1.6}
        figure.legend(fontsize=6, frameon=False, loc="outside lower center", **spacing)
    return figure


def _curves(
    ax: Axes, decays: Mapping[str, Decay], table: pd.DataFrame, *, over: Floats, middle: float, unit: str
) -> None:
    """Draw the families, the best first and strongest."""
    rows: Any = table.set_index("family")
    for i, (family, decay) in enumerate(decays.items()):
        half = rows.loc[family, "half"]
        reach = f", half at {number(float(half), 3)} {unit}".rstrip() if np.isfinite(half) else ""
        label = f"{begun(family)} (AIC {number(float(rows.loc[family, 'aic']), 6)}{reach})"
        height = np.asarray(decay(over)) / float(np.asarray(decay(middle)))
        (line,) = ax.plot(over, height, label=label, linewidth=1.8 if i == 0 else 1.1, zorder=9 - i)
        line.set(color=_COLOURS[i % len(_COLOURS)], linestyle=_STYLES[i % len(_STYLES)])


def _points(ax: Axes, fitted: Gravity, cost: Floats, *, middle: float) -> None:
    """Draw partial residuals, larger for larger flows."""
    flows = fitted.fitted
    slope: Any = fitted.coefficients.loc["cost", "estimate"]
    power = fitted.decay == "power"
    expected = (cost / middle) ** slope if power else np.exp(slope * (cost - middle))
    seen = flows["value"].to_numpy() > 0
    height = expected * (flows["value"] / flows["expected"]).to_numpy()
    share = flows["value"].to_numpy() / flows["value"].max()
    ax.scatter(
        cost[seen],
        height[seen],
        s=6 + 90 * share[seen],
        facecolor="#bdbdbd",
        edgecolor="#595959",
        linewidth=0.4,
        alpha=0.75,
        zorder=1,
        label="Observed flows (area = size)",
    )


def _dress(ax: Axes, title: str, unit: str, *, middle: float) -> None:
    """Write axes and title."""
    ax.set_yscale("log")
    ax.set_xlabel(unit, size=7.5)
    ax.set_ylabel(f"interaction (at {number(middle, 3)} {unit} = 1)", size=7.5)
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < _WIDE * low else (1,)))
    ax.yaxis.set_major_formatter(lambda v, _: number(v, 3))
    ax.yaxis.set_minor_formatter(NullFormatter())
    plain_axes(ax, title, grid=True)


def _costs_of(flows: pd.DataFrame, costs: pd.DataFrame) -> Floats:
    """Return the cost of each flow."""
    rows = costs.index.get_indexer(pd.Index(flows["origin"]))
    columns = costs.columns.get_indexer(pd.Index(flows["destination"]))
    return np.asarray(costs.to_numpy()[rows, columns])
