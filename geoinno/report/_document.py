"""One self-contained document out of maps, tables and words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
import pandas as pd
from markupsafe import Markup

from geoinno._language import translated
from geoinno.draw import Sheet, web
from geoinno.draw.web import head, html_table, policy
from geoinno.errors import GeoinnoError
from geoinno.report._fragments import inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token


# Words of the atlas hold names out of the data. Nothing in them is markup but what chapters use themselves,
# so that a region called "![x](http://...)" is shown as it is called.
_CHAPTERS = ("heading", "list", "backticks")
# Markdown's pictures would be asked of the network.
_LOADING = ("image",)


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML whose words are escaped already, with the headings (id, text) in it."""

    html: str
    headings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot as a data address, what it shows in words, and its caption in HTML that is escaped already."""

    address: str
    alt: str
    caption: str

    def html(self) -> str:
        """Return the picture with its caption."""
        image = f'<img src="{self.address}" alt="{escape(self.alt, quote=True)}">'
        return f'<figure class="gi-plot">{image}<figcaption>{self.caption}</figcaption></figure>'


def composed(title: str, blocks: Sequence[object], *, lang: str = "en", chapters: bool = False) -> str:
    """Return the document; see `geoinno.report.page`. ``chapters`` reads words as those of an atlas."""
    if not blocks:
        message = "A page needs at least one block: page(title, sheet, 'words', table)."
        raise GeoinnoError(message)
    written = [_written(block, i, chapters=chapters) for i, block in enumerate(blocks, start=1)]
    contents = [heading for _, headings in written for heading in headings]
    template = (files("geoinno.report") / "assets" / "page.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(template).render(
        title=title,
        lang=lang,
        policy=Markup(policy(*_tiles(blocks))),  # noqa: S704 - holds origins alone
        assets=Markup(head()) if any(isinstance(b, Sheet | tuple) for b in blocks) else "",  # noqa: S704 - our own files
        contents=contents,
        contents_label=translated("Contents", lang),
        blocks=[Markup(html) for html, _ in written],  # noqa: S704 - each block is escaped where it is written
    )


def on_paper(title: str, blocks: Sequence[object]) -> str:
    """Return the words of an atlas and static pictures of its maps, for a page that is printed."""
    parts = [f"<h1>{escape(title)}</h1>"]
    for i, block in enumerate(blocks):
        if isinstance(block, Sheet):
            parts.append(f'<img src="{web.still(block)}" alt="{escape(block.alt, quote=True)}" width="100%">')
        else:
            parts.append(_written(block, i, chapters=True)[0])
    return "".join(parts)


def _tiles(blocks: Sequence[object]) -> list[str]:
    """Return the addresses of online tiles that the maps of a page were given."""
    parts = [part for block in blocks for part in (block if isinstance(block, tuple) else (block,))]
    return [part.scene.ground.tiles for part in parts if isinstance(part, Sheet) and part.scene.ground.tiles]


def _written(block: object, place: int, *, chapters: bool) -> tuple[str, list[tuple[str, str]]]:
    """Return a block as HTML, and the headings (id, text) in it."""
    if isinstance(block, str):
        return _prose(block, place, chapters=chapters)
    if isinstance(block, Fragment):
        return block.html, list(block.headings)
    return _drawn(block, place), []


def _drawn(block: object, place: int) -> str:
    """Return a block that is no text as HTML."""
    if isinstance(block, Sheet):
        return inline(block, f"map-{place}", "")
    if isinstance(block, Picture):
        return block.html()
    if isinstance(block, pd.DataFrame | pd.Series):
        return _table(block)
    if isinstance(block, tuple) and block and all(isinstance(part, Sheet | Picture) for part in block):
        return _row(block, place)
    return f"<p>{escape(str(block))}</p>"


def _row(parts: tuple[Sheet | Picture, ...], place: int) -> str:
    """Return maps, or a map and a plot, side by side."""
    sheets = tuple(part for part in parts if isinstance(part, Sheet))
    if len(sheets) == len(parts):
        return _beside(sheets, place)
    return f'<div class="page-pair">{"".join(_drawn(part, place) for part in parts)}</div>'


def _beside(sheets: tuple[Sheet, ...], place: int) -> str:
    """Return maps side by side that move together, under one legend if they share it."""
    keys = [f"map-{place}-{i}" for i in range(1, len(sheets) + 1)]
    shared = " page-shared" if _share_a_legend(sheets) else ""
    maps = "".join(inline(sheet, key, "") for sheet, key in zip(sheets, keys, strict=True))
    hosts = json.dumps([f"gi-{key}-map" for key in keys])
    return f'<div class="page-beside{shared}">{maps}</div><script>geoinno.link({hosts});</script>'


def _share_a_legend(sheets: tuple[Sheet, ...]) -> bool:
    """Return whether maps of a single layer have the same classes in the same colours."""
    firsts = [sheet.layers[0].legends[0] for sheet in sheets]
    classes = {(legend.note, *((key.label, key.fill) for key in legend.keys)) for legend in firsts}
    return len(classes) == 1 and all(len(sheet.layers) == 1 for sheet in sheets)


def _prose(text: str, place: int, *, chapters: bool) -> tuple[str, list[tuple[str, str]]]:
    """Return Markdown as HTML, with an id on each second-level heading."""
    from markdown_it import MarkdownIt

    if chapters:
        reader = MarkdownIt("zero").enable(list(_CHAPTERS))
    else:
        reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(_LOADING))
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
    # Not reset_index: an index may bear the name of a column.
    index = frame.index.to_frame(index=False)
    flat = pd.concat([index, frame.reset_index(drop=True)], axis=1)
    flat.columns = pd.Index([*(name or "" for name in frame.index.names), *map(str, frame.columns)])
    return f'<div class="page-table">{html_table(flat)}</div>'
