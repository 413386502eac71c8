"""Words of the scenarios: changes in percent, and lists of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def percent(share: float) -> str:
    """Return a change as percent with a sign, in three digits at most.

    Examples
    --------
    >>> percent(3.1087), percent(-0.00321), percent(0.0)
    ('+311%', '-0.321%', '0%')
    """
    # Plain notation for what is read in a sentence.
    number = float(f"{100 * share:.3g}")
    text = f"{number:+,.0f}" if abs(number) >= 100 else f"{number:+.3g}"  # noqa: PLR2004
    return "0%" if number == 0 else f"{text}%"


def extremes(shares: pd.Series[float]) -> str:
    """Return the least and the greatest change with their regions.

    Examples
    --------
    >>> import pandas as pd
    >>> extremes(pd.Series([0.021, -0.004], index=["KAZ", "TKM"]))
    'from -0.4% (TKM) to +2.1% (KAZ)'
    """
    low, high = str(shares.idxmin()), str(shares.idxmax())
    if low == high or np.isclose(shares[low], shares[high], rtol=0, atol=1e-12):
        return f"by {percent(float(shares[low]))} everywhere"
    return f"from {percent(float(shares[low]))} ({low}) to {percent(float(shares[high]))} ({high})"


def listed(names: list[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["POL", "HUN", "CZE"])
    'POL, HUN and CZE'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
