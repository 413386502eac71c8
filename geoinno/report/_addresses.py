"""What a page would load: its elements, styles and scripts, read as a browser reads them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

_LOADING = {"src", "srcset", "imagesrcset", "poster", "data", "background", "xlink:href", "manifest"}
_REFERRING = {"link", "image", "use", "base", "feimage", "script"}
_WITHIN = ("data:", "blob:", "about:", "#")
_CSS = re.compile(r"""url\(\s*["']?([^"')]*)|@import\s+(?:url\(\s*)?["']?([^"');]+)""", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.DOTALL
)
# Also where a quote in a regular expression has led the reading of texts astray.
_QUOTED = re.compile(
    r"""["'`]\s*((?:(?:https?|wss?|ftp|file):)?(?://|\\/\\/)[^\s"'`\\][^\s"'`]*)""", re.IGNORECASE
)
_CALLS = re.compile(
    r"\b(fetch|importScripts|import|XMLHttpRequest|WebSocket|EventSource|sendBeacon|getJSON|ajax)\s*\("
)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
# Names of vocabularies, which no browser asks for.
_VOCABULARIES = "http://www.w3.org/"
_SCENE = re.compile(r"geoinno\.mount\(\s*['\"][^'\"]*['\"]\s*,\s*")


def addresses(page: str) -> list[str]:
    """Return every address that a page would load, and every call in its scripts that loads something."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return sorted(set(reader.found))


class _Reader(HTMLParser):
    """A reader of HTML that keeps what each element, style and script would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the addresses of an element."""
        self._inside = tag if tag in {"style", "script"} else ""
        for name, given in attrs:
            self._read(tag, name, (given or "").strip())

    def handle_endtag(self, tag: str) -> None:
        """Leave a style or script."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Read what stands in a style or script."""
        if self._inside == "style":
            self.found += _of_style(data)
        elif self._inside == "script":
            self.found += _of_script(data)

    def _read(self, tag: str, name: str, given: str) -> None:
        """Keep what one attribute would load."""
        if name in _LOADING or (name == "href" and tag in _REFERRING):
            candidates = _candidates(given) if name.endswith("srcset") else [given]
            self.found += [address for address in candidates if _outside(address)]
        elif name == "style":
            self.found += _of_style(given)
        elif name == "srcdoc":
            self.found += addresses(given)
        elif name.startswith("on"):
            self.found += _of_script(given)


def _candidates(given: str) -> list[str]:
    """Return the addresses of a set of sources; those within the page may hold commas."""
    return [part.split()[0] for part in re.split(r",\s+", given) if part.split()]


def _outside(address: str) -> bool:
    """Tell whether an address is of anything but the page itself."""
    return bool(address) and not address.lower().startswith(_WITHIN)


def _of_style(text: str) -> list[str]:
    """Return what a style would load."""
    found = [first or second for first, second in _CSS.findall(_CSS_COMMENT.sub("", text))]
    return [address.strip() for address in found if _outside(address.strip())]


def _of_script(text: str) -> list[str]:
    """Return what a script names as an address, or calls to load something."""
    script = _without_scenes(text)
    found = [f"{call}()" for call in _CALLS.findall(script)]
    for written in _TEXT.findall(script):
        words = _ESCAPED.sub(_letter, written[1:-1]) if written[0] in "\"'`" else ""
        if "<" in words:
            # A piece of a page: its links are no loading, so that it is not read as a script again.
            found += addresses(words)
            script = script.replace(written, "''")
        elif "\\" in written:
            found += _QUOTED.findall(f'"{words}"')
    found += [address.replace("\\/", "/") for address in _QUOTED.findall(script)]
    return [address for address in found if not address.startswith(_VOCABULARIES)]


def _letter(escape: re.Match[str]) -> str:
    """Return the letter that an escape in a script stands for."""
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else escape[3]


def _without_scenes(script: str) -> str:
    """Return a script without the scenes of our maps: they hold words, which nothing loads."""
    kept, place = [], 0
    for start in _SCENE.finditer(script):
        if start.end() >= place and script.startswith("{", start.end()):
            kept.append(script[place : start.end()])
            place = json.JSONDecoder().raw_decode(script, start.end())[1]
    return "".join((*kept, script[place:]))
