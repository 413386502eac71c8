"""Importing the house costs next to nothing, and its floors bring no engine until a call needs it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

ENGINES = {"numba", "folium", "matplotlib", "esda", "mapclassify", "sklearn", "libpysal", "branca"}
FLOORS = ("read", "weigh", "measure", "classify", "simulate", "draw", "report")


def loaded(name):
    """Return the modules that a fresh process loads for ``import name``."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {name}"]
    trace = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return set(re.findall(r"^import time:[^|]*\|[^|]*\|\s*([\w.]+)$", trace, flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["geoinno", *(f"geoinno.{floor}" for floor in FLOORS)])
def test_an_import_brings_no_engine(name):
    assert {module.partition(".")[0] for module in loaded(name)} & ENGINES == set()


def test_the_front_door_brings_nothing_that_geopandas_does_not():
    own = {module for module in loaded("geoinno") if not module.startswith("geoinno")}
    assert own - loaded("geopandas") == set()


def test_a_floor_loads_when_it_is_first_named():
    program = (
        "import sys, geoinno; assert 'geoinno.measure' not in sys.modules; "
        "geoinno.measure; assert 'geoinno.measure' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_map_of_quantiles_is_saved_without_folium_and_mapclassify(tmp_path):
    """Both take longer to load than the map to draw."""
    program = (
        "import sys, geoinno as gi; place = gi.read.sample('austria'); "
        "layer = gi.draw.choropleth(place.regions, place.regions['primacy']); "
        "gi.draw.sheet(layer, title='Primacy', source='Own').save(sys.argv[1]); "
        "assert not {'folium', 'mapclassify', 'numba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "map.html")], check=True)
