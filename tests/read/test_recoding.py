"""Tables brought from one version of NUTS to another: every sum stays, every code lands where it belongs."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

# Population in millions, 1 January 2016 (Eurostat, demo_r_d2jan), rounded; old regions by their parts.
PEOPLE = pd.Series(
    {
        "HU11": 1.76,
        "HU12": 1.24,
        "LT01": 0.80,
        "LT02": 2.09,
        "PL91": 2.98,
        "PL92": 2.31,
        "IE01": 1.25,
        "IE02": 3.48,
        "IE04": 0.85,
        "IE05": 1.58,
        "IE06": 2.30,
        "UKM2": 2.07,
        "UKM3": 2.35,
        "UKM7": 1.96,
        "UKM8": 1.53,
        "UKM9": 0.93,
    }
)


def table(ids, **columns):
    return pd.DataFrame(columns or {"v": np.arange(1.0, len(ids) + 1)}, index=pd.Index(ids, name="region"))


@pytest.mark.parametrize(
    ("old", "new", "versions"),
    [
        ("FR22", "FRE2", (2013, 2016)),  # Picardie, and not FRF2, which is Champagne-Ardenne
        ("FR21", "FRF2", (2013, 2016)),
        ("EL11", "EL51", (2010, 2013)),
        ("FR91", "FRY1", (2010, 2016)),
        ("PL34", "PL84", (2013, 2021)),
        ("FRE2", "FR22", (2016, 2013)),
        ("AT13", "AT13", (2010, 2021)),
    ],
)
def test_a_code_becomes_what_the_regulations_say(old, new, versions):
    back = gi.read.recoded(table([old, "DE60"]), from_=versions[0], to=versions[1])
    assert back.index.to_list() == [new, "DE60"]
    assert back["v"].to_list() == [1, 2]


def test_codes_that_only_change_keep_their_values_types_and_years():
    index = pd.MultiIndex.from_product([["FR22", "FR10"], [2015, 2016]], names=["region", "year"])
    panel = pd.DataFrame({"v": [1, 2, 3, 4], "name": list("aabb")}, index=index)
    back = gi.read.recoded(panel, from_=2013, to=2016)
    assert back.index.to_list() == [("FRE2", 2015), ("FRE2", 2016), ("FR10", 2015), ("FR10", 2016)]
    assert back["v"].dtype == panel["v"].dtype
    assert back["name"].to_list() == list("aabb")


def test_a_split_is_weighted_by_mass_and_keeps_the_sum():
    back = gi.read.recoded(table(["HU10", "AT13"], jobs=[300.0, 50.0]), from_=2013, to=2016, mass=PEOPLE)
    assert back["jobs"].to_dict() == pytest.approx({"HU11": 176.0, "HU12": 124.0, "AT13": 50.0})
    assert "jobs 350 before, 350 after" in back.attrs["recoded"]
    assert "your own mass" in back.attrs["recoded"]
    assert "2016/2066" in back.attrs["recoded"]


def test_parts_of_several_regions_follow_from_old_and_new_masses():
    """IE04 lies in IE01 alone, so the rest of IE01, 0.40 of 1.25 million, went to IE06: an exact answer."""
    back = gi.read.recoded(table(["IE01", "IE02"], v=[125.0, 348.0]), from_=2013, to=2016, mass=PEOPLE)
    assert back["v"].to_dict() == pytest.approx({"IE04": 85, "IE06": 230, "IE05": 158}, rel=1e-6)


def test_there_and_back_gives_the_table_again():
    before = table(["UKM2", "UKM3", "PL12", "FR22"], v=[207.0, 235.0, 529.0, 7.0])
    there = gi.read.recoded(before, from_=2013, to=2016, mass=PEOPLE)
    again = gi.read.recoded(there, from_=2016, to=2013, mass=PEOPLE)
    pd.testing.assert_frame_equal(again[["v"]], before, rtol=1e-6)


def test_rates_are_copied_in_splits_and_averaged_in_merges():
    rates = table(["IE01", "IE02"], income=[10.0, 20.0])
    with pytest.raises(gi.RegionError, match="IE04"):
        gi.read.recoded(rates, from_=2013, to=2016, mass=PEOPLE.drop("IE04"), rates=["income"])
    merged = table(["HU11", "HU12"], income=[10.0, 30.0])
    back = gi.read.recoded(merged, from_=2016, to=2013, mass=PEOPLE, rates=["income"])
    assert back.loc["HU10", "income"] == pytest.approx((1.76 * 10 + 1.24 * 30) / 3)
    with pytest.raises(gi.ColumnError, match="is a rate, and regions merge"):
        gi.read.recoded(merged, from_=2016, to=2013, rates=["income"])
    whole = table(["HU10"], income=[10.0])
    split = gi.read.recoded(whole, from_=2013, to=2016, mass=PEOPLE, rates=["income"])
    assert split["income"].to_list() == [10, 10]


def test_a_part_that_is_missing_leaves_the_sum_missing():
    back = gi.read.recoded(table(["HU11", "HU12", "AT13"], v=[1.0, np.nan, 3.0]), from_=2016, to=2013)
    assert back["v"].isna().to_list() == [True, False]
    alone = gi.read.recoded(table(["HU11", "LT01", "LT02"], v=[1.0, 2.0, 3.0]), from_=2016, to=2013)
    assert alone["v"].isna().to_dict() == {"HU10": True, "LT00": False}


def test_own_crosswalks_reach_where_the_regulations_are_not_kept():
    own = pd.DataFrame({"old": ["a", "a", "b"], "new": ["x", "y", "y"], "weight": [0.25, 0.75, 1.0]})
    back = gi.read.recoded(table(["a", "b", "c"], v=[8.0, 1.0, 5.0]), from_=2013, to=2016, crosswalk=own)
    assert back["v"].to_dict() == {"x": 2, "y": 7, "c": 5}
    with pytest.raises(gi.ColumnError, match="add up to 1"):
        gi.read.recoded(table(["a"]), from_=2013, to=2016, crosswalk=own.assign(weight=0.3))


@pytest.mark.parametrize(
    ("ids", "options", "error", "words"),
    [
        (["HU10"], {}, gi.RegionError, "'HU10 into HU11, HU12'.*mass="),
        (["FR22", "FRE2"], {}, gi.RegionError, "'FRE2' is one of NUTS 2016 to 2021"),
        (["FR91"], {}, gi.RegionError, "'FR91' is one of NUTS 2010"),
        (["FR2"], {}, gi.RegionError, "level 2 and sum"),
        (["FR221"], {}, gi.RegionError, "crosswalk="),
        (["NO01"], {"to": 2021}, gi.RegionError, "redrawn between 2013 and 2021.*'NO01'"),
        (["FR22"], {"to": 2015}, gi.OptionError, "2010, 2013, 2016, 2021"),
        (["FR22"], {"rates": ["w"]}, gi.ColumnError, "'w'"),
        (["FR22"], {"crosswalk": pd.DataFrame({"old": ["FR22"]})}, gi.ColumnError, "old, new, weight"),
        (["FR22"], {"mass": pd.Series(["many"], index=["FRE2"])}, gi.ColumnError, "'many'"),
    ],
)
def test_what_cannot_be_recoded_is_refused(ids, options, error, words):
    with pytest.raises(error, match=words):
        gi.read.recoded(table(ids), **{"from_": 2013, "to": 2016, **options})


def test_rows_that_are_recoded_already_stay():
    back = gi.read.recoded(table(["FRE2", "FR21"]), from_=2013, to=2016)
    assert back.index.to_list() == ["FRE2", "FRF2"]


def test_every_code_of_a_real_map_of_2016_is_reached(strangers):
    """Whoever takes all regions of 2016 back to 2013 and forward again meets the same map."""
    import geopandas as gpd

    regions = gpd.read_file(strangers / "eu_nuts2" / "regions_2016.geojson", ignore_geometry=True)
    ids = regions["NUTS_ID"].to_list()
    people = pd.Series(1.0, index=["IE01", "IE02", "UKM2", "UKM3", *ids])
    back = gi.read.recoded(table(ids), from_=2016, to=2013, mass=people)
    assert not set(back.index) & {"HU11", "FRE2", "UKM7", "PL71", "LT01", "IE06"}
    assert {"HU10", "FR22", "UKM2", "PL11", "LT00", "IE01"} <= set(back.index)
    # 309 regions of level 2 in 2016 were 304 in 2013.
    assert len(ids) - len(back) == 5


def test_unmatched_ids_of_two_versions_name_the_way_out():
    from geopandas import GeoDataFrame
    from shapely.geometry import Point

    there = GeoDataFrame(index=["FRE2", "FRF2"], geometry=[Point(0, 0), Point(1, 1)], crs=4326)
    words = re.escape("gi.read.recoded(indicators, from_=2013, to=2016)")
    with pytest.raises(gi.AlignmentError, match=words):
        gi.read.join(there, table(["FR22", "FR21"]))
