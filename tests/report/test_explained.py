"""Errors and warnings within a page: in its language, where geoinno itself says them."""

from __future__ import annotations

import ast
import pickle
import warnings
from pathlib import Path
from string import Formatter
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import geoinno as gi
from geoinno._contract import named
from geoinno._language import catalogue
from geoinno._language.phrases import Phrase, explained
from geoinno.report._atlas import writing

ROOT = Path(gi.__file__).parent


def calls(*names):
    """Return the calls of functions of these names outside of maps, whose words have a test of their own."""
    trees = (ast.parse(p.read_text(encoding="utf-8")) for p in ROOT.rglob("*.py") if "draw" not in p.parts)
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [node for node in found if getattr(node.func, "attr", getattr(node.func, "id", "")) in names]


def test_every_message_that_a_page_may_show_has_its_russian():
    phrases = {node.args[0].value for node in calls("Phrase") if isinstance(node.args[0], ast.Constant)}
    given = [word.value for node in calls("refuse_cells") for word in node.keywords]
    texts = phrases | {value.value for value in given if isinstance(value, ast.Constant)}
    known = catalogue("ru")._catalog
    assert len(texts) > 70
    for text in texts:
        assert text in known, text
        # What Russian says in other words it may leave out, but it names nothing that is not there.
        assert names(known[text]) <= names(text), text


def names(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_an_error_keeps_its_english_and_has_its_russian():
    with pytest.raises(
        gi.ColumnError, match=r"^Column 'v\{1\}' has the same value in every region"
    ) as caught:
        gi.classify.limits(pd.Series([1.0, 1.0], index=["a", "b"], name="v{1}"))
    expected = "Столбец 'v{1}' содержит одно и то же значение для всех регионов, поэтому разбить"
    assert explained(caught.value, "ru").startswith(expected)
    assert explained(caught.value, "en") == str(caught.value)
    assert explained(pickle.loads(pickle.dumps(caught.value)), "ru").startswith(expected)


def test_cells_that_are_refused_are_named_in_russian():
    table = pd.DataFrame({"x": [1.0, -1.0], "y": [-1.0, 1.0]}, index=["a", "b"])
    with pytest.raises(
        gi.ColumnError, match=r"^Column 'x' is negative in 'b' \(1 in all\)\. The same"
    ) as caught:
        gi.measure.location_quotient(table)
    words = explained(caught.value, "ru")
    assert words.startswith("Столбец 'x' отрицателен для регионов 'b' (всего 1).")
    assert words.endswith("относится ещё к 1 столбцу. Объёмы не могут быть отрицательными.")


def test_long_lists_of_regions_are_counted_in_the_language():
    ids = named([f"r{k}" for k in range(1200)])
    assert ids.endswith("'r4' and 1,195 more (1,200 in all)")
    assert Phrase("{ids}", ids=ids).written("ru").endswith("'r4' и ещё 1\u202f195 (всего 1\u202f200)")


def test_what_is_in_english_alone_is_said_to_be():
    assert explained(ValueError("No such thing."), "en") == "No such thing."
    said = explained(ValueError("No such thing."), "ru")
    assert said == "Сообщение программы (на английском языке): No such thing."


def test_a_warning_about_strips_between_countries_has_its_russian():
    shapes = [box(0, 0, 1, 1), box(1.00005, 0, 2, 1)]
    regions = gpd.GeoDataFrame({"country": ["A", "B"]}, geometry=shapes, index=["a", "b"], crs=4326)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gi.measure.segments(regions)
    assert explained(caught[0].message, "ru").startswith(
        "Между странами A и B остаётся полоса шириной до 5,6 м"
    )


def test_a_chapter_that_fails_says_why_in_the_language_of_the_page():
    def write(_):
        gi.classify.limits(pd.Series([1.0, 1.0], index=["a", "b"], name="доход"))

    chapter = writing._written(write, SimpleNamespace(lang="ru"))
    expected = (
        "Рассчитать эту главу не удалось. Столбец 'доход' содержит одно и то же значение для всех регионов"
    )
    assert chapter.blocks[0].markdown.startswith(expected)


def test_goals_trade_and_panels_are_refused_in_russian(lattice):
    ids = lattice.index
    outcomes = pd.DataFrame({"a": range(1, 37), "b": range(2, 38)}, index=ids, dtype=float)
    means = pd.DataFrame({"m": range(3, 39)}, index=ids, dtype=float)
    kinds = pd.DataFrame({"outcome": ["a", "b"], "level": ["final", "intermediate"], "form": "integral"})
    panel = pd.Series(1.0, pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["region", "year"]))
    gap = panel.copy()
    gap.iloc[0] = float("nan")
    attempts = {
        "Цели смешивают конечные результаты ('a'": lambda: gi.measure.attainable(
            outcomes * 1.1, outcomes, means, kinds=kinds
        ),
        "таблице kinds нет строки для целей 'b'": lambda: gi.measure.attainable(
            outcomes * 1.1, outcomes, means, kinds=kinds[:1]
        ),
        "bounds названо то, что не является целью: 'c'": lambda: gi.measure.attainable(
            outcomes * 1.1, outcomes, means, bounds={"c": (0, 1)}
        ),
        "всех регионах (всего 2) значения каждый год одинаковы": lambda: gi.measure.markov(panel),
        "Панель не содержит значений для 'a in 1'": lambda: gi.measure.markov(gap),
        "Панель пуста": lambda: gi.measure.markov(panel[:0]),
    }
    for words, attempt in attempts.items():
        with pytest.raises(gi.errors.GeoinnoError) as caught:
            attempt()
        assert words in explained(caught.value, "ru")
