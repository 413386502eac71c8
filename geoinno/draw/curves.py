"""Decay curves in print: how interaction falls with distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno._contract import result, square, whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from geoinno.measure import DecayFit, Gravity


def decay_curves(
    fits: DecayFit,
    costs: pd.DataFrame,
    *,
    fitted: Gravity | None = None,
    top: int = 4,
    unit: str = "km",
    title: str = "",
    width_mm: float = 140,
) -> Figure:
    """Draw fitted families of decay over the range of costs.

    Every curve equals one at the median cost, so that shapes can be compared. Points show what was
    observed once the size of both places is allowed for: flow over expected flow, times the decay
    that ``fitted`` expects (partial residuals). A family whose curve runs through them fits well.

    Parameters
    ----------
    fits
        From `geoinno.measure.decay_fit`; the families that fall with cost are drawn, best first.
    costs
        The square table of costs of the fit.
    fitted
        A gravity model of the same flows, for the points.
    top
        Maximum number of families.
    unit
        Unit of cost, for the axis.
    title
        Above the plot.
    width_mm
        Width in print.

    Returns
    -------
    Figure
        Of matplotlib; ``figure.savefig(path)`` writes it.

    Raises
    ------
    ColumnError
        If ``fits``, ``fitted`` or ``costs`` is something else.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> km = gi.weigh.distances(place.regions)
    >>> figure = gi.draw.decay_curves(gi.measure.decay_fit(place.flows, km), km)
    >>> figure.axes[0].get_xlabel()
    'km'
    """
    from geoinno.draw._print.curves import curves_figure
    from geoinno.measure import DecayFit, Gravity

    result(fits, DecayFit, name="fits", source="gi.measure.decay_fit")
    square(costs, name="costs")
    if fitted is not None:
        result(fitted, Gravity, name="fitted", source="gi.measure.gravity")
    decays = dict(list(fits.decays.items())[: whole(top, name="top")])
    return curves_figure(decays, fits.table, costs, fitted=fitted, words=(title, unit), width_mm=width_mm)
