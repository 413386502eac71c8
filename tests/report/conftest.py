"""The atlas of each sample, written once for all tests of a run, and what reads its numbers back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

import geoinno as gi
from geoinno.report._atlas.subject import subject

HALF = {"central_asia": 200, "north_america": 400, "austria": 60}


@pytest.fixture(scope="session")
def atlas_of():
    """Return a function that returns the atlas of a sample."""
    return cache(lambda name: gi.report.atlas(name, half_km=HALF[name]))


@pytest.fixture(scope="session")
def subject_of():
    """Return a function that says what an atlas of few permutations is about: regions with jobs."""
    usual = {"mass": "jobs", "indicator": "", "title": "", "source": "tests", "permutations": 99, "seed": 0}
    usual |= {"half_km": 100.0, "border_factor": 0.25}
    return lambda regions, flows=None, **chosen: subject(regions, flows, **(usual | chosen))


@pytest.fixture(scope="session")
def objects():
    """Return whether a chapter of an atlas objects to other tables: the one they belong to is heard first."""

    def objected(atlas, key, **tables):
        chapters = sorted(atlas.chapters, key=lambda chapter: chapter.key != key.partition(".")[0])
        return any(replace(atlas, chapters=(chapter,), **tables).audit() for chapter in chapters)

    return objected


class Page(HTMLParser):
    """The numbers in the words of a page, the words around them, and the rows that they lead to."""

    def __init__(self, html):
        super().__init__()
        self.facts, self.cells, self.loose, self.alts = [], {}, [], []
        self.row = self.fact = ""
        self.inside = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "tr":
            self.row = given.get("id", "")
        if tag == "td" and "data-value" in given:
            self.cells[self.row, given["data-column"]] = float(given["data-value"])
        if tag == "a" and given.get("class") == "gi-fact":
            self.fact = (given["href"].removeprefix("#"), given["data-column"])
        if tag == "p" and given.get("class") == "gi-words":
            self.inside.append("")

    def handle_data(self, data):
        if self.fact:
            self.facts.append((self.fact, data))
        elif self.inside:
            self.inside[-1] += data

    def handle_endtag(self, tag):
        if tag == "a":
            self.fact = ""
        if tag == "p" and self.inside:
            self.loose.append(self.inside.pop())


def value_of(text):
    """Read a number back from the words, and half a unit of its last digit."""
    scale = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    found = re.match(r"(?:= |< )?(\u2212?)([\d,]+)(\.\d+)?(%| \w+)?", text)
    digits = found[2].replace(",", "") + (found[3] or "")
    size = scale.get((found[4] or "").strip(), 0.01 if found[4] == "%" else 1.0)
    number = float(digits) * size * (-1 if found[1] else 1)
    # Zeros at the end of a whole number may be rounding to four digits.
    exact = len(digits.lstrip("0.").replace(".", "").rstrip("0")) if "." not in digits else 99
    step = size * 10.0 ** -len((found[3] or ".")[1:]) if exact > 4 or "." in digits else None
    return number, (step or max(size, 10.0 ** (len(digits) - 4))) / 2


def _check_page(atlas):
    """Check that every number in the words leads to a cell that bears it out."""
    page = Page(atlas.html())
    assert len(page.facts) > 20
    for (row, column), text in page.facts:
        cell = page.cells[row, column]
        if text.startswith("< "):
            assert cell < float(text[2:])
            continue
        written, room = value_of(text)
        assert written == pytest.approx(cell, abs=room * 1.0001), (row, column, text)
    names = sorted(map(str, atlas.table["name"]), key=len, reverse=True)
    for words in page.loose:
        for name in names:
            words = words.replace(name, "")  # noqa: PLW2901 - what is left is looked at
        assert not re.search(r"\d", words.replace("km\u00b2", "")), words


@pytest.fixture(scope="session")
def check_page():
    """Return the check of a page's numbers."""
    return _check_page
