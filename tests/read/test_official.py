"""Official sources, answered by a server on this machine in the documented forms, faults included."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

import geoinno as gi
from geoinno.cli import main

pytest.importorskip("pooch")

GDP = "/eurostat/api/dissemination/statistics/1.0/data/nama_10r_2gdp"
NUTS = "/distribution/v2/nuts/geojson/NUTS_RG_10M_2016_4326_LEVL_2.geojson"
BANK = "/v2/country/all/indicator/NY.GDP.PCAP.CD"


def square(code, x, **properties):
    ring = [[x, 47], [x + 1, 47], [x + 1, 48], [x, 48], [x, 47]]
    facts = {
        "NUTS_ID": code,
        "LEVL_CODE": 2,
        "CNTR_CODE": code[:2],
        "NAME_LATN": f"Region {code}",
        **properties,
    }
    return {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    return {"type": "FeatureCollection", "crs": crs, "features": list(features)}


def dimension(codes, label=""):
    return {
        "label": label,
        "category": {"index": {code: i for i, code in enumerate(codes)}, "label": {c: c for c in codes}},
    }


# As the documentation of the statistics API shows an answer: values and flags by position, gaps left out.
CUBE = {
    "version": "2.0",
    "class": "dataset",
    "label": "Gross domestic product (GDP) at current market prices by NUTS 2 region",
    "source": "ESTAT",
    "updated": "2024-02-20T23:00:00+0100",
    "id": ["freq", "unit", "geo", "time"],
    "size": [1, 1, 2, 2],
    "dimension": {
        "freq": dimension(["A"]),
        "unit": dimension(["MIO_EUR"], "Unit of measure"),
        "geo": dimension(["AT11", "AT12"]),
        "time": dimension(["2018", "2019"]),
    },
    "value": {"0": 9.1, "1": 9.4, "3": 62.5},
    "status": {"1": "p", "2": "c"},
}
PAGES = [
    {"page": 1, "pages": 1, "per_page": 20000, "total": 3, "lastupdated": "2024-02-21"},
    [
        {
            "indicator": {"id": "NY.GDP.PCAP.CD", "value": "GDP per capita (current US$)"},
            "country": {"id": code[:2], "value": code},
            "countryiso3code": code,
            "date": year,
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for code, year, value in [("AUT", "2020", 48.1), ("AUT", "2019", 50.1), ("CZE", "2020", None)]
    ],
]


class Source:
    """What a server answers by path: a status, a body, and how much of the body it sends."""

    def __init__(self):
        self.answers = {}
        self.requests = []

    def put(self, path, content, *, status=200, sent=None, hang=0.0, times=None):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.answers[path] = {"body": body, "status": status, "sent": sent, "hang": hang, "times": times}


@pytest.fixture
def source(monkeypatch, tmp_path):
    found = Source()
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            found.requests.append((parts.path, parse_qs(parts.query)))
            answer = found.answers.get(parts.path, {"body": b"", "status": 404, "sent": None, "hang": 0})
            if answer["hang"]:
                release.wait(answer["hang"])
            fault = answer.get("times") is None or len(found.requests) <= answer["times"]
            status = answer["status"] if fault else 200
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer["body"])))
            self.end_headers()
            self.wfile.write(answer["body"][: answer["sent"]])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    monkeypatch.setenv("GEOINNO_SOURCES", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("pooch.core.time.sleep", lambda _: None)
    yield found
    release.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_regions_come_in_the_shape_that_the_rest_takes(source):
    source.put(NUTS, collection(square("AT11", 16), square("AT12", 15), square("CZ03", 14)))
    regions = gi.read.nuts(2, 2016)
    assert regions.index.to_list() == ["AT11", "AT12", "CZ03"]
    assert regions.columns[:2].to_list() == ["country", "name"]
    assert regions.crs == 4326
    assert "\u00a9 EuroGeographics" in regions.attrs["source"]
    assert gi.weigh.contiguity(regions).n == 3
    assert gi.read.nuts(2, 2016, countries=["AT"]).index.to_list() == ["AT11", "AT12"]
    assert gi.read.nuts(2, 2016, countries="CZ").index.to_list() == ["CZ03"]
    with pytest.raises(gi.OptionError, match=r"'XX'.*AT, CZ"):
        gi.read.nuts(2, 2016, countries=["XX"])


def test_what_came_once_is_read_without_the_network_and_checked(source, tmp_path):
    source.put(GDP, CUBE)
    first = gi.read.eurostat("nama_10r_2gdp")
    gi.read.eurostat("nama_10r_2gdp")
    assert len(source.requests) == 1
    kept = next(p for p in (tmp_path / "cache").rglob("*nama*") if "facts" not in p.name)
    kept.write_bytes(kept.read_bytes()[:50])
    again = gi.read.eurostat("nama_10r_2gdp")
    assert len(source.requests) == 2
    assert again.equals(first)
    gi.read.eurostat("nama_10r_2gdp", refresh=True)
    assert len(source.requests) == 3


def test_a_table_of_eurostat_keeps_flags_and_says_where_it_is_from(source):
    source.put(GDP, CUBE)
    table = gi.read.eurostat(
        "nama_10r_2gdp", filters={"unit": "MIO_EUR", "geo": ["AT11", "AT12"], "time": 2019}
    )
    assert source.requests[0][1] == {
        "format": ["JSON"],
        "lang": ["EN"],
        "unit": ["MIO_EUR"],
        "geo": ["AT11", "AT12"],
        "time": ["2019"],
    }
    assert list(table.index.names) == ["region", "year"]
    assert table["nama_10r_2gdp"].dropna().to_dict() == {
        ("AT11", 2018): 9.1,
        ("AT11", 2019): 9.4,
        ("AT12", 2019): 62.5,
    }
    flags = table["nama_10r_2gdp_flag"].dropna().to_dict()
    assert flags == {("AT11", 2019): "p", ("AT12", 2018): "c"}
    assert table.attrs["source"].startswith("Eurostat, nama_10r_2gdp, updated 2024-02-20, retrieved 2")


@pytest.mark.parametrize(
    "change",
    [
        {"value": [9.1, 9.4, None, 62.5], "status": [None, "p", "c", None]},
        {"dimension": {**CUBE["dimension"], "geo": {"category": {"index": ["AT11", "AT12"]}}}},
        {"dimension": {**CUBE["dimension"], "freq": {"category": {"label": {"A": "Annual"}}}}},
    ],
)
def test_every_form_that_json_stat_allows_is_read(source, change):
    source.put(GDP, CUBE)
    usual = gi.read.eurostat("nama_10r_2gdp")
    source.put(GDP, {**CUBE, **change})
    other = gi.read.eurostat("nama_10r_2gdp", refresh=True)
    pd.testing.assert_frame_equal(other, usual)


def test_dimensions_left_open_become_columns_up_to_a_bound(source):
    sexes = {**CUBE["dimension"], "unit": dimension(["F", "M"])}
    source.put(GDP, {**CUBE, "size": [1, 2, 2, 2], "dimension": sexes, "value": [1, 2, 3, 4, 5, 6, 7, 8]})
    table = gi.read.eurostat("nama_10r_2gdp")
    assert table.columns.to_list() == ["F", "F_flag", "M", "M_flag"]
    assert table.loc[("AT12", 2018), ["F", "M"]].to_list() == [3, 7]
    many = {**CUBE["dimension"], "unit": dimension([f"U{i}" for i in range(101)])}
    source.put(GDP, {**CUBE, "size": [1, 101, 2, 2], "dimension": many})
    with pytest.raises(gi.OptionError, match=r"101 columns.*unit \(\)?.*'U0'"):
        gi.read.eurostat("nama_10r_2gdp", refresh=True)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"value": {}, "status": {}}, gi.ColumnError, "no value for this choice"),
        (
            {"dimension": {**CUBE["dimension"], "time": dimension(["2018-Q1", "2018-Q2"])}},
            gi.OptionError,
            "not by year",
        ),
        ({"id": ["freq", "unit", "nace", "time"]}, gi.GeoinnoError, "not in the form that is documented"),
        ({"size": [1, 1, 2, 3]}, gi.GeoinnoError, "not in the form that is documented"),
        ({"size": [1, 1, 2]}, gi.GeoinnoError, "not in the form that is documented"),
        ({"value": [1, 2]}, gi.GeoinnoError, "not in the form that is documented"),
        ({"value": {"99": 1}}, gi.GeoinnoError, "not in the form that is documented"),
        ({"value": {"0": "many"}}, gi.GeoinnoError, "not in the form that is documented"),
    ],
)
def test_answers_in_another_form_are_refused_in_words_and_not_kept(source, change, error, words):
    source.put(GDP, {**CUBE, **change})
    with pytest.raises(error, match=words):
        gi.read.eurostat("nama_10r_2gdp")
    if error is gi.GeoinnoError:
        source.put(GDP, CUBE)
        assert len(gi.read.eurostat("nama_10r_2gdp")) == 4


@pytest.mark.parametrize(
    "body", [b"<html>Maintenance</html>", b"", b"[]", b"null", b'{"error": [{"status": 400}]}']
)
def test_an_answer_that_is_something_else_is_refused(source, body):
    source.put(GDP, body)
    source.put(NUTS, body)
    source.put(BANK, body)
    for call in (
        lambda: gi.read.eurostat("nama_10r_2gdp"),
        lambda: gi.read.nuts(2, 2016),
        lambda: gi.read.worldbank("NY.GDP.PCAP.CD"),
    ):
        with pytest.raises(gi.GeoinnoError, match=r"not in the form that is documented|cannot be read"):
            call()


def test_regions_without_their_columns_are_a_changed_form(source):
    feature = square("AT11", 16)
    feature["properties"]["id"] = feature["properties"].pop("NUTS_ID")
    source.put(NUTS, collection(feature))
    with pytest.raises(gi.GeoinnoError, match="NUTS_ID"):
        gi.read.nuts(2, 2016)


@pytest.mark.parametrize(
    ("fault", "words", "requests"),
    [
        ({"status": 500}, "status 500: the source has trouble", 3),
        ({"status": 503}, "status 503", 3),
        ({"status": 429}, "too many requests", 1),
        ({"status": 404}, "check the name", 1),
        ({"status": 413}, "narrow it with filters", 1),
        ({"sent": 100}, "broke off", 3),
    ],
)
def test_faults_of_the_source_end_in_words_after_tries_that_make_sense(source, fault, words, requests):
    source.put(GDP, CUBE, **fault)
    with pytest.raises(gi.GeoinnoError, match=words):
        gi.read.eurostat("nama_10r_2gdp")
    assert len(source.requests) == requests
    source.put(GDP, CUBE)
    assert len(gi.read.eurostat("nama_10r_2gdp")) == 4


def test_a_passing_fault_is_overcome(source):
    source.put(GDP, CUBE, status=500, times=1)
    assert len(gi.read.eurostat("nama_10r_2gdp")) == 4
    assert len(source.requests) == 2


def test_a_source_that_hangs_is_given_up(source, monkeypatch):
    monkeypatch.setattr("geoinno.read._fetching.TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr("geoinno.read._fetching.RETRIES", 0)
    source.put(GDP, CUBE, hang=5)
    with pytest.raises(gi.GeoinnoError, match="cannot be reached or broke off"):
        gi.read.eurostat("nama_10r_2gdp")


def test_without_a_network_what_came_before_is_still_read(source, monkeypatch):
    source.put(GDP, CUBE)
    gi.read.eurostat("nama_10r_2gdp")
    monkeypatch.setattr("socket.socket.connect", lambda *_: (_ for _ in ()).throw(OSError("no network")))
    assert len(gi.read.eurostat("nama_10r_2gdp")) == 4
    with pytest.raises(gi.GeoinnoError, match="Is this machine online"):
        gi.read.eurostat("nama_10r_3gdp")


def test_without_pooch_the_extra_is_named(source, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(gi.GeoinnoError, match=r"pip install 'geoinno\[fetch\]'"):
        gi.read.nuts(2, 2016)
    assert source.requests == []


def test_an_indicator_of_the_world_bank_comes_by_country_and_year(source):
    source.put(BANK, PAGES)
    table = gi.read.worldbank("NY.GDP.PCAP.CD", years=(2019, 2020))
    assert source.requests[0][1]["date"] == ["2019:2020"]
    assert table["NY.GDP.PCAP.CD"].to_dict() == {("AUT", 2019): 50.1, ("AUT", 2020): 48.1}
    assert "CC BY 4.0" in table.attrs["source"]


def test_pages_of_the_world_bank_are_turned(source):
    head, rows = PAGES
    source.put(BANK, [{**head, "pages": 2}, rows])
    gi.read.worldbank("NY.GDP.PCAP.CD")
    assert [query["page"] for _, query in source.requests] == [["1"], ["2"]]


def test_a_refusal_of_the_world_bank_is_passed_on(source):
    refusal = [{"message": [{"id": "120", "key": "Invalid value", "value": "The value is not valid"}]}]
    source.put(BANK, refusal)
    with pytest.raises(gi.OptionError, match="The value is not valid"):
        gi.read.worldbank("NY.GDP.PCAP.CD")


@pytest.mark.parametrize(
    "call",
    [
        lambda: gi.read.nuts(4, 2016),
        lambda: gi.read.nuts(2, 2015),
        lambda: gi.read.nuts(2, 2016, scale="5m"),
        lambda: gi.read.eurostat("../secret"),
        lambda: gi.read.worldbank("NY.GDP.PCAP.CD", countries=["A/B"]),
        lambda: gi.read.worldbank("NY.GDP.PCAP.CD", years=2020),
    ],
)
def test_what_no_source_has_is_refused_before_anything_is_sent(source, call):
    with pytest.raises(gi.OptionError):
        call()
    assert source.requests == []


def test_the_command_line_fetches_to_a_file(source, tmp_path, capsys):
    source.put(NUTS, collection(square("AT11", 16), square("AT12", 15)))
    source.put(GDP, CUBE)
    assert main(["fetch", "nuts", "--level", "2", "--year", "2016", "-o", str(tmp_path / "n.gpkg")]) == 0
    words = ["fetch", "eurostat", "nama_10r_2gdp", "--filter", "time=2019", "-o", str(tmp_path / "g.csv")]
    assert main(words) == 0
    assert "EuroGeographics" in capsys.readouterr().out
    regions = gi.read.regions(tmp_path / "n.gpkg", id="region", country="country", name="name")
    table = gi.read.panel(tmp_path / "g.csv", id="region", year="year")
    assert gi.read.join(regions, table.xs(2019, level="year"))["nama_10r_2gdp"].to_list() == [9.4, 62.5]
