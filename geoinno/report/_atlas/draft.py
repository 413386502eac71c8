"""A chapter in the making: figures and columns go in, sentences about them and maps come out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from geoinno import draw
from geoinno._language import translated
from geoinno.report._atlas.claims import Claim, Condition, Top
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.names import label
from geoinno.report._atlas.sentences import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from geoinno.draw import Layer, Sheet
    from geoinno.report._atlas.claims import Part
    from geoinno.report._atlas.subject import Subject


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Claims that stand together."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Words without a number of their own: a list of methods, or why a chapter cannot be computed."""

    markdown: str


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A map beside a plot, with the sentences that describe the plot and those that explain it."""

    sheet: Sheet
    picture: str
    alt: tuple[Claim, ...]
    caption: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A quantity by region, with what it is called, how it is written, and a word for each region."""

    numbers: pd.Series
    what: str
    form: str = "number"
    unit: str = ""
    words: pd.Series | None = None


Block: TypeAlias = "Paragraph | Note | Sheet | Plot"


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """A chapter: its blocks in reading order, the tables behind them, and the sentence for the summary."""

    key: str
    blocks: tuple[Block, ...]
    figures: Mapping[str, tuple[str, float, str, str]] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    finding: Claim | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The sentences of the chapter in reading order, those about plots among them."""
        return tuple(claim for block in self.blocks for claim in claims_of(block))


def claims_of(block: Block) -> tuple[Claim, ...]:
    """Return the sentences of a block."""
    if isinstance(block, Plot):
        return (*block.alt, *block.caption)
    return block.claims if isinstance(block, Paragraph) else ()


class Draft:
    """Collects a chapter.

    A figure is entered once, with what it is; sentences name it. ``shared`` parts, such as the names of mass
    and indicator, fill every sentence. ``scope`` is what figures and sentences are about, such as one of
    several goals; the whole chapter at first.
    """

    def __init__(self, subject: Subject, key: str) -> None:
        self.subject = subject
        self.key = self.scope = key
        self._blocks: list[Block] = []
        self._claims: list[Claim] = []
        self._figures: dict[str, tuple[str, float, str, str]] = {}
        self._columns: dict[str, Column] = {}
        self._finding: Claim | None = None
        self._shared = {"mass": label(subject.mass), "indicator": label(subject.indicator)}

    def figure(self, name: str, value: float, what: str, *, form: str = "count", unit: str = "") -> float:
        """Enter a figure, and return it."""
        self._figures[f"{self.scope}.{name}"] = (what, float(value), form, unit)
        return float(value)

    def column(
        self,
        name: str,
        values: pd.Series,
        what: str,
        *,
        form: str = "number",
        unit: str = "",
        words: pd.Series | None = None,
    ) -> str:
        """Enter a quantity by region, and return the key by which rankings name it."""
        key = f"{self.scope}.{name}"
        self._columns[key] = Column(values, what, form, unit, words)
        return key

    def say(self, sentence: str, *conditions: tuple[str, str, float], **parts: Part) -> None:
        """Add a sentence to the paragraph, with the conditions under which it is true."""
        self._claims.append(self.claim(sentence, *conditions, **parts))

    def find(self, sentence: str, *conditions: tuple[str, str, float], **parts: Part) -> None:
        """Set the sentence with which the summary tells of this chapter."""
        self._finding = self.claim(sentence, *conditions, **parts)

    def note(self, words: str) -> None:
        """Add words that come from elsewhere, such as a warning about the data."""
        self._end()
        self._blocks.append(Note(words))

    def text(self, template: str, **names: str) -> str:
        """Return a title or a legend in the language of the atlas."""
        return translated(template, self.subject.lang).format(**names)

    def listed(self, names: Sequence[str]) -> str:
        """Return names as a sentence lists them, in the language of the atlas."""
        leads = Language(self.subject.lang).joined(names)
        return "".join(lead + name for lead, name in zip(leads, names, strict=True))

    def called(self, columns: Iterable[str]) -> str:
        """Return what columns are called, as a sentence lists them."""
        return self.listed([self.subject.options.label(column) for column in columns])

    def show(self, *layers: Layer, title: str, **names: str) -> None:
        """End the paragraph, and add a map with the source of the data."""
        self._end()
        self._blocks.append(self._sheet(*layers, title=self.text(title, **names)))

    def show_beside(
        self, layer: Layer, plot: Figure, *, title: str, alt: Claim, caption: Claim, **names: str
    ) -> None:
        """End the paragraph, and add a map with a plot at its side."""
        self._end()
        sheet = self._sheet(layer, title=self.text(title, **names))
        self._blocks.append(Plot(sheet, draw.web.plotted(plot), (alt,), (caption,)))

    def chapter(self) -> Chapter:
        """Return what has been collected."""
        self._end()
        return Chapter(self.key, tuple(self._blocks), self._figures, self._columns, self._finding)

    def claim(self, sentence: str, *conditions: tuple[str, str, float], **parts: Part) -> Claim:
        """Return a sentence of the store with what fills it."""
        text = SENTENCES[f"{self.key}.{sentence}"]
        needed = [Condition(f"{self.scope}.{name}", sign, bound) for name, sign, bound in conditions]
        filled = {**self._shared, **parts}
        for name, part in parts.items():
            if isinstance(part, Top) and not part.single:
                filled[name], ties = self._with_ties(part)
                needed += ties
        return Claim(self.scope, text, filled, tuple(needed))

    def ends(self, key: str, count: int) -> dict[str, Top]:
        """Return the ``top`` and the ``bottom`` of a column, so short that no region is in both."""
        known = self._columns[key].numbers.notna().sum()
        named = int(min(count, max(known // 2, 1)))
        return {"top": Top(key, named), "bottom": Top(key, min(named, 3), lowest=True)}

    def _with_ties(self, top: Top) -> tuple[Top, list[Condition]]:
        """Return a ranking with the figure that counts further regions of its last value, and a condition."""
        column = self._columns[top.column]
        count = top.tied(column.numbers.reindex(self.subject.regions.index))
        if not count:
            return top, []
        name = f"ties_{top.column.rpartition('.')[2]}_{'low' if top.lowest else 'high'}_{top.count}"
        what = self.text("Further regions with the same value: {name}", name=self.text(column.what))
        self.figure(name, count, what)
        key = f"{self.scope}.{name}"
        return replace(top, ties=key), [Condition(key, "==", count)]

    def _sheet(self, *layers: Layer, title: str) -> Sheet:
        """Return a map with the source of the data, in the language of the atlas."""
        lang = self.subject.lang
        return draw.sheet(*layers, title=title, source=translated(self.subject.source, lang), lang=lang)

    def _end(self) -> None:
        """End the paragraph."""
        if self._claims:
            self._blocks.append(Paragraph(tuple(self._claims)))
            self._claims = []
