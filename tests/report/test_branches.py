"""Every sentence of an atlas, of one, of a few and of many, in English and Russian: -s prints all."""

from __future__ import annotations

import re
from string import Formatter

import pandas as pd
import pytest

from geoinno.report._atlas.claims import ABOUT, Claim, Counts, Top, evidence_of
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.sentences import SENTENCES, TYPES
from geoinno.report._atlas.sentences_on_request import KINDS, VERDICTS

# Parts that are no figures, by the kind of thing that fills them.
NAMES = {
    **dict.fromkeys(("mass", "indicator", "values", "outcome", "name", "pillar", "worst_name"), "доход"),
    **dict.fromkeys(("names", "outcomes", "resources", "joining", "members"), "A и B"),
    "region": "X",
    "links": "A, B.",
    "type": "Z",
    "reason": "Причина.",
}
TOPS = (
    "top",
    "bottom",
    "first",
    "most",
    "contested",
    "gains",
    "losses",
    "fastest",
    "slowest",
    "ranks",
    "gaps",
)
TOPS += ("peaks", "apart", "alike", "best", "farthest")
FORMS = {"shift": "ratio", "p": "p", "moran": "fine", "level": "share", "factor": "share", "spread": "ratio"}
CLAUSES = {"types": TYPES, "kinds": KINDS, "verdicts": VERDICTS}


def fillings(text, count):
    """Return the parts and the figures that a sentence is filled with."""
    parts, figures = {}, {}
    for _, name, forms, _ in Formatter().parse(text):
        if not name:
            continue
        counted = bool(forms) or name in FORMS
        if name in CLAUSES or name == "parts":
            texts = CLAUSES.get(name) or {
                key: SENTENCES[f"diffusion.by_{key}"] for key in ("contagious", "size")
            }
            parts[name] = Counts({f"c.{name}{k}": clause for k, clause in enumerate(texts.values())})
            form = "share" if name == "parts" else "count"
            figures |= {
                f"c.{name}{k}": (0.5 if name == "parts" else max(count, 1), form) for k in range(len(texts))
            }
        elif name in TOPS and not counted:
            parts[name] = Top("c.column", min(max(count, 1), 3), bare=name == "first")
        elif name in NAMES and not counted:
            parts[name] = NAMES[name]
        else:
            figures[f"c.{name}"] = (count + 0.25 if name == "shift" else count, FORMS.get(name, "count"))
    return parts, figures


def said(text, count, lang):
    """Return a sentence whose figures are all the same count."""
    parts, figures = fillings(text, count)
    regions = pd.DataFrame({"name": list("ABC"), "c.column": [3.0, 2.0, 1.0]}, index=list("abc"))
    regions.attrs["columns"] = {"c.column": ("what", "number", "")}
    rows = {key: ("what", float(value), form, "") for key, (value, form) in figures.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["what", "value", *ABOUT[1:]])
    return Claim("c", text, parts).sentence(evidence_of(table, regions), Language(lang))


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 21])
def test_every_sentence_can_be_said_of_one_of_a_few_and_of_many(lang, count):
    for key, text in SENTENCES.items():
        if text.startswith("{n:"):
            continue
        sentence = said(text, count, lang)
        print(f"{key}: {sentence}")
        assert not re.search(r"[{}|]|  | [.,;)]|\(\s", sentence), sentence
        assert sentence.endswith((".", " ", ".)")) or key == "index.name", sentence
        if lang == "ru":
            assert not set("\"'\u201c\u201d") & set(sentence), sentence
            # A dash never begins a line, nor does p end one.
            assert not re.search(r" \u2014|\bp ", sentence), sentence


@pytest.mark.parametrize(
    ("key", "count", "expected"),
    [
        ("place.extent", 21, "Атлас охватывает 21 регион."),
        ("place.extent_abroad", 2, "Атлас охватывает 2 региона в 2 странах."),
        ("index.what", 5, "Сводный показатель «доход» рассчитан по 5 индикаторам."),
        ("index.shift", 1, "места сдвигаются на 1,25 позиции"),
        ("index.shift", 1, "интервал охватывает 1 место."),
        ("index.shift", 5, "места сдвигаются на 5,25 позиции"),
        ("index.shift", 5, "интервал охватывает 5 мест."),
        ("index.pillar", 2, "Лидеры по блоку «доход»: A (3) и B (2)."),
        ("place.range", 1, "выше всего в регионе A (3), ниже всего\u00a0— в регионе A (3); медиана равна 1."),
        ("clusters.low", 5, "вокруг 5 регионов; ниже всего они в регионах A (3), B (2) и C (1)."),
        ("goals.contradict", 1, "1 регионе цели, достижимые по отдельности, недостижимы одновременно."),
        ("goals.beyond", 21, "вероятностью не менее 21 достижимы 21 из 21 цели."),
    ],
)
def test_russian_numbers_and_nouns_agree(key, count, expected):
    assert expected in said(SENTENCES[key], count, "ru")


def test_a_noun_after_decimals_is_plural_in_english():
    assert said(SENTENCES["index.shift"], 1, "en").startswith(
        "On average, a region's rank shifts by 1.25 places"
    )


def test_a_unit_with_a_full_stop_ends_a_sentence_once():
    table = pd.DataFrame(
        {"what": ["m"], "value": [2.0], "form": ["number"], "unit": ["USD."]}, index=["c.median"]
    )
    regions = pd.DataFrame({"name": ["A"]}, index=["a"])
    claim = Claim("c", "The median is {median}. Then {median}; {median}.")
    written = claim.sentence(evidence_of(table, regions), Language("ru"))
    assert written == "The median is 2\u00a0USD. Then 2\u00a0USD.; 2\u00a0USD."


def test_names_with_commas_are_told_apart_by_semicolons():
    assert "".join(Language("en").joined(["A, X", "B", "C"])) == "; ; and "
    assert "".join(Language("ru").joined(["A, X", "B", "C"])) == "; ; и "
    assert "".join(Language("en").joined(["A", "B", "C"])) == ",  and "
    assert Language("en").joined(["Charleston, WV", "Jackson, MS"]) == ["", ", and "]
    assert Language("ru").joined(["Charleston, WV", "Jackson, MS"]) == ["", " и "]
    # Names with an "and" of their own, as Eastern and Midland in Ireland.
    assert "".join(Language("en").joined(["A and X", "B", "C"])) == "; ; and "
    assert "".join(Language("ru").joined(["A", "B", "C и X"])) == "; ; и "
    assert Language("en").joined(["A and X", "B and Y"])[1] == ", and "
    assert Language("en").joined(["A", "B"])[1] == " and "
    assert "".join(Language("en").joined(["there are 5 and 6", "B", "C"], clauses=True)) == ", , and "
