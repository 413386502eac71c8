"""Print a page to PDF with an installed browser."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from geoinno._files import written
from geoinno.errors import GeoinnoError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--virtual-time-budget=20000",
)
_SECONDS = 180


def pdf(html: str, path: str | Path) -> Path:
    """Print a page to PDF, with static pictures of its maps and searchable text.

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
        If the path does not end in .pdf, no Chromium or Chrome is installed, or printing fails.

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
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        options = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", page.as_uri()]
        try:
            subprocess.run([browser, *_FLAGS, *options], check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - a browser found by name
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            message = f"{browser} could not print the page: {error}."
            raise GeoinnoError(message) from error
        return written(target, printed.read_bytes())
