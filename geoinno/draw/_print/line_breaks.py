"""Lines of text in print: how wide letters are, and where lines break."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from matplotlib import font_manager

from geoinno.draw._layers.headings import clauses
from geoinno.draw._print.fonts import USUAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Whatever the room, a line holds a few letters.
_LEAST = 4.0
# Letters are moved to whole pixels: on screens that makes small ones up to so much wider.
_SNUG = 0.96
# The height of a line, in sizes of its font.
_LEADING = 1.3
# Letters of scripts that the usual font lacks mostly fill a square.
_SQUARE = 1.0
# The scale at which letters are measured, and the fraction in which their advance is counted.
_MEASURED, _FRACTION = 100, 65_536
# Narrow and fixed blanks hold numbers and their units together.
_BLANKS = re.compile(r"[ \t\n]+")
_HYPHEN = re.compile(r"(?<=\w-)(?=\w)")


def room(inches: float, size: float) -> float:
    """Return the room that a line has, in sizes of its font of so many points."""
    return _SNUG * inches * 72 / size


def labels_above(names: Sequence[str], width: float, *, size: float, line: float) -> tuple[list[str], float]:
    """Return bold names as they stand above maps of a width, and the height of all in inches.

    ``line`` is the height of one line; where any name takes more lines, all maps stand lower.
    """
    written = [by_clause(name, room(width, size), bold=True) for name in names]
    more = max((len(lines) for lines in written), default=1) - 1
    return ["\n".join(lines) for lines in written], line + max(more, 0) * size * _LEADING / 72


def broken(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Return text in lines as full as they can be; ``room`` is the width of a line in sizes of the font.

    A blank keeps the room of a line.
    """
    room = max(room, _LEAST)
    lines: list[str] = []
    for piece, joint in _pieces(text, room, bold=bold):
        longer = f"{lines[-1]}{joint}{piece}" if lines else ""
        if lines and _width(longer, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines or list(text[:1])


def balanced(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Return text in as few lines as `broken` does, of much the same length."""
    lines = broken(text, room, bold=bold)
    while len(lines) > 1:
        narrower = max(_width(line, bold=bold) for line in lines) - 1e-9
        closer = broken(text, narrower, bold=bold)
        if len(closer) > len(lines) or closer == lines:
            break
        lines = closer
    return lines


def by_clause(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Return a heading or label in lines: broken between its clauses first, long clauses in even lines."""
    room = max(room, _LEAST)
    lines: list[str] = []
    for clause in clauses(text):
        joined = f"{lines[-1]} {clause}" if lines else clause
        if lines and _width(joined, bold=bold) <= room:
            lines[-1] = joined
        else:
            lines += balanced(clause, room, bold=bold)
    return lines


def _pieces(text: str, room: float, *, bold: bool) -> Iterator[tuple[str, str]]:
    """Yield what may stand in lines of its own, each with what joins it to the piece before."""
    for word in filter(None, _BLANKS.split(text)):
        joint = " "
        for part in _HYPHEN.split(word):
            for piece in _cut(part, room, bold=bold):
                yield piece, joint
                joint = ""


def _cut(word: str, room: float, *, bold: bool) -> Iterator[str]:
    """Yield a word in pieces that fit a line: mostly one."""
    piece = ""
    for letter in word:
        if piece and _width(piece + letter, bold=bold) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _width(text: str, *, bold: bool) -> float:
    """Return how wide a text is, in sizes of the font."""
    return sum(_advance(letter, bold=bold) for letter in text)


@cache
def _advance(letter: str, *, bold: bool) -> float:
    """Return how far a letter moves the pen, in sizes of the font."""
    path = font_manager.findfont(
        font_manager.FontProperties(family=[USUAL], weight="bold" if bold else "normal")
    )
    font = font_manager.get_font(path)
    if not font.get_char_index(ord(letter)):
        return _SQUARE
    font.set_size(_MEASURED, 72)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / _FRACTION / _MEASURED
