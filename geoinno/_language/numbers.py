"""Numbers as a reader meets them: in a few digits, thousands parted by a narrow blank, millions in words."""

from __future__ import annotations

import math

# No-break: a number never ends one line and goes on in the next.
THIN = "\u202f"
MINUS = "\u2212"
DASH = "\u2013"
_DIGITS = 4
# What is smaller is noise of the arithmetic.
_LEAST = 1e-12
LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def number(value: float, digits: int = _DIGITS) -> str:
    r"""Return a number in a few significant digits, millions and more in words.

    Examples
    --------
    >>> number(1234567.0)
    '1.235\u202fmillion'
    >>> number(-0.03914159)
    '\u22120.03914'
    >>> number(2.31e-7)
    '0.000000231'
    """
    if not math.isfinite(value):
        return DASH
    if abs(value) < _LEAST:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    for size, word in LARGE:
        if abs(rounded) >= size:
            return f"{_plain(rounded / size, digits)}{THIN}{word}"
    return _plain(rounded, digits)


def _plain(value: float, digits: int) -> str:
    """Return a number in a few significant digits, without trailing zeros."""
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return fixed(round(value, decimals), max(0, decimals), trim=True)


def fixed(value: float, decimals: int, *, trim: bool = False) -> str:
    """Return a number with a given number of decimals."""
    text = f"{abs(value):,.{decimals}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    return sign + text.replace(",", THIN)
