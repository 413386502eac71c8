"""An atlas written: the chapters in their order, the findings before them, the tables behind them."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from geoinno._language import translated
from geoinno._language.phrases import explained
from geoinno.errors import GeoinnoError
from geoinno.report._atlas.chapters import (
    borders,
    clusters,
    compression,
    convergence,
    diffusion,
    disparities,
    flows,
    goals,
    index,
    openness,
    place,
    poles,
    potential,
    sources,
    specialisation,
    trade,
)
from geoinno.report._atlas.claims import Evidence, evidence_of, word_column
from geoinno.report._atlas.draft import Chapter, Note, Paragraph, Plot
from geoinno.report._atlas.headings import HEADINGS
from geoinno.report._atlas.names import names
from geoinno.report._atlas.sentences import SENTENCES
from geoinno.report._atlas.units import headed
from geoinno.report._document import Fragment, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geoinno.draw import Sheet
    from geoinno.report._atlas.claims import Claim
    from geoinno.report._atlas.draft import Block
    from geoinno.report._atlas.language import Language
    from geoinno.report._atlas.subject import Subject

    Write = Callable[[Subject], Chapter | None]

ORDER = (
    place,
    potential,
    clusters,
    poles,
    borders,
    flows,
    disparities,
    convergence,
    diffusion,
    index,
    specialisation,
    goals,
    openness,
    trade,
    compression,
    sources,
)
# Which chapters the summary speaks of, in this order, until it has five sentences.
_FIRST = (
    "place",
    "index",
    "borders",
    "goals",
    "specialisation",
    "clusters",
    "poles",
    "diffusion",
    "convergence",
    "trade",
    "flows",
    "openness",
    "disparities",
    "potential",
    "compression",
)
_FINDINGS = 5
# Findings that there is no evidence of something, which others go before.
_NULL = frozenset(
    SENTENCES[key]
    for key in (
        "clusters.finding_random",
        "borders.finding_chance",
        "flows.finding_flat",
        "diffusion.finding_chance",
    )
)
_OPENER = """<script>(function () {
function open() {
  var row = document.getElementById(location.hash.slice(1)), box = row && row.closest("details");
  if (box) { box.open = true; row.scrollIntoView({block: "center"}); }
}
addEventListener("hashchange", open);
open();
}());</script>"""


def chapters(subject: Subject, steps: Iterable[Write]) -> tuple[list[Chapter], Evidence]:
    """Return the chapters that there is matter for, with the tables that their sentences come from."""
    found = [chapter for write in steps if (chapter := _written(write, subject)) is not None]
    evidence = _evidence(subject, found)
    return found, evidence


def text_of(chapter: Chapter, language: Language) -> list[str | Sheet | Picture]:
    """Return a chapter as Markdown, maps and plots, in reading order."""
    texts: list[str | Sheet | Picture] = [f"## {language.translate(HEADINGS[chapter.key])}"]
    for block in chapter.blocks:
        if isinstance(block, Paragraph):
            texts.append(_said(block.claims))
        elif isinstance(block, Plot):
            texts += [block.sheet, Picture(block.picture, _said(block.alt), escape(_said(block.caption)))]
        else:
            texts.append(block.markdown if isinstance(block, Note) else block)
    return texts


def _said(claims: Iterable[Claim]) -> str:
    """Return sentences as they are written."""
    return " ".join(claim.said for claim in claims)


def fixed(found: list[Chapter], evidence: Evidence, language: Language) -> list[Chapter]:
    """Return the chapters, the findings before them, with each sentence as it is written now."""
    return [_fixed(chapter, evidence, language) for chapter in [*_findings(found), *found]]


def _written(write: Write, subject: Subject) -> Chapter | None:
    """Return a chapter, or why it cannot be computed: the others are written all the same."""
    try:
        return write(subject)
    except GeoinnoError as error:
        key = write.__module__.rpartition(".")[2]
        reason = explained(error, subject.lang)
        return Chapter(key, (Note(translated(HEADINGS["failed"], subject.lang).format(reason=reason)),))


def _findings(found: list[Chapter]) -> list[Chapter]:
    """Return the chapter that sums up the others."""
    by_key = {chapter.key: chapter.finding for chapter in found}
    known = filter(None, map(by_key.get, _FIRST))
    claims = tuple(sorted(known, key=lambda claim: claim.text in _NULL)[:_FINDINGS])
    return [Chapter("findings", (Paragraph(claims),))] if claims else []


def _evidence(subject: Subject, found: list[Chapter]) -> Evidence:
    """Return one table of all figures, and one of all quantities by region."""
    columns = {key: column for chapter in found for key, column in chapter.columns.items()}
    table = pd.DataFrame({"name": names(subject.regions)}, index=subject.regions.index)
    for key, column in columns.items():
        table[key] = column.numbers.reindex(table.index)
        if column.words is not None:
            table[word_column(key)] = column.words.reindex(table.index)
    lang = subject.lang
    table.attrs["columns"] = {key: (translated(c.what, lang), c.form, c.unit) for key, c in columns.items()}
    rows = {
        key: (translated(what, lang), *rest)
        for chapter in found
        for key, (what, *rest) in chapter.figures.items()
    }
    figures = pd.DataFrame.from_dict(rows, orient="index", columns=["what", "value", "form", "unit"])
    return evidence_of(figures.astype({"value": float}), table)


def _fixed(chapter: Chapter, evidence: Evidence, language: Language) -> Chapter:
    """Return a chapter whose claims hold the words in which they are written."""

    def written(claims: Iterable[Claim]) -> tuple[Claim, ...]:
        return tuple(replace(claim, said=claim.sentence(evidence, language)) for claim in claims)

    blocks: list[Block] = []
    for block in chapter.blocks:
        if isinstance(block, Paragraph):
            blocks.append(Paragraph(written(block.claims)))
        elif isinstance(block, Plot):
            blocks.append(replace(block, alt=written(block.alt), caption=written(block.caption)))
        else:
            blocks.append(block)
    return replace(chapter, blocks=tuple(blocks))


def blocks_of(found: Sequence[Chapter], evidence: Evidence, language: Language) -> list[object]:
    """Return the chapters in reading order as blocks of a page, each number a link to its row at the end."""
    blocks: list[object] = []
    for chapter in found:
        blocks.append(_heading(chapter.key, language))
        blocks += [_block(block, evidence, language) for block in chapter.blocks]
    return [*blocks, *_numbers(evidence, language)]


def _heading(key: str, language: Language) -> Fragment:
    """Return the heading of a chapter, which the contents lead to."""
    text = language.translate(HEADINGS[key])
    return Fragment(f'<h2 id="{key}">{escape(text)}</h2>', ((key, text),))


def _block(block: Block, evidence: Evidence, language: Language) -> object:
    """Return a block of a chapter as a block of the page."""
    if isinstance(block, Note):
        return block.markdown
    if isinstance(block, Plot):
        alt, caption = _said(block.alt), _linked(block.caption, evidence, language)
        return block.sheet, Picture(block.picture, alt, caption)
    if not isinstance(block, Paragraph):
        return block
    return Fragment(f'<p class="gi-words">{_linked(block.claims, evidence, language)}</p>')


def _linked(claims: Iterable[Claim], evidence: Evidence, language: Language) -> str:
    """Return sentences as HTML, each number a link to its row."""
    return " ".join("".join(p.html() for p in claim.pieces(evidence, language)) for claim in claims)


def _numbers(evidence: Evidence, language: Language) -> list[object]:
    """Return the tables that the numbers in the text are linked to; following a link opens its table."""
    parts = (("figures", _figures_html), ("regions", _regions_html))
    tables = "".join(
        f'<details class="gi-numbers"><summary>{escape(language.translate(HEADINGS[key]))}</summary>'
        f'<div class="page-table">{write(evidence, language)}</div></details>'
        for key, write in parts
    )
    return [_heading("numbers", language), Fragment(tables + _OPENER)]


def _figures_html(evidence: Evidence, language: Language) -> str:
    """Return the table of figures, a row for each that can be linked to."""
    rows = []
    for key, row in evidence.figures.iterrows():
        value = float(row["value"])
        # A p stands alone here, so that it needs no sign of equality.
        written = language.form(value, str(row["form"]), str(row["unit"])).removeprefix("=").lstrip()
        cell = _cell("value", value, written)
        rows.append(
            f'<tr id="figure-{str(key).replace(".", "-")}"><td>{escape(str(row["what"]))}</td>{cell}</tr>'
        )
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _regions_html(evidence: Evidence, language: Language) -> str:
    """Return the table of regions, a row for each that can be linked to."""
    about = evidence.columns
    titles = map(headed, about["what"], about["unit"])
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    values = evidence.regions[list(about.index)].astype(float)
    rows = []
    for i, (region, row) in enumerate(zip(evidence.regions.index, values.to_numpy(), strict=True)):
        cells = "".join(
            _cell(str(key), value, evidence.word(str(key), region) + language.digits(value, form, unit))
            for key, form, unit, value in zip(about.index, about["form"], about["unit"], row, strict=True)
        )
        name = escape(str(evidence.regions["name"].iloc[i]))
        rows.append(f'<tr id="region-{i}"><td>{name}</td>{cells}</tr>')
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(column: str, value: float, written: str) -> str:
    """Return a cell with the number in full beside the number as it is written."""
    if pd.isna(value):
        return "<td></td>"
    full = f'data-column="{escape(column)}" data-value="{value:.15g}"'
    return f'<td class="gi-number" {full}>{escape(written)}</td>'
