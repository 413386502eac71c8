"""The HTML around a map: title, legends, switches, the table of numbers and the static twin."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
from markupsafe import Markup

from geoinno.draw._layers import translated
from geoinno.draw._layers.headings import clauses
from geoinno.draw._layers.words import WORDS, fixed
from geoinno.draw._web.resources import asset
from geoinno.draw._web.symbols import square, symbol
from geoinno.draw._web.tables import shortened

if TYPE_CHECKING:
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.composition import Composition

_MOST_FOUND = 3_000
_MOST_CHOICES = 6


def figure(sheet: Composition, *, key: str, host: str, twin: str = "") -> str:
    """Return the HTML around the map: words, legend, table, twin (where its address is given)."""
    x0, y0, x1, y1 = sheet.scene.frame
    return _template().render(
        key=key,
        host=host,
        ratio=f"{np.clip((x1 - x0) / (y1 - y0), 0.8, 2.2):.3f}",
        lang=sheet.lang,
        theme=sheet.theme,
        title=sheet.title,
        subtitle=sheet.subtitle,
        symbol=lambda row: symbol(row, prefix=host),
        square=square,
        count=lambda n: fixed(n, 0),
        twin=twin,
        alt=sheet.alt,
        credits=sheet.credits,
        table=Markup(_table(sheet)),  # noqa: S704 - escaped cell by cell
        words=WORDS[sheet.lang],
        scales="|".join(translated.scales(sheet.lang)),
        blocks=_blocks(sheet.layers),
        clauses=clauses,
        **_switches(sheet),
    )


def _table(sheet: Composition) -> str:
    """Return the numbers behind the map as HTML, in the language of the sheet."""
    first = sheet.layers[0]
    return translated.table(shortened(translated.columns(first.table, first.glossary)), sheet.lang)


@cache
def _template() -> jinja2.Template:
    """Return the page around a map, compiled once."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(asset("sheet.html"))


def _blocks(layers: tuple[Layer, ...]) -> list[dict[str, Any]]:
    """Return the legends, each with the number of its view; those of overlays have none.

    A legend without a title is a style that explains itself.
    """
    blocks: list[dict[str, Any]] = []
    view = 0
    for layer in layers:
        is_view = layer.kind == "fills"
        named = [legend for legend in layer.legends if legend.title]
        blocks += [
            {
                "view": view if is_view else None,
                "legend": legend,
                "first": is_view and legend is layer.legends[0],
            }
            for legend in named
        ]
        view += is_view
    return blocks


def _switches(sheet: Composition) -> dict[str, Any]:
    """Return what a reader can choose: a view (by slider among many times), overlays, a region."""
    fills = sheet.fills
    return {
        "picks": [layer.name for layer in fills] if len(fills) > 1 else [],
        "slide": len(fills) > _MOST_CHOICES and all(layer.period for layer in fills),
        "overlays": _overlays(sheet.layers) if fills else [],
        "found": _found(fills),
    }


def _overlays(layers: tuple[Layer, ...]) -> list[str]:
    """Return the names of what lies above the fills, in the order in which the browser knows them."""
    nodes = [layer.name for layer in layers if layer.kind in {"flows", "points"}]
    return [*nodes, *(layer.name for layer in layers if layer.kind == "lines")]


def _found(fills: list[Layer]) -> list[str]:
    """Return the names by which a reader may look for a region."""
    if not fills or len(fills[0].tips) > _MOST_FOUND:
        return []
    return list(dict.fromkeys(fills[0].tips[""]))
