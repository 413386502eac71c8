"""The alt text of a map: what it is a map of, and what each layer shows."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno.draw._layers.phrases import Phrase, headed, joined

if TYPE_CHECKING:
    from geoinno.draw._layers.layer import Layer

# Of what the map is, in one country or where no country is known, and in several.
_MAPS = MappingProxyType(
    {
        "fills": (
            "Map of {n:region|regions}: {title}",
            "Map of {n:region|regions} in {countries:country|countries}: {title}",
        ),
        "flows": (
            "Map of {n:flow|flows}: {title}",
            "Map of {n:flow|flows} between places in {countries:country|countries}: {title}",
        ),
        "points": (
            "Map of {n:place|places}: {title}",
            "Map of {n:place|places} in {countries:country|countries}: {title}",
        ),
        "lines": (
            "Map of {n:border|borders}: {title}",
            "Map of {n:border|borders} in {countries:country|countries}: {title}",
        ),
        "links": (
            "Map of {n:link|links}: {title}",
            "Map of {n:link|links} in {countries:country|countries}: {title}",
        ),
    }
)


def described(layers: tuple[Layer, ...], title: str, lang: str) -> str:
    """Return the map in words, for readers who cannot see it."""
    first = layers[0]
    countries = int(first.shapes["country"].nunique()) if "country" in first.shapes else 0
    template = _MAPS["links" if first.straight else first.kind][1 < countries < len(first.shapes)]
    what = Phrase(template, n=len(first.shapes), countries=countries, title=_ended(title))
    words = [headed(layer.name, layer.described) for layer in layers if layer.described]
    return joined([what, *words]).written(lang)


def _ended(title: str) -> str:
    """Return a title as a sentence ends."""
    return title if title.endswith(("?", "!")) else f"{title.rstrip('.')}."
