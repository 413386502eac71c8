"""Local polynomials at a threshold: triangular weights, robust errors, and how wide to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Imbens and Kalyanaraman (2012): of the triangular kernel, and of the pilot steps.
_KERNEL, _PILOT, _CURVE, _REGULAR = 3.4375, 1.84, 3.56, 2160.0


class Jump(NamedTuple):
    """The difference of two limits at the threshold, and its standard error."""

    estimate: float
    se: float


def jump(x: Floats, y: Floats, width: float, *, degree: int) -> Jump:
    """Return the jump of y at x = 0 between polynomials of this degree, fitted on each side."""
    above, below = (_limit(x[side], y[side], width, degree=degree) for side in (x >= 0, x < 0))
    return Jump(above.estimate - below.estimate, float(np.hypot(above.se, below.se)))


def _limit(x: Floats, y: Floats, width: float, *, degree: int) -> Jump:
    """Return the value of the local polynomial at 0, with its HC3 standard error."""
    weight = np.maximum(1 - np.abs(x) / width, 0.0)
    inside = weight > 0
    terms = (x[inside] / width)[:, None] ** np.arange(degree + 1)
    weighted = terms * weight[inside, None]
    bread = np.linalg.pinv(terms.T @ weighted)
    slopes = bread @ weighted.T @ y[inside]
    leverage = np.einsum("ij,jk,ik->i", weighted, bread, terms)
    rest = (y[inside] - terms @ slopes) / (1 - leverage)
    meat = (weighted * rest[:, None]).T @ (weighted * rest[:, None])
    return Jump(float(slopes[0]), float(np.sqrt((bread @ meat @ bread)[0, 0])))


def bandwidth(x: Floats, y: Floats) -> float:
    """Return the width at which the squared error of a local linear jump is least, in the unit of x.

    Imbens and Kalyanaraman's rule; y and x are scaled first, so that it holds in any unit.
    """
    scale = x.std(ddof=1)
    x, y = x / scale, (y - y.mean()) / (y.std(ddof=1) or 1.0)
    count, above = len(x), x >= 0
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
