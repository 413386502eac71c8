"""Whether regions and indicators have the same ids, and if not, why."""

from __future__ import annotations

import warnings

import pandas as pd

from geoinno import _contract
from geoinno.errors import AlignmentError, ColumnError, DataWarning
from geoinno.read import _ids, _vintages


def columns(indicators: pd.DataFrame | pd.Series, *, beside: pd.DataFrame) -> pd.DataFrame:
    """Return ``indicators`` as a sound table, none of whose columns stands in ``beside``."""
    if isinstance(indicators, pd.Series) and indicators.name is not None:
        indicators = indicators.to_frame()
    if not isinstance(indicators, pd.DataFrame):
        message = (
            "indicators must be a DataFrame or a named Series by region id; "
            f"{type(indicators).__name__}{_unnamed(indicators)} was given."
        )
        raise ColumnError(message)
    _contract.region_ids(indicators.index, what="indicators")
    both = indicators.columns[indicators.columns.isin(beside.columns)]
    if len(both):
        message = (
            f"Columns stand both in the regions and in the indicators: {_contract.named(both)}. "
            f"Rename or drop one: indicators.drop(columns={both.to_list()})."
        )
        raise ColumnError(message)
    return indicators


def _unnamed(indicators: object) -> str:
    """Return the words for a Series without a name."""
    return " without a name" if isinstance(indicators, pd.Series) else ""


def met(regions: pd.Index, indicators: pd.Index, *, refuse: bool) -> None:
    """Raise, or warn, where ids of the ``regions`` and of the ``indicators`` are not the same."""
    bare = regions[~regions.isin(indicators)]
    lost = indicators[~indicators.isin(regions)]
    parts = []
    if len(bare):
        parts.append(f"regions without indicators: {_contract.named(bare)}")
    if len(lost):
        parts.append(f"indicators without a region: {_contract.named(lost)}")
    if not parts:
        return
    found = "; ".join(parts) + "."
    both = len(bare) and len(lost)
    why = (_vintages.hint(bare, lost) or _ids.disagreement(bare, lost)) if both else ""
    if refuse:
        message = f"Unmatched ids; {found}{why} To go on without them: unmatched='keep'."
        raise AlignmentError(message)
    message = f"{found[0].upper()}{found[1:]}{why} The regions are kept with missing values."
    warnings.warn(message, DataWarning, stacklevel=3)
