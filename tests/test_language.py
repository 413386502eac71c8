"""Languages: catalogues that are complete and true to their texts, plural forms, and numbers by locale."""

from __future__ import annotations

import ast
import pickle
import re
import warnings
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

import geoinno as gi
from geoinno._language import LANGUAGES, catalogue, decimal_mark, plural_form, translated
from geoinno.draw import palette
from geoinno.draw._layers import alt, flow_words
from geoinno.draw._layers import translated as in_layers
from geoinno.draw._layers.phrases import SCALE_WORDS, Phrase, numeral
from geoinno.draw._layers.words import CLUSTER_WORDS, FURNITURE, WORDS
from geoinno.draw._scene import projection
from geoinno.draw.bivariate import _WORDS as _LEVELS
from geoinno.report._atlas.chapters import sources
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
    for scale in SCALE_WORDS:
        assert scale in known


def phrases_of_maps():
    """Return every text of a map's own: those in the code, and those in its tables of words."""
    root = Path(gi.__file__).parent / "draw"
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in root.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree))
    texts = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Phrase"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(texts) > 70
    pairs = [*flow_words._COUNTED.values(), *alt._MAPS.values()]
    tables = [text for pair in pairs for text in pair]
    tables += [*palette.SPACES, *palette.BORDER_TYPES, *CLUSTER_WORDS.values(), *projection._ANGLES.values()]
    words = [*in_layers.COLUMNS, *in_layers.CELLS, *FURNITURE.values(), *_LEVELS[3]]
    return sorted({*texts, *tables, *words})


@others
def test_every_phrase_of_a_map_has_its_translation_with_its_figures(lang):
    known = catalogue(lang)._catalog
    for text in phrases_of_maps():
        assert text in known, (lang, text)
        assert known[text].strip(), (lang, text)
        assert placeholders(known[text]) == placeholders(text), (lang, text)
        assert {fmt for fmt in formats(text) if "|" not in fmt} == {
            fmt for fmt in formats(known[text]) if "|" not in fmt
        }, (lang, text)
        for fmt in formats(known[text]):
            assert fmt.count("|") in {0, 2 if lang == "ru" else 1}, (lang, text)


def formats(text):
    return [fmt for _, name, fmt, _ in Formatter().parse(text) if name and fmt]


def test_a_phrase_is_english_and_can_be_written_in_other_languages():
    phrase = Phrase("{n:region|regions}", n=21)
    assert (phrase, phrase.written("ru"), phrase.written("de")) == ("21 regions", "21 регион", "21 Regionen")
    assert pickle.loads(pickle.dumps(phrase)).written("ru") == "21 регион"
    named = Phrase("{name} ({value})", name="a {b} 1.5", value=1.5)
    # Braces and numbers in the user's names stay as they are.
    assert named.written("de") == "a {b} 1.5 (1,5)"
    assert Phrase("highest {top}; lowest {last}.", top=(named, named), last="x").count("a {b}") == 2


@pytest.mark.parametrize(
    ("words", "lang", "said"),
    [
        ("12.5%", "de", "12,5\u00a0%"),
        ("12.5%", "uz", "12,5%"),
        ("1.5\u202fmillion", "es", "1,5\u202fmillones"),
        ("v1.5", "fr", "v1.5"),
        ("1.2 \u2013 3.4", "ru", "1,2 \u2013 3,4"),
        ("12.5%", "en", "12.5%"),
    ],
)
def test_numbers_follow_the_locale(words, lang, said):
    assert numeral(words, lang) == said


@pytest.fixture(scope="module")
def many():
    """Return layers of most kinds, of a place in several countries."""
    place = gi.read.sample("austria")
    regions, near = place.regions, gi.weigh.contiguity(place.regions)
    edges = gi.measure.segments(regions)
    mass = regions["city_population"]
    local = gi.measure.local_moran(mass, near, permutations=999)
    poles = gi.measure.growth_poles(mass, near, regions=regions)
    decay = gi.weigh.exponential(60)
    board = gi.measure.springboard(mass, regions, decay=decay, border_factor=0.25)
    kinds = gi.classify.border_types(board)
    return (
        gi.draw.choropleth(regions, regions["primacy"].where(mass > 50_000), legend="v1.5"),
        gi.draw.cluster_map(regions, local),
        gi.draw.categories(regions, kinds.astype("object"), legend="v1.5"),
        gi.draw.bivariate(regions, regions["primacy"], mass, legend="v1.5"),
        gi.draw.border_lines(edges, gi.measure.contrast(mass, edges)),
        gi.draw.pole_points(poles, regions, mass),
        gi.draw.flow_lines(place.flows, regions),
    )


def test_a_map_in_russian_says_nothing_in_english(many):
    sheet = gi.draw.sheet(*many, title="Карта", source="S", lang="ru")
    page = re.sub(r"(?s)^.*?(?=<figure)|<script.*?</script>", " ", sheet.html())
    text = " ".join([sheet.alt, sheet.credits, *words_of(sheet), page])
    # What the user named stays: columns, regions, countries.
    own = [*many[0].tips[""], *many[0].tips["country"].unique()]
    for name in ("v1.5", "primacy", "city population", "city_population", "contrast", *own):
        text = text.replace(str(name), " ")
    english = r"\b(the|of|and|region|regions|country|borders?|flows?|high|low|data|million)\b"
    assert not re.search(english, visible(text))
    # The numbers of the table keep the names by which code reads them.
    assert list(sheet.table.columns) == ["region", "country", "v1.5"]


def test_the_limits_of_a_square_legend_have_the_marks_of_the_language(many):
    square = gi.draw.sheet(many[3], title="T", source="S", lang="de").layers[0].legends[0].square
    english = many[3].legends[0].square
    assert any("." in limit for limit in english.across_limits)
    assert square.across_limits == tuple(limit.replace(".", ",") for limit in english.across_limits)
    assert not any("." in limit for limit in square.up_limits)


def words_of(sheet):
    """Return what legends and tooltips say."""
    for layer in sheet.layers:
        yield layer.name
        yield from map(str, layer.tips.columns)
        yield from (str(cell) for cell in layer.tips.to_numpy(object).ravel() if cell is not None)
        for legend in layer.legends:
            yield from (legend.title, legend.note, *(key.label for key in legend.keys))


def visible(html):
    """Return what of a page is read: no markup, no style, no names of attributes."""
    return re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", html)


def test_alt_texts_name_borders_by_their_regions(many):
    sheet = gi.draw.sheet(many[0], many[4], title="T", source="S")
    names = many[0].tips[""]
    sharpest = many[4].table.sort_values("contrast", ascending=False).index[0]
    ends = many[4].shapes.loc[sharpest, ["first", "second"]].map(names)
    assert f"sharpest {ends['first']} to {ends['second']} (" in sheet.alt
    assert not re.search(r"[A-Z]{3}-\d", sheet.alt)


def test_labels_of_the_user_are_not_translated(lattice):
    kinds = pd.Series((["low", "interior", "net"] * 12)[: len(lattice)], lattice.index)
    sheet = gi.draw.sheet(gi.draw.categories(lattice, kinds, legend="flow"), source="S", lang="de")
    assert [key.label for key in sheet.layers[0].legends[0].keys] == ["interior", "low", "net"]
    assert set(sheet.layers[0].tips["flow"]) == {"low", "interior", "net"}
    assert "<th>flow</th>" in sheet.html()


def placeholders(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_every_sentence_of_the_atlas_is_in_russian_with_its_figures():
    known = catalogue("ru")._catalog
    for text in [*SENTENCES.values(), *HEADINGS.values(), *TYPES.values(), "and"]:
        assert text in known, text
        # A name may stand once where English repeats it.
        assert set(placeholders(known[text])) == set(placeholders(text)), text
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
        (0.0312, "p", "=\u00a00,031"),
        (0.25, "share", "25\u00a0%"),
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


def test_what_figures_are_has_its_russian():
    """Figures, columns and titles of chapters, and the first lines of the methods that they use."""
    known = catalogue("ru")._catalog
    root = Path(gi.__file__).parent / "report" / "_atlas" / "chapters"
    texts = set()
    for path in root.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = {"figure": 2, "column": 2, "text": 0}.get(node.func.attr, len(node.args))
                texts |= {arg.value for arg in node.args[place:][:1] if isinstance(arg, ast.Constant)}
    assert len(texts) > 80
    for text in texts:
        assert text in known, text
        assert placeholders(known[text]) == placeholders(text), text


def test_the_methods_of_an_atlas_are_described_in_russian():
    known = catalogue("ru")._catalog
    tree = ast.parse(Path(sources.__file__).read_text(encoding="utf-8"))
    floors = {"measure": gi.measure, "simulate": gi.simulate}
    used = {
        getattr(floors[node.value.id], node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in floors
    }
    assert len(used) > 15
    for method in used:
        assert sources._first_line(method) in known, method


def test_the_atlas_in_russian_is_true_of_its_tables(austria):
    options = gi.report.AtlasOptions({"city_population": "городское население"}, lang="ru")
    atlas = gi.report.atlas(austria, half_km=60, title="Атлас", options=options)
    words = str(atlas)
    assert "## Главное" in words
    assert "Атлас охватывает 92 региона в 9 странах." in words
    assert atlas.audit() == []
    assert '<html lang="ru">' in atlas.html()
    left = re.sub(r"## Методы и источники.*", "", words, flags=re.DOTALL)
    left += " ".join(
        [*atlas.figures["what"], *(what for what, _, _ in atlas.table.attrs["columns"].values())]
    )
    left += " ".join(sheet.alt for sheet in atlas.sheets)
    for name in sorted(atlas.table["name"], key=len, reverse=True):
        left = left.replace(name, "")
    assert set(re.findall(r"[A-Za-z]{2,}", left)) <= {"CPC", "lg"}
    assert {sheet.lang for sheet in atlas.sheets} == {"ru"}


def test_a_language_without_the_sentences_is_refused(austria):
    with pytest.raises(gi.OptionError, match="lang must be one of"):
        gi.report.atlas(austria, options=gi.report.AtlasOptions(lang="fr"))


@pytest.mark.parametrize(("title", "others"), [("Šōčas Ўзбек → ±", False), ("서울", True)])
def test_other_fonts_are_looked_for_where_the_usual_one_will_not_do(lattice, title, others, monkeypatch):
    from geoinno.draw._print import fonts, frame
    from geoinno.draw._print.figure import sheet_figure

    both = [fonts.USUAL, "DejaVu Serif"]
    monkeypatch.setattr(frame, "families", lambda: both)
    values = pd.Series(range(36), index=lattice.index, dtype=float)
    sheet = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v"), title=title, source="S")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure = sheet_figure(sheet)
    found = {
        tuple(text.get_fontfamily()) for text in figure.findobj(match=lambda a: hasattr(a, "get_fontfamily"))
    }
    assert found == {tuple(both) if others else (fonts.USUAL,)}


def test_fonts_of_other_scripts_are_looked_for_only_where_they_are_needed(lattice, tmp_path, monkeypatch):
    from geoinno.draw._print import fonts, frame

    def looked_for():
        message = "fonts were looked for"
        raise LookupError(message)

    for module in (fonts, frame):
        monkeypatch.setattr(module, "families", looked_for)
    values = pd.Series(range(36), index=lattice.index, dtype=float)
    layer = gi.draw.choropleth(lattice, values, legend="v")
    assert gi.draw.sheet(layer, title="Šōčas → ±", source="S").save(tmp_path / "map.png").exists()
    with pytest.raises(LookupError, match="looked for"):
        gi.draw.sheet(layer, title="서울", source="S").save(tmp_path / "map.png")


def test_characters_that_no_font_has_are_named(lattice, tmp_path, monkeypatch):
    from geoinno.draw._print import fonts

    monkeypatch.setattr(fonts, "families", lambda: (fonts.USUAL,))
    values = pd.Series(range(36), index=lattice.index, dtype=float)
    korean = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v"), title="서울", source="S")
    remedy = r"No installed font has the characters 서 울: .* Install Noto .*fonts-noto-cjk\), and restart"
    with pytest.warns(gi.DataWarning, match=remedy):
        korean.save(tmp_path / "map.png")
    plain = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v"), title="Šōčas Ўзбек", source="S")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain.save(tmp_path / "plain.png")


@pytest.mark.parametrize(
    ("signs", "remedy"),
    [
        ("दि", "Noto Sans Devanagari (on Debian: apt-get install fonts-noto-core)"),
        ("京서", "Noto Sans CJK (on Debian: apt-get install fonts-noto-cjk)"),
        (
            "ა京",
            "Noto Sans CJK, Noto Sans Georgian (on Debian: apt-get install fonts-noto-cjk fonts-noto-core)",
        ),
        ("\U00012000", "a font that has them, such as Unifont (on Debian: apt-get install fonts-unifont)"),
    ],
)
def test_the_font_to_install_follows_from_the_script(signs, remedy):
    from geoinno.draw._print import fonts

    assert fonts._remedy(signs) == remedy


def test_letters_that_an_old_matplotlib_cannot_join_are_named(lattice, tmp_path, monkeypatch):
    import matplotlib as mpl

    values = pd.Series(range(36), index=lattice.index, dtype=float)
    arabic = gi.draw.sheet(gi.draw.choropleth(lattice, values, legend="v"), title="القاهرة", source="S")
    monkeypatch.setattr(mpl, "__version_info__", (3, 10, 0))
    with pytest.warns(gi.DataWarning, match="does not join or order the letters of Arabic"):
        arabic.save(tmp_path / "map.png")


def test_fonts_that_came_after_matplotlib_listed_all_are_found(monkeypatch):
    from matplotlib import font_manager

    from geoinno.draw._print import fonts

    added = []
    paths = [
        "/f/NotoSansThai-Bold.ttf",
        "/f/NotoSansThai-Black.ttf",
        "/f/Comic.ttf",
        "/f/NotoSansCJK-Regular.ttc",
    ]
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: paths)
    monkeypatch.setattr(font_manager.fontManager, "addfont", added.append)
    fonts._add_new_fonts()
    assert added == ["/f/NotoSansCJK-Regular.ttc", "/f/NotoSansThai-Bold.ttf"]


def test_fonts_of_other_scripts_follow_the_usual_one(monkeypatch):
    from matplotlib import font_manager

    from geoinno.draw._print import fonts

    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["Unifont", "Noto Sans Arabic", "Comic"])
    assert fonts.families.__wrapped__() == ("DejaVu Sans", "Noto Sans Arabic", "Unifont")


def test_the_sources_of_the_samples_are_in_russian():
    known = catalogue("ru")._catalog
    for name in ("central_asia", "north_america", "austria", "commuting_zones"):
        assert gi.read.sample(name).source in known, name
