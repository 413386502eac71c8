"""Phrases, as layers use them: what a map says of its own, in every language that has a catalogue."""

from __future__ import annotations

from geoinno._language.phrases import (
    SCALE_WORDS,
    Country,
    Phrase,
    headed,
    in_language,
    joined,
    listed,
    numeral,
    scales,
)

__all__ = [
    "SCALE_WORDS",
    "Country",
    "Phrase",
    "headed",
    "in_language",
    "joined",
    "listed",
    "numeral",
    "scales",
]
