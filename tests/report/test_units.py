"""Units of masses, flows and indicators: in every sentence, table, legend and tooltip, and never twice."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.units import for_map, in_millions, is_scaled, units_of

NB = "\u00a0"


@pytest.fixture(scope="module")
def place(lattice):
    """Return regions of three countries with jobs, and flows in money between them."""
    random = np.random.default_rng(3)
    regions = lattice.assign(jobs=random.lognormal(12, 1, len(lattice)))
    ends = [(a, b) for a in regions.index[:12] for b in regions.index[:12] if a != b]
    flows = pd.DataFrame(ends, columns=["origin", "destination"]).assign(value=random.uniform(1, 90, 132))
    return regions, flows


def atlas_with(place, units, lang="en"):
    regions, flows = place
    options = gi.report.AtlasOptions({"jobs": "output"}, units, lang=lang, flows=flows)
    return gi.report.atlas(regions, mass="jobs", half_km=60, options=options)


def sentence(atlas, start):
    """Return the sentence of an atlas that starts so."""
    (found,) = {
        claim.said for chapter in atlas.chapters for claim in chapter.claims if claim.said.startswith(start)
    }
    return found


@pytest.fixture(scope="module")
def euros(place):
    return atlas_with(place, {"jobs": "million euros", "value": "thousand euros"})


def test_all_sentences_about_mass_potential_and_flows_have_the_unit(euros):
    assert euros.audit() == []
    expected = {
        "The sum of output over all regions is": 1,
        "Ranked by output": 5,
        "Of the 36 regions, those with the highest potential": 5,
        "Values of output per km\u00b2 are highest in": 7,
    }
    for start, count in expected.items():
        words = sentence(euros, start)
        assert words.count(f"{NB}million euros") == count, words
    assert re.search(r"12 regions is [\d,]+\u00a0thousand euros\.", sentence(euros, "The sum of 132 flows"))
    assert sentence(euros, "Of the 12 regions").count(f"{NB}thousand euros") == 6
    poles = next(claim.said for chapter in euros.chapters for claim in chapter.claims if "pole" in claim.said)
    assert "million" not in poles  # what a pole is names shares alone


def test_no_number_is_in_millions_of_millions(euros, check_page):
    assert "million million" not in str(euros).replace(NB, " ")
    total = euros.figures.loc["place.total", "value"]
    assert total > 1e6
    written = f"{float(f'{total:.3e}'):,.0f}"
    assert f"is {written}{NB}million euros;" in sentence(euros, "The sum of output")
    check_page(euros)


def test_legends_tooltips_and_tables_have_the_unit(euros):
    titles = [legend.title for sheet in euros.sheets for layer in sheet.layers for legend in layer.legends]
    lines = [name for sheet in euros.sheets for layer in sheet.layers for name in layer.tips.columns]
    # The largest masses and potentials reach a million millions, so that they are drawn in trillions.
    expected = ("Output per km\u00b2, million", "Poles by output, trillion", "Potential, trillion")
    for words in expected:
        assert f"{words} euros" in lines
        assert f"{words} euros" in titles
    assert "Flow, thousand euros" in titles
    heads = re.findall(r"<th>([^<]*)</th>", euros.html())
    for words in ("Output, million euros", "Potential, million euros", "Output of poles, million euros"):
        assert words in heads
    assert "Net gain by flows, thousand euros" in heads


def test_people_are_counted_in_words(place):
    atlas = atlas_with(place, {"jobs": "people"})
    assert re.search(r"is [\d.]+ million\u00a0people;", sentence(atlas, "The sum of output"))
    titles = [legend.title for sheet in atlas.sheets for layer in sheet.layers for legend in layer.legends]
    assert "Potential, million people" in titles
    assert "Flow" in titles


def test_without_a_unit_none_is_said(place):
    atlas = atlas_with(place, {})
    assert re.search(r"is [\d.]+ million;", sentence(atlas, "The sum of output"))
    titles = [legend.title for sheet in atlas.sheets for layer in sheet.layers for legend in layer.legends]
    assert "Potential, millions" in titles


def test_russian_units_stand_behind_russian_numbers(place):
    atlas = atlas_with(place, {"jobs": "чел.", "value": "млн долл."}, lang="ru")
    assert atlas.audit() == []
    assert "\u202fмлн\u00a0" + "чел." in str(atlas)
    titles = [legend.title for sheet in atlas.sheets for layer in sheet.layers for legend in layer.legends]
    assert "Потенциал, млн чел." in titles
    assert "Поток, млн долл." in titles


@pytest.mark.parametrize(
    ("value", "form", "unit", "expected"),
    [
        (16_061_827.4, "whole", "million euros", f"16,060,000{NB}million euros"),
        (16_061_827.4, "whole", "people", f"16.06 million{NB}people"),
        (649_244.0, "number", "EUR mn", f"649,200{NB}EUR mn"),
        (5_300_000.0, "number", "тыс. чел.", f"5,300,000{NB}тыс. чел."),
        (5.3, "number", "100 inhabitants", f"5.3{NB}\u00d7{NB}100 inhabitants"),
        (12.0, "number", "%", "12%"),
        (12.0, "number", "% of GDP", "12% of GDP"),
        (np.nan, "number", "people", "\u2013"),
    ],
)
def test_numbers_and_units(value, form, unit, expected):
    assert Language().form(value, form, unit) == expected


def test_a_sign_for_per_cent_stands_as_the_language_has_it():
    assert Language("ru").form(12.5, "number", "%") == f"12,5{NB}%"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("", "millions"),
        ("people", "million people"),
        ("thousand people", "billion people"),
        ("millions of euros", "trillion euros"),
        ("EUR mn", "EUR trillion"),
    ],
)
def test_what_is_drawn_in_millions_says_so(unit, expected):
    values, words = in_millions(pd.Series([2e6, 5e5]), unit, "en")
    assert (values.max(), words) == (2.0, expected)


def test_what_has_no_larger_word_or_no_millions_stays_as_it_is():
    large = pd.Series([2e6])
    assert in_millions(large, "billion euros", "en")[1] == "billion euros"
    assert in_millions(large / 10, "people", "en")[1] == "people"
    assert for_map(large, "people", "en")[1] == "people"
    assert for_map(large, "million euros", "en")[1] == "trillion euros"


def test_units_that_are_multiples():
    assert [is_scaled(unit) for unit in ("million euros", "EUR bn", "млрд. долл.", "1000 t")] == [True] * 4
    assert not any(is_scaled(unit) for unit in ("", "people", "EUR", "m", "t"))


def test_the_flows_of_a_file_have_the_unit_of_their_column():
    assert units_of({"trips": "journeys"}, "trips") == {"trips": "journeys", "value": "journeys"}
    assert units_of({"jobs": "people"}, "trips") == {"jobs": "people"}


def test_tooltips_of_flows_have_the_unit(euros):
    (drawn,) = (flows for sheet in euros.sheets for flows in sheet.scene.flows if flows.layer.kind == "flows")
    arrows, nodes = drawn.tips
    assert "Flow, thousand euros" in arrows.columns
    renamed = drawn.layer.glossary
    for name in ("opposite direction", "inflow", "outflow", "net"):
        assert f"{name}, thousand euros" in {*nodes.columns, *(renamed.get(c, c) for c in arrows.columns)}


def test_the_axis_of_a_plot_of_goals_has_the_unit(place):
    regions, _ = place
    regions = regions.assign(firms=regions["jobs"] ** 0.5)
    goals = gi.report.GoalsChapter(resources=["firms"], factors={"jobs": 1.2})
    options = gi.report.AtlasOptions({"jobs": "output"}, {"jobs": "million euros"}, goals=goals)
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        plotted = gi.draw.web.plotted
        patch.setattr(gi.draw.web, "plotted", lambda figure: drawn.append(figure) or plotted(figure))
        gi.report.atlas(regions, mass="jobs", half_km=60, options=options)
    assert [figure.axes[0].get_xlabel() for figure in drawn] == ["Output, million euros"]
