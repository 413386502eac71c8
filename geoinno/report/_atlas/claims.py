"""Claims: sentences rendered out of tables, each with what must hold there for it to be true."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, replace
from html import escape
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from geoinno._language import decimal_mark
from geoinno.report._atlas.sentences import TIES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from geoinno.report._atlas.language import Language

_RELATIONS = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The tables that claims are checked against.

    ``figures`` has a row for each figure (``what``, ``value``, ``form``, ``unit``), ``regions`` a row for
    each region with its ``name`` and each quantity, and ``columns`` says what those quantities are.
    """

    figures: pd.DataFrame
    regions: pd.DataFrame
    columns: pd.DataFrame

    def figure(self, key: str) -> float:
        """Return the value of a figure."""
        return float(self.figures["value"].to_dict()[key])

    def word(self, column: str, region: Hashable) -> str:
        """Return the word that stands before a region's value, with a comma; most columns have none."""
        name = word_column(column)
        return f"{self.regions[name].to_dict()[region]}, " if name in self.regions.columns else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; where it is a number, the row and the column that it comes from."""

    text: str
    row: str = ""
    column: str = ""

    def html(self) -> str:
        """Return the stretch, a number as a link to its row."""
        words = escape(self.text)
        if not self.row:
            return words
        return f'<a class="gi-fact" href="#{self.row}" data-column="{escape(self.column)}">{words}</a>'


@dataclass(frozen=True, slots=True)
class Top:
    """The regions of the highest (or lowest) values of a column, with the values.

    ``ties`` is the figure that counts the regions which share the last of these values and are not named;
    a sentence about a ``single`` region says nothing of them.
    """

    column: str
    count: int = 5
    lowest: bool = False
    positive: bool = False
    bare: bool = False
    single: bool = False
    ties: str = ""

    def rows(self, values: pd.Series) -> pd.Series:
        """Return the values of the regions that are named, in their order."""
        return self._ranked(values).head(self.count)

    def tied(self, values: pd.Series) -> int:
        """Return how many regions that are not named share the last value that is."""
        ranked = self._ranked(values)
        return int((ranked.iloc[self.count :] == ranked.iloc[self.count - 1 : self.count].max()).sum())

    def _ranked(self, values: pd.Series) -> pd.Series:
        """Return the values that count, in their order."""
        known = values.dropna().astype(float)
        kept = known[known > 0] if self.positive else known
        return kept.sort_values(ascending=self.lowest, kind="stable")

    def pieces(self, evidence: Evidence, language: Language, *, forms: str = "") -> list[Piece]:
        """Return names and values as they stand in a sentence, after the word that suits their number.

        A language that declines names leads them with a word that it can decline: "in the region", "in the
        regions".
        """
        rows = self.rows(evidence.regions[self.column])
        names = evidence.regions["name"].to_dict()
        called = [str(names[region]) for region in rows.index]
        rest = self._rest(evidence, language)
        # "In the regions" where further ones follow a single name.
        parts = [Piece(f"{language.noun(len(rows) + bool(rest), forms)} ")] if forms else []
        leads = language.joined([*called, "".join(piece.text for piece in rest)] if rest else called)
        for lead, name, (region, value) in zip(leads, called, rows.items(), strict=False):
            parts.append(Piece(f"{lead}{name}"))
            parts += [] if self.bare else self._value(evidence, language, region, value=float(value))
        return [*parts, Piece(leads[-1]), *rest] if rest else parts

    def _value(
        self, evidence: Evidence, language: Language, region: Hashable, *, value: float
    ) -> list[Piece]:
        """Return a value in brackets, with the word that stands before it."""
        form, unit = evidence.columns.loc[self.column, ["form", "unit"]]
        row = f"region-{list(evidence.regions.index).index(region)}"
        number = Piece(language.form(value, str(form), str(unit)), row, self.column)
        return [Piece(f" ({evidence.word(self.column, region)}"), number, Piece(")")]

    def _rest(self, evidence: Evidence, language: Language) -> list[Piece]:
        """Return how many regions share the last value, where any does."""
        count = self.tied(evidence.regions[self.column])
        if self.single or not count:
            return []
        number = Piece(language.form(count, "count"), f"figure-{self.ties.replace('.', '-')}", "value")
        before, _, after = language.noun(count, language.translate(TIES)).partition("{n}")
        return [Piece(before), number, Piece(after)]


@dataclass(frozen=True, slots=True)
class Listed:
    """Figures in a list, each in brackets after what it is called."""

    texts: Mapping[str, str]

    def pieces(self, evidence: Evidence, language: Language) -> list[Piece]:
        """Return names and figures as they stand in a sentence."""
        parts: list[Piece] = []
        leads = language.joined(list(self.texts.values()))
        for lead, (key, text) in zip(leads, self.texts.items(), strict=True):
            parts += [Piece(f"{lead}{text} ("), *_figure(key, evidence, language, forms=""), Piece(")")]
        return parts


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures in a list, each followed by what it counts; those of zero are left out."""

    texts: Mapping[str, str]

    def pieces(self, evidence: Evidence, language: Language) -> list[Piece]:
        """Return figures and their words as they stand in a sentence."""
        kept = {key: text for key, text in self.texts.items() if evidence.figure(key)}
        parts: list[Piece] = []
        leads = language.joined(list(kept), clauses=True)
        for lead, (key, text) in zip(leads, kept.items(), strict=True):
            parts += [Piece(lead), *_figure(key, evidence, language, forms=language.forms(text))]
        return parts


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a figure for a sentence to be true: ``clusters.p <= 0.05``."""

    figure: str
    relation: str
    bound: float

    def holds(self, evidence: Evidence) -> bool:
        """Return whether it holds."""
        return bool(_RELATIONS[self.relation](evidence.figure(self.figure), self.bound))


#: What is known of a column: what it is, the form in which it is written, and its unit.
ABOUT = ("what", "form", "unit")

Part: TypeAlias = "str | Top | Counts | Listed"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, what fills it beside figures, and what must hold; ``said`` as it was written."""

    chapter: str
    text: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    said: str = ""

    def pieces(self, evidence: Evidence, language: Language) -> list[Piece]:
        """Return the sentence in stretches, its numbers taken from the evidence."""
        found: list[Piece] = []
        for literal, name, forms, _ in Formatter().parse(language.translate(self.text)):
            found.append(Piece(literal))
            part = self.parts.get(name or "", "")
            if isinstance(part, Top):
                found += part.pieces(evidence, language, forms=forms or "")
            elif isinstance(part, Counts | Listed):
                found += part.pieces(evidence, language)
            elif part:
                found.append(Piece(part))
            elif name:
                found += _figure(f"{self.chapter}.{name}", evidence, language, forms=forms or "")
        return _with_single_stops(found)

    def sentence(self, evidence: Evidence, language: Language) -> str:
        """Return the sentence as text."""
        return "".join(piece.text for piece in self.pieces(evidence, language))

    def objections(self, evidence: Evidence, language: Language) -> list[str]:
        """Return what in the evidence speaks against the sentence as written; nothing if it is true."""
        failed = [
            f"{self.said!r} needs {c.figure} {c.relation} {c.bound:g}; it is {evidence.figure(c.figure):g}."
            for c in self.conditions
            if not c.holds(evidence)
        ]
        now = self.sentence(evidence, language)
        return failed if now == self.said else [*failed, f"{self.said!r} is written, the tables say {now!r}."]


def _with_single_stops(pieces: list[Piece]) -> list[Piece]:
    """Return pieces in which no full stop follows that of an abbreviation, such as a unit."""
    kept: list[Piece] = []
    for piece in filter(lambda piece: piece.text, pieces):
        twice = bool(kept) and kept[-1].text.endswith(".") and piece.text.startswith(".")
        kept.append(replace(piece, text=piece.text[1:]) if twice else piece)
    return kept


def _figure(key: str, evidence: Evidence, language: Language, *, forms: str) -> list[Piece]:
    """Return a figure as a number, with its noun where it has one."""
    value = evidence.figure(key)
    form, unit = evidence.figures.loc[key, ["form", "unit"]]
    row = f"figure-{key.replace('.', '-')}"
    number = Piece(language.form(value, str(form), str(unit)), row, "value")
    if not forms:
        return [number]
    noun = language.noun(value, forms, decimals=decimal_mark(language.code) in number.text)
    return [number, Piece(f" {noun}")]


def word_column(column: str) -> str:
    """Return the column of the words that stand beside the values of a column."""
    return f"{column}.word"


def evidence_of(figures: pd.DataFrame, regions: pd.DataFrame) -> Evidence:
    """Return evidence, with what the ``attrs`` of the regions say of their columns."""
    about = regions.attrs.get("columns", {})
    return Evidence(figures, regions, pd.DataFrame.from_dict(about, orient="index", columns=list(ABOUT)))
