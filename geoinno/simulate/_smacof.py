"""Multidimensional scaling by majorisation (SMACOF), and Procrustes alignment, on plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist, squareform

from geoinno._kernels.threads import single_blas_thread
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Floats

# Stress falls at every step; what a step gains below this share of it is no gain.
_GAIN = 1e-8


def scaled(costs: Floats, start: Floats, *, most: int) -> tuple[Floats, int]:
    """Return places in the plane whose distances come as close to the costs as they can, and the steps taken.

    The Guttman transform moves every place to where its distances would be right; two steps in one (de Leeuw
    & Heiser 1980) halve their number and keep what makes stress fall.
    """
    places, last = start - start.mean(axis=0), np.inf
    with single_blas_thread():
        for step in follow(range(1, most + 1), "Step"):
            guttman = _guttman(costs, places)
            raw = float(((costs - squareform(pdist(guttman))) ** 2).sum())
            if raw >= last * (1 - _GAIN):
                return guttman, step
            places, last = 2 * guttman - places, raw
    return guttman, most


def _guttman(costs: Floats, places: Floats) -> Floats:
    """Return the Guttman transform of places: (1/n) B(X) X with b_ij = -cost_ij / d_ij."""
    apart = squareform(pdist(places))
    ratio = np.divide(costs, apart, out=np.zeros_like(costs), where=apart > 0)
    moved: Floats = (ratio.sum(axis=1)[:, None] * places - ratio @ places) / len(places)
    return moved


def stress(costs: Floats, places: Floats) -> float:
    """Return Kruskal's stress-1 of places, scaled to fit best: sqrt(sum (cost - s d)^2 / sum (s d)^2)."""
    apart, cost = pdist(places), squareform(costs, checks=False)
    scale = (apart @ cost) / (apart @ apart)
    return float(np.sqrt(((cost - scale * apart) ** 2).sum() / ((scale * apart) ** 2).sum()))


def aligned_to(target: Floats, places: Floats) -> tuple[Floats, float]:
    """Return places moved, turned, mirrored and scaled onto the target as well as they fit, and the scale."""
    centre, other = target.mean(axis=0), places - places.mean(axis=0)
    turn, reach = orthogonal_procrustes(other, target - centre)
    scale = reach / (other**2).sum()
    return scale * other @ turn + centre, float(scale)
