"""Labels: named kinds of clusters and of border regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import named, positive, table_of
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

_REST = "not significant"
_ALONE = "isolate"
BORDER_TYPES = ("springboard", "latent", "transit", "cul-de-sac", "interior")
# Gain against the median region of the country, the share of the ways abroad that pass, and km to its pole.
_PARTS = ("gain_ratio", "betweenness", "pole_km")


def clusters(local: pd.DataFrame, *, max_q: float = 0.05) -> pd.Series:
    """Return the kind of local cluster to which each region belongs.

    Parameters
    ----------
    local
        The table of `geoinno.measure.local_moran`, `geoinno.measure.local_getis_ord` or
        `geoinno.measure.local_geary`.
    max_q
        Regions count as clusters up to this q-value (0 to 1).

    Returns
    -------
    Series
        Categories in a fixed order, all kept even where some are empty: HH, LL, HL, LH (the region's own
        side of the mean, then that of its neighbours), or hot and cold, or alike and unlike; then not
        significant, isolate.

    Raises
    ------
    ColumnError
        If the table is not one of these three.
    OptionError
        If ``max_q`` lies outside 0 to 1.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> local = gi.measure.local_moran(place.regions["city_population"], near)
    >>> gi.classify.clusters(local).cat.categories.to_list()
    ['HH', 'LL', 'HL', 'LH', 'not significant', 'isolate']
    """
    if positive(max_q, name="max_q", zero=True) > 1:
        message = f"max_q must lie between 0 and 1; {max_q!r} was given."
        raise OptionError(message)
    _sound_local(local)
    if "quadrant" in local.columns:
        return _labelled(local, local["quadrant"], ("HH", "LL", "HL", "LH"), max_q=max_q)
    if "likeness" in local.columns:
        return _labelled(local, local["likeness"], ("alike", "unlike"), max_q=max_q)
    side = pd.Series(np.where(local["statistic"] > 0, "hot", "cold"), index=local.index)
    return _labelled(local, side, ("hot", "cold"), max_q=max_q)


def _sound_local(local: pd.DataFrame) -> None:
    """Raise unless the table is one of a local statistic whose sign or kind makes clusters."""
    source = "gi.measure.local_moran, local_getis_ord or local_geary"
    if not isinstance(local, pd.DataFrame):
        message = f"local must be a table of {source}; {type(local).__name__} was given."
        raise ColumnError(message)
    absent = {"statistic", "q"} - set(local.columns)
    if absent:
        message = f"A table of {source} has the columns 'statistic' and 'q'; missing: {sorted(absent)}."
        raise ColumnError(message)
    # Other local statistics, such as that of dispersion, have no hot and cold side of zero.
    others = local.columns.difference(["statistic", "p", "q"])
    if len(others) and not {"quadrant", "likeness"} & set(others):
        message = f"local must be a table of {source}; this one has other columns: {named(others)}."
        raise ColumnError(message)


def _labelled(local: pd.DataFrame, kind: pd.Series, kinds: Sequence[str], *, max_q: float) -> pd.Series:
    """Return kinds where they are significant."""
    words = kind.astype("object").where(local["q"] <= max_q, _REST).where(local["q"].notna(), _ALONE)
    return pd.Series(
        pd.Categorical(words, categories=[*kinds, _REST, _ALONE]), index=local.index, name="cluster"
    )


def border_types(board: pd.DataFrame, *, least: float = 0.0) -> pd.Series:
    """Classify border regions by what they gain from an open border and carry across it.

    From the parts of `geoinno.measure.springboard`. A ``springboard`` has more to gain behind the border than
    the median region of its country, and its country behind it: more of the ways abroad pass through it, or
    the pole of its country is nearer, than for the median border region. A ``latent`` region has more to
    gain, but neither; through a ``transit`` region more ways abroad pass, with no more to gain; a
    ``cul-de-sac`` has no more of either; ``interior`` regions lie on no border.

    Parameters
    ----------
    board
        The table of `geoinno.measure.springboard`, by region id.
    least
        By what share a part must exceed the median to count, 0 or more: with 0.25 the gain by a quarter, and
        the pole must be at four fifths of the median distance.

    Returns
    -------
    Series
        ``border_type`` (a category with all five kinds), indexed as ``board``.

    Raises
    ------
    ColumnError
        If a column is missing.
    OptionError
        If ``least`` is negative.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> board = gi.measure.springboard(place.regions["city_population"], place.regions,
    ...     decay=gi.weigh.exponential(200), border_factor=0.2)
    >>> gi.classify.border_types(board).value_counts()["interior"]
    np.int64(16)
    """
    table_of(board, ("on_border", *_PARTS), name="board", source="gi.measure.springboard")
    factor = 1 + positive(least, name="least", zero=True)
    gain, ways, km = (board[part] for part in _PARTS)
    gains, passed = gain > factor, ways > factor * ways.median()
    near = km * factor < km.median()
    kinds = [~board["on_border"].astype(bool), gains & (passed | near), gains, passed]
    words = np.select(kinds, ["interior", "springboard", "latent", "transit"], "cul-de-sac")
    return pd.Series(pd.Categorical(words, BORDER_TYPES), index=board.index, name="border_type")
