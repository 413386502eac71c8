"""Every number in the words of an atlas: it comes from a table, leads there, and is checked against it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw.web import number
from geoinno.report._atlas import captions
from geoinno.report._atlas.claims import Claim, Condition, Counts, Top, evidence_of
from geoinno.report._atlas.headings import HEADINGS
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.sentences import SENTENCES, TYPES

ENGLISH = Language()


@pytest.fixture(scope="module", params=["central_asia", "north_america", "austria"])
def place(request, atlas_of):
    return atlas_of(request.param)


@pytest.fixture(scope="module")
def income(lattice):
    """Return an atlas of three countries whose income jumps at each border, with flows."""
    random = np.random.default_rng(1)
    jobs, level = random.lognormal(5, 1, (2, len(lattice)))
    jump = lattice["country"].map({"A": 1.0, "B": 400.0, "C": 2.0})
    regions = lattice.assign(jobs=jobs, income_per_head=jump * level)
    ends = [(a, b) for a in regions.index[:12] for b in regions.index[:12] if a != b]
    table = pd.DataFrame(ends, columns=["origin", "destination"]).assign(value=random.integers(1, 90, 132))
    sample = gi.read.sample("austria")
    levels = {2000: regions["income_per_head"], 2010: 90 * regions["income_per_head"] ** 0.8}
    panel = pd.concat(levels, names=["year", "region"]).swaplevel().mul(random.lognormal(0, 0.1, 72))
    place = replace(
        sample,
        regions=regions,
        flows=table.astype({"value": float}),
        panel=panel.to_frame("income"),
        source="tests",
    )
    return gi.report.atlas(place, mass="jobs", indicator="income_per_head", half_km=60)


def test_every_number_in_the_words_leads_to_a_cell_that_bears_it_out(place, check_page):
    check_page(place)


def test_the_same_holds_of_strangers_data(strangers, check_page):
    import geopandas

    regions = geopandas.read_file(strangers / "eu_nuts2" / "regions_2016.geojson").set_index("NUTS_ID")
    regions = regions.rename(columns={"CNTR_CODE": "country", "NUTS_NAME": "name"})
    regions = regions[regions["country"].isin(["AT", "CH", "LI", "SI"])].dropna(subset="region_population")
    regions["gdp"] = regions["region_gdp"] / regions["region_population"]
    atlas = gi.report.atlas(regions, mass="region_population", indicator="gdp", half_km=60)
    assert atlas.audit() == []
    check_page(atlas)


def test_all_is_true_of_its_own_tables(place, income):
    assert place.audit() == []
    assert income.audit() == []


def test_no_figure_can_change_without_an_objection(income, objects):
    """Each figure that is in a sentence is changed in turn; the sentences that hold it must object."""
    used = {
        f"{claim.chapter}.{name}"
        for chapter in income.chapters
        for claim in chapter.claims
        for name in re.findall(r"\{(\w+)", claim.text)
        if name not in claim.parts
    }
    assert len(used) > 25
    for key in used:
        figures = income.figures.copy()
        figures.loc[key, "value"] = 2 * figures.loc[key, "value"] + 3
        assert objects(income, key, figures=figures), key


def test_no_ranking_can_change_without_an_objection(income, objects):
    tops = {
        part.column
        for chapter in income.chapters
        for claim in chapter.claims
        for part in claim.parts.values()
        if isinstance(part, Top)
    }
    assert len(tops) > 5
    for column in tops:
        table = income.table.copy()
        table.attrs = income.table.attrs
        table[column] = table[column].to_numpy()[::-1]
        assert objects(income, column, table=table), column


def test_a_finding_that_the_p_value_does_not_bear_out_is_objected_to(income):
    assert "more than chance would explain" in str(income)
    figures = income.figures.copy()
    figures.loc["borders.largest_p", "value"] = 0.2
    objections = replace(income, figures=figures).audit()
    assert len(objections) == 2  # in the summary and in the chapter
    assert "needs borders.largest_p <= 0.05; it is 0.2." in objections[0]


def test_sentences_follow_the_data(income, lattice):
    random = np.random.default_rng(1)
    jobs, level = random.lognormal(5, 1, (2, len(lattice)))
    regions = lattice.assign(jobs=3 * jobs, income_per_head=level)
    other = gi.report.atlas(regions, mass="jobs", indicator="income_per_head", half_km=60)
    assert "not every test rules out chance" in str(other)
    assert str(other) != str(income)
    # Its sentences are not true of the other place.
    assert len(replace(income, figures=other.figures.combine_first(income.figures)).audit()) > 10


def test_the_summary_has_five_sentences(place, income):
    for atlas in (place, income):
        assert atlas.chapters[0].key == "findings"
        assert len(atlas.chapters[0].claims) == 5


def test_no_text_of_the_store_holds_a_number_of_its_own():
    for text in [*SENTENCES.values(), *HEADINGS.values(), *TYPES.values()]:
        assert not re.search(r"\d", re.sub(r"\{\w+", "", text)), text


def test_alt_texts_and_captions_are_those_of_the_tables_behind_the_maps(place):
    for sheet in place.sheets:
        for layer in sheet.layers:
            check_alt(sheet, layer)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_whole_millions_in_an_alt_text_are_read_as_such(lattice, lang):
    """A number without decimals before its word, such as 40 million, was taken for 40 alone."""
    mass = pd.Series(1000.0, lattice.index, name="people").mask(lattice.index == "00", 4e7)
    mass = mass.mask(lattice.index == "11", 2_500_000.0)
    layer = gi.draw.pole_points(["00", "11"], lattice, mass)
    sheet = gi.draw.sheet(layer, title="Poles", source="tests", lang=lang)
    assert captions.objections(sheet) == []
    table = layer.table.assign(**{layer.table.columns[1]: [3e7, 2_500_000.0]})
    assert captions.objections(replace(sheet, layers=(replace(layer, table=table),)))


def check_alt(sheet, layer):
    """Check each number in the description of a layer against its table, as a reader of the table would."""
    words, table = layer.described, layer.table
    assert not words or words in sheet.alt
    cells = {number(float(v)) for c in table.select_dtypes("number") for v in table[c].dropna()}
    counts = {str(n) for c in table.select_dtypes(exclude="number") for n in table[c].value_counts()}
    counts |= {str(int(table[c].isna().sum())) for c in table}
    for text in re.findall(r"\(([\u2212\d][^()]*)\)", words):
        assert text in cells or re.sub(" regions?$", "", text) in counts, (text, words)
    for text in re.findall(r"(\d+) without data", words):
        assert text in counts, (text, words)
    assert not re.search(r"\d", sheet.title.replace("km\u00b2", ""))


@pytest.fixture
def evidence():
    table = pd.DataFrame({"name": ["Ada", "Bo", "Cy"], "x.size": [3.0, 9.0, np.nan]}, index=["a", "b", "c"])
    table.attrs["columns"] = {"x.size": ("Size", "number", "km")}
    rows = {
        "x.n": ("Regions", 1.0, "count", ""),
        "x.m": ("Others", 0.0, "count", ""),
        "x.k": ("K", 2, "count", ""),
    }
    figures = pd.DataFrame.from_dict(rows, orient="index", columns=["what", "value", "form", "unit"])
    return evidence_of(figures, table)


@pytest.mark.parametrize(
    ("text", "parts", "said"),
    [
        ("{n:region|regions} and {k:region|regions}.", {}, "1 region and 2 regions."),
        ("Largest: {top}.", {"top": Top("x.size")}, "Largest: Bo (9\u00a0km) and Ada (3\u00a0km)."),
        ("Least: {top}.", {"top": Top("x.size", 1, lowest=True, bare=True)}, "Least: Ada."),
        (
            "{all}.",
            {"all": Counts({"x.n": "{n:is|are}", "x.m": "{n:is|are}", "x.k": "{n:is|are}"})},
            "1 is, and 2 are.",
        ),
    ],
)
def test_sentences_are_filled_from_tables(evidence, text, parts, said):
    assert Claim("x", text, parts).sentence(evidence, ENGLISH) == said


def test_conditions_are_held_against_the_tables(evidence):
    claim = Claim("x", "There is {n}.", {}, (Condition("x.n", ">", 1),), said="There is 1.")
    assert claim.objections(evidence, ENGLISH) == ["'There is 1.' needs x.n > 1; it is 1."]


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (1234567.0, "number", "1.235 million"),
        (12345.6, "number", "12,350"),
        (0.0001, "p", "< 0.001"),
        (0.0312, "p", "= 0.031"),
        (0.004, "share", "0.4%"),
        (0.256, "share", "26%"),
        (-0.0032, "fine", "\u22120.003"),
        (1234.5, "count", "1,234"),
        (0.0183, "percent", "1.83%"),
        (0.25, "whole", "0.25"),
        (123456.0, "whole", "123,456"),
        (32928776.0, "whole", "32.93 million"),
        (1.4, "ratio", "1.40"),
        (43.904, "ratio", "43.9"),
        (1234.5, "ratio", "1,234"),
        (0.33512, "percent", "33.5%"),
        (0.0498, "p", "= 0.0498"),
        (0.0502, "p", "= 0.0502"),
        (0.05, "p", "= 0.05"),
        (np.nan, "number", "\u2013"),
    ],
)
def test_numbers_in_sentences(value, form, said):
    assert ENGLISH.form(value, form) == said


def test_no_number_of_a_map_can_change_without_an_objection(income):
    """Each number that an alt text names is changed in the table behind the map; the map must object."""
    changed = 0
    for sheet in income.sheets:
        assert captions.objections(sheet) == []
        for i, layer in enumerate(sheet.layers):
            for table in changes(layer):
                layers = (*sheet.layers[:i], replace(layer, table=table), *sheet.layers[i + 1 :])
                assert captions.objections(replace(sheet, layers=layers)), (sheet.title, layer.name)
                changed += 1
    assert changed > 20


def changes(layer):
    """Yield the table of a layer with one named number changed, with one class changed, or a row left out."""
    # Kinds are described by how many regions are of each, whatever the numbers beside them.
    if layer.limits or layer.kind != "fills":
        yield from numbers_changed(layer, set(re.findall(r"\(([\u2212\d][^()]*)\)", layer.described)))
    labels = [key.label for legend in layer.legends for key in legend.keys]
    kinds = [c for c in layer.table.select_dtypes(exclude="number") if layer.table[c].isin(labels).any()]
    for column in kinds:
        for label in layer.table[column].dropna().unique():
            yield layer.table.drop(index=layer.table.index[layer.table[column] == label][0])


def numbers_changed(layer, said):
    """Yield tables in which a number that is named is another, or no longer the largest."""
    for column in layer.table.select_dtypes("number"):
        for row, value in layer.table[column].dropna().items():
            if number(float(value)) in said:
                other = layer.table.astype({column: float})
                other.loc[row, column] = 1.7 * value + 3
                yield other
    yield from extremes(layer, said)


def extremes(layer, said):
    """Yield tables in which a value that is not named becomes the largest, or a name is another."""
    column = next((c for c in layer.table.select_dtypes("number") if said & texts(layer.table[c])), None)
    if column is None:
        return
    values = layer.table[column].dropna().astype(float)
    unnamed = [row for row, value in values.items() if number(value) not in said]
    for row in unnamed[:1]:
        other = layer.table.astype({column: float})
        other.loc[row, column] = 2 * values.max() + 1
        yield other
    if layer.kind != "lines":
        other = layer.table.copy()
        name = "to" if "to" in other else other.columns[0]
        other.loc[values.idxmax(), name] = "Elsewhere"
        yield other


def texts(values):
    """Return the numbers of a column as a map writes them."""
    return {number(float(value)) for value in values.dropna()}


def test_a_legend_of_other_data_is_objected_to(income):
    """The regions of a class are counted anew."""
    sheet = income.sheets[0]
    layer = sheet.layers[0]
    moved = layer.table.copy()
    column = moved.columns[-1]
    moved[column] = moved[column].mean()
    found = captions.objections(replace(sheet, layers=(replace(layer, table=moved),)))
    assert any("counts" in words for words in found)


def test_the_links_that_a_map_does_not_name_are_counted(lattice):
    """Nine regions that do not touch are joined by eight links; with one less, the count is objected to."""
    few = lattice[[id_[0] in "024" and id_[1] in "024" for id_ in lattice.index]]
    near = gi.weigh.contiguity(few, islands="bridge")
    layer = gi.draw.link_lines(few, near)
    assert re.search(r"and \d+ more", layer.described)
    sheet = gi.draw.sheet(layer, title="Links", source="tests")
    assert captions.objections(sheet) == []
    fewer = replace(layer, table=layer.table.iloc[:-1])
    assert captions.objections(replace(sheet, layers=(fewer,)))
