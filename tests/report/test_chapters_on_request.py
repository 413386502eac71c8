"""The chapters on an index, on specialisation and on goals: their numbers, their doors, and their TOML."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.report._atlas import spec, writing
from geoinno.report._atlas.chapters import goals, index, place, sources, specialisation
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.language import Language

PILLARS = {"science": ["papers", "staff"], "markets": ["exports", "fees"]}
COLUMNS = [column for columns in PILLARS.values() for column in columns]
ROOMS = (index, specialisation, goals)


@pytest.fixture(scope="module")
def regions(lattice):
    random = np.random.default_rng(3)
    names = ["jobs", "papers", "staff", "exports", "fees", "spending", "patents", "income"]
    table = random.lognormal(2, 0.4, (len(lattice), len(names)))
    columns = pd.DataFrame(table, lattice.index, names)
    return lattice.assign(**columns, aim=1.6 * columns["patents"])


def activities(ids, count=6):
    """Return amounts in which the first activities are everywhere and the last in few regions."""
    random = np.random.default_rng(5)
    amounts = random.lognormal(0, 1, (len(ids), count)) * (
        random.random((len(ids), count)) < np.linspace(1, 0.3, count)
    )
    amounts[:, 0] += 0.5
    return pd.DataFrame(amounts, ids, [f"branch {chr(97 + k)}" for k in range(count)])


def options(regions, **more):
    return gi.report.AtlasOptions(
        labels={"papers": "scientific papers", "patents": "new patents"},
        index=gi.report.IndexChapter(PILLARS, less_is_better=["fees"], draws=60),
        specialisation=gi.report.SpecialisationChapter(activities(regions.index)),
        goals=gi.report.GoalsChapter(
            ["staff", "spending"], targets={"patents": "aim"}, factors={"income": 1.2}
        ),
        **more,
    )


@pytest.fixture
def about(subject_of):
    return lambda regions, given: subject_of(regions, indicator="income", options=given)


def found(case, *rooms):
    chapters, evidence = writing.chapters(case, [room.chapter for room in rooms])
    return writing.fixed(chapters, evidence, Language(case.lang)), evidence


def words_of(case, *rooms):
    chapters, _ = found(case, *rooms)
    blocks = [b for chapter in chapters for b in writing.text_of(chapter, Language(case.lang))]
    return " ".join(block for block in blocks if isinstance(block, str))


@pytest.fixture(scope="module")
def atlas(regions):
    return gi.report.atlas(regions, mass="jobs", indicator="income", half_km=60, options=options(regions))


def test_chapters_stand_where_their_data_are_given_and_nowhere_else(regions, atlas, about):
    keys = [chapter.key for chapter in atlas.chapters]
    assert [key for key in keys if key in {"index", "specialisation", "goals"}] == [
        "index",
        "specialisation",
        "goals",
    ]
    assert found(about(regions, gi.report.AtlasOptions()), *ROOMS)[0] == []


def test_every_number_on_the_page_leads_to_its_row(atlas, check_page):
    assert atlas.audit() == []
    check_page(atlas)


def test_numbers_in_the_words_are_those_of_the_measures(regions, atlas):
    words, random = str(atlas), {"draws": 60, "seed": 0}
    table = regions[COLUMNS]
    case = {"structure": PILLARS, "direction": {"fees": -1}}
    first = gi.measure.composite_index(table, **case).scores["index"]
    best = regions.loc[first.idxmax(), "name"]
    assert f"the index is highest in {best} ({first.max():.4g})" in words
    ranks = gi.measure.rank_intervals(table, **case, **random)
    row = ranks.table.loc[first.idxmax()]
    assert f"95% of 60 draws place it between rank {row['low']:.0f} and rank {row['high']:.0f}" in words
    apart = gi.measure.krugman(activities(regions.index))
    assert f"other regions in {regions.loc[apart.idxmax(), 'name']} ({apart.max():.2f})" in words
    wanted = pd.DataFrame({"patents": regions["aim"], "income": 1.2 * regions["income"]})
    means = regions[["staff", "spending"]]
    held = gi.measure.attainable(wanted, regions[["patents", "income"]], means)
    likely = (held.table["probability"] >= 0.5).sum()
    assert f"{likely} of 72 goals can be reached with a probability of at least 50%" in words
    assert "Goals for new patents and income are compared with" in words


def test_no_figure_and_no_ranking_of_these_chapters_can_change_without_an_objection(atlas, objects):
    claims = [c for chapter in atlas.chapters for c in chapter.claims]
    ours = [c for c in claims if c.chapter.split(".")[0] in {"index", "specialisation", "goals"}]
    used = {
        f"{c.chapter}.{name}" for c in ours for name in re.findall(r"\{(\w+)", c.text) if name not in c.parts
    }
    assert len(used) > 25
    for key in used:
        figures = atlas.figures.copy()
        figures.loc[key, "value"] = 2 * figures.loc[key, "value"] + 3
        assert objects(atlas, key, figures=figures), key
    tops = {part.column for c in ours for part in c.parts.values() if isinstance(part, Top)}
    assert len(tops) > 8
    for column in tops:
        table = atlas.table.copy()
        table.attrs = atlas.table.attrs
        table[column] = table[column].to_numpy()[::-1]
        assert objects(atlas, column, table=table), column


def test_a_word_beside_a_number_is_checked_too(atlas):
    table = atlas.table.copy()
    table.attrs = atlas.table.attrs
    table["specialisation.peak.word"] = "another"
    assert any("another" in objection for objection in replace(atlas, table=table).audit())


def test_the_plot_stands_beside_the_map_with_words_of_its_own(atlas):
    html = atlas.html()
    pairs = re.findall(r'<figure class="gi-plot"><img src="data:image/png[^"]+" alt="([^"]+)">', html)
    assert len(pairs) == html.count('class="page-pair"') == 3
    assert pairs[0].startswith("Plot of the median ranks of 25 of the 36 regions, the best at the top: ")
    assert pairs[0] in [claim.said for chapter in atlas.chapters for claim in chapter.claims]
    # On paper and in a notebook, the plot is there as well.
    twin = atlas._repr_mimebundle_()["text/html"]
    assert pairs[0].split(":")[0] in twin


def test_contradictions_are_certified_in_words(lattice, about):
    """One resource carries either outcome: who has half of it cannot have all of both."""
    share = np.linspace(0, 1, 36)
    both = lattice.assign(jobs=1.0, staff=1.0, papers=100 * share, patents=100 * (1 - share))
    chapter = gi.report.GoalsChapter(["staff"], factors={"papers": 1.5, "patents": 1.5})
    words = words_of(about(both.assign(income=both["papers"]), gi.report.AtlasOptions(goals=chapter)), goals)
    assert re.search(
        r"In \d+ regions, goals that are attainable one by one cannot be reached together\.", words
    )
    assert re.search(
        r"the resources do not suffice for papers \([\d.]+\) and patents \([\d.]+\) at once", words
    )


def test_gaps_in_the_data_are_counted_or_filled(regions, about):
    holes = regions.copy()
    holes.loc[holes.index[:4], "papers"] = np.nan
    holes.loc[holes.index[:2], "staff"] = np.nan
    words = words_of(about(holes, options(holes)), index, goals)
    assert "Without a value of every indicator, 4 regions are left out of this chapter." in words
    assert "2 regions are left out of this chapter" in words
    filled = replace(options(holes).index, missing=("median", "mean"))
    words = words_of(about(holes, gi.report.AtlasOptions(index=filled)), index)
    assert "To complete the data, 6 missing values were estimated." in words
    assert "left out" not in words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scales": ("z", "rank"), "means": ("arithmetic",)}, "in standard deviations from its mean"),
        ({"scales": ("rank",), "means": ("ces",)}, "mean of constant elasticity"),
        ({"scales": ("minmax",), "means": ("mazziotta-pareto",)}, "takes points off for imbalance"),
        ({"scales": ("frontier",), "means": ("geometric",)}, "as a share of its best value"),
        (
            {
                "scales": ("goalposts", "minmax"),
                "goalposts": dict.fromkeys(COLUMNS, (0, 40)),
            },
            "between two fixed goalposts",
        ),
    ],
)
def test_the_index_says_what_it_is_made_by(regions, change, said, about):
    chapter = replace(options(regions).index, noise=0.01, **change)
    words = words_of(about(regions, gi.report.AtlasOptions(index=chapter)), index)
    assert said in words
    assert "cannot be computed" not in words


def test_activities_without_an_order_of_complexity_have_their_mix(regions, about):
    two = activities(regions.index)[["branch a", "branch f"]]
    chapter = gi.report.SpecialisationChapter(two.iloc[:30])
    words = words_of(about(regions, gi.report.AtlasOptions(specialisation=chapter)), specialisation)
    assert "The complexity of activities cannot be measured." in words
    assert "For 6 regions, no activity is known." in words


def test_declared_priorities_stand_beside_what_is_measured(regions, about):
    table = activities(regions.index)
    pairs = pd.DataFrame({"region": list(regions.index[:8]), "activity": "branch e"})
    chapter = gi.report.SpecialisationChapter(table, declared=pairs)
    case = about(regions, gi.report.AtlasOptions(specialisation=chapter))
    words = words_of(case, specialisation)
    assert "Regions have declared 8 priorities. Of these, " in words


def test_a_chapter_that_fails_says_why_and_the_others_stand(regions, about):
    flat = regions.assign(papers=3.0)
    chapters, _ = found(about(flat, options(flat)), place, *ROOMS)
    words = words_of(about(flat, options(flat)), place, *ROOMS)
    assert "This chapter cannot be computed: Column 'papers'" in words
    assert [chapter.key for chapter in chapters] == ["findings", "place", "index", "specialisation", "goals"]
    text = regions.assign(patents="many")
    words = words_of(about(text, options(text)), goals)
    assert "This chapter cannot be computed: Column 'patents' must be numeric" in words
    text = regions.assign(papers="many")
    words = words_of(about(text, options(text)), index)
    assert "This chapter cannot be computed: Column 'papers' must be numeric" in words
    mixed = replace(
        options(regions).goals,
        kinds={"patents": ("final", "integral"), "income": ("intermediate", "integral")},
    )
    words = words_of(about(regions, gi.report.AtlasOptions(goals=mixed)), goals)
    assert "This chapter cannot be computed: Goals mix what is final" in words


def test_the_sources_name_the_methods_of_these_chapters(regions, about):
    words = words_of(about(regions, options(regions)), sources)
    for name in ("composite_index", "rank_intervals", "complements", "attainable"):
        assert f"`{name}`" in words
    assert "attainable" not in words_of(about(regions, gi.report.AtlasOptions()), sources)


def test_russian_sentences_take_their_plurals(regions, about):
    chapters, evidence = found(about(regions, options(regions, lang="ru")), *ROOMS)
    words = words_of(about(regions, options(regions, lang="ru")), *ROOMS)
    assert "рассчитан по 4 индикаторам в 2 блоках: science и markets" in words
    assert "из 36 целей" in words
    assert all(
        not claim.objections(evidence, Language("ru")) for chapter in chapters for claim in chapter.claims
    )


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda *_: gi.report.AtlasOptions(index=3), "must be an IndexChapter"),
        (lambda *_: gi.report.IndexChapter(["a"], scales=["best"]), "scales must be one of"),
        (lambda *_: gi.report.IndexChapter(["a"], means=()), "at least one option"),
        (lambda *_: gi.report.IndexChapter(["a"], less_is_better=["b"]), "not among the columns of pillars"),
        (lambda *_: gi.report.GoalsChapter([]), "needs resources"),
        (lambda *_: gi.report.GoalsChapter(["s"], {"a": "b"}, {"a": 2}), "stated twice"),
        (
            lambda about, r: about(
                r, gi.report.AtlasOptions(index=gi.report.IndexChapter(["papers", "what"]))
            ),
            "no column 'what'.*chapter 'index' needs it",
        ),
        (
            lambda about, r: about(
                r,
                gi.report.AtlasOptions(
                    specialisation=gi.report.SpecialisationChapter(activities([*r.index, "zz"]))
                ),
            ),
            "not in the regions of the atlas: 'zz'",
        ),
    ],
)
def test_what_names_nothing_is_refused_at_once(regions, about, build, message):
    with pytest.raises(gi.GeoinnoError, match=message):
        build(about, regions)


TOML = """
regions = "regions.gpkg"
id = "code"
country = "country"
mass = "jobs"
source = "tests"
half_km = 60
permutations = 99
filter = "jobs > 0"
[index]
draws = 40
less_is_better = ["fees"]
[index.pillars]
science = ["papers", "staff"]
markets = ["exports", "fees"]
[specialisation]
file = "branches.csv"
id = "code"
activity = "branch"
value = "amount"
declared = "declared.csv"
[goals]
resources = ["staff", "spending"]
[goals.targets]
patents = "aim"
[goals.factors]
income = 1.2
"""


@pytest.fixture
def files(regions, tmp_path):
    code = regions.rename_axis("code")
    code.reset_index().to_file(tmp_path / "regions.gpkg")
    table = activities(regions.index).rename_axis("code")
    rows = table.melt(ignore_index=False, var_name="branch", value_name="amount")
    rows[rows["amount"] > 0].to_csv(tmp_path / "branches.csv")
    table.gt(1).astype(int).to_csv(tmp_path / "declared.csv")
    return tmp_path


def test_a_toml_file_asks_for_the_same_chapters(files, regions):
    path = files / "atlas.toml"
    path.write_text(TOML, encoding="utf-8")
    case = spec.subject_of_spec(spec.spec_of(path))
    given = case.options
    assert given.index.pillars == PILLARS
    assert given.goals.targets == {"patents": "aim"}
    table = activities(regions.index)
    pd.testing.assert_frame_equal(
        given.specialisation.activity, table, check_names=False, check_dtype=False, check_column_type=False
    )
    words = words_of(case, *ROOMS)
    assert words.count("cannot be computed") == 0
    assert "Regions have declared" in words


def test_activities_may_be_columns_or_a_wide_file(files, regions):
    path = files / "atlas.toml"
    start = TOML.split("[index]", maxsplit=1)[0]
    path.write_text(f'{start}[specialisation]\ncolumns = ["papers", "staff", "fees"]\n', encoding="utf-8")
    chapter = spec.subject_of_spec(spec.spec_of(path)).options.specialisation
    assert list(chapter.activity) == ["papers", "staff", "fees"]
    activities([*regions.index, "elsewhere"]).rename_axis("code").to_csv(files / "wide.csv")
    path.write_text(f'{start}[specialisation]\nfile = "wide.csv"\nid = "code"\n', encoding="utf-8")
    chapter = spec.subject_of_spec(spec.spec_of(path)).options.specialisation
    assert chapter.activity.index.tolist() == regions.index.tolist()  # the filter leaves out "elsewhere"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("[index]\npillar = ['a']", r"\[index\] has the line 'pillar'.*did you mean 'pillars'"),
        ("[index]\npillars = 3", r"\[index\] pillars must be a list of columns"),
        ("[index]\ndraws = 40", r"\[index\] must have the line 'pillars'"),
        ("[index]\npillars = ['jobs']\ndraws = 2.5", "draws must be a whole number"),
        ("[goals]\nresources = ['jobs']\nbounds = {a = [1]}", r"bounds must be a table of \[low, high\]"),
        ("[goals]\nresources = ['jobs']\nspillovers = 1", "spillovers must be true or false"),
        ("[specialisation]\ncut = 1.0", "needs columns, or a file"),
        ("[specialisation]\ncolumns = ['what']", "columns has 'what'"),
        ("index = 3", "index must be a table"),
    ],
)
def test_wrong_lines_of_these_tables_are_named(files, lines, message):
    path = files / "atlas.toml"
    start = TOML.split("[index]", maxsplit=1)[0]
    path.write_text(f"{start}{lines.replace(chr(39), chr(34))}\n", encoding="utf-8")
    with pytest.raises(gi.GeoinnoError, match=message):
        spec.subject_of_spec(spec.spec_of(path))
