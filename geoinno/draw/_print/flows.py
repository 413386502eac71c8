"""Flows in print: the same arrows, nodes and labels as on the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Polygon
from matplotlib.patheffects import withStroke

from geoinno.draw import palette
from geoinno.draw._scene.arrow import arrow, curve
from geoinno.draw._scene.flows import RIM
from geoinno.draw._scene.labels import labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.labels import Label

_REFERENCE_PX = 950.0
_LABEL_PT = 6.2
# The mean width of a bold letter, as a share of its size.
_LETTER = 0.72


def pixel_points(width: float) -> float:
    """Return how many points a reference pixel has on a map ``width`` points wide."""
    return width / _REFERENCE_PX * 1.1


def point_scale(ax: Axes) -> float:
    """Return how many points a reference pixel has on the map that axes hold."""
    return pixel_points(_width_points(ax))


def _width_points(ax: Axes) -> float:
    """Return how wide axes are, in points."""
    return float(ax.get_window_extent().width) / ax.get_figure(root=True).dpi * 72  # type: ignore[union-attr]


def draw_flows(ax: Axes, drawn: Drawn) -> None:
    """Draw arrows, the small ones last, then nodes and labels."""
    scale = point_scale(ax)
    (x0, x1) = ax.get_xlim()
    metres = (x1 - x0) / _width_points(ax) * scale
    _arrows(ax, drawn, scale=scale, metres=metres)
    _nodes(ax, drawn, scale)
    for label in _placed(ax, drawn, scale=scale, metres=metres):
        ax.annotate(
            label.text,
            tuple(drawn.nodes[label.node]),
            xytext=(label.dx * scale, label.dy * scale),
            textcoords="offset points",
            ha={0.0: "left", 0.5: "center", 1.0: "right"}[label.hang],
            va="center",
            size=_LABEL_PT,
            weight="bold",
            color=palette.TEXT,
            zorder=8,
            clip_on=True,
            annotation_clip=True,
            path_effects=[withStroke(linewidth=1.6, foreground="white")],
        )


def _placed(ax: Axes, drawn: Drawn, *, scale: float, metres: float) -> list[Label]:
    """Return the labels for which the printed map has room."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    return labels(
        drawn.places["label"].to_list(),
        drawn.nodes / metres,
        drawn.places["radius"].to_numpy(),
        order=drawn.named,
        frame=(x0 / metres, y0 / metres, x1 / metres, y1 / metres),
        letter=(_LABEL_PT * _LETTER / scale, _LABEL_PT * 1.3 / scale),
    )


def _arrows(ax: Axes, drawn: Drawn, *, scale: float, metres: float) -> None:
    """Draw the arrows; ``metres`` is the length of a reference pixel on the ground."""
    shapes, places = drawn.arrows, drawn.places
    radius = places["radius"].to_numpy()
    pixels = drawn.nodes / metres
    rows = zip(
        shapes.index, drawn.start, drawn.end, drawn.bends, shapes["width"], shapes["fill"], strict=True
    )
    for name, a, b, bend, width, fill in rows:
        ring = arrow(curve(pixels[a], pixels[b], bend), width, (radius[a] + RIM, radius[b] + RIM))
        if ring is not None:
            style = {"facecolor": fill, "edgecolor": "white", "linewidth": min(1.2, 0.25 * width) * scale}
            ax.add_patch(Polygon(ring * metres, gid=_gid(name), zorder=5, **style))


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
