"""Messages: wrong input is refused in words, and what the words advise is done and works."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi

IDS = [f"{row}{column}" for row in range(4) for column in range(4)]
REGIONS = gpd.GeoDataFrame(
    {"country": ["A"] * 8 + ["B"] * 8},
    index=IDS,
    geometry=[box(int(i[1]), int(i[0]), int(i[1]) + 1, int(i[0]) + 1) for i in IDS],
    crs=4326,
)
MASS = pd.Series(np.random.default_rng(0).lognormal(8, 1, 16), index=IDS, name="jobs")
NEAR = gi.weigh.contiguity(REGIONS)
KM = gi.weigh.distances(REGIONS)
DECAY = gi.weigh.exponential(100)
FLOWS = pd.DataFrame(
    [(a, b, 1.0 + (i * 7 + j * 3) % 11) for i, a in enumerate(IDS) for j, b in enumerate(IDS) if a != b],
    columns=["origin", "destination", "value"],
)
TABLE = pd.DataFrame({"a": MASS, "b": MASS**0.5, "c": np.arange(16.0)}, index=IDS)
TRADE = pd.DataFrame(1.0 + 8 * np.eye(3), index=list("abc"), columns=list("abc"))
ADOPTIONS = pd.DataFrame({"region": IDS[:9], "innovation": "x", "period": range(9)})
PANEL = pd.concat({2000: MASS, 2001: 1.1 * MASS}, names=["year", "region"]).swaplevel()


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda o: gi.measure.gravity(FLOWS, KM, options=o), "GravityOptions"),
        (lambda o: gi.measure.decay_fit(FLOWS, KM, options=o), "GravityOptions"),
        (lambda o: gi.measure.growth_poles(MASS, NEAR, regions=REGIONS, options=o), "PoleOptions"),
        (lambda o: gi.measure.composite_index(TABLE, options=o), "IndexOptions"),
        (lambda o: gi.measure.rank_intervals(TABLE, options=o, draws=20), "RankOptions"),
        (lambda o: gi.measure.diffusion_hazard(ADOPTIONS, NEAR, options=o), "HazardOptions"),
        (lambda o: gi.draw.flow_lines(FLOWS, REGIONS, options=o), "FlowOptions"),
        (
            lambda o: gi.simulate.compression(MASS, REGIONS, decay=DECAY, speed_gain=0.1, options=o),
            "CompressionOptions",
        ),
        (
            lambda o: gi.simulate.accession(TRADE, ["a"], joining=["b"], effect=0.3, options=o),
            "AccessionOptions",
        ),
        (lambda o: gi.report.atlas(REGIONS, options=o), "AtlasOptions"),
    ],
)
def test_options_of_another_kind_are_refused_in_words(call, kind):
    with pytest.raises(gi.OptionError, match=rf"options must be an? {kind} such as .*; dict was given"):
        call({"draws": 5})


@pytest.mark.parametrize(
    ("wrong", "message", "remedy"),
    [
        (
            lambda: gi.measure.pull(MASS, KM.astype(str), [IDS[0]], decay=DECAY),
            "costs must hold numbers; it has columns of type",
            lambda: gi.measure.pull(MASS, KM.astype(str).apply(pd.to_numeric), [IDS[0]], decay=DECAY),
        ),
        (
            lambda: gi.weigh.contiguity(REGIONS.set_geometry(REGIONS.representative_point())),
            "Regions must be polygons; other geometry in '00', .* Drop these, or read the regions",
            lambda: gi.weigh.contiguity(REGIONS),
        ),
        (
            lambda: gi.draw.choropleth(REGIONS, MASS, palette=["#fff"]),
            "palette needs 2 colours or more, or a name; 1 was given",
            lambda: gi.draw.choropleth(REGIONS, MASS, palette=["#fff", "#000"]),
        ),
        (
            lambda: gi.draw.choropleth(REGIONS, MASS, palette=["blau", "#000"]),
            "Every entry of the palette must be a colour such as '#1b9e77', '#19e' or 'teal'",
            lambda: gi.draw.choropleth(REGIONS, MASS, palette=["#19e", "teal"]),
        ),
        (
            lambda: gi.draw.bivariate(REGIONS, MASS, TABLE["c"], palette=["#fff"]),
            "palette needs a name or three rows of three colours",
            lambda: gi.draw.bivariate(REGIONS, MASS, TABLE["c"], palette=[["#eee", "#888", "#111"]] * 3),
        ),
        (
            lambda: gi.draw.categories(REGIONS, pd.Series([None] * 16, index=IDS, dtype=object)),
            "The column of labels holds no label in any region",
            lambda: gi.draw.categories(REGIONS, pd.Series(["x"] * 16, index=IDS)),
        ),
        (
            lambda: gi.draw.link_lines(REGIONS, NEAR),
            r"gi.weigh.contiguity\(regions, islands='nearest'\)",
            lambda: gi.draw.link_lines(
                REGIONS.drop(index=["01", "10", "11"]),
                gi.weigh.contiguity(REGIONS.drop(index=["01", "10", "11"]), islands="nearest"),
            ),
        ),
        (
            lambda: gi.measure.noise_placebo(lambda v: v.iloc[:3], MASS, REGIONS, draws=19),
            "statistic must return one number; it returned 3",
            lambda: gi.measure.noise_placebo(lambda v: v.iloc[0], MASS, REGIONS, draws=19),
        ),
        (
            lambda: gi.measure.gravity(FLOWS, KM.iloc[1:, 1:]),
            "Flows name regions that are not in the regions: '00' .* or give all regions",
            lambda: gi.measure.gravity(FLOWS, KM),
        ),
        (
            lambda: gi.measure.balanced_flows(MASS, 2 * MASS, KM, decay=DECAY),
            r"the two sums must be equal. Bring one to the sum of the other: inflows \*",
            lambda: gi.measure.balanced_flows(
                MASS, 2 * MASS * MASS.sum() / (2 * MASS).sum(), KM, decay=DECAY
            ),
        ),
        (
            lambda: gi.measure.markov(PANEL.drop(("00", 2000)), classes=2),
            "The panel is without a value for '00 in 2000' .1 in all.. Keep the regions that have one",
            lambda: gi.measure.markov(
                PANEL.drop(("00", 2000)).unstack().dropna().stack(),  # noqa: PD010, PD013 - as the message has it
                classes=2,
            ),
        ),
        (
            lambda: gi.measure.sigma_convergence(-PANEL),
            "The panel is zero or negative for .* Logarithms are compared: pass levels above zero",
            lambda: gi.measure.sigma_convergence(PANEL),
        ),
        (
            lambda: gi.measure.composite_index(TABLE, structure={"a": ["a", "b", "c"]}),
            "Pillars have the names of columns: 'a' .* Give them other names",
            lambda: gi.measure.composite_index(TABLE, structure={"wealth": ["a", "b", "c"]}),
        ),
        (
            lambda: gi.measure.composite_index(TABLE, weights={"a": 1.0}),
            "Within 'index' some members have a weight and others have none: 'b', 'c'",
            lambda: gi.measure.composite_index(TABLE, weights={"a": 1.0, "b": 1.0, "c": 2.0}),
        ),
        (
            lambda: gi.weigh.within(
                pd.concat([REGIONS, REGIONS.head(1).set_axis(["copy"])]), max_km=200, decay=gi.weigh.power(1)
            ),
            "not between .*'copy'.* need a decay that is finite there, such as gi.weigh.offset_power",
            lambda: gi.weigh.within(
                pd.concat([REGIONS, REGIONS.head(1).set_axis(["copy"])]),
                max_km=200,
                decay=gi.weigh.offset_power(50, 1),
            ),
        ),
    ],
)
def test_a_remedy_works(wrong, message, remedy):
    with pytest.raises(gi.GeoinnoError, match=message):
        wrong()
    assert remedy() is not None


def test_a_file_of_the_other_kind_is_sent_to_its_reader(tmp_path):
    table, shapes = tmp_path / "a.csv", tmp_path / "r.gpkg"
    table.write_text("id,v\n00,1\n", encoding="utf-8")
    REGIONS[["geometry"]].rename_axis("id").reset_index().to_file(shapes)
    with pytest.raises(gi.GeoinnoError, match=r"tables are read with gi.read.table\(path, id=...\)"):
        gi.read.regions(table, id="id")
    with pytest.raises(gi.GeoinnoError, match=r"shapes are read with gi.read.regions\(path, id=...\)"):
        gi.read.table(shapes, id="id")
    assert len(gi.read.table(table, id="id")) == 1
    assert len(gi.read.regions(shapes, id="id")) == 16


def test_to_gis_says_of_the_suffix_and_of_layers_each_by_itself(tmp_path):
    layer = gi.draw.choropleth(REGIONS, MASS)
    with pytest.raises(gi.GeoinnoError, match=r"to_gis writes .gpkg, .parquet, .csv; 'x.doc' was given"):
        gi.report.to_gis(tmp_path / "x.doc", layer)
    with pytest.raises(gi.GeoinnoError, match="to_gis needs at least one layer"):
        gi.report.to_gis(tmp_path / "x.gpkg")


def test_a_border_that_is_no_line_and_too_few_units_are_refused_in_words():
    with pytest.raises(gi.RegionError, match="border must be a GeoSeries of lines with a CRS"):
        gi.measure.discontinuity(MASS, REGIONS, side=REGIONS["country"], border=3)
    with pytest.raises(gi.RegionError, match="at least 20 units on each side; there are 8 on side 'A' and 8"):
        gi.measure.discontinuity(MASS, REGIONS, side=REGIONS["country"])
