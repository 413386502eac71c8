"""Matrices of transition probabilities in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex

from geoinno.draw import palette
from geoinno.draw._layers.words import fixed
from geoinno.draw._print.frame import MM, Plot, font

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RAMP = LinearSegmentedColormap.from_list("probability", palette.SEQUENTIAL)
_ACROSS = 3


def matrix_figure(
    chains: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    steady: pd.Series | None,
    *,
    title: str,
    width_mm: float,
) -> Figure:
    """Return a matrix of probabilities and counts for each chain, and the steady state below one alone."""
    columns = min(_ACROSS, len(chains))
    rows = -(-len(chains) // columns)
    width = width_mm / MM
    with mpl.rc_context(font()):
        height = width / columns * rows * (1.3 if steady is not None else 1.08) + 0.3
        figure = Plot(figsize=(width, height), facecolor="white", layout="constrained")
        if steady is None:
            axes = figure.subplots(rows, columns, squeeze=False).ravel()
        else:
            axes = figure.subplots(2, 1, height_ratios=[4, 1])
            _bars(axes[1], steady)
        for ax, (name, (chain, counts)) in zip(axes, chains.items(), strict=False):
            _cells(ax, chain, counts, small=columns > 1)
            ax.set_title(name, size=7.5, color=palette.TEXT)
        for ax in axes[len(chains) :] if steady is None else ():
            ax.set_axis_off()
        figure.suptitle(title, x=0.01, ha="left", size=9, weight="bold", color=palette.TEXT)
    return figure


def _cells(ax: Axes, chain: pd.DataFrame, counts: pd.DataFrame, *, small: bool) -> None:
    """Draw probabilities as tones, and write them with the number of transitions; empty rows are hatched."""
    size = len(chain)
    ax.set_facecolor("white")
    ax.patch.set(hatch="/////", edgecolor="#c8c8c8", linewidth=0)
    shares, times = chain.to_numpy(float), counts.to_numpy(int)
    ax.imshow(shares, cmap=_RAMP, vmin=0, vmax=1, aspect="equal")
    for row, column in np.argwhere(np.isfinite(shares)):
        value = float(shares[row, column])
        words = f"{value:.2f}" if small else f"{value:.2f}\n{fixed(times[row, column], 0)}"
        tone = palette.text_on(to_hex(_RAMP(value)))
        ax.text(column, row, words, ha="center", va="center", size=5.5 if small else 7, color=tone)
    ax.set_xticks(range(size), [str(name) for name in chain.columns])
    ax.set_yticks(range(size), [str(name) for name in chain.index])
    ax.tick_params(labelsize=6.5, length=0)
    ax.set_xlabel("class after", size=7)
    ax.set_ylabel("class before", size=7)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _bars(ax: Axes, steady: pd.Series) -> None:
    """Draw the steady state as bars with their shares."""
    place = np.arange(len(steady))
    bars = ax.bar(place, steady, color="#2c7fb8", width=0.7)
    ax.bar_label(bars, [f"{share:.0%}" for share in steady], size=6.5, padding=1)
    ax.set_xticks(place, [str(name) for name in steady.index])
    ax.set_yticks([])
    ax.margins(y=0.25)
    ax.set_xlabel("class in the steady state: the share of regions to which transitions lead", size=7)
    ax.tick_params(labelsize=6.5, length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
