"""Words of the scenarios: changes in percent, and lists of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

# Shares below it are what rounding leaves, and lists beyond it no sentence.
NOTHING, _MOST_NAMES = 1e-9, 10


def percent(share: float) -> str:
    """Return a change as percent with a sign, in three digits at most.

    Examples
    --------
    >>> percent(3.1087), percent(-0.00321), percent(2e-14)
    ('+311%', '-0.321%', '0%')
    """
    # Plain notation for what is read in a sentence; what rounding leaves is nothing.
    number = float(f"{100 * share:.3g}") if abs(share) > NOTHING else 0.0
    text = f"{number:+,.0f}" if abs(number) >= 100 else f"{number:+.3g}"  # noqa: PLR2004
    return "0%" if number == 0 else f"{text}%"


def amount(value: float) -> str:
    """Return a number in four digits without an exponent.

    Examples
    --------
    >>> amount(147238.2), amount(0.25)
    ('147,200', '0.25')
    """
    return f"{float(f'{value:.4g}'):,.12g}"


def extremes(shares: pd.Series[float]) -> str:
    """Return the least and the greatest change with their regions.

    Examples
    --------
    >>> import pandas as pd
    >>> extremes(pd.Series([0.021, -0.004], index=["KAZ", "TKM"]))
    'from -0.4% (TKM) to +2.1% (KAZ)'
    """
    # By position, not by name: regions may share a name.
    low, high = int(shares.argmin()), int(shares.argmax())
    least, most = float(shares.iloc[low]), float(shares.iloc[high])
    if low == high or np.isclose(least, most, rtol=0, atol=1e-12):
        return f"by {percent(least)} everywhere"
    return f"from {percent(least)} ({shares.index[low]}) to {percent(most)} ({shares.index[high]})"


def counted(count: int, noun: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "border"), counted(1200, "border")
    ('1 border', '1,200 borders')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def part(count: int, total: int, *, noun: str, verb: str) -> str:
    """Return how many of all things do something.

    Examples
    --------
    >>> part(1, 3, noun="region", verb="gain"), part(0, 1, noun="region", verb="gain")
    ('1 of 3 regions gains', '0 of 1 region gain')
    """
    return f"{count:,} of {counted(total, noun)} {verb}{'s' if count == 1 else ''}"


def listed(names: list[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["POL", "HUN", "CZE"])
    'POL, HUN and CZE'
    """
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES:,} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
