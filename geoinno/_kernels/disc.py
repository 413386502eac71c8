"""Interpolation in a disc: fifteen nodes, and the polynomials of degree four that they determine.

One node in the middle, five and nine on two rings: rings of 1, 5, 9 nodes determine the polynomials of degree
four (Bos, Sommariva and Vianello 2010, on discs). The radii are those of the least Lebesgue constant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Floats

DEGREE = 4
ORDER = DEGREE + 1
_RINGS = ((0.0, 1), (0.6645, 5), (0.9682, 9))
# By how much interpolation may enlarge a function: the greatest sum of absolute weights in the disc.
LEBESGUE = 3.25


def monomials(u: Floats, v: Floats) -> Floats:
    """Return u^i v^j for all i + j up to the degree, on the last axis: i is slowest."""
    return np.stack([u**i * v**j for i in range(ORDER) for j in range(ORDER - i)], axis=-1)


def _nodes() -> Floats:
    """Return the nodes of the unit disc, a row each."""
    rings = [(radius, 2 * np.pi * np.arange(count) / count) for radius, count in _RINGS]
    return np.concatenate([radius * np.column_stack([np.cos(turn), np.sin(turn)]) for radius, turn in rings])


DISC = _nodes()
NODES = len(DISC)
# Monomials in rows, nodes in columns: from values at the nodes to coefficients, and, transposed, from the
# moments of masses to masses at the nodes that have the same moments.
COEFFICIENTS = np.ascontiguousarray(np.linalg.inv(monomials(*DISC.T)))
