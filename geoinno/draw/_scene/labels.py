"""Labels that do not collide: the important first, each in the best free place around its node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats

    Box = tuple[float, float, float, float]

_GAP = 4.0
_DIAGONAL = 0.75
# East first, then the corners, then above and below, as cartographers do.
_PLACES = (
    (1, 0),
    (_DIAGONAL, _DIAGONAL),
    (_DIAGONAL, -_DIAGONAL),
    (-1, 0),
    (-_DIAGONAL, _DIAGONAL),
    (-_DIAGONAL, -_DIAGONAL),
    (0, 1),
    (0, -1),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside a node: offset of its anchor in pixels (y upwards), and how far left it hangs."""

    node: int
    text: str
    dx: float
    dy: float
    hang: float


def labels(
    texts: Sequence[str],
    nodes: Floats,
    radii: Floats,
    *,
    order: Sequence[int],
    frame: Box,
    letter: tuple[float, float],
) -> list[Label]:
    """Return labels for nodes (pixels) in the given order of importance, inside the frame.

    ``letter`` is the width and height of a letter as it is drawn. Labels without room are left out.
    """
    taken = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(nodes.tolist(), radii.tolist(), strict=True)]
    placed = []
    for i in order:
        others = [box for j, box in enumerate(taken) if j != i]
        for side, rise in _PLACES:
            label = _at(i, texts[i], float(radii[i]) + _GAP, place=(side, rise), height=letter[1])
            box = _box(label, nodes[i], letter)
            if _inside(box, frame) and not any(_touch(box, other) for other in others):
                placed.append(label)
                taken.append(box)
                break
    return placed


def _at(node: int, text: str, reach: float, *, place: tuple[float, float], height: float) -> Label:
    """Return a label in one of the eight places around its node."""
    side, rise = place
    hang = 0.5 if side == 0 else 0.0 if side > 0 else 1.0
    lift = rise * (reach + (height / 2 if side == 0 else 0))
    return Label(node, text, side * reach, lift, hang)


def _box(label: Label, node: Floats, letter: tuple[float, float]) -> Box:
    """Return the box a label covers."""
    width, height = letter[0] * len(label.text), letter[1]
    x0 = node[0] + label.dx - label.hang * width
    y0 = node[1] + label.dy - height / 2
    return x0, y0, x0 + width, y0 + height


def _inside(box: Box, frame: Box) -> bool:
    """Tell whether a box lies inside a frame."""
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _touch(a: Box, b: Box) -> bool:
    """Tell whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
