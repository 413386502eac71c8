"""Compositions: what a sheet holds, in the one form that every renderer takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geoinno.draw._layers.words import WORDS

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.scene import Scene


@dataclass(frozen=True, slots=True, eq=False)
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

        words = WORDS[self.lang]
        parts = [f"{words['source']}: {self.source or words['unstated']}"]
        if len(self.scene.ground.land):
            parts.append(words["boundaries"])
        if self.scene.ground.tiles:
            host = urlsplit(self.scene.ground.tiles).hostname or ""
            credit = "\N{COPYRIGHT SIGN} OpenStreetMap contributors" if "openstreetmap" in host else host
            parts.append(f"{words['tiles']}: {credit}")
        if self.scene.ground.step:
            parts.append(f"{words['graticule']}: {self.scene.ground.step}\N{DEGREE SIGN}")
        parts.append(f"{words['projection']}: {self.scene.projection.title}")
        if sum(map(len, self.scene.spots)):
            parts.append(words["rings"])
        if self.scene.insets:
            insets = "; ".join(inset.words for inset in self.scene.insets)
            parts.append(f"{words['insets']}: {insets}")
        return ". ".join(part.rstrip(".") for part in parts) + f". geoinno {__version__}."
