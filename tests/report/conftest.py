"""The atlas of each sample, written once for all tests of a run."""

from __future__ import annotations

from functools import cache

import pytest

import geoinno as gi

HALF = {"central_asia": 200, "north_america": 400, "austria": 60}


@pytest.fixture(scope="session")
def atlas_of():
    """Return a function that returns the atlas of a sample."""
    return cache(lambda name: gi.report.atlas(name, half_km=HALF[name]))
