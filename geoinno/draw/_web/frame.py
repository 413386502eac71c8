"""A map in a frame of its own, with the printed twin that replaces it on paper and without scripts."""

from __future__ import annotations

from html import escape

_LISTENER = """<script>(function () {
var frame = document.currentScript.previousElementSibling.querySelector("iframe");
addEventListener("message", function (e) {
  if (e.source === frame.contentWindow && e.data && e.data.geoinno === "height") {
    frame.style.height = Math.max(120, Math.min(4000, +e.data.height || 0)) + "px";
  }
});
}());</script>"""
_STYLE = (
    "<style>.gi-embed{margin:1em 0}.gi-embed figcaption{font-size:.85em;color:#4a4a4a;margin-top:.4em}"
    ".gi-embed .gi-still{display:none;width:100%;height:auto}"
    "@media print{.gi-embed iframe{display:none}.gi-embed .gi-still{display:block}}</style>"
)
_UNSCRIPTED = (
    "<noscript><style>.gi-embed .gi-still{display:block}.gi-embed iframe{display:none}</style></noscript>"
)


def frame(document: str, *, title: str, height: int) -> str:
    """Return a document in an iframe that keeps it apart from the page around it.

    Line ends are written as entities: Markdown would end a block of HTML at a blank line.
    """
    source = escape(document, quote=True).replace("\n", "&#10;")
    return (
        f'<iframe srcdoc="{source}" sandbox="allow-scripts allow-downloads" '
        f'title="{escape(title, quote=True)}" '
        f'style="width:100%;height:{height}px;border:0" loading="lazy" allow="fullscreen"></iframe>'
    )


def figure(framed: str, twin: str, *, grows: bool, caption: str = "") -> str:
    """Return a frame as a figure, with what replaces it in print; ``grows`` with the height of what it holds.

    ``twin`` is HTML of the class ``gi-still``.
    """
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    whole = f'<figure class="gi-embed">{framed}{twin}{below}</figure>'
    return _on_one_line(f"{whole}{_LISTENER if grows else ''}")


def pages(framed: str, twin: str) -> str:
    """Return a whole page in a frame, with the words and pictures that replace it in print.

    No figure: of a figure, pandoc keeps the first picture alone, and a Word file would lack the others.
    """
    return _on_one_line(f'<div class="gi-embed">{framed}<div class="gi-still">{twin}</div></div>')


def _on_one_line(html: str) -> str:
    """Return HTML with its style, on one line: Markdown would end a block of HTML at a blank one."""
    return f"{_STYLE}{_UNSCRIPTED}{html}".replace("\n", " ")


def still_picture(address: str, alt: str) -> str:
    """Return the printed twin as an element; nothing where there is no picture."""
    return f'<img class="gi-still" src="{address}" alt="{escape(alt, quote=True)}">' if address else ""
