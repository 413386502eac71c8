"""What many tests share: the samples, read once, and a browser where there is one."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import geopandas
import hypothesis
import numpy as np
import pytest
from shapely.geometry import box

import geoinno as gi

# The same examples at every run, so that a failure is a failure for everyone.
hypothesis.settings.register_profile("house", max_examples=25, deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


# What made the expected numbers runs elsewhere, with the packages that it names.
collect_ignore = ["truth", "mutation", "audit"]


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
def strangers(repository):
    """Return the folder of other people's data that lies beside the repository, where there is one."""
    folder = repository.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("Other people's data are not beside the repository (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Return a function that has one worker of a run fill a folder, and lets the others wait and read it."""

    def filled(name, fill):
        base = tmp_path_factory.getbasetemp()
        folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
        folder.mkdir(exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / ".filled").exists():
                fill(folder)
                (folder / ".filled").touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def lattice():
    """Thirty-six regions of half a degree, in three countries, on the 47th parallel."""
    cells = [(row, column) for row in range(6) for column in range(6)]
    return geopandas.GeoDataFrame(
        {
            "name": [f"Region {row}-{column}" for row, column in cells],
            "country": ["ABC"[column // 2] for _, column in cells],
        },
        index=[f"{row}{column}" for row, column in cells],
        geometry=[box(c / 2, 47 + r / 2, c / 2 + 0.5, 47.5 + r / 2) for r, c in cells],
        crs=4326,
    )


@pytest.fixture
def plain_esda(monkeypatch):
    """Return esda with its loops left to the interpreter: to compile them takes far longer than they run."""
    esda = pytest.importorskip("esda")
    for module in (esda.crand, esda.moran, esda.significance):
        for name, function in vars(module).copy().items():
            if hasattr(function, "py_func"):
                monkeypatch.setattr(module, name, function.py_func)
    monkeypatch.setattr(esda.crand, "boolean", bool)  # what the compiler calls the type
    before = np.random.get_state()  # noqa: NPY002 - the generator that the loops draw from
    yield esda
    np.random.set_state(before)  # noqa: NPY002


@pytest.fixture(scope="session")
def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("There is no Chromium on this machine: apt-get install chromium")
    return found
