"""What many tests share: the samples, read once, and a browser where there is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import geoinno as gi


@pytest.fixture(scope="session")
def repository():
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def north_america():
    return gi.read.sample("north_america")


@pytest.fixture(scope="session")
def central_asia():
    return gi.read.sample("central_asia")


@pytest.fixture(scope="session")
def austria():
    return gi.read.sample("austria")


@pytest.fixture(scope="session")
def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("There is no Chromium on this machine: apt-get install chromium")
    return found
