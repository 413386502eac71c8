"""Clubs: regions filled by the convergence club that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, polygons, positive, result
from geoinno.draw import palette
from geoinno.draw._layers.categorised import categorised
from geoinno.draw._layers.phrases import Phrase

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno.draw._layers.layer import Layer
    from geoinno.measure import Clubs

_NONE = Phrase("in no club")
_NONE_TONE = "#f2f2f2"


def club_map(
    regions: GeoDataFrame, clubs: Clubs, *, firm: float = 0.75, title: str = "", legend: str = ""
) -> Layer:
    """Fill regions by their convergence club, the highest the darkest.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    clubs
        From `geoinno.measure.convergence_clubs`, of the same regions.
    firm
        Regions that stay with their club in a smaller share (0..1) of bootstrap samples are dotted.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        A key for each club with the number of its regions, and one for regions in none.

    Raises
    ------
    ColumnError
        If ``clubs`` is another result.
    AlignmentError
        If clubs and regions cover different regions.

    Examples
    --------
    >>> import numpy as np
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> income = np.log(place.panel["income"].filter(like="MEX"))
    >>> land = place.regions.loc[income.index.unique("region")]
    >>> gi.draw.club_map(land, gi.measure.convergence_clubs(income)).legends[0].keys[0].label
    'club 1'
    """
    from geoinno.measure import Clubs

    result(clubs, Clubs, name="clubs", source="gi.measure.convergence_clubs")
    placed = aligned(clubs.table, polygons(regions).index, what="clubs", against="regions")
    numbers = clubs.tests.index.tolist()
    kinds = [*(_club(number) for number in numbers), *([_NONE] if placed["club"].isna().any() else [])]
    ramp = reversed(palette.ramp(palette.SEQUENTIAL, max(1, len(numbers))))
    colours: dict[str, str] = dict(zip(kinds, [*ramp, _NONE_TONE], strict=False))
    heading = legend or title or Phrase("Convergence clubs")
    words = [_NONE if pd.isna(number) else _club(number) for number in placed["club"]]
    labels = pd.Series(pd.Categorical(words, kinds), placed.index, name=heading)
    loose = placed["membership"] < positive(firm, name="firm", zero=True)
    uncertain = loose if loose.any() else None
    layer = categorised(regions, labels, colours=colours, uncertain=uncertain, words=(title, heading))
    stays = placed["membership"].astype(float)
    cells = [None if np.isnan(s) else Phrase("in {share:.0%} of samples", share=float(s)) for s in stays]
    layer.tips["stays with it"] = pd.Series(cells, stays.index, dtype="object")
    layer.table["membership"] = stays
    return layer


def _club(number: float) -> Phrase:
    """Return what a club is called."""
    return Phrase("club {number}", number=int(number))
