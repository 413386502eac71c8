"""Distance decay: families of functions, most of them set by the distance at which the weight halves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.weigh import _decay

if TYPE_CHECKING:
    from geoinno.weigh._decay import Km


@dataclass(frozen=True, slots=True, repr=False)
class Decay:
    """A decay function: ``decay(km)`` is the weight of a place at that distance.

    ``exponential``, ``power`` and the other families return one, as does a fit. Distances may also be
    minutes, or any cost; the parameters are then in that unit.

    Parameters
    ----------
    family, values
        The name of the family, and its parameters in the order of the family's own arguments.
    """

    family: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        _decay.sound_parameters(self.family, self.values)

    def __call__(self, km: Km) -> Km:
        """Return the weight at each distance, in the shape of ``km`` (number, array, Series or table)."""
        return _decay.like(km, _decay.weights(self.family, self.values, np.asarray(km, dtype=np.float64)))

    def log(self, km: Km) -> Km:
        """Return the natural logarithm of the weight at each distance, in the shape of ``km``.

        Far away the weight itself underflows to zero and no longer says which of two places is nearer;
        its logarithm does. It is minus infinity where the weight is zero (``lognormal`` at 0 km).
        """
        logs = _decay.log_weights(self.family, self.values, np.asarray(km, dtype=np.float64))
        return _decay.like(km, logs)

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name, as the family's function takes them."""
        return dict(zip(_decay.FAMILIES[self.family].names, self.values, strict=True))

    @property
    def half(self) -> float | None:
        """The km at which the weight is half of that at 0 km; None where that is infinite or zero."""
        return _decay.FAMILIES[self.family].half(*self.values)

    def at_home(self, radius_km: Km) -> Km:
        """Return the mean weight within a disc, 2 / R^2 int_0^R f(r) r dr: the weight of a region for itself.

        In closed form, except for small discs of ``logistic`` and ``offset_power``, which are integrated
        to rounding error. A ``power`` of exponent 2 or more has no mean and raises.

        Parameters
        ----------
        radius_km
            Radius of the disc of the region's area, sqrt(area / pi): ``gi.weigh.internal_distances``.
        """
        radius = np.asarray(radius_km, dtype=np.float64)
        return _decay.like(radius_km, _decay.home_weights(self.family, self.values, radius))

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value:g}" for name, value in self.parameters.items())
        return f"{self.family}({settings})"


def exponential(half_km: float) -> Decay:
    """Make a decay that loses the same share with every km: f(c) = 2^(-c / half_km) = e^(-lc).

    Suitable for frequent contacts such as commuting.

    Parameters
    ----------
    half_km
        The distance at which the weight is one half, above zero; l = ln 2 / half_km.

    Returns
    -------
    The decay, 1 at 0 km.

    References
    ----------
    Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
    Environment and Planning A 3(1), 1-32. doi:10.1068/a030001

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.exponential(100)(200.0)
    0.25
    """
    return Decay("exponential", (half_km,))


def exponential_sqrt(half_km: float) -> Decay:
    """Make an exponential decay of the root of distance: f(c) = e^(-l sqrt(c)), l = ln 2 / sqrt(half_km).

    Steep close by, with a long tail: between ``exponential`` and ``power``.

    Parameters
    ----------
    half_km
        The distance at which the weight is one half, above zero.

    Returns
    -------
    The decay, 1 at 0 km.

    References
    ----------
    Taylor, P. J. (1971). Distance transformation and distance decay functions.
    Geographical Analysis 3(3), 221-238. doi:10.1111/j.1538-4632.1971.tb00364.x

    Examples
    --------
    >>> import geoinno as gi
    >>> round(gi.weigh.exponential_sqrt(100)(400.0), 12)
    0.25
    """
    return Decay("exponential_sqrt", (half_km,))


def power(exponent: float) -> Decay:
    """Make the decay of gravity, f(c) = c^-a: one percent farther is a percent less.

    It is infinite at 0 km and has no half-distance; its exponent is the elasticity.

    Parameters
    ----------
    exponent
        a, above zero. Below 2 the mean within a disc exists.

    Returns
    -------
    The decay, 1 at 1 km.

    References
    ----------
    Wilson, A. G. (1971). A family of spatial interaction models, and associated developments.
    Environment and Planning A 3(1), 1-32. doi:10.1068/a030001

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.power(2)(10.0)
    0.01
    """
    return Decay("power", (exponent,))


def gaussian(half_km: float) -> Decay:
    """Make a decay that is flat close by and falls fast beyond: f(c) = e^(-c^2 / 2s^2).

    Parameters
    ----------
    half_km
        The distance at which the weight is one half, above zero; s = half_km / sqrt(2 ln 2).

    Returns
    -------
    The decay, 1 at 0 km.

    References
    ----------
    Ingram, D. R. (1971). The concept of accessibility: a search for an operational form.
    Regional Studies 5(2), 101-107. doi:10.1080/09595237100185131

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.gaussian(100)(200.0)
    0.0625
    """
    return Decay("gaussian", (half_km,))


def tanner(exponent: float, rate: float) -> Decay:
    """Make a decay of power and exponential in one, f(c) = c^-a e^(-lc); it rises first if a < 0.

    Parameters
    ----------
    exponent
        a, of any sign. Below 2 the mean within a disc exists.
    rate
        l per km, zero or more.

    Returns
    -------
    The decay; infinite at 0 km where a is above zero.

    References
    ----------
    Tanner, J. C. (1961). Factors affecting the amount of travel. Road Research Technical Paper 51.
    London: HMSO.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.tanner(1, 0.0)(10.0)
    0.1
    """
    return Decay("tanner", (exponent, rate))


def lognormal(rate: float, *, scale_km: float = 1.0) -> Decay:
    """Make a decay of the squared logarithm: f(c) = e^(-g (ln(c / s))^2).

    It is 1 at s, its peak, and 0 at 0 km, so it is meant for distances beyond s.

    Parameters
    ----------
    rate
        g, above zero.
    scale_km
        s, above zero: the distance of the peak, in the unit of the distances.

    Returns
    -------
    The decay, without a half-distance, as it starts from 0.

    References
    ----------
    Taylor, P. J. (1971). Distance transformation and distance decay functions.
    Geographical Analysis 3(3), 221-238. doi:10.1111/j.1538-4632.1971.tb00364.x

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.lognormal(0.3)(1.0)
    1.0
    """
    return Decay("lognormal", (rate, scale_km))


def logistic(middle_km: float, steepness: float) -> Decay:
    """Make a decay that falls around one distance: f(c) = 1 / (1 + e^(k (c - c0))).

    Parameters
    ----------
    middle_km
        c0, the distance at which the weight is one half, above zero. ``.half`` lies a little beyond,
        as the weight at 0 km is a little below 1.
    steepness
        k per km, above zero; the fall from 0.88 to 0.12 takes 4 / k km.

    Returns
    -------
    The decay, 1 / (1 + e^(-k c0)) at 0 km.

    References
    ----------
    Martinez, L. M. and Viegas, J. M. (2013). A new approach to modelling distance-decay functions for
    accessibility assessment. Journal of Transport Geography 26, 87-96. doi:10.1016/j.jtrangeo.2012.08.018

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.logistic(100, 0.05)(100.0)
    0.5
    """
    return Decay("logistic", (middle_km, steepness))


def offset_power(half_km: float, exponent: float) -> Decay:
    """Make a power decay that is finite at home: f(c) = (1 + c / c0)^-a, c0 = half_km / (2^(1/a) - 1).

    Parameters
    ----------
    half_km
        The distance at which the weight is one half, above zero.
    exponent
        a, above zero: the elasticity far away.

    Returns
    -------
    The decay, 1 at 0 km.

    References
    ----------
    Reggiani, A., Bucci, P. and Russo, G. (2011). Accessibility and impedance forms: empirical
    applications to the German commuting network. International Regional Science Review 34(2),
    230-252. doi:10.1177/0160017610387296

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.weigh.offset_power(100, 1)(300.0)
    0.25
    """
    return Decay("offset_power", (half_km, exponent))
