"""Print a page to PDF with an installed browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

from geoinno._files import written
from geoinno.errors import GeoinnoError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--virtual-time-budget=20000",
)
_SECONDS = 180
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
    '">'
)


def pdf(html: str, path: str | Path) -> Path:
    """Print a page to PDF, with static pictures of its maps and searchable text.

    Nothing is loaded, neither from the network nor from the machine, and no script runs.

    Parameters
    ----------
    html
        A document from `geoinno.report.page`, an atlas or a sheet.
    path
        Where to write (.pdf). If printing fails, nothing is written.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    GeoinnoError
        If the path does not end in .pdf, no Chromium or Chrome is installed, the page redirects to
        another, or printing fails.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.report.pdf("<p>words</p>", "words.html")
    Traceback (most recent call last):
    geoinno.errors.GeoinnoError: pdf writes .pdf files; 'words.html' was given.
    """
    target = Path(path)
    if target.suffix.lower() != ".pdf":
        message = f"pdf writes .pdf files; {target.name!r} was given."
        raise GeoinnoError(message)
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        message = (
            "No Chromium or Chrome was found. Install one of them, or print the page from another browser."
        )
        raise GeoinnoError(message)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(_shut(html), encoding="utf-8")
        options = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", page.as_uri()]
        _run([browser, *_FLAGS, *_as_root(), *options])
        if not printed.is_file():
            message = f"{browser} printed nothing. Open the page in a browser and print it from there."
            raise GeoinnoError(message)
        return written(target, printed.read_bytes())


def _shut(html: str) -> str:
    """Return a page that may load nothing, neither files of the machine nor the network.

    Policies add up, the strictest of them holds: whatever the page itself allows is forbidden here. The
    element comes before all others, so that nothing is asked for before it is read. Scripts do not run:
    in print, maps are pictures, and a script could open a file of the machine in the page's place.
    """
    reader = _Redirections()
    reader.feed(html)
    if reader.found:
        message = f"The page goes on to another ({reader.found}), which is not printed: leave that out."
        raise GeoinnoError(message)
    return f"<!DOCTYPE html>{_POLICY}{html}"


class _Redirections(HTMLParser):
    """A reader that finds where a page would go on to: no policy forbids it."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a redirection."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").strip().lower() == "refresh":
            self.found = given.get("content") or "refresh"


def _as_root() -> tuple[str, ...]:
    """Return the option without which Chromium refuses to run for root; others keep the sandbox."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ("--no-sandbox",) if root else ()


def _run(command: list[str]) -> None:
    """Run the browser in a group of processes of its own, and leave none of them behind."""
    process = subprocess.Popen(  # noqa: S603 - a browser found by name
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        status = process.wait(_SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"{command[0]} did not print the page within {_SECONDS} s."
        raise GeoinnoError(message) from error
    finally:
        # Helpers of the browser outlive it where it is stopped, by the clock or from the keyboard.
        _end(process)
    if status:
        message = f"{command[0]} could not print the page; it ended with status {status}."
        raise GeoinnoError(message)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
