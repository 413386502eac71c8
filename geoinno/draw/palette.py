"""Every colour of the maps and its meaning, once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno._contract import colour, option
from geoinno.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT = "yellow-blue"
SEQUENTIAL = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
SEQUENTIAL_MUTED = ("#ffffd9", "#d4eeb3", "#9fd8ba", "#6ac3be", "#38a9c2")
DIVERGING = ("#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d8daeb", "#998ec3", "#542788")
# Ramps to choose from, low to high; neighbours stay apart for colour-blind readers, on the map and muted.
SEQUENTIALS = MappingProxyType(
    {
        "yellow-blue": SEQUENTIAL,
        "viridis": ("#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"),
        "cividis": ("#fee838", "#bbaf71", "#7d7c78", "#434e6c", "#00224e"),
        "magma": ("#fcfdbf", "#fe9f6d", "#de4968", "#8c2981", "#3b0f70"),
        "greens": ("#f7fcb9", "#addd8e", "#5db566", "#1d7d45", "#00441b"),
        "oranges": ("#fff2cc", "#fdc77c", "#f28a33", "#c4500c", "#6e2602"),
        "purples": ("#f2e6f5", "#cdb4dc", "#a37cc4", "#7a3fa5", "#48106d"),
        "reds": ("#fee5d9", "#fcae91", "#f0623f", "#c11f24", "#67000d"),
    }
)
DIVERGINGS = MappingProxyType(
    {
        "orange-purple": DIVERGING,
        "red-blue": ("#b2182b", "#ef8a62", "#fddbc7", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac"),
        "purple-green": ("#762a83", "#af8dc3", "#e7d4e8", "#f7f7f7", "#d9f0d3", "#7fbf7b", "#1b7837"),
    }
)

_LIGHT = 0.87
_MUTE = 0.55
_FEWEST = 2
# So much of a ramp may lie under arrows: as much as they stand out from; its very start always serves.
_LIGHT_PARTS, _MUTED_STEPS, _ARROW_CONTRAST = (0.6, 0.55, 0.5, 0.4, 0.3, 0.0), 5, 2.5

# Squares of nine, row by row from low to high of the second indicator; optimised so that any two stay apart
# for colour-blind readers, and counts can be read on them.
BIVARIATES: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "blue-orange": (
            ("#f0f0f0", "#f7c99b", "#e8841a"),
            ("#a9cbe6", "#b0a79f", "#a5652b"),
            ("#3f8fc8", "#4a6f8f", "#3b3b3b"),
        ),
        "purple-gold": (
            ("#f2efe6", "#ecd27a", "#e69e0c"),
            ("#cbb6e2", "#b39a8e", "#8f6b1e"),
            ("#8f5fc4", "#6b4a86", "#2f2440"),
        ),
        "green-pink": (
            ("#f3f3ee", "#edadd2", "#ea4ca7"),
            ("#b7dfa0", "#aea598", "#8a4a68"),
            ("#4fa83a", "#45703c", "#26301f"),
        ),
    }
)
BIVARIATE_DEFAULT = "blue-orange"
SPACES = MappingProxyType(
    {
        "pole": "#3f007d",
        "hinterland": "#908fd6",
        "corridor": "#f6a945",
        "contested": "#b35806",
        "transition": "#93c9dd",
        "periphery": "#ffe29c",
        "border interface": "#258c62",
    }
)
BORDER_TYPES = MappingProxyType(
    {
        "springboard": "#b35806",
        "latent": "#4477aa",
        "transit": "#f5ad52",
        "cul-de-sac": "#8fb5cf",
        "interior": "#f4e6a6",
    }
)
# No greys and nothing near white: those are the land around the map, and regions without data.
CATEGORIES = (
    *("#2266bb", "#bbaa33", "#dd6677", "#00bbaa", "#aa88ee", "#662244"),
    *("#aadd99", "#444400", "#ffbbff", "#003388", "#995577", "#667711"),
)
BORDERS_DIVERGING = ("#7f3b08", "#c8620a", "#f08c1a", "#9a86d6", "#6a3fb0", "#35006b")
BORDERS = ("#d4a6c8", "#df65b0", "#e7298a", "#b3005e", "#67001f")
UNKNOWN_LINE = "#9a9a9a"
POINT = "#ffffff"
BREAK = "#1a1a1a"

NO_DATA = "#ffffff"
HATCH = "#a6a6a6"
DOTS = "#1a1a1a"

CLUSTERS = MappingProxyType(
    {
        "HH": "#ca0020",
        "LL": "#0571b0",
        "HL": "#f4a582",
        "LH": "#92c5de",
        "hot": "#ca0020",
        "cold": "#0571b0",
        "alike": "#542788",
        "unlike": "#b35806",
        "not significant": "#f2f2f2",
        "isolate": "#ffffff",
    }
)
# The paler level: significant in the region by itself, but not once all regions are tested.
CLUSTERS_PALE = MappingProxyType(
    {
        "HH": "#d46b79",
        "LL": "#6f84c6",
        "HL": "#f2dba4",
        "LH": "#a6e7f7",
        "hot": "#d46b79",
        "cold": "#6f84c6",
        "alike": "#998ec3",
        "unlike": "#f1a340",
    }
)

FLOW_DOMESTIC = "#3f3f3f"
FLOW_CROSS_BORDER = "#b3005e"
LINK = "#6a3fb0"
FLOW_HOVER = "#000000"
NODE_GAIN = "#1a1a1a"
NODE_LOSS = "#ffffff"

SEA = "#eef3f6"
LAND = "#e6e4de"
FRAME = "#8c8c8c"
OUTLINED = "#f7f5ee"
COAST = "#b9b6ad"
NATIONAL_BORDER = "#3d3d3d"
FOREIGN_BORDER = "#c3bfb5"
GRATICULE = "#c6d0d6"
REGION_LINE = "#ffffff"
REGION_LINE_ON_LIGHT = "#c4c1b6"
TEXT = "#222222"
TEXT_SOFT = "#4a4a4a"
TEXT_FAINT = "#595959"


def ramp(colours: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return ``count`` colours spread evenly over a sequential ramp, low to high.

    Neighbouring anchors are mixed in sRGB; they are close enough for lightness to keep its order.

    Examples
    --------
    >>> from geoinno.draw.palette import SEQUENTIAL, ramp
    >>> ramp(SEQUENTIAL, 3)
    ('#ffffcc', '#41b6c4', '#253494')
    """
    anchors = tuple(colour(anchor, name="Every entry of the ramp") for anchor in colours)
    if count == 1:
        return (anchors[len(anchors) // 2],)
    last = len(anchors) - 1
    return tuple(_between(anchors, last * i / (count - 1)) for i in range(count))


def text_on(fill: str) -> str:
    """Return the colour of text on a fill: dark or white, whichever has the higher contrast (WCAG 2.2)."""
    light = _luminance(fill) + 0.05
    return TEXT if light / (_luminance(TEXT) + 0.05) > 1.05 / light else "#ffffff"


def _luminance(fill: str) -> float:
    """Return the relative luminance of a colour, 0 (black) to 1 (white)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the sRGB curve
        for c in (channel / 255 for channel in _channels(fill))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def dots_on(fill: str) -> str:
    """Return the colour of dots on a fill: dark, or white where dark would vanish."""
    return "#ffffff" if text_on(fill) == "#ffffff" else DOTS


def ring_on(fill: str) -> str:
    """Return the colour of the ring around a small region: it stands out unless there is nothing to see."""
    if fill == CLUSTERS["not significant"]:
        return FRAME
    # A dark ring would be lost around a dark fill among dark regions.
    return text_on(fill)


def lightened(fill: str) -> str:
    """Return a colour mixed with as much white and a little more, the ground for arrows.

    Examples
    --------
    >>> from geoinno.draw.palette import lightened
    >>> lightened("#000000")
    '#8c8c8c'
    """
    mixed = (round(channel + (255 - channel) * _MUTE) for channel in _channels(fill))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def line_on(fill: str) -> str:
    """Return the colour of region lines on a fill: white, or grey where white would vanish."""
    red, green, blue = _channels(fill)
    light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return REGION_LINE_ON_LIGHT if light > _LIGHT else REGION_LINE


def sequential(choice: str | Sequence[str]) -> tuple[str, ...]:
    """Return a ramp from low to high: one of those by name, or colours of the reader's own."""
    return _ramp_of(choice, SEQUENTIALS)


def diverging(choice: str | Sequence[str]) -> tuple[str, ...]:
    """Return a ramp with a middle: one of those by name, or an odd number of colours of the reader's own."""
    # The default name stands for the default of either kind.
    colours = DIVERGING if choice == DEFAULT else _ramp_of(choice, DIVERGINGS)
    if len(colours) % 2 == 0:
        message = (
            f"With a midpoint, palette needs an odd number of colours, the middle one for the midpoint; "
            f"{len(colours)} were given."
        )
        raise OptionError(message)
    return colours


def _ramp_of(choice: str | Sequence[str], known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return a ramp by name or from colours, each of them checked."""
    if isinstance(choice, str):
        return known[option(choice, tuple(known), name="palette")]
    colours = tuple(colour(one, name="Every entry of the palette") for one in choice)
    if len(colours) < _FEWEST:
        given = "1 was" if len(colours) == 1 else "none were"
        message = f"palette needs {_FEWEST} colours or more, or a name; {given} given."
        raise OptionError(message)
    return colours


def muted(colours: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lighter part of a ramp, on which arrows stay readable."""
    if colours == SEQUENTIAL:
        return SEQUENTIAL_MUTED
    light_first = _luminance(colours[0]) >= _luminance(colours[-1])
    ordered = colours if light_first else colours[::-1]
    parts = [_start(ordered, share) for share in _LIGHT_PARTS]
    lighter = next((part for part in parts if _carries_arrows(part[-1])), parts[-1])
    return lighter if light_first else lighter[::-1]


def _start(colours: tuple[str, ...], share: float) -> tuple[str, ...]:
    """Return a ramp over the first share of another."""
    reach = (len(colours) - 1) * share
    return tuple(_between(colours, reach * i / (_MUTED_STEPS - 1)) for i in range(_MUTED_STEPS))


def _carries_arrows(fill: str) -> bool:
    """Tell whether dark arrows stand out from a fill, with the white casing that they have."""
    return (_luminance(fill) + 0.05) / (_luminance(FLOW_DOMESTIC) + 0.05) >= _ARROW_CONTRAST


def _between(colours: tuple[str, ...], position: float) -> str:
    """Return the colour at a fractional position of a ramp."""
    start = min(int(position), len(colours) - 2)
    share = position - start
    first, second = (_channels(colours[i]) for i in (start, start + 1))
    mixed = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(fill: str) -> tuple[int, int, int]:
    """Return red, green and blue of a colour."""
    code = colour(fill, name="A fill")
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)
