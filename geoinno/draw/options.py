"""Options: what regions could do next, with arrows to the partners that would help them most."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import polygons, refuse_strangers, region_ids, table_of, whole
from geoinno.draw import palette
from geoinno.draw._layers import flow_shapes, flow_words
from geoinno.draw._layers.categorised import categorised
from geoinno.draw._layers.layer import FlowTotals, Layer
from geoinno.draw._layers.names import bare_shapes, names
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import number
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

_ARROWS = Phrase("Support by the best partner (arrows point to it)")
_LABELS = 25
_NEEDED = ["region", "activity", "home", "abroad", "priority", "home_support", "abroad_support", "option"]
# The quadrants of Balland et al. (2019), in the colours of spaces that are told apart by all readers.
_TONES: Mapping[str, str] = MappingProxyType(
    {
        Phrase("high road"): palette.SPACES["pole"],
        Phrase("slow road"): palette.SPACES["hinterland"],
        Phrase("casino"): palette.SPACES["corridor"],
        Phrase("dead end"): palette.SPACES["periphery"],
    }
)


def option_map(
    regions: GeoDataFrame,
    options: pd.DataFrame,
    *,
    activity: str | None = None,
    arrows: int = 40,
    title: str = "",
    legend: str = "",
) -> tuple[Layer, ...]:
    """Fill regions by the kind of their option, with arrows to the partners that would add most to it.

    Parameters
    ----------
    regions
        Polygons indexed by region id; ``name`` and ``country`` are used where they exist.
    options
        From `geoinno.measure.complements`.
    activity
        The activity to show; regions that have it already are hatched. The option of the highest priority of
        each region unless given.
    arrows
        Maximum number of arrows, those with the most support first.
    title
        What the layers show.
    legend
        Title of the legend.

    Returns
    -------
    tuple
        Fills, and arrows from each region to its partner (the better one of those at home and abroad), as
        wide as the support; no arrows where no partner adds anything. For ``sheet(*layers)``.

    Raises
    ------
    ColumnError
        If a column of ``options`` is missing, or no option is of a known kind.
    OptionError
        If ``activity`` is not among the options.
    AlignmentError
        If options are of regions that are not on the map.

    References
    ----------
    Balland, P.-A., Boschma, R., Crespo, J. and Rigby, D. L. (2019). Smart specialization policy in the
    European Union. Regional Studies 53(9), 1252-1268. doi:10.1080/00343404.2018.1437900

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> regions = gi.read.sample("austria").regions.head(3)
    >>> has = pd.DataFrame({"wood": [1, 1, 0], "ski": [1, 0, 1], "tech": [0, 1, 1]}, index=regions.index)
    >>> options = gi.measure.complements(
    ...     has, gi.measure.proximity(has), regions, decay=gi.weigh.exponential(200), complexity=has.sum())
    >>> len(gi.draw.option_map(regions, options, activity="tech"))
    1
    """
    chosen = _chosen(options, polygons(regions).index, activity)
    usual = Phrase("Best option") if activity is None else Phrase("Option: {activity}", activity=activity)
    heading = legend or title or usual
    kinds = list(_TONES)
    labels = pd.Series(pd.Categorical(chosen["option"], kinds), chosen.index, name=heading)
    fills = categorised(regions, labels.reindex(regions.index), colours=_TONES, words=(title, heading))
    _described(fills, chosen.reindex(regions.index), names(regions))
    flows = chosen.loc[chosen["partner"].notna() & (chosen["support"] > 0), ["partner", "support"]]
    if flows.empty:
        return (fills,)
    return fills, _partners(flows, regions, arrows=arrows)


def _partners(flows: pd.DataFrame, regions: GeoDataFrame, *, arrows: int) -> Layer:
    """Return arrows to partners, those with the most support first, and the regions that they join."""
    table = flows.rename_axis("origin").reset_index()
    table = table.rename(columns={"partner": "destination", "support": "value"})
    table = table.sort_values(["value", "origin"], ascending=[False, True], ignore_index=True)
    drawn = table.head(whole(arrows, name="arrows"))
    where = flow_shapes.places(regions, drawn)
    shapes, nodes = flow_shapes.arrows(drawn, where, "linear", mode="partners"), _nodes(table, drawn, where)
    total = float(table["value"].sum())
    totals = FlowTotals(_ARROWS, "linear", "partners", count=len(table), value=total, inside=0.0)
    tips = flow_words.arrow_tips(drawn, table, where)[["", "flow"]]
    return Layer(
        kind="flows",
        name=Phrase("Partners"),
        shapes=shapes,
        legends=flow_words.flow_legends(shapes, nodes, totals),
        tips=tips.rename(columns={"flow": "support"}),
        table=flow_words.flow_table(drawn, where),
        nodes=nodes,
        described=flow_words.largest_in_words(drawn, where),
        totals=totals,
        regions=bare_shapes(regions),
    )


def _nodes(table: pd.DataFrame, drawn: pd.DataFrame, where: pd.DataFrame) -> GeoDataFrame:
    """Return the regions that arrows join, as large as the support that they give."""
    nodes = flow_words.nodes(table, drawn, where, labels=_LABELS)
    given = nodes["inflow"]
    times = table["destination"].value_counts().reindex(nodes.index, fill_value=0)
    return nodes.assign(
        gross=given,
        radius=np.maximum(flow_words.SMALLEST_NODE, flow_words.PARTNER_NODE * np.sqrt(given / given.max())),
        fill=np.where(given > 0, palette.NODE_GAIN, palette.NODE_LOSS),
        supports=pd.Series(
            [Phrase("{n:region|regions}", n=int(n)) for n in times], times.index, dtype="object"
        ),
    ).drop(columns=["inflow", "outflow", "net"])


def _chosen(options: pd.DataFrame, ids: pd.Index, activity: str | None) -> pd.DataFrame:
    """Return one option by region, with its partner and support."""
    table_of(options, _NEEDED, name="options", source="gi.measure.complements")
    refuse_strangers(options["region"], ids, what="options", against="regions of the map")
    known = options[options["option"].notna()]
    if activity is None:
        rows = known.sort_values("priority", ascending=False, kind="stable").drop_duplicates("region")
    else:
        rows = known[known["activity"] == activity]
        if rows.empty:
            message = f"activity={activity!r} is an option of no region; see options['activity'].unique()."
            raise OptionError(message)
    if rows.empty:
        message = (
            "No option is of a known kind, since complexity is missing. Pass complexity= to complements."
        )
        raise ColumnError(message)
    abroad = rows["abroad_support"].fillna(0) > rows["home_support"].fillna(0)
    table = rows.assign(
        partner=rows["home"].where(~abroad, rows["abroad"]),
        support=np.fmax(rows["home_support"], rows["abroad_support"]),
    ).set_index("region")
    region_ids(table.index, what="options")
    return table


def _described(layer: Layer, chosen: pd.DataFrame, called: pd.Series) -> None:
    """Write activity, priority and partner into tooltips and table."""
    partner = chosen["partner"].map(called)
    columns = {"activity": chosen["activity"].astype("object"), "partner": partner.astype("object")}
    for name, cells in columns.items():
        layer.tips[name] = cells.where(cells.notna(), None)
        layer.table[name] = cells
    layer.tips["priority"] = [None if np.isnan(p) else number(p, 2) for p in chosen["priority"].astype(float)]
    layer.table["priority"] = chosen["priority"]
