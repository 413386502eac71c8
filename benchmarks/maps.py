"""What a web map costs by its number of regions: seconds to make, megabytes, seconds to be ready in Chromium.

Regions are a lattice of wavy cells of about thirty vertices. The budgets: 3,000 regions under 1 MB and
ready within 2 s, 30,000 regions under 3 MB. Beyond 40,000 regions MapLibre draws in place of Leaflet.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

import geoinno as gi

SIZES = (300, 3_000, 30_000, 100_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]


def wavy(count):
    """Return a coverage of wavy cells: neighbours share every vertex."""
    side = int(np.ceil(np.sqrt(count)))
    random = np.random.default_rng(0)
    step, inner = 8, np.arange(1, 8) / 8
    waves = random.normal(0, 0.06, (2, side + 1, side + 1, step - 1))
    cells = []
    for row, column in np.ndindex(side, side):
        south, north = (np.column_stack([column + inner, r + waves[0, r, column]]) for r in (row, row + 1))
        west, east = (np.column_stack([c + waves[1, row, c], row + inner]) for c in (column, column + 1))
        corner = np.array([[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]])
        parts = [corner[:1], south, corner[1:2], east, corner[2:3], north[::-1], corner[3:], west[::-1]]
        cells.append(shapely.Polygon(np.concatenate(parts) * [20 / side, 12 / side] + [5, 44]))
    kept = shapely.make_valid(np.array(cells[:count]))
    names = [f"r{i:05}" for i in range(count)]
    return geopandas.GeoDataFrame({"name": names}, geometry=kept, index=names, crs=4326)


def ready(path):
    """Return the seconds until the map says that it is drawn."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        start = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("[data-gi-ready]", timeout=60_000)
        taken = time.perf_counter() - start
        browser.close()
    return taken


print(f"{'regions':>8} {'made, s':>8} {'MB':>6} {'ready, s':>9}")
for size in SIZES:
    regions = wavy(size)
    values = pd.Series(np.random.default_rng(1).normal(size=size), regions.index, name="value")
    begun = time.perf_counter()
    html = gi.draw.sheet(gi.draw.choropleth(regions, values), title="Budget", source="made up").html()
    made = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "map.html"
        file.write_text(html, encoding="utf-8")
        print(f"{size:8,} {made:8.1f} {len(html.encode()) / 1e6:6.2f} {ready(file):9.2f}")
