"""Placebo lines: borders drawn at random across the map, with rings as large as those of the true one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


def line_orders(lonlat: Floats, km: Floats, *, draws: int, seed: int) -> list[Ints]:
    """Return, for each placebo, whose ring and opening each region takes over.

    A placebo is a great circle through a random region in a random direction. The k-th nearest region to it
    takes the place of the k-th nearest to the true border, so that rings and cohorts are as large as the true
    ones.
    """
    lam, phi = np.radians(lonlat).T
    xyz = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    true = np.argsort(km, kind="stable")
    rng = np.random.default_rng(seed)
    orders = []
    for _ in range(draws):
        through = xyz[rng.integers(len(xyz))]
        normal = np.cross(through, rng.standard_normal(3))
        away = np.abs(xyz @ (normal / np.linalg.norm(normal)))
        order = np.empty(len(km), dtype=np.int64)
        order[np.argsort(away, kind="stable")] = true
        orders.append(order)
    return orders
