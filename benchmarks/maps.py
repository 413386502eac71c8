"""What a web map costs by its number of regions: seconds to make, megabytes, seconds to be ready in Chromium.

Regions are a lattice of wavy cells of about thirty vertices. The budgets: 3,000 regions under 1 MB and
ready within 2 s, 30,000 regions under 3 MB. Beyond 40,000 regions MapLibre draws in place of Leaflet.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from contiguity import waves

import geoinno as gi

SIZES = (300, 3_000, 30_000, 100_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]


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
    regions = waves(size)
    values = pd.Series(np.random.default_rng(1).normal(size=size), regions.index, name="value")
    begun = time.perf_counter()
    html = gi.draw.sheet(gi.draw.choropleth(regions, values), title="Budget", source="made up").html()
    made = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "map.html"
        file.write_text(html, encoding="utf-8")
        print(f"{size:8,} {made:8.1f} {len(html.encode()) / 1e6:6.2f} {ready(file):9.2f}")
