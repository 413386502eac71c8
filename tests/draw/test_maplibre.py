"""Sheets too large for Leaflet: refused by folium, one file offline through MapLibre."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw._web import maplibre as _large
from geoinno.draw.lines import FlowOptions

ADDRESS = re.compile(r"""<[a-z]+[^<>]*\b(?:src|href)\s*=\s*["']?https?:""")


@pytest.fixture
def forced(monkeypatch, lattice):
    """A small sheet that is drawn as if it were large."""
    monkeypatch.setattr(_large, "MOST_REGIONS", 10)
    values = pd.Series(np.linspace(0, 1, 36), index=lattice.index, name="share")
    return gi.draw.sheet(gi.draw.choropleth(lattice, values), title="Shares", source="tests")


def test_the_document_holds_all_it_needs_and_never_changes(forced):
    html = forced.html()
    assert html == forced.html()
    assert "maplibregl" in html
    assert "leaflet-container" not in html.split("<script>")[1]
    assert not ADDRESS.search(html)


def test_a_folium_map_refuses_and_says_what_to_do(forced):
    with pytest.raises(gi.errors.MapTooLargeError, match=r"36 regions and 0 arrows.*sheet\.save"):
        forced.folium()


def test_without_the_engine_the_error_names_the_extra(forced, monkeypatch):
    _large._maplibre.cache_clear()
    monkeypatch.setattr(_large, "find_spec", lambda _: None)
    with pytest.raises(gi.errors.MapTooLargeError, match=r"geoinno\[big\]"):
        forced.html()


def test_in_a_page_a_large_map_stands_in_a_frame_of_its_own(forced):
    html = gi.report.page("Report", forced)
    assert html.count("<iframe") == 1


def test_thousands_of_arrows_make_a_map_large(lattice):
    pairs = pd.MultiIndex.from_product([lattice.index, lattice.index], names=["origin", "destination"])
    flows = pairs[pairs.get_level_values(0) != pairs.get_level_values(1)].to_frame(index=False)
    flows = flows.assign(value=np.random.default_rng(0).lognormal(size=len(flows)))
    layer = gi.draw.flow_lines(flows, lattice, share=1.0, options=FlowOptions(max_flows=10_000))
    assert len(layer.shapes) == 36 * 35
    assert not _large.is_large(gi.draw.sheet(layer, source="tests"))
    assert _large.MOST_ARROWS == 3_000
    assert _large.MOST_REGIONS == 40_000
