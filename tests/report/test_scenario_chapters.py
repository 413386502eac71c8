"""The chapters of the atlas on trade and on diffusion: their numbers, their conditions, and their doors."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.report._atlas import spec, writing
from geoinno.report._atlas.chapters import diffusion, sources, trade
from geoinno.report._atlas.language import Language

ENGLISH = Language()


def trading(lattice, border=-1.0):
    """Return regions that produce, and their trade by gravity with a border effect."""
    random = np.random.default_rng(4)
    size = random.lognormal(3, 0.5, len(lattice))
    km = gi.weigh.distances(lattice).to_numpy() + 30 * np.eye(len(lattice))
    country = lattice["country"].to_numpy()
    abroad = country[:, None] != country
    table = size[:, None] * size / km * np.exp(border * abroad) * random.gamma(20, 1 / 20, km.shape)
    here, there = np.nonzero(~np.eye(len(lattice), dtype=bool))
    ends = {"origin": lattice.index[here], "destination": lattice.index[there]}
    flows = pd.DataFrame({**ends, "value": table[here, there]})
    return lattice.assign(jobs=size, output=table.sum(axis=1)), flows


def adopting(lattice):
    """Return adoptions that follow neighbours: three innovations that grow from corners of the map."""
    random = np.random.default_rng(0)
    row, column = np.divmod(np.arange(36), 6)
    rows = []
    for name, (r, c) in {"a": (0, 0), "b": (5, 1), "c": (2, 5)}.items():
        when = 2000 + np.abs(row - r) + np.abs(column - c) + random.integers(0, 2, 36)
        rows.append(pd.DataFrame({"region": lattice.index, "innovation": name, "period": when}))
    return pd.concat(rows, ignore_index=True)


def found(about, *rooms):
    chapters, evidence = writing.chapters(about, [room.chapter for room in rooms])
    return writing.fixed(chapters, evidence, Language(about.lang)), evidence


def words_of(about, *rooms):
    chapters, evidence = found(about, *rooms)
    claims = [claim for chapter in chapters for claim in chapter.claims]
    assert [o for claim in claims for o in claim.objections(evidence, Language(about.lang))] == []
    language = Language(about.lang)
    texts = [t for c in chapters if c.key != "findings" for t in writing.text_of(c, language)]
    return " ".join(text for text in texts if isinstance(text, str))


@pytest.fixture(scope="module")
def economy(lattice, subject_of):
    regions, flows = trading(lattice)
    bloc = gi.report.TradeOptions("output", members=("A",), joining=("B", "C"), effect=0.4)
    options = gi.report.AtlasOptions(trade=bloc, adoptions=adopting(lattice))
    return subject_of(regions, flows, options=options)


@pytest.fixture(scope="module")
def chapters(economy):
    return found(economy, trade, diffusion)


@pytest.fixture(scope="module")
def words(chapters):
    written, evidence = chapters
    claims = [claim for chapter in written for claim in chapter.claims]
    assert [o for claim in claims for o in claim.objections(evidence, ENGLISH)] == []
    return " ".join(t for c in written for t in writing.text_of(c, ENGLISH) if isinstance(t, str))


def test_the_numbers_on_trade_are_those_of_the_scenarios(economy, words):
    regions = economy.regions
    table = gi.simulate.trade_table(economy.flows, production=regions["output"])
    fit = gi.measure.gravity(economy.flows, gi.weigh.distances(regions), border=regions["country"])
    slope, low, high = fit.coefficients.loc["border", ["estimate", "low", "high"]]
    assert f"is {np.exp(slope):.0%} of trade within a country" in words
    assert f"(95% interval: {np.exp(low):.0%} to {np.exp(high):.0%})" in words
    country = regions["country"].to_numpy()
    abroad = country[:, None] != country
    opened = gi.simulate.opening(table, -slope * (table * 0 + abroad))
    grown = [
        (opened.flows[effect].to_numpy() * abroad.ravel()).sum() / (table.to_numpy() * abroad).sum() - 1
        for effect in ("partial", "conditional", "full")
    ]
    assert (
        f"grow by {grown[0]:.0%} if nothing else moved, by {grown[1]:.0%} at given incomes, and by "
        f"{grown[2]:.0%} once" in words
    )
    welfare = opened.table["welfare"]
    assert f"Welfare would rise in {(welfare > 0).sum()} of 36 regions" in words
    most = ENGLISH.form(welfare.max(), "percent")
    assert f"largest in {regions['name'][welfare.idxmax()]} ({most})" in words


def test_the_numbers_on_accession_are_those_of_the_coalitions(economy, words):
    country = economy.regions["country"]
    table = gi.simulate.trade_table(economy.flows, production=economy.regions["output"])
    nations = table.groupby(country).sum().T.groupby(country).sum().T
    grown = gi.simulate.accession(nations, ["A"], joining=["B", "C"], effect=0.4)
    assert f"If B and C joined A, and trade within the bloc rose by {np.expm1(0.4):.0%}" in words
    world = grown.table["value"].sum() / grown.table["production"].sum()
    assert f"{world:.2%} of all production" in words
    share = grown.shapley.max() / grown.shapley.sum()
    assert f"{grown.shapley.idxmax()} accounts for {share:.0%} of this gain" in words
    assert "outside the bloc" not in words


def test_a_new_bloc_has_outsiders(lattice, subject_of):
    regions, flows = trading(lattice)
    bloc = gi.report.TradeOptions("output", joining=("A", "B"), effect=0.4)
    options = gi.report.AtlasOptions(trade=bloc)
    about = subject_of(regions, flows, options=options)
    chapters, _ = found(about, trade)
    grown = next(sheet for sheet in chapters[-1].blocks if "bloc were formed" in getattr(sheet, "title", ""))
    # Two gain and one loses: no class holds both.
    ends = {key.label[0] == "\u2212" for key in grown.layers[0].legends[0].keys if key.count}
    assert ends == {True, False}
    words = words_of(about, trade)
    assert "If A and B formed a bloc" in words
    assert "For C, the one country outside the bloc, welfare would change by \u2212" in words


def test_without_evidence_of_a_border_no_opening_is_worked_out(lattice, subject_of):
    regions, flows = trading(lattice, border=0.3)
    options = gi.report.AtlasOptions(trade=gi.report.TradeOptions("output"))
    about = subject_of(regions, flows, options=options)
    words = words_of(about, trade)
    assert words.count(".") < 6
    assert "There is no evidence that national borders hold trade back" in words
    assert "Welfare" not in words


def test_regions_without_trade_are_counted(lattice, subject_of):
    regions, flows = trading(lattice)
    some = flows[~flows[["origin", "destination"]].isin(["00", "35"]).any(axis=1)]
    options = gi.report.AtlasOptions(trade=gi.report.TradeOptions("output"))
    about = subject_of(regions, some, options=options)
    assert "For 2 regions, no trade is known; what follows is about the other 34 regions." in words_of(
        about, trade
    )


def test_flows_that_are_no_trade_have_no_chapter_on_it(lattice, subject_of):
    regions, flows = trading(lattice)
    about = subject_of(regions, flows)
    assert trade.chapter(about) is None
    assert diffusion.chapter(about) is None
    assert "opening" not in words_of(about, sources)


def test_the_numbers_on_diffusion_are_those_of_the_hazard(economy, words):
    regions = economy.regions
    assert "The table records 108 adoptions of 3 innovations by 36 regions, from 2000 to 20" in words
    hazard = gi.measure.diffusion_hazard(
        economy.adoptions,
        gi.weigh.contiguity(regions),
        size=regions["jobs"],
        country=regions["country"],
        permutations=99,
    )
    row = np.exp(hazard.coefficients.loc["contagious", ["estimate", "low", "high"]])
    ratio, low, high = (ENGLISH.form(value, "ratio") for value in row)
    assert f"takes it up at {ratio} times the rate" in words
    assert f"(95% interval: {low} to {high})" in words
    assert "a difference that chance would rarely produce (two-sided p" in words
    assert "If those neighbours lie abroad" in words
    lead = hazard.leaders["lead"]
    assert f"highest in {regions['name'][lead.idxmax()]} ({lead.max():.2f})" in words


def test_terms_that_cannot_be_told_apart_are_left_out(lattice, subject_of):
    """Where all regions are alike in size there is no hierarchy, and in one country no border."""
    alike = lattice.assign(jobs=1.0, country="A")
    options = gi.report.AtlasOptions(adoptions=adopting(lattice))
    about = subject_of(alike, options=options)
    words = words_of(about, diffusion)
    assert "takes it up at" in words
    assert "larger regions" not in words
    assert "abroad" not in words
    assert "What the model explains" not in words


def test_adoption_anyhow_is_no_diffusion(lattice, subject_of):
    random = np.random.default_rng(3)
    table = adopting(lattice)
    table["period"] = table.groupby("innovation")["period"].transform(random.permutation)
    options = gi.report.AtlasOptions(adoptions=table)
    about = subject_of(lattice.assign(jobs=1.0), options=options)
    chapters, evidence = found(about, diffusion)
    assert "no evidence that innovations spread" in chapters[0].claims[0].sentence(evidence, ENGLISH)


def test_no_figure_of_a_scenario_can_change_without_an_objection(chapters):
    written, evidence = chapters
    claims = [claim for chapter in written for claim in chapter.claims]
    used = {
        f"{claim.chapter}.{name}"
        for claim in claims
        for name in re.findall(r"\{(\w+)", claim.text)
        if name not in claim.parts
    }
    assert len(used) > 25
    for key in used:
        figures = evidence.figures.copy()
        figures.loc[key, "value"] = 2 * figures.loc[key, "value"] + 3
        other = replace(evidence, figures=figures)
        assert any(claim.objections(other, ENGLISH) for claim in claims), key


def test_every_number_on_the_page_leads_to_a_cell_that_bears_it_out(chapters, check_page):
    written, evidence = chapters
    check_page(gi.report.Atlas("Scenarios", tuple(written), evidence.figures, evidence.regions, ENGLISH))


def test_the_chapters_are_in_russian_too(economy):
    left = words_of(replace(economy, lang="ru", permutations=19), trade, diffusion)
    assert not re.search(r"\b(the|of|region|regions|and|would)\b", left), left


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"trade": "output"}, gi.OptionError, r"TradeOptions\(production=...\); str was given"),
        ({"trade": gi.report.TradeOptions("gdp")}, gi.ColumnError, "'gdp' is none"),
        (
            {"trade": gi.report.TradeOptions("output", joining=("X",), effect=1.0)},
            gi.AlignmentError,
            "joining has countries that no region has: 'X'",
        ),
        (
            {"trade": gi.report.TradeOptions("output", joining=("B",))},
            gi.OptionError,
            "effect must be",
        ),
        (
            {"adoptions": pd.DataFrame({"region": ["00"]})},
            gi.ColumnError,
            "There are no columns 'innovation', 'period'",
        ),
        (
            {"adoptions": pd.DataFrame({"region": ["x"], "innovation": ["a"], "period": [1]})},
            gi.AlignmentError,
            "regions that are not in the regions: 'x'",
        ),
    ],
)
def test_unsound_scenarios_are_refused_at_the_door(lattice, change, error, words, subject_of):
    regions, flows = trading(lattice)
    with pytest.raises(error, match=words):
        subject_of(regions, flows, options=gi.report.AtlasOptions(**change))


def test_production_needs_flows(lattice, subject_of):
    regions, _ = trading(lattice)
    options = gi.report.AtlasOptions(trade=gi.report.TradeOptions("output"))
    with pytest.raises(gi.FlowError, match="only beside flows"):
        subject_of(regions, options=options)


def own_files(folder, lattice, lines=""):
    regions, flows = trading(lattice)
    regions.rename_axis("code").reset_index().to_file(folder / "regions.gpkg")
    flows.to_csv(folder / "trade.csv", index=False)
    adopting(lattice).rename(columns={"period": "year"}).to_csv(folder / "laws.csv", index=False)
    text = (
        'regions = "regions.gpkg"\nid = "code"\nmass = "jobs"\nsource = "s"\ncountry = "country"\n'
        'name = "name"\nflows = "trade.csv"\nproduction = "output"\nmembers = ["A"]\njoining = ["B"]\n'
        'effect = 0.4\nadoptions = "laws.csv"\nperiod = "year"\n'
    )
    path = folder / "place.toml"
    path.write_text(text + lines, encoding="utf-8")
    return path


def test_a_toml_file_names_trade_and_adoptions(tmp_path, lattice):
    about = spec.subject_of_spec(spec.spec_of(own_files(tmp_path, lattice, "filter = \"country != 'C'\"")))
    assert about.trade.production.to_numpy() == pytest.approx(about.regions["output"].to_numpy())
    assert (about.trade.members, about.trade.joining, about.trade.effect) == (["A"], ["B"], 0.4)
    assert len(about.adoptions) == 3 * 24
    assert set(about.adoptions["region"]) == set(about.regions.index)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('elasticity = "high"', "elasticity must be a number"),
        ('islands = ["far"]', "islands must be text in quotes"),
        ("[labels]\nmembers = 3", "labels must be a table of texts"),
    ],
)
def test_wrong_lines_of_scenarios_are_named(tmp_path, lattice, line, words):
    with pytest.raises(gi.GeoinnoError, match=words):
        spec.spec_of(own_files(tmp_path, lattice, line))


def test_the_lines_in_the_documentation_are_known(repository, tmp_path):
    text = (repository / "docs" / "questions" / "my_report.md").read_text(encoding="utf-8")
    path = tmp_path / "place.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    given = spec.spec_of(path)
    assert (given.production, given.joining, given.period) == ("output", ["UZB", "TJK"], "year")


def test_a_list_of_countries_holds_texts_and_needs_production(tmp_path, lattice):
    path = own_files(tmp_path, lattice)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["B"]', "[3]"), encoding="utf-8")
    with pytest.raises(gi.GeoinnoError, match="joining must be a list of texts, such as"):
        spec.spec_of(path)
    path.write_text(text.replace('production = "output"\n', ""), encoding="utf-8")
    with pytest.raises(gi.GeoinnoError, match="joining needs production"):
        spec.spec_of(path)
