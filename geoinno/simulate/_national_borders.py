"""National borders: numbers for pairs of regions, from one number or a table by countries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Borders:
    """The country of each region by number, and the names of the countries."""

    country: Ints
    names: pd.Index

    def table(self, value: float | pd.DataFrame, *, name: str) -> Floats:
        """Return a number for each pair of regions, zero within countries."""
        if not isinstance(value, pd.DataFrame):
            given = np.full((len(self.names),) * 2, _contract.positive(value, name=name, zero=True))
        else:
            absent = self.names[~(self.names.isin(value.index) & self.names.isin(value.columns))]
            if len(absent):
                message = f"{name} has no row or no column for {_contract.named(absent)}."
                raise ColumnError(message)
            given = _contract.square(value.loc[self.names, self.names], name=name, ids=self.names).copy()
        # A country has no border with itself, whatever stands there.
        np.fill_diagonal(given, 0.0)
        if not (np.isfinite(given) & (given >= 0)).all():
            message = f"{name} must be finite and zero or more for every border."
            raise ColumnError(message)
        return given[self.country[:, None], self.country]


def borders(
    country: pd.Series | str | None, regions: GeoDataFrame, *, waits: tuple[float | pd.DataFrame, ...]
) -> Borders:
    """Return the countries of regions; where waits play a part, those of the column ``country``."""
    plays = any(isinstance(given, pd.DataFrame) or given != 0 for given in waits)
    column = "country" if country is None and plays else country
    if column is None:
        return Borders(np.zeros(len(regions), np.int64), pd.Index(["all regions"]))
    codes, names = pd.factorize(_contract.country_series(column, regions))
    return Borders(codes.astype(np.int64), pd.Index(names))
