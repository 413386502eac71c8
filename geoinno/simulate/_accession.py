"""Accession: its options, the bloc that is to grow, and the tables of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, OptionError
from geoinno.simulate import _coalitions, _economy, _equilibrium

if TYPE_CHECKING:
    from pathlib import Path

    from geoinno._types import Bools, Floats
    from geoinno.simulate._economy import Deficits


@dataclass(frozen=True, slots=True)
class AccessionOptions:
    """Further choices for an accession.

    Attributes
    ----------
    deficits
        What becomes of trade deficits, ``"additive"`` or ``"multiplicative"``, as for `opening`.
    permutations
        Beyond 12 members: how many orders of joining to draw, each with its reverse.
    store
        Folder where finished blocks of coalitions are kept, so that a run that died goes on.
    """

    deficits: Deficits = "additive"
    permutations: int = 200
    store: str | Path | None = None

    def __post_init__(self) -> None:
        """Raise where an option is not one of its words or too small."""
        _contract.option(self.deficits, _economy.DEFICITS, name="deficits")
        _contract.whole(self.permutations, name="permutations", least=4)


DEFAULTS = AccessionOptions()


def sound_bloc(ids: pd.Index, members: list[str], joining: list[str], *, effect: float) -> _coalitions.Bloc:
    """Return the bloc, or raise where nobody joins, a member joins again, or the effect is no number."""
    old = _economy.sound_names(members, ids, what="members")
    new = _economy.sound_names(joining, ids, what="joining")
    if not new:
        message = "joining is empty: name at least one region that joins."
        raise AlignmentError(message)
    twice = [name for name in new if name in old]
    if twice:
        message = Phrase(
            "joining names regions that are members already: {regions}. Leave them out of one of the two.",
            regions=_contract.named(twice),
        )
        raise AlignmentError(message)
    number = isinstance(effect, int | float | np.number) and not isinstance(effect, bool)
    if not number or not np.isfinite(effect):
        message = f"effect must be a finite number, the change of log flows; {effect!r} was given."
        raise OptionError(message)
    place = ids.get_indexer_for
    return _coalitions.Bloc(place(pd.Index(old)), place(pd.Index(new)), float(effect))


def table(
    trade: Floats, solution: _equilibrium.Solution, bloc: _coalitions.Bloc, *, ids: pd.Index, deficits: str
) -> pd.DataFrame:
    """Return who each region is, and what the accession of all is worth to it."""
    role = np.full(len(ids), "outsider", dtype=object)
    role[bloc.members], role[bloc.joining] = "member", "joining"
    production, _ = _equilibrium.margins(trade)
    gain = _coalitions.welfare(solution, deficits)[0] - 1
    columns = {"role": role, "production": production, "welfare": gain, "value": production * gain}
    return pd.DataFrame(columns, index=ids)


def curve(values: Floats, joined: Bools) -> pd.DataFrame:
    """Return the values of the coalitions by number of members, and the mean gain over one member fewer."""
    by_size = pd.Series(values).groupby(joined.sum(axis=1))
    curve = by_size.agg(["size", "mean", "min", "max"]).rename_axis("members")
    curve.columns = pd.Index(["coalitions", "mean", "low", "high"])
    return curve.assign(marginal=curve["mean"].diff())


def named_values(values: Floats, joined: Bools, names: list[str]) -> pd.Series:
    """Return the value of each coalition by the names of its members, from none to all."""
    labels = [" + ".join(np.array(names, dtype=object)[row]) or "none" for row in joined]
    return pd.Series(values, index=pd.Index(labels, name="coalition"), name="value")
