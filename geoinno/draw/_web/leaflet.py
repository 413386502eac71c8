"""A folium map that draws a sheet: Leaflet inlined, projected, with its words and legend around it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element

from geoinno.draw._web.page import figure
from geoinno.draw._web.payload import payload
from geoinno.draw._web.resources import dollar, head, policy

if TYPE_CHECKING:
    from geoinno.draw._scene.composition import Composition

_META = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="generator" content="geoinno"><style>body{margin:0;overflow-x:hidden}</style>'
)
# Ids repeat from run to run, so that the same map is the same bytes.
_KEY = "sheet"
_FILL = '<script>document.body.classList.add("gi-standalone");</script>'


class Verbatim(Element):
    """Text that is written as it is; branca would read it as a template, and so run what users type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


class SheetMap(folium.Map):
    """A `folium.Map` in the sheet's projection; stock elements in degrees may be added to it."""

    def __init__(self, sheet: Composition, *, twin: str = "", fill: bool = True, shut: bool = False) -> None:
        super().__init__(tiles=None)
        self.default_js, self.default_css = [], []
        self._id = _KEY
        self._scene = payload(sheet)
        self._opening = _FILL if fill else ""
        self._surroundings = figure(sheet, key=f"gi-{_KEY}", host=self.get_name(), twin=twin)
        root: Any = self.get_root()
        root._id = f"figure_{_KEY}"  # noqa: SLF001 - branca's own ids are random
        root.title = escape(sheet.title)
        # A map that is handed out open may be given elements that ask for something; a document may not.
        tiles = [sheet.scene.ground.tiles] if sheet.scene.ground.tiles else []
        meta = policy(*tiles) + _META if shut else _META
        for name, text in (("meta", meta), ("assets", head()), ("dollar", dollar())):
            root.header.add_child(Verbatim(text), name=f"geoinno_{name}")

    def render(self, **kwargs: object) -> str:
        """Write the map into its figure, then whatever was added to it."""
        name = self.get_name()
        root: Any = self.get_root()
        around = f"<main>{self._surroundings}</main>" if self._opening else self._surroundings
        root.html.add_child(Verbatim(self._opening + around), name=name)
        script = f"var {name} = geoinno.mount('{name}', {self._scene});"
        root.script.add_child(Verbatim(script), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        return ""
