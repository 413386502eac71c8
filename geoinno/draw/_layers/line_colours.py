"""Colours of lines by class: ramps without the light part that is lost in a thin line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno.draw import palette

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT = "pink"
# Colours on each side of a midpoint.
SIDE = 3
# A ramp in forty steps, of which five are taken, from three tenths of it on.
_FINE, _TAKEN = 41, slice(12, None, 7)


def line_ramp(choice: str | Sequence[str]) -> tuple[str, ...]:
    """Return a ramp from weak to strong: that of a name without its light start, or colours as given."""
    if choice == DEFAULT:
        return palette.BORDERS
    colours = palette.sequential(choice)
    return palette.ramp(colours, _FINE)[_TAKEN] if isinstance(choice, str) else colours


def line_sides(choice: str | Sequence[str]) -> tuple[str, ...]:
    """Return three colours on each side of a midpoint, low to high; there is no pale middle."""
    if choice == DEFAULT:
        return palette.BORDERS_DIVERGING
    colours = palette.diverging(choice)
    half = len(colours) // 2
    below, above = (palette.ramp(side, 2 * SIDE - 1) for side in (colours[:half], colours[half + 1 :]))
    # The ends, the middle of each side, and what lies half way from there to the palest.
    return (below[0], below[2], below[3], above[1], above[2], above[4])


def limits_around(edges: list[float], midpoint: float) -> list[float]:
    """Return limits with the midpoint among them, for at most three classes on each side.

    Where all numbers lie on one side, the class beside the midpoint reaches to it, so that none is empty.
    """
    below, above = [e for e in edges[:-1] if e < midpoint], [e for e in edges[1:] if e > midpoint]
    below = below if len(below) <= SIDE else [below[0], *below[1 - SIDE :]]
    above = above if len(above) <= SIDE else [*above[: SIDE - 1], above[-1]]
    return [*below, midpoint, *above]
