"""Every colour of the maps and its meaning, once."""

from __future__ import annotations

from types import MappingProxyType

from geoinno.errors import ColumnError

SEQUENTIAL = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
SEQUENTIAL_MUTED = ("#ffffd9", "#d4eeb3", "#9fd8ba", "#6ac3be", "#38a9c2")
DIVERGING = ("#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d8daeb", "#998ec3", "#542788")

_LIGHT = 0.87

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
FLOW_HOVER = "#000000"
NODE_GAIN = "#1a1a1a"
NODE_LOSS = "#ffffff"

SEA = "#eef3f6"
LAND = "#e6e4de"
COAST = "#b9b6ad"
NATIONAL_BORDER = "#3d3d3d"
FOREIGN_BORDER = "#c3bfb5"
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
    if count == 1:
        return (colours[len(colours) // 2],)
    last = len(colours) - 1
    return tuple(_between(colours, last * i / (count - 1)) for i in range(count))


def line_on(fill: str) -> str:
    """Return the colour of region lines on a fill: white, or grey where white would vanish."""
    red, green, blue = _channels(fill)
    light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return REGION_LINE_ON_LIGHT if light > _LIGHT else REGION_LINE


def two_sided(below: int, above: int, *, neutral: bool) -> tuple[str, ...]:
    """Return diverging colours for classes ``below`` and ``above`` a midpoint.

    With ``neutral`` one more class straddles the midpoint.

    Raises
    ------
    ColumnError
        If a side asks for more classes than readers can tell apart.
    """
    half = len(DIVERGING) // 2
    if max(below, above) > half:
        message = (
            f"A diverging map shows at most {half} classes on each side; {max(below, above)} were asked."
        )
        raise ColumnError(message)
    low, high = DIVERGING[:half], DIVERGING[half + 1 :]
    middle = (DIVERGING[half],) if neutral else ()
    return low[half - below :] + middle + high[:above]


def _between(colours: tuple[str, ...], position: float) -> str:
    """Return the colour at a fractional position of a ramp."""
    start = min(int(position), len(colours) - 2)
    share = position - start
    first, second = (_channels(colours[i]) for i in (start, start + 1))
    mixed = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of a hex colour."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
