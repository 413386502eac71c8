"""Flows of a scene: nodes, bends and labels worked out once, for both renderers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geoinno.draw._layers.flow_words import node_tips
from geoinno.draw._scene.routing import Net, bends

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.insets import Plane

RIM = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Arrows and nodes of one layer in metres, with bends; widths and radii in reference pixels.

    ``named`` are the nodes that have a label, the important first: where it goes, the renderer knows.
    """

    layer: Layer
    places: GeoDataFrame
    nodes: Floats
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    bends: Floats
    named: tuple[int, ...]

    @property
    def arrows(self) -> GeoDataFrame:
        """The arrows, with their widths and fills; none among points."""
        shapes = self.layer.shapes
        return shapes if self.layer.kind == "flows" else shapes.head(0).assign(width=0.0, fill="")

    @property
    def tips(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The tooltips of arrows, and of nodes."""
        if self.layer.kind == "flows":
            return self.layer.tips, node_tips(self.places)
        return self.layer.tips.head(0), self.layer.tips


def drawn_flows(layer: Layer, plane: Plane, *, unit: float) -> Drawn:
    """Return a layer of flows or points as it is drawn."""
    places = layer.nodes
    if places is None:
        message = "A layer of flows or points carries its nodes."
        raise TypeError(message)
    metres = plane.forward(shapely.get_coordinates(places.geometry.to_numpy()))
    pixels = metres / unit
    arrows = (
        layer.shapes if layer.kind == "flows" else pd.DataFrame(columns=["origin", "destination", "width"])
    )
    start = places.index.get_indexer(pd.Index(arrows["origin"]))
    end = places.index.get_indexer(pd.Index(arrows["destination"]))
    radii = places["radius"].to_numpy()
    net = Net(pixels, radii, start, end, arrows["width"].to_numpy(np.float64))
    named = [i for i in np.argsort(-places["gross"].to_numpy(), kind="stable") if places["label"].iloc[i]]
    return Drawn(layer, places, metres, start, end, bends(net), tuple(map(int, named)))
