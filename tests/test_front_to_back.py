"""From files to a page, through every floor, with a sample and with a user's own files."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


@pytest.fixture
def files(lattice, tmp_path):
    """Write what a user might have: shapes with a code, and a table of numbers in another order."""
    codes = lattice.rename_axis("code").reset_index()
    codes.rename(columns={"country": "land", "name": "title"}).to_file(tmp_path / "regions.gpkg")
    random = np.random.default_rng(3)
    east = lattice.geometry.representative_point().x.rank() + random.normal(0, 2, len(lattice))
    table = pd.DataFrame({"patents": east.round(3)}).rename_axis("code").sample(frac=1, random_state=1)
    table.to_csv(tmp_path / "patents.csv")
    return tmp_path


def told(regions, values, source, folder):
    """Take the whole way from regions and values to a page, a map and a picture."""
    near = gi.weigh.contiguity(regions)
    whole = gi.measure.moran(values, near, permutations=99)
    local = gi.measure.local_moran(values, near, permutations=999)
    clusters = gi.classify.clusters(local)
    sheet = gi.draw.sheet(gi.draw.cluster_map(regions, clusters), title="Where it clusters", source=source)
    sheet.save(folder / "map.html")
    sheet.save(folder / "map.png")
    page = gi.report.page("What we found", "## Clusters", str(whole), sheet, clusters.value_counts())
    return whole, clusters, page


def test_a_sample_becomes_a_page(north_america, tmp_path):
    regions = north_america.regions.dropna(subset="income")
    values = np.log(regions["income"])
    whole, clusters, page = told(regions, values, north_america.source, tmp_path)
    assert list(clusters.index) == list(regions.index)
    assert whole.p < 0.05
    assert "Where it clusters" in page
    assert "Where it clusters" in (tmp_path / "map.html").read_text(encoding="utf-8")
    assert (tmp_path / "map.png").stat().st_size > 10_000


def test_a_users_own_files_become_a_page(files, lattice):
    regions = gi.read.regions(files / "regions.gpkg", id="code", country="land", name="title")
    joined = gi.read.join(regions, gi.read.table(files / "patents.csv", id="code"))
    assert list(joined.index) == list(lattice.index)
    whole, clusters, page = told(joined, joined["patents"], "Made for this test", files)
    assert whole.statistic > 0.5
    assert set(clusters.astype(str)) & {"HH", "LL"}
    assert "Made for this test" in page


def test_the_example_of_the_readme_runs(repository, tmp_path):
    example = re.search(r"```python\n(.*?)```", (repository / "README.md").read_text(), flags=re.DOTALL)[1]
    subprocess.run([sys.executable, "-W", "error", "-c", example], cwd=tmp_path, check=True)
    assert (tmp_path / "clusters.html").exists()


def test_a_map_goes_into_any_other_report(lattice):
    values = pd.Series(np.arange(36.0), lattice.index, name="patents")
    sheet = gi.draw.sheet(gi.draw.choropleth(lattice, values), title="Patents", source="Made for this test")
    assert "<iframe" in gi.report.embed(sheet)
    assert "leaflet" in gi.report.offline(sheet.folium()).lower()
