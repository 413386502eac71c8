"""Printing to PDF through a real browser."""

from __future__ import annotations

import http.server
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

import geoinno as gi


def wait_until(done):
    """Wait until something is true, for as long as a busy machine may need."""
    end = time.monotonic() + 120
    while not done() and time.monotonic() < end:
        time.sleep(0.05)


@pytest.mark.browser
def test_a_page_becomes_a_pdf_with_its_maps(central_asia, chromium, tmp_path):
    assert chromium
    fill = gi.draw.choropleth(central_asia.regions, central_asia.regions["primacy"])
    sheet = gi.draw.sheet(fill, title="Primacy", source="tests")
    plain = gi.report.pdf(gi.report.page("Words", "words alone"), tmp_path / "words.pdf")
    mapped = gi.report.pdf(gi.report.page("Words", "words", sheet), tmp_path / "map.pdf")
    assert plain.read_bytes().startswith(b"%PDF-")
    # The picture of the map is in the file.
    assert mapped.stat().st_size > plain.stat().st_size + 50_000


def test_without_a_browser_the_remedy_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(gi.errors.GeoinnoError, match="Install one"):
        gi.report.pdf("<p>words</p>", tmp_path / "words.pdf")


OUTSIDE = """<p>words</p><script>location = "{secret}"</script><iframe src="{secret}"></iframe>
<img src="{server}/a.png"><link rel="stylesheet" href="{server}/b.css"><object data="{secret}"></object>
<style>@import "{server}/c.css"; body {{ background: url({server}/d.png) }}</style>
<script>fetch("{server}/e")</script>"""


@pytest.mark.browser
def test_printing_loads_neither_the_network_nor_files(chromium, tmp_path):
    assert chromium
    seen = []

    class Log(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    secret = tmp_path / "secret.html"
    secret.write_text("<p>secret</p>" * 2_000)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Log) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        html = OUTSIDE.format(secret=secret.as_uri(), server=f"http://127.0.0.1:{server.server_port}")
        printed = gi.report.pdf(html, tmp_path / "a.pdf").read_bytes()
        server.shutdown()
    assert seen == []
    plain = gi.report.pdf("<p>words</p>", tmp_path / "b.pdf").read_bytes()
    assert printed.count(b"/Type /Page\n") == plain.count(b"/Type /Page\n") == 1


HINTS = """<p>words</p><base href="{u}/"><link rel="preconnect" href="{u}">
<link rel="dns-prefetch" href="{u}"><link rel="prefetch" href="{u}/p"><link rel="icon" href="{u}/i.ico">
<link rel="preload" as="image" href="{u}/q"><link rel="manifest" href="{u}/m">
<link rel="modulepreload" href="{u}/mod.js"><embed src="{u}/e"><input type="image" src="{u}/in">
<script type="speculationrules">{{"prefetch": [{{"source": "list", "urls": ["{u}/s"]}}]}}</script>
<video src="{u}/v" poster="{u}/w"></video><audio src="{u}/au"></audio><img srcset="{u}/z 2x">
<svg><image href="{u}/sv"/><use href="{u}/u#x"/></svg>
<style>@font-face {{ font-family: x; src: url({u}/f) }}
p {{ font-family: x; cursor: url({u}/c), auto }}</style>"""


@pytest.mark.browser
def test_printing_opens_no_connection_whatever_a_page_hints_at(chromium, tmp_path):
    assert chromium
    seen = []

    def listen(host):
        while True:
            try:
                caller, _ = host.accept()
            except OSError:
                return
            seen.append(caller)
            caller.close()

    with socket.create_server(("127.0.0.1", 0)) as host:
        threading.Thread(target=listen, args=(host,), daemon=True).start()
        address = f"http://127.0.0.1:{host.getsockname()[1]}"
        printed = gi.report.pdf(HINTS.format(u=address), tmp_path / "a.pdf")
        assert printed.read_bytes().startswith(b"%PDF-")
        assert seen == []
        # The host does hear who calls.
        socket.create_connection(host.getsockname()).close()
        wait_until(lambda: seen)
        assert len(seen) == 1


def test_a_page_that_goes_on_to_another_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda _: "/bin/true")
    html = '<META HTTP-EQUIV=" Refresh" content="0;url=file:///etc/passwd">'
    with pytest.raises(gi.errors.GeoinnoError, match="goes on to another"):
        gi.report.pdf(html, tmp_path / "a.pdf")


@pytest.fixture
def endless(monkeypatch, tmp_path):
    """A browser that never ends, and the note that it leaves once it has a child."""
    browser, note = tmp_path / "browser", tmp_path / "pid"
    browser.write_text(f"#!/bin/sh\nsleep 3000 &\necho $! > {note}.new\nmv {note}.new {note}\nwait\n")
    browser.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(browser))
    return note


def has_ended(process):
    try:
        return " Z " in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True


def assert_nothing_is_left(folder, note):
    child = note.read_text().strip()
    wait_until(lambda: has_ended(child))
    assert has_ended(child)
    assert not (folder / "a.pdf").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a browser for the test is a shell script")
def test_a_browser_that_takes_too_long_leaves_nothing_behind(monkeypatch, endless, tmp_path):
    # A busy machine may need longer than that to start it at all.
    for seconds in (2, 10, 50):
        monkeypatch.setattr("geoinno.report.printing._SECONDS", seconds)
        with pytest.raises(gi.errors.GeoinnoError, match=f"within {seconds} s"):
            gi.report.pdf("<p>words</p>", tmp_path / "a.pdf")
        if endless.exists():
            break
    assert_nothing_is_left(tmp_path, endless)


@pytest.mark.skipif(sys.platform == "win32", reason="a browser for the test is a shell script")
def test_a_browser_stopped_from_the_keyboard_leaves_nothing_behind(request, endless, tmp_path):
    # Jobs in the background start with the signal ignored; pytest then hears none.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))

    def interrupt():
        wait_until(endless.exists)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        gi.report.pdf("<p>words</p>", tmp_path / "a.pdf")
    assert_nothing_is_left(tmp_path, endless)


def test_only_root_prints_without_the_sandbox(monkeypatch):
    from geoinno.report import printing

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert printing._as_root() == ()
    assert "--no-sandbox" not in printing._FLAGS
