"""Maps of options: the kind of each region's option, and arrows to partners."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

import geoinno as gi


@pytest.fixture(scope="module")
def options(lattice):
    """Return options of the lattice with twelve activities."""
    rng = np.random.default_rng(0)
    has = pd.DataFrame(rng.uniform(size=(36, 12)) < 0.4, lattice.index, [f"a{i}" for i in range(12)])
    return gi.measure.complements(
        has, gi.measure.proximity(has), lattice, decay=gi.weigh.exponential(100), country="country"
    )


def test_each_region_has_its_best_option_and_an_arrow_to_its_best_partner(lattice, options):
    fills, arrows = gi.draw.option_map(lattice, options, arrows=60)
    best = options.loc[options.groupby("region")["priority"].idxmax()].set_index("region")
    assert sum(key.count for key in fills.legends[0].keys) == len(best)
    table = fills.table.set_index(fills.table.index)
    np.testing.assert_array_equal(table.loc[best.index, "activity"], best["activity"])
    partner = best["home"].where(best["home_support"] >= best["abroad_support"], best["abroad"])
    drawn = arrows.shapes.set_index("origin")["destination"]
    pd.testing.assert_series_equal(
        drawn.sort_index(), partner.loc[drawn.index].sort_index(), check_names=False
    )
    assert len(drawn) == len(best)
    support = best[["home_support", "abroad_support"]].max(axis=1)
    np.testing.assert_allclose(arrows.shapes["value"], support.loc[arrows.shapes["origin"]])


def test_words_are_of_partners_not_of_flows(lattice, options):
    arrows = gi.draw.option_map(lattice, options, arrows=12)[1]
    words = " ".join([*(legend.title + legend.note for legend in arrows.legends), *arrows.tips.columns])
    assert "12 of 36 partners drawn" in words
    assert "partner of another" in {key.label for legend in arrows.legends for key in legend.keys}
    assert "flow" not in words
    assert "support" in arrows.tips
    sheet = gi.draw.sheet(*gi.draw.option_map(lattice, options), title="T", source="S")
    assert "net gain" not in sheet.html()
    assert "1 region" in sheet.html()


def test_one_activity_leaves_out_the_regions_that_have_it(lattice, options):
    fills = gi.draw.option_map(lattice, options, activity="a3")[0]
    lacking = options.loc[options["activity"] == "a3", "region"]
    shown = fills.table["Option: a3"].dropna().index
    assert {*shown} == {*lacking}
    assert {*fills.table["activity"].dropna()} == {"a3"}


def test_no_arrows_without_support(lattice, options):
    alone = options.assign(home_support=0.0, abroad_support=0.0, home=None, abroad=None)
    assert len(gi.draw.option_map(lattice, alone)) == 1


@pytest.mark.parametrize(
    ("spoil", "given", "error", "message"),
    [
        (lambda o: o.drop(columns="home"), {}, gi.errors.ColumnError, "no column 'home'"),
        (lambda o: o.assign(option=None), {}, gi.errors.ColumnError, "complexity is missing"),
        (lambda o: o, {"activity": "tea"}, gi.errors.OptionError, "'tea' is an option of no region"),
        (lambda o: o.assign(region="x"), {}, gi.errors.AlignmentError, "not in the regions of the map: 'x'"),
    ],
)
def test_what_is_no_table_of_options_is_refused(lattice, options, spoil, given, error, message):
    with pytest.raises(error, match=message):
        gi.draw.option_map(lattice, spoil(options), **given)


def test_the_map_opens_to_all_regions_and_to_all_arrows(lattice, options):
    few = options[options["region"].isin(["00", "01"])]
    layers = gi.draw.option_map(lattice, few)
    assert len(layers) == 2
    shown = gi.draw.sheet(*layers, title="T", source="S")
    x0, y0, x1, y1 = shown.scene.frame
    bounds = shapely.total_bounds(shown.scene.fills[0])
    assert (bounds[:2] > (x0, y0)).all()
    assert (bounds[2:] < (x1, y1)).all()
    flows = shown.scene.flows[0]
    rings = [leg.ring(5.0, shown.scene.unit) for i in range(len(flows.start)) for leg in flows.legs(i)]
    points = np.vstack([ring for ring in rings if ring is not None]) * shown.scene.unit
    assert (points > (x0, y0)).all()
    assert (points < (x1, y1)).all()


def test_arrows_to_partners_are_longer_than_wide(lattice, options):
    layers = gi.draw.option_map(lattice, options)
    drawn = gi.draw.sheet(*layers, title="T", source="S").scene.flows[0]
    widest = drawn.arrows["width"].max()
    assert widest == pytest.approx(5.0)
    assert drawn.places["radius"].max() == pytest.approx(7.0)
    # The arrows of the legend are as wide as those of the map.
    keys = [key for legend in drawn.layer.legends for key in legend.keys if key.symbol == "arrow"]
    assert 2.0 < keys[0].size <= widest
