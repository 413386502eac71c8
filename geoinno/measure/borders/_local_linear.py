"""Local polynomials at a threshold: triangular weights, robust errors, and how wide to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Ints = NDArray[np.intp]

# Imbens and Kalyanaraman (2012): of the triangular kernel, and of the pilot steps.
_KERNEL, _PILOT, _CURVE, _REGULAR = 3.4375, 1.84, 3.56, 2160.0


# Condition numbers, by degree, beyond which a fit is an extrapolation rather than an estimate: some five
# times those of units spread evenly from the threshold to the edge of the bandwidth (3, 13 and 62).
_CONDITION = {1: 20.0, 2: 75.0, 3: 300.0}
_ROUNDING = 1e-9


class Jump(NamedTuple):
    """The difference of two limits at the threshold, and its standard error."""

    estimate: float
    se: float


@dataclass(frozen=True, slots=True)
class Side:
    """The local polynomial of one side: which units it uses, its terms, and what takes values to slopes."""

    inside: Ints
    terms: Floats
    slopes: Floats
    order: int

    def estimates(self, y: Floats) -> Floats:
        """Return the limit (or its derivative) for the values y, or for each column of values."""
        return np.asarray(self.slopes[self.order] @ y[self.inside])

    def influences(self, y: Floats) -> Floats:
        """Return each unit's share in the error: its weight times its residual, by HC3."""
        leverage = np.einsum("ij,ji->i", self.terms, self.slopes)
        rest = y[self.inside] - self.terms @ (self.slopes @ y[self.inside])
        scale = self.slopes[self.order] / (1 - leverage)
        return np.asarray((rest.T * scale).T)


def sides(
    x: Floats, width: float, *, degree: int, above: Bools | None = None, order: int = 0
) -> tuple[Side, Side]:
    """Return the polynomials below and above the threshold; units belong to the side that ``above`` says."""
    above = x >= 0 if above is None else above
    below, over = (_side(x, np.flatnonzero(s), width, degree=degree, order=order) for s in (~above, above))
    return below, over


def jump(x: Floats, y: Floats, width: float, *, degree: int, above: Bools | None = None) -> Jump:
    """Return the jump of y at x = 0 between polynomials of this degree, fitted on each side."""
    estimates, errors = jumps(sides(x, width, degree=degree, above=above), y)
    return Jump(float(estimates), float(errors))


def jumps(both: tuple[Side, Side], y: Floats) -> tuple[Floats, Floats]:
    """Return the jumps and their standard errors for values, or for each column of values."""
    below, above = both
    squares = [(side.influences(y) ** 2).sum(axis=0) for side in both]
    return above.estimates(y) - below.estimates(y), np.sqrt(squares[0] + squares[1])


def _side(x: Floats, on: Ints, width: float, *, degree: int, order: int) -> Side:
    """Return the local polynomial of one side, its slopes per unit of x."""
    weight = np.maximum(1 - np.abs(x[on]) / width, 0.0)
    inside = on[weight > 0]
    powers = np.arange(degree + 1)
    scaled = (x[inside] / width)[:, None] ** powers
    weighted = scaled * weight[weight > 0, None]
    slopes = np.linalg.pinv(scaled.T @ weighted) @ weighted.T
    unit = width**powers
    return Side(inside, scaled * unit, slopes / unit[:, None], order)


def weakness(x: Floats, width: float, *, degree: int) -> str:
    """Return why units of one side at these distances do not identify a polynomial, or nothing."""
    near = x[np.abs(x) < width] / width
    distances = len(np.unique(np.round(near / _ROUNDING)))
    if distances <= degree:
        return f"lie at only {distances} different distances, and {degree + 1} are needed"
    root = np.sqrt(1 - np.abs(near))[:, None] * near[:, None] ** np.arange(degree + 1)
    root = root / np.linalg.norm(root, axis=0)
    if np.linalg.cond(root) > _CONDITION[degree]:
        return "lie at distances too much alike, or too far from the border"
    basis = np.linalg.qr(root)[0]
    if (basis**2).sum(axis=1).max() > 1 - _ROUNDING:
        return "leave the fit to a single unit"
    return ""


def bandwidth(x: Floats, y: Floats, *, above: Bools | None = None) -> float:
    """Return the width at which the squared error of a local linear jump is least, in the unit of x.

    Imbens and Kalyanaraman's rule; y and x are scaled first, so that it holds in any unit.
    """
    scale = x.std(ddof=1)
    x, y = x / scale, (y - y.mean()) / (y.std(ddof=1) or 1.0)
    count, above = len(x), (x >= 0 if above is None else above)
    pilot = _PILOT * count**-0.2
    near = [(np.abs(x) <= pilot) & side for side in (~above, above)]
    near = [n if n.sum() > 1 else side for n, side in zip(near, (~above, above), strict=True)]
    density = sum(n.sum() for n in near) / (2 * count * pilot)
    noise = [float(y[n].var(ddof=1)) for n in near]
    cubic = np.column_stack([above, x**0, x, x**2, x**3]).astype(float)
    third = 6 * float(np.linalg.lstsq(cubic, y, rcond=None)[0][4])
    curves, regular = zip(
        *(
            _curvature(x[side], y[side], noise=v, density=density, third=third)
            for side, v in zip((~above, above), noise, strict=True)
        ),
        strict=True,
    )
    bias = (curves[1] - curves[0]) ** 2 + sum(regular)
    return float(_KERNEL * (sum(noise) / (density * bias)) ** 0.2 * count**-0.2 * scale)


def _curvature(x: Floats, y: Floats, *, noise: float, density: float, third: float) -> tuple[float, float]:
    """Return the second derivative at 0 on one side, and the regularisation for its variance."""
    width = _CURVE * (noise / (density * max(third**2, 0.01))) ** (1 / 7) * len(x) ** (-1 / 7)
    inside = np.abs(x) <= width
    if inside.sum() < 4:  # noqa: PLR2004 - a parabola needs more than three points
        inside = np.ones(len(x), bool)
    slopes = np.polyfit(x[inside], y[inside], 2)
    reach = float(np.abs(x[inside]).max())
    return 2 * float(slopes[0]), _REGULAR * noise / (inside.sum() * reach**4)
