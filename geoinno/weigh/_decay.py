"""The mathematics of distance decay: weight, half-distance and mean within a disc, family by family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
from scipy import special

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats


Km = TypeVar("Km", float, "Floats", "pd.Series[float]", pd.DataFrame)
_LN2 = float(np.log(2))
# Gauss-Legendre nodes on 0..1: exact to rounding for the smooth stretches that are left to them.
_NODES, _SHARES = np.polynomial.legendre.leggauss(64)
_NODES, _SHARES = (_NODES + 1) / 2, _SHARES / 2


@dataclass(frozen=True, slots=True)
class Family:
    """One family of decay functions: the names of its parameters, and its formulas."""

    names: tuple[str, ...]
    log: Callable[..., Floats]  # ln f, which does not underflow where f does
    half: Callable[..., float | None]
    home: Callable[..., Floats]  # at a radius above zero
    origin: Callable[..., float]  # the weight at 0 km
    free: tuple[str, ...] = ()  # parameters of any sign
    direct: Callable[..., Floats] | None = None  # f itself, where exp(ln f) would round more

    def weight(self, km: Floats, *values: float) -> Floats:
        """Return the weight at each distance."""
        return np.exp(self.log(km, *values)) if self.direct is None else self.direct(km, *values)


def within_disc(weight: Callable[[Floats], Floats], radius: Floats) -> Floats:
    """Return 2 / R^2 int_0^R f(r) r dr by quadrature, for an f that is smooth within each radius."""
    terms = weight(radius[..., None] * _NODES) * _NODES
    mean: Floats = 2 * (terms @ _SHARES)
    return mean


def _ln(c: Floats) -> Floats:
    with np.errstate(divide="ignore"):  # ln 0 is minus infinity
        return np.log(c)


def _power(c: Floats, a: float) -> Floats:
    return c**-a


def _power_log(c: Floats, a: float) -> Floats:
    return -a * _ln(c)


def _power_home(radius: Floats, a: float) -> Floats:
    return 2 * radius**-a / (2 - a)


def _exponential_log(c: Floats, half: float) -> Floats:
    return -(_LN2 / half) * c


def _exponential_home(radius: Floats, half: float) -> Floats:
    # 1 - (1 + x) e^-x is the incomplete gamma function of 2, which does not cancel at small x.
    x = _LN2 / half * radius
    return 2 * special.gammainc(2, x) / x**2


def _root_log(c: Floats, half: float) -> Floats:
    return -_LN2 * np.sqrt(c / half)


def _root_home(radius: Floats, half: float) -> Floats:
    # With u = sqrt(r) the integral of e^(-l u) 2 u^3 du is the incomplete gamma function of 4.
    x = _LN2 * np.sqrt(radius / half)
    return 24 * special.gammainc(4, x) / x**4


def _gaussian_log(c: Floats, half: float) -> Floats:
    with np.errstate(over="ignore"):  # beyond 1e154 half-distances the logarithm is minus infinity
        return -_LN2 * (c / half) ** 2


def _gaussian_home(radius: Floats, half: float) -> Floats:
    return special.exprel(-_LN2 * (radius / half) ** 2)


def _tanner(c: Floats, a: float, rate: float) -> Floats:
    return c**-a * np.exp(-rate * c)


def _tanner_log(c: Floats, a: float, rate: float) -> Floats:
    # Without a power there is no logarithm to take: 0 ln 0 would not be a number.
    return _power_log(c, a) - rate * c if a else -rate * c


def _tanner_half(a: float, rate: float) -> float | None:
    return _LN2 / rate if a == 0 and rate > 0 else None


def _tanner_home(radius: Floats, a: float, rate: float) -> Floats:
    if rate == 0:
        return _power_home(radius, a)
    x = rate * radius
    return 2 * radius**-a * special.gammainc(2 - a, x) * special.gamma(2 - a) / x ** (2 - a)


def _tanner_origin(a: float, rate: float) -> float:
    del rate
    return float(np.float64(0) ** -a) if a <= 0 else np.inf


def _lognormal_log(c: Floats, rate: float, scale: float) -> Floats:
    return -rate * _ln(c / scale) ** 2


def _lognormal_home(radius: Floats, rate: float, scale: float) -> Floats:
    # With r = e^t the integrand is a Gaussian in t; its tail is taken as a logarithm, to not underflow.
    log = np.log(radius / scale)
    share = special.log_ndtr(np.sqrt(2 * rate) * (log - 1 / rate))
    return 2 * np.sqrt(np.pi / rate) * np.exp(1 / rate - 2 * log + share)


def _logistic(c: Floats, middle: float, steepness: float) -> Floats:
    return special.expit(-steepness * (c - middle))


def _logistic_log(c: Floats, middle: float, steepness: float) -> Floats:
    return special.log_expit(-steepness * (c - middle))


def _logistic_half(middle: float, steepness: float) -> float:
    return middle + float(np.log1p(2 * np.exp(-steepness * middle))) / steepness


def _logistic_home(radius: Floats, middle: float, steepness: float) -> Floats:
    # The dilogarithms cancel where the radius is small against the slope; there the weight is smooth.
    smooth = steepness * radius < 1
    by_nodes = within_disc(lambda r: _logistic(r, middle, steepness), np.where(smooth, radius, 0))
    whole = _logistic_moment(radius, middle, steepness) - _logistic_moment(np.zeros(()), middle, steepness)
    return np.where(smooth, by_nodes, 2 * whole / radius**2)


def _logistic_moment(r: Floats, middle: float, steepness: float) -> Floats:
    """Return the antiderivative of f(r) r, by the dilogarithm Li2(-y) = spence(1 + y)."""
    # Beyond the middle the inversion formula Li2(-y) + Li2(-1/y) = -pi^2/6 - ln(y)^2 / 2 keeps y below 1.
    tail = np.exp(-steepness * np.abs(r - middle))
    beyond = r > middle
    dilogarithm = np.where(beyond, 1, -1) * special.spence(1 + tail) + beyond * np.pi**2 / 6
    return np.minimum(r, middle) ** 2 / 2 - r * np.log1p(tail) / steepness + dilogarithm / steepness**2


def _offset(half: float, a: float) -> float:
    return half / float(np.expm1(_LN2 / a))


def _offset_power_log(c: Floats, half: float, a: float) -> Floats:
    return -a * np.log1p(c / _offset(half, a))


def _offset_power_home(radius: Floats, half: float, a: float) -> Floats:
    # In z = R / c0 the integral is [(1+z)^(2-a) - 1] / (2-a) - [(1+z)^(1-a) - 1] / (1-a): two terms of
    # exprel, which are sound at a = 1 and a = 2, but cancel at small z, where the weight is smooth.
    z = radius / _offset(half, a)
    smooth = z < 1
    by_nodes = within_disc(lambda r: np.exp(_offset_power_log(r, half, a)), np.where(smooth, radius, 0))
    log = np.log1p(z)
    whole = special.exprel((2 - a) * log) - special.exprel((1 - a) * log)
    return np.where(smooth, by_nodes, 2 * log * whole / z**2)


def _never(*values: float) -> None:
    del values


def _first(half: float, *rest: float) -> float:
    del rest
    return half


def _one(*values: float) -> float:
    del values
    return 1.0


FAMILIES = {
    "power": Family(("exponent",), _power_log, _never, _power_home, lambda _: np.inf, direct=_power),
    "exponential": Family(("half_km",), _exponential_log, _first, _exponential_home, _one),
    "exponential_sqrt": Family(("half_km",), _root_log, _first, _root_home, _one),
    "gaussian": Family(("half_km",), _gaussian_log, _first, _gaussian_home, _one),
    "tanner": Family(
        ("exponent", "rate"),
        _tanner_log,
        _tanner_half,
        _tanner_home,
        _tanner_origin,
        free=("exponent",),
        direct=_tanner,
    ),
    "lognormal": Family(("rate", "scale_km"), _lognormal_log, _never, _lognormal_home, lambda *_: 0.0),
    "logistic": Family(
        ("middle_km", "steepness"),
        _logistic_log,
        _logistic_half,
        _logistic_home,
        lambda middle, steepness: float(special.expit(steepness * middle)),
        direct=_logistic,
    ),
    "offset_power": Family(("half_km", "exponent"), _offset_power_log, _first, _offset_power_home, _one),
}


def like(given: Km, answer: Floats) -> Km:
    """Return ``answer`` as a number, array, Series or table like what was ``given``."""
    if isinstance(given, pd.DataFrame):
        return pd.DataFrame(answer, index=given.index, columns=given.columns)
    if isinstance(given, pd.Series):
        return pd.Series(answer, index=given.index, name=given.name)
    return answer if np.ndim(given) else float(answer)  # type: ignore[return-value]


def sound_parameters(family: str, values: tuple[float, ...]) -> None:
    """Raise unless ``family`` exists and its parameters are finite and of the right sign."""
    _contract.option(family, tuple(FAMILIES), name="family")
    for name, value in zip(FAMILIES[family].names, values, strict=True):
        negative = name in FAMILIES[family].free and isinstance(value, int | float) and value < 0
        _contract.positive(-value if negative else value, name=name, zero=family == "tanner")
    if not any(values):
        message = "A tanner decay of exponent 0 and rate 0 does not decay; set one of them above zero."
        raise OptionError(message)


def sound_km(km: Floats, *, name: str) -> None:
    """Raise unless all kilometres are finite and zero or more."""
    # One pass each for low and high; both are missing where any number is.
    if km.size and not (km.min() >= 0 and km.max() < np.inf):
        bad = np.ravel(km)[~(np.isfinite(np.ravel(km)) & (np.ravel(km) >= 0))]
        message = f"{name} must be finite and zero or more; found {_contract.named(bad.tolist())}."
        raise ColumnError(message)


def weights(family: str, values: tuple[float, ...], km: Floats) -> Floats:
    """Return the weight at each distance."""
    return FAMILIES[family].weight(_finite(family, values, km), *values)


def log_weights(family: str, values: tuple[float, ...], km: Floats) -> Floats:
    """Return the natural logarithm of the weight at each distance."""
    return FAMILIES[family].log(_finite(family, values, km), *values)


def _finite(family: str, values: tuple[float, ...], km: Floats) -> Floats:
    """Return ``km`` if they are distances at which the weight is finite."""
    sound_km(km, name="km")
    if km.size and np.isinf(FAMILIES[family].origin(*values)) and km.min() == 0:
        message = (
            f"The {family} decay is infinite at 0 km. Weight a region's own mass with "
            ".at_home(radius_km), or take a family that is finite there: gi.weigh.offset_power."
        )
        raise ColumnError(message)
    return km


def home_weights(family: str, values: tuple[float, ...], radius: Floats) -> Floats:
    """Return the mean weight within discs of these radii."""
    sound_km(radius, name="radius_km")
    origin = FAMILIES[family].origin(*values)
    steep = np.isinf(origin) and values[0] >= 2  # noqa: PLR2004
    if steep or (np.isinf(origin) and radius.size and radius.min() == 0):
        reason = "of exponent 2 or more has no mean" if steep else "is infinite at radius 0, as is its mean"
        message = (
            f"The {family} decay {reason} within a disc. Use a family that is finite at 0 km, such as "
            "gi.weigh.offset_power(half_km, exponent), or give the region a radius above zero."
        )
        raise ColumnError(message)
    # A million points have no area: their own weights need no quadrature, which would take a gigabyte.
    areal, mean = radius > 0, np.full(radius.shape, origin)
    mean[areal] = FAMILIES[family].home(radius[areal], *values)
    return mean
