"""Diverging colours: the farther a class reaches from the midpoint, the stronger, alike on both sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from geoinno.draw import palette

if TYPE_CHECKING:
    from collections.abc import Sequence

# A middle, or the ends of a class around it.
Midpoint: TypeAlias = float | tuple[float, float]


def two_sided(limits: Sequence[float], midpoint: Midpoint, colours: tuple[str, ...]) -> tuple[str, ...]:
    """Return a colour for each class between limits, low to high.

    A class around the midpoint has the middle colour. More classes on a side than it has colours are spread
    over all of them. An even number of colours has no middle one.
    """
    half = len(colours) // 2
    low, high = colours[half - 1 :: -1], colours[-half:]
    below, above = _reaches(limits, midpoint)
    most = max([*below, *above], default=0.0)
    neutral = (colours[half],) if len(below) + len(above) < len(limits) - 1 else ()
    return (*reversed(_outwards(low, below, most)), *neutral, *_outwards(high, above, most))


def strengths(reaches: Sequence[float], most: float, *, steps: int) -> list[int]:
    """Return the place of each class on a scale of so many steps, from the midpoint outwards.

    ``reaches`` is how far the classes of one side go, and ``most`` how far those of either side do. What is
    as far from the midpoint on both sides is as strong, and what is farther out stronger in any case.

    Examples
    --------
    >>> strengths([36, 92], 92, steps=3), strengths([13, 35, 71], 92, steps=3)
    ([1, 2], [0, 1, 2])
    """
    places: list[int] = []
    for more, reach in zip(reversed(range(len(reaches))), reaches, strict=True):
        fair = math.ceil(steps * reach / (most or 1.0) - 1e-9) - 1
        least = places[-1] + 1 if places else 0
        places.append(min(max(fair, least), steps - 1 - more))
    return places


def _reaches(limits: Sequence[float], midpoint: Midpoint) -> tuple[list[float], list[float]]:
    """Return how far the classes below and above the midpoint reach from it, the nearest first."""
    low, high = midpoint if isinstance(midpoint, tuple) else (midpoint, midpoint)
    middle = (low + high) / 2
    if isinstance(midpoint, tuple):
        below = sum(v <= low for v in limits[1:])
        above = sum(v >= high for v in limits[:-1])
    else:
        below = sum(v < midpoint for v in limits[:-1])
        above = len(limits) - 1 - below
    least, most = limits[:below], limits[len(limits) - above :]
    return [middle - v for v in reversed(least)], [v - middle for v in most]


def _outwards(side: tuple[str, ...], reaches: Sequence[float], most: float) -> tuple[str, ...]:
    """Return colours of one side of a midpoint, from the middle outwards."""
    if len(reaches) > len(side):
        return palette.ramp(side, len(reaches))
    return tuple(side[place] for place in strengths(reaches, most, steps=len(side)))
