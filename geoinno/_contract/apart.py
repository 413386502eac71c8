"""Countries that come near each other without a common border, because a strip lies open between them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract.ids import named
from geoinno._contract.strips import near_pairs, strips
from geoinno._language.phrases import Phrase
from geoinno.errors import DataWarning

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Ints


_LISTED = 3


def warn_of_strips(regions: GeoDataFrame, country: pd.Series, *, first: Ints, second: Ints) -> None:
    """Warn where two countries come within 100 m of each other and share no edge.

    ``first`` and ``second`` are the positions of the pairs of sound polygons that do share an edge.
    """
    land, names = pd.factorize(country.reindex(regions.index))
    shapes, crs = regions.geometry.to_numpy(), regions.crs
    meeting = set(zip(land[first].tolist(), land[second].tolist(), strict=True))
    meeting |= {(one, other) for other, one in meeting}
    apart = [
        (i, j) for i, j in near_pairs(shapes, crs) if land[i] != land[j] and (land[i], land[j]) not in meeting
    ]
    open_ = strips(shapes, crs, pairs=np.array(apart, dtype=np.int64).reshape(-1, 2)) if apart else []
    if open_:
        between = {
            Phrase("{first} and {second}", first=names[land[strip.first]], second=names[land[strip.second]])
            for strip in open_
        }
        ids = [(regions.index[strip.first], regions.index[strip.second]) for strip in open_]
        message = Phrase(
            "Between {countries} a strip of up to {width:.2g} m lies open, so these countries "
            "have no common border: {regions}. If they do border each other, close it: regions = "
            "gi.read.repaired(regions).",
            countries=_listed(sorted(between)),
            width=max(s.gap_m for s in open_),
            regions=named(ids),
        )
        warnings.warn(message, DataWarning, stacklevel=3)


def _listed(words: list[str]) -> str:
    """Return the first few of ``words`` in a sentence."""
    rest = len(words) - _LISTED
    listed = {f"pair{i}": pair for i, pair in enumerate(words[:_LISTED])}
    pairs = Phrase("; ".join(f"{{{name}}}" for name in listed), **listed)
    return Phrase("{pairs}; and {rest} more pairs", pairs=pairs, rest=str(rest)) if rest > 0 else pairs
