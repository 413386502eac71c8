"""Flows in print: the same arrows, nodes and labels as on the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from geoinno.draw import palette
from geoinno.draw._print.names import draw_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geoinno._types import Floats
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.insets import Inset

_REFERENCE_PX = 950.0


def pixel_points(width: float) -> float:
    """Return how many points a reference pixel has on a map ``width`` points wide."""
    return width / _REFERENCE_PX * 1.1


def point_scale(ax: Axes) -> float:
    """Return how many points a reference pixel has on the map that axes hold."""
    return pixel_points(width_points(ax))


def width_points(ax: Axes) -> float:
    """Return how wide axes are, in points."""
    return float(ax.get_window_extent().width) / ax.get_figure(root=True).dpi * 72  # type: ignore[union-attr]


def draw_flows(ax: Axes, layers: Sequence[Drawn], insets: Sequence[Inset]) -> None:
    """Draw arrows, the small ones last, then nodes, and the names of all of them."""
    scale = point_scale(ax)
    (x0, x1) = ax.get_xlim()
    metres = (x1 - x0) / width_points(ax) * scale
    outlines = [_outlines(drawn, metres) for drawn in layers]
    for drawn, rings in zip(layers, outlines, strict=True):
        _arrows(ax, drawn, rings, scale=scale, metres=metres)
        _nodes(ax, drawn, scale)
    spared = np.vstack([np.empty((0, 2)), *(ring for of in outlines for rings in of for ring in rings)])
    draw_names(ax, layers, insets, spared=spared, scale=scale, metres=metres)


def _outlines(drawn: Drawn, metres: float) -> list[list[Floats]]:
    """Return the outlines of each arrow in reference pixels, which are so many metres; none without room."""
    rings = (
        [leg.ring(width, metres) for leg in drawn.legs(i)] for i, width in enumerate(drawn.arrows["width"])
    )
    return [[ring for ring in of if ring is not None] for of in rings]


def _arrows(ax: Axes, drawn: Drawn, outlines: list[list[Floats]], *, scale: float, metres: float) -> None:
    """Draw arrows along their outlines, each as one shape."""
    shapes = drawn.arrows
    for name, rings, width, fill in zip(shapes.index, outlines, shapes["width"], shapes["fill"], strict=True):
        if rings:
            style = {"facecolor": fill, "edgecolor": "white", "linewidth": min(1.2, 0.25 * width) * scale}
            path = Path.make_compound_path(*(Path(_closed(ring * metres), closed=True) for ring in rings))
            ax.add_patch(PathPatch(path, gid=_gid(name), zorder=5, **style))


def _closed(ring: Floats) -> Floats:
    """Return a ring that ends where it starts."""
    return np.vstack([ring, ring[:1]])


def _gid(name: str) -> str:
    """Return the id of an arrow in a file, such as ``flow-AT1-AT2``: what an id cannot hold is a hyphen."""
    return "flow-" + "".join(letter if letter.isalnum() or letter in "_.-" else "-" for letter in name)


def _nodes(ax: Axes, drawn: Drawn, scale: float) -> None:
    """Draw the nodes, the large ones first."""
    places = drawn.places
    order = np.argsort(-places["radius"].to_numpy(), kind="stable")
    chosen = places.iloc[order]
    ax.scatter(
        drawn.nodes[order, 0],
        drawn.nodes[order, 1],
        s=(2 * chosen["radius"].to_numpy() * scale) ** 2,
        c=chosen["fill"].to_list(),
        edgecolors=palette.TEXT,
        linewidths=1.4 * scale,
        zorder=7,
    )
