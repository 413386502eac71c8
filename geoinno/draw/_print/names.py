"""Names of places in print: those of all layers share the room that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke

from geoinno.draw import palette
from geoinno.draw._scene.inset_labels import label_box
from geoinno.draw._scene.labels import Room, labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geoinno._types import Floats
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.insets import Inset
    from geoinno.draw._scene.labels import Label

_LABEL_PT = 6.2
# The mean width of a bold letter and the height of a line, as shares of the size.
_LETTER, _LINE = 0.72, 1.3


def draw_names(
    ax: Axes, layers: Sequence[Drawn], insets: Sequence[Inset], *, spared: Floats, scale: float, metres: float
) -> None:
    """Write the names for which the printed map has room, the important first.

    ``scale`` and ``metres`` are the length of a reference pixel in points and on the ground; ``spared`` are
    points, in reference pixels, that names had better not hide.
    """
    nodes = np.vstack([np.empty((0, 2)), *(drawn.nodes for drawn in layers)])
    radii = np.concatenate([np.empty(0), *(drawn.places["radius"] for drawn in layers)])
    texts = [text for drawn in layers for text in drawn.places["label"]]
    first = np.cumsum([0, *(len(drawn.nodes) for drawn in layers)]).tolist()
    order = [start + i for start, drawn in zip(first, layers, strict=False) for i in drawn.named]
    room = Room(
        frames=_frames(ax, nodes, insets) / metres,
        letter=(_LABEL_PT * _LETTER / scale, _LABEL_PT * _LINE / scale),
        closed=_closed(insets) / metres,
        spared=spared,
    )
    for label in labels(texts, nodes / metres, radii, order=order, room=room):
        _write(ax, label, nodes[label.node], rim=float(radii[label.node]) * scale, scale=scale)


def _frames(ax: Axes, nodes: Floats, insets: Sequence[Inset]) -> Floats:
    """Return the frame in which the name of each node stays: the inset that it lies in, or the map."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    frames = np.tile(np.array([x0, y0, x1, y1]), (len(nodes), 1))
    for inset in insets:
        frames[inset.around(nodes)] = inset.box
    return frames


def _closed(insets: Sequence[Inset]) -> Floats:
    """Return the boxes that names stay out of: insets of other places, and the labels of insets."""
    boxes = [box for inset in insets for box in (inset.box, label_box(inset))]
    return np.reshape(np.array(boxes, dtype=np.float64), (-1, 4))


def _write(ax: Axes, label: Label, place: Floats, *, rim: float, scale: float) -> None:
    """Write a name, with a line to the rim of its node where it stands farther out."""
    line: Any = {"arrowstyle": "-", "linewidth": 0.6, "color": palette.TEXT, "shrinkA": 0, "shrinkB": rim}
    halo = [withStroke(linewidth=1.6, foreground="white")]
    ax.annotate(
        label.text,
        (float(place[0]), float(place[1])),
        xytext=(label.dx * scale, label.dy * scale),
        textcoords="offset points",
        ha={0.0: "left", 0.5: "center", 1.0: "right"}[label.hang],
        va="center",
        size=_LABEL_PT,
        weight="bold",
        color=palette.TEXT,
        linespacing=1.1,
        zorder=8,
        clip_on=True,
        annotation_clip=True,
        arrowprops={**line, "path_effects": halo} if label.led else None,
        path_effects=halo,
    )
