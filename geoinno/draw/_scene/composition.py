"""Compositions: what a sheet holds, in the one form that every renderer takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geoinno.draw._layers.phrases import headed, in_language
from geoinno.draw._layers.words import WORDS

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.scene import Scene


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Composition:
    """Layers in one scene, with the title, source and description that go with them."""

    layers: tuple[Layer, ...]
    scene: Scene
    title: str
    subtitle: str
    source: str | None
    alt: str
    lang: str
    theme: str = "auto"

    @property
    def table(self) -> pd.DataFrame:
        """The numbers behind the map: one row for each region or flow of the first layer."""
        return self.layers[0].table.copy()

    @property
    def fills(self) -> list[Layer]:
        """The layers of fills, each a view of the map."""
        return [layer for layer in self.layers if layer.kind == "fills"]

    @property
    def credits(self) -> str:
        """The line under the map: source, land, projection, software."""
        from geoinno import __version__

        words, ground = WORDS[self.lang], self.scene.ground
        parts: list[str] = [headed(words["source"], self.source or words["unstated"])]
        if len(ground.land):
            parts.append(words["boundaries"])
        if ground.tiles:
            host = urlsplit(ground.tiles).hostname or ""
            credit = "\N{COPYRIGHT SIGN} OpenStreetMap contributors" if "openstreetmap" in host else host
            parts.append(headed(words["tiles"], credit))
        if ground.step:
            parts.append(headed(words["graticule"], f"{ground.step}\N{DEGREE SIGN}"))
        parts.append(headed(words["projection"], self.scene.projection.title))
        if sum(map(len, self.scene.spots)):
            parts.append(words["rings"])
        if self.scene.insets:
            insets = (in_language(inset.words, self.lang) for inset in self.scene.insets)
            parts.append(headed(words["insets"], "; ".join(insets)))
        written = (in_language(part, self.lang).rstrip(".") for part in parts)
        return ". ".join(written) + f". geoinno {__version__}."
