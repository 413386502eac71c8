"""The colours of maps that the command line draws: a palette by its name, or colours of the user's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geoinno.errors import OptionError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

_FIXED = ("clusters", "roles")
_FEWEST, _MOST, _SIDE = 2, 7, 3
# In words, so that the help needs no drawing.
PALETTE_HELP = (
    "colours by name: yellow-blue, viridis, cividis, magma, greens, oranges, purples, reds; with --midpoint "
    "orange-purple, red-blue, purple-green; for bivariate blue-orange, purple-gold, green-pink; for borders, "
    "whose lines it colours, also pink. Or colours, low to high, such as #ffffcc,#41b6c4,#253494; for "
    "bivariate nine, row by row from low to high of the second column"
)
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def checked_palette(options: argparse.Namespace) -> None:
    """Raise, before any work, if the kind of map has no such palette."""
    if not options.palette:
        return
    if options.kind in _FIXED:
        message = f"The colours of {options.kind} have fixed meanings: leave out --palette."
        raise OptionError(message)
    if options.kind == "flows" and not options.value:
        message = (
            "The colours of flows have fixed meanings; with --value, --palette colours the regions below."
        )
        raise OptionError(message)
    if options.palette not in palettes(options):
        _colours(options)


def palettes(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the names of the palettes of a kind of map."""
    from geoinno.draw import palette

    if options.kind == "bivariate":
        return tuple(palette.BIVARIATES)
    if options.kind == "borders":
        return ("pink", *palette.SEQUENTIALS)
    if options.kind == "categories":
        return (*palette.SEQUENTIALS, *palette.DIVERGINGS)
    return tuple(palette.SEQUENTIALS if options.midpoint is None else palette.DIVERGINGS)


def ramp_of(options: argparse.Namespace, *, usual: str) -> str | tuple[str, ...]:
    """Return the palette of classes or lines: by its name, by its colours, or else the usual one."""
    if not options.palette:
        return usual
    return options.palette if options.palette in palettes(options) else _colours(options)


def square_of(options: argparse.Namespace) -> str | tuple[tuple[str, ...], ...]:
    """Return the palette of two columns: by its name, or three rows of three colours."""
    from geoinno.draw import palette

    chosen = ramp_of(options, usual=palette.BIVARIATE_DEFAULT)
    return (
        chosen if isinstance(chosen, str) else tuple(chosen[i : i + _SIDE] for i in range(0, _SIDE**2, _SIDE))
    )


def colours_of(options: argparse.Namespace, kinds: Sequence[str]) -> dict[str, str]:
    """Return a colour for each category, in the order of the legend."""
    from geoinno.draw import palette

    ramp = {**palette.SEQUENTIALS, **palette.DIVERGINGS}.get(options.palette)
    if ramp and len(kinds) > _MOST:
        message = (
            f"A palette by name serves {_MOST} categories at most; {options.value!r} has {len(kinds)}. List "
            "a colour for each, or leave out --palette."
        )
        raise OptionError(message)
    colours = palette.ramp(ramp, len(kinds)) if ramp else _colours(options)
    if len(colours) < len(kinds):
        message = f"--palette gives {len(colours)} colours; {options.value!r} has {len(kinds)} categories."
        raise OptionError(message)
    return dict(zip(kinds, colours, strict=False))


def _colours(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the colours that are listed with commas between."""
    colours = tuple(colour.strip() for colour in options.palette.split(","))
    square = options.kind == "bivariate"
    enough = len(colours) == _SIDE**2 if square else len(colours) >= _FEWEST
    if enough and all(map(_HEX.fullmatch, colours)):
        return colours
    many = "nine colours" if square else "two colours or more"
    other = " (with --midpoint, those that diverge)" if _needs_midpoint(options) else ""
    message = (
        f"--palette takes one of {_listed(palettes(options))}{other}, or {many} such as #ffffcc,#253494; "
        f"{options.palette!r} was given."
    )
    raise OptionError(message)


def _needs_midpoint(options: argparse.Namespace) -> bool:
    """Tell whether the name given is one that classes have with a midpoint alone."""
    from geoinno.draw import palette

    return options.kind in {"classes", "flows"} and options.palette in palette.DIVERGINGS


def _listed(names: Iterable[str]) -> str:
    """Return names with commas between."""
    return ", ".join(names)
