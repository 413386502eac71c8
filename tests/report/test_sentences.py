"""What an atlas says at the edges: ties, one region, tests that disagree, findings of nothing."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geoinno.report._atlas import writing
from geoinno.report._atlas.chapters import borders, diffusion, place, trade
from geoinno.report._atlas.claims import Claim, Counts, Top, evidence_of
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.language import Language

ENGLISH = Language()


@pytest.fixture
def about(subject_of):
    return lambda regions: subject_of(regions, indicator="level")


def words_of(chapter, case):
    """Return the words of a chapter and of its finding, all of them true of its tables."""
    _, evidence = writing.chapters(case, [lambda _: chapter])
    claims = [*chapter.claims, *([chapter.finding] if chapter.finding else [])]
    for claim in claims:
        assert all(condition.holds(evidence) for condition in claim.conditions), claim.text
    return " ".join(claim.sentence(evidence, ENGLISH) for claim in claims)


@pytest.fixture
def regions(lattice):
    return lattice.assign(jobs=1.0, level=np.arange(36.0))


@pytest.fixture
def said_of(about):
    def words(regions):
        case = about(regions)
        return words_of(place.chapter(case), case)

    return words


def test_regions_of_the_last_value_in_a_list_are_counted(regions, said_of):
    words = said_of(regions.assign(jobs=[9.0, *[2.0] * 7, *[1.0] * 28]))
    name = regions["name"]
    assert f"{name.iloc[0]} (9), {name.iloc[1]} (2)" in words
    assert f"{name.iloc[4]} (2) and 3 others with the same value." in words
    words = said_of(regions.assign(level=[0.0, 0.0, 0.0, 0.0, *np.arange(1.0, 33.0)]))
    assert f"{name.iloc[2]} (0) and 1 other with the same value" in words


def test_a_count_of_ties_that_changes_is_objected_to(regions, about):
    case = about(regions.assign(jobs=[9.0, *[2.0] * 7, *[1.0] * 28]))
    chapters, evidence = writing.chapters(case, [place.chapter])
    (_, found) = writing.fixed(chapters, evidence, ENGLISH)
    assert [o for c in found.claims for o in c.objections(evidence, ENGLISH)] == []
    key = next(key for key in evidence.figures.index if "ties" in key and evidence.figure(key) == 3)
    figures = evidence.figures.copy()
    figures.loc[key, "value"] = 4
    table = evidence.regions.copy()
    table.loc[table.index[7], "place.mass"] = 1.5
    for other in (
        evidence_of(figures, evidence.regions),
        evidence_of(evidence.figures, table.rename_axis("region")),
    ):
        assert [o for c in found.claims for o in c.objections(other, ENGLISH)]


def test_one_region_that_holds_half_is_named(regions, said_of):
    first = regions["name"].iloc[0]
    words = said_of(regions.assign(jobs=[99.0, *np.linspace(1, 2, 35)]))
    assert f"at least half of which is found in {first}." in words
    assert f"{first} alone holds at least half of the total jobs of 36 regions." in words
    words = said_of(regions.assign(jobs=np.linspace(1, 2, 36)))
    assert "largest regions hold half of it." in words


def test_a_single_region_is_not_compared_with_itself(regions, said_of):
    words = said_of(regions.iloc[:1])
    known = f"The only known value of level is that of {regions['name'].iloc[0]} (0)."
    assert words == f"The atlas covers 1 region. The sum of jobs is 1. {known}"


def test_values_that_are_all_the_same_are_not_ranked(regions, said_of):
    words = said_of(regions.assign(level=3.0))
    assert "All regions with a known value have the same level, 3." in words
    assert "highest" not in words


def test_no_region_is_both_among_the_highest_and_the_lowest(regions, said_of):
    few = regions.iloc[:4]
    words = said_of(few)
    names = few["name"].to_list()
    assert f"highest in {names[3]} (3) and {names[2]} (2) and lowest in {names[0]} (0)" in words
    assert words.count(names[2] + " (2)") == 1


@pytest.mark.parametrize(
    ("p", "p_placebo", "ratio", "said"),
    [
        (0.01, 0.02, 2.3, "more than chance would explain"),
        (0.01, 0.02, 0.4, "less than chance would produce"),
        (0.01, 0.2, 2.3, "but not every test rules out chance"),
        (0.3, 0.2, 2.3, "which chance could explain"),
    ],
)
def test_tests_of_borders_that_disagree_are_said_to(regions, p, p_placebo, ratio, said, about):
    draft = Draft(about(regions), "borders")
    result = SimpleNamespace(ratio=1.5, adjusted_ratio=ratio, p=p, p_placebo=p_placebo, p_noise=np.nan)
    borders._test(draft, result)
    words = words_of(draft.chapter(), draft.subject)
    assert words.count(said) == 2
    assert ("There is no evidence" in words) == (said == "which chance could explain")


@pytest.mark.parametrize(
    ("ratio", "p", "said"),
    [
        (3.0, 0.01, "Innovations spread between neighbours"),
        (0.3, 0.01, "Innovations do not pass from neighbour to neighbour"),
        (3.0, 0.5, "There is no evidence that innovations spread"),
    ],
)
def test_neighbours_that_hold_each_other_off_do_not_spread_innovations(regions, ratio, p, said, about):
    draft = Draft(about(regions), "diffusion")
    draft.figure("contagious", ratio, "ratio", form="ratio")
    draft.figure("contagious_p", p, "p", form="p")
    diffusion._finding(draft, ratio, ("contagious_p", "<=" if p <= 0.05 else ">", 0.05))
    assert said in words_of(draft.chapter(), draft.subject)


@pytest.mark.parametrize(
    ("welfare", "said"),
    [
        ([-0.01], "For X, the one country outside the bloc, welfare would change by \u22121.00%."),
        ([-0.01, 0.02], "Of the 2 countries outside the bloc, 1 would lose by it"),
        ([0.01, 0.02], "Of the 2 countries outside the bloc, 0 would lose by it"),
    ],
)
def test_countries_outside_a_bloc_are_counted(regions, welfare, said, about):
    draft = Draft(about(regions), "trade")
    table = pd.DataFrame({"role": "outsider", "welfare": welfare}, index=["X", "Y"][: len(welfare)])
    trade._outsiders(draft, table)
    assert said in words_of(draft.chapter(), draft.subject)


def test_what_there_is_no_evidence_of_comes_last_in_the_summary(regions, about):
    case = about(regions)
    chapters = []
    for key, sentence in (("borders", "finding_chance"), ("disparities", "finding"), ("poles", "finding")):
        draft = Draft(case, key)
        draft.find(sentence, **({"values": "level"} if key == "disparities" else {}))
        chapters.append(draft.chapter())
    (summary,) = writing._findings(chapters)
    assert [claim.chapter for claim in summary.claims] == ["poles", "disparities", "borders"]


def test_names_with_commas_are_parted_by_semicolons():
    table = pd.DataFrame({"name": ["Reno, NV", "Elko, NV", "Ely, NV"], "x.y": [3.0, 2.0, 1.0]})
    table.attrs["columns"] = {"x.y": ("Y", "number", "")}
    figures = pd.DataFrame(columns=["what", "value", "form", "unit"])
    evidence = evidence_of(figures, table)
    claim = Claim("x", "Led by {top}.", {"top": Top("x.y", 3, bare=True)})
    assert claim.sentence(evidence, ENGLISH) == "Led by Reno, NV; Elko, NV; and Ely, NV."


def test_clauses_have_a_comma_before_the_last():
    rows = {"x.a": ("a", 1, "count", ""), "x.b": ("b", 2, "count", "")}
    figures = pd.DataFrame.from_dict(rows, orient="index", columns=["what", "value", "form", "unit"])
    evidence = evidence_of(figures, pd.DataFrame({"name": ["A"]}))
    texts = {"x.a": "{n:is near and large|are near and large}", "x.b": "{n:is far|are far}"}
    claim = Claim("x", "Of these, {kinds}.", {"kinds": Counts(texts)})
    assert claim.sentence(evidence, ENGLISH) == "Of these, 1 is near and large, and 2 are far."
