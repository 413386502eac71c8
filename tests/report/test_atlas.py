"""The atlas: one page for each sample and for a user's own files, its numbers those of the measures."""

from __future__ import annotations

import re

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.affinity import translate
from shapely.geometry import box

import geoinno as gi
from geoinno.report._atlas import spec, writing
from geoinno.report._atlas.chapters import borders, clusters, disparities, openness, place
from geoinno.report._atlas.chapters import flows as flows_room
from geoinno.report._atlas.language import Language


@pytest.fixture(scope="module")
def story(atlas_of):
    return atlas_of("central_asia")


def written(about, *rooms):
    """Return words and maps of these chapters about a subject."""
    found, evidence = writing.chapters(about, [room.chapter for room in rooms])
    fixed = writing.fixed(found, evidence, Language())
    blocks = [
        block
        for chapter in fixed
        if chapter.key != "findings"
        for block in writing.text_of(chapter, Language())
    ]
    return " ".join(b for b in blocks if isinstance(b, str)), [b for b in blocks if not isinstance(b, str)]


def headings(atlas):
    return re.findall(r"^## (.*)$", str(atlas), re.MULTILINE)


@pytest.mark.parametrize("name", ["north_america", "austria"])
def test_every_sample_has_its_atlas(name, atlas_of):
    made = atlas_of(name)
    years = ["Convergence"] if len(gi.read.sample(name).panel) else []
    assert headings(made) == [
        "Key findings",
        "The place",
        "Potential",
        "Clusters",
        "Poles and the spaces between",
        "Borders",
        "Flows",
        "Disparities",
        *years,
        "What if borders were open?",
        "What if movement were faster?",
        "Methods and sources",
    ]
    assert len(made.sheets) >= 6
    assert "nan" not in str(made).lower().split()


def test_the_page_asks_nothing_of_the_network(story, tmp_path):
    path = story.save(tmp_path / "atlas.html")
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)=["']https?:""", html)
    assert html.count('class="gi-map"') == len(story.sheets)
    assert path.stat().st_size < 8_000_000
    with pytest.raises(gi.errors.GeoinnoError, match=r"saved as \.html"):
        story.save(tmp_path / "atlas.pdf")


def test_numbers_in_the_words_are_those_of_the_measures(story, central_asia):
    regions, words = central_asia.regions, str(story)
    people = regions["city_population"]
    assert f"The sum of city population over all regions is {people.sum() / 1e6:.2f} million" in words
    assert f"city population across regions, each counted once, is {gi.measure.gini(people):.2f}" in words
    edges = gi.measure.segments(regions)
    assert f"Of the {len(edges)} boundary segments between regions, 42 lie on national borders" in words
    poles = gi.measure.growth_poles(people, gi.weigh.contiguity(regions), regions=regions)["pole"]
    assert f"Among 48 regions, {poles.sum()} growth poles stand out" in words


@pytest.fixture(scope="module")
def torn(lattice):
    """Return regions whose mass lies anyhow, and whose income jumps at each border."""
    random = np.random.default_rng(1)
    jobs, income = random.lognormal(5, 1, (2, len(lattice)))
    jump = lattice["country"].map({"A": 1.0, "B": 400.0, "C": 2.0})
    return lattice.assign(jobs=jobs, income_per_head=jump * income)


def test_borders_and_disparities_speak_of_the_indicator_that_was_given(torn):
    words = str(gi.report.atlas(torn, mass="jobs", indicator="income_per_head", half_km=60))
    edges, level = gi.measure.segments(torn), np.log10(torn["income_per_head"])
    tested = gi.measure.dissimilarity(level, edges)
    assert f"differ {tested.adjusted_ratio:.2f} times as much in income per head" in words
    assert "more than chance would explain" in words
    assert "Neighbours are compared by the ratio of their values of income per head." in words
    assert gi.measure.dissimilarity(level, edges).p < 0.01 < gi.measure.dissimilarity(torn["jobs"], edges).p
    income = torn["income_per_head"]
    assert f"income per head across regions, each counted once, is {gi.measure.gini(income):.2f}" in words
    parts = gi.measure.theil(income, groups=torn["country"])
    assert f"{parts['between'] / parts['total']:.1%} lies between countries" in words


@pytest.mark.parametrize(
    ("change", "said", "silent"),
    [
        # Too few neighbours are known to compare them across borders.
        (lambda x: x.where(x.index.str[1] < "2"), "Of the", "eighbours across a border"),
        (lambda x: x - x.max() - 1, "eighbours across a border", "Gini"),
        (lambda x: x - x.min(), "eighbours across a border", "by the ratio"),
        (lambda x: x.mask(x.index == "00"), "by the ratio of their values", "no data"),
    ],
)
def test_indicators_with_gaps_or_of_any_sign_have_their_words(torn, change, said, silent, subject_of):
    changed = torn.assign(income_per_head=change(torn["income_per_head"]))
    about = subject_of(changed, indicator="income_per_head")
    words, _ = written(about, borders, disparities)
    assert said in words
    assert silent not in words


def test_strangers_borders_are_tested_on_their_income(strangers, subject_of):
    regions = geopandas.read_file(strangers / "eu_nuts2" / "regions_2016.geojson").set_index("NUTS_ID")
    places = regions.geometry.representative_point()
    regions = regions[(places.x > -12) & (places.y > 33) & regions["region_gdp"].notna()]
    income = regions["region_gdp"] * 1e6 / regions["region_population"]
    regions = regions.rename(columns={"CNTR_CODE": "country"}).assign(gdp_per_head=income)
    about = subject_of(regions, mass="region_gdp", indicator="gdp_per_head", permutations=999)
    words, _ = written(about, borders)
    # The mass differs 1.21 times across borders (p 0.08); what was given differs far more.
    edges = gi.measure.segments(regions)
    known = income.dropna()
    inside = edges[edges["first"].isin(known.index) & edges["second"].isin(known.index)]
    tested = gi.measure.dissimilarity(np.log10(known), inside)
    assert tested.ratio > 1.6
    assert tested.p == pytest.approx(0.002)
    assert f"differ {tested.adjusted_ratio:.2f} times as much in GDP per head" in words


def test_the_atlas_is_the_same_at_every_run(story):
    assert gi.report.atlas("central_asia").html() == story.html()


def own_files(folder, central_asia, **lines):
    regions = central_asia.regions[["country", "name", "geometry"]].head(30).rename_axis("code")
    regions.loc[regions.index[0], "name"] = "<script>alert('x')</script>"
    regions.reset_index().to_file(folder / "regions.gpkg")
    people = central_asia.regions["city_population"].head(30).rename("jobs")
    people.rename_axis("code").to_csv(folder / "table.csv")
    said = {
        "regions": "regions.gpkg",
        "id": "code",
        "country": "country",
        "name": "name",
        "table": "table.csv",
        "mass": "jobs",
        "source": "tests",
        **lines,
    }
    written = [f"{key} = {value if isinstance(value, float) else repr(value)}" for key, value in said.items()]
    path = folder / "atlas.toml"
    path.write_text("\n".join(written).replace("'", '"'), encoding="utf-8")
    return path


def test_a_toml_file_tells_of_ones_own_data(tmp_path, central_asia):
    made = gi.report.atlas(own_files(tmp_path, central_asia, title="My place", half_km=150.0))
    assert made.title == "My place"
    assert "jobs" in str(made)
    assert "<script>alert('x')</script>" not in made.html()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ({"half_kn": 3.0}, "did you mean 'half_km'"),
        ({"mass": ""}, "'mass' must be given"),
        ({"half_km": "far"}, "half_km must be a number"),
        ({"mass": "people"}, "no column 'people'"),
    ],
)
def test_wrong_lines_are_named(tmp_path, central_asia, lines, message):
    with pytest.raises(gi.errors.GeoinnoError, match=message):
        gi.report.atlas(own_files(tmp_path, central_asia, **lines))


def test_regions_without_countries_have_an_atlas(central_asia):
    one = central_asia.regions[central_asia.regions["country"] == "KAZ"].drop(columns="country")
    made = gi.report.atlas(one, title="Kazakhstan")
    assert not {"Borders", "Flows", "What if borders were open?"} & set(headings(made))
    assert "in 1 country" not in str(made)
    assert isinstance(made.sheets[0].table, pd.DataFrame)


def test_net_flows_are_gained_and_lost_by_different_regions(lattice, subject_of):
    ids = lattice.index
    flows = pd.DataFrame({"origin": ids[1:], "destination": ids[:-1], "value": 5.0})
    about = subject_of(lattice.assign(jobs=1.0), flows)
    words, _ = written(about, flows_room)
    assert "Of the 36 regions, 1 gains and 1 loses by these flows." in words
    assert f"Net gains are largest in {lattice['name'].iloc[0]} (5); net losses are largest in" in words
    assert f"{lattice['name'].iloc[-1]} (5)." in words


def test_flows_that_balance_are_said_to(lattice, subject_of):
    ids = lattice.index
    flows = pd.DataFrame(
        {"origin": [*ids[1:], *ids[:-1]], "destination": [*ids[:-1], *ids[1:]], "value": 5.0}
    )
    about = subject_of(lattice.assign(jobs=1.0), flows)
    assert "Every region receives as much as it sends." in written(about, flows_room)[0]


def test_a_place_without_anything_to_say_has_no_empty_chapters(lattice, subject_of):
    flat = lattice.assign(jobs=1.0, level=3.0)
    about = subject_of(flat, indicator="level", border_factor=1.0)
    assert written(about, clusters, flows_room, openness) == ("", [])


def test_a_chapter_that_cannot_be_computed_says_so_and_the_rest_is_written(monkeypatch):
    def refuse(*_, **__):
        message = "three regions are too few."
        raise gi.ColumnError(message)

    monkeypatch.setattr(gi.measure, "moran", refuse)
    atlas = gi.report.atlas("austria", half_km=60)
    assert "## Clusters\n\nThis chapter cannot be computed: three regions are too few." in str(atlas)
    assert "Borders" in headings(atlas)
    assert "three regions are too few." in atlas.html()
    # The summary speaks of the chapters that there are.
    assert len(atlas.chapters[0].claims) == 5
    assert atlas.audit() == []


def test_a_strip_between_two_countries_is_on_the_page(subject_of):
    cells = [box(i, 50 + j, i + 1, 51 + j) for i in range(3) for j in range(2)]
    cells += [box(3.0004 + i, 50 + j, 4 + i, 51 + j) for i in range(1) for j in range(2)]
    regions = geopandas.GeoDataFrame(
        {"jobs": np.arange(1.0, 9.0), "country": list("AAAAAABB")},
        geometry=cells,
        index=list("abcdefgh"),
        crs=4326,
    )
    about = subject_of(regions)
    said, _ = written(about, borders)
    assert "No regions of different countries share a boundary." in said
    assert "Between A and B a strip of up to" in said
    assert "gi.read.repaired" in said


def test_labels_units_and_links_of_islands_are_in_words_and_legends(lattice, subject_of):
    regions = lattice.assign(jobs=np.arange(1.0, 37.0), gdp=np.arange(2.0, 38.0)).drop(
        index=["01", "10", "11"]
    )
    options = gi.report.AtlasOptions({"gdp": "Output per head"}, {"gdp": "EUR"}, islands="nearest")
    alone = regions.set_geometry(
        [shape if id_ != "00" else translate(shape, -0.2) for id_, shape in regions.geometry.items()],
        crs=4326,
    )
    about = subject_of(alone, indicator="gdp", options=options, permutations=1_999)
    words, (sheet,) = written(about, place)
    assert "Values of Output per head are highest in" in words
    assert "(37\u00a0EUR)" in words
    assert sheet.layers[0].legends[0].title == "Output per head, EUR"
    said, (drawn,) = written(about, clusters)
    assert re.search(r"do not touch and count as neighbours: Region 0-0 \u2013 Region \d-\d\.", said)
    assert [layer.kind for layer in drawn.layers] == ["fills", "lines"]
    with pytest.raises(gi.OptionError, match="islands must be one of"):
        subject_of(alone, options=gi.report.AtlasOptions(islands="x"))


def test_a_toml_file_filters_labels_and_gives_units(tmp_path, central_asia):
    path = own_files(tmp_path, central_asia)
    with path.open("a", encoding="utf-8") as text:
        text.write("\nfilter = \"country in ('KAZ', 'KGZ') and jobs > 0\"")
        text.write('\n[labels]\njobs = "Jobs by place of work"\n[units]\njobs = "people"\n')
    about = spec.subject_of_spec(spec.spec_of(path))
    assert set(about.regions["country"]) == {"KAZ", "KGZ"}
    assert about.mass.name == "Jobs by place of work"
    assert about.indicator.name == "Jobs by place of work per km\u00b2"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("labels = 3", "labels must be a table of texts by column"),
        ("[labels]\njobs = 3", r"labels must be a table of texts by column, such as \[labels\]"),
        ('filter = "wages > 3"', "filter names the column 'wages'"),
        ("filter = \"country.to_csv('x') == 1\"", "cannot be read"),
        ('islands = "far"', "islands must be one of"),
        ("skip = true", "skip must be a number"),
    ],
)
def test_wrong_lines_of_the_new_kinds_are_named(tmp_path, central_asia, line, message):
    path = own_files(tmp_path, central_asia)
    with path.open("a", encoding="utf-8") as text:
        text.write(f"\n{line}\n")
    with pytest.raises(gi.GeoinnoError, match=message):
        spec.subject_of_spec(spec.spec_of(path))


def test_what_is_tested_at_equal_distance_is_said_of_equal_distance(atlas_of):
    """In Austria the raw ratio is below one and the tested one above: chance was said to give more."""
    atlas = atlas_of("austria")
    ratio, adjusted = (atlas.figures.loc[f"borders.{name}", "value"] for name in ("ratio", "adjusted"))
    assert ratio < 1 < adjusted
    assert f"differ {adjusted:.2f} times as much in city population per km\u00b2" in str(atlas)
    assert "less than chance" not in str(atlas)
