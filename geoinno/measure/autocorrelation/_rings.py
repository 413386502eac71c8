"""Products of values over pairs of places, ring by ring of distance: plain for few, compiled for many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure._geodesy import ellipsoid
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints

# Up to here, blocks of NumPy take less time than loading the compiled loops.
PLAIN = 800
_BLOCK = 200
_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class Rings:
    """What the pairs of each ring sum to."""

    products: Floats  # by ring and column of values
    pairs: Ints
    partnered: Bools  # by ring and place: which places have a partner in the ring
    farthest_km: float  # among all pairs


def products(xyz: Floats, edges: Floats, values: Floats) -> Rings:
    """Return the sums over pairs i < j of values_i values_j for each ring and column of values."""
    if len(xyz) <= PLAIN:
        return plain_products(xyz, edges, values)
    parts = [
        compiled_products(xyz, edges, values[:, low : low + _COLUMNS])
        for low in follow(range(0, values.shape[1], _COLUMNS), "Block of permutations")
    ]
    together = np.concatenate([part.products for part in parts], axis=1)
    return Rings(together, parts[0].pairs, parts[0].partnered, parts[0].farthest_km)


def plain_products(xyz: Floats, edges: Floats, values: Floats) -> Rings:
    """Return the sums by blocks of rows."""
    count, rings = len(xyz), len(edges) - 1
    sums, partners, farthest = np.zeros((rings, values.shape[1])), np.zeros((rings, count), np.int64), 0.0
    for low in follow(range(0, count, _BLOCK), "Block of places"):
        rows = np.arange(low, min(low + _BLOCK, count))
        km = ellipsoid.kilometres(xyz[rows], xyz)
        farthest = max(farthest, float(km.max()))
        ring = np.searchsorted(edges, km, side="left") - 1
        ring[(km == 0) & (edges[0] == 0)] = 0
        ring[rows - low, rows] = -1
        for k in range(rings):
            inside = (ring == k).astype(np.float64)
            partners[k, rows] = inside.sum(axis=1)
            sums[k] += ((inside @ values) * values[rows]).sum(axis=0)
    return Rings(sums / 2, partners.sum(axis=1) // 2, partners > 0, farthest)


def compiled_products(xyz: Floats, edges: Floats, values: Floats) -> Rings:
    """Return the sums by compiled loops over all pairs."""
    from geoinno._kernels import rings as kernel

    x, y, z = np.ascontiguousarray(xyz.T)
    sums, pairs, partners, farthest = kernel.ring_products((x, y, z), edges, np.ascontiguousarray(values))
    joined = np.asarray(partners.any(axis=0), np.bool_)
    return Rings(sums.sum(axis=0), pairs.sum(axis=0), joined, float(farthest.max()))
