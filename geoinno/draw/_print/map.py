"""The map in print: ground, regions, borders, flows and a scale bar, drawn into axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from geoinno.draw import palette
from geoinno.draw._layers.words import WORDS, fixed
from geoinno.draw._print.flows import draw_flows, point_scale, width_points
from geoinno.draw._print.legend import LINE_PT
from geoinno.draw._scene.corners import scale_corner
from geoinno.draw._scene.frames import LABEL_SHARE
from geoinno.draw._scene.scene import outlines
from geoinno.draw._scene.small import RING_PX

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geoinno._types import Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.composition import Composition
    from geoinno.draw._scene.insets import Inset
    from geoinno.draw._scene.scene import Scene
    from geoinno.draw._scene.small import Spots
    from geoinno.draw._scene.strokes import Strokes

_SMALL_IN, _INSET_PT = 2.5, 5.2
# On a map as wide as this, in points, lines have their full width.
_FULL_PT = 389.0
# How far white shows beside a line.
_CASING_PT = 1.1
# What is drawn later lies higher; of many levels the highest is still below the dots and borders.
_LEVEL = 1e-5
_PATTERNS = {"hatch": "/////", "dots": "....", "open": None, "": None}


def draw_map(ax: Axes, sheet: Composition, *, scaled: bool = True) -> None:
    """Draw ground, regions, borders and scale bar."""
    drawn = sheet.scene
    _framed(ax, drawn.frame)
    _ground(ax, sheet)
    for layer, set_ in zip(sheet.layers, drawn.set_of, strict=True):
        if set_ >= 0:
            _regions(ax, layer, drawn, set_=set_)
            _rings(ax, layer, drawn.spots[set_])
            break
    _areas(ax, drawn.ground.lakes, (palette.SEA, palette.COAST, 0.3), z=3.5)
    # A dark border between two dark regions would be lost without white on both of its sides.
    fine = _fineness(ax)
    _strokes(ax, drawn.borders, colour=palette.REGION_LINE, width=1.7 * fine, z=3.9)
    _strokes(ax, drawn.borders, colour=palette.NATIONAL_BORDER, width=0.75 * fine, z=4)
    for strokes in drawn.strokes:
        _edges(ax, strokes)
    draw_flows(ax, drawn.flows, drawn.insets)
    if scaled:
        _scale_bar(ax, sheet)


def _fineness(ax: Axes) -> float:
    """Return by how much the lines of a small map are thinner, so that they do not cover its regions."""
    return float(np.clip(width_points(ax) / _FULL_PT, 0.35, 1.0))


def _ground(ax: Axes, sheet: Composition) -> None:
    """Draw the sea, the land with its borders, and the frames of insets."""
    drawn = sheet.scene
    ax.set_facecolor(palette.SEA)
    _areas(ax, drawn.ground.land, (palette.LAND, palette.COAST, 0.4), z=1)
    _strokes(ax, drawn.ground.graticule, colour=palette.GRATICULE, width=0.35, z=1.2)
    _strokes(ax, drawn.ground.borders, colour=palette.FOREIGN_BORDER, width=0.4, z=1.5)
    _strokes(ax, drawn.edges, colour=palette.COAST, width=0.4, z=1.6)
    for inset, land in zip(drawn.insets, drawn.inset_land, strict=True):
        _inset(ax, inset, land, lang=sheet.lang)


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
        spine.set(color=palette.FRAME, linewidth=0.6)


def _inset(ax: Axes, inset: Inset, land: Shapes, *, lang: str) -> None:
    """Draw the frame, the land and the label of an inset."""
    x0, y0, x1, y1 = inset.box
    _areas(ax, np.array([shapely.box(*inset.box)]), (palette.SEA, palette.FRAME, 0.6), z=1.6)
    _areas(ax, land, (palette.LAND, palette.COAST, 0.4), z=1.7)
    _strokes(ax, np.array([shapely.box(*inset.box).exterior]), colour=palette.FRAME, width=0.6, z=4.8)
    halo = [withStroke(linewidth=1.6, foreground="white")]
    label: Any = {
        "size": _INSET_PT,
        "color": palette.TEXT,
        "zorder": 9,
        "clip_on": True,
        "path_effects": halo,
    }
    x, dx, label["ha"] = (x1, -2, "right") if inset.flush_right else (x0, 2, "left")
    y, dy, label["va"] = (y0, 2, "bottom") if inset.at_foot else (y1, -2, "top")
    words = _inset_label(ax, inset, lang)
    ax.annotate(words, (x, y), xytext=(dx, dy), textcoords="offset points", **label)


def _inset_label(ax: Axes, inset: Inset, lang: str) -> str:
    """Return the label of an inset as far as there is room above what it shows; the credits have it all."""
    x0, y0, x1, y1 = inset.box
    (left, right) = ax.get_xlim()
    point = width_points(ax) / (right - left)
    lines = int((y1 - y0) * point * LABEL_SHARE / (_INSET_PT * 1.15))
    name = inset.name(int(((x1 - x0) * point - 3) / (_INSET_PT * 0.62)), lang)
    return "\n".join((name, inset.multiple(lang))[: min(lines, 2)])


def _regions(ax: Axes, layer: Layer, drawn: Scene, *, set_: int) -> None:
    """Draw the regions class by class, those that lie on others one by one, then the dots."""
    fills, keys = drawn.fills[set_], layer.legends[0].keys
    widths = outlines(fills, drawn.unit) * 0.6 * _fineness(ax)
    codes = layer.shapes["code"].to_numpy()
    alone = np.isin(np.arange(len(fills)), drawn.stacks[set_], invert=True)
    groups = [np.flatnonzero(alone & (codes == i)) for i in range(len(keys))]
    stack = np.split(drawn.stacks[set_], len(drawn.stacks[set_])) if len(drawn.stacks[set_]) else []
    for level, chosen in enumerate([group for group in (*groups, *stack) if len(group)]):
        key = keys[codes[chosen[0]]]
        style = (key.fill, palette.line_on(key.fill), widths[chosen])
        hatch = _PATTERNS["hatch"] if key.pattern == "hatch" else None
        _areas(ax, fills[chosen], style, z=2 + level * _LEVEL, hatch=hatch)
    dotted = layer.shapes["dotted"].to_numpy(bool)
    for i, key in enumerate(keys):
        _dots(ax, fills[dotted & (codes == i)], palette.dots_on(key.fill))


def _rings(ax: Axes, layer: Layer, spots: Spots) -> None:
    """Draw a ringed symbol in its colour for each region that is too small to be seen."""
    if not len(spots):
        return
    keys, codes = layer.legends[0].keys, layer.shapes["code"].to_numpy()
    radius = RING_PX * point_scale(ax)
    fill = np.array([keys[codes[i]].fill for i in spots.region])
    hatched = np.array([keys[codes[i]].pattern == "hatch" for i in spots.region])
    lines = [palette.ring_on(tone) for tone in fill]
    for width, line, z in ((3.2, "white", 4.65), (1.3, lines, 4.7)):
        style: Any = {"s": (2 * radius) ** 2, "linewidths": width * radius / RING_PX, "zorder": z}
        ax.scatter(*spots.places.T, **style | {"c": fill, "edgecolors": line})
    if hatched.any():
        # A collection has one hatch for all of its members, in the colour of their edges.
        style |= {"linewidths": 0, "hatch": _PATTERNS["hatch"]}
        ax.scatter(*spots.places[hatched].T, **style | {"facecolors": "none", "edgecolors": palette.HATCH})


def _dots(ax: Axes, shapes: Shapes, colour: str) -> None:
    """Draw dots over polygons."""
    if len(shapes):
        paths = [_path(shape) for shape in shapes]
        over = PathCollection(
            paths, facecolor="none", edgecolor=colour, linewidth=0, hatch=_PATTERNS["dots"], zorder=3
        )
        ax.add_collection(over, autolim=False)


def _areas(
    ax: Axes, shapes: Shapes, style: tuple[str, str, Any], *, z: float, hatch: str | None = None
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
            paths, facecolor="none", edgecolor=palette.HATCH, linewidth=0, hatch=hatch, zorder=z + _LEVEL / 2
        )
        ax.add_collection(over, autolim=False)


def _path(shape: shapely.Geometry) -> Path:
    """Return a polygon, with its holes, as one path."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(points), Path.LINETO)
    codes[np.diff(ring, prepend=-1) > 0] = Path.MOVETO
    codes[np.diff(ring, append=len(rings)) > 0] = Path.CLOSEPOLY
    return Path(points, codes)


def _strokes(ax: Axes, lines: Shapes, *, colour: str, width: float, z: float) -> None:
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


def _scale_bar(ax: Axes, sheet: Composition) -> None:
    """Draw a scale bar of a round length, measured on the ground at the middle of the map."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    km_per_unit = _km_per_unit(sheet, ((x0 + x1) / 2, (y0 + y1) / 2), reach=(x1 - x0) / 20)
    most = (x1 - x0) * km_per_unit * 0.17
    power = 10 ** np.floor(np.log10(most))
    km = power * max(s for s in (1, 2, 5) if s * power <= most)
    low, rise, length = y0 + (y1 - y0) * 0.03, (y1 - y0) * 0.012, km / km_per_unit
    right = scale_corner(sheet.scene) == "right"
    left = x1 - (x1 - x0) * 0.02 - length if right else x0 + (x1 - x0) * 0.02
    halo: Any = {"color": palette.TEXT, "zorder": 9}
    halo["path_effects"] = [withStroke(linewidth=2.2, foreground="white")]
    bar = [[left, low + rise], [left, low], [left + length, low], [left + length, low + rise]]
    ax.plot(*np.transpose(bar), linewidth=0.9, solid_joinstyle="miter", **halo)
    words = WORDS[sheet.lang]
    text = f"{fixed(km, 0)} {words['km']}" if km >= 1 else f"{fixed(km * 1000, 0)} {words['m']}"
    # On a small map the words are longer than the bar: they begin, or end, where it does.
    short = ax.get_window_extent().width / ax.get_figure(root=True).dpi < _SMALL_IN  # type: ignore[union-attr]
    outer = (left + length, "right") if right else (left, "left")
    place, side = outer if short else (left + length / 2, "center")
    ax.text(place, low + rise, text, ha=side, va="bottom", size=6.2, **halo)


def _km_per_unit(sheet: Composition, middle: tuple[float, float], *, reach: float) -> float:
    """Return how many kilometres on the ground a unit of the map is, around its middle."""
    from pyproj import Geod

    ends = np.array([[x, middle[1]] for x in (middle[0] - reach, middle[0] + reach)])
    start, end = sheet.scene.projection.inverse(ends)
    return float(Geod(ellps="WGS84").inv(*start, *end)[2]) / 1000 / (2 * reach)
