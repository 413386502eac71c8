"""Routes: how far each arrow bends, so that few cross sharply and none runs under a node it does not serve.

The rules follow Jenny et al. (2018, doi:10.1080/15230406.2016.1262280): long flows bend more,
opposite flows bow to opposite sides, acute crossings and flows under unconnected nodes are avoided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.draw._scene.arrow import curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats

    Points = Floats
    Indices = NDArray[np.intp]

_BENDS = (0.06, 0.12, 0.18, 0.24, 0.30)
_MOST_ROUTED = 150
_SWEEPS = 3
_STEPS = 16
_ACUTE = np.radians(30)
_CROWDED = np.radians(14)


@dataclass(frozen=True, slots=True)
class Net:
    """Nodes (pixels) with radii, and arrows between them with widths, the largest first.

    Arrows with a ``fixed`` bend (the others have NaN) keep it.
    """

    nodes: Points
    radii: Points
    start: Indices
    end: Indices
    widths: Points
    fixed: Points | None = None


def bends(net: Net) -> Points:
    """Return the bend of each arrow: the usual one, or the one nearest to it that disturbs least."""
    usual = _usual(net)
    if not 2 <= len(usual) <= _MOST_ROUTED:  # noqa: PLR2004 - one arrow has nobody to avoid
        return usual
    chosen = usual.copy()
    lines = np.stack([_line(net, i, bend) for i, bend in enumerate(chosen)])
    choices = _choices(net, usual)
    for _ in range(_SWEEPS):
        before = chosen.copy()
        for i, options in enumerate(choices):
            costs = [
                6 * abs(k - usual[i]) / 0.2 + _disturbance(net, i, _line(net, i, k), others=lines)
                for k in options
            ]
            chosen[i] = options[int(np.argmin(costs))]
            lines[i] = _line(net, i, chosen[i])
        if np.array_equal(before, chosen):
            break
    return chosen


def _usual(net: Net) -> Points:
    """Return the bend by length alone; close, thick pairs part far enough not to touch."""
    length = np.maximum(np.hypot(*(net.nodes[net.end] - net.nodes[net.start]).T), 1.0)
    by_length = 0.10 + 0.14 * np.sqrt(length / length.max(initial=1.0))
    usual = np.maximum(by_length, np.minimum((net.widths + 3) / length, 0.6))
    return usual if net.fixed is None else np.where(np.isnan(net.fixed), usual, net.fixed)


def _choices(net: Net, usual: Points) -> list[Points]:
    """Return the bends each arrow may take; one with a reverse twin keeps its side."""
    ends = list(zip(net.start.tolist(), net.end.tolist(), strict=True))
    pairs = set(ends)
    bow = np.array(_BENDS)
    free = np.concatenate([bow, -bow])
    fixed = np.zeros(len(ends), dtype=bool) if net.fixed is None else np.isfinite(net.fixed)
    return [
        np.concatenate([[k], bow[:0] if kept else bow if (b, a) in pairs else free])
        for (a, b), k, kept in zip(ends, usual, fixed, strict=True)
    ]


def _line(net: Net, i: int, bend: float) -> Points:
    """Return the centre line of one arrow."""
    return curve(net.nodes[net.start[i]], net.nodes[net.end[i]], bend, steps=_STEPS)


def _disturbance(net: Net, i: int, line: Points, *, others: Points) -> float:
    """Return how much a route disturbs nodes it does not serve and the other arrows."""
    own = (int(net.start[i]), int(net.end[i]))
    crossings = _crossings(line, np.delete(others, i, axis=0))
    return _under_nodes(net, line, own) + crossings + _crowding(net, i, line, lines=others)


def _under_nodes(net: Net, line: Points, own: tuple[int, int]) -> float:
    """Return the cost of running under nodes that the arrow does not serve."""
    strangers = np.setdiff1d(np.arange(len(net.nodes)), own)
    if not len(strangers):
        return 0.0
    gaps = np.hypot(*(net.nodes[strangers][:, None] - line[None]).transpose(2, 0, 1)).min(axis=1)
    reach = net.radii[strangers] + 2
    hit = gaps < reach
    return float((6 + 14 * (1 - gaps[hit] / reach[hit])).sum())


def _crossings(line: Points, others: Points) -> float:
    """Return the cost of crossing other arrows: one each, and up to five where the angle is acute."""
    a, b = line[:-1][None, :, None], np.diff(line, axis=0)[None, :, None]
    c, d = others[:, :-1][:, None], np.diff(others, axis=1)[:, None]
    denominator = _cross(b, d)
    with np.errstate(divide="ignore", invalid="ignore"):
        s, t = _cross(c - a, d) / denominator, _cross(c - a, b) / denominator
    # The first and last stretches meet at shared nodes, which is no crossing.
    crossing = (s > 0) & (s < 1) & (t > 0) & (t < 1)
    crossing[:, [0, -1]] = False
    angle = np.abs(np.arctan2(denominator, (b * d).sum(axis=-1)))
    angle = np.minimum(angle, np.pi - angle)[crossing]
    return float((1 + 4 * np.clip(1 - angle / _ACUTE, 0, 1)).sum())


def _crowding(net: Net, i: int, line: Points, *, lines: Points) -> float:
    """Return the cost of leaving or reaching a node nearly in line with another arrow."""
    cost = 0.0
    for node, way in ((net.start[i], line[2] - line[0]), (net.end[i], line[-3] - line[-1])):
        leaving = (net.start == node) & (np.arange(len(lines)) != i)
        reaching = (net.end == node) & (np.arange(len(lines)) != i)
        ways = np.vstack([lines[leaving, 2] - lines[leaving, 0], lines[reaching, -3] - lines[reaching, -1]])
        angle = np.abs(np.arctan2(_cross(way, ways), ways @ way))
        cost += float((3 * np.clip(1 - angle / _CROWDED, 0, 1)).sum())
    return cost


def _cross(a: Points, b: Points) -> Points:
    """Return the z part of the cross product of plane vectors."""
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
