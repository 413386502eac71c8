"""What open borders would add to potential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import draw, measure, weigh
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft

if TYPE_CHECKING:
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none where there is no border, or nothing to gain by opening it."""
    if len(subject.countries) == 1 or "country" not in subject.regions or subject.border_factor >= 1:
        return None
    parts = measure.latent_potential(
        subject.mass,
        subject.regions,
        decay=weigh.exponential(subject.half_km),
        country="country",
        border_factor=subject.border_factor,
    )
    gain = parts["gain"]
    if not gain.max() > 0:
        return None
    draft = Draft(subject, "openness")
    key = draft.column("gain", gain, "Gain in potential with open borders", form="share")
    draft.figure("median", gain.median(), "Median gain in potential with open borders", form="share")
    draft.find("finding", first=Top(key, 1, bare=True))
    factor = draft.figure("factor", subject.border_factor, "What foreign mass counts, of one", form="share")
    sentence, condition = ("gain", ">") if factor else ("closed", "==")
    draft.say(sentence, ("factor", condition, 0), top=Top(key, positive=True))
    draft.say("partial")
    layer = draw.choropleth(subject.regions, 100 * gain, legend=draft.text("Gain in potential, %"))
    draft.show(layer, title="Potential that open borders would add")
    return draft.chapter()
