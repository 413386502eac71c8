"""Encodings of text files: known for certain, or to be given by the caller."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from geoinno.errors import GeoinnoError

if TYPE_CHECKING:
    from pathlib import Path

_SAMPLE = 200_000
_BLOCK = 1 << 20
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Half of the bytes of Latin text in UTF-16 are zero, in the even or in the odd places.
_ZEROS = 0.3
# One for each script and vendor that national offices used before Unicode.
_LIKELY = (
    "cp1252", "cp1250", "iso8859-2", "cp1251", "cp1253", "cp1254", "cp1257",
    "cp866", "koi8-r", "mac-cyrillic", "cp949", "shift_jis", "gb18030", "big5",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f][^\s,;\t\"]*")
_ODD_CASE = re.compile(r"[^\W\d_]*[a-z\u00df-\u00ff\u0430-\u044f][A-Z\u00c0-\u00de\u0410-\u042f]")
_LISTED = 4


def known(file: Path) -> str:
    """Return the encoding of a text file if it is certain; else raise with what it may be."""
    with file.open("rb") as raw:
        start = raw.read(_SAMPLE)
    for mark, name in _BOMS.items():
        if start.startswith(mark):
            return name
    if b"\0" in start:
        return _unmarked_utf_16(start, file)
    _all_utf_8(file, start)
    return "utf-8"


def _unmarked_utf_16(start: bytes, file: Path) -> str:
    """Return which UTF-16 a file without a byte-order mark is in; zero bytes mean nothing else."""
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if zeros.count(0) > _ZEROS * len(zeros) and start.count(0) < 2 * zeros.count(0):
            return name
    message = f"{file.name} holds zero bytes: it is not a text file, or is damaged. Save it again as CSV."
    raise GeoinnoError(message)


def _all_utf_8(file: Path, start: bytes) -> None:
    """Raise where any of the file is not UTF-8, showing it under the likeliest encodings."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with file.open("rb") as raw:
            while block := raw.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        sample = (
            start if _undecodable(start) else error.object[max(error.start - 1000, 0) : error.start + 1000]
        )
        message = (
            f"{file.name} is not UTF-8, and its encoding cannot be known for certain. Which of these "
            f"reads correctly? {readings(sample)}. Name it: encoding='...'."
        )
        raise GeoinnoError(message) from error


def _undecodable(sample: bytes) -> bool:
    """Return whether bytes hold more than ASCII and are not UTF-8, a cut at the end aside."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return True
    return False


def readings(sample: bytes) -> str:
    """Return the first words with other than ASCII letters under the likeliest encodings."""
    found: dict[str, tuple[float, list[str]]] = {}
    for name in _LIKELY:
        text = sample.decode(name, errors="replace")
        words = list(dict.fromkeys(_WORD.findall(text)))[:20]
        first = words[:3]
        if words and first not in [other for _, other in found.values()]:
            found[name] = (sum(map(_oddity, words)) / len(words), first)
    best = sorted(found, key=lambda name: found[name][0])[:_LISTED]
    return "; ".join(f"{name!r}: {', '.join(found[name][1])[:80]}" for name in best)


def _oddity(word: str) -> float:
    """Return how unlike a word is to one of a language: signs among letters, capitals after small ones."""
    signs = sum(not letter.isalpha() and letter not in "-'.()" for letter in word)
    controls = sum(letter == "\ufffd" or not letter.isprintable() for letter in word)
    scripts = {ord(letter) >> 8 for letter in word if letter.isalpha()}
    mixed = len({min(script, 3) for script in scripts} - {0, 1}) and bool({0, 1} & scripts)
    # Latin words have accents on few of their letters; Cyrillic taken for Latin has them on all.
    accented = sum("\u0080" <= letter < "\u0250" for letter in word)
    return signs + 3 * controls + 2 * bool(_ODD_CASE.match(word)) + bool(mixed) + (accented > len(word) / 2)
