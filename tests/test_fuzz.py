"""Damaged and hostile input to readers, the TOML file and the page builder: an answer, or an error in words.

`make test` tries a few inputs of each kind, the same at every run; `make fuzz` tries new ones, as
long for each kind as GEOINNO_FUZZ_SECONDS says.
"""

from __future__ import annotations

import os
import re
import time
import warnings
import zipfile
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

import geoinno as gi
from geoinno.draw._render import document
from geoinno.report._atlas import spec

# A reader that fails in the middle leaves its file to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SECONDS = float(os.environ.get("GEOINNO_FUZZ_SECONDS", "0"))
LONGEST_MESSAGE = 2_000
tried = settings(
    max_examples=100 if SECONDS else 25,
    derandomize=not SECONDS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Clock:
    """Tells when the time for new inputs of one kind is over: what is left of a round then passes at once."""

    def __init__(self):
        self.end = time.monotonic() + SECONDS

    @property
    def over(self):
        return bool(SECONDS) and time.monotonic() > self.end

    def rounds(self, run):
        """Try one round of inputs, and further ones while there is time."""
        run()
        while SECONDS and not self.over:
            run()


def refused_or_answered(act):
    """Run what reads the input; whatever is no error in words of ours fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", gi.DataWarning)
        try:
            act()
        except gi.GeoinnoError as error:
            said = str(error)
        else:
            return
    assert 0 < len(said) < LONGEST_MESSAGE


# Pieces that parsers stumble over: quotes, separators, lengths, marks of encodings, other formats.
PIECES = [b'"', b"'", b";", b",", b"\n", b"\r", b"\t", b"\0", b"{", b"}", b"[", b"]", b"=", b"%", b"\\", b"<"]
PIECES += [
    b"1e999",
    b"-1",
    b"NaN",
    b"null",
    b"Infinity",
    b"\xff\xff\xff\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"PK\x03\x04",
]
PIECES += ["\u202e".encode(), "\u0661".encode(), b"<VRTDataset>", b'"crs":"http://h/"', b"../", b"9" * 40]


@st.composite
def damage(draw):
    """Draw a few changes to the bytes of a sound file: where, how many bytes go, and what comes."""
    piece = st.one_of(st.sampled_from(PIECES), st.binary(max_size=6))
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), piece)
    return draw(st.lists(change, min_size=1, max_size=4)), draw(st.floats(0.05, 1.0))


def damaged(content, changes):
    """Return content changed in places, and cut off."""
    places, kept = changes
    for share, gone, piece in places:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + gone :]
    return content[: max(1, int(kept * len(content)))] if kept < 0.5 else content


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return a folder of small sound files of every kind."""
    folder = tmp_path_factory.mktemp("sound")
    shapes = [box(i, 0, i + 1, 1) for i in range(4)]
    columns = {"code": list("abcd"), "country": list("AABB"), "v": [1.5, 2.0, np.nan, 4.0], "n": [1, 2, 3, 4]}
    regions = gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)
    table = pd.DataFrame({"code": list("abcd"), "jobs": [10, 20, 30, 40], "y": [2000, 2001, 2002, 2003]})
    for name in ("r.gpkg", "r.geojson", "r.fgb", "r.shp"):
        regions.to_file(folder / name)
    regions.to_parquet(folder / "r.parquet")
    table.to_parquet(folder / "t.parquet")
    table.to_excel(folder / "t.xlsx", index=False)
    (folder / "t.csv").write_text("code;v;w\na;1.234,5;7 p\nb;:;2,5\nc;12%;3\n", encoding="utf-8")
    flows = "origin,destination,value\na,b,5\nb,c,6\nc,a,7\n"
    (folder / "f.csv").write_text(flows, encoding="utf-8")
    with zipfile.ZipFile(folder / "r.zip", "w") as packed:
        for file in folder.glob("r.s*"):
            packed.write(file, f"in/{file.name}")
        packed.write(folder / "r.dbf", "in/r.dbf")
    lines = ['regions = "r.gpkg"', 'id = "code"', 'country = "country"', 'table = "t.csv"', 'mass = "n"']
    lines += ['source = "tests"', "half_km = 50.0", "[labels]", 'n = "People"']
    (folder / "a.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


READERS = {
    "t.csv": lambda path: gi.read.table(path, id="code"),
    "t.xlsx": lambda path: gi.read.table(path, id="code"),
    "t.parquet": lambda path: gi.read.panel(path, id="code", year="y"),
    "f.csv": lambda path: gi.read.flows(path, origin="origin", destination="destination", value="value"),
    "r.gpkg": lambda path: gi.read.topology(gi.read.regions(path, id="code")),
    "r.geojson": lambda path: gi.read.topology(gi.read.regions(path, id="code")),
    "r.fgb": lambda path: gi.read.regions(path, id="code"),
    "r.shp": lambda path: gi.read.regions(path, id="code"),
    "r.zip": lambda path: gi.read.regions(path, id="code"),
    "r.parquet": lambda path: gi.read.regions(path, id="code"),
    "a.toml": lambda path: spec.subject_of_spec(spec.spec_of(path)),
}


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused_in_words(sound, name):
    content, clock = (sound / name).read_bytes(), Clock()
    broken = sound / f"broken_{name}"

    @tried
    @given(damage())
    def run(changes):
        if not clock.over:
            broken.write_bytes(damaged(content, changes))
            refused_or_answered(lambda: READERS[name](broken))

    clock.rounds(run)


CELL = st.one_of(
    st.sampled_from(
        ["", ":", "..", "c", "<5", "1.234", "1,5", "12%", "1e5", "-", "\u22121", "x y", '"', "NA", "#DIV/0!"]
    ),
    st.text(max_size=8),
    st.floats().map(str),
)


def test_any_table_of_text_is_read_or_refused_in_words(tmp_path):
    clock = Clock()

    @tried
    @given(
        st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=8),
        st.sampled_from([";", ",", "\t", "|"]),
        st.sampled_from(["utf-8", "utf-16", "cp1251", "latin-1"]),
        st.sampled_from([None, ".", ","]),
    )
    def run(rows, separator, encoding, decimal):
        if clock.over:
            return
        lines = ["code" + separator + "v", *(separator.join(row) for row in rows)]
        (tmp_path / "t.csv").write_bytes("\n".join(lines).encode(encoding, "replace"))
        refused_or_answered(lambda: gi.read.table(tmp_path / "t.csv", id="code", decimal=decimal))

    clock.rounds(run)


WHERE = st.lists(
    st.sampled_from(
        ["v", "code", "==", "<", "in", "not", "and", "or", "(", ")", "'a'", "1", ",", "`", "__import__"]
    ),
    max_size=9,
).map(" ".join)


def test_any_condition_chooses_rows_or_is_refused_in_words(tmp_path):
    (tmp_path / "t.csv").write_text("code,v\na,1\nb,2\n", encoding="utf-8")
    clock = Clock()

    @tried
    @given(st.one_of(WHERE, st.text(max_size=20)))
    def run(where):
        if not clock.over:
            refused_or_answered(lambda: gi.read.table(tmp_path / "t.csv", id="code", where=where))

    clock.rounds(run)


SETTINGS = st.dictionaries(
    st.sampled_from([field.name for field in spec.fields(spec.Spec)] + ["half", "__class__"]),
    st.one_of(st.text(max_size=6), st.integers(-5, 9), st.floats(), st.booleans(), st.just({"n": "m"})),
    max_size=5,
)


def test_any_settings_of_an_atlas_are_taken_or_refused_in_words(sound):
    clock = Clock()
    base = {"regions": "r.gpkg", "id": "code", "mass": "n", "source": "tests"}

    @tried
    @given(SETTINGS)
    def run(more):
        if clock.over:
            return
        lines = [f"{key} = {written(value)}" for key, value in {**base, **more}.items()]
        (sound / "any.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
        refused_or_answered(lambda: spec.subject_of_spec(spec.spec_of(sound / "any.toml")))

    clock.rounds(run)


def written(value):
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f'{key} = "{text}"' for key, text in value.items()) + " }"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08X}" for c in value.encode("utf-8", "replace").decode()) + '"'
    return str(value)


class Outside(HTMLParser):
    """A reader that finds what a page would run or load beyond its own parts."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            loads = name in {"src", "srcset", "href", "data", "action", "poster", "background"}
            if name.startswith("on") or (loads and not (value or "").startswith(("#", "data:"))):
                self.found.append((tag, name, value))


HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "<script>fetch('//h')</script>",
            "![x](http://h/x.png)",
            "[x](javascript:alert(1))",
            "<img src=http://h onerror=alert(1)>",
            "</style><svg onload=alert(1)>",
            "{{ 7 * 7 }}",
            "<!--",
            "]]>",
            "\u202e\u0000",
            "`<b>`",
        ]
    ),
)


def test_no_text_in_a_page_becomes_markup_that_runs_or_loads():
    clock = Clock()

    @tried
    @given(
        st.lists(st.tuples(HOSTILE, HOSTILE), min_size=1, max_size=4), HOSTILE, st.sampled_from(["en", "ru"])
    )
    def run(cells, title, lang):
        if clock.over:
            return
        table = pd.DataFrame(cells, columns=["a", title or "b"])
        html = gi.report.page(title, f"## {title}\n\n{cells[0][0]}", table, lang=lang)
        reader = Outside()
        reader.feed(html)
        # A link that a reader may follow loads nothing by itself.
        loaded = [part for part in reader.found if part[:2] != ("a", "href")]
        assert loaded == []
        assert not any((value or "").lower().startswith("javascript:") for _, _, value in reader.found)
        assert len(re.findall(r"<script", html)) == 0
        assert "default-src 'none'" in html

    clock.rounds(run)


def test_names_out_of_the_data_stay_text_on_a_map(lattice):
    clock = Clock()

    @settings(parent=tried, max_examples=20 if SECONDS else 5)
    @given(st.lists(HOSTILE, min_size=1, max_size=4), HOSTILE)
    def run(names, legend):
        if clock.over:
            return
        regions = lattice.assign(name=[names[i % len(names)] for i in range(36)])
        fill = gi.draw.choropleth(
            regions, pd.Series(np.arange(36.0), index=lattice.index), legend=legend or "v"
        )
        # Its printed twin, a picture, is left out.
        html = document(gi.draw.sheet(fill, title=legend, source=names[0] or "s"), twin=False)
        reader = Outside()
        reader.feed(html)
        assert [part for part in reader.found if part[:2] != ("a", "href")] == []

    clock.rounds(run)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("t.xlsx", ([(0.5, 4, b"\0\0\0\0")], 1.0)),
        ("a.toml", ([(0.0, 0, b"\x80")], 1.0)),
        ("a.toml", ([(0.0, 0, b'lang = ""\n')], 1.0)),
        ("a.toml", ([(0.0, 0, b'lang = "../.."\n')], 1.0)),
    ],
)
@pytest.mark.filterwarnings("ignore::geoinno.errors.DataWarning")
def test_input_that_once_ended_in_a_traceback_is_refused_in_words(sound, name, changes):
    broken = sound / f"broken_{name}"
    broken.write_bytes(damaged((sound / name).read_bytes(), changes))
    with pytest.raises(gi.GeoinnoError):
        READERS[name](broken)
