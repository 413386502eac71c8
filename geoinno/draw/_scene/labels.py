"""Labels that do not collide: the important first, each in the best free place around its node."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geoinno._types import Bools, Floats

_GAP = 4.0
_DIAGONAL = 0.75
# East first, then the corners, then west, above and below, as cartographers do.
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
# Farther out a line leads from the label to its node; many such lines would be clutter.
_FAR, _MOST_LED, _LETTERS_LED = (0.0, 14.0, 28.0), 20, 200
# Two lines, each piece of an arrow that is hidden, and each place further down the list weigh so much.
_BROKEN, _HIDDEN, _LATER, _MOST_HIDDEN = 0.3, 0.4, 0.1, 4
_LONG, _LEAD_STEPS, _LEAD_HALF = 12, 5, 2.0
_SQUARE = 1.45
# Names break at blanks, and after hyphens within.
_BREAK = re.compile(r"(?<=\S) (?=\S)|(?<=\w)-(?=\w)")


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside a node: offset of its anchor in pixels (y upwards), and how far left it hangs.

    ``led`` says that a line leads from it to its node.
    """

    node: int
    text: str
    dx: float
    dy: float
    hang: float
    led: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Where labels may go, in pixels: the frame of each node, closed boxes, and points to spare.

    ``letter`` is the width and height of a letter as it is drawn. A closed box is none for nodes inside it.
    """

    frames: Floats
    letter: tuple[float, float]
    closed: Floats
    spared: Floats


def labels(
    texts: Sequence[str], nodes: Floats, radii: Floats, *, order: Sequence[int], room: Room
) -> list[Label]:
    """Return labels for nodes (pixels) in the given order of importance.

    A label stands beside its node, in two lines if need be; the most important may stand farther out, at the
    end of a line. Labels without room are left out.
    """
    taken = _Taken(nodes, radii, room)
    placed: list[Label] = []
    led = _most_led(room)
    for rank, i in enumerate(order):
        for far in _FAR if rank < led else _FAR[:1]:
            reach = float(taken.radii[i]) + _GAP
            best = _best(_candidates(i, texts[i], reach, far=far, height=room.letter[1]), taken)
            if best is not None:
                placed.append(best)
                taken.add(best)
                break
    return placed


def _most_led(room: Room) -> int:
    """Return how many labels may stand at the end of a line: few on a small map."""
    if not len(room.frames):
        return 0
    width, height = (room.frames[:, 2:] - room.frames[:, :2]).max(axis=0)
    return min(_MOST_LED, int(width * height / (_LETTERS_LED * room.letter[0] * room.letter[1])))


class _Taken:
    """What is taken by now: circles of nodes, then the labels placed so far, and their lines."""

    def __init__(self, nodes: Floats, radii: Floats, room: Room) -> None:
        self.nodes, self.room = nodes, room
        self.boxes = np.hstack([nodes - radii[:, None], nodes + radii[:, None]])
        # Circles around one place, as of a pole that has flows too, are one: the largest.
        _, self.place = np.unique(nodes.round(), axis=0, return_inverse=True)
        self.place = self.place.ravel()
        self.radii = np.zeros(len(nodes))
        np.maximum.at(self.radii, self.place, radii)
        self.radii = self.radii[self.place]

    def add(self, label: Label) -> None:
        """Take what a label covers."""
        self.boxes = np.vstack([self.boxes, self.covered(label)])

    def covered(self, label: Label) -> Floats:
        """Return the box that a label covers, and small ones along its line."""
        lines, place = label.text.split("\n"), self.nodes[label.node]
        width, height = self.room.letter[0] * max(map(_letters, lines)), self.room.letter[1] * len(lines)
        low = place + np.array([label.dx - label.hang * width, label.dy - height / 2])
        box = np.concatenate([low, low + np.array([width, height])])[None, :]
        if not label.led:
            return box
        points = place + np.linspace(0.2, 1.0, _LEAD_STEPS)[:, None] * np.array([[label.dx, label.dy]])
        return np.vstack([box, np.hstack([points - _LEAD_HALF, points + _LEAD_HALF])])

    def free(self, label: Label) -> bool:
        """Tell whether a label lies in its frame, and neither it nor its line meets what is taken."""
        covered, frame = self.covered(label), self.room.frames[label.node]
        if (covered[0, :2] < frame[:2]).any() or (covered[0, 2:] > frame[2:]).any():
            return False
        closed, node = self.room.closed, np.tile(self.nodes[label.node], 2)
        own = np.flatnonzero(self.place == self.place[label.node])
        others = [np.delete(self.boxes, own, axis=0), closed[~_meet(closed, node[None, :])]]
        return not _meet(np.vstack(others), covered).any()

    def hides(self, label: Label) -> int:
        """Return how many of the points to spare a label covers."""
        low, high = np.split(self.covered(label)[0], 2)
        return int(((low <= self.room.spared) & (self.room.spared <= high)).all(axis=1).sum())


def _best(candidates: Iterator[tuple[float, Label]], taken: _Taken) -> Label | None:
    """Return the free label that costs least, the first among equals."""
    free = [
        (cost + _HIDDEN * min(taken.hides(label), _MOST_HIDDEN), label)
        for cost, label in candidates
        if taken.free(label)
    ]
    return min(free, key=lambda one: one[0])[1] if free else None


def _candidates(
    node: int, text: str, reach: float, *, far: float, height: float
) -> Iterator[tuple[float, Label]]:
    """Return the labels that a node may have at a distance, with what each costs, the usual first."""
    for lines, form in enumerate(_forms(text)):
        for later, (side, rise) in enumerate(_PLACES):
            hang = 0.5 if side == 0 else 0.0 if side > 0 else 1.0
            half = height * (lines + 1) / 2 if side == 0 else 0.0
            dx, dy = side * (reach + far), rise * (reach + far + half)
            yield lines * _BROKEN + later * _LATER, Label(node, form, dx, dy, hang, led=far > 0)


def _letters(line: str) -> float:
    """Return how wide a line is in letters; those of East Asian scripts fill a square."""
    return sum(_SQUARE if east_asian_width(letter) in "WF" else 1.0 for letter in line)


def _forms(text: str) -> list[str]:
    """Return a text as it is, and in two lines of much the same length if it is long and may break."""
    gaps = [found.end() for found in _BREAK.finditer(text)]
    if len(text) <= _LONG or not gaps:
        return [text]
    middle = min(gaps, key=lambda i: abs(i - len(text) / 2))
    return [text, text[:middle].rstrip(" ") + "\n" + text[middle:]]


def _meet(boxes: Floats, others: Floats) -> Bools:
    """Tell which boxes overlap any of the others."""
    a, b = boxes[:, None], others[None, :]
    overlap = (a[..., :2] < b[..., 2:]) & (b[..., :2] < a[..., 2:])
    return np.asarray(np.any(np.all(overlap, axis=2), axis=1), dtype=bool)
