"""Languages: catalogues that are complete and true to their texts, plural forms, and numbers by locale."""

from __future__ import annotations

import re
import warnings
from string import Formatter

import pandas as pd
import pytest

import geoinno as gi
from geoinno._language import LANGUAGES, catalogue, decimal_mark, plural_form, translated
from geoinno.draw._layers.words import WORDS
from geoinno.report._atlas.headings import HEADINGS
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.sentences import SENTENCES, TYPES

others = pytest.mark.parametrize("lang", LANGUAGES[1:])


@others
def test_every_fixed_word_of_a_map_has_its_translation(lang):
    known = catalogue(lang)._catalog
    for key, words in WORDS["en"].items():
        assert words in known, (lang, key)
        assert WORDS[lang][key].strip()
    for scale in ("million", "billion", "trillion"):
        assert scale in known


def placeholders(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_every_sentence_of_the_atlas_is_in_russian_with_its_figures():
    known = catalogue("ru")._catalog
    for text in [*SENTENCES.values(), *HEADINGS.values(), *TYPES.values(), "and"]:
        assert text in known, text
        assert placeholders(known[text]) == placeholders(text), text
        assert not re.search(r"\d", re.sub(r"\{\w+", "", known[text])), text


def test_russian_nouns_have_three_forms():
    for text in SENTENCES.values():
        for _, name, forms, _ in Formatter().parse(translated(text, "ru")):
            if name and forms:
                assert forms.count("|") == 2, text


# From the plural rules of the Unicode CLDR, 45: one, few, many (ru); one, other (de, es, fr, uz).
@pytest.mark.parametrize(
    ("lang", "count", "form"),
    [
        ("ru", 1, 0),
        ("ru", 2, 1),
        ("ru", 5, 2),
        ("ru", 11, 2),
        ("ru", 21, 0),
        ("ru", 112, 2),
        ("en", 0, 1),
        ("en", 1, 0),
        ("fr", 0, 0),
        ("de", 2, 1),
    ],
)
def test_plural_forms_follow_the_language(lang, count, form):
    assert plural_form(count, lang) == form


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (2_591_000.0, "number", "2,591\u202fмлн"),
        (32_928_776.0, "count", "32\u202f928\u202f776"),
        (0.131, "fine", "0,131"),
        (0.0312, "p", "= 0,031"),
        (0.25, "share", "25%"),
    ],
)
def test_russian_numbers(value, form, said):
    assert Language("ru").form(value, form) == said


@others
def test_numbers_on_maps_have_the_decimal_mark_of_the_language(lang, lattice):
    assert decimal_mark(lang) == ","
    values = pd.Series([1.25 * (i + 1) for i in range(36)], index=lattice.index)
    sheet = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v1.5"), source="S", lang=lang)
    layer = sheet.layers[0]
    assert not any(re.search(r"\d\.\d", key.label) for key in layer.legends[0].keys)
    assert layer.tips["v1.5"].iloc[0] == "1,25"
    # What the user wrote stays as it is.
    assert layer.legends[0].title == "v1.5"
    assert '<td class="gi-number">1,25</td>' in sheet.html()
    assert WORDS[lang]["source"] in sheet.credits


def test_the_atlas_in_russian_is_true_of_its_tables(austria):
    options = gi.report.AtlasOptions({"city_population": "городское население"}, lang="ru")
    atlas = gi.report.atlas(austria, half_km=60, title="Атлас", options=options)
    words = str(atlas)
    assert "## Главное" in words
    assert "Атлас охватывает 92 региона; число стран: 9." in words
    assert atlas.audit() == []
    assert '<html lang="ru">' in atlas.html()
    left = re.sub(r"## Методы и источники.*", "", words, flags=re.DOTALL)
    assert not re.search(r"\b(the|of|region|regions|and|million)\b", left)
    assert {sheet.lang for sheet in atlas.sheets} == {"ru"}


def test_a_language_without_the_sentences_is_refused(austria):
    with pytest.raises(gi.OptionError, match="lang must be one of"):
        gi.report.atlas(austria, options=gi.report.AtlasOptions(lang="fr"))


def test_characters_that_no_font_has_are_named(lattice, tmp_path, monkeypatch):
    from geoinno.draw._print import fonts

    monkeypatch.setattr(fonts, "families", lambda: (fonts.USUAL,))
    values = pd.Series(range(36), index=lattice.index, dtype=float)
    korean = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v"), title="서울", source="S")
    with pytest.warns(gi.DataWarning, match="No installed font has the characters 서 울"):
        korean.save(tmp_path / "map.png")
    plain = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v"), title="Šōčas Ўзбек", source="S")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain.save(tmp_path / "plain.png")


def test_fonts_of_other_scripts_follow_the_usual_one(monkeypatch):
    from matplotlib import font_manager

    from geoinno.draw._print import fonts

    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["Unifont", "Noto Sans Arabic", "Comic"])
    assert fonts.families.__wrapped__() == ("DejaVu Sans", "Noto Sans Arabic", "Unifont")
