"""Fonts in print: those installed for scripts beyond Latin, Greek and Cyrillic, and what none of them has."""

from __future__ import annotations

import unicodedata
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axis import Axis
from matplotlib.text import Text

from geoinno.errors import DataWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

USUAL = "DejaVu Sans"
_SCRIPTS = (
    *("Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi"),
    *("Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Sinhala", "Tamil"),
    *("Telugu", "Thai"),
)
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
    *(f"Noto Sans {script}" for script in _SCRIPTS),
    "Noto Naskh Arabic",
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
# The first words of names of characters whose script has a font under another name.
_EAST_ASIAN = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH")
# Scripts whose letters join, are reordered or run from right to left, which matplotlib does from 3.11 on.
_SHAPED = ("ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "TAMIL", "THAI", "KHMER", "MYANMAR", "SINHALA")
_SHAPES = (3, 11)
_NAMED = 12
# Up to here every font has all characters.
_LATIN = 0x17F


@cache
def families() -> tuple[str, ...]:
    """Return the usual font, and after it those of other scripts that are installed."""
    _add_new_fonts()
    installed = set(font_manager.get_font_names())
    return (USUAL, *(name for name in _OTHERS if name in installed))


def _add_new_fonts() -> None:
    """Let matplotlib know the fonts of other scripts that were installed after it listed all fonts."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    wanted = {name.replace(" ", "").lower() for name in _OTHERS} | {"notosanscjk"}
    for path in sorted(font_manager.findSystemFonts()):
        family, _, weight = Path(path).stem.partition("-")
        if path not in known and family.lower() in wanted and weight.lower() in {"", "regular", "bold"}:
            font_manager.fontManager.addfont(path)


def warn_of_boxes(figure: Figure) -> None:
    """Warn of characters on a figure that no font has, and of scripts that are not written as they read."""
    foreign = _foreign(figure)
    if not foreign:
        return
    # Others than the usual font are looked for, and opened, only for what it lacks.
    lacking = sorted(sign for sign in foreign if ord(sign) not in _characters(USUAL))
    absent = [sign for sign in lacking if not any(ord(sign) in _characters(name) for name in families())]
    if absent:
        more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
        message = (
            f"No installed font has the characters {' '.join(absent[:_NAMED])}{more}: they are drawn as "
            f"boxes. Install {_remedy(absent)}, and restart Python."
        )
        warnings.warn(message, DataWarning, stacklevel=3)
    shaped = sorted({script.title() for script in map(_script, foreign) if script in _SHAPED})
    if shaped and mpl.__version_info__[:2] < _SHAPES:
        message = (
            f"matplotlib {mpl.__version__} does not join or order the letters of {' and '.join(shaped)} as "
            "they are read. Install matplotlib 3.11 or later."
        )
        warnings.warn(message, DataWarning, stacklevel=3)


def usual_will_do(figure: Figure) -> bool:
    """Whether the usual font has all characters of a figure."""
    return all(ord(sign) in _characters(USUAL) for sign in _foreign(figure))


def _foreign(figure: Figure) -> set[str]:
    """Return the characters on a figure that not every font has."""
    written = {sign for text in _texts(figure) for sign in text.get_text()}
    return {sign for sign in written if ord(sign) > _LATIN and not sign.isspace()}


def _texts(artist: Artist) -> Iterator[Text]:
    """Yield the visible texts of a figure; axes without lines would lay out ticks that nobody sees."""
    if not artist.get_visible():
        return
    if isinstance(artist, Text):
        yield artist
    for child in artist.get_children():
        if not (isinstance(child, Axis) and not child.axes.axison):
            yield from _texts(child)


def _remedy(absent: Iterable[str]) -> str:
    """Return which fonts have these characters, and which packages of Debian bring them."""
    scripts = list(dict.fromkeys(map(_script, absent)))
    east = [script for script in scripts if script in _EAST_ASIAN]
    others = [script for script in scripts if script not in east and script.title() in _SCRIPTS]
    fonts = [*(["Noto Sans CJK"] if east else []), *(f"Noto Sans {script.title()}" for script in others)]
    packages = [*(["fonts-noto-cjk"] if east else []), *(["fonts-noto-core"] if others else [])]
    if not fonts:
        fonts, packages = ["a font that has them, such as Unifont"], ["fonts-unifont"]
    return f"{', '.join(fonts)} (on Debian: apt-get install {' '.join(packages)})"


def _script(sign: str) -> str:
    """Return the script of a character, the first word of its name."""
    return unicodedata.name(sign, "UNKNOWN").split()[0].partition("-")[0]


@cache
def _characters(family: str) -> frozenset[int]:
    """Return the characters that a font has."""
    path = font_manager.findfont(family, fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap())
