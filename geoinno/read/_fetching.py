"""Files of official sources: fetched, kept in the user's cache folder, and checked when read again."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from geoinno._files import written
from geoinno.errors import GeoinnoError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Tried so often, a second apart at first: servers of offices are busy at the full hour.
RETRIES = 2
TIMEOUT_SECONDS = 60.0
_LONGEST = 300
_SERVER_ERROR = 500
_REDIRECT = "GEOINNO_SOURCES"
_HELP = {
    400: "the source refused the request; check the name and the filters",
    404: "there is nothing under this address; check the name, the year and the filters",
    413: "the answer is larger than the source gives at once; narrow it with filters",
    429: "the source gets too many requests from here; wait some minutes and try again",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered: the file, its address and the day it came."""

    path: Path
    address: str
    day: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the source answers
        """Return the content of a JSON file."""
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise self.refused("it is no JSON, or broke off") from error

    def refused(self, why: str) -> GeoinnoError:
        """Return the error for an answer that cannot be used, and drop it, so that it is fetched again."""
        self.path.unlink(missing_ok=True)
        return GeoinnoError(
            f"The answer of {self.address} is not in the form that is documented: {why[:_LONGEST]}. It was "
            "dropped from the cache; try again, and if this lasts, the source has changed its form."
        )


class _RefusedError(Exception):
    """A request that the source refuses for good, with the status of its answer."""


def fetched(
    address: str, *, query: Mapping[str, Sequence[str]] | None = None, refresh: bool = False
) -> Answer:
    """Return the file at an address: from the cache where it is whole, else from the source."""
    pooch = _pooch()
    url = _redirected(address) + (f"?{urlencode(query, doseq=True, quote_via=quote)}" if query else "")
    name = f"{hashlib.sha256(url.encode()).hexdigest()[:16]}-{Path(urlsplit(address).path).name}"
    folder = Path(pooch.os_cache("geoinno"))
    kept, facts = folder / name, folder / f"{name}.facts.json"
    day = None if refresh else _whole(kept, facts)
    if day is None:
        kept.unlink(missing_ok=True)
        _download(pooch, url, kept)
        day = datetime.now(UTC).date().isoformat()
        content = {"address": url, "day": day, "sha256": _sha256(kept)}
        written(facts, json.dumps(content, indent=1).encode())
    return Answer(kept, url, day)


def _pooch() -> Any:  # noqa: ANN401 - a module that may not be installed
    """Return pooch, or say how to get it."""
    try:
        import pooch
    except ImportError as error:
        message = "Reading official sources needs pooch: pip install 'geoinno[fetch]'."
        raise GeoinnoError(message) from error
    return pooch


def _status(error: Any) -> int:  # noqa: ANN401 - an error of requests
    """Return the status of an answer that is an error."""
    return int(error.response.status_code) if error.response is not None else _SERVER_ERROR


def _redirected(address: str) -> str:
    """Return an address, at another server where the environment names one."""
    other = os.environ.get(_REDIRECT)
    if not other:
        return address
    base, parts = urlsplit(other), urlsplit(address)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, ""))


def _whole(kept: Path, facts: Path) -> str | None:
    """Return the day on which a kept file came if it is as it came, else nothing."""
    try:
        known = json.loads(facts.read_text(encoding="utf-8"))
        return str(known["day"]) if known["sha256"] == _sha256(kept) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sha256(path: Path) -> str:
    """Return the checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(pooch: Any, url: str, kept: Path) -> None:  # noqa: ANN401 - a module
    """Fetch a file, with retries, or say why it could not be."""
    import requests

    def load(address: str, output: object, source: object) -> None:
        try:
            pooch.HTTPDownloader(timeout=TIMEOUT_SECONDS, progressbar=False)(address, output, source)
        except requests.exceptions.HTTPError as error:
            if (status := _status(error)) < _SERVER_ERROR:
                # What the source refuses it will refuse again; pooch would try all the same.
                raise _RefusedError(status) from error
            raise

    source = pooch.create(kept.parent, base_url="", registry={kept.name: None}, urls={kept.name: url})
    source.retry_if_failed = RETRIES
    pooch.get_logger().setLevel("WARNING")
    try:
        source.fetch(kept.name, downloader=load)
    except (_RefusedError, requests.exceptions.HTTPError) as error:
        status = error.args[0] if isinstance(error, _RefusedError) else _status(error)
        why = _HELP.get(status, "the source has trouble; try again later")
        message = f"{url} answered with status {status}: {why}."
        raise GeoinnoError(message) from error
    except (requests.exceptions.RequestException, OSError, ValueError) as error:
        message = (
            f"{url} cannot be reached or broke off ({type(error).__name__}). Is this machine online? Files "
            f"that came before are in {kept.parent} and are read without a network."
        )
        raise GeoinnoError(message) from error
