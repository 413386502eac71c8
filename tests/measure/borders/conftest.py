"""Small maps on which borders can be counted by hand."""

from __future__ import annotations

import geopandas
import pytest
from shapely.geometry import box


@pytest.fixture(scope="module")
def strip():
    """Return four cells in a row, of countries A A B B."""
    return geopandas.GeoDataFrame(
        {"country": list("AABB")},
        geometry=[box(i, 0, i + 1, 1) for i in range(4)],
        index=list("abcd"),
        crs=4326,
    )


@pytest.fixture(scope="module")
def board():
    """Return a hundred cells in two countries."""
    cells = [(r, c) for r in range(10) for c in range(10)]
    return geopandas.GeoDataFrame(
        {"country": ["A" if c < 5 else "B" for _, c in cells]},
        geometry=[box(c / 2, 47 + r / 2, c / 2 + 0.5, 47.5 + r / 2) for r, c in cells],
        index=[f"{r}{c}" for r, c in cells],
        crs=4326,
    )
