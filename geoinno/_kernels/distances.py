"""Geodesic distances between all points, some rows at a time."""

from __future__ import annotations

from geoinno._kernels.compiling import compiled
from geoinno._kernels.geodesics import kilometres


@compiled(error_model="numpy", nogil=True)
def rows_of_kilometres(x, y, z, first, last, km):
    """Write the km from each of the points ``first`` to ``last`` (rows) to all points (columns)."""
    for i in range(first, last):
        kilometres(x, y, z, 0, len(x), (x[i], y[i], z[i]), km[i - first])
