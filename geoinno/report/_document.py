"""One self-contained document out of maps, tables and words."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
import pandas as pd
from markupsafe import Markup

from geoinno.draw import Sheet
from geoinno.draw.web import head, html_table
from geoinno.errors import GeoinnoError
from geoinno.report._fragments import inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token


def composed(title: str, blocks: Sequence[object], *, lang: str = "en") -> str:
    """Return the document; see `geoinno.report.page`."""
    if not blocks:
        message = "A page needs at least one block: page(title, sheet, 'words', table)."
        raise GeoinnoError(message)
    written = [_written(block, i) for i, block in enumerate(blocks, start=1)]
    contents = [heading for _, headings in written for heading in headings]
    template = (files("geoinno.report") / "assets" / "page.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(template).render(
        title=title,
        lang=lang,
        assets=Markup(head()) if any(isinstance(b, Sheet | tuple) for b in blocks) else "",  # noqa: S704 - our own files
        contents=contents,
        blocks=[Markup(html) for html, _ in written],  # noqa: S704 - each block is escaped where it is written
    )


def _written(block: object, place: int) -> tuple[str, list[tuple[str, str]]]:
    """Return a block as HTML, and the headings (id, text) in it."""
    if isinstance(block, Sheet):
        return inline(block, f"map-{place}", ""), []
    if isinstance(block, tuple) and block and all(isinstance(part, Sheet) for part in block):
        return _beside(block, place), []
    if isinstance(block, pd.DataFrame | pd.Series):
        return _table(block), []
    if isinstance(block, str):
        return _prose(block, place)
    return f"<p>{escape(str(block))}</p>", []


def _beside(sheets: tuple[Sheet, ...], place: int) -> str:
    """Return maps side by side that move together, under one legend where they share it."""
    keys = [f"map-{place}-{i}" for i in range(1, len(sheets) + 1)]
    legends = {tuple((key.label, key.fill) for key in s.layers[0].legends[0].keys) for s in sheets}
    shared = " page-shared" if len(legends) == 1 else ""
    maps = "".join(inline(sheet, key, "") for sheet, key in zip(sheets, keys, strict=True))
    hosts = json.dumps([f"gi-{key}-map" for key in keys])
    return f'<div class="page-beside{shared}">{maps}</div><script>geoinno.link({hosts});</script>'


def _prose(text: str, place: int) -> tuple[str, list[tuple[str, str]]]:
    """Return Markdown as HTML, with an id on each second-level heading."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    headings = _marked(tokens, place)
    return str(reader.renderer.render(tokens, reader.options, {})), headings


def _marked(tokens: list[Token], place: int) -> list[tuple[str, str]]:
    """Give each second-level heading an id, and return ids and texts."""
    found = []
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            name = f"part-{place}-{i}"
            token.attrSet("id", name)
            found.append((name, tokens[i + 1].content))
    return found


def _table(table: pd.DataFrame | pd.Series) -> str:
    """Return a table with its index, escaped cell by cell."""
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    named = [name or "" for name in frame.index.names]
    flat = frame.set_axis(pd.Index([str(c) for c in frame.columns]), axis=1).reset_index(names=named)
    return f'<div class="page-table">{html_table(flat)}</div>'
