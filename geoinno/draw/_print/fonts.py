"""Fonts in print: those installed for scripts beyond Latin, Greek and Cyrillic, and what none of them has."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING

from matplotlib import font_manager
from matplotlib.axis import Axis
from matplotlib.text import Text

from geoinno.errors import DataWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

USUAL = "DejaVu Sans"
# What systems and distributions bring for other scripts, the most complete first.
_OTHERS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans SC",
    "Noto Sans JP",
    "Noto Sans KR",
    "Source Han Sans",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Thai",
    "Noto Sans Hebrew",
    "Noto Sans",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Yu Gothic",
    "Segoe UI",
    "PingFang SC",
    "Hiragino Sans",
    "Apple SD Gothic Neo",
    "Geeza Pro",
    "Arial Unicode MS",
    "FreeSans",
    "Unifont",
)
_NAMED = 12


@cache
def families() -> tuple[str, ...]:
    """Return the usual font, and after it those of other scripts that are installed."""
    installed = set(font_manager.get_font_names())
    return (USUAL, *(name for name in _OTHERS if name in installed))


def warn_of_boxes(figure: Figure) -> None:
    """Warn of the characters on a figure that no font has: they are drawn as boxes."""
    written = {sign for text in _texts(figure) for sign in text.get_text()}
    known = set().union(*map(_characters, families()))
    absent = sorted(sign for sign in written if ord(sign) not in known and not sign.isspace())
    if absent:
        more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
        message = (
            f"No installed font has the characters {' '.join(absent[:_NAMED])}{more}: they are drawn as "
            "boxes. Install fonts of that script, such as Noto Sans CJK or Noto Sans Arabic (on Debian: "
            "apt-get install fonts-noto-cjk fonts-noto-core), and start Python anew."
        )
        warnings.warn(message, DataWarning, stacklevel=2)


def _texts(artist: Artist) -> Iterator[Text]:
    """Yield the visible texts of a figure; axes without lines would lay out ticks that nobody sees."""
    if not artist.get_visible():
        return
    if isinstance(artist, Text):
        yield artist
    for child in artist.get_children():
        if not (isinstance(child, Axis) and not child.axes.axison):
            yield from _texts(child)


@cache
def _characters(family: str) -> frozenset[int]:
    """Return the characters that a font has."""
    path = font_manager.findfont(family, fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap())
