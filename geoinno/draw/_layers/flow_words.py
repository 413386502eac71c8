"""The words of a flow map: nodes, legends, tooltips, and the note on what is not drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geoinno.draw import palette
from geoinno.draw._layers.layer import FlowTotals, Key, Legend
from geoinno.draw._layers.phrases import Phrase, joined, listed
from geoinno.draw._layers.words import number, values_of_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno._types import Floats

WIDEST, THINNEST = 12.0, 1.3
LARGEST_NODE, SMALLEST_NODE = 13.0, 3.0
# Partners are near each other, and the regions below count for more: a wide arrow would be shorter than wide.
PARTNER_WIDEST, PARTNER_NODE = 5.0, 7.0
NODE_BALANCED = "#8f8f8f"
_BALANCED = 0.02
# What summing in another order leaves of a balance that is zero, as a share of the sums.
_NOISE = 1e-12
_STEPS = (1, 4, 20)
_NODES = {
    "flows": (
        Phrase("Places (area = inflow + outflow)"),
        (
            (Phrase("net gain"), palette.NODE_GAIN),
            (Phrase("net loss"), palette.NODE_LOSS),
            (Phrase("balanced within {share:.0%}", share=_BALANCED), NODE_BALANCED),
        ),
    ),
    "partners": (
        Phrase("Regions (area = support that they give)"),
        (
            (Phrase("partner of another"), palette.NODE_GAIN),
            (Phrase("partner of none"), palette.NODE_LOSS),
        ),
    ),
}
# How many arrows there are; what the largest of them hold, and what those that there is room for hold.
_COUNTED = {
    "gross": (
        "{drawn} of {every:flow|flows} drawn: the largest, {share:.0%} of all moves between regions.",
        "{drawn} of {every:flow|flows} drawn: {share:.0%} of all moves between regions.",
    ),
    "net": (
        "{drawn} of {every:flow|flows} drawn: the largest, {share:.0%} of all net moves between regions.",
        "{drawn} of {every:flow|flows} drawn: {share:.0%} of all net moves between regions.",
    ),
    "partners": (
        "{drawn} of {every:partner|partners} drawn: the largest, {share:.0%} of all support.",
        "{drawn} of {every:partner|partners} drawn: {share:.0%} of all support.",
    ),
}
_NODE_CELLS = ("inflow", "outflow", "net", "supports")


def nodes(flows: pd.DataFrame, drawn: pd.DataFrame, places: pd.DataFrame, *, labels: int) -> GeoDataFrame:
    """Return the places that drawn flows touch: gross and net moves, radius, fill, label."""
    between = flows[flows["origin"] != flows["destination"]]
    inflow = between.groupby("destination")["value"].sum()
    outflow = between.groupby("origin")["value"].sum()
    touched = pd.Index(pd.unique(pd.concat([drawn["origin"], drawn["destination"]])), name="region")
    table = pd.DataFrame({"inflow": inflow, "outflow": outflow}).reindex(touched).fillna(0.0)
    gross, net = table["inflow"] + table["outflow"], table["inflow"] - table["outflow"]
    net = net.where(net.abs() > _NOISE * gross, 0.0)
    balanced, gains = net.abs() < _BALANCED * gross, net > 0
    fill = np.where(balanced, NODE_BALANCED, np.where(gains, palette.NODE_GAIN, palette.NODE_LOSS))
    rank = gross.rank(ascending=False, method="first")
    name = places.loc[touched, "name"].to_numpy()
    return gpd.GeoDataFrame(
        table.assign(
            net=net,
            gross=gross,
            radius=np.maximum(SMALLEST_NODE, LARGEST_NODE * np.sqrt(gross / gross.max())),
            fill=fill,
            name=name,
            label=np.where(rank <= labels, name, ""),
        ),
        geometry=gpd.points_from_xy(places.loc[touched, "x"], places.loc[touched, "y"]),
        crs=4326,
    )


def widths(values: Floats, scale: str, mode: str) -> Floats:
    """Return widths of arrows in pixels; the largest flow is the widest."""
    relative = values / values.max()
    return np.maximum(THINNEST, _widest(mode) * (np.sqrt(relative) if scale == "sqrt" else relative))


def _widest(mode: str) -> float:
    """Return the width of the largest arrow in pixels."""
    return PARTNER_WIDEST if mode == "partners" else WIDEST


def flow_legends(
    shapes: GeoDataFrame,
    points: GeoDataFrame,
    totals: FlowTotals,
    *,
    close: Sequence[str] = (),
    over: bool = False,
) -> tuple[Legend, ...]:
    """Return the legends of the arrows that are drawn: widths, colours, places, and what is left out.

    ``close`` names the pairs of places that lie too close together for an arrow between them; ``over`` says
    that some arrows run over the edge of the map.
    """
    said = note(shapes, totals, close)
    if over:
        said = joined([said, Phrase("Arrows that leave the map on one side come back on the other.")])
    nodes = _node_legend(points, totals.mode, said)
    return (nodes,) if shapes.empty else (*_arrow_legends(shapes, totals), nodes)


def _arrow_legends(shapes: GeoDataFrame, totals: FlowTotals) -> list[Legend]:
    """Return the legend of widths, and of colours where flows cross borders."""
    largest = float(shapes["value"].max())
    top = _round_below(largest)
    keys = []
    written = values_of_keys([top / part for part in _STEPS])
    for part, label in zip(_STEPS, written.words, strict=True):
        relative = top / part / largest
        width = _widest(totals.mode) * (math.sqrt(relative) if totals.scale == "sqrt" else relative)
        size = round(max(THINNEST, width), 2)
        keys.append(Key(label, palette.FLOW_DOMESTIC, symbol="arrow", size=size))
    words = Phrase("Width grows with the square root of the flow.") if totals.scale == "sqrt" else ""
    foreign = int((shapes["fill"] == palette.FLOW_CROSS_BORDER).sum())
    rows = (
        (Phrase("within a country"), palette.FLOW_DOMESTIC, len(shapes) - foreign),
        (Phrase("crosses a national border"), palette.FLOW_CROSS_BORDER, foreign),
    )
    colours = [Key(label, fill, symbol="line", size=4, count=count) for label, fill, count in rows if count]
    widths_legend = Legend(totals.heading, tuple(keys), words, factor=written.factor)
    return [widths_legend, *([Legend(Phrase("Arrows"), tuple(colours))] if foreign else [])]


def _node_legend(points: GeoDataFrame, mode: str, said: str) -> Legend:
    """Return the legend of the nodes, with the note that says what is not drawn."""
    title, rows = _NODES["partners" if mode == "partners" else "flows"]
    counts = {fill: int((points["fill"] == fill).sum()) for _, fill in rows}
    keys = [
        Key(label, fill, symbol="circle", size=5.5, count=counts[fill])
        for label, fill in rows
        if counts[fill]
    ]
    return Legend(title, tuple(keys), said)


def note(shapes: GeoDataFrame, totals: FlowTotals, close: Sequence[str]) -> str:
    """Return how many flows are drawn, what they hold, and what is left out."""
    counted = _COUNTED[totals.mode][bool(close)]
    share = float(shapes["value"].sum() / totals.value)
    sentences = [Phrase(counted, drawn=len(shapes), every=totals.count, share=share)]
    if close:
        sentences.append(
            Phrase(
                "{n:more runs|more run} between places too close together for an arrow, such as {pair}.",
                n=len(close),
                pair=close[0],
            )
        )
    if totals.inside:
        sentences.append(Phrase("{inside} inside regions are not drawn.", inside=float(totals.inside)))
    if len(shapes):
        sentences.append(Phrase("Arrows curve to the left of their direction."))
    return joined(sentences)


def arrow_ids(drawn: pd.DataFrame) -> pd.Index:
    """Return the id of each arrow, from the ids of its ends."""
    return pd.Index([f"{a} {b}" for a, b in zip(drawn["origin"], drawn["destination"], strict=True)])


def arrow_tips(drawn: pd.DataFrame, flows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the tooltip of each arrow: both ends, value, the opposite direction, the origin's share."""
    value = flows.set_index(["origin", "destination"])["value"]
    outflow = flows[flows["origin"] != flows["destination"]].groupby("origin")["value"].sum()
    back = value.reindex(pd.MultiIndex.from_frame(drawn[["destination", "origin"]])).to_numpy()
    start, end = places.loc[drawn["origin"], "name"], places.loc[drawn["destination"], "name"]
    share = drawn["value"].to_numpy() / outflow.reindex(drawn["origin"]).to_numpy()
    return pd.DataFrame(
        {
            "": [f"{a} \u2192 {b}" for a, b in zip(start, end, strict=True)],
            "flow": [number(v) for v in drawn["value"]],
            "opposite direction": [None if np.isnan(v) else number(v) for v in back],
            "share of the origin's outflow": [f"{s:.1%}" for s in share],
        }
    )


def with_unit(unit: str) -> dict[str, str]:
    """Return the headings of flows in tooltips and tables with their unit; none without one."""
    names = ("value", "flow", "opposite direction", "inflow", "outflow", "net")
    return {name: listed((Phrase(name), unit)) for name in names} if unit else {}


def node_tips(points: GeoDataFrame) -> pd.DataFrame:
    """Return the tooltip of each node."""
    cells = {"": points["name"].to_list()}
    for column in points.columns.intersection(_NODE_CELLS, sort=False):
        cells[column] = [v if isinstance(v, str) else number(v) for v in points[column]]
    return pd.DataFrame(cells, index=points.index)


def flow_table(drawn: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the drawn flows by name, indexed as their arrows are."""
    return pd.DataFrame(
        {
            "from": places.loc[drawn["origin"], "name"].to_numpy(),
            "to": places.loc[drawn["destination"], "name"].to_numpy(),
            "value": drawn["value"].to_numpy(),
        },
        index=arrow_ids(drawn),
    )


def largest_in_words(drawn: pd.DataFrame, places: pd.DataFrame) -> str:
    """Return the largest flows in one sentence."""
    table = flow_table(drawn.head(2), places)
    flows = tuple(
        Phrase("{first} to {second} ({value})", first=str(a), second=str(b), value=float(v))
        for a, b, v in table.itertuples(index=False, name=None)
    )
    return Phrase("largest {top}.", top=flows)


def _round_below(value: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that does not exceed a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value)
