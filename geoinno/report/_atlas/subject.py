"""What an atlas is about: regions, mass, indicator, flows and what scenarios need, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from geoinno import _contract
from geoinno._language import ENGLISH, translated
from geoinno.errors import ColumnError
from geoinno.report._atlas.options import AtlasOptions
from geoinno.report._atlas.scenarios import sound_adoptions, sound_trade

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno.report._atlas.scenarios import Trade

# The languages that all sentences of an atlas are written in.
WRITTEN = (ENGLISH, "ru")
ISLANDS = ("isolate", "nearest", "bridge")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What an atlas is about, ready to be measured."""

    title: str
    regions: GeoDataFrame
    mass: pd.Series
    indicator: pd.Series
    indicator_given: bool
    flows: pd.DataFrame | None
    source: str
    half_km: float
    border_factor: float
    permutations: int
    seed: int
    islands: Literal["isolate", "nearest", "bridge"] = "isolate"
    unit: str = ""
    mass_unit: str = ""
    flow_unit: str = ""
    lang: str = ENGLISH
    options: AtlasOptions = field(default_factory=AtlasOptions)
    panel: pd.Series | None = None
    trade: Trade | None = None
    adoptions: pd.DataFrame | None = None

    @property
    def countries(self) -> list[str]:
        """Return the countries, the one with most regions first."""
        if "country" not in self.regions.columns:
            return []
        return [str(c) for c in self.regions["country"].value_counts().index]


def subject(
    regions: GeoDataFrame,
    flows: pd.DataFrame | None,
    *,
    mass: str,
    indicator: str,
    options: AtlasOptions | None = None,
    **settings: Any,  # noqa: ANN401 - fields of Subject
) -> Subject:
    """Return checked regions with their mass and indicator (mass per km2 unless one is named)."""
    _contract.polygons(regions)
    names = options or AtlasOptions()
    _contract.option(names.islands, ISLANDS, name="islands")
    _contract.option(names.lang, WRITTEN, name="lang")
    size = names.named(_contract.numbers(_column(regions, mass)))
    if flows is not None:
        _contract.sound_flows(flows, ids=regions.index)
    names.refuse_strangers(regions)
    return Subject(
        regions=regions,
        flows=flows,
        mass=size,
        indicator=_level(regions, size, indicator, names=names),
        indicator_given=bool(indicator),
        # An indicator that is mass per km2 says so in its name.
        unit=names.unit(indicator or mass),
        mass_unit=names.unit(mass),
        flow_unit=names.unit("value"),
        islands=names.islands,
        lang=names.lang,
        options=names,
        trade=sound_trade(names.trade, regions, flows),
        adoptions=sound_adoptions(names.adoptions, regions),
        **settings,
    )


def _level(regions: GeoDataFrame, size: pd.Series, indicator: str, *, names: AtlasOptions) -> pd.Series:
    """Return the indicator: a column, or mass per km2."""
    from geoinno.weigh import internal_distances

    if indicator:
        return names.named(_contract.numbers(_column(regions, indicator), missing=True))
    # An internal distance is the radius of the disc of the region's geodesic area, so this is that area.
    area = 3.141592653589793 * internal_distances(regions) ** 2
    density = translated("{name} per km\u00b2", names.lang).format(name=size.name)
    level: pd.Series = (size / area).rename(density)
    return level


def _column(regions: GeoDataFrame, name: str) -> pd.Series:
    """Return a column of the regions, or name those there are."""
    if name not in regions.columns:
        numeric = regions.select_dtypes("number").columns
        message = f"The regions have no column {name!r}; its numeric columns are {_contract.named(numeric)}."
        raise ColumnError(message)
    column: pd.Series = regions[name]
    return column
