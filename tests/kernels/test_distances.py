"""Compiled rows of distances against their plain twin."""

from __future__ import annotations

import numpy as np

from geoinno._kernels.distances import rows_of_kilometres
from geoinno.measure._geodesy import ellipsoid


def test_rows_are_those_of_the_plain_table():
    random = np.random.default_rng(4)
    xyz = ellipsoid.unit_vectors(random.uniform(-180, 180, 90), random.uniform(-80, 80, 90))
    km = np.empty((30, 90))
    rows_of_kilometres(*np.ascontiguousarray(xyz.T), 20, 50, km)
    np.testing.assert_allclose(km, ellipsoid.kilometres(xyz[20:50], xyz), rtol=1e-9, atol=1e-6)
