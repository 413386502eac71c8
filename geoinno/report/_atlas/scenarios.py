"""What the chapters of scenarios need beside the regions: trade and who joins a bloc, and adoptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoinno import _contract
from geoinno.errors import AlignmentError, ColumnError, FlowError, OptionError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_COLUMNS = ("region", "innovation", "period")
_NEEDED = (
    "It needs 'region', 'innovation' and 'period', one row for each adoption; say what yours are called: "
    "geoinno atlas --adoption-region, --innovation, --period, or adoptions.rename(columns={...})."
)


@dataclass(frozen=True, slots=True)
class TradeOptions:
    """What the chapter on trade needs to know beside the flows, which are trade then.

    Attributes
    ----------
    production
        Column of what each region produces, in the unit of the flows and above its exports.
    elasticity
        By how much trade responds to its costs, above zero.
    members, joining
        Countries in a bloc, and those that would join it. The chapter has no accession unless some join.
    effect
        Natural logarithm of what membership does to trade at given prices, above zero, such as 0.4.
    """

    production: str
    elasticity: float = 4.0
    members: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    effect: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    """Trade between the regions of an atlas: what each produces, and the bloc that grows."""

    production: pd.Series
    elasticity: float
    members: list[str]
    joining: list[str]
    effect: float


def sound_trade(
    options: TradeOptions | None, regions: GeoDataFrame, flows: pd.DataFrame | None
) -> Trade | None:
    """Return what is known of trade, if it is sound."""
    if options is None:
        return None
    if not isinstance(options, TradeOptions):
        message = f"trade must be TradeOptions(production=...); {type(options).__name__} was given."
        raise OptionError(message)
    if flows is None:
        message = "production is of use only beside flows: give the flows of trade between the regions."
        raise FlowError(message)
    if options.production not in regions.columns:
        numeric = regions.select_dtypes("number").columns
        message = (
            f"production must name a column of the regions; {options.production!r} is none. Their numeric "
            f"columns are {_contract.named(numeric)}."
        )
        raise ColumnError(message)
    _check_bloc(options, regions)
    return Trade(
        _contract.numbers(regions[options.production], what="production"),
        _contract.positive(options.elasticity, name="elasticity"),
        list(options.members),
        list(options.joining),
        options.effect,
    )


def _check_bloc(options: TradeOptions, regions: GeoDataFrame) -> None:
    """Raise where countries of the bloc are unknown, or join without an effect."""
    known = {*regions["country"]} if "country" in regions.columns else set()
    for name in ("members", "joining"):
        strangers = [country for country in getattr(options, name) if country not in known]
        if strangers:
            message = f"{name} has countries that no region has: {_contract.named(strangers)}."
            raise AlignmentError(message)
    if options.joining:
        _contract.positive(options.effect, name="effect")


def sound_adoptions(adoptions: pd.DataFrame | None, regions: GeoDataFrame) -> pd.DataFrame | None:
    """Return adoptions, if they have the columns of such a table and are of these regions."""
    if adoptions is None or not len(adoptions):
        return None
    _contract.with_columns(adoptions, _COLUMNS, name="adoptions", remedy=_NEEDED)
    _contract.refuse_strangers(adoptions["region"], regions.index, what="adoptions")
    return adoptions
