"""Languages: texts out of gettext catalogues, plural forms, and decimal marks by locale."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "de", "es", "fr", "ru", "uz")
ENGLISH: Final = LANGUAGES[0]


@cache
def catalogue(lang: str) -> NullTranslations:
    """Return the catalogue of a language; that of English gives texts back as they are.

    Catalogues are read as they were written (.po), so that none can be older than its translations.
    """
    if lang == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files("geoinno") / "locale" / lang / "LC_MESSAGES" / "geoinno.po"
    compiled = io.BytesIO()
    with source.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=lang))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translated(text: str, lang: str) -> str:
    """Return a text in a language, or as it is where the catalogue does not have it."""
    return catalogue(lang).gettext(text) if text else text


def plural_form(count: int, lang: str) -> int:
    """Return which of the forms of a noun follows a count: the first, the second ..."""
    rule = getattr(catalogue(lang), "plural", None)
    return int(rule(count)) if rule is not None else int(count != 1)


@cache
def decimal_mark(lang: str) -> str:
    """Return what parts whole numbers from decimals."""
    from babel.numbers import get_decimal_symbol

    return "." if lang == ENGLISH else get_decimal_symbol(lang)


@cache
def country_name(code: str, lang: str) -> str:
    """Return what a country (three letters of ISO 3166) is called in a language; empty where unknown."""
    from babel import Locale
    from babel.core import get_global

    known = get_global("territory_aliases").get(code)
    return Locale.parse(lang).territories.get(known[0], "") if known else ""


@cache
def percent_mark(lang: str) -> str:
    """Return what follows a number in per cent: the sign, after a no-break space where a language has one."""
    from babel import Locale

    return "%" if lang == ENGLISH else str(Locale.parse(lang).percent_formats[None].suffix[0])


@cache
def territories(lang: str) -> dict[str, str]:
    """Return what countries are called in a language, by ISO 3166-1 alpha-3 code."""
    from babel import Locale
    from babel.core import get_global

    names = Locale.parse(lang).territories
    return {
        code: names[new[0]]
        for code, new in get_global("territory_aliases").items()
        if len(code) == len("ISO") and code.isalpha() and new[0] in names
    }
