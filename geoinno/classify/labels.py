"""Labels: numbers become a few named kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import named
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

_REST = "not significant"
_ALONE = "isolate"
BORDER_TYPES = ("springboard", "gateway", "latent", "cul-de-sac", "interior")


def clusters(local: pd.DataFrame, *, max_q: float = 0.05) -> pd.Series:
    """Return the kind of local cluster each region belongs to.

    Parameters
    ----------
    local
        The table of `geoinno.measure.local_moran`, `geoinno.measure.local_getis_ord` or
        `geoinno.measure.local_geary`.
    max_q
        Regions count as clusters up to this q-value (0..1).

    Returns
    -------
    Series
        Categories in a fixed order, all kept though some be empty: HH, LL, HL, LH (own side of
        the mean, then the neighbours'), or hot and cold, or alike and unlike; then not
        significant, isolate.

    Raises
    ------
    ColumnError
        If the table is none of the three, or ``max_q`` lies outside 0..1.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> local = gi.measure.local_moran(place.regions["city_population"], near)
    >>> gi.classify.clusters(local).cat.categories.to_list()
    ['HH', 'LL', 'HL', 'LH', 'not significant', 'isolate']
    """
    if not 0 <= max_q <= 1:
        message = f"max_q must lie between 0 and 1; {max_q!r} was given."
        raise OptionError(message)
    absent = {"statistic", "q"} - set(local.columns)
    if absent:
        message = f"A table of a local statistic has columns 'statistic' and 'q'; missing: {sorted(absent)}."
        raise ColumnError(message)
    if "quadrant" in local.columns:
        return _labelled(local, local["quadrant"], ("HH", "LL", "HL", "LH"), max_q=max_q)
    if "likeness" in local.columns:
        return _labelled(local, local["likeness"], ("alike", "unlike"), max_q=max_q)
    side = pd.Series(np.where(local["statistic"] > 0, "hot", "cold"), index=local.index)
    return _labelled(local, side, ("hot", "cold"), max_q=max_q)


def _labelled(local: pd.DataFrame, kind: pd.Series, kinds: Sequence[str], *, max_q: float) -> pd.Series:
    """Return kinds where they are significant."""
    words = kind.astype("object").where(local["q"] <= max_q, _REST).where(local["q"].notna(), _ALONE)
    return pd.Series(
        pd.Categorical(words, categories=[*kinds, _REST, _ALONE]), index=local.index, name="cluster"
    )


def border_types(board: pd.DataFrame, *, least: float = 0.0) -> pd.Series:
    """Name what the border is to each region.

    From the z-scores of `geoinno.measure.springboard`: a ``springboard`` has more to gain behind the border
    and more passing through it than border regions on average; a ``gateway`` is passed, a ``latent``
    region would gain; a ``cul-de-sac`` is neither; ``interior`` regions have no border.

    Parameters
    ----------
    board
        The table of `geoinno.measure.springboard`, by region id.
    least
        The z-score above which a part counts.

    Returns
    -------
    Series
        ``border_type`` (a category with all five kinds), indexed as ``board``.

    Raises
    ------
    ColumnError
        If a column is missing.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> board = gi.measure.springboard(place.regions["city_population"], place.regions,
    ...     decay=gi.weigh.exponential(200), border_factor=0.2)
    >>> gi.classify.border_types(board).value_counts()["interior"]
    np.int64(16)
    """
    absent = [column for column in ("on_border", "z_gain", "z_gateway") if column not in board.columns]
    if absent:
        message = f"The table has no column {named(absent)}; it comes from gi.measure.springboard."
        raise ColumnError(message)
    gains, passed = board["z_gain"] > least, board["z_gateway"] > least
    kinds = [~board["on_border"].astype(bool), gains & passed, passed, gains]
    words = np.select(kinds, ["interior", "springboard", "gateway", "latent"], "cul-de-sac")
    return pd.Series(pd.Categorical(words, BORDER_TYPES), index=board.index, name="border_type")
