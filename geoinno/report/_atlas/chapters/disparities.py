"""Disparities: how unequal regions are, within and between countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import measure
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import label

if TYPE_CHECKING:
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none where values are negative, or all of them are zero."""
    given = subject.indicator_given
    values = subject.indicator.dropna() if given else subject.mass
    if (values < 0).any() or not values.any():
        return None
    draft = Draft(subject, "disparities")
    name = label(subject.indicator) if given else label(subject.mass)
    draft.figure(
        "gini", measure.gini(values), draft.text("Gini coefficient of {name}", name=name), form="ratio"
    )
    draft.say("gini", values=name)
    draft.find("finding", values=name)
    low, high = values.quantile([0.1, 0.9])
    if low > 0:
        draft.figure("spread", high / low, "Ninetieth percentile over the tenth", form="ratio")
        draft.say("spread")
    if len(subject.countries) > 1 and (values > 0).all() and values.max() > values.min():
        parts = measure.theil(values, groups=subject.regions.loc[values.index, "country"])
        draft.figure("theil", parts["total"], "Theil's index", form="number")
        draft.figure("between", parts["between"] / parts["total"], "Share between countries", form="tenths")
        draft.figure("within", parts["within"] / parts["total"], "Share within countries", form="tenths")
        draft.say("theil")
    return draft.chapter()
