"""The points of a Moran scatter, before anyone knows on what they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoinno._types import Floats

CLUSTER_KINDS = ("HH", "LL", "HL", "LH")


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Points of a Moran scatter: deviations in standard deviations, labels of their clusters, names."""

    value: Floats
    lag: Floats
    label: tuple[str, ...]
    name: tuple[str, ...]
    xlabel: str
    ylabel: str

    @property
    def slope(self) -> float:
        """The slope of the line through the origin: Moran's I where each row of weights sums to one."""
        return float((self.value * self.lag).sum() / (self.value**2).sum())
