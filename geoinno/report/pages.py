"""Compose maps, tables and words into one self-contained page."""

from __future__ import annotations

from geoinno.report._document import composed


def page(title: str, *blocks: object, lang: str = "en") -> str:
    """Compose maps, tables and words into one HTML file that needs no network.

    Parameters
    ----------
    title
        Title of the page.
    blocks
        In reading order. A `geoinno.draw.Sheet` becomes a map; a tuple of sheets becomes maps side
        by side that move together, under one legend if they share it. A string is read as Markdown,
        with any HTML shown as text; second-level headings make the table of contents. A DataFrame
        or Series becomes a table. Any other object becomes a paragraph of its text, ``str(block)``.
    lang
        Language code of the page, for screen readers and browsers.

    Returns
    -------
    str
        The document. In print, static pictures stand in for its maps.

    Raises
    ------
    GeoinnoError
        If there is no block.

    Examples
    --------
    >>> import geoinno as gi
    >>> html = gi.report.page("Report", "## Findings", "Text with <b>tags</b> shown as text.")
    >>> "&lt;b&gt;" in html
    True
    """
    return composed(title, blocks, lang=lang)
