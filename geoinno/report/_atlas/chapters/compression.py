"""What faster movement would do to potential, and to how evenly regions share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import draw, simulate, weigh
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

_FASTER = 0.3
# A change that does not show in three decimals is none.
_STEADY = 1e-3
_LEAST = 2


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none for a single region, or without mass."""
    if len(subject.regions) < _LEAST or not subject.mass.any():
        return None
    abroad = len(subject.countries) > 1
    found = simulate.compression(
        subject.mass,
        subject.regions,
        decay=weigh.exponential(subject.half_km),
        speed_gain=_FASTER,
        country="country" if abroad else None,
        options=simulate.CompressionOptions(border_factor=subject.border_factor if abroad else 1.0),
    )
    gain = found.table["gain"]
    draft = Draft(subject, "compression")
    draft.figure("faster", _FASTER, "Assumed gain of speed", form="share")
    draft.figure("shrink", 1 - 1 / (1 + _FASTER), "Fall of travel times", form="share")
    draft.figure("median", gain.median(), "Median gain in potential with faster movement", form="share")
    key = draft.column("gain", gain, "Gain in potential with faster movement", form="share")
    draft.say("gain", **draft.ends(key, 3))
    draft.find("finding", first=Top(key, 1, bare=True))
    _inequality(draft, found.inequality)
    draft.say("assumed")
    if abroad:
        draft.say("borders")
    layer = draw.choropleth(subject.regions, 100 * gain, legend=draft.text("Gain in potential, %"))
    draft.show(layer, title="Potential that faster movement would add")
    return draft.chapter()


def _inequality(draft: Draft, inequality: pd.DataFrame) -> None:
    """Say whether potential would be shared more evenly."""
    before, after = inequality.loc[["gini"], ["before", "after"]].to_numpy(float)[0]
    draft.figure("before", before, "Gini coefficient of potential today", form="fine")
    draft.figure("after", after, "The same with faster movement", form="fine")
    change = draft.figure("change", after - before, "Change of the Gini coefficient", form="fine")
    if change <= -_STEADY:
        draft.say("even", ("change", "<=", -_STEADY))
    elif change >= _STEADY:
        draft.say("uneven", ("change", ">=", _STEADY))
    else:
        draft.say("steady", ("change", ">", -_STEADY), ("change", "<", _STEADY))
