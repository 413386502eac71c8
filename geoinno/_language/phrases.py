"""Phrases: what geoinno itself writes, in English, and in every language that has a catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from geoinno._language import ENGLISH, country_name, decimal_mark, percent_mark, plural_form, translated
from geoinno._language.numbers import THIN, fixed, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Part: TypeAlias = "str | float | tuple[str, ...]"

SCALE_WORDS = ("trillion", "billion", "million")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
_PERCENT = re.compile(r"(?<=\d)%")
# What is no part of a number, once its scale is gone: of a cell with any of it, the marks stay as they are.
_OTHER = re.compile(r"[^\W\d_]")
# A scale follows the number that it belongs to after a narrow blank, so that no word of the reader's is taken
# for one.
_SCALE = re.compile(rf"(?<=\d{THIN})(?:{'|'.join(SCALE_WORDS)})\b")


class Phrase(str):
    """A text of geoinno's own: English as it stands, and able to be written in another language.

    Words of the user are plain text and stay as they are; that is how the two are told apart. A phrase
    keeps its template and what fills it: text, phrases, numbers, or a tuple of texts, which are listed.
    A number with forms, ``{n:region|regions}``, is followed by its noun.

    Examples
    --------
    >>> Phrase("{n:flow|flows}, the largest {top}", n=2, top=1.5)
    '2 flows, the largest 1.5'
    """

    __slots__ = ("parts", "template")

    parts: Mapping[str, Part]
    template: str

    def __new__(cls, template: str, /, **parts: Part) -> Self:
        phrase = super().__new__(cls, _filled(template, parts, ENGLISH))
        phrase.template, phrase.parts = template, parts
        return phrase

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Part]]:
        """Return what a copy is built from."""
        return (self.template,), dict(self.parts)

    def is_known(self, lang: str) -> bool:
        """Return whether the catalogue of a language has the phrase."""
        return lang == ENGLISH or translated(self.template, lang) != self.template

    def written(self, lang: str) -> str:
        """Return the phrase in a language."""
        return str(self) if lang == ENGLISH else _filled(translated(self.template, lang), self.parts, lang)


class Country(Phrase):
    """A country: its name in English, and by its code in every language.

    Examples
    --------
    >>> Country("Poland", code="POL").written("de")
    'Polen'
    """

    __slots__ = ("code",)

    code: str

    def __new__(cls, name: str, /, code: str) -> Self:
        country = super().__new__(cls, name.replace("{", "{{").replace("}", "}}"))
        country.code = code
        return country

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Part]]:
        """Return what a copy is built from."""
        return (str(self),), {"code": self.code}

    def written(self, lang: str) -> str:
        """Return the name in a language, or in English where it is not known."""
        return (lang != ENGLISH and country_name(self.code, lang)) or str(self)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number within a phrase, written as its place in the template asks for."""

    value: float
    lang: str

    def __format__(self, form: str) -> str:
        """Return the number, with its noun where ``form`` holds the forms of one."""
        if "|" in form:
            forms = form.split("|")
            noun = forms[min(plural_form(round(self.value), self.lang), len(forms) - 1)]
            return f"{self} {noun}"
        if form:
            written = format(self.value, form)
            return numeral(written if self.lang == ENGLISH else written.replace(",", THIN), self.lang)
        plain = fixed(self.value, 0) if isinstance(self.value, int) else number(float(self.value))
        return numeral(plain, self.lang)

    def __str__(self) -> str:
        return format(self, "")


def _filled(template: str, parts: Mapping[str, Part], lang: str) -> str:
    """Return a template with its parts in a language."""
    return template.format_map({name: _part(part, lang) for name, part in parts.items()})


def _part(part: Part, lang: str) -> Any:  # noqa: ANN401 - what a template can be filled with
    """Return a part of a phrase as it is written in a language."""
    if isinstance(part, tuple):
        return ", ".join(in_language(one, lang) for one in part)
    return in_language(part, lang) if isinstance(part, str) else _Number(part, lang)


def fixed_phrase(words: str) -> Phrase:
    """Return words without parts as a phrase; braces in them stay as they are."""
    return Phrase(words.replace("{", "{{").replace("}", "}}"))


def headed(label: str, words: str) -> Phrase:
    """Return words after what they are about."""
    return Phrase("{label}: {words}", label=label, words=words)


def joined(sentences: Sequence[str]) -> Phrase:
    """Return sentences one after the other; empty ones are left out."""
    kept = {f"s{i}": sentence for i, sentence in enumerate(filter(None, sentences))}
    return Phrase(" ".join(f"{{{name}}}" for name in kept), **kept)


def listed(names: Sequence[str]) -> Phrase:
    """Return names with commas between them."""
    kept = {f"n{i}": name for i, name in enumerate(names)}
    return Phrase(", ".join(f"{{{name}}}" for name in kept), **kept)


def in_language(words: str, lang: str) -> str:
    """Return words in a language: a phrase is translated, what the user wrote stays."""
    return words.written(lang) if isinstance(words, Phrase) else words


def explained(error: Exception | str, lang: str) -> str:
    """Return the message of an error or a warning in a language; one in English alone is said to be."""
    given = error.args[:1] if isinstance(error, Exception) else (error,)
    message = next((text for text in given if isinstance(text, str)), str(error))
    words = in_language(message, lang)
    if lang == ENGLISH or (isinstance(message, Phrase) and message.is_known(lang)):
        return words
    return Phrase("In English: {words}", words=words).written(lang)


def scales(words: str, lang: str) -> str:
    """Return a text with the scales of its numbers in a language."""
    return words if lang == ENGLISH else _SCALE.sub(lambda found: translated(found[0], lang), words)


def numeral(words: str, lang: str) -> str:
    """Return a number, a range or any cell without words of its own with the marks of a language."""
    if lang == ENGLISH:
        return words
    bare = words
    for scale in SCALE_WORDS:
        bare = bare.replace(f"{THIN}{scale}", "")
    if _OTHER.search(bare):
        return words
    marked = _DECIMAL.sub(decimal_mark(lang), words)
    return scales(_PERCENT.sub(percent_mark(lang), marked), lang)
