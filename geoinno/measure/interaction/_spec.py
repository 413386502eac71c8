"""What a gravity model is to be: the side that is constrained, borders, masses and options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from geoinno import _contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    Constraint = Literal["both", "origin", "destination", "none"]
    Errors = Literal["hc3", "robust", "origin", "destination", "pair", "two-way", "poisson"]


@dataclass(frozen=True, slots=True)
class GravityOptions:
    """Further choices for a gravity model.

    Parameters
    ----------
    covariates
        Tables like the costs, by name, such as a common language: further terms in which pairs differ.
    errors
        ``"hc3"``: robust errors whose scores are divided by 1 less the leverage of their pair, so that
        intervals cover in small samples; beyond 1,000 regions ``"robust"`` is used instead, and the result
        says so. Where flows vary no more than Poisson counts it is cautious: tests at 5% reject 2 to 3% on 40
        regions. ``"robust"``: HC1, N / (N - K) as in fixest. Clustered by ``"origin"``, ``"destination"``,
        ``"pair"`` (both directions together) or ``"two-way"`` (origin and destination), with fixest's
        (N - 1) / (N - K) G / (G - 1), K without nested effects, the smaller G in two-way. They need many
        clusters: with 9 to 49 origins, 95% intervals clustered by origin cover 77 to 94%, where hc3 covers
        92 to 99% of the same flows, which vary together within origins.
        ``"poisson"`` trusts that flows are independent counts.
    own
        ``"drop"`` pairs of a region with itself, or ``"keep"`` those there are.
    complete
        Whether a pair of different regions that is absent from the flows is a zero. If not, it is unknown.
    kink
        Add ``cost_foreign``, by how much the slope of cost differs between countries; needs a border.
    folds, seed
        Of the cross-validation of ``decay_fit``: into how many parts pairs are dealt, and by which draw.
    """

    covariates: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    errors: Errors = "hc3"
    own: Literal["drop", "keep"] = "drop"
    complete: bool = False
    kink: bool = False
    folds: int = 5
    seed: int = 0


DEFAULTS = GravityOptions()


@dataclass(frozen=True, slots=True)
class GravitySpec:
    """A gravity model but for its decay: constraint, border, masses and options."""

    constraint: Constraint
    border: pd.Series | None
    origin_mass: pd.Series | None
    destination_mass: pd.Series | None
    options: GravityOptions

    def __post_init__(self) -> None:
        """Refuse options that are none."""
        _contract.instance(
            self.options, GravityOptions, name="options", example="gi.measure.GravityOptions()"
        )
