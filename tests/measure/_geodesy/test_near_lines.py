"""Kilometres from places to lines, by GeographicLib, on both sides of the date line."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import LineString

from geoinno.measure._geodesy.near_lines import line_kilometres

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("middle", [0.0, 90.0, 179.99, -179.99])
def test_the_nearest_point_may_lie_between_two_vertices_and_beyond_the_date_line(middle):
    # Pieces of a parallel, and a place a little to the north of one of them.
    ends = middle + np.array([-0.015, 0.001, 0.015])
    place = (middle + 0.008 + 180) % 360 - 180
    along = np.linspace(ends[0], ends[-1], 20_001)
    there = np.array([GEOD.inv(place, 50.1, lon, 50.0)[2] for lon in along]).min() / 1000
    line = LineString([(lon, 50.0) for lon in ends])
    found = line_kilometres(np.array([place]), np.array([50.1]), np.array([line], dtype=object))
    assert found[0] == pytest.approx(there, rel=1e-7)
