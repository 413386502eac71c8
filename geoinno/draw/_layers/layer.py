"""Layers and legends: what is drawn, before anyone knows on what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from geoinno._contract import colour, option, positive
from geoinno._language.numbers import DASH
from geoinno._language.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from geopandas import GeoDataFrame

Pattern = Literal["", "hatch", "dots", "open"]
Symbol = Literal["box", "line", "arrow", "circle"]

# So many letters fit below a cell of a square legend.
_NARROW = 5

#: How a notebook shows a layer: as a map of it alone. Sheets stand above layers and enter it themselves.
notebook_displays: list[Callable[[Layer], dict[str, Any]]] = []


@dataclass(frozen=True, slots=True)
class Key:
    """One row of a legend, and the style of everything drawn in its class.

    ``size`` is the width of a line or arrow or the radius of a circle, in CSS pixels.
    ``count`` is the number of regions (or flows) in the class.
    """

    label: str
    fill: str
    pattern: Pattern = ""
    symbol: Symbol = "box"
    size: float = 0.0
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no colour, pattern, symbol or size: all of them are written into markup."""
        colour(self.fill, name="The fill of a key")
        option(self.pattern, get_args(Pattern), name="The pattern of a key")
        option(self.symbol, get_args(Symbol), name="The symbol of a key")
        positive(self.size, name="The size of a key", zero=True)


@dataclass(frozen=True, slots=True)
class Square:
    """A legend whose keys make up a square, row by row from the top: two titles, and limits on both axes."""

    across: str
    up: str
    across_limits: tuple[str, ...]
    up_limits: tuple[str, ...]

    @property
    def side(self) -> int:
        """How many cells a side has."""
        return len(self.across_limits) + 1

    @property
    def staggered(self) -> bool:
        """Whether the limits along the bottom are too long to stand side by side."""
        return len(self.across_limits) > 1 and max(map(len, self.across_limits)) > _NARROW


@dataclass(frozen=True, slots=True)
class Legend:
    """Rows of keys under a title, in the order in which they are read, with a note below.

    ``factor`` is the power of ten that all numbers of the keys are multiples of, where they are small.
    """

    title: str
    keys: tuple[Key, ...]
    note: str = ""
    square: Square | None = None
    factor: str = ""

    @property
    def heading(self) -> str:
        """What stands above the keys: the title, and what their numbers are multiples of."""
        return f"{self.title}, {self.factor}" if self.title and self.factor else self.title

    def in_full(self, key: Key) -> str:
        """Return the label of a key as it stands without the heading, as in the legend of a GIS."""
        if not self.factor or isinstance(key.label, Phrase):
            return key.label
        return f"({key.label}) {self.factor}" if DASH in key.label else f"{key.label}{self.factor}"


@dataclass(frozen=True, slots=True)
class FlowTotals:
    """What the legend of flows says beyond the arrows: how many flows there are, and what they hold.

    ``count`` and ``value`` are those of all flows between regions, ``inside`` what stays inside them; a
    ``mode`` of partners says that arrows point to partners and carry no flow.
    """

    heading: str
    scale: str
    mode: str
    count: int
    value: float
    inside: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Layer:
    """What one draw function returns; `geoinno.draw.sheet` composes layers into a map.

    Attributes
    ----------
    kind
        ``fills``: polygons filled by class. ``flows``: arrows between places, with nodes. ``points``:
        nodes alone. ``lines``: stretches of border, or links between regions.
    name
        What the layer shows, for the view switch and the table.
    shapes
        Geometry in the user's CRS, indexed by id. Fills carry ``code`` (position of the class in
        ``legends[0].keys``) and ``dotted`` (the estimate is uncertain); flows carry ``width``,
        ``fill``, ``origin`` and ``destination``; lines ``width``, ``fill``, ``first`` and ``second``.
    legends
        The legends of this layer; the keys are at once the styles.
    tips
        Text cells of the tooltip, a column for each line; a missing cell is left out.
    table
        The numbers behind the picture, for the table under the map and for `Sheet.table`.
    nodes
        Flows and points: places with ``radius``, ``fill`` and ``label``.
    muted
        Fills alone: lighter colours, a key each, that stay readable under arrows.
    described
        One sentence on what the layer shows: highest, lowest, missing; for the alt text.
    concerns
        What a careful reader should know of this layer, for `Sheet.audit`.
    period
        The time that fills show, where a sheet goes through several.
    totals
        Flows alone: what the legend says beyond the arrows.
    regions
        Flows and lines alone: the regions between which they run, drawn as outlines where no fills are.
    edges
        Lines alone: borders without a line of their own, drawn faintly where no fills show the regions.
    straight
        Lines alone: they join two places by the straight way on the map, wherever these are drawn.
    whole
        Lines alone: each is an arrow that is drawn in one piece, on the map or in the inset where it begins.
    aliases
        Fills alone: other names by which a region may be found, such as its largest city.
    limits
        Fills by class of a number alone: the limits of the classes, from the lowest.
    glossary
        What headings and cells of ``table`` and ``tips`` are called on the map, in the language of the sheet;
        the table itself keeps its own words, so that code that reads it depends neither on the language nor
        on how the name of a column reads.
    """

    kind: Literal["fills", "flows", "points", "lines"]
    name: str
    shapes: GeoDataFrame
    legends: tuple[Legend, ...]
    tips: pd.DataFrame
    table: pd.DataFrame
    nodes: GeoDataFrame | None = None
    muted: tuple[str, ...] = ()
    described: str = ""
    concerns: tuple[str, ...] = ()
    period: str = ""
    totals: FlowTotals | None = None
    regions: GeoDataFrame | None = None
    edges: GeoDataFrame | None = None
    straight: bool = False
    whole: bool = False
    aliases: pd.DataFrame | None = None
    limits: tuple[float, ...] = ()
    glossary: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse fills that are no colours: they are written into markup."""
        fills = [
            table["fill"] for table in (self.shapes, self.nodes) if table is not None and "fill" in table
        ]
        for fill in {*self.muted, *(tone for column in fills for tone in column.unique())}:
            colour(fill, name=f"A fill of layer {self.name!r}")

    def __str__(self) -> str:
        """Return what the layer shows in one sentence."""
        return f"{self.name}: {self.described}" if self.described else self.name

    def __repr__(self) -> str:
        return f"<Layer of {len(self.shapes):,} {self.kind}: {self.name}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - the notebook's protocol
        """Return the forms in which a notebook may show the map of this layer alone."""
        return notebook_displays[0](self)
