"""Flow lines: flows between places as curved arrows, with the gain or loss of each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geoinno._contract import instance, option, positive, sound_flows, sound_regions, whole
from geoinno.draw._layers import flow_shapes
from geoinno.draw._layers import flow_words as parts
from geoinno.draw._layers.headings import heading_of
from geoinno.draw._layers.layer import FlowTotals, Layer
from geoinno.draw._layers.names import bare_shapes
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import number
from geoinno.errors import FlowError, OptionError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_FEWEST = 10


@dataclass(frozen=True, slots=True)
class FlowOptions:
    """Further options for choosing and scaling flows.

    Attributes
    ----------
    max_flows
        Maximum number of arrows. Without options, ``top`` may ask for more.
    min_value
        Smaller flows are not drawn.
    scale
        ``linear``: width in proportion to the flow. ``sqrt``: to its square root, said in the legend.
    labels
        Maximum number of places that are named.
    unit
        What flows are measured in, as tooltips of arrows and places say it.
    """

    max_flows: int = 60
    min_value: float = 0.0
    scale: Literal["linear", "sqrt"] = "linear"
    labels: int = 25
    unit: str = ""


def flow_lines(
    flows: pd.DataFrame,
    regions: GeoDataFrame,
    *,
    mode: Literal["gross", "net"] = "gross",
    share: float = 0.75,
    top: int | None = None,
    options: FlowOptions | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Draw flows as curved arrows between the regions' places, and the places with their balance.

    Arrows bow to the left of their direction, so that a flow and its reverse do not overlap. Nodes grow with
    inflow plus outflow; filled ones gain, open ones lose.

    Parameters
    ----------
    flows
        ``origin``, ``destination``, ``value``. Flows inside a region are counted, not drawn.
    regions
        Regions or places by id; ``name`` and ``country`` are used where they exist.
    mode
        ``gross``: every flow. ``net``: the difference of each pair, in the direction of the larger.
    share
        The largest flows are drawn until they hold this share (0..1) of all moves between regions.
    top
        Instead of ``share``: the number of the largest flows to draw.
    options
        Limits and scale, see `FlowOptions`.
    title
        What the layer shows.
    legend
        Title of the legend, with unit and period.

    Returns
    -------
    Layer
        The legend says how many flows are drawn, what share of all they hold, and what is left out.

    Raises
    ------
    FlowError
        If flows name unknown regions, pairs repeat, or there is nothing to draw.
    OptionError
        If an option is not a number or a word that it can be, or no flow reaches ``min_value``.
    ColumnError
        If regions have countries, but not one that a drawn flow starts from or ends in.

    References
    ----------
    Jenny, B. et al. (2018). Design principles for origin-destination flow maps. Cartography and
    Geographic Information Science 45(1), 62-75. doi:10.1080/15230406.2016.1262280

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> layer = gi.draw.flow_lines(place.flows, place.regions, legend="Migrants 2006")
    >>> layer.kind
    'flows'
    """
    sound_regions(regions)
    sound_flows(flows, ids=regions.index)
    option(mode, ("gross", "net"), name="mode")
    limits = _checked(options or _usual(top))
    between = _between(flows, mode)
    drawn = _chosen(between, limits, share=positive(share, name="share"), top=top)
    places = flow_shapes.places(regions, drawn)
    heading = legend or title or Phrase("Flows")
    own = heading_of(legend, None, Phrase("flow"))
    shapes = flow_shapes.arrows(drawn, places, limits.scale, mode=mode)
    nodes = parts.nodes(flows, drawn, places, labels=limits.labels)
    totals = _totals(flows, between, heading, scale=limits.scale, mode=mode)
    return Layer(
        kind="flows",
        name=title or heading,
        shapes=shapes,
        legends=parts.flow_legends(shapes, nodes, totals),
        tips=parts.arrow_tips(drawn, flows, places).rename(columns={"flow": own.column}),
        table=parts.flow_table(drawn, places),
        nodes=nodes,
        described=parts.largest_in_words(drawn, places),
        totals=totals,
        regions=bare_shapes(regions),
        glossary=own.glossary | parts.with_unit(limits.unit),
    )


def _totals(flows: pd.DataFrame, between: pd.DataFrame, heading: str, *, scale: str, mode: str) -> FlowTotals:
    """Return what the legend says of all flows, those inside regions and those between them."""
    return FlowTotals(
        heading=heading,
        scale=scale,
        mode=mode,
        count=len(between),
        value=float(between["value"].sum()),
        inside=float(flows.loc[flows["origin"] == flows["destination"], "value"].sum()),
    )


def _usual(top: int | None) -> FlowOptions:
    """Return options for a reader who gives none: who names a number of flows gets it."""
    return FlowOptions() if top is None else FlowOptions(max_flows=whole(top, name="top"))


def _checked(limits: FlowOptions) -> FlowOptions:
    """Return the options, or say which of them flows cannot be drawn by."""
    instance(limits, FlowOptions, name="options", example="gi.draw.FlowOptions()")
    whole(limits.max_flows, name="max_flows")
    whole(limits.labels, name="labels", least=0)
    positive(limits.min_value, name="min_value", zero=True)
    option(limits.scale, ("linear", "sqrt"), name="scale")
    instance(limits.unit, str, name="unit", example="'million euros'")
    return limits


def _between(flows: pd.DataFrame, mode: str) -> pd.DataFrame:
    """Return flows between different regions, gross or net, the largest first."""
    table = flows.loc[flows["origin"] != flows["destination"], ["origin", "destination", "value"]]
    if mode == "net":
        back = table.rename(columns={"origin": "destination", "destination": "origin", "value": "back"})
        table = table.merge(back, on=["origin", "destination"], how="left")
        table = table.assign(value=table["value"] - table["back"].fillna(0.0)).drop(columns="back")
    table = table[table["value"] > 0]
    if table.empty:
        message = Phrase("There is no flow between different regions to draw.")
        raise FlowError(message)
    order = ["value", "origin", "destination"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _chosen(between: pd.DataFrame, limits: FlowOptions, *, share: float, top: int | None) -> pd.DataFrame:
    """Return the largest flows: a given number, or until they hold the share."""
    if top is not None:
        count = whole(top, name="top")
    else:
        held = between["value"].cumsum() / between["value"].sum()
        count = max(_FEWEST, int((held < share).sum()) + 1)
    drawn = between.head(min(count, limits.max_flows))
    drawn = drawn[drawn["value"] >= limits.min_value]
    if drawn.empty:
        largest = number(float(between["value"].iloc[0]))
        message = f"No flow between regions reaches min_value={limits.min_value:g}; the largest is {largest}."
        raise OptionError(message)
    return drawn
