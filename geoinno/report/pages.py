"""Pages: maps, tables and words composed into one self-contained file."""

from __future__ import annotations

from geoinno.report._document import composed


def page(title: str, *blocks: object, lang: str = "en") -> str:
    """Compose maps, tables and words into one HTML file that asks nothing of the network.

    Parameters
    ----------
    title
        Title of the page.
    blocks
        In the order in which they are read. A `geoinno.draw.Sheet` becomes a map; a tuple
        of them maps side by side that move together, under one legend if they share it. A string is
        Markdown, its HTML shown as text; second-level headings make the table of contents. A
        DataFrame or Series becomes a table. Any other object becomes the paragraph that it says
        of itself, as the results of geoinno do.
    lang
        Language of the page, for readers' software.

    Returns
    -------
    str
        The document. It prints with the static pictures of its maps.

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
