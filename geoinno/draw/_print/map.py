"""The print renderer: a sheet in matplotlib, with the classes, colours and words of the web map."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from geoinno.draw import palette
from geoinno.draw._print.flows import draw_flows, pixel_points
from geoinno.draw._print.legend import LINE_PT, Column, legend_height, legends
from geoinno.draw._scene.scene import outlines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.strokes import Strokes
    from geoinno.draw.sheets import Sheet

_MM = 25.4
_SMALL_IN = 2.5
SIDE_IN = 1.75
EDGE_IN = 0.08
_TITLE_PT, _SUBTITLE_PT, _FOOT_PT = 11.5, 7.8, 6.2
FONT: Any = {
    "font.family": ["DejaVu Sans"],
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "geoinno",
    "svg.fonttype": "path",
}
# How far white shows beside a line.
_CASING_PT = 1.1
_PATTERNS = {"hatch": "/////", "dots": "....", "open": None, "": None}


def printed(shown: Sheet, kind: str, *, dpi: int = 200) -> bytes:
    """Return the sheet as PNG, SVG or PDF; the same bytes at every run."""
    stamp: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[
        kind
    ]
    out = io.BytesIO()
    with mpl.rc_context(FONT):
        sheet_figure(shown).savefig(out, format=kind, dpi=dpi, metadata=stamp)
    return out.getvalue()


def small_picture(shown: Sheet) -> bytes:
    """Return the sheet as a PNG of 256 colours, small enough to travel inside the web map."""
    from PIL import Image

    picture = Image.open(io.BytesIO(printed(shown, "png", dpi=150))).convert("RGB")
    out = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(out, format="png", optimize=True)
    return out.getvalue()


def sheet_figure(shown: Sheet, *, width_mm: float = 190, ax: Axes | None = None) -> Figure:
    """Return the sheet as a figure of its own, or drawn into ``ax`` without words around it."""
    with mpl.rc_context(FONT):
        if ax is not None:
            drawn_map(ax, shown)
            return ax.get_figure(root=True)  # type: ignore[return-value]
        from geoinno.draw._print.multiples import moments, multiples

        series = moments(shown)
        return multiples(shown, series, width_mm / _MM) if series else _composed(shown, width_mm / _MM)


def _composed(shown: Sheet, width: float) -> Figure:
    """Return map, legend, title and credits on one figure, ``width`` inches wide."""
    x0, y0, x1, y1 = shown.scene.frame
    map_width = width - SIDE_IN - 3 * EDGE_IN
    blocks = [legend for layer in _visible(shown) for legend in layer.legends]
    column = Column(SIDE_IN, pixel_points(map_width * 72) / 72)
    shape = float(np.clip((y1 - y0) / (x1 - x0), 0.45, 1.25))
    map_height = max(map_width * shape, legend_height(blocks, column))
    figure, top, bottom = worded(shown, width, map_height)
    height = top + map_height + bottom
    ax = figure.add_axes((EDGE_IN / width, bottom / height, map_width / width, map_height / height))
    drawn_map(ax, shown)
    side = figure.add_axes(
        ((map_width + 2 * EDGE_IN) / width, bottom / height, SIDE_IN / width, map_height / height)
    )
    legends(side, blocks, column, height=map_height)
    return figure


def worded(shown: Sheet, width: float, body: float) -> tuple[Figure, float, float]:
    """Return a figure with title and credits around a body of this height, and their own heights."""
    title = _wrapped(shown.title, width, _TITLE_PT)
    subtitle = _wrapped(shown.subtitle, width, _SUBTITLE_PT)
    foot = _wrapped(shown.credits, width, _FOOT_PT)
    top = _block_height(title, _TITLE_PT) + _block_height(subtitle, _SUBTITLE_PT) + 1.5 * EDGE_IN
    bottom = _block_height(foot, _FOOT_PT) + 1.5 * EDGE_IN
    height = top + body + bottom
    figure = Figure(figsize=(width, height), facecolor="white")
    left = EDGE_IN / width
    figure.text(
        left, 1 - EDGE_IN / height, title, size=_TITLE_PT, weight="bold", va="top", color=palette.TEXT
    )
    under = 1 - (EDGE_IN + _block_height(title, _TITLE_PT)) / height
    figure.text(left, under, subtitle, size=_SUBTITLE_PT, va="top", color=palette.TEXT_SOFT)
    figure.text(left, EDGE_IN / height, foot, size=_FOOT_PT, va="bottom", color=palette.TEXT_FAINT)
    return figure, top, bottom


def _visible(shown: Sheet) -> list[Layer]:
    """Return the first view and everything that lies above it."""
    fills = [layer for layer in shown.layers if layer.kind == "fills"]
    return [*fills[:1], *(layer for layer in shown.layers if layer.kind != "fills")]


def _wrapped(text: str, width: float, size: float) -> str:
    """Return text broken to lines that fit ``width`` inches."""
    letters = int((width - 2 * EDGE_IN) * 72 / (size * 0.60))
    return "\n".join(textwrap.wrap(text, letters))


def _block_height(text: str, size: float) -> float:
    """Return the height of a block of text in inches."""
    return 0.0 if not text else (text.count("\n") + 1) * size * 1.32 / 72


def drawn_map(ax: Axes, shown: Sheet, *, scaled: bool = True) -> None:
    """Draw ground, regions, borders and scale bar."""
    drawn = shown.scene
    ax.set_facecolor(palette.SEA)
    _framed(ax, drawn.frame)
    _areas(ax, drawn.ground.land, (palette.LAND, palette.COAST, 0.4), z=1)
    _strokes(ax, drawn.ground.graticule, colour=palette.GRATICULE, width=0.35, z=1.2)
    _strokes(ax, drawn.ground.borders, colour=palette.FOREIGN_BORDER, width=0.4, z=1.5)
    for layer, set_ in zip(shown.layers, drawn.set_of, strict=True):
        if set_ >= 0:
            _regions(ax, layer, fills=drawn.fills[set_], unit=drawn.unit)
            break
    _strokes(ax, drawn.borders, colour=palette.NATIONAL_BORDER, width=0.75, z=4)
    for strokes in drawn.strokes:
        _edges(ax, strokes)
    for flows in drawn.flows:
        draw_flows(ax, flows)
    if scaled:
        _scale_bar(ax, shown)


def _framed(ax: Axes, frame: tuple[float, float, float, float]) -> None:
    """Open the axes to the frame, filling their own shape."""
    x0, y0, x1, y1 = frame
    box = ax.get_window_extent()
    ratio = box.width / box.height
    width = max(x1 - x0, (y1 - y0) * ratio)
    height = width / ratio
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    ax.set_xlim(cx - width / 2, cx + width / 2)
    ax.set_ylim(cy - height / 2, cy + height / 2)
    ax.set_aspect("equal", adjustable="box")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(color="#8c8c8c", linewidth=0.6)


def _regions(ax: Axes, layer: Layer, *, fills: NDArray[np.object_], unit: float) -> None:
    """Draw the regions class by class, then the dots of the uncertain."""
    widths = outlines(fills, unit) * 0.6
    codes = layer.shapes["code"].to_numpy()
    for i, key in enumerate(layer.legends[0].keys):
        chosen = codes == i
        style = (key.fill, palette.line_on(key.fill), widths[chosen])
        _areas(ax, fills[chosen], style, z=2, hatch=_PATTERNS["hatch"] if key.pattern == "hatch" else None)
    dotted = layer.shapes["dotted"].to_numpy(bool)
    for i, key in enumerate(layer.legends[0].keys):
        _dots(ax, fills[dotted & (codes == i)], palette.dots_on(key.fill))


def _dots(ax: Axes, shapes: NDArray[np.object_], colour: str) -> None:
    """Draw dots over polygons."""
    if len(shapes):
        paths = [_path(shape) for shape in shapes]
        over = PathCollection(
            paths, facecolor="none", edgecolor=colour, linewidth=0, hatch=_PATTERNS["dots"], zorder=3
        )
        ax.add_collection(over, autolim=False)


def _areas(
    ax: Axes, shapes: NDArray[np.object_], style: tuple[str, str, Any], *, z: float, hatch: str | None = None
) -> None:
    """Draw polygons in one style (fill, line, width in points)."""
    if not len(shapes):
        return
    fill, line, width = style
    paths = [_path(shape) for shape in shapes]
    ax.add_collection(
        PathCollection(paths, facecolor=fill, edgecolor=line, linewidth=width, zorder=z, joinstyle="round"),
        autolim=False,
    )
    if hatch:
        over = PathCollection(
            paths, facecolor="none", edgecolor=palette.HATCH, linewidth=0, hatch=hatch, zorder=z + 0.5
        )
        ax.add_collection(over, autolim=False)


def _path(shape: shapely.Geometry) -> Path:
    """Return a polygon, with its holes, as one path."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))


def _strokes(ax: Axes, lines: NDArray[np.object_], *, colour: str, width: float, z: float) -> None:
    """Draw lines in one style."""
    if len(lines):
        paths = [shapely.get_coordinates(line) for line in lines]
        ax.add_collection(
            LineCollection(paths, colors=colour, linewidths=width, zorder=z, capstyle="round"), autolim=False
        )


def _edges(ax: Axes, drawn: Strokes) -> None:
    """Draw stretches of border on a white casing, the strong ones last."""
    for casing in (True, False):
        parts = [shapely.get_parts(line) for line in drawn.lines]
        paths = [shapely.get_coordinates(part) for line in parts for part in line]
        times = [len(line) for line in parts]
        width = np.repeat(drawn.layer.shapes["width"].to_numpy(float), times) * LINE_PT
        fill = np.repeat(drawn.layer.shapes["fill"].to_numpy(object), times)
        order = np.argsort(width, kind="stable")
        strokes = LineCollection(
            [paths[i] for i in order],
            colors="white" if casing else list(fill[order]),
            linewidths=width[order] + (_CASING_PT if casing else 0),
            zorder=4.4 if casing else 4.6,
            capstyle="round",
            joinstyle="round",
        )
        ax.add_collection(strokes, autolim=False)


def _scale_bar(ax: Axes, shown: Sheet) -> None:
    """Draw a scale bar of a round length, measured on the ground at the middle of the map."""
    from pyproj import Geod

    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    middle, reach = np.array([(x0 + x1) / 2, (y0 + y1) / 2]), (x1 - x0) / 20
    ends = shown.scene.projection.inverse(
        np.array([[x, middle[1]] for x in (middle[0] - reach, middle[0] + reach)])
    )
    ground = Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2] / 1000
    km_per_unit = ground / (2 * reach)
    most = (x1 - x0) * km_per_unit * 0.17
    power = 10 ** np.floor(np.log10(most))
    km = power * max(s for s in (1, 2, 5) if s * power <= most)
    left, low, rise = x0 + (x1 - x0) * 0.02, y0 + (y1 - y0) * 0.03, (y1 - y0) * 0.012
    length = km / km_per_unit
    bar = [[left, low + rise], [left, low], [left + length, low], [left + length, low + rise]]
    halo = [withStroke(linewidth=2.2, foreground="white")]
    ax.plot(
        *np.transpose(bar),
        color=palette.TEXT,
        linewidth=0.9,
        zorder=9,
        solid_joinstyle="miter",
        path_effects=halo,
    )
    text = f"{km:,.0f} km".replace(",", "\u2009") if km >= 1 else f"{km * 1000:,.0f} m"
    # On a small map the words are longer than the bar: they begin where it begins.
    short = ax.get_window_extent().width / ax.get_figure(root=True).dpi < _SMALL_IN  # type: ignore[union-attr]
    ax.text(
        left if short else left + length / 2,
        low + rise,
        text,
        ha="left" if short else "center",
        va="bottom",
        size=6.2,
        color=palette.TEXT,
        zorder=9,
        path_effects=halo,
    )
