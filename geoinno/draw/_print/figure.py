"""The print renderer: a sheet in matplotlib, with the classes, colours and words of the web map."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import numpy as np

from geoinno.draw._print.columns import GAP_IN, blocks_of, depth, draw_columns, legend_columns
from geoinno.draw._print.flows import pixel_points
from geoinno.draw._print.fonts import usual_will_do
from geoinno.draw._print.frame import EDGE_IN, MM, SIDE_IN, USUAL_FONT, font, titled_figure, unwarned
from geoinno.draw._print.legend import Column, legend_height, legends
from geoinno.draw._print.map import draw_map
from geoinno.draw._print.multiples import moments, multiples
from geoinno.draw._print.views import views_figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.draw._scene.composition import Composition

# Beside a map that is wider than high, legends may be longer than it by so much.
_WIDE, _LONGER = 0.75, 1.15
# Beyond so many regions, the picture inside a web map is coarser.
_MANY_REGIONS = 2_000
# Figures and small pictures go with their sheets.
_KEPT: WeakKeyDictionary[Composition, Figure] = WeakKeyDictionary()
_PICTURES: WeakKeyDictionary[Composition, bytes] = WeakKeyDictionary()


def printed(sheet: Composition, kind: str, *, dpi: int = 200) -> bytes:
    """Return the sheet as PNG, SVG or PDF; the same bytes at every run."""
    stamp: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[
        kind
    ]
    out = io.BytesIO()
    with _kept_figure(sheet) as figure:
        figure.savefig(out, format=kind, dpi=dpi, metadata=stamp)
    return out.getvalue()


def small_picture(sheet: Composition) -> bytes:
    """Return the sheet as a PNG of 256 colours, small enough to travel inside the web map; drawn once."""
    if sheet not in _PICTURES:
        _PICTURES[sheet] = _reduced(sheet)
    return _PICTURES[sheet]


def _reduced(sheet: Composition) -> bytes:
    """Draw the sheet with few colours and, if it is large, with fewer dots.

    A map of thousands of regions hardly compresses, and its regions are smaller than what is lost. To look
    for the least bytes (``optimize``) takes ten times as long, and saves one in twenty.
    """
    from PIL import Image

    dpi = 110 if _has_many_regions(sheet) else 150
    pixels, out = io.BytesIO(), io.BytesIO()
    with _kept_figure(sheet) as figure:
        figure.savefig(pixels, format="rgba", dpi=dpi)
        width, height = (int(inches * dpi) for inches in figure.get_size_inches())
    picture = Image.frombytes("RGBA", (width, height), pixels.getvalue()).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(out, format="png")
    return out.getvalue()


@contextmanager
def _kept_figure(sheet: Composition) -> Iterator[Figure]:
    """Lend the figure of a sheet, which the next file is drawn from as well: most maps are saved twice.

    While it is lent nobody else has it, so that threads may save the same sheet. Large ones are not kept.
    """
    figure = _KEPT.pop(sheet, None) or sheet_figure(sheet)
    with mpl.rc_context(USUAL_FONT if usual_will_do(figure) else font()):
        yield figure
    if not _has_many_regions(sheet):
        _KEPT[sheet] = figure


def _has_many_regions(sheet: Composition) -> bool:
    """Tell whether any set of regions of a sheet is large."""
    return max(map(len, sheet.scene.fills), default=0) > _MANY_REGIONS


def sheet_figure(sheet: Composition, *, width_mm: float = 190, ax: Axes | None = None) -> Figure:
    """Return the sheet as a figure of its own, or drawn into ``ax`` without words around it.

    Few sheets need more than the usual font; for those the figure is laid out anew with the others.
    """
    if ax is not None:
        with mpl.rc_context(font()):
            draw_map(ax, sheet)
        return ax.get_figure(root=True)  # type: ignore[return-value]
    with mpl.rc_context(USUAL_FONT), unwarned():
        figure = _laid_out(sheet, width_mm / MM)
        if usual_will_do(figure):
            return figure
    with mpl.rc_context(font()):
        return _laid_out(sheet, width_mm / MM)


def _laid_out(sheet: Composition, width: float) -> Figure:
    """Return the sheet as a figure ``width`` inches wide."""
    series = moments(sheet)
    if series:
        return multiples(sheet, series, width)
    return views_figure(sheet, width) if len(sheet.fills) > 1 else _composed(sheet, width)


def _stacked(sheet: Composition, width: float, shape: float) -> Figure:
    """Return a wide map across the whole figure with its legends below: beside it they would be longer."""
    across = width - 2 * EDGE_IN
    tall, columns = across * shape, legend_columns(blocks_of(sheet.layers), across)
    figure, top, _ = titled_figure(sheet, width, tall + GAP_IN + depth(columns))
    height = float(figure.get_figheight())
    low = height - top - tall
    draw_map(figure.add_axes((EDGE_IN / width, low / height, across / width, tall / height)), sheet)
    draw_columns(figure, columns, corner=(EDGE_IN, top + tall + GAP_IN), page=(width, height))
    return figure


def _composed(sheet: Composition, width: float) -> Figure:
    """Return map, legend, title and credits on one figure, ``width`` inches wide."""
    x0, y0, x1, y1 = sheet.scene.frame
    map_width = width - SIDE_IN - 3 * EDGE_IN
    blocks = blocks_of(sheet.layers)
    column = Column(SIDE_IN, pixel_points(map_width * 72) / 72)
    shape = float(np.clip((y1 - y0) / (x1 - x0), 0.45, 1.25))
    deep = legend_height(blocks, column)
    if shape < _WIDE and deep > _LONGER * map_width * shape:
        return _stacked(sheet, width, shape)
    map_height = max(map_width * shape, deep)
    figure, top, bottom = titled_figure(sheet, width, map_height)
    height = top + map_height + bottom
    ax = figure.add_axes((EDGE_IN / width, bottom / height, map_width / width, map_height / height))
    draw_map(ax, sheet)
    side = figure.add_axes(
        ((map_width + 2 * EDGE_IN) / width, bottom / height, SIDE_IN / width, map_height / height)
    )
    legends(side, blocks, column, height=map_height)
    return figure
