"""Every colour of the maps and its meaning, once."""

from __future__ import annotations

from types import MappingProxyType

from geoinno._contract import colour

SEQUENTIAL = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
SEQUENTIAL_MUTED = ("#ffffd9", "#d4eeb3", "#9fd8ba", "#6ac3be", "#38a9c2")
DIVERGING = ("#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d8daeb", "#998ec3", "#542788")

_LIGHT = 0.87
_MUTE = 0.55

BIVARIATE = (
    ("#f0f0f0", "#f7c99b", "#e8841a"),
    ("#a9cbe6", "#b0a79f", "#a5652b"),
    ("#3f8fc8", "#4a6f8f", "#3b3b3b"),
)
SPACES = MappingProxyType(
    {
        "pole": "#3f007d",
        "hinterland": "#b3a8dc",
        "corridor": "#f6a945",
        "contested": "#b35806",
        "transition": "#fff7d6",
        "periphery": "#8a939a",
        "border interface": "#66c2a4",
    }
)
BORDER_TYPES = MappingProxyType(
    {
        "springboard": "#b35806",
        "latent": "#4477aa",
        "transit": "#fdb863",
        "cul-de-sac": "#a9b4bc",
        "interior": "#f7f5ee",
    }
)
CATEGORIES = (
    *("#4477aa", "#fdb863", "#bbbbbb", "#994455", "#77aadd", "#e66101"),
    *("#f4f3ee", "#222255", "#a09070", "#4121cf", "#b0dfff", "#312121"),
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
        "not significant": "#f2f2f2",
        "isolate": "#ffffff",
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
    anchors = tuple(colour(anchor, name="A colour of the ramp") for anchor in colours)
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


def two_sided(below: int, above: int, *, neutral: bool) -> tuple[str, ...]:
    """Return diverging colours for classes ``below`` and ``above`` a midpoint.

    Up to three classes on a side have the strongest colours last; more of them spread over the same range.
    With ``neutral`` one more class straddles the midpoint.
    """
    half = len(DIVERGING) // 2
    low, high = DIVERGING[half - 1 :: -1], DIVERGING[half + 1 :]
    middle = (DIVERGING[half],) if neutral else ()
    return (*reversed(_outwards(low, below)), *middle, *_outwards(high, above))


def _outwards(side: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return colours of one side of a midpoint, from the middle outwards."""
    return side[:count] if count <= len(side) else ramp(side, count)


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
